"""Dual signature (双人签字): the designated custodian signs, his own business supervisor countersigns, and only then it
moves (Notice 4)."""

from __future__ import annotations

from uuid import UUID

from authz import Action
from authz.duties import Duty
from desk.acts import act
from desk.desk import Desk
from desk.people.given import reason_of
from desk.people.separation import apart
from desk.stock.effects import EFFECTS
from desk.stock.posting import post
from desk.stock.seats import must_be_designated, must_be_his_supervisor
from models.custody import MovementKind, MovementState, SignatureStep, StockDuty
from models.movements import MovementLine, Signature, StockMovement


@act("signStockMovement", StockMovement)
async def sign(
    desk: Desk, *, movement_id: UUID, version: int, idempotency_key: str | None = None
) -> StockMovement:
    """The custodian whom the institution has designated for its stock signs the list as he has read it (`version`).

    Nothing moves yet. NOT_DESIGNATED, WRONG_STATE unless a DRAFT, STALE_VERSION, and what its kind refuses.
    """
    movement = await _held(desk, movement_id, Action.SIGN)
    movement.must_be(MovementState.DRAFT)
    movement.must_be_seen(version)
    seat = await must_be_designated(desk, movement.institution_id, StockDuty.STOCK)
    await _write(desk, movement, SignatureStep.SIGN, seat, await _ready(desk, movement))
    movement.state, movement.version = MovementState.SIGNED, movement.version + 1
    await movement.save(update_fields=["state", "version"])
    return movement


@act("countersignStockMovement", StockMovement)
async def countersign(
    desk: Desk, *, movement_id: UUID, version: int, idempotency_key: str | None = None
) -> StockMovement:
    """The business supervisor of the very custodian who signed countersigns, and the movement is posted.

    MOVEMENT_SIGNED_BY_ONE for one person under whatever staff number, NOT_HIS_SUPERVISOR, WRONG_STATE unless SIGNED,
    STALE_VERSION, MOVEMENT_CHANGED; NOT_IN_STOCK, STOCK_BEING_COUNTED, and what its kind refuses.
    """
    movement = await _held(desk, movement_id, Action.COUNTERSIGN)
    movement.must_be(MovementState.SIGNED)
    movement.must_be_seen(version)
    signed = await Signature.get(movement_id=movement.id, step=SignatureStep.SIGN, voided_at__isnull=True)
    apart(Duty.CARD_MOVEMENT, signed.person_id, desk.actor.person_id)
    seat = await must_be_his_supervisor(desk, signed.for_staff_id)
    lines = await _ready(desk, movement)
    await _write(desk, movement, SignatureStep.COUNTERSIGN, seat, lines)
    movement.state, movement.version = MovementState.POSTED, movement.version + 1
    movement.posted_at, movement.posted_on = desk.now, desk.today
    await movement.save(update_fields=["state", "version", "posted_at", "posted_on"])
    effect = EFFECTS[MovementKind(movement.kind)]
    await post(
        movement.product_id,
        effect.moves(movement, lines),
        movement_id=movement.id,
        now=desk.now,
        today=desk.today,
    )
    if effect.after is not None:
        await effect.after(desk, movement, lines)
    return movement


@act("rejectStockMovement", StockMovement)
async def reject(
    desk: Desk, *, movement_id: UUID, version: int, reason: str, idempotency_key: str | None = None
) -> StockMovement:
    """A supervisor of the institution does not countersign it, and says why. It is over, and has moved nothing.

    WRONG_STATE once it is posted or rejected, STALE_VERSION; BAD_USER_INPUT without a reason.
    """
    movement = await _held(desk, movement_id, Action.REJECT)
    return await _refuse(desk, movement, version, reason)


@act("withdrawStockMovement", StockMovement)
async def withdraw(
    desk: Desk, *, movement_id: UUID, version: int, reason: str, idempotency_key: str | None = None
) -> StockMovement:
    """The designated custodian takes his list back before it is posted. NOT_DESIGNATED, WRONG_STATE, STALE_VERSION."""
    movement = await _held(desk, movement_id, Action.PROPOSE)
    await must_be_designated(desk, movement.institution_id, StockDuty.STOCK)
    return await _refuse(desk, movement, version, reason)


async def _refuse(desk: Desk, movement: StockMovement, version: int, reason: str) -> StockMovement:
    movement.must_be(MovementState.DRAFT, MovementState.SIGNED)
    movement.must_be_seen(version)
    await movement.reject(reason_of(reason), now=desk.now, by=desk.staff_id)
    effect = EFFECTS[MovementKind(movement.kind)]
    if effect.refused is not None:
        await effect.refused(desk, movement, await MovementLine.filter(movement_id=movement.id))
    return movement


async def _held(desk: Desk, movement_id: UUID, action: Action) -> StockMovement:
    """Opened for the act, then locked: whoever comes second sees what the first has done."""
    seen = await desk.open(StockMovement, movement_id, action)
    return await StockMovement.filter(id=seen.id).select_for_update(no_key=True).get()


async def _ready(desk: Desk, movement: StockMovement) -> list[MovementLine]:
    """Its list, still what the digest says, and nothing about its kind stands against it."""
    lines = await MovementLine.filter(movement_id=movement.id).order_by("first_serial")
    movement.must_still_say(lines)
    before = EFFECTS[MovementKind(movement.kind)].before
    if before is not None:
        await before(desk, movement, lines)
    return lines


async def _write(
    desk: Desk, movement: StockMovement, step: SignatureStep, seat: UUID, lines: list[MovementLine]
) -> None:
    await Signature.create(
        movement_id=movement.id,
        step=step,
        staff_id=desk.staff_id,
        person_id=desk.actor.person_id,
        for_staff_id=seat,
        institution_id=movement.institution_id,
        digest=movement.content(lines),
        signed_at=desk.now,
        session_id=desk.session_id,
    )
