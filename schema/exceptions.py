"""Exceptions (逐一核准): who misses head office's thresholds and by how much, why he is proposed, and what became of it."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from authz import DataClass
from desk import exceptions
from models.vocabulary import CriterionKind, ExceptionCategory, ExceptionState
from schema.context import Info
from schema.fields import amount_of, column, one, planned, renamed, rows, section
from schema.filters import IdFilter
from schema.institutions import Institution
from schema.membership import Membership
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.people import Staff
from schema.problems import Problem, given_arguments, key, performed
from schema.resolving import listed
from schema.scalars import Money
from schema.sections import Confidential, PurposeArgument, Section
from schema.standards import Evaluation
from schema.wheres import AND, NOT, OR, compare

if TYPE_CHECKING:
    from schema.customers import Customer

strawberry.enum(
    ExceptionCategory,
    description="放宽标准的四类客户 (Art. 7): 重大贡献, 知名人士, 企业负责人, 有潜力的客户.",
)
strawberry.enum(ExceptionState, description="The state of an exception (Art. 7).")


@strawberry.type(
    description="未达标项. One threshold that was missed; shown to whom the customer's figures are shown.",
    directives=[Confidential(class_=DataClass.ASSET, article="7, 11")],
)
class ExceptionShortfall(Node):
    TABLE: ClassVar[str] = "exception_shortfall"

    kind: CriterionKind = column(about="What was measured.")
    indicator_code: str = column(about="Which extra indicator (Art. 5); empty for the three criteria.")
    threshold: Money | None = amount_of("threshold", about="What the standard, or its campaign, asks.")
    figure: Money | None = amount_of(
        "figure", about="What counts towards it; a loan that is not in good standing counts as nothing."
    )
    short: Money | None = amount_of("short", about="By how much it was missed.")


@strawberry.type(
    description="Why the customer is proposed, and why it was decided so, in the words of those two.",
    directives=[Confidential(class_=DataClass.SERVICE, article="7")],
)
class GroundsSection(Section):
    submitted: str | None = renamed("reason", about="理由. Why he is proposed.")
    decided: str | None = renamed("decision_reason", about="Why it was rejected or returned.")


@strawberry.type(
    description="放宽标准, 逐一核准 (Art. 7). One customer. Its approver sees the evidence while it is open."
)
class ExceptionCase(Node):
    TABLE: ClassVar[str] = "exception_case"

    category: ExceptionCategory = column(about="Which of the four kinds of customers.")
    state: ExceptionState = column(about="State.")
    version: int = column(about="Give it back with an act, so that nothing unseen is acted on.")
    renewal: bool = column(about="Whether it is for the next term of a member.")
    approval_number: str | None = column(about="核准号, when approved.")
    submitted_at: dt.datetime = column(about="When it was submitted.")
    decided_at: dt.datetime | None = column(about="When it was decided.")
    customer: Annotated[Customer, strawberry.lazy("schema.customers")] | None = one(
        "customer", "customer", about="For whom: one customer."
    )
    membership: Membership | None = one("membership", "membership", about="The membership it is for.")
    evaluation: Evaluation | None = one(
        "evaluation", "evaluation", about="The evaluation that he did not pass."
    )
    submitted_to: Institution | None = one("submitted_to", "institution", about="Before which tier-1 branch.")
    submitted_by: Staff | None = one("submitted_by", "staff", about="Who submitted it.")
    decided_by: Staff | None = one("decided_by", "staff", about="Who decided it.")

    @strawberry.field(
        description="The thresholds missed; none where the figures are not shown.",
        metadata=rows("shortfalls", "exception_shortfall"),
    )
    def shortfalls(self, purpose: PurposeArgument = None) -> list[ExceptionShortfall]:
        return planned()

    @strawberry.field(description="The written reasons.", metadata=section(DataClass.SERVICE))
    def grounds(self, purpose: PurposeArgument = None) -> GroundsSection:
        return planned()


ExceptionCaseResult = Annotated[
    ExceptionCase | Problem,
    strawberry.union("ExceptionCaseResult", description="An exception, or why not."),
]


@strawberry.input(description="Compares an exception's state. An empty `in` matches nothing.")
class ExceptionStateFilter:
    eq: ExceptionState | None = compare("Equal.")
    in_: list[ExceptionState] | None = compare("One of these.", name="in")


@strawberry.input(description="Filters exceptions.")
class ExceptionCaseWhere:
    state: ExceptionStateFilter | None = compare("State.")
    submitted_to_id: IdFilter | None = compare("Before whom it is.")
    and_: list[ExceptionCaseWhere] | None = compare(AND, name="and")
    or_: list[ExceptionCaseWhere] | None = compare(OR, name="or")
    not_: ExceptionCaseWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How exceptions are ordered.")
class ExceptionCaseOrder(Enum):
    SUBMITTED_AT_ASC = "submitted_at asc"
    SUBMITTED_AT_DESC = "submitted_at desc"


@strawberry.input(description="An exception to submit, for one customer.")
class SubmitExceptionCaseInput:
    membership_id: strawberry.ID = strawberry.field(description="The application, or the term under review.")
    evaluation_id: strawberry.ID = strawberry.field(description="The evaluation that he did not pass.")
    submitted_to_id: strawberry.ID = strawberry.field(
        description="The tier-1 branch above the owning branch."
    )
    category: ExceptionCategory = strawberry.field(description="Which of the four kinds of customers.")
    reason: str = strawberry.field(description="理由, at most 1,000 characters.")
    idempotency_key: str | None = key()


@strawberry.input(description="An exception to approve.")
class ApproveExceptionCaseInput:
    case_id: strawberry.ID = strawberry.field(description="Which exception.")
    version: int = strawberry.field(description="The version that was seen.")
    idempotency_key: str | None = key()


@strawberry.input(description="An exception to reject, on merit.")
class RejectExceptionCaseInput:
    case_id: strawberry.ID = strawberry.field(description="Which exception.")
    version: int = strawberry.field(description="The version that was seen.")
    reason: str = strawberry.field(description="Why it is not approved.")
    idempotency_key: str | None = key()


@strawberry.input(description="An exception to return, for a defect.")
class ReturnExceptionCaseInput:
    case_id: strawberry.ID = strawberry.field(description="Which exception.")
    version: int = strawberry.field(description="The version that was seen.")
    reason: str = strawberry.field(description="What must be corrected.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="Exceptions that the caller reaches.")
    async def exception_cases(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: ExceptionCaseWhere | None = None,
        order_by: list[ExceptionCaseOrder] | None = None,
        purpose: PurposeArgument = None,
    ) -> Connection[ExceptionCase]:
        return await listed(info, "exception_case")


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Ask a tier-1 branch to take one customer who misses the thresholds (Art. 7). By his manager."
    )
    async def submit_exception_case(self, info: Info, input: SubmitExceptionCaseInput) -> ExceptionCaseResult:
        return await performed(
            info,
            "exception_case",
            lambda: exceptions.submit_exception_case(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="Approve an exception: the customer becomes a member of head-office tier (Art. 7). By its approver."
    )
    async def approve_exception_case(
        self, info: Info, input: ApproveExceptionCaseInput
    ) -> ExceptionCaseResult:
        return await performed(
            info,
            "exception_case",
            lambda: exceptions.approve_exception_case(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(description="Reject an exception on merit (Art. 7). By its approver.")
    async def reject_exception_case(self, info: Info, input: RejectExceptionCaseInput) -> ExceptionCaseResult:
        return await performed(
            info,
            "exception_case",
            lambda: exceptions.reject_exception_case(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(description="Return an exception for correction (Art. 7). By its approver.")
    async def return_exception_case(self, info: Info, input: ReturnExceptionCaseInput) -> ExceptionCaseResult:
        return await performed(
            info,
            "exception_case",
            lambda: exceptions.return_exception_case(info.context.desk, **given_arguments(input)),
        )
