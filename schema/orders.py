"""Card orders: what a branch has ordered from the manufacturer, how far it has come, and what it cost (Notice 4)."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Annotated, ClassVar

import strawberry

from desk import orders
from desk.stock import receiving
from models.custody import OrderState
from schema.context import Info
from schema.fields import amount_of, column, one, page, planned
from schema.filters import IdFilter, TextFilter
from schema.institutions import Institution
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.people import Staff
from schema.problems import Problem, given_arguments, key, performed
from schema.products import CardProduct, Manufacturer
from schema.ranges import NumberRangeInput
from schema.resolving import listed, single
from schema.scalars import Amount, Money
from schema.stock.acts import StockMovementResult
from schema.stock.movements import StockMovement
from schema.wheres import AND, NOT, OR, compare

strawberry.enum(
    OrderState,
    description="订购单状态: drafted, approved by another person, placed, received in part or in full, settled; or cancelled"
    " before anything came.",
)


@strawberry.type(
    description="订购单 (Notice 4). A branch orders from the manufacturer directly and settles with it directly; head office"
    " is not in the path."
)
class CardOrder(Node):
    TABLE: ClassVar[str] = "card_order"

    number: str = column(about="Institution, year, and which order of that year it is.")
    quantity: int = column(about="Cards ordered.")
    unit_price: Money | None = amount_of("unit_price", about="The manufacturer's price on the drafting day.")
    amount: Money | None = amount_of("amount", about="Quantity times price, exactly.")
    state: OrderState = column(about="State.")
    version: int = column(about="Rises with every change; an act names the one that was read.")
    reason: str = column(about="Why it is ordered.")
    over_quota_reason: str = column(about="Why the quota is exceeded; empty when it is not.")
    received: int = column(about="Cards that came, defective ones among them, by posted receipts.")
    defective: int = column(about="Of these, defective: they are not paid for.")
    drafted_at: dt.datetime = column(about="When it was drafted.")
    approved_at: dt.datetime | None = column(about="When another person approved it.")
    placed_at: dt.datetime | None = column(about="When it went to the manufacturer.")
    invoice_number: str = column(about="发票号. The manufacturer's invoice; empty until settled.")
    invoiced: Money | None = amount_of(
        "invoiced", about="What was paid: the good cards that came, at the price."
    )
    settled_at: dt.datetime | None = column(about="When it was settled.")
    short_reason: str = column(about="Why it was closed short; empty when all came.")
    cancelled_at: dt.datetime | None = column(about="When it was cancelled.")
    cancel_reason: str = column(about="Why it was cancelled; empty when it was not.")
    institution: Institution | None = one("institution", "institution", about="Who orders.")
    product: CardProduct | None = one("product", "card_product", about="卡种.")
    manufacturer: Manufacturer | None = one("manufacturer", "manufacturer", about="卡厂.")
    drafted_by: Staff | None = one("drafted_by", "staff", about="The person designated for ordering.")
    approved_by: Staff | None = one("approved_by", "staff", about="Another person, who approved it.")
    placed_by: Staff | None = one("placed_by", "staff", about="Who placed it.")
    settled_by: Staff | None = one("settled_by", "staff", about="Who settled it.")
    cancelled_by: Staff | None = one("cancelled_by", "staff", about="Who cancelled it.")

    @strawberry.field(
        description="入库单. The receipts of this order and what reversed them, in whatever state (Notice 4).",
        metadata=page("movements", "stock_movement"),
    )
    def movements(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[StockMovement]:
        return planned()


CardOrderResult = Annotated[
    CardOrder | Problem, strawberry.union("CardOrderResult", description="A card order, or why not.")
]


@strawberry.input(description="Compares an order's state. An empty `in` matches nothing.")
class OrderStateFilter:
    eq: OrderState | None = compare("Equal.")
    in_: list[OrderState] | None = compare("One of these.", name="in")


@strawberry.input(description="Filters card orders.")
class CardOrderWhere:
    number: TextFilter | None = compare("Number.")
    state: OrderStateFilter | None = compare("State.")
    institution_id: IdFilter | None = compare("Who orders.")
    product_id: IdFilter | None = compare("卡种.")
    manufacturer_id: IdFilter | None = compare("卡厂.")
    and_: list[CardOrderWhere] | None = compare(AND, name="and")
    or_: list[CardOrderWhere] | None = compare(OR, name="or")
    not_: CardOrderWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How card orders are ordered.")
class CardOrderOrder(Enum):
    DRAFTED_AT_ASC = "drafted_at asc"
    DRAFTED_AT_DESC = "drafted_at desc"
    NUMBER_ASC = "number asc"
    NUMBER_DESC = "number desc"
    QUANTITY_ASC = "quantity asc"
    QUANTITY_DESC = "quantity desc"


@strawberry.input(description="An order to draft, at the manufacturer's price of the day.")
class DraftCardOrderInput:
    institution_id: strawberry.ID = strawberry.field(description="Who orders.")
    product_id: strawberry.ID = strawberry.field(description="卡种.")
    manufacturer_id: strawberry.ID = strawberry.field(description="卡厂.")
    quantity: int = strawberry.field(description="How many cards, 1 to 10,000,000.")
    reason: str = strawberry.field(description="Why.")
    over_quota_reason: str = strawberry.field(
        default="", description="Why, when it exceeds the quota (核定库存); the approver reads it."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="An order as it was read, to approve.")
class ApproveCardOrderInput:
    order_id: strawberry.ID = strawberry.field(description="Which order.")
    version: int = strawberry.field(description="As it was read.")
    idempotency_key: str | None = key()


@strawberry.input(description="An approved order that went to the manufacturer.")
class PlaceCardOrderInput:
    order_id: strawberry.ID = strawberry.field(description="Which order.")
    version: int = strawberry.field(description="As it was read.")
    idempotency_key: str | None = key()


@strawberry.input(description="An order to cancel, of which nothing has come.")
class CancelCardOrderInput:
    order_id: strawberry.ID = strawberry.field(description="Which order.")
    version: int = strawberry.field(description="As it was read.")
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str | None = key()


@strawberry.input(description="An order to settle with the manufacturer's invoice.")
class SettleCardOrderInput:
    order_id: strawberry.ID = strawberry.field(description="Which order.")
    version: int = strawberry.field(description="As it was read.")
    invoice_number: str = strawberry.field(description="发票号.")
    invoiced: Amount = strawberry.field(
        description="What the invoice says, in the order's currency: the good cards that came, at its price."
    )
    short_reason: str = strawberry.field(
        default="", description="Why it is closed although cards are to come."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="What the manufacturer delivered for a placed order, as it was counted.")
class DraftReceiptInput:
    order_id: strawberry.ID = strawberry.field(description="For which order.")
    ranges: list[NumberRangeInput] = strawberry.field(
        description="Everything that came, start to end, each number once."
    )
    defects: list[NumberRangeInput] = strawberry.field(
        default_factory=list, description="Which of it is defective: taken in as spoiled, and not paid for."
    )
    reason: str = strawberry.field(
        default="", description="What there is to say, as the delivery note's number."
    )
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="订购单 of the institutions that the caller reaches (Notice 4).")
    async def card_orders(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: CardOrderWhere | None = None,
        order_by: list[CardOrderOrder] | None = None,
    ) -> Connection[CardOrder]:
        return await listed(info, "card_order")

    @strawberry.field(description="One card order (Notice 4). NOT_FOUND when absent or out of reach.")
    async def card_order(self, info: Info, id: strawberry.ID) -> CardOrder:
        return await single(info, "card_order", id)


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Draft a card order at the price of the day (Notice 4). By the person whom the "
        "institution has designated for ordering. NOT_DESIGNATED, INSTITUTION_MERGED, NO_PRICE, "
        "AMOUNT_TOO_LARGE; QUOTA_EXCEEDED unless overQuotaReason says why; BAD_USER_INPUT for a quantity "
        "that is none, or without a reason."
    )
    async def draft_card_order(self, info: Info, input: DraftCardOrderInput) -> CardOrderResult:
        return await performed(
            info, "card_order", lambda: orders.draft_order(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Approve a card order as it was read (Notice 4). By an officer at or above the branch, "
        "another person than its maker. ORDER_BY_ONE, STALE_VERSION; WRONG_STATE unless it is a draft; "
        "QUOTA_EXCEEDED when it no longer fits."
    )
    async def approve_card_order(self, info: Info, input: ApproveCardOrderInput) -> CardOrderResult:
        return await performed(
            info, "card_order", lambda: orders.approve_order(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Record that an approved order went to the manufacturer (Notice 4). By the person "
        "designated for ordering. NOT_DESIGNATED, STALE_VERSION; WRONG_STATE unless it is approved."
    )
    async def place_card_order(self, info: Info, input: PlaceCardOrderInput) -> CardOrderResult:
        return await performed(
            info, "card_order", lambda: orders.place_order(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Cancel a card order before anything of it came (Notice 4). By an officer at or above "
        "the branch. CARDS_CAME after that, STALE_VERSION; WRONG_STATE for one that is over; BAD_USER_INPUT "
        "without a reason."
    )
    async def cancel_card_order(self, info: Info, input: CancelCardOrderInput) -> CardOrderResult:
        return await performed(
            info, "card_order", lambda: orders.cancel_order(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Settle a card order with the manufacturer directly, by its invoice (Notice 4). By an "
        "officer at or above the branch. INVOICE_DIFFERS unless it is of the good cards that came; "
        "ORDER_NOT_COMPLETE unless shortReason says why; INVOICE_KNOWN, WRONG_STATE, STALE_VERSION, "
        "BAD_AMOUNT, TOO_MANY_DECIMALS."
    )
    async def settle_card_order(self, info: Info, input: SettleCardOrderInput) -> CardOrderResult:
        return await performed(
            info, "card_order", lambda: orders.settle_order(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="入库. List what the manufacturer delivered for an order (Notice 4). By the designated "
        "custodian; nothing is in stock before he has signed and his own supervisor has countersigned. "
        "NOT_DESIGNATED, MORE_THAN_ORDERED, NUMBER_KNOWN, DEFECT_NOT_DELIVERED; WRONG_STATE unless it is "
        "placed; BAD_RANGE, NUMBER_TWICE, BAD_VIP_CARD_NUMBER."
    )
    async def draft_receipt(self, info: Info, input: DraftReceiptInput) -> StockMovementResult:
        return await performed(
            info,
            "stock_movement",
            lambda: receiving.draft_receipt(info.context.desk, **given_arguments(input)),
        )
