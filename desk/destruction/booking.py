"""Booking a destruction: the movement of an approved and witnessed list, signed and countersigned as ever (Annex 1)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from desk.acts import act
from desk.desk import Desk
from desk.destruction.persons import all_different, witnesses_of
from desk.stock.drafting import draft, place_for
from desk.stock.holdings import Place, must_be_there
from models.custody import DestructionState, MovementKind, StockState
from models.destruction import DestructionChanged, DestructionLine, DestructionList
from models.errors import WrongState
from models.movements import MovementLine, StockMovement
from models.serials import compact

PASSAGE = (StockState.TO_DESTROY, StockState.DESTROYED)


@act("draftDestruction", StockMovement)
async def draft_destruction(
    desk: Desk, *, destruction_id: UUID, idempotency_key: str | None = None
) -> StockMovement:
    """The designated custodian drafts the movement that books the whole list DESTROYED.

    NOT_DESIGNATED; WRONG_STATE unless both sides approved, or while it is drafted already; NOT_WITNESSED until both have
    watched; NOT_IN_STOCK, DESTRUCTION_CHANGED.
    """
    seen = await desk.open(DestructionList, destruction_id)
    place = await place_for(desk, seen.institution_id)
    listed = await _held(seen.id)
    listed.must_be_witnessed()
    if listed.movement_id is not None:
        raise WrongState(
            "The movement of this list is drafted already. Have it signed, or withdraw it, first."
        )
    lines = await DestructionLine.filter(destruction_id=listed.id).order_by("first_serial")
    listed.must_still_say(lines)
    await must_be_there(
        listed.product_id, [line.range for line in lines], Place(place.id, StockState.TO_DESTROY)
    )
    movement = await draft(
        desk,
        MovementKind.DESTROY,
        place,
        listed.product_id,
        [(line.range, StockState.TO_DESTROY, StockState.DESTROYED) for line in lines],
        destruction_id=listed.id,
        reason=listed.reason,
    )
    listed.movement_id = movement.id
    await listed.change("movement_id")
    return movement


async def before(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    """Both approvals, both witnesses, the very list; and who signs has neither approved nor watched."""
    listed = await _of(movement)
    listed.must_be_witnessed()
    destroyed = await DestructionLine.filter(destruction_id=listed.id)
    listed.must_still_say(destroyed)
    if (
        listed.movement_id != movement.id
        or compact(line.range for line in lines) != compact(line.range for line in destroyed)
        or any((line.from_state, line.to_state) != PASSAGE for line in lines)
    ):
        raise DestructionChanged("This movement is not what the list says. Withdraw it, and draft it anew.")
    others = (listed.accounting_person_id, listed.audit_person_id, *await witnesses_of(listed))
    all_different((desk.actor.person_id, *others))


async def after(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    listed = await _of(movement)
    listed.state, listed.destroyed_at = DestructionState.DESTROYED, desk.now
    await listed.change("destroyed_at")


async def refused(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    """Another movement may be drafted for the list."""
    listed = await _of(movement)
    listed.movement_id = None
    await listed.change("movement_id")


async def _of(movement: StockMovement) -> DestructionList:
    assert movement.destruction_id is not None  # a DESTROY is drafted from a list
    return await _held(movement.destruction_id)


async def _held(destruction_id: UUID) -> DestructionList:
    return await DestructionList.filter(id=destruction_id).select_for_update(no_key=True).get()
