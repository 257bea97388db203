"""Counting: the first counter lists what is there without being given the book's numbers, the second signs that list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from authz import Action
from authz.duties import Duty
from desk.acts import act
from desk.desk import Desk
from desk.people.separation import apart
from desk.stock.drafting import AT_ONCE, ranges_of
from desk.stocktakes.keepers import must_not_all_keep
from models.comparing import Labelled, common, minus, without
from models.custody import PHYSICAL, StocktakeFinding, StocktakeState
from models.errors import WrongState
from models.people import Staff
from models.products import CardProduct
from models.serials import Range, compact, quantity
from models.stock import StockHolding
from models.stocktakes import Stocktake, StocktakeLine


@act("recordCount", Stocktake)
async def record_count(
    desk: Desk,
    *,
    stocktake_id: UUID,
    version: int,
    ranges: Sequence[Any],
    adding: bool = False,
    idempotency_key: str | None = None,
) -> Stocktake:
    """The first counter lists what he has counted; an empty list says that nothing was there. `adding` keeps what is listed
    already. Again until it is confirmed, and each time the second counter has another list to read.

    NOT_HIS_TO_COUNT, WRONG_STATE unless OPEN, STALE_VERSION; BAD_RANGE, NUMBER_TWICE, BAD_VIP_CARD_NUMBER.
    """
    seen = await desk.open(Stocktake, stocktake_id, Action.COUNT)
    seen.must_be_counted_by(seen.first_counter_id, desk.staff_id)
    stocktake = await _held(seen.id)
    stocktake.must_be(StocktakeState.OPEN)
    stocktake.must_be_seen(version)
    product = await CardProduct.get(id=stocktake.product_id)
    counted = await ranges_of(product, ranges) if ranges else []
    before = StocktakeLine.filter(stocktake_id=stocktake.id, finding=StocktakeFinding.COUNTED)
    if adding and (already := [line.range for line in await before]):
        counted = compact([*counted, *already], "ranges")
    await before.delete()
    await _write(stocktake, StocktakeFinding.COUNTED, ((one, "") for one in counted))
    stocktake.counted_quantity = quantity(counted)
    stocktake.counted_at, stocktake.counted_by_id = desk.now, desk.staff_id
    stocktake.digest = stocktake.content(await StocktakeLine.filter(stocktake_id=stocktake.id))
    await stocktake.change(StocktakeState.OPEN, "counted_quantity", "counted_at", "counted_by_id", "digest")
    return stocktake


@act("confirmCount", Stocktake)
async def confirm_count(
    desk: Desk, *, stocktake_id: UUID, version: int, idempotency_key: str | None = None
) -> Stocktake:
    """The second counter signs the very list (`version`). It is held against the book, and the stock moves again: COUNTED
    when they are equal, else DIFFERENCE with a line for whatever is missing or too many.

    NOT_HIS_TO_COUNT; STOCK_COUNTED_BY_KEEPER when both keep the stock by now; WRONG_STATE before anything is listed;
    STALE_VERSION, COUNT_CHANGED.
    """
    seen = await desk.open(Stocktake, stocktake_id, Action.COUNT)
    seen.must_be_counted_by(seen.second_counter_id, desk.staff_id)
    stocktake = await _held(seen.id)
    stocktake.must_be(StocktakeState.OPEN)
    if stocktake.counted_at is None:
        raise WrongState("Nothing is listed yet. The first counter lists what is there, then you confirm it.")
    stocktake.must_be_seen(version)
    first = await Staff.get(id=stocktake.first_counter_id)
    apart(Duty.STOCKTAKE, first.person_id, desk.actor.person_id)
    await must_not_all_keep(desk, stocktake.institution_id, first.person_id, desk.actor.person_id)
    lines = await StocktakeLine.filter(stocktake_id=stocktake.id).order_by("first_serial")
    stocktake.must_still_say(lines)
    missing, extra = await _differences(stocktake, lines)
    await _write(stocktake, StocktakeFinding.MISSING, missing)
    await _write(stocktake, StocktakeFinding.EXTRA, extra)
    stocktake.confirmed_at, stocktake.confirmed_by_id = desk.now, desk.staff_id
    differs = missing or extra
    await stocktake.change(
        StocktakeState.DIFFERENCE if differs else StocktakeState.COUNTED, "confirmed_at", "confirmed_by_id"
    )
    return stocktake


async def _differences(
    stocktake: Stocktake, lines: Sequence[StocktakeLine]
) -> tuple[list[Labelled], list[Labelled]]:
    """Missing as what the book has them, and too many as what else the book says of them at this institution."""
    book = [(line.range, line.state) for line in lines if line.finding == StocktakeFinding.BOOK]
    counted = [line.range for line in lines if line.finding == StocktakeFinding.COUNTED]
    missing = minus(book, counted)
    too_many = without(counted, [one for one, _ in book])
    return missing, await _told_of(stocktake, too_many)


async def _told_of(stocktake: Stocktake, ranges: Sequence[Range]) -> list[Labelled]:
    """The book may have them here as MISSING, or issued, or sent away: then whoever explains it knows where to look."""
    if not ranges:
        return []
    elsewhere = await (
        StockHolding.filter(
            product_id=stocktake.product_id,
            institution_id=stocktake.institution_id,
            first_serial__lte=ranges[-1].last,
            last_serial__gte=ranges[0].first,
        )
        .exclude(state__in=PHYSICAL)
        .order_by("first_serial")
    )
    known = common(((Range(one.first_serial, one.last_serial), one.state) for one in elsewhere), ranges)
    unknown = [(one, "") for one in without(ranges, [one for one, _ in known])]
    return sorted([*known, *unknown])


async def _write(stocktake: Stocktake, finding: StocktakeFinding, found: Iterable[Labelled]) -> None:
    await StocktakeLine.bulk_create(
        [
            StocktakeLine(
                stocktake_id=stocktake.id,
                finding=finding,
                state=state,
                first_serial=one.first,
                last_serial=one.last,
                quantity=one.quantity,
            )
            for one, state in found
        ],
        batch_size=AT_ONCE,
    )


async def _held(stocktake_id: UUID) -> Stocktake:
    return await Stocktake.filter(id=stocktake_id).select_for_update(no_key=True).get()
