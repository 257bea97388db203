"""What is done with standards: drafted by one person, approved by another, and applied to a customer."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from desk import standards
from models.errors import BadInput
from models.vocabulary import AveragingRule, Combine, CriterionKind, Tier
from schema.context import Info
from schema.problems import HasId, Problem, given_arguments, key, performed
from schema.scalars import Amount
from schema.standards.types import Evaluation, Standard

StandardResult = Annotated[
    Standard | Problem, strawberry.union("StandardResult", description="A version of a standard, or why not.")
]
EvaluationResult = Annotated[
    Evaluation | Problem, strawberry.union("EvaluationResult", description="An evaluation, or why not.")
]


@strawberry.input(description="One threshold, in the standard's currency.")
class ThresholdInput:
    kind: CriterionKind = strawberry.field(description="What is measured.")
    amount: Amount = strawberry.field(description="Met by >= (Art. 6).")


def by_kind(given: list[ThresholdInput]) -> dict[CriterionKind, Any]:
    """Of each kind one amount. BAD_USER_INPUT when a kind has two: nobody could say which was meant."""
    found = {one.kind: one.amount for one in given}
    if len(found) < len(given):
        raise BadInput("A criterion has two thresholds. Give one for each.", field="thresholds")
    return found


@strawberry.input(description="A customer to evaluate.")
class EvaluateCustomerInput:
    customer_id: strawberry.ID = strawberry.field(description="Which customer.")
    as_of: dt.date = strawberry.field(description="As of which day.")
    standard_code: str = strawberry.field(description="By which standard.")
    version: int | None = strawberry.field(
        default=strawberry.UNSET, description="Which version; the one in force."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A new version of a standard.")
class DraftStandardInput:
    code: str = strawberry.field(description="Code; a known one gets a new version.")
    name: str = strawberry.field(description="Name.")
    currency: str = strawberry.field(description="ISO 4217 code.")
    thresholds: list[ThresholdInput] = strawberry.field(description="The criteria.")
    effective_from: dt.date = strawberry.field(description="First day.")
    source: str = strawberry.field(description="What it rests on.")
    combine: Combine = strawberry.field(default=Combine.ANY, description="ANY or ALL.")
    averaging_rule: AveragingRule = strawberry.field(
        default=AveragingRule.DAILY_12, description="How savings are averaged."
    )
    spend_kinds: list[str] = strawberry.field(
        default_factory=lambda: ["card"], description="Kinds of spend that count."
    )
    loan_look_back_months: int = strawberry.field(
        default=24, description="How far back a loan must be in good standing."
    )
    tier: Tier = strawberry.field(default=Tier.HEAD_OFFICE, description="The tier it leads to.")
    owner_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Whose standard (Art. 8); head office."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A draft to put before its approver.")
class SubmitStandardInput:
    standard_id: strawberry.ID = strawberry.field(description="Which version.")
    idempotency_key: str | None = key()


@strawberry.input(description="A submitted version to return.")
class ReturnStandardInput:
    standard_id: strawberry.ID = strawberry.field(description="Which version.")
    reason: str = strawberry.field(description="What the next version must say otherwise.")
    idempotency_key: str | None = key()


@strawberry.input(description="A submitted version to approve.")
class ApproveStandardInput:
    standard_id: strawberry.ID = strawberry.field(description="Which version.")
    idempotency_key: str | None = key()


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Evaluate one customer for his registration (Art. 6). By his manager.")
    async def evaluate_customer(self, info: Info, input: EvaluateCustomerInput) -> EvaluationResult:
        return await performed(
            info, "evaluation", lambda: standards.evaluate_one(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Draft a version of a standard (Art. 6, 8). By head office or a tier-1 branch."
    )
    async def draft_standard(self, info: Info, input: DraftStandardInput) -> StandardResult:
        async def drafted() -> HasId:
            arguments = given_arguments(input) | {"thresholds": by_kind(input.thresholds)}
            return await standards.draft_standard(info.context.desk, **arguments)

        return await performed(info, "standard", drafted)

    @strawberry.mutation(
        description="Put a drafted version before its approver (Notice 2). By who may draft it."
    )
    async def submit_standard(self, info: Info, input: SubmitStandardInput) -> StandardResult:
        return await performed(
            info, "standard", lambda: standards.submit_standard(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(description="Return a submitted version with a reason (Notice 2). By its approver.")
    async def return_standard(self, info: Info, input: ReturnStandardInput) -> StandardResult:
        return await performed(
            info, "standard", lambda: standards.return_standard(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Approve a submitted version (Notice 2). By its approver, another person than its writer."
    )
    async def approve_standard(self, info: Info, input: ApproveStandardInput) -> StandardResult:
        return await performed(
            info, "standard", lambda: standards.approve_standard(info.context.desk, **given_arguments(input))
        )
