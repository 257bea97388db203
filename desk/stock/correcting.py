"""Correcting: a list that was drafted is written anew, and cards change their state where they lie (Notice 4, Annex 1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from desk.acts import act
from desk.desk import Desk
from desk.people.given import reason_of
from desk.stock.drafting import draft, list_anew, place_for, ranges_of
from desk.stock.effects import EFFECTS
from desk.stock.holdings import NotInStock, Place, must_be_there
from models.comparing import common
from models.custody import MovementKind, MovementState, StockState
from models.errors import BadInput
from models.movements import MovementLine, StockMovement
from models.products import CardProduct
from models.serials import Range

CHANGES: dict[tuple[StockState, StockState], MovementKind] = {
    (StockState.IN_STOCK, StockState.SPOILED): MovementKind.VOID,
    (StockState.SPOILED, StockState.TO_DESTROY): MovementKind.ADJUST,
    (StockState.RETURNED, StockState.TO_DESTROY): MovementKind.ADJUST,
    (StockState.IN_STOCK, StockState.MISSING): MovementKind.ADJUST,
    (StockState.SPOILED, StockState.MISSING): MovementKind.ADJUST,
    (StockState.RETURNED, StockState.MISSING): MovementKind.ADJUST,
    (StockState.TO_DESTROY, StockState.MISSING): MovementKind.ADJUST,
    (StockState.MISSING, StockState.IN_STOCK): MovementKind.ADJUST,
    (StockState.MISSING, StockState.TO_DESTROY): MovementKind.ADJUST,
}
"""What may become what at one institution, and by which kind of movement. 作废 is a kind of its own."""


@act("draftStockChange", StockMovement)
async def draft_change(
    desk: Desk,
    *,
    institution_id: UUID,
    product_id: UUID,
    ranges: Sequence[Any],
    from_state: StockState,
    to_state: StockState,
    reason: str,
    idempotency_key: str | None = None,
) -> StockMovement:
    """The designated custodian voids spoiled cards, sets void ones aside to be destroyed, or books missing ones.

    NOT_DESIGNATED, NOT_IN_STOCK; BAD_USER_INPUT for a change that is none, or without a reason; BAD_RANGE, NUMBER_TWICE.
    """
    place = await place_for(desk, institution_id)
    kind = CHANGES.get((from_state, to_state))
    if kind is None:
        raise BadInput(f"Cards that are {from_state} do not become {to_state} in this way.", field="toState")
    product = await desk.open(CardProduct, product_id)
    listed = await ranges_of(product, ranges)
    await must_be_there(product.id, listed, Place(place.id, from_state))
    await _must_be_good(product.id, listed, from_state, to_state)
    return await draft(
        desk,
        kind,
        place,
        product.id,
        [(one, from_state, to_state) for one in listed],
        reason=reason_of(reason),
    )


@act("editStockMovement", StockMovement)
async def edit(
    desk: Desk,
    *,
    movement_id: UUID,
    version: int,
    ranges: Sequence[Any],
    idempotency_key: str | None = None,
) -> StockMovement:
    """The designated custodian writes the list of a movement anew before it is posted. Whatever was signed is void.

    NOT_DESIGNATED, WRONG_STATE, STALE_VERSION; BAD_USER_INPUT for a kind whose list follows from something else, or
    for a receipt with defects, which is withdrawn and drafted anew; NOT_IN_STOCK, BAD_RANGE, NUMBER_TWICE.
    """
    seen = await desk.open(StockMovement, movement_id)
    await place_for(desk, seen.institution_id)
    movement = await StockMovement.filter(id=seen.id).select_for_update(no_key=True).get()
    movement.must_be(MovementState.DRAFT, MovementState.SIGNED)
    movement.must_be_seen(version)
    lines = await MovementLine.filter(movement_id=movement.id)
    passages = {(line.from_state, line.to_state) for line in lines}
    edited = EFFECTS[MovementKind(movement.kind)].edited and movement.card_id is None
    if not edited or len(passages) != 1:
        raise BadInput(
            "This list is not written anew. Withdraw the movement, and draft another.", field="movementId"
        )
    ((was, becomes),) = passages
    product = await CardProduct.get(id=movement.product_id)
    listed = await ranges_of(product, ranges)
    source = StockState(was) if was else None
    if source is not None:
        await must_be_there(product.id, listed, Place(movement.institution_id, source))
        await _must_be_good(product.id, listed, source, StockState(becomes))
    await list_anew(desk, movement, [(one, source, StockState(becomes)) for one in listed])
    return movement


async def _must_be_good(
    product_id: UUID, listed: Sequence[Range], was: StockState, becomes: StockState
) -> None:
    """What was void, or a customer's, when it went missing is not found again as a good card: NOT_IN_STOCK."""
    if (was, becomes) != (StockState.MISSING, StockState.IN_STOCK):
        return
    lines = MovementLine.filter(
        product_id=product_id,
        movement__state=MovementState.POSTED,
        to_state=StockState.MISSING,
        first_serial__lte=listed[-1].last,
        last_serial__gte=listed[0].first,
    ).exclude(from_state=StockState.IN_STOCK)
    for line in await lines:
        for one, _ in common([(line.range, "")], listed):
            raise NotInStock(
                f"Number {one.first:012} was no good card when it went missing. List it as TO_DESTROY by itself."
            )
