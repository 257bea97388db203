"""Receipt (入库): what the manufacturer delivered is counted, its defects are listed, and two persons sign (Notice 4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from desk.acts import act
from desk.desk import Desk
from desk.errors import NotFound
from desk.stock.drafting import Passage, draft, place_for, ranges_of
from desk.stock.holdings import Place, first_known
from desk.stock.posting import Move
from models.comparing import without
from models.custody import MovementKind, OrderState, StockState
from models.errors import Refusal, WrongState
from models.institutions import Institution
from models.movements import MovementLine, StockMovement
from models.orders import CardOrder
from models.products import CardProduct
from models.serials import Range, quantity
from models.wording import worded

LONGEST = 200
UNDER_WAY = (OrderState.PLACED, OrderState.PART_RECEIVED)


class NumberKnown(Refusal):
    """A number comes from the manufacturer once, and is never used again."""

    code = "NUMBER_KNOWN"
    article = "Notice 4"


class MoreThanOrdered(Refusal):
    code = "MORE_THAN_ORDERED"
    article = "Notice 4"


class DefectNotDelivered(Refusal):
    code = "DEFECT_NOT_DELIVERED"
    article = "Notice 4"


@act("draftReceipt", StockMovement)
async def draft_receipt(
    desk: Desk,
    *,
    order_id: UUID,
    ranges: Sequence[Any],
    defects: Sequence[Any] = (),
    reason: str = "",
    idempotency_key: str | None = None,
) -> StockMovement:
    """The designated custodian of the ordering institution lists what came, start to end, and which of it is defective.

    `reason` is what there is to say of it, as which delivery note it came with. NOT_DESIGNATED; WRONG_STATE unless the
    order is placed; MORE_THAN_ORDERED; NUMBER_KNOWN for a number that was received before; DEFECT_NOT_DELIVERED; BAD_RANGE,
    NUMBER_TWICE, BAD_VIP_CARD_NUMBER.
    """
    order, place, passages = await check_receipt(desk, order_id, ranges, defects)
    said = worded(reason, LONGEST, "reason")
    return await draft(
        desk, MovementKind.RECEIPT, place, order.product_id, passages, order_id=order.id, reason=said
    )


async def check_receipt(
    desk: Desk, order_id: UUID, ranges: Sequence[Any], defects: Sequence[Any] = ()
) -> tuple[CardOrder, Institution, list[Passage]]:
    """What a receipt of these cards would list. Refuses as `draft_receipt` does, and writes nothing."""
    order = await desk.open(CardOrder, order_id)
    place = await place_for(desk, order.institution_id)
    product = await CardProduct.get(id=order.product_id)
    came = await ranges_of(product, ranges)
    spoiled = await ranges_of(product, defects, "defects") if defects else []
    if quantity(without(spoiled, came)):
        raise DefectNotDelivered(
            "A number that is listed as defective is not in the delivery. Compare both lists.",
            field="defects",
        )
    _must_fit(order, quantity(came))
    await _must_be_new(product.id, came)
    passages: list[Passage] = [(one, None, StockState.IN_STOCK) for one in without(came, spoiled)]
    passages += [(one, None, StockState.SPOILED) for one in spoiled]
    return order, place, sorted(passages)


def moves(movement: StockMovement, lines: Sequence[MovementLine]) -> list[Move]:
    return [
        Move((line.range,), None, Place(movement.institution_id, StockState(line.to_state))) for line in lines
    ]


async def before(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    order = await held(movement)
    _must_fit(order, movement.quantity)
    # One receipt of a product at a time: no account is yet in hand that two of the same numbers would share.
    await CardProduct.filter(id=movement.product_id).select_for_update(no_key=True).get()
    await _must_be_new(movement.product_id, [line.range for line in lines])


async def after(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    """The order is received in part, or in full."""
    order = await held(movement)
    order.received += movement.quantity
    order.defective += quantity(line.range for line in lines if line.to_state == StockState.SPOILED)
    await _settle_state(order)


async def taken_back(movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    """A receipt was reversed: so much is still to come."""
    order = await held(movement)
    must_not_be_settled(order)
    order.received -= movement.quantity
    order.defective -= quantity(line.range for line in lines if line.to_state == StockState.SPOILED)
    await _settle_state(order)


def must_not_be_settled(order: CardOrder) -> None:
    """WRONG_STATE: what is paid for has come."""
    if order.state == OrderState.SETTLED:
        raise WrongState(
            "This order is settled, so its receipts stay. Cards of it that are of no use are voided and destroyed."
        )


async def _settle_state(order: CardOrder) -> None:
    if order.received == 0:
        order.state = OrderState.PLACED
    else:
        order.state = OrderState.RECEIVED if order.received == order.quantity else OrderState.PART_RECEIVED
    order.version += 1
    await order.save(update_fields=["received", "defective", "state", "version"])


async def held(movement: StockMovement) -> CardOrder:
    """The order of a receipt, until the act is over."""
    if movement.order_id is None:
        raise NotFound
    return await CardOrder.filter(id=movement.order_id).select_for_update(no_key=True).get()


def _must_fit(order: CardOrder, came: int) -> None:
    if order.state not in UNDER_WAY:
        raise WrongState(
            f"This order is {order.state}; cards are received for one that is placed and not complete."
        )
    left = order.quantity - order.received
    if came > left:
        raise MoreThanOrdered(
            f"{came} cards are listed, and {left} of this order are still to come. Correct the list, or send back "
            "what was not ordered.",
            field="ranges",
        )


async def _must_be_new(product_id: UUID, came: Sequence[Range]) -> None:
    known = await first_known(product_id, came)
    if known is not None:
        raise NumberKnown(
            f"Number {known:012} was received before. Compare the delivery list with the boxes.",
            field="ranges",
        )
