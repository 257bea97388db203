"""Reversing (冲正): what was posted stays, and is put right by a movement the other way round, signed as it was (Notice 4)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from desk.acts import act
from desk.desk import Desk
from desk.people.given import reason_of
from desk.stock import receiving
from desk.stock.drafting import Passage, draft, place_for
from desk.stock.holdings import Place
from desk.stock.posting import Move
from models.custody import MovementKind, MovementState, StockState
from models.errors import Refusal
from models.movements import MovementLine, StockMovement
from models.orders import CardOrder

REVERSIBLE = (MovementKind.RECEIPT, MovementKind.ALLOCATE_OUT, MovementKind.VOID, MovementKind.ADJUST)
"""An arrival is sent back, and a card that was issued is taken back, by movements of their own. Destroyed is destroyed, and
a customer's card that was voided stays void: its number is never used again."""


class NotReversible(Refusal):
    code = "NOT_REVERSIBLE"
    article = "Notice 4"


@act("draftReversal", StockMovement)
async def draft_reversal(
    desk: Desk, *, movement_id: UUID, reason: str, idempotency_key: str | None = None
) -> StockMovement:
    """The designated custodian drafts the reverse of a posted movement of his own stock, whole, with a reason.

    NOT_DESIGNATED; WRONG_STATE unless it is posted, or for a receipt of an order that is settled; NOT_REVERSIBLE for its
    kind, when it was taken in meanwhile, or when it is reversed already.
    """
    posted = await desk.open(StockMovement, movement_id)
    place = await place_for(desk, posted.institution_id)
    posted.must_be(MovementState.POSTED)
    await _must_be_reversible(posted)
    others = StockMovement.filter(source_id=posted.id, kind=MovementKind.REVERSE)
    if await others.exclude(state=MovementState.REJECTED).exists():
        raise NotReversible(
            "A movement that reverses this one is posted, or drafted already. Look for it; a draft is signed, or withdrawn.",
            field="movementId",
        )
    lines = await MovementLine.filter(movement_id=posted.id).order_by("first_serial")
    return await draft(
        desk,
        MovementKind.REVERSE,
        place,
        posted.product_id,
        [_back(line) for line in lines],
        source_id=posted.id,
        other_id=posted.other_id,
        order_id=posted.order_id,
        reason=reason_of(reason),
    )


def _back(line: MovementLine) -> Passage:
    was = StockState(line.from_state) if line.from_state else None
    return line.range, StockState(line.to_state), was


def moves(movement: StockMovement, lines: Sequence[MovementLine]) -> list[Move]:
    return [Move((line.range,), _source(movement, line), _target(movement, line)) for line in lines]


async def before(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    """What else it changes is held before the accounts, as its own acts hold it: else each could wait for the other."""
    posted = await _reversed(movement)
    if posted.kind == MovementKind.RECEIPT:
        await receiving.held(posted)
    if posted.kind == MovementKind.ALLOCATE_OUT:
        await StockMovement.filter(source_id=posted.id, kind=MovementKind.ALLOCATE_IN).select_for_update(
            no_key=True
        )
    await _must_be_reversible(posted)


async def after(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    """What hung on the posted movement is undone with it: its order is open again, its arrival will not come."""
    posted = await _reversed(movement)
    if posted.kind == MovementKind.RECEIPT:
        sent = await MovementLine.filter(movement_id=posted.id)
        await receiving.taken_back(posted, sent)
    if posted.kind == MovementKind.ALLOCATE_OUT:
        await (
            StockMovement.filter(source_id=posted.id, kind=MovementKind.ALLOCATE_IN)
            .exclude(state=MovementState.REJECTED)
            .update(
                state=MovementState.REJECTED,
                rejected_at=desk.now,
                rejected_by_id=desk.staff_id,
                reject_reason="The sender has reversed the transfer.",
            )
        )


def _source(movement: StockMovement, line: MovementLine) -> Place:
    state = StockState(line.from_state)
    if state is StockState.IN_TRANSIT:
        return Place(movement.institution_id, state, to=movement.other_id, movement_id=movement.source_id)
    return Place(movement.institution_id, state)


def _target(movement: StockMovement, line: MovementLine) -> Place | None:
    return Place(movement.institution_id, StockState(line.to_state)) if line.to_state else None


async def _reversed(movement: StockMovement) -> StockMovement:
    return await StockMovement.get(id=movement.source_id)


async def _must_be_reversible(posted: StockMovement) -> None:
    if posted.kind not in REVERSIBLE or posted.card_id is not None:
        raise NotReversible(
            f"A movement of the kind {posted.kind} is not reversed. Draft one that takes the cards on from where they are.",
            field="movementId",
        )
    if posted.kind == MovementKind.RECEIPT:
        receiving.must_not_be_settled(await CardOrder.get(id=posted.order_id))
    arrived = StockMovement.filter(
        source_id=posted.id, kind=MovementKind.ALLOCATE_IN, state=MovementState.POSTED
    )
    if posted.kind == MovementKind.ALLOCATE_OUT and await arrived.exists():
        raise NotReversible(
            "This transfer has been taken in. Have the receiver send the cards back.", field="movementId"
        )
