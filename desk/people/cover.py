"""Cover (代班): which posts a deputy may fill for a time, who lets him, and what must stay with two people meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from tortoise.expressions import Q

from authz import Role
from authz.duties import Duty
from desk.actors import at_work, holding
from desk.dialect import Statement, as_uuid, fetch, is_postgres
from desk.people.given import open_after
from desk.people.separation import apart
from models.errors import BadInput, Refusal
from models.institutions import Institution, SupervisionLine
from models.paths import stands_under
from models.people import Assignment, Delegation, Staff

LET_BY: dict[Role, Role] = {
    Role.CUST_MGR: Role.WC_HEAD,
    Role.CARD_CUSTODIAN: Role.PB_OFFICER,
    Role.CARD_SUPERVISOR: Role.PB_OFFICER,
    Role.WC_HEAD: Role.PB_OFFICER,
}
"""The roles that are covered, and from which seat. Without its custodian, its supervisor or its head a centre stands still;
of the rest there is another, or a superior level."""

PAIRS = {Role.CARD_CUSTODIAN: Role.CARD_SUPERVISOR, Role.CARD_SUPERVISOR: Role.CARD_CUSTODIAN}
"""The two who sign for the same stock (Notice 4)."""


class RoleNotCovered(Refusal):
    code = "ROLE_NOT_COVERED"
    article = "Notice 4"


class PostNotHeld(Refusal):
    """Nobody is stood in for where he has no post."""

    code = "POST_NOT_HELD"


class PostCovered(Refusal):
    """One seat, one deputy: else nobody could say later who sat in it."""

    code = "POST_COVERED"
    article = "4.2"


class DeputyNotHere(Refusal):
    """A deputy is of the same branch (domain.md 5.3), or, for a post, of one above it."""

    code = "DEPUTY_NOT_HERE"
    article = "9"


@dataclass(frozen=True, slots=True)
class Covered:
    """A post that somebody fills for another."""

    role: Role
    institution_id: UUID


def must_be_covered(role: Role) -> None:
    if role not in LET_BY:
        raise RoleNotCovered(
            f"Nobody stands in for '{role}'. Only these are covered: {', '.join(sorted(LET_BY))}.",
            field="role",
        )


async def post_of(principal: Staff, role: Role, assignment_id: UUID | None, at: dt.datetime) -> Assignment:
    """The post that is to be covered. POST_NOT_HELD; BAD_USER_INPUT when he holds several and none is named."""
    rows = (
        await Assignment.filter(staff_id=principal.id, role=role)
        .prefetch_related("institution")
        .order_by("id")
    )
    held = [row for row in rows if row.holds(at) and assignment_id in (None, row.id)]
    if not held:
        raise PostNotHeld(
            f"{principal.name} does not hold the role '{role}' there at that moment.", field="principalId"
        )
    if len(held) > 1:
        raise BadInput(f"{principal.name} holds '{role}' in several places. Name one.", field="assignmentId")
    return held[0]


async def must_work_at(deputy: Staff, place: Institution, at: dt.datetime) -> None:
    """DEPUTY_NOT_HERE unless he is at work then, with a post of the branch that the place is of, or of one above it."""
    s = Statement(is_postgres())
    when = s.bind(at)
    rows = await fetch(
        s,
        "SELECT i.acting_path AS path FROM assignment a JOIN institution i ON i.id = a.institution_id"
        f" JOIN staff f ON f.id = a.staff_id WHERE f.id = {s.bind(deputy.id)}"
        f" AND {holding('a', when)} AND {at_work('f', when)}",
    )
    if not any(stands_under(place.acting_path, row["path"]) for row in rows):
        raise DeputyNotHere(
            f"{deputy.name} does not work for this branch, or above it, at that moment. Choose one who does.",
            field="deputyId",
        )


async def must_be_uncovered(post: Assignment, start: dt.datetime, end: dt.datetime) -> None:
    """POST_COVERED when somebody else fills it in a part of that time. The post is locked, so that it stays so."""
    await Assignment.filter(id=post.id).select_for_update(no_key=True).get()
    if await Delegation.filter(_within(start, end), assignment_id=post.id).exists():
        raise PostCovered(
            "Somebody fills this post in a part of that time already. End that, or choose other dates.",
            field="validFrom",
        )


async def must_stay_two(deputy: Staff, post: Assignment, start: dt.datetime, end: dt.datetime) -> None:
    """Custodian and supervisor of the same stock stay two persons (Notice 4): MOVEMENT_SIGNED_BY_ONE.

    The other half is held at the same place, or it is at the other end of a supervision line. That it is filled for
    somebody else, `must_suit` says (desk/people/grants.py).
    """
    other = PAIRS.get(Role(post.role))
    if other is None:
        return
    rows = await Assignment.filter(
        staff__person_id=deputy.person_id, role=other, institution_id=post.institution_id
    )
    held = any(row.overlaps(start, end) for row in rows)
    his = await Staff.filter(person_id=deputy.person_id).values_list("id", flat=True)
    supervises = Q(supervisor_id=post.staff_id, staff_id__in=his) | Q(
        staff_id=post.staff_id, supervisor_id__in=his
    )
    if held or await SupervisionLine.filter(_within(start, end), supervises).exists():
        apart(Duty.CARD_MOVEMENT, deputy.person_id, deputy.person_id)


async def covered_by(person_id: UUID, start: dt.datetime, end: dt.datetime | None) -> set[Covered]:
    """The posts that a person fills for others in a part of that time, under any staff number."""
    ids = await Delegation.filter(
        _within(start, end), deputy__person_id=person_id, assignment_id__isnull=False
    ).values_list("assignment_id", flat=True)
    posts = await Assignment.filter(id__in=list(ids))
    return {Covered(Role(post.role), post.institution_id) for post in posts}


async def deputies_of(staff_ids: Iterable[UUID], at: dt.datetime) -> set[UUID]:
    """Who fills a post of these people, at `at` or later: what becomes of the post becomes of his seat."""
    rows = await Delegation.filter(
        open_after(at), principal_id__in=list(staff_ids), assignment_id__isnull=False
    ).values_list("deputy_id", flat=True)
    return {as_uuid(row) for row in rows}


def _within(start: dt.datetime, end: dt.datetime | None) -> Q:
    """Dated rows that hold at some moment from `start` until `end`."""
    return open_after(start) if end is None else open_after(start) & Q(valid_from__lt=end)
