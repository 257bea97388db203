"""Memberships and the registration form they began with."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from models.vocabulary import MembershipState, Tier
from schema.context import Info
from schema.fields import column, many, one
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.resolving import listed
from schema.sections import PurposeArgument
from schema.wheres import MembershipOrder, MembershipWhere

if TYPE_CHECKING:
    from schema.archives import Archive
    from schema.customers import Customer
    from schema.filing import Filing


@strawberry.type(description="会员资格 (Art. 2, 6).")
class Membership(Node):
    TABLE: ClassVar[str] = "membership"

    tier: Tier = column(about="VIP级别.")
    state: MembershipState = column(about="State; ACTIVE only through a recorded filing.")
    version: int = column(about="Give it back with an act, so that nothing unseen is acted on.")
    term_starts: dt.date | None = column(about="First day of the two-year term.")
    term_ends: dt.date | None = column(about="Last day of the term.")
    over: bool = column(about="Whether it is over for good.")
    customer: Annotated[Customer, strawberry.lazy("schema.customers")] | None = one(
        "customer", "customer", about="Whose."
    )
    filings: list[Annotated[Filing, strawberry.lazy("schema.filing")]] = many(
        "filings", "filing", about="Filings, returned ones too."
    )
    archive: Annotated[Archive, strawberry.lazy("schema.archives")] | None = one(
        "archive", "archive", about="客户档案."
    )


@strawberry.type
class Query:
    @strawberry.field(description="Memberships of the customers that the caller reaches.")
    async def memberships(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: MembershipWhere | None = None,
        order_by: list[MembershipOrder] | None = None,
        purpose: PurposeArgument = None,
    ) -> Connection[Membership]:
        return await listed(info, "membership")  # type: ignore[no-any-return]
