"""Supervision lines (业务主管): whose lists a business supervisor countersigns, from a moment to a moment (Notice 4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from authz import Action, Kind, Role
from authz.duties import Duty
from desk.acts import act
from desk.desk import Desk
from desk.errors import Forbidden
from desk.people.cover import Covered, covered_by, deputies_of
from desk.people.given import end_of, moment, open_after, reason_of
from desk.people.grants import led_from
from desk.people.separation import apart, not_himself
from models.errors import AlreadyEnded, Refusal
from models.institutions import Institution, SupervisionLine
from models.people import Assignment, Person, Staff


class NotSupervisorHere(Refusal):
    """业务主管: one who holds the supervisor's role at a branch where the other is custodian."""

    code = "NOT_SUPERVISOR_HERE"
    article = "Notice 4"


class AlreadySupervised(Refusal):
    code = "ALREADY_SUPERVISED"
    article = "Notice 4"


@act("setSupervisor", SupervisionLine)
async def set_supervisor(
    desk: Desk,
    *,
    staff_id: UUID,
    supervisor_id: UUID,
    valid_from: dt.datetime | None = None,
    valid_to: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> SupervisionLine:
    """Who may designate a custodian also says who supervises him: the head of the centre, or an officer above (Notice 4).

    It grants no role: the supervisor holds his at that branch already, else NOT_SUPERVISOR_HERE. The line stands beside
    others, of which each is ended by itself. SELF_GRANT for who would be in it; MOVEMENT_SIGNED_BY_ONE for one person
    under two numbers, or who fills the other's seat meanwhile; ALREADY_SUPERVISED, BACKDATED, BAD_PERIOD.
    """
    staff, supervisor = await desk.open(Staff, staff_id), await desk.open(Staff, supervisor_id)
    start = moment(valid_from, desk.now, "validFrom")
    end = end_of(start, valid_to)
    kept = await _led(desk, await _posts(staff.id, Role.CARD_CUSTODIAN, start))
    not_himself(desk.actor.person_id, staff.person_id)
    not_himself(desk.actor.person_id, supervisor.person_id)
    apart(Duty.CARD_MOVEMENT, staff.person_id, supervisor.person_id)
    await _at_work(staff, supervisor)
    overseen = await _posts(supervisor.id, Role.CARD_SUPERVISOR, start)
    if not {place.acting_path for place in kept} & {place.acting_path for place in overseen}:
        raise NotSupervisorHere(
            f"{supervisor.name} is no business supervisor where {staff.name} keeps cards. Have the role granted first.",
            field="supervisorId",
        )
    await _must_stay_two(staff, supervisor, kept, overseen, start, end)
    await Staff.rights_changed({supervisor.id, *await deputies_of([supervisor.id], desk.now)})
    await _must_not_be_set(staff, supervisor, start, end)
    return await SupervisionLine.create(
        staff_id=staff.id,
        supervisor_id=supervisor.id,
        valid_from=start,
        valid_to=end,
        recorded_at=desk.now,
        recorded_by_id=desk.staff_id,
    )


@act("endSupervision", SupervisionLine)
async def end_supervision(
    desk: Desk,
    *,
    supervision_line_id: UUID,
    reason: str,
    at: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> SupervisionLine:
    """Whoever could set it ends a line, now or at a later moment. What the custodian has signed and nobody has
    countersigned then waits for another supervisor of his. ALREADY_ENDED, SELF_GRANT, BACKDATED."""
    seen = await desk.open(SupervisionLine, supervision_line_id)
    end, why = moment(at, desk.now), reason_of(reason)
    staff, supervisor = await Staff.get(id=seen.staff_id), await Staff.get(id=seen.supervisor_id)
    custodian, overseer = Role.CARD_CUSTODIAN, Role.CARD_SUPERVISOR
    await _led(
        desk,
        await _posts(staff.id, custodian, desk.now) or await _posts(supervisor.id, overseer, desk.now),
    )
    not_himself(desk.actor.person_id, staff.person_id)
    not_himself(desk.actor.person_id, supervisor.person_id)
    await Staff.rights_changed({supervisor.id, *await deputies_of([supervisor.id], desk.now)})
    line = await SupervisionLine.filter(id=seen.id).select_for_update(no_key=True).get()
    if line.valid_to is not None and line.valid_to <= end:
        raise AlreadyEnded("This line is over by then. Nothing was changed.")
    await line.end(at=max(end, line.valid_from), now=desk.now, by=desk.staff_id, reason=why)
    return line


async def _posts(staff_id: UUID, role: Role, at: dt.datetime) -> list[Institution]:
    """Where he holds the role at that moment."""
    rows = (
        await Assignment.filter(staff_id=staff_id, role=role).prefetch_related("institution").order_by("id")
    )
    return [row.institution for row in rows if row.holds(at)]


async def _led(desk: Desk, places: Iterable[Institution]) -> list[Institution]:
    """Those of the places that this person leads. Forbidden when there is none."""
    found = [place for place in places if await led_from(desk, place, Action.DESIGNATE, Kind.DESIGNATION)]
    if not found:
        raise Forbidden(
            "He keeps no cards at an institution in your charge. Ask the head of his, or an officer."
        )
    return found


async def _at_work(staff: Staff, supervisor: Staff) -> None:
    """Both are held, in the order of their keys, so that no leaving is recorded beside this. STAFF_HAS_LEFT."""
    ids = [staff.person_id, supervisor.person_id]
    await Person.filter(id__in=ids).order_by("id").select_for_update(no_key=True)
    for one in await Staff.filter(id__in=[staff.id, supervisor.id]):
        one.must_work_here()


async def _must_stay_two(
    staff: Staff,
    supervisor: Staff,
    kept: list[Institution],
    overseen: list[Institution],
    start: dt.datetime,
    end: dt.datetime | None,
) -> None:
    """Neither fills the other's kind of seat at the same place in that time (代班)."""
    for person, role, places in (
        (supervisor.person_id, Role.CARD_CUSTODIAN, kept),
        (staff.person_id, Role.CARD_SUPERVISOR, overseen),
    ):
        if {Covered(role, place.id) for place in places} & await covered_by(person, start, end):
            apart(Duty.CARD_MOVEMENT, person, person)


async def _must_not_be_set(
    staff: Staff, supervisor: Staff, start: dt.datetime, end: dt.datetime | None
) -> None:
    lines = SupervisionLine.filter(open_after(start), staff_id=staff.id, supervisor_id=supervisor.id)
    if any(end is None or line.valid_from < end for line in await lines):
        raise AlreadySupervised(
            f"{supervisor.name} is his business supervisor in a part of that time already. Choose other dates.",
            field="validFrom",
        )
