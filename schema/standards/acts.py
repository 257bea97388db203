"""What is done with standards: drafted by one person, approved by another, and applied to a customer."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from desk import standards
from models.vocabulary import AveragingRule, Combine, CriterionKind, Tier
from schema.context import Info
from schema.problems import Problem, given_arguments, key, performed
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
        default=strawberry.UNSET, description="Kinds of spend that count; card."
    )
    loan_look_back_months: int = strawberry.field(
        default=24, description="How far back a loan must be in good standing."
    )
    tier: Tier = strawberry.field(default=Tier.HEAD_OFFICE, description="The tier it leads to.")
    owner_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Whose standard (Art. 8); head office."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A draft to approve.")
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
        arguments = given_arguments(input)
        arguments["thresholds"] = {given.kind: given.amount for given in input.thresholds}
        return await performed(
            info, "standard", lambda: standards.draft_standard(info.context.desk, **arguments)
        )

    @strawberry.mutation(description="Approve a drafted version. By another person than its writer.")
    async def approve_standard(self, info: Info, input: ApproveStandardInput) -> StandardResult:
        return await performed(
            info, "standard", lambda: standards.approve_standard(info.context.desk, **given_arguments(input))
        )
