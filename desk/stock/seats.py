"""Whose hands: who is designated for a stock, in whose seat he acts, and whose business supervisor somebody is (Notice 4)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from authz import Role
from desk.desk import Desk
from desk.dialect import as_uuid
from desk.people.given import open_after
from models.custody import StockDuty
from models.designations import Designation
from models.errors import Refusal
from models.institutions import SupervisionLine
from models.people import Assignment


class NotDesignated(Refusal):
    """The role alone does not do: an institution names the persons who order, and those who keep its cards."""

    code = "NOT_DESIGNATED"
    article = "Notice 4"


class NotHisSupervisor(Refusal):
    """指定人员及其业务主管: not any second person, but the one in whose line the custodian is, on that day."""

    code = "NOT_HIS_SUPERVISOR"
    article = "Notice 4"


async def in_whose_seats(desk: Desk, role: Role, institution_id: UUID | None = None) -> list[UUID]:
    """The staff in whose seats of this role he sits now: his own first, then those whom he stands in for (代班)."""
    posts = [
        seat.assignment_id
        for seat in desk.actor.seats
        if seat.role is role and institution_id in (None, seat.institution_id)
    ]
    held = await Assignment.filter(id__in=[post for post in posts if post]).values_list("staff_id", flat=True)
    return sorted({as_uuid(one) for one in held}, key=lambda staff_id: (staff_id != desk.staff_id, staff_id))


async def must_be_designated(desk: Desk, institution_id: UUID, duty: StockDuty) -> UUID:
    """In whose seat he does it, his own or a principal's. NOT_DESIGNATED when nobody whose seat he fills holds the duty."""
    for staff_id in await in_whose_seats(desk, Role.CARD_CUSTODIAN, institution_id):
        if await _designated(staff_id, institution_id, duty, desk):
            return staff_id
    raise NotDesignated(
        "You are not the person whom this institution has designated for it today. Have its head designate you, or ask "
        "the one who is."
    )


async def must_be_his_supervisor(desk: Desk, custodian_id: UUID) -> UUID:
    """In whose seat he countersigns. NOT_HIS_SUPERVISOR unless the custodian is in that line at this moment."""
    mine = await in_whose_seats(desk, Role.CARD_SUPERVISOR)
    lines = await SupervisionLine.filter(
        open_after(desk.now), supervisor_id__in=mine, staff_id=custodian_id, valid_from__lte=desk.now
    )
    return first_of(mine, (line.supervisor_id for line in lines if not line.ended_at_once))


def first_of(mine: Iterable[UUID], found: Iterable[UUID]) -> UUID:
    held = set(found)
    for staff_id in mine:
        if staff_id in held:
            return staff_id
    raise NotHisSupervisor(
        "The custodian who signed is not in your line today. His own business supervisor countersigns."
    )


async def _designated(staff_id: UUID, institution_id: UUID, duty: StockDuty, desk: Desk) -> bool:
    rows = await Designation.filter(
        open_after(desk.now),
        staff_id=staff_id,
        institution_id=institution_id,
        duty=duty,
        valid_from__lte=desk.now,
    )
    return any(not row.ended_at_once for row in rows)
