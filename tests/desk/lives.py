"""What must be true of every membership, its filings, its archive and its story, whatever people have tried."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from desk.errors import Forbidden, NotFound
from models.archives import Archive
from models.customers import ManagerAssignment
from models.errors import Refusal
from models.exceptions import ExceptionCase
from models.filing import Filing
from models.history import MembershipEvent
from models.invitations import Invitation
from models.membership import Membership
from models.vocabulary import MEMBERS

OVER = {"REJECTED", "WITHDRAWN", "CANCELLED", "EXPIRED", "DECEASED"}
NEXT = {
    "": {"APPLIED"},
    "APPLIED": {"FILING", "EXCEPTION_PENDING", "WITHDRAWN", "DECEASED"},
    "EVALUATED": {"FILING", "EXCEPTION_PENDING", "WITHDRAWN", "DECEASED"},
    "FILING": {"EVALUATED", "ACTIVE", "WITHDRAWN", "DECEASED"},
    "EXCEPTION_PENDING": {"EVALUATED", "ACTIVE", "REJECTED", "WITHDRAWN", "DECEASED"},
    "ACTIVE": {"REVIEW_DUE", "SUSPENDED", "EXPIRED", "WITHDRAWN", "DECEASED"},
    "REVIEW_DUE": {"ACTIVE", "SUSPENDED", "EXPIRED", "WITHDRAWN", "DECEASED"},
    "SUSPENDED": {"ACTIVE", "REVIEW_DUE", "CANCELLED", "EXPIRED", "WITHDRAWN", "DECEASED"},
}
"""domain.md 3, by name. There is no way out of a final state."""


@dataclass(slots=True)
class Told:
    """What the model knows of one customer."""

    manager: str
    evaluation: Any
    as_of: dt.date
    consent: Any = None
    membership: Any = None
    state: str = ""
    version: int = 0
    ends: dt.date | None = None
    filing: Any = None
    office: str = ""
    filer: str = ""
    filed: int | None = None
    """The membership's version that the undecided filing is bound to; None when there is none."""
    invitation: Any = None
    declined: dt.date | None = None
    dead: bool = False

    def becomes(self, state: str) -> None:
        self.state = state
        self.version += 1

    def is_over(self) -> None:
        """What hangs on the membership has gone with it."""
        self.membership, self.state, self.version, self.ends, self.filed = None, "", 0, None, None


async def outcome(work: Coroutine[Any, Any, Any]) -> tuple[Any, str]:
    """What an act gave, and "OK" or the code of its refusal."""
    try:
        return await work, "OK"
    except (Refusal, Forbidden, NotFound) as refusal:
        return None, refusal.code


async def check(persons: Mapping[UUID, UUID], now: dt.datetime) -> None:
    """All that the tables say of memberships, by all of the rules. `persons` by staff number."""
    memberships = await Membership.all()
    filings = {it.id: it for it in await Filing.all()}
    cases = {it.id: it for it in await ExceptionCase.all()}
    archives = await Archive.all()
    events: dict[UUID, list[MembershipEvent]] = defaultdict(list)
    for event in await MembershipEvent.all().order_by("version"):
        events[event.membership_id].append(event)
    for membership in memberships:
        rests_on_a_decision(membership, filings, cases)
        has_one_archive(membership, archives)
        is_told_by_its_events(membership, events[membership.id], filings, cases)
    assert set(events) == {it.id for it in memberships}
    assert all(n == 1 for n in Counter(it.customer_id for it in memberships if not it.over).values())
    assert sum(it.state != "CLOSED" for it in archives) == sum(it.state in MEMBERS for it in memberships)
    two_persons_decided(list(filings.values()), memberships, persons)
    held = [it for it in await ManagerAssignment.all() if it.holds(now)]
    assert all(n == 1 for n in Counter(it.customer_id for it in held).values())
    asked = Counter(it.customer_id for it in await Invitation.filter(state="OPEN"))
    assert all(n == 1 for n in asked.values())


def rests_on_a_decision(
    membership: Membership, filings: Mapping[UUID, Filing], cases: Mapping[UUID, ExceptionCase]
) -> None:
    """No member but by a recorded filing or an approved exception of his own, by one of them."""
    if membership.state in MEMBERS:
        assert membership.tier is not None
        assert membership.term_ends is not None
        assert (membership.filing_id is None) is not (membership.exception_id is None)
        _decided(membership, filings, cases)
    elif not membership.over:
        assert (membership.filing_id, membership.exception_id, membership.term_ends) == (None, None, None)
    assert membership.over is (membership.state in OVER)
    assert membership.over is (membership.over_at is not None)
    assert (membership.suspended_person_id is not None) >= (membership.state == "SUSPENDED")


def _decided(
    row: Membership | MembershipEvent, filings: Mapping[UUID, Filing], cases: Mapping[UUID, ExceptionCase]
) -> UUID:
    owner = row.id if isinstance(row, Membership) else row.membership_id
    if row.filing_id is not None:
        filing = filings[row.filing_id]
        assert (filing.state, filing.membership_id) == ("RECORDED", owner)
        return filing.id
    assert row.exception_id is not None
    case = cases[row.exception_id]
    assert (case.state, case.membership_id) == ("APPROVED", owner)
    return case.id


def has_one_archive(membership: Membership, archives: list[Archive]) -> None:
    kept = [it for it in archives if it.customer_id == membership.customer_id]
    assert len(kept) <= 1
    if membership.state in MEMBERS:
        assert [(it.membership_id, it.state) for it in kept] == [(membership.id, "BUILDING")]
    elif kept and kept[0].membership_id == membership.id:
        assert kept[0].state == "CLOSED"


def is_told_by_its_events(
    membership: Membership,
    events: list[MembershipEvent],
    filings: Mapping[UUID, Filing],
    cases: Mapping[UUID, ExceptionCase],
) -> None:
    """From APPLIED on, without a gap, by steps that there are; the last one says what the row says."""
    assert [event.version for event in events] == list(range(1, membership.version + 1))
    before, told, entered = "", dt.datetime.min.replace(tzinfo=dt.UTC), []
    for event in events:
        assert event.state in NEXT.get(before, set()), f"{before} -> {event.state}"
        assert event.recorded_at >= told
        assert event.customer_id == membership.customer_id
        if event.state == "ACTIVE" and before != "SUSPENDED":
            entered.append(_decided(event, filings, cases))
        before, told = event.state, event.recorded_at
    assert len(set(entered)) == len(entered)
    mine = [it.id for it in filings.values() if it.membership_id == membership.id and it.state == "RECORDED"]
    mine += [it.id for it in cases.values() if it.membership_id == membership.id and it.state == "APPROVED"]
    assert sorted(entered) == sorted(mine)
    last = events[-1]
    said = (last.state, last.tier, last.filing_id, last.exception_id, last.term_ends)
    row = (
        membership.state,
        membership.tier,
        membership.filing_id,
        membership.exception_id,
        membership.term_ends,
    )
    assert said == row
    assert not membership.over or last.at == membership.over_at


def two_persons_decided(
    filings: list[Filing], memberships: list[Membership], persons: Mapping[UUID, UUID]
) -> None:
    recorded = [it.filing_number for it in filings if it.state == "RECORDED"]
    assert None not in recorded
    assert len(set(recorded)) == len(recorded)
    state = {it.id: it.state for it in memberships}
    for filing in filings:
        if filing.decided_by_id is not None:
            assert persons[filing.decided_by_id] != persons[filing.submitted_by_id]
        assert (filing.state == "SUBMITTED") == (filing.decided_at is None)
        if filing.state == "SUBMITTED":
            open_for = {"REVIEW_DUE", "SUSPENDED"} if filing.renewal else {"FILING"}
            assert state[filing.membership_id] in open_for
    undecided = Counter(it.membership_id for it in filings if it.state == "SUBMITTED")
    assert all(n == 1 for n in undecided.values())
