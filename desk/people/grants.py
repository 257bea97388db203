"""Grants proposed: an institution's head proposes a role, a transfer or an end for somebody of his subtree."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

from authz import Action, DataClass, Facts, Kind, Role
from authz.duties import Duty
from desk.acts import act
from desk.desk import Desk
from desk.errors import Forbidden
from desk.people.cover import PAIRS, Covered, covered_by
from desk.people.given import end_of, moment, reason_of, word
from desk.people.posts import must_belong
from desk.people.separation import apart, not_himself, together
from models.errors import Refusal
from models.institutions import Institution
from models.paths import stands_under
from models.people import Assignment, Proposal, Staff
from models.vocabulary import Department, ProposalKind, ProposalState


class AlreadyHeld(Refusal):
    """The person holds this role there already, in part of the time at least."""

    code = "ALREADY_HELD"


@act("proposeGrant", Proposal)
async def propose_grant(
    desk: Desk,
    *,
    staff_id: UUID,
    role: str,
    institution_id: UUID,
    department: str,
    reason: str,
    full_time: bool = True,
    valid_from: dt.datetime | None = None,
    valid_to: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Proposal:
    """A head proposes a role for somebody at an institution of his own subtree (decisions.md 8). Nothing is granted.

    From `valid_from`, or from its execution. SELF_GRANT, ROLE_NOT_HERE, ALREADY_HELD, STAFF_HAS_LEFT,
    INSTITUTION_MERGED; SECURITY_WITH_BUSINESS and ROLE_READS_ONLY for roles that exclude each other (4.2).
    """
    staff = await _member(desk, staff_id)
    place = await must_head(desk, institution_id)
    start = moment(valid_from, desk.now, "validFrom")
    end = end_of(start, valid_to)
    wanted = word(Role, role, "role")
    must_belong(wanted, place)
    await must_suit(staff.person_id, wanted, place.id, start, end)
    return await _propose(
        desk,
        ProposalKind.GRANT,
        staff,
        place,
        role=wanted,
        department=word(Department, department, "department"),
        full_time=full_time,
        valid_from=start,
        valid_to=end,
        reason=reason_of(reason),
    )


@act("proposeTransfer", Proposal)
async def propose_transfer(
    desk: Desk,
    *,
    assignment_id: UUID,
    role: str,
    institution_id: UUID,
    department: str,
    reason: str,
    full_time: bool = True,
    valid_from: dt.datetime | None = None,
    valid_to: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Proposal:
    """A head of both places proposes that one assignment ends and another begins in the same second.

    Refuses like `propose_grant`; ALREADY_ENDED when the assignment is over, or its end is fixed.
    """
    old = await desk.open(Assignment, assignment_id)
    staff = await _member(desk, old.staff_id)
    await must_head(desk, old.institution_id)
    place = await must_head(desk, institution_id)
    start = moment(valid_from, desk.now, "validFrom")
    end = end_of(start, valid_to)
    old.must_be_open(start)
    wanted = word(Role, role, "role")
    must_belong(wanted, place)
    await must_suit(staff.person_id, wanted, place.id, start, end, ending=old.id)
    return await _propose(
        desk,
        ProposalKind.TRANSFER,
        staff,
        place,
        assignment_id=old.id,
        role=wanted,
        department=word(Department, department, "department"),
        full_time=full_time,
        valid_from=start,
        valid_to=end,
        reason=reason_of(reason),
    )


@act("proposeEnd", Proposal)
async def propose_end(
    desk: Desk,
    *,
    assignment_id: UUID,
    reason: str,
    at: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Proposal:
    """A head proposes that an assignment in his subtree ends. ALREADY_ENDED when it is over, or its end is fixed."""
    old = await desk.open(Assignment, assignment_id)
    staff = await _member(desk, old.staff_id)
    place = await must_head(desk, old.institution_id)
    end = moment(at, desk.now)
    old.must_be_open(end)
    return await _propose(
        desk,
        ProposalKind.END,
        staff,
        place,
        assignment_id=old.id,
        role=old.role,
        department=old.department,
        full_time=old.full_time,
        valid_from=end,
        reason=reason_of(reason),
    )


async def must_head(desk: Desk, institution_id: UUID) -> Institution:
    """An institution in service, at or under the place of a seat from which this person may propose."""
    place = await desk.open(Institution, institution_id)
    await must_lead(desk, place, Action.PROPOSE, Kind.STAFF)
    place.must_be_in_service()
    return place


async def must_lead(desk: Desk, place: Institution, action: Action, kind: Kind) -> None:
    """Forbidden unless it is at or under the place of a seat from which this person may do this act."""
    if not await led_from(desk, place, action, kind):
        raise Forbidden("This institution is not in your charge. Ask its head, or a superior one.")


async def led_from(desk: Desk, place: Institution, action: Action, kind: Kind) -> list[str]:
    """The paths of the institutions, at or above this one, in whose seats he may do this act to it.

    The policy speaks of branches; a head of a wealth centre heads that centre, not the branch that it acts for.
    """
    seats = desk.actor.seats
    own = {it.id: it.path for it in await Institution.filter(id__in=[seat.institution_id for seat in seats])}
    found = []
    for seat in seats:
        alone = replace(desk.actor, seats=(seat,))
        reach = desk.policy.reach(alone, kind, DataClass.PUBLIC, action)
        if reach.covers(Facts(path=place.acting_path)) and stands_under(place.path, own[seat.institution_id]):
            found.append(own[seat.institution_id])
    return found


async def must_suit(
    person_id: UUID,
    role: Role,
    institution_id: UUID,
    start: dt.datetime,
    end: dt.datetime | None,
    *,
    ending: UUID | None = None,
) -> None:
    """The person may hold the role then, beside all that he holds under any staff number but what is ending, and all
    that he fills for others meanwhile; not the other half of a pair whose one half he fills."""
    held = [
        row
        for row in await Assignment.filter(staff__person_id=person_id)
        if row.id != ending and row.overlaps(start, end)
    ]
    filled = await covered_by(person_id, start, end)
    together({role, *(Role(row.role) for row in held), *(post.role for post in filled)})
    if role in PAIRS and Covered(PAIRS[role], institution_id) in filled:
        apart(Duty.CARD_MOVEMENT, person_id, person_id)
    places = {(row.role, row.institution_id) for row in held}
    if (role, institution_id) in places | {(post.role, post.institution_id) for post in filled}:
        raise AlreadyHeld("This person already holds this role there in that time. Choose other dates.")


async def _member(desk: Desk, staff_id: UUID) -> Staff:
    """Somebody else, who works here."""
    staff = await desk.open(Staff, staff_id)
    not_himself(desk.actor.person_id, staff.person_id)
    staff.must_work_here()
    return staff


async def _propose(desk: Desk, kind: ProposalKind, staff: Staff, place: Institution, **said: Any) -> Proposal:
    return await Proposal.create(
        kind=kind,
        staff_id=staff.id,
        institution_id=place.id,
        state=ProposalState.PROPOSED,
        proposed_by_id=desk.staff_id,
        proposed_person_id=desk.actor.person_id,
        proposed_at=desk.now,
        **said,
    )
