"""Institutions of the bank."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar

import strawberry

from desk import institutions
from models.vocabulary import InstitutionKind, Level
from schema.context import Info
from schema.fields import column, one, page, planned
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.problems import Problem, given_arguments, key, performed
from schema.resolving import listed, single
from schema.wheres import InstitutionOrder, InstitutionWhere


@strawberry.type(description="机构. A branch, outlet or wealth management centre.")
class Institution(Node):
    TABLE: ClassVar[str] = "institution"

    code: str = column(about="The bank's own code.")
    name: str = column(about="Full name.")
    level: Level = column(about="机构层级.")
    kind: InstitutionKind = column(about="Branch of the line, or wealth management centre.")
    path: str = column(about="The line of command as numbers, e.g. /1/12/.")
    cnaps_code: str | None = column(about="联行号.")
    admin_code: str | None = column(about="6-digit GB/T 2260 code.")
    lacks_implementing_rule: bool = column(
        about="A tier-1 branch that has no implementing rules in force on the business day (Notice 1)."
    )
    parent: Annotated[Institution, strawberry.lazy("schema.institutions")] | None = one(
        "parent", "institution", about="The institution above; null for head office."
    )

    @strawberry.field(description="The institutions right below.", metadata=page("children", "institution"))
    def children(
        self,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: InstitutionWhere | None = None,
        order_by: list[InstitutionOrder] | None = None,
    ) -> Connection[Annotated[Institution, strawberry.lazy("schema.institutions")]]:
        return planned()


InstitutionResult = Annotated[
    Institution | Problem, strawberry.union("InstitutionResult", description="An institution, or why not.")
]


@strawberry.input(description="An institution to move in the tree.")
class MoveInstitutionInput:
    institution_id: strawberry.ID = strawberry.field(description="Which institution.")
    parent_id: strawberry.ID = strawberry.field(description="Under which it shall stand.")
    reason: str = strawberry.field(description="Why.")
    at: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="From when; now.")
    idempotency_key: str | None = key()


@strawberry.input(description="An institution to merge into another.")
class MergeInstitutionsInput:
    from_id: strawberry.ID = strawberry.field(description="Which one goes.")
    into_id: strawberry.ID = strawberry.field(description="Which one takes over.")
    reason: str = strawberry.field(description="Why.")
    at: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="From when; now.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="Institutions of the bank. Every signed-in person sees them.")
    async def institutions(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: InstitutionWhere | None = None,
        order_by: list[InstitutionOrder] | None = None,
    ) -> Connection[Institution]:
        return await listed(info, "institution")

    @strawberry.field(description="One institution. NOT_FOUND when there is none.")
    async def institution(self, info: Info, id: strawberry.ID) -> Institution:
        return await single(info, "institution", id)


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Move an institution under another, with all below it (Art. 4). By head office."
    )
    async def move_institution(self, info: Info, input: MoveInstitutionInput) -> InstitutionResult:
        return await performed(
            info,
            "institution",
            lambda: institutions.move_institution(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="Merge an institution into another (Art. 4). By head office. MOVE_INTO_ITSELF, MERGE_NEEDS_EQUALS, "
        "INSTITUTION_MERGED, NOT_YET, STOCK_NOT_HANDED_OVER, SIGNED_MOVEMENTS_OPEN, HANDOVER_REQUIRED."
    )
    async def merge_institutions(self, info: Info, input: MergeInstitutionsInput) -> InstitutionResult:
        return await performed(
            info,
            "institution",
            lambda: institutions.merge_institutions(info.context.desk, **given_arguments(input)),
        )
