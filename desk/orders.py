"""Card orders: a branch orders from the manufacturer directly and settles with it directly (Notice 4).

No step of an order is head office's: it is drafted, approved, placed, received and settled at the branch.
"""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from authz import Action, Facts, Kind
from authz.duties import Duty
from desk.acts import act
from desk.desk import Desk
from desk.people.given import reason_of
from desk.people.separation import apart
from desk.stock.posting import hold_accounts
from desk.stock.seats import must_be_designated
from desk.stock.transfers import QuotaExceeded, here_or_coming, quota_of
from models.custody import OrderState, StockDuty
from models.errors import BadInput, Refusal
from models.institutions import Institution
from models.money import to_minor
from models.orders import CardOrder
from models.products import CardPrice, CardProduct, Manufacturer, NoPrice
from models.wording import worded

MOST_CARDS = 10_000_000
LONGEST_REASON = 200
LONGEST_INVOICE = 64
AGREED = (OrderState.APPROVED, OrderState.PLACED, OrderState.PART_RECEIVED)
"""Of such orders cards are still to come. A draft reserves nothing."""


class InvoiceKnown(Refusal):
    """An invoice is paid once."""

    code = "INVOICE_KNOWN"
    article = "Notice 4"


@act("draftCardOrder", CardOrder)
async def draft_order(
    desk: Desk,
    *,
    institution_id: UUID,
    product_id: UUID,
    manufacturer_id: UUID,
    quantity: int,
    reason: str,
    over_quota_reason: str = "",
    idempotency_key: str | None = None,
) -> CardOrder:
    """The person whom the institution has designated for ordering drafts an order, at the price of the day.

    What it keeps, what is on the way to it and what is approved to come must fit its quota (核定库存) together with the
    order, or `over_quota_reason` says why not: QUOTA_EXCEEDED. An institution without a quota may keep none, so that it
    always gives the reason, and the approver reads it. NOT_DESIGNATED, NO_PRICE, AMOUNT_TOO_LARGE; BAD_USER_INPUT for no
    cards, more than 10,000,000, or no reason.
    """
    place = await desk.open(Institution, institution_id)
    desk.require(Action.PROPOSE, Kind.CARD_ORDER, Facts(path=place.acting_path))
    await must_be_designated(desk, place.id, StockDuty.ORDER)
    place.must_be_in_service()
    product = await desk.open(CardProduct, product_id)
    manufacturer = await desk.open(Manufacturer, manufacturer_id)
    if not 0 < quantity <= MOST_CARDS:
        raise BadInput(f"An order is of 1 to {MOST_CARDS:,} cards. Correct the number.", field="quantity")
    order = CardOrder(
        institution_id=place.id,
        product_id=product.id,
        manufacturer_id=manufacturer.id,
        quantity=quantity,
        state=OrderState.DRAFT,
        reason=reason_of(reason),
        over_quota_reason=worded(over_quota_reason, LONGEST_REASON, "overQuotaReason"),
        drafted_at=desk.now,
        drafted_by_id=desk.staff_id,
        drafted_person_id=desk.actor.person_id,
    )
    price = await CardPrice.on(manufacturer.id, desk.today)
    if price is None:
        raise NoPrice(
            f"{manufacturer.name} has no price yet. Have head office set it.", field="manufacturerId"
        )
    order.price(price.unit_price, price.currency)
    await _must_be_within_quota(order, place)
    order.number = await _next_number(desk, place)
    await order.save()
    return order


@act("approveCardOrder", CardOrder)
async def approve_order(
    desk: Desk, *, order_id: UUID, version: int, idempotency_key: str | None = None
) -> CardOrder:
    """An officer at or above the branch, another person than the maker, approves the order as he has read it.

    ORDER_BY_ONE for one person under whatever staff number; WRONG_STATE unless a DRAFT, STALE_VERSION; QUOTA_EXCEEDED
    when it no longer fits and gives no reason. Who does not approve it cancels it, and says why.
    """
    order = await _held(desk, order_id, Action.APPROVE)
    order.must_be(OrderState.DRAFT)
    order.must_be_seen(version)
    apart(Duty.CARD_ORDER, order.drafted_person_id, desk.actor.person_id)
    # Held, so that two orders at once do not each fit alone and exceed the quota together.
    await hold_accounts(order.product_id, [order.institution_id])
    await _must_be_within_quota(order, await Institution.get(id=order.institution_id))
    await order.approve(desk.now, desk.staff_id, desk.actor.person_id)
    return order


@act("placeCardOrder", CardOrder)
async def place_order(
    desk: Desk, *, order_id: UUID, version: int, idempotency_key: str | None = None
) -> CardOrder:
    """The person designated for ordering has sent the approved order to the manufacturer.

    NOT_DESIGNATED, WRONG_STATE unless APPROVED, STALE_VERSION. From here on cards are received for it.
    """
    order = await _held(desk, order_id, Action.EXECUTE)
    await must_be_designated(desk, order.institution_id, StockDuty.ORDER)
    order.must_be(OrderState.APPROVED)
    order.must_be_seen(version)
    await order.place(desk.now, desk.staff_id)
    return order


@act("cancelCardOrder", CardOrder)
async def cancel_order(
    desk: Desk, *, order_id: UUID, version: int, reason: str, idempotency_key: str | None = None
) -> CardOrder:
    """An officer at or above the branch cancels an order before anything of it came, and says why.

    CARDS_CAME after that, WRONG_STATE for one that is over, STALE_VERSION; BAD_USER_INPUT without a reason.
    """
    order = await _held(desk, order_id, Action.CANCEL)
    order.must_be_seen(version)
    await order.cancel(desk.now, desk.staff_id, reason_of(reason))
    return order


@act("settleCardOrder", CardOrder)
async def settle_order(
    desk: Desk,
    *,
    order_id: UUID,
    version: int,
    invoice_number: str,
    invoiced: str | Decimal,
    short_reason: str = "",
    idempotency_key: str | None = None,
) -> CardOrder:
    """An officer at or above the branch settles an order with the manufacturer's invoice, in the order's currency.

    The invoice must be of the good cards that came at the order's price: INVOICE_DIFFERS otherwise, and then the
    manufacturer corrects it, or delivers what it counts. ORDER_NOT_COMPLETE while cards are to come, unless
    `short_reason` says why it is closed short. INVOICE_KNOWN for a number that settled another order; WRONG_STATE before
    anything came or when it is over, STALE_VERSION; BAD_AMOUNT, TOO_MANY_DECIMALS.
    """
    order = await _held(desk, order_id, Action.RECORD)
    order.must_be_seen(version)
    invoice = worded(invoice_number, LONGEST_INVOICE, "invoiceNumber", required=True)
    if await CardOrder.exists(manufacturer_id=order.manufacturer_id, invoice_number=invoice):
        raise InvoiceKnown(
            "An order was settled with this invoice already. Read the number again.", field="invoiceNumber"
        )
    await order.settle(
        desk.now,
        desk.staff_id,
        invoice,
        to_minor(invoiced, order.currency),
        worded(short_reason, LONGEST_REASON, "shortReason"),
    )
    return order


async def _held(desk: Desk, order_id: UUID, action: Action) -> CardOrder:
    """Opened for the act, then locked: whoever comes second sees what the first has done."""
    seen = await desk.open(CardOrder, order_id, action)
    return await CardOrder.filter(id=seen.id).select_for_update(no_key=True).get()


async def _must_be_within_quota(order: CardOrder, place: Institution) -> None:
    if order.over_quota_reason:
        return
    quota = await quota_of(place.id, order.product_id)
    agreed = CardOrder.filter(institution_id=place.id, product_id=order.product_id, state__in=AGREED)
    coming = sum(other.quantity - other.received for other in await agreed)
    there = await here_or_coming(place.id, order.product_id) + coming
    if there + order.quantity > quota:
        raise QuotaExceeded(
            f"{place.name} may keep {quota} of these cards, and has or awaits {there}. Order fewer, have the quota raised, "
            "or write why it is exceeded.",
            field="overQuotaReason",
        )


async def _next_number(desk: Desk, place: Institution) -> str:
    """Institution, year, and which order of that year it is: SC-2026-0001. Orders are never removed."""
    await Institution.filter(id=place.id).select_for_update(no_key=True).get()
    begins = f"{place.code}-{desk.today.year}-"
    made = await CardOrder.filter(institution_id=place.id, number__startswith=begins).count()
    return f"{begins}{made + 1:04}"
