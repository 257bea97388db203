"""Stock handovers (交接): lists of cards that pass from one custodian to another, and who has signed for them (Notice 4)."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Annotated, ClassVar

import strawberry

from desk import stock_handovers
from models.custody import StockState
from models.vocabulary import HandoverState
from schema.context import Info
from schema.fields import column, one, page, planned
from schema.filters import IdFilter
from schema.handovers import HandoverStateFilter
from schema.institutions import Institution
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.people import Staff
from schema.problems import Problem, given_arguments, key, performed
from schema.products import CardProduct
from schema.resolving import listed, single
from schema.wheres import AND, NOT, OR, compare


@strawberry.type(
    description="卡片交接清单的一行 (Notice 4). Card numbers that lie in a row, of one product in one state."
)
class StockHandoverLine(Node):
    TABLE: ClassVar[str] = "stock_handover_line"

    state: StockState = column(about="库存状态. What they are, all of them.")
    first: str = column(about="The first serial, 12 digits without the check digit.")
    last: str = column(about="The last serial, which belongs to it.")
    quantity: int = column(about="How many.")
    product: CardProduct | None = one("product", "card_product", about="卡种. Of which product.")


@strawberry.type(
    description="卡片交接清单 (Notice 4). Nothing of it passes before all whom it names have signed."
)
class StockHandover(Node):
    TABLE: ClassVar[str] = "stock_handover"

    state: HandoverState = column(about="DRAWN_UP, DONE with the last signature, or CALLED_OFF before.")
    version: int = column(about="Rises with every signature.")
    quantity: int = column(about="How many cards, of every product and state.")
    reason: str = column(about="Why.")
    drawn_up_at: dt.datetime = column(about="When it was drawn up.")
    giver_signed_at: dt.datetime | None = column(about="When the giver signed.")
    receiver_signed_at: dt.datetime | None = column(about="When the receiver signed.")
    witness_signed_at: dt.datetime | None = column(about="When the witness signed.")
    second_witness_signed_at: dt.datetime | None = column(
        about="When the second witness signed in the place of a giver who could not."
    )
    done_at: dt.datetime | None = column(about="The second in which the designation passed.")
    giver: Staff | None = one("giver", "staff", about="移交人. Who gives.")
    receiver: Staff | None = one("receiver", "staff", about="接收人. Who receives.")
    witness: Staff | None = one("witness", "staff", about="监交人. Who watches.")
    second_witness: Staff | None = one(
        "second_witness", "staff", about="Who counts in the place of a giver who cannot sign; null: he signs."
    )
    institution: Institution | None = one("institution", "institution", about="Whose cards.")
    drawn_up_by: Staff | None = one("drawn_up_by", "staff", about="Who drew it up.")

    @strawberry.field(description="The cards that pass.", metadata=page("lines", "stock_handover_line"))
    def lines(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[StockHandoverLine]:
        return planned()


StockHandoverResult = Annotated[
    StockHandover | Problem,
    strawberry.union("StockHandoverResult", description="A handover of cards, or why not."),
]


@strawberry.input(description="Filters handovers of cards.")
class StockHandoverWhere:
    state: HandoverStateFilter | None = compare("State.")
    institution_id: IdFilter | None = compare("Whose cards.")
    giver_id: IdFilter | None = compare("Who gives.")
    receiver_id: IdFilter | None = compare("Who receives.")
    witness_id: IdFilter | None = compare("Who watches.")
    second_witness_id: IdFilter | None = compare("Who counts in the giver's place.")
    and_: list[StockHandoverWhere] | None = compare(AND, name="and")
    or_: list[StockHandoverWhere] | None = compare(OR, name="or")
    not_: StockHandoverWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How handovers of cards are ordered.")
class StockHandoverOrder(Enum):
    DRAWN_UP_AT_ASC = "drawn_up_at asc"
    DRAWN_UP_AT_DESC = "drawn_up_at desc"


@strawberry.input(description="A handover list of cards to draw up.")
class DrawUpStockHandoverInput:
    giver_id: strawberry.ID = strawberry.field(description="In whose charge the cards are.")
    receiver_id: strawberry.ID = strawberry.field(description="Who keeps them then: a custodian there.")
    witness_id: strawberry.ID = strawberry.field(description="监交人: a third person who sees such lists.")
    institution_id: strawberry.ID = strawberry.field(description="Whose cards.")
    reason: str = strawberry.field(description="Why.")
    second_witness_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="A fourth person, where the giver has left, is suspended or has lost his post.",
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A handover list of cards to sign.")
class SignStockHandoverInput:
    stock_handover_id: strawberry.ID = strawberry.field(description="Which list.")
    idempotency_key: str | None = key()


@strawberry.input(description="A handover list of cards to call off.")
class CallOffStockHandoverInput:
    stock_handover_id: strawberry.ID = strawberry.field(description="Which list.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="Handover lists of cards of the branches that the caller reaches.")
    async def stock_handovers(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: StockHandoverWhere | None = None,
        order_by: list[StockHandoverOrder] | None = None,
    ) -> Connection[StockHandover]:
        return await listed(info, "stock_handover")

    @strawberry.field(description="One handover list of cards. NOT_FOUND when absent or out of reach.")
    async def stock_handover(self, info: Info, id: strawberry.ID) -> StockHandover:
        return await single(info, "stock_handover", id)


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="交接. List all cards in a custodian's charge, which are to pass to another (Notice 4). "
        "By the head of the centre, or an officer at or above it, who does not receive. HANDOVER_BY_ONE, "
        "SELF_GRANT, NOT_IN_CHARGE, NOT_CUSTODIAN_HERE, WITNESS_NOT_HERE, SECOND_WITNESS_REQUIRED, "
        "GIVER_CAN_SIGN, HANDOVER_OPEN, STOCK_BEING_COUNTED, SIGNED_MOVEMENTS_OPEN, NOTHING_TO_HAND_OVER."
    )
    async def draw_up_stock_handover(
        self, info: Info, input: DrawUpStockHandoverInput
    ) -> StockHandoverResult:
        return await performed(
            info,
            "stock_handover",
            lambda: stock_handovers.draw_up(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="Sign a handover list of cards; with the last signature the designation passes (Notice "
        "4). By giver, receiver and witness, each once; by two witnesses where the giver cannot. "
        "NOT_HIS_TO_SIGN, ALREADY_SIGNED, WRONG_STATE; HANDOVER_CHANGED when a card has come, gone or "
        "changed its state; STOCK_BEING_COUNTED, SIGNED_MOVEMENTS_OPEN, NOT_IN_CHARGE, NOT_CUSTODIAN_HERE."
    )
    async def sign_stock_handover(self, info: Info, input: SignStockHandoverInput) -> StockHandoverResult:
        return await performed(
            info, "stock_handover", lambda: stock_handovers.sign(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Call a handover of cards off before the last signature (Notice 4). By whoever could "
        "draw it up. WRONG_STATE after that."
    )
    async def call_off_stock_handover(
        self, info: Info, input: CallOffStockHandoverInput
    ) -> StockHandoverResult:
        return await performed(
            info,
            "stock_handover",
            lambda: stock_handovers.call_off(info.context.desk, **given_arguments(input)),
        )
