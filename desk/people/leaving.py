"""Suspension, and leaving: access stops at a moment, everywhere, and customers are not left behind."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise.expressions import Q

from authz import Action
from desk.acts import act
from desk.desk import Desk
from desk.people.given import end_of, moment, open_after, reason_of
from desk.people.handover import hand_over_all
from desk.people.separation import not_himself
from desk.tree import hold_tree
from models.base import Dated
from models.designations import Designation
from models.errors import Refusal
from models.institutions import SupervisionLine
from models.people import Assignment, Delegation, Person, Session, Staff, Suspension


class NotSuspended(Refusal):
    code = "NOT_SUSPENDED"


@act("suspendStaff", Staff)
async def suspend(
    desk: Desk,
    *,
    staff_id: UUID,
    reason: str,
    valid_from: dt.datetime | None = None,
    valid_to: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Staff:
    """停职: the security administrator stops somebody's access, from now or a later moment, for a time or for good.

    His sessions end, at once or at their first use in that time. His customers stay his, and their branch sees
    them; a delegation covers the absence. Suspensions may overlap. SELF_GRANT, STAFF_HAS_LEFT, BACKDATED.
    """
    staff = await _somebody(desk, staff_id)
    staff.must_work_here()
    start = moment(valid_from, desk.now, "validFrom")
    why = reason_of(reason)
    await Suspension.create(
        staff_id=staff.id,
        reason=why,
        valid_from=start,
        valid_to=end_of(start, valid_to),
        recorded_at=desk.now,
        recorded_by_id=desk.staff_id,
    )
    await Staff.rights_changed([staff.id])
    if start <= desk.now:
        await Session.end_all(staff.id, desk.now, "SUSPENDED")
    await staff.refresh_from_db()
    return staff


@act("liftSuspension", Staff)
async def lift(
    desk: Desk,
    *,
    staff_id: UUID,
    reason: str,
    at: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Staff:
    """End every suspension of somebody that is not over, now or at a later moment. He signs in anew.

    NOT_SUSPENDED when there is none whose end could still be said. SELF_GRANT, BACKDATED.
    """
    staff = await _somebody(desk, staff_id)
    end, why = moment(at, desk.now), reason_of(reason)
    rows = await Suspension.filter(open_after(end), staff_id=staff.id, ended_at__isnull=True).order_by("id")
    if not rows:
        raise NotSuspended(f"{staff.name} is not suspended at that moment. Nothing was changed.")
    for row in rows:
        await row.end(at=max(end, row.valid_from), now=desk.now, by=desk.staff_id, reason=why)
    await Staff.rights_changed([staff.id])
    await staff.refresh_from_db()
    return staff


@act("recordLeaving", Staff)
async def leave(
    desk: Desk,
    *,
    staff_id: UUID,
    reason: str,
    at: dt.datetime | None = None,
    receiver_id: UUID | None = None,
    idempotency_key: str | None = None,
) -> Staff:
    """Somebody leaves the bank, now or at a later moment: by the security administrator (decisions.md 8).

    In that second end his roles, delegations, designations, supervision lines and sessions, and his customers pass to
    the receiver; cards that he kept are handed over by a list with two witnesses (desk/stock_handovers.py). HANDOVER_REQUIRED when he has customers and no receiver is named, MANAGER_NOT_HERE when that one
    does not work for their branch; SELF_GRANT, STAFF_HAS_LEFT, BACKDATED. There is no way back but a new number.
    """
    staff = await _somebody(desk, staff_id)
    end, why = moment(at, desk.now), reason_of(reason)
    # With the person held, no grant is executed beside this.
    await Person.filter(id=staff.person_id).select_for_update(no_key=True).get()
    held = await Delegation.filter(
        Q(principal_id=staff.id) | Q(deputy_id=staff.id), open_after(end), ended_at__isnull=True
    )
    await Staff.rights_changed({staff.id, *(row.deputy_id for row in held)})
    await hold_tree(desk)
    await staff.leave(end)
    await hand_over_all(desk, staff, receiver_id, end)
    roles = await Assignment.filter(open_after(end), staff_id=staff.id, ended_at__isnull=True)
    lines = await SupervisionLine.filter(
        Q(supervisor_id=staff.id) | Q(staff_id=staff.id), open_after(end), ended_at__isnull=True
    )
    named = await Designation.filter(open_after(end), staff_id=staff.id, ended_at__isnull=True)
    ending: list[Dated] = [*roles, *held, *lines, *named]
    for row in ending:
        await row.end(at=max(end, row.valid_from), now=desk.now, by=desk.staff_id, reason=why)
    if end <= desk.now:
        await Session.end_all(staff.id, desk.now, "LEFT")
    await staff.refresh_from_db()
    return staff


async def _somebody(desk: Desk, staff_id: UUID) -> Staff:
    """Somebody else, locked: what he does at this moment is finished first."""
    staff = await desk.open(Staff, staff_id, Action.SUSPEND)
    not_himself(desk.actor.person_id, staff.person_id)
    return await Staff.filter(id=staff.id).select_for_update(no_key=True).get()
