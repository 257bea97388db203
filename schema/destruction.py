"""Destruction (销毁清册): which cards, who approved it for accounting and for audit, and who watched (Annex 1)."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Annotated, ClassVar

import strawberry

from desk.destruction import approving, booking, listing
from models.custody import DestructionSide, DestructionState
from schema.context import Info
from schema.fields import column, one, page, planned
from schema.filters import IdFilter, MomentFilter
from schema.institutions import Institution
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.people import Staff
from schema.problems import Problem, given_arguments, key, performed
from schema.products import CardProduct
from schema.ranges import NumberRangeInput
from schema.resolving import listed, single
from schema.stock.acts import StockMovementResult
from schema.stock.movements import StockMovement
from schema.wheres import AND, NOT, OR, compare

for _words, _about in (
    (
        DestructionState,
        "A DRAFT is APPROVED by accounting and by audit, and DESTROYED once two have watched; or CALLED_OFF (Annex 1).",
    ),
    (
        DestructionSide,
        "For accounting (会计结算) of the branch, or for audit (内审) at or above it (Annex 1).",
    ),
):
    strawberry.enum(_words, description=_about)

WHICH = "Which list."
SEEN = "The version that you have read; STALE_VERSION when the list has changed since."


@strawberry.type(
    description="销毁清册的一行 (Annex 1). Card numbers; they stay readable when the cards are gone."
)
class DestructionLine(Node):
    TABLE: ClassVar[str] = "destruction_line"

    first: str = column(about="Serial of the first card, in twelve digits (Notice 4, 号段).")
    last: str = column(about="Serial of the last card, in twelve digits.")
    quantity: int = column(about="How many cards that is.")


@strawberry.type(
    description="销毁清册 (Annex 1). Who lists, who approves for accounting and for audit, and the two witnesses (监销人) are "
    "five persons. The list is never edited, and kept for ever."
)
class DestructionList(Node):
    TABLE: ClassVar[str] = "destruction_list"

    state: DestructionState = column(about="How far it has come.")
    version: int = column(
        about="Rises with everything that is done to it. Who signs names the one that he has read."
    )
    quantity: int = column(about="How many cards.")
    reason: str = column(about="Why they are destroyed.")
    listed_at: dt.datetime = column(about="When it was listed.")
    accounting_at: dt.datetime | None = column(about="When accounting approved.")
    audit_at: dt.datetime | None = column(about="When audit approved.")
    first_witnessed_at: dt.datetime | None = column(
        about="When the first witness signed that he has watched."
    )
    second_witnessed_at: dt.datetime | None = column(about="When the second witness signed.")
    destroyed_at: dt.datetime | None = column(about="When the movement that books it was posted.")
    over_reason: str = column(about="Why it was called off; empty: it was not.")
    institution: Institution | None = one("institution", "institution", about="Out of whose stock.")
    product: CardProduct | None = one("product", "card_product", about="Of which product.")
    listed_by: Staff | None = one("listed_by", "staff", about="The custodian who listed them.")
    accounting_by: Staff | None = one("accounting_by", "staff", about="Who approved for accounting.")
    audit_by: Staff | None = one("audit_by", "staff", about="Who approved for audit.")
    first_witness: Staff | None = one("first_witness", "staff", about="监销人. Who watches.")
    second_witness: Staff | None = one("second_witness", "staff", about="监销人. Who watches with him.")
    movement: StockMovement | None = one(
        "movement", "stock_movement", about="What books them DESTROYED under two signatures (Notice 4)."
    )

    @strawberry.field(description="The card numbers, in order.", metadata=page("lines", "destruction_line"))
    def lines(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[DestructionLine]:
        return planned()


DestructionListResult = Annotated[
    DestructionList | Problem,
    strawberry.union("DestructionListResult", description="A destruction list, or why not."),
]


@strawberry.input(description="Compares a destruction list's state. An empty `in` matches nothing.")
class DestructionStateFilter:
    eq: DestructionState | None = compare("Equal.")
    in_: list[DestructionState] | None = compare("One of these.", name="in")


@strawberry.input(description="Filters destruction lists.")
class DestructionListWhere:
    institution_id: IdFilter | None = compare("Out of whose stock.")
    product_id: IdFilter | None = compare("Of which product.")
    state: DestructionStateFilter | None = compare("How far it has come.")
    listed_at: MomentFilter | None = compare("When it was listed.")
    destroyed_at: MomentFilter | None = compare("When it was carried out.")
    and_: list[DestructionListWhere] | None = compare(AND, name="and")
    or_: list[DestructionListWhere] | None = compare(OR, name="or")
    not_: DestructionListWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How destruction lists are ordered.")
class DestructionListOrder(Enum):
    LISTED_AT_ASC = "listed_at asc"
    LISTED_AT_DESC = "listed_at desc"


@strawberry.input(description="Cards that are to be destroyed.")
class DraftDestructionListInput:
    institution_id: strawberry.ID = strawberry.field(description="Out of whose stock.")
    product_id: strawberry.ID = strawberry.field(description="Of which product.")
    ranges: list[NumberRangeInput] = strawberry.field(
        description="Which cards, each named once; all TO_DESTROY."
    )
    first_witness_id: strawberry.ID = strawberry.field(description="监销人, who sees such lists.")
    second_witness_id: strawberry.ID = strawberry.field(description="Another person, who watches with him.")
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str | None = key()


@strawberry.input(description="A destruction list to approve.")
class ApproveDestructionInput:
    destruction_id: strawberry.ID = strawberry.field(description=WHICH)
    version: int = strawberry.field(description=SEEN)
    side: DestructionSide = strawberry.field(description="For which side.")
    idempotency_key: str | None = key()


@strawberry.input(description="A destruction that was watched.")
class WitnessDestructionInput:
    destruction_id: strawberry.ID = strawberry.field(description=WHICH)
    version: int = strawberry.field(description=SEEN)
    idempotency_key: str | None = key()


@strawberry.input(description="A destruction to book.")
class DraftDestructionInput:
    destruction_id: strawberry.ID = strawberry.field(description=WHICH)
    idempotency_key: str | None = key()


@strawberry.input(description="A destruction that is not gone through with.")
class CallOffDestructionInput:
    destruction_id: strawberry.ID = strawberry.field(description=WHICH)
    version: int = strawberry.field(description=SEEN)
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="销毁清册 of the institutions that the caller reaches (Annex 1).")
    async def destruction_lists(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: DestructionListWhere | None = None,
        order_by: list[DestructionListOrder] | None = None,
    ) -> Connection[DestructionList]:
        return await listed(info, "destruction_list")

    @strawberry.field(description="One destruction list. NOT_FOUND when absent or out of reach.")
    async def destruction_list(self, info: Info, id: strawberry.ID) -> DestructionList:
        return await single(info, "destruction_list", id)


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="销毁清册. List void cards to be destroyed before two witnesses (Annex 1). By the "
        "designated custodian. NOT_DESIGNATED, NOT_IN_STOCK, DESTRUCTION_BY_ONE, WITNESS_NOT_HERE, "
        "LISTED_ALREADY, BAD_RANGE, NUMBER_TWICE; BAD_USER_INPUT without a reason."
    )
    async def draft_destruction_list(
        self, info: Info, input: DraftDestructionListInput
    ) -> DestructionListResult:
        return await performed(
            info, "destruction_list", lambda: listing.draft_list(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Approve a list for accounting or for audit, as it was read (Annex 1). By the branch's "
        "head of accounting, and by an auditor at or above it. NOT_OF_THAT_SIDE, DESTRUCTION_BY_ONE, "
        "ALREADY_APPROVED, STALE_VERSION, DESTRUCTION_CHANGED; WRONG_STATE unless it is a draft."
    )
    async def approve_destruction(self, info: Info, input: ApproveDestructionInput) -> DestructionListResult:
        return await performed(
            info, "destruction_list", lambda: approving.approve(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Sign that one has watched the cards being cut (剪角), after both approvals (Annex 1). By "
        "each witness himself. NOT_HIS_TO_WITNESS, ALREADY_WITNESSED, DESTRUCTION_BY_ONE, STALE_VERSION, "
        "DESTRUCTION_CHANGED; WRONG_STATE unless it is approved."
    )
    async def witness_destruction(self, info: Info, input: WitnessDestructionInput) -> DestructionListResult:
        return await performed(
            info, "destruction_list", lambda: approving.witness(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Draft what books a watched list DESTROYED, to be signed by two (Annex 1). By the "
        "designated custodian. NOT_DESIGNATED, NOT_WITNESSED, NOT_IN_STOCK, DESTRUCTION_CHANGED; WRONG_STATE "
        "unless it is approved, or while it is drafted already."
    )
    async def draft_destruction(self, info: Info, input: DraftDestructionInput) -> StockMovementResult:
        return await performed(
            info,
            "stock_movement",
            lambda: booking.draft_destruction(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="Call a list off before its movement is drafted; it is kept all the same (Annex 1). By "
        "the designated custodian. NOT_DESIGNATED, STALE_VERSION; WRONG_STATE after that, or once it is "
        "over; BAD_USER_INPUT without a reason."
    )
    async def call_off_destruction(self, info: Info, input: CallOffDestructionInput) -> DestructionListResult:
        return await performed(
            info, "destruction_list", lambda: listing.call_off(info.context.desk, **given_arguments(input))
        )
