"""What-if (测算): who a draft would let in and shut out, counted by owning branch before it is law."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar

import strawberry

from desk.standards.what_if import what_if
from schema.campaigns import Campaign
from schema.context import Info
from schema.fields import column, many, one
from schema.filters import DateFilter, IdFilter
from schema.institutions import Institution
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.problems import Problem, given_arguments, key, performed
from schema.resolving import listed
from schema.standards import Standard
from schema.wheres import AND, NOT, OR, compare


@strawberry.type(description="One owning branch's counts in a what-if.")
class WhatIfLine(Node):
    TABLE: ClassVar[str] = "what_if_line"

    institution: Institution | None = one("institution", "institution", about="The owning branch.")
    evaluated: int = column(about="Customers evaluated.")
    passing: int = column(about="Customers who meet the draft.")
    entering: int = column(about="Of them, those who do not meet the law of the day.")
    leaving: int = column(about="Customers who meet the law of the day and not the draft.")
    moved: int = column(about="Entering and leaving.")
    borderline: int = column(about="Customers within 5 % of a threshold of the draft.")
    incomplete: int = column(about="Customers with data missing.")


@strawberry.type(
    description="测算 (Notice 2). A draft over the real book, against the law of the day. Counts only."
)
class WhatIf(Node):
    TABLE: ClassVar[str] = "what_if"

    as_of: dt.date = column(about="As of which day.")
    made_at: dt.datetime = column(about="When it was made.")
    evaluated: int = column(about="Customers evaluated.")
    passing: int = column(about="Customers who meet the draft.")
    entering: int = column(about="Of them, those who do not meet the law of the day.")
    leaving: int = column(about="Customers who meet the law of the day and not the draft.")
    borderline: int = column(about="Customers within 5 % of a threshold of the draft.")
    incomplete: int = column(about="Customers with data missing.")
    standard: Standard | None = one("standard", "standard", about="The drafted version; null: a campaign.")
    campaign: Campaign | None = one("campaign", "campaign", about="The campaign; null: a standard.")
    baseline: Standard | None = one(
        "baseline", "standard", about="The law of the day; null: there was none, so all who pass enter."
    )
    lines: list[WhatIfLine] = many(
        "lines", "what_if_line", about="By owning branch, the largest moves first."
    )


@strawberry.input(description="Filters what-ifs.")
class WhatIfWhere:
    standard_id: IdFilter | None = compare("Of this version of a standard.")
    campaign_id: IdFilter | None = compare("Of this campaign.")
    as_of: DateFilter | None = compare("As of which day.")
    and_: list[WhatIfWhere] | None = compare(AND, name="and")
    or_: list[WhatIfWhere] | None = compare(OR, name="or")
    not_: WhatIfWhere | None = compare(NOT, name="not")


WhatIfResult = Annotated[
    WhatIf | Problem, strawberry.union("WhatIfResult", description="A what-if, or why not.")
]


@strawberry.input(description="What to try: a version of a standard, or a campaign; one of the two.")
class WhatIfInput:
    as_of: dt.date = strawberry.field(description="As of which day; one that is over.")
    standard_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Which version of a standard."
    )
    campaign_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Which campaign."
    )
    institution_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Only this institution and below; the whole bank."
    )
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="What-ifs of the caller's subtree.")
    async def what_ifs(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: WhatIfWhere | None = None,
    ) -> Connection[WhatIf]:
        return await listed(info, "what_if")


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Try a draft over the real book (Notice 2). By whoever may propose or approve it."
    )
    async def what_if(self, info: Info, input: WhatIfInput) -> WhatIfResult:
        return await performed(info, "what_if", lambda: what_if(info.context.desk, **given_arguments(input)))
