"""Designations (指定人员): an institution names who orders its cards and who keeps them, from a day to a day (Notice 4)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from authz import Action, Kind
from desk.acts import act
from desk.desk import Desk
from desk.people.given import end_of, moment, reason_of, word
from desk.people.grants import must_lead
from desk.people.separation import not_himself
from desk.stock.charge import (
    hold_stock,
    holds_cards,
    is_kept,
    keepers,
    must_be_custodian,
    must_have_nothing_signed,
    rights_changed,
)
from models.custody import StockDuty
from models.designations import AlreadyDesignated, Designation, StockNotHandedOver
from models.institutions import Institution
from models.people import Person, Staff


@act("designateCustodian", Designation)
async def designate(
    desk: Desk,
    *,
    staff_id: UUID,
    institution_id: UUID,
    duty: StockDuty,
    reason: str,
    valid_from: dt.datetime | None = None,
    valid_to: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Designation:
    """The head of the centre, or an officer at or above the branch, names one of its custodians for a duty (Notice 4).

    He holds the role at this very institution for all that time: NOT_CUSTODIAN_HERE. SELF_GRANT, STAFF_HAS_LEFT,
    INSTITUTION_MERGED, BACKDATED, BAD_PERIOD; ALREADY_DESIGNATED for a duty that he has in a part of that time. Beside
    one who keeps the cards another may be named; where cards lie that nobody at work is designated for,
    STOCK_NOT_HANDED_OVER: they pass by a list (desk/stock_handovers.py).
    """
    place = await desk.open(Institution, institution_id)
    await must_lead(desk, place, Action.DESIGNATE, Kind.DESIGNATION)
    place.must_be_in_service()
    named = await desk.open(Staff, staff_id)
    not_himself(desk.actor.person_id, named.person_id)
    wanted = word(StockDuty, duty, "duty")
    start = moment(valid_from, desk.now, "validFrom")
    end, why = end_of(start, valid_to), reason_of(reason)
    # With the person held, what he is named for, and his leaving, come one after another.
    await Person.filter(id=named.person_id).select_for_update(no_key=True).get()
    await rights_changed([named.id], desk.now)
    staff = await Staff.get(id=named.id)
    staff.must_work_here()
    await must_be_custodian(staff, place, start, end, "staffId")
    held = await Designation.filter(staff_id=staff.id, institution_id=place.id, duty=wanted)
    if any(row.overlaps(start, end) for row in held):
        raise AlreadyDesignated(
            f"{staff.name} is designated for this at {place.name} in a part of that time already. Choose other dates.",
            field="validFrom",
        )
    if wanted is StockDuty.STOCK:
        await _must_not_pass_by(staff, place, start, desk.now)
    return await Designation.create(
        staff_id=staff.id,
        institution_id=place.id,
        duty=wanted,
        reason=why,
        valid_from=start,
        valid_to=end,
        recorded_at=desk.now,
        recorded_by_id=desk.staff_id,
    )


@act("endDesignation", Designation)
async def end_designation(
    desk: Desk, *, designation_id: UUID, reason: str, idempotency_key: str | None = None
) -> Designation:
    """Whoever could make it ends it, now; one that is still to come never begins. ALREADY_ENDED, SELF_GRANT.

    While cards lie there, that for keeping them ends only when they are handed over: STOCK_NOT_HANDED_OVER. Nor with
    a list that he has signed and nobody has countersigned: SIGNED_MOVEMENTS_OPEN. Who leaves the bank loses it with
    all else (desk/people/leaving.py).
    """
    seen = await desk.open(Designation, designation_id)
    place = await Institution.get(id=seen.institution_id)
    await must_lead(desk, place, Action.DESIGNATE, Kind.DESIGNATION)
    staff = await Staff.get(id=seen.staff_id)
    not_himself(desk.actor.person_id, staff.person_id)
    why = reason_of(reason)
    await rights_changed([staff.id], desk.now)
    held = await Designation.filter(id=seen.id).select_for_update(no_key=True).get()
    held.must_be_open(desk.now)
    if held.duty == StockDuty.STOCK and held.valid_from <= desk.now:
        await hold_stock(place.id)
        await must_have_nothing_signed(staff, place.id)
        if await holds_cards(place.id):
            raise StockNotHandedOver(
                f"{place.name} has cards in the charge of {staff.name}. Have a handover list drawn up and signed: with "
                "the last signature the designation passes."
            )
    await held.end(at=max(desk.now, held.valid_from), now=desk.now, by=desk.staff_id, reason=why)
    return held


async def _must_not_pass_by(staff: Staff, place: Institution, start: dt.datetime, now: dt.datetime) -> None:
    """Cards do not come into somebody's charge by his being named, but by a list (交接)."""
    await hold_stock(place.id)
    charged = await keepers(place.id, now)
    if (
        charged
        and staff.id not in charged
        and not await is_kept(place.id, start)
        and await holds_cards(place.id)
    ):
        raise StockNotHandedOver(
            f"The cards of {place.name} are in another's charge, who is not there to keep them beside {staff.name}. "
            "Have a handover list drawn up and signed: with the last signature the designation passes.",
            field="staffId",
        )
