"""代班. The head of a centre lets one customer manager stand in for another of the same branch for a time."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from authz import Action, DataClass, Facts, Kind, Role
from desk.actors import holding
from desk.acts import act
from desk.desk import Desk
from desk.dialect import Statement, fetch, is_postgres
from desk.errors import Forbidden
from desk.people.given import BadPeriod, end_of, moment, reason_of
from desk.people.separation import not_himself
from desk.tree import hold_tree
from models.errors import AlreadyEnded, Refusal
from models.people import Delegation, Staff


class DeputyNotHere(Refusal):
    """Only a customer manager of the same branch stands in for a customer manager (domain.md 5.3)."""

    code = "DEPUTY_NOT_HERE"
    article = "9"


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
    idempotency_key: str | None = None,
) -> Delegation:
    """The head of a wealth centre lets `deputy` see what is assigned to `principal`, from a moment to a moment.

    Both are customer managers of the head's own branch now. DEPUTY_NOT_HERE otherwise; SAME_PERSON; SELF_GRANT
    when the head would be the deputy; BAD_PERIOD, BACKDATED. Forbidden for another branch's principal.
    """
    principal = await desk.open(Staff, principal_id)
    deputy = await desk.open(Staff, deputy_id)
    own = {path for path in await _branches(principal.id, desk.now) if _heads(desk, path)}
    if not own:
        raise Forbidden
    not_himself(desk.actor.person_id, deputy.person_id)
    if deputy.person_id == principal.person_id:
        raise SamePerson("Nobody stands in for himself. Choose another customer manager.", field="deputyId")
    start = moment(valid_from, desk.now, "validFrom")
    end = end_of(start, valid_to)
    if end is None:
        raise BadPeriod("A delegation has an end. Give its last moment.", field="validTo")
    why = reason_of(reason)
    await Staff.rights_changed([deputy.id])
    await hold_tree(desk)
    shared = await _branches(principal.id, desk.now) & await _branches(deputy.id, desk.now)
    if not shared:
        raise DeputyNotHere(
            f"{deputy.name} is not a customer manager of the same branch now. Choose one who is.",
            field="deputyId",
        )
    # The deputy will see the principal's customers of every branch they share.
    if not shared <= own:
        raise Forbidden
    return await Delegation.create(
        principal_id=principal.id,
        deputy_id=deputy.id,
        reason=why,
        valid_from=start,
        valid_to=end,
        recorded_at=desk.now,
        recorded_by_id=desk.staff_id,
    )


@act("endDelegation", Delegation)
async def end_delegation(
    desk: Desk,
    *,
    delegation_id: UUID,
    reason: str,
    at: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Delegation:
    """The head of the branch of either of the two ends it before its time. ALREADY_ENDED when there is nothing to end."""
    held = await desk.open(Delegation, delegation_id)
    paths = await _branches(held.principal_id, desk.now) | await _branches(held.deputy_id, desk.now)
    if not any(_heads(desk, path) for path in paths):
        raise Forbidden
    end, why = moment(at, desk.now), reason_of(reason)
    await Staff.rights_changed([held.deputy_id])
    held = await Delegation.filter(id=held.id).select_for_update(no_key=True).get()
    if held.valid_to is not None and held.valid_to <= end:
        raise AlreadyEnded("This delegation is over by then. Nothing was changed.")
    await held.end(at=max(end, held.valid_from), now=desk.now, by=desk.staff_id, reason=why)
    return held


def _heads(desk: Desk, path: str) -> bool:
    return desk.policy.allows(desk.actor, Kind.STAFF, DataClass.PUBLIC, Action.DELEGATE, Facts(path=path))


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
