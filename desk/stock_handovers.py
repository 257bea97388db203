"""Stock handover (交接): the cards in a custodian's charge pass to another by a list that three persons sign (Notice 4)."""

from __future__ import annotations

from uuid import UUID

from authz import Action, Kind
from authz.duties import Duty
from desk.acts import act
from desk.desk import Desk
from desk.handovers import must_see_lists, sees_lists
from desk.people.given import open_after, reason_of
from desk.people.grants import must_lead
from desk.people.separation import apart, not_himself
from desk.stock.charge import (
    custodian_until,
    hold_still,
    keepers,
    list_of,
    must_have_nothing_signed,
    rights_changed,
)
from models.custody import StockDuty
from models.designations import Designation
from models.handovers import HandoverOpen, NothingToHandOver
from models.institutions import Institution
from models.people import Staff
from models.stock_handovers import (
    GiverCanSign,
    NotInCharge,
    SecondWitnessRequired,
    StockHandover,
    StockHandoverLine,
)
from models.vocabulary import HandoverState

AT_ONCE = 500


@act("drawUpStockHandover", StockHandover)
async def draw_up(
    desk: Desk,
    *,
    giver_id: UUID,
    receiver_id: UUID,
    witness_id: UUID,
    institution_id: UUID,
    reason: str,
    second_witness_id: UUID | None = None,
    idempotency_key: str | None = None,
) -> StockHandover:
    """The head of the centre, or an officer at or above the branch, lists all cards that lie there (Notice 4).

    Different persons: HANDOVER_BY_ONE; SELF_GRANT when who draws up would receive. The giver has them in his charge:
    NOT_IN_CHARGE. The receiver is custodian there: NOT_CUSTODIAN_HERE. Who watches sees such lists: WITNESS_NOT_HERE.
    A giver who has left, is suspended or has lost his post does not sign, and a second witness counts in his place:
    SECOND_WITNESS_REQUIRED, and GIVER_CAN_SIGN where none is needed. HANDOVER_OPEN while another list of the giver
    is; STOCK_BEING_COUNTED; SIGNED_MOVEMENTS_OPEN; NOTHING_TO_HAND_OVER. Nothing passes before all have signed.
    """
    place = await desk.open(Institution, institution_id)
    await must_lead(desk, place, Action.PROPOSE, Kind.STOCK_HANDOVER)
    giver, receiver = await desk.open(Staff, giver_id), await desk.open(Staff, receiver_id)
    witness = await desk.open(Staff, witness_id)
    second = await desk.open(Staff, second_witness_id) if second_witness_id is not None else None
    apart(Duty.HANDOVER, giver.person_id, receiver.person_id, witness.person_id)
    if second is not None:
        apart(Duty.HANDOVER, giver.person_id, receiver.person_id, second.person_id)
        apart(Duty.HANDOVER, second.person_id, receiver.person_id, witness.person_id)
    not_himself(desk.actor.person_id, receiver.person_id)
    why = reason_of(reason)
    await hold_still(place.id)
    if await StockHandover.exists(giver_id=giver.id, institution_id=place.id, state=HandoverState.DRAWN_UP):
        raise HandoverOpen(f"Another list of {giver.name} is open. Have it signed, or call it off, first.")
    await _must_be_in_charge(desk, giver, place)
    await must_have_nothing_signed(giver, place.id)
    await custodian_until(receiver, place, desk.now, "receiverId")
    await _must_be_witnessed(desk, giver, witness, second, place)
    lines = await list_of(place.id)
    if not lines:
        raise NothingToHandOver(
            f"No cards lie at {place.name}. End the designation, and make another.", field="institutionId"
        )
    handover = StockHandover(
        giver_id=giver.id,
        receiver_id=receiver.id,
        witness_id=witness.id,
        second_witness_id=second.id if second is not None else None,
        institution_id=place.id,
        state=HandoverState.DRAWN_UP,
        quantity=sum(line.quantity for line in lines),
        reason=why,
        drawn_up_at=desk.now,
        drawn_up_by_id=desk.staff_id,
    )
    handover.digest = handover.content(lines)
    await handover.save()
    for line in lines:
        line.handover_id = handover.id
    await StockHandoverLine.bulk_create(lines, batch_size=AT_ONCE)
    return handover


@act("signStockHandover", StockHandover)
async def sign(desk: Desk, *, stock_handover_id: UUID, idempotency_key: str | None = None) -> StockHandover:
    """Giver, receiver and witness sign, each himself and once, for the very cards that are on the list.

    With the last signature the giver's designation for the stock ends, and in that second the receiver's begins, unless
    he has one. NOT_HIS_TO_SIGN, ALREADY_SIGNED, WRONG_STATE; HANDOVER_CHANGED when a card has come, gone or changed
    its state; STOCK_BEING_COUNTED; SIGNED_MOVEMENTS_OPEN; NOT_IN_CHARGE, NOT_CUSTODIAN_HERE by what is true now.
    """
    seen = await desk.open(StockHandover, stock_handover_id)
    seen.may_be_signed_by(desk.staff_id)
    handover = await _held(seen)
    handover.may_be_signed_by(desk.staff_id)
    if handover.lacks_only(desk.staff_id):
        # Whatever the two are signing for at this moment is finished first, and seen below.
        await rights_changed([handover.giver_id, handover.receiver_id], desk.now)
    giver, receiver = await Staff.get(id=handover.giver_id), await Staff.get(id=handover.receiver_id)
    place = await Institution.get(id=handover.institution_id)
    await hold_still(place.id)
    handover.must_still_say(await list_of(place.id))
    await _must_be_in_charge(desk, giver, place)
    await must_have_nothing_signed(giver, place.id)
    await custodian_until(receiver, place, desk.now, "receiverId")
    await handover.sign(desk.staff_id, desk.now)
    if handover.is_signed:
        await _pass(desk, handover, giver, receiver, place)
    return handover


@act("callOffStockHandover", StockHandover)
async def call_off(
    desk: Desk, *, stock_handover_id: UUID, idempotency_key: str | None = None
) -> StockHandover:
    """Whoever could draw it up calls a list off before the last signature. WRONG_STATE after that."""
    seen = await desk.open(StockHandover, stock_handover_id, Action.PROPOSE)
    place = await Institution.get(id=seen.institution_id)
    await must_lead(desk, place, Action.PROPOSE, Kind.STOCK_HANDOVER)
    handover = await _held(seen)
    await handover.call_off()
    return handover


async def _pass(
    desk: Desk, handover: StockHandover, giver: Staff, receiver: Staff, place: Institution
) -> None:
    """The one is no longer designated for the stock, the other is, for as long as he is custodian there."""
    open_ones = Designation.filter(
        open_after(desk.now), institution_id=place.id, duty=StockDuty.STOCK
    ).order_by("valid_from")
    for row in await open_ones.filter(staff_id=giver.id).select_for_update(no_key=True):
        await row.end(
            at=max(desk.now, row.valid_from),
            now=desk.now,
            by=desk.staff_id,
            reason=f"handed over to {receiver.number}",
        )
    his = await open_ones.filter(staff_id=receiver.id)
    if any(row.valid_from <= desk.now for row in his):
        return
    ends = [row.valid_from for row in his]
    until = await custodian_until(receiver, place, desk.now, "receiverId")
    await Designation.create(
        staff_id=receiver.id,
        institution_id=place.id,
        duty=StockDuty.STOCK,
        reason=f"handed over by {giver.number}",
        valid_from=desk.now,
        valid_to=min([*ends, *([until] if until is not None else [])], default=None),
        recorded_at=desk.now,
        recorded_by_id=handover.drawn_up_by_id,
    )


async def _must_be_in_charge(desk: Desk, giver: Staff, place: Institution) -> None:
    if giver.id not in await keepers(place.id, desk.now):
        raise NotInCharge(
            f"The cards of {place.name} are not in the charge of {giver.name}. Name the one who is designated for them, or "
            "who was last.",
            field="giverId",
        )


async def _must_be_witnessed(
    desk: Desk, giver: Staff, witness: Staff, second: Staff | None, place: Institution
) -> None:
    """One watches, and where the giver cannot sign, two."""
    await must_see_lists(desk, witness, place, Kind.STOCK_HANDOVER)
    signs = await sees_lists(desk, giver.id, place, Kind.STOCK_HANDOVER)
    if second is None:
        if not signs:
            raise SecondWitnessRequired(
                f"{giver.name} cannot sign for his cards. Name a second witness, who counts them in his place.",
                field="secondWitnessId",
            )
        return
    if signs:
        raise GiverCanSign(
            f"{giver.name} is at work, and signs for his cards himself. Leave the second witness out.",
            field="secondWitnessId",
        )
    await must_see_lists(desk, second, place, Kind.STOCK_HANDOVER, "secondWitnessId")


async def _held(seen: StockHandover) -> StockHandover:
    return await StockHandover.filter(id=seen.id).select_for_update(no_key=True).get()
