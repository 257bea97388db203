"""Handovers (交接): lists of customers that pass from one manager to another, and who has signed for them."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from desk import handovers
from models.vocabulary import HandoverState
from schema.context import Info
from schema.fields import column, one, page, planned
from schema.filters import IdFilter
from schema.institutions import Institution
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.people import Staff
from schema.problems import Problem, given_arguments, key, performed
from schema.resolving import listed, single
from schema.wheres import AND, NOT, OR, compare

if TYPE_CHECKING:
    from schema.customers import Customer

strawberry.enum(
    HandoverState,
    description="交接: drawn up, signed by receiver and witness, done in its second; or called off before.",
)


@strawberry.type(description="交接清单的一行. One customer who passes.")
class HandoverLine(Node):
    TABLE: ClassVar[str] = "handover_line"

    customer: Annotated[Customer, strawberry.lazy("schema.customers")] | None = one(
        "customer", "customer", about="Who."
    )


@strawberry.type(description="交接清单 (4.2). Nothing of it passes before receiver and witness have signed.")
class Handover(Node):
    TABLE: ClassVar[str] = "handover"

    state: HandoverState = column(about="State; a SIGNED one is DONE from its second on.")
    version: int = column(about="Rises with every signature.")
    at: dt.datetime = column(about="The second in which the customers are to pass.")
    reason: str = column(about="Why.")
    drawn_up_at: dt.datetime = column(about="When it was drawn up.")
    receiver_signed_at: dt.datetime | None = column(about="When the receiver signed.")
    witness_signed_at: dt.datetime | None = column(about="When the witness signed.")
    done_at: dt.datetime | None = column(
        about="The second in which they pass, once both have signed: `at`, or the last signature when that was later."
    )
    giver: Staff | None = one("giver", "staff", about="移交人. Who gives.")
    receiver: Staff | None = one("receiver", "staff", about="接收人. Who receives.")
    witness: Staff | None = one("witness", "staff", about="监交人. Who watches.")
    institution: Institution | None = one("institution", "institution", about="For which centre.")

    @strawberry.field(description="The customers who pass.", metadata=page("lines", "handover_line"))
    def lines(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[HandoverLine]:
        return planned()


HandoverResult = Annotated[
    Handover | Problem, strawberry.union("HandoverResult", description="A handover, or why not.")
]


@strawberry.input(description="Compares a handover's state. An empty `in` matches nothing.")
class HandoverStateFilter:
    eq: HandoverState | None = compare("Equal.")
    in_: list[HandoverState] | None = compare("One of these.", name="in")


@strawberry.input(description="Filters handovers.")
class HandoverWhere:
    state: HandoverStateFilter | None = compare("State.")
    giver_id: IdFilter | None = compare("Who gives.")
    receiver_id: IdFilter | None = compare("Who receives.")
    witness_id: IdFilter | None = compare("Who watches.")
    and_: list[HandoverWhere] | None = compare(AND, name="and")
    or_: list[HandoverWhere] | None = compare(OR, name="or")
    not_: HandoverWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How handovers are ordered.")
class HandoverOrder(Enum):
    AT_ASC = "at asc"
    AT_DESC = "at desc"
    DRAWN_UP_AT_ASC = "drawn_up_at asc"
    DRAWN_UP_AT_DESC = "drawn_up_at desc"


@strawberry.input(description="A handover list to draw up.")
class DrawUpHandoverInput:
    giver_id: strawberry.ID = strawberry.field(description="Whose customers pass.")
    receiver_id: strawberry.ID = strawberry.field(description="Who serves them then (Art. 9).")
    witness_id: strawberry.ID = strawberry.field(description="监交人: a third person who sees such lists.")
    institution_id: strawberry.ID = strawberry.field(description="The wealth centre of the owning branch.")
    reason: str = strawberry.field(description="Why.")
    at: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="In which second; now.")
    idempotency_key: str | None = key()


@strawberry.input(description="A handover list to sign.")
class SignHandoverInput:
    handover_id: strawberry.ID = strawberry.field(description="Which list.")
    idempotency_key: str | None = key()


@strawberry.input(description="A handover list to call off.")
class CallOffHandoverInput:
    handover_id: strawberry.ID = strawberry.field(description="Which list.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="Handover lists of the branches that the caller reaches.")
    async def handovers(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: HandoverWhere | None = None,
        order_by: list[HandoverOrder] | None = None,
    ) -> Connection[Handover]:
        return await listed(info, "handover")

    @strawberry.field(description="One handover list. NOT_FOUND when absent or out of reach.")
    async def handover(self, info: Info, id: strawberry.ID) -> Handover:
        return await single(info, "handover", id)


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="List a manager's customers, who are to pass to another (domain.md 4.2). By the head of "
        "the centre."
    )
    async def draw_up_handover(self, info: Info, input: DrawUpHandoverInput) -> HandoverResult:
        return await performed(
            info, "handover", lambda: handovers.draw_up(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Sign a handover list; with both signatures access follows to the second (domain.md "
        "4.2). By receiver and witness."
    )
    async def sign_handover(self, info: Info, input: SignHandoverInput) -> HandoverResult:
        return await performed(
            info, "handover", lambda: handovers.sign(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Call a handover off before its second (domain.md 4.2). By the head of the centre."
    )
    async def call_off_handover(self, info: Info, input: CallOffHandoverInput) -> HandoverResult:
        return await performed(
            info, "handover", lambda: handovers.call_off(info.context.desk, **given_arguments(input))
        )
