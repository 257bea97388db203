"""Differences: explained, or the cards are booked MISSING under two signatures; then the stocktake is closed (Annex 1)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from authz import Action
from desk.acts import act
from desk.clock import business_day
from desk.desk import Desk
from desk.dialect import as_uuid
from desk.stock.drafting import draft, place_for
from desk.stock.holdings import must_lie
from desk.stock.posting import hold_accounts
from desk.stocktakes.keepers import must_not_keep
from models.comparing import common
from models.custody import MovementKind, MovementState, StockState, StocktakeFinding, StocktakeState
from models.errors import Refusal
from models.movements import MovementLine, StockMovement
from models.serials import Range, compact
from models.stock import StockAccount, StockHolding
from models.stocktakes import DifferenceUnexplained, Stocktake, StocktakeLine
from models.wording import worded

LONGEST, LONGEST_NOTE = 400, 200
DIFFERING = (StocktakeState.DIFFERENCE, StocktakeState.EXPLAINED)
DIFFERENCES = (StocktakeFinding.MISSING, StocktakeFinding.EXTRA)
BOOKABLE = (StockState.IN_STOCK, StockState.SPOILED, StockState.RETURNED, StockState.TO_DESTROY)
"""What may be booked MISSING. A card that is reserved for a customer is released first."""


class AlreadyBooked(Refusal):
    code = "ALREADY_BOOKED"
    article = "Annex 1"


class NotWhatWasCounted(Refusal):
    """A movement that a stocktake asks for books exactly the numbers that were not there."""

    code = "NOT_WHAT_WAS_COUNTED"
    article = "Annex 1"


@act("explainDifference", Stocktake)
async def explain(
    desk: Desk, *, stocktake_line_id: UUID, explanation: str, idempotency_key: str | None = None
) -> Stocktake:
    """A supervisor, the head or an officer above writes where cards that were missing are, or whence those too many come.

    The book is put right by a movement of its own. STOCK_COUNTED_BY_KEEPER; NO_DIFFERENCE for a line that is none;
    WRONG_STATE unless two have signed the count and it is not closed; BAD_USER_INPUT without a word.
    """
    seen = await desk.open(StocktakeLine, stocktake_line_id, Action.RECORD)
    stocktake = await _held(seen.stocktake_id)
    await must_not_keep(desk, stocktake.institution_id)
    seen.must_be_a(*DIFFERENCES)
    stocktake.must_be(*DIFFERING)
    line = await StocktakeLine.get(id=seen.id)
    line.explanation = worded(explanation, LONGEST, "explanation", required=True)
    line.explained_at, line.explained_by_id = desk.now, desk.staff_id
    await line.save(update_fields=["explanation", "explained_at", "explained_by_id"])
    await _settle_state(stocktake)
    return stocktake


@act("draftMissing", StockMovement)
async def draft_missing(
    desk: Desk, *, stocktake_line_id: UUID, idempotency_key: str | None = None
) -> StockMovement:
    """The designated custodian drafts the movement that books the numbers of a line MISSING. It is signed and countersigned
    as ever.

    NOT_DESIGNATED; NO_DIFFERENCE unless the line is MISSING; WRONG_STATE; ALREADY_BOOKED; NOT_IN_STOCK when the book does
    not have them here any more, or a customer's issue holds them.
    """
    seen = await desk.open(StocktakeLine, stocktake_line_id)
    about = await Stocktake.get(id=seen.stocktake_id)
    place = await place_for(desk, about.institution_id)
    stocktake = await _held(about.id)
    seen.must_be_a(StocktakeFinding.MISSING)
    stocktake.must_be(*DIFFERING)
    line = await StocktakeLine.get(id=seen.id)
    if line.movement_id is not None and not await _reversed(line.movement_id):
        raise AlreadyBooked(
            "A movement books these numbers already. Have it countersigned, or withdraw it, first."
        )
    lying = await StockHolding.filter(
        product_id=stocktake.product_id,
        institution_id=place.id,
        state__in=BOOKABLE,
        first_serial__lte=line.last_serial,
        last_serial__gte=line.first_serial,
    ).order_by("first_serial")
    must_lie([line.range], lying)
    listed = common(((Range(one.first_serial, one.last_serial), one.state) for one in lying), [line.range])
    movement = await draft(
        desk,
        MovementKind.ADJUST,
        place,
        stocktake.product_id,
        [(one, StockState(state), StockState.MISSING) for one, state in listed],
        stocktake_id=stocktake.id,
        reason=f"missing in the {stocktake.kind} count of {business_day(stocktake.opened_at)}",
    )
    line.movement_id = movement.id
    await line.save(update_fields=["movement_id"])
    await _settle_state(stocktake)
    return movement


@act("closeStocktake", Stocktake)
async def close(
    desk: Desk,
    *,
    stocktake_id: UUID,
    version: int,
    note: str = "",
    idempotency_key: str | None = None,
) -> Stocktake:
    """A supervisor, the head or an officer above closes a count that was equal, or whose every difference is explained or
    booked. The account is counted on the day on which the second counter signed.

    STOCK_COUNTED_BY_KEEPER, WRONG_STATE before two have signed, STALE_VERSION; DIFFERENCE_UNEXPLAINED.
    """
    seen = await desk.open(Stocktake, stocktake_id, Action.RECORD)
    await must_not_keep(desk, seen.institution_id)
    # In the order of those who post: the account, then the stocktake.
    accounts = await hold_accounts(seen.product_id, [seen.institution_id])
    stocktake = await _held(seen.id)
    stocktake.must_be(StocktakeState.COUNTED, *DIFFERING)
    stocktake.must_be_seen(version)
    left = await _open_lines(stocktake)
    if left:
        raise DifferenceUnexplained(
            f"{len(left)} differences of this count are neither explained nor booked; the first begins at number "
            f"{left[0].first_serial:012}. Explain them, or have them booked."
        )
    stocktake.note = worded(note, LONGEST_NOTE, "note")
    stocktake.closed_at, stocktake.closed_by_id = desk.now, desk.staff_id
    await stocktake.change(StocktakeState.CLOSED, "note", "closed_at", "closed_by_id")
    assert stocktake.confirmed_at is not None  # what is closed was signed by both
    counted_on = business_day(stocktake.confirmed_at)
    account = accounts[stocktake.institution_id]
    if account.counted_on is None or account.counted_on < counted_on:
        await StockAccount.filter(id=account.id).update(counted_on=counted_on)
    return stocktake


async def before(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    """Of an ADJUST that books what a stocktake found missing: exactly that, while it is not closed."""
    if movement.stocktake_id is None:
        return
    await hold_accounts(movement.product_id, [movement.institution_id])
    stocktake = await _held(movement.stocktake_id)
    stocktake.must_be(*DIFFERING)
    line = await StocktakeLine.get_or_none(stocktake_id=stocktake.id, movement_id=movement.id)
    if line is None or compact([one.range for one in lines]) != [line.range]:
        raise NotWhatWasCounted(
            "This list is not what the count found missing. Withdraw the movement, and draft it from the line anew."
        )


async def after(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    if movement.stocktake_id is not None:
        await _settle_state(await _held(movement.stocktake_id))


async def refused(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    """The line is open again, and another movement may be drafted for it."""
    if movement.stocktake_id is not None:
        stocktake = await _held(movement.stocktake_id)
        await StocktakeLine.filter(stocktake_id=stocktake.id, movement_id=movement.id).update(
            movement_id=None
        )
        await _settle_state(stocktake)


async def _settle_state(stocktake: Stocktake) -> None:
    """EXPLAINED while nothing is left open, else DIFFERENCE."""
    left = await _open_lines(stocktake)
    await stocktake.change(StocktakeState.DIFFERENCE if left else StocktakeState.EXPLAINED)


async def _open_lines(stocktake: Stocktake) -> list[StocktakeLine]:
    """What is neither explained nor booked, and what a movement that is under way is about."""
    lines = await StocktakeLine.filter(stocktake_id=stocktake.id, finding__in=DIFFERENCES).order_by(
        "first_serial"
    )
    posted = StockMovement.filter(state=MovementState.POSTED)
    booked = await posted.filter(stocktake_id=stocktake.id).values_list("id", flat=True)
    back = await posted.filter(kind=MovementKind.REVERSE, source_id__in=list(booked)).values_list(
        "source_id", flat=True
    )
    stands = {as_uuid(one) for one in booked} - {as_uuid(one) for one in back}
    under_way = {
        as_uuid(one)
        for one in await StockMovement.filter(
            stocktake_id=stocktake.id, state__in=(MovementState.DRAFT, MovementState.SIGNED)
        ).values_list("id", flat=True)
    }
    return [
        line
        for line in lines
        if line.movement_id in under_way or not (line.movement_id in stands or line.explanation)
    ]


async def _reversed(movement_id: UUID) -> bool:
    return await StockMovement.exists(
        source_id=movement_id, kind=MovementKind.REVERSE, state=MovementState.POSTED
    )


async def _held(stocktake_id: UUID) -> Stocktake:
    return await Stocktake.filter(id=stocktake_id).select_for_update(no_key=True).get()
