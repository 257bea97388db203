"""代班. For a time one person does the work of another: a manager of his branch, or the holder of a post that must be filled."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

from authz import Action, DataClass, Facts, Kind, Role
from desk.actors import holding
from desk.acts import act
from desk.desk import Desk
from desk.dialect import Statement, fetch, is_postgres
from desk.errors import Forbidden
from desk.people.cover import (
    LET_BY,
    DeputyNotHere,
    must_be_covered,
    must_be_uncovered,
    must_stay_two,
    must_work_at,
    post_of,
)
from desk.people.given import BadPeriod, end_of, moment, reason_of, word
from desk.people.grants import must_suit
from desk.people.separation import not_himself
from desk.tree import hold_tree
from models.errors import AlreadyEnded, Refusal
from models.people import Assignment, Delegation, Person, Staff


class SamePerson(Refusal):
    code = "SAME_PERSON"


@act("startDelegation", Delegation)
async def delegate(
    desk: Desk,
    *,
    principal_id: UUID,
    deputy_id: UUID,
    reason: str,
    valid_to: dt.datetime,
    valid_from: dt.datetime | None = None,
    role: str = Role.CUST_MGR,
    assignment_id: UUID | None = None,
    idempotency_key: str | None = None,
) -> Delegation:
    """`deputy` stands in for `principal` in this role, from a moment to a moment.

    For a customer manager: the head of the wealth centre lets another manager of his branch see what is assigned to
    him. For a custodian, a supervisor or the head himself: an officer at or above the branch lets a person of the
    branch, or of one above, sit in that seat (`assignment_id` where he has several), and the trail names the seat.
    SAME_PERSON; SELF_GRANT when who lets would be the deputy; DEPUTY_NOT_HERE; BAD_PERIOD, BACKDATED;
    ROLE_NOT_COVERED, POST_NOT_HELD, POST_COVERED, ALREADY_HELD, MOVEMENT_SIGNED_BY_ONE (Notice 4),
    SECURITY_WITH_BUSINESS, ROLE_READS_ONLY (4.2). Forbidden for a principal of whom he is not to decide.
    """
    covered = word(Role, role, "role")
    must_be_covered(covered)
    principal = await desk.open(Staff, principal_id)
    deputy = await desk.open(Staff, deputy_id)
    if covered is Role.CUST_MGR:
        own = {path for path in await _branches(principal.id, desk.now) if _lets(desk, covered, path)}
        if not own:
            raise Forbidden
    not_himself(desk.actor.person_id, deputy.person_id)
    if deputy.person_id == principal.person_id:
        raise SamePerson("Nobody stands in for himself. Choose somebody else.", field="deputyId")
    start = moment(valid_from, desk.now, "validFrom")
    end = end_of(start, valid_to)
    if end is None:
        raise BadPeriod("A delegation has an end. Give its last moment.", field="validTo")
    why = reason_of(reason)
    post = None
    if covered is Role.CUST_MGR:
        await Staff.rights_changed([deputy.id])
        await hold_tree(desk)
        await _must_share(desk, principal, deputy, own)
    else:
        post = await _post_to_fill(desk, principal, deputy, covered, assignment_id, start, end)
    return await Delegation.create(
        principal_id=principal.id,
        deputy_id=deputy.id,
        role=covered,
        assignment_id=post.id if post else None,
        reason=why,
        valid_from=start,
        valid_to=end,
        recorded_at=desk.now,
        recorded_by_id=desk.staff_id,
    )


async def _must_share(desk: Desk, principal: Staff, deputy: Staff, own: set[str]) -> None:
    """Both are customer managers of a branch of his, and of none beside."""
    shared = await _branches(principal.id, desk.now) & await _branches(deputy.id, desk.now)
    if not shared:
        raise DeputyNotHere(
            f"{deputy.name} is not a customer manager of the same branch now. Choose one who is.",
            field="deputyId",
        )
    # The deputy will see the principal's customers of every branch they share.
    if not shared <= own:
        raise Forbidden


async def _post_to_fill(
    desk: Desk,
    principal: Staff,
    deputy: Staff,
    role: Role,
    assignment_id: UUID | None,
    start: dt.datetime,
    end: dt.datetime,
) -> Assignment:
    """The post, when this deputy may fill it in that time. He is held, so that his roles change one after another."""
    post = await post_of(principal, role, assignment_id, start)
    if not _lets(desk, role, post.institution.acting_path):
        raise Forbidden
    await Person.filter(id=deputy.person_id).select_for_update(no_key=True).get()
    await Staff.rights_changed([deputy.id])
    await hold_tree(desk)
    await must_work_at(deputy, post.institution, start)
    await must_be_uncovered(post, start, end)
    await must_stay_two(deputy, post, start, end)
    await must_suit(deputy.person_id, role, post.institution_id, start, end)
    return post


@act("endDelegation", Delegation)
async def end_delegation(
    desk: Desk,
    *,
    delegation_id: UUID,
    reason: str,
    at: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Delegation:
    """Whoever could let it begin ends it before its time; of managers, the head of the branch of either of the two.

    ALREADY_ENDED when there is nothing to end.
    """
    held = await desk.open(Delegation, delegation_id)
    if held.assignment_id is not None:
        post = await Assignment.get(id=held.assignment_id).prefetch_related("institution")
        paths = {post.institution.acting_path}
    else:
        paths = await _branches(held.principal_id, desk.now) | await _branches(held.deputy_id, desk.now)
    if not any(_lets(desk, Role(held.role), path) for path in paths):
        raise Forbidden
    end, why = moment(at, desk.now), reason_of(reason)
    await Staff.rights_changed([held.deputy_id])
    held = await Delegation.filter(id=held.id).select_for_update(no_key=True).get()
    if held.valid_to is not None and held.valid_to <= end:
        raise AlreadyEnded("This delegation is over by then. Nothing was changed.")
    await held.end(at=max(end, held.valid_from), now=desk.now, by=desk.staff_id, reason=why)
    return held


def _lets(desk: Desk, role: Role, path: str) -> bool:
    """From a seat of the role that decides about such cover: who may delegate managers decides of no custodian."""
    seats = tuple(seat for seat in desk.actor.seats if seat.role is LET_BY[role])
    alone = replace(desk.actor, seats=seats)
    return desk.policy.allows(alone, Kind.STAFF, DataClass.PUBLIC, Action.DELEGATE, Facts(path=path))


async def _branches(staff_id: UUID, at: dt.datetime) -> set[str]:
    """Paths of the branches for which this person is a customer manager at `at`, absent or not."""
    s = Statement(is_postgres())
    when = s.bind(at)
    rows = await fetch(
        s,
        "SELECT i.acting_path AS path FROM assignment a JOIN institution i ON i.id = a.institution_id"
        f" WHERE a.staff_id = {s.bind(staff_id)} AND a.role = {s.bind(str(Role.CUST_MGR))}"
        f" AND {holding('a', when)}",
    )
    return {row["path"] for row in rows}
