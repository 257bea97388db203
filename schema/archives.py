"""Archives (客户档案): where each is kept and what it still lacks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from models.vocabulary import ArchiveState
from schema.context import Info
from schema.fields import column, one, words
from schema.institutions import Institution
from schema.membership import Membership
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.resolving import listed
from schema.sections import PurposeArgument
from schema.wheres import ArchiveOrder, ArchiveWhere

if TYPE_CHECKING:
    from schema.customers import Customer


@strawberry.type(description="客户档案 (Art. 10). Always in a wealth centre's custody.")
class Archive(Node):
    TABLE: ClassVar[str] = "archive"

    number: str = column(about="档案号.")
    state: ArchiveState = column(about="BUILDING until nothing is missing.")
    gaps: list[str] = words("gaps", about="Codes of what is still missing (不得遗漏).")
    opened_at: dt.datetime = column(about="建档日期.")
    servicing_reason: str = column(about="Why another outlet serves the customer.")
    customer: Annotated[Customer, strawberry.lazy("schema.customers")] | None = one(
        "customer", "customer", about="Whose."
    )
    membership: Membership | None = one("membership", "membership", about="Of which membership.")
    custody_centre: Institution | None = one("custody_centre", "institution", about="理财中心 that keeps it.")
    servicing: Institution | None = one("servicing", "institution", about="Who serves the customer.")


@strawberry.type
class Query:
    @strawberry.field(description="Archives that the caller reaches.")
    async def archives(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: ArchiveWhere | None = None,
        order_by: list[ArchiveOrder] | None = None,
        purpose: PurposeArgument = None,
    ) -> Connection[Archive]:
        return await listed(info, "archive")
