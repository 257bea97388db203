"""Opening a stocktake: the book is frozen as it is, and nothing of that stock moves until two have counted (Annex 1)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from authz import Action, DataClass, Facts, Kind
from authz.duties import Duty
from desk.actors import sit
from desk.acts import act
from desk.clock import SHANGHAI
from desk.desk import Desk
from desk.errors import Unauthenticated
from desk.people.given import reason_of
from desk.people.separation import apart
from desk.stock.drafting import AT_ONCE
from desk.stock.posting import hold_accounts
from desk.stocktakes.keepers import must_not_all_keep, must_not_keep
from models.custody import PHYSICAL, StocktakeFinding, StocktakeKind, StocktakeState
from models.errors import Refusal
from models.institutions import Institution
from models.people import Staff
from models.products import CardProduct
from models.stock import StockHolding
from models.stocktakes import Stocktake, StocktakeLine

OVER = (StocktakeState.CLOSED, StocktakeState.CALLED_OFF)


class CounterNotHere(Refusal):
    """Who is named to count can do it there: he is at work, and sees the stocktake."""

    code = "COUNTER_NOT_HERE"
    article = "Annex 1"


class StocktakeOpen(Refusal):
    """Two counts of one stock at once would each call the other's cards missing."""

    code = "STOCKTAKE_OPEN"
    article = "Annex 1"


class CountedThisMonth(Refusal):
    """按月盘点: once. Whoever wants to count again does so by surprise."""

    code = "COUNTED_THIS_MONTH"
    article = "Annex 1"


@act("openStocktake", Stocktake)
async def open_stocktake(
    desk: Desk,
    *,
    institution_id: UUID,
    product_id: UUID,
    kind: StocktakeKind,
    first_counter_id: UUID,
    second_counter_id: UUID,
    idempotency_key: str | None = None,
) -> Stocktake:
    """A supervisor, the head, or an officer at or above the branch, none of whom keeps these cards, has two count them.

    STOCK_COUNTED_BY_KEEPER when he keeps them, when the counters are one person, or when both keep them;
    COUNTER_NOT_HERE; STOCKTAKE_OPEN while another count of that stock is; COUNTED_THIS_MONTH for a second monthly one.
    """
    place = await desk.open(Institution, institution_id)
    desk.require(Action.PROPOSE, Kind.STOCKTAKE, Facts(path=place.acting_path))
    product = await desk.open(CardProduct, product_id)
    first, second = await desk.open(Staff, first_counter_id), await desk.open(Staff, second_counter_id)
    apart(Duty.STOCKTAKE, first.person_id, second.person_id)
    await must_not_keep(desk, place.id)
    await must_not_all_keep(desk, place.id, first.person_id, second.person_id)
    await _must_count_here(desk, first, place, "firstCounterId")
    await _must_count_here(desk, second, place, "secondCounterId")
    # Held, so that no movement is posted between the snapshot and the count.
    await hold_accounts(product.id, [place.id])
    await _must_be_due(desk, place.id, product.id, kind)
    lying = await StockHolding.filter(
        institution_id=place.id, product_id=product.id, state__in=PHYSICAL
    ).order_by("first_serial")
    stocktake = await Stocktake.create(
        institution_id=place.id,
        product_id=product.id,
        kind=kind,
        state=StocktakeState.OPEN,
        book_quantity=sum(holding.quantity for holding in lying),
        first_counter_id=first.id,
        second_counter_id=second.id,
        opened_at=desk.now,
        opened_by_id=desk.staff_id,
    )
    await StocktakeLine.bulk_create(
        [
            StocktakeLine(
                stocktake_id=stocktake.id,
                finding=StocktakeFinding.BOOK,
                state=holding.state,
                first_serial=holding.first_serial,
                last_serial=holding.last_serial,
                quantity=holding.quantity,
            )
            for holding in lying
        ],
        batch_size=AT_ONCE,
    )
    return stocktake


@act("callOffStocktake", Stocktake)
async def call_off(
    desk: Desk, *, stocktake_id: UUID, version: int, reason: str, idempotency_key: str | None = None
) -> Stocktake:
    """Whoever may open one calls it off while it is OPEN, with a reason, and the stock moves again.

    STOCK_COUNTED_BY_KEEPER, WRONG_STATE once two have signed, STALE_VERSION; BAD_USER_INPUT without a reason.
    """
    seen = await desk.open(Stocktake, stocktake_id, Action.PROPOSE)
    await must_not_keep(desk, seen.institution_id)
    stocktake = await Stocktake.filter(id=seen.id).select_for_update(no_key=True).get()
    stocktake.must_be(StocktakeState.OPEN)
    stocktake.must_be_seen(version)
    stocktake.note = reason_of(reason)
    stocktake.closed_at, stocktake.closed_by_id = desk.now, desk.staff_id
    await stocktake.change(StocktakeState.CALLED_OFF, "note", "closed_at", "closed_by_id")
    return stocktake


async def _must_be_due(desk: Desk, institution_id: UUID, product_id: UUID, kind: StocktakeKind) -> None:
    """STOCKTAKE_OPEN, COUNTED_THIS_MONTH: by the month of the bank's clock in which two signed the last one."""
    of_stock = Stocktake.filter(institution_id=institution_id, product_id=product_id)
    if await of_stock.exclude(state__in=OVER).exists():
        raise StocktakeOpen("A count of this stock is open. Close it, or call it off, first.")
    monthly = of_stock.filter(kind=StocktakeKind.MONTHLY, state=StocktakeState.CLOSED)
    begins = dt.datetime.combine(desk.today.replace(day=1), dt.time(), SHANGHAI).astimezone(dt.UTC)
    if kind is StocktakeKind.MONTHLY and await monthly.filter(confirmed_at__gte=begins).exists():
        raise CountedThisMonth(
            "The monthly count of this stock is done. Count it by surprise, or next month.", field="kind"
        )


async def _must_count_here(desk: Desk, counter: Staff, place: Institution, field: str) -> None:
    facts = Facts(path=place.acting_path)
    try:
        eyes = (await sit(counter.id, desk.now)).actor
    except Unauthenticated:
        eyes = None
    if eyes is None or not desk.policy.allows(eyes, Kind.STOCKTAKE, DataClass.PUBLIC, Action.COUNT, facts):
        raise CounterNotHere(
            f"{counter.name} does not count cards of this branch. Name its custodian, supervisor or head, or an officer "
            "above it.",
            field=field,
        )
