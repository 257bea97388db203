"""Extra indicators (其他指标): a tier-1 branch proposes, head office approves (Art. 5)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar

import strawberry

from desk.standards import indicators
from schema.context import Info
from schema.fields import amount_of, column, one
from schema.filters import IdFilter, TextFilter
from schema.institutions import Institution
from schema.law import Law, LawPhaseFilter, LawStateFilter
from schema.paging import After, Before, Connection, First, Last
from schema.problems import Problem, given_arguments, key, performed
from schema.resolving import listed
from schema.scalars import Amount, Money
from schema.wheres import AND, NOT, OR, compare


@strawberry.type(
    description="其他指标 (Art. 5). One version. It counts in its branch only, and only while law."
)
class Indicator(Law):
    TABLE: ClassVar[str] = "indicator"

    code: str = column(about="Code.")
    version: int = column(about="Version.")
    name: str = column(about="Name.")
    currency: str = column(about="Currency of its figures.")
    threshold: Money | None = amount_of("threshold", about="Met by >=.")
    reason: str = column(about="Why the branch wants it.")
    owner: Institution | None = one("owner", "institution", about="The tier-1 branch that proposed it.")


@strawberry.input(description="Filters versions of indicators.")
class IndicatorWhere:
    code: TextFilter | None = compare("Code.")
    owner_id: IdFilter | None = compare("Whose.")
    state: LawStateFilter | None = compare("How far it has come.")
    phase: LawPhaseFilter | None = compare("What it is on the business day.")
    and_: list[IndicatorWhere] | None = compare(AND, name="and")
    or_: list[IndicatorWhere] | None = compare(OR, name="or")
    not_: IndicatorWhere | None = compare(NOT, name="not")


IndicatorResult = Annotated[
    Indicator | Problem,
    strawberry.union("IndicatorResult", description="A version of an indicator, or why not."),
]


@strawberry.input(description="A new version of an indicator.")
class ProposeIndicatorInput:
    owner_id: strawberry.ID = strawberry.field(description="The tier-1 branch that wants it.")
    code: str = strawberry.field(description="Code; a known one gets a new version.")
    name: str = strawberry.field(description="Name.")
    currency: str = strawberry.field(description="ISO 4217 code.")
    threshold: Amount = strawberry.field(description="Met by >=.")
    effective_from: dt.date = strawberry.field(description="First day.")
    reason: str = strawberry.field(description="Why the three criteria do not suffice there.")
    idempotency_key: str | None = key()


@strawberry.input(description="A proposal to put before head office.")
class SubmitIndicatorInput:
    indicator_id: strawberry.ID = strawberry.field(description="Which version.")
    idempotency_key: str | None = key()


@strawberry.input(description="A submitted proposal to approve.")
class ApproveIndicatorInput:
    indicator_id: strawberry.ID = strawberry.field(description="Which version.")
    idempotency_key: str | None = key()


@strawberry.input(description="A submitted proposal to return.")
class ReturnIndicatorInput:
    indicator_id: strawberry.ID = strawberry.field(description="Which version.")
    reason: str = strawberry.field(description="Why not, or what the next version must say otherwise.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="Versions of extra indicators. Every signed-in person sees them.")
    async def indicators(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: IndicatorWhere | None = None,
    ) -> Connection[Indicator]:
        return await listed(info, "indicator")


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Propose an extra indicator (Art. 5). By a tier-1 branch's policy officer."
    )
    async def propose_indicator(self, info: Info, input: ProposeIndicatorInput) -> IndicatorResult:
        return await performed(
            info,
            "indicator",
            lambda: indicators.propose_indicator(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(description="Put a proposal before head office (Art. 5). By the branch's officer.")
    async def submit_indicator(self, info: Info, input: SubmitIndicatorInput) -> IndicatorResult:
        return await performed(
            info,
            "indicator",
            lambda: indicators.submit_indicator(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(description="Approve an indicator for its branch (Art. 5). By head office alone.")
    async def approve_indicator(self, info: Info, input: ApproveIndicatorInput) -> IndicatorResult:
        return await performed(
            info,
            "indicator",
            lambda: indicators.approve_indicator(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(description="Return a proposal with a reason (Art. 5). By head office alone.")
    async def return_indicator(self, info: Info, input: ReturnIndicatorInput) -> IndicatorResult:
        return await performed(
            info,
            "indicator",
            lambda: indicators.return_indicator(info.context.desk, **given_arguments(input)),
        )
