"""Filings (备案): what was submitted, to whom, and what became of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from desk import filing
from models.vocabulary import FilingState
from schema.context import Info
from schema.fields import column, one
from schema.institutions import Institution
from schema.membership import Membership
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.people import Staff
from schema.problems import Problem, given_arguments, key, performed
from schema.resolving import listed
from schema.sections import PurposeArgument
from schema.standards import Evaluation
from schema.wheres import FilingOrder, FilingWhere

if TYPE_CHECKING:
    from schema.customers import Customer


@strawberry.type(description="备案 (Art. 6). Its recorder sees the evidence while it is open.")
class Filing(Node):
    TABLE: ClassVar[str] = "filing"

    state: FilingState = column(about="State.")
    version: int = column(about="Give it back with an act, so that nothing unseen is acted on.")
    renewal: bool = column(about="Whether it is for the next term of a member (Art. 16).")
    filing_number: str | None = column(about="备案号, when recorded.")
    submitted_at: dt.datetime = column(about="When it was submitted.")
    decided_at: dt.datetime | None = column(about="When it was recorded or returned.")
    return_reason: str = column(about="Why it was returned, or lapsed.")
    customer: Annotated[Customer, strawberry.lazy("schema.customers")] | None = one(
        "customer", "customer", about="For whom."
    )
    membership: Membership | None = one("membership", "membership", about="The membership it puts on record.")
    evaluation: Evaluation | None = one("evaluation", "evaluation", about="The evidence it rests on.")
    submitted_to: Institution | None = one("submitted_to", "institution", about="Before whom it is.")
    submitted_by: Staff | None = one("submitted_by", "staff", about="Who submitted it.")
    decided_by: Staff | None = one("decided_by", "staff", about="Who recorded or returned it.")


FilingResult = Annotated[
    Filing | Problem, strawberry.union("FilingResult", description="A filing, or why not.")
]


@strawberry.input(description="A filing to submit.")
class SubmitFilingInput:
    membership_id: strawberry.ID = strawberry.field(
        description="The application, or the membership under review."
    )
    evaluation_id: strawberry.ID = strawberry.field(description="The evidence.")
    submitted_to_id: strawberry.ID = strawberry.field(
        description="Tier-2 or above, the owning branch or over it."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A filing to record.")
class RecordFilingInput:
    filing_id: strawberry.ID = strawberry.field(description="Which filing.")
    version: int = strawberry.field(description="The version that was seen.")
    idempotency_key: str | None = key()


@strawberry.input(description="A filing to return.")
class ReturnFilingInput:
    filing_id: strawberry.ID = strawberry.field(description="Which filing.")
    version: int = strawberry.field(description="The version that was seen.")
    reason: str = strawberry.field(description="What must be corrected.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="Filings that the caller reaches.")
    async def filings(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: FilingWhere | None = None,
        order_by: list[FilingOrder] | None = None,
        purpose: PurposeArgument = None,
    ) -> Connection[Filing]:
        return await listed(info, "filing")


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Submit a filing, of an application or a renewal (Art. 6, 16). By the customer's manager."
    )
    async def submit_filing(self, info: Info, input: SubmitFilingInput) -> FilingResult:
        return await performed(
            info, "filing", lambda: filing.submit_filing(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Put a filing on record: the customer becomes a member (Art. 6). By its recorder."
    )
    async def record_filing(self, info: Info, input: RecordFilingInput) -> FilingResult:
        return await performed(
            info, "filing", lambda: filing.record_filing(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(description="Return a filing for correction (Art. 6). By its recorder.")
    async def return_filing(self, info: Info, input: ReturnFilingInput) -> FilingResult:
        return await performed(
            info, "filing", lambda: filing.return_filing(info.context.desk, **given_arguments(input))
        )
