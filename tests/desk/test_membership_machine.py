"""Memberships as a state machine: whatever people try, in any order, nobody becomes a VIP customer by another way.

Hypothesis chooses who does what to whom. A model of a few lines says which acts must succeed; after every step
the tables are read and must show: no ACTIVE membership without a recorded filing, no member without exactly one
archive, no filing decided by the person who submitted it, and one record in the trail for every act.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from authz import Policy
from desk.errors import Forbidden, NotFound
from desk.membership import withdraw_consent, withdraw_membership
from models.archives import Archive
from models.database import database
from models.errors import Refusal
from models.filing import Filing
from models.membership import Membership
from models.people import Assignment
from models.trail import AccessRecord
from tests.conftest import need
from tests.copies import Place, on_postgres, on_sqlite
from tests.databases import Postgres

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "30"))
MANAGER = {"zhou": "lin", "qian": "luo"}
RECORDS_AT = {"bai": "CD", "lin2": "CD", "cheng": "SC"}
"""Who records where; `lin2` is Lin's other staff number. Bo is of another department, Mian of another branch."""

customers = st.sampled_from(sorted(MANAGER))
managers = st.sampled_from(["lin", "luo"])
deciders = st.sampled_from([*RECORDS_AT, "bo", "mian", "luo"])
offices = st.sampled_from(["CD", "SC", "CDJ", "MY"])
centres = st.sampled_from(["CDW", "CDW", "NJW"])
SETTINGS = settings(
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass(slots=True)
class Told:
    """What the model knows of one customer."""

    consent: Any = None
    membership: Any = None
    state: str = ""
    filing: Any = None
    office: str = ""


class Memberships(RuleBasedStateMachine):
    place: Place

    def __init__(self) -> None:
        super().__init__()
        self.open = AsyncExitStack()
        self.told = {name: Told() for name in MANAGER}
        self.full_time = {"lin": True, "luo": True}
        self.acts = 0
        self.url = self.run(self.place.copy())
        self.run(self.open.enter_async_context(database(self.url, pool=2)))

    def teardown(self) -> None:
        self.run(self.open.aclose())
        self.run(self.place.drop(self.url))

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.place.runner.run(work)

    def attempt(self, work: Coroutine[Any, Any, Any], allowed: bool) -> Any:
        """Do it. It succeeds exactly when the model allows it."""
        self.acts += 1
        done, code = self.run(outcome(work))
        self.place.tally[code] += 1
        assert (code == "OK") is allowed, f"the act ended with {code}"
        return done

    @rule(customer=customers, who=managers)
    def consents(self, customer: str, who: str) -> None:
        told = self.told[customer]
        allowed = who == MANAGER[customer] and told.consent is None
        told.consent = self.attempt(self.place.story.consent(who, customer), allowed) or told.consent

    @rule(customer=customers, who=managers, centre=centres)
    def registers(self, customer: str, who: str, centre: str) -> None:
        story, told = self.place.story, self.told[customer]
        allowed = (
            who == MANAGER[customer]
            and self.full_time[who]
            and told.consent is not None
            and told.membership is None
            and centre == "CDW"
        )
        customer_id, centre_id = story.bank.customers[customer].id, story.bank.places[centre].id
        made = self.attempt(
            story.register(told.consent, who, customer_id=customer_id, centre_id=centre_id), allowed
        )
        if made:
            told.membership, told.state = made, "APPLIED"

    @precondition(lambda self: any(told.membership for told in self.told.values()))
    @rule(customer=customers, who=managers, to=offices, rests_on=customers)
    def submits(self, customer: str, who: str, to: str, rests_on: str) -> None:
        told = self.told[customer]
        if told.membership is None:
            return
        allowed = (
            who == MANAGER[customer]
            and self.full_time[who]
            and told.state in ("APPLIED", "EVALUATED")
            and rests_on == customer
            and to in ("CD", "SC")
        )
        evaluation = self.place.evaluations[rests_on]
        sent = self.attempt(self.place.story.submit(told.membership, evaluation, who, to), allowed)
        if sent:
            told.filing, told.office, told.state = sent, to, "FILING"

    @rule(customer=customers, recorder=st.sampled_from(["bai", "lin2", ""]))
    def goes_on_as_usual(self, customer: str, recorder: str) -> None:
        """So that many runs get as far as a decision, or past it."""
        manager = MANAGER[customer]
        self.consents(customer, manager)
        self.registers(customer, manager, "CDW")
        if self.told[customer].membership:
            self.submits(customer, manager, "CD", customer)
        if self.told[customer].filing and recorder:
            self.records(customer, recorder, 1)

    @precondition(lambda self: any(told.filing for told in self.told.values()))
    @rule(customer=customers, who=deciders, version=st.sampled_from([1, 1, 1, 2]))
    def records(self, customer: str, who: str, version: int) -> None:
        told = self.told[customer]
        if told.filing is None:
            return
        allowed = self.decides(customer, who, version) and self.full_time[MANAGER[customer]]
        if self.attempt(self.place.story.record(told.filing, who, version), allowed):
            told.state = "ACTIVE"
            self.place.tally["RECORDED"] += 1

    @precondition(lambda self: any(told.filing for told in self.told.values()))
    @rule(customer=customers, who=deciders, version=st.sampled_from([1, 1, 2]))
    def returns(self, customer: str, who: str, version: int) -> None:
        told = self.told[customer]
        if told.filing is None:
            return
        allowed = self.decides(customer, who, version)
        if self.attempt(self.place.story.give_back(told.filing, who, version), allowed):
            told.state = "EVALUATED"

    def decides(self, customer: str, who: str, version: int) -> bool:
        told = self.told[customer]
        return (
            told.state == "FILING"
            and version == 1
            and RECORDS_AT.get(who) == told.office
            and not (who == "lin2" and customer == "zhou")
        )

    @precondition(lambda self: any(told.consent for told in self.told.values()))
    @rule(customer=customers, who=managers)
    def takes_consent_back(self, customer: str, who: str) -> None:
        told = self.told[customer]
        if told.consent is None:
            return
        allowed = who == MANAGER[customer]
        work = self.as_manager(who, lambda desk: withdraw_consent(desk, consent_id=told.consent.id))
        if self.attempt(work, allowed):
            self.told[customer] = Told(filing=told.filing, office=told.office)

    @precondition(lambda self: any(told.membership for told in self.told.values()))
    @rule(customer=customers, who=managers)
    def takes_membership_back(self, customer: str, who: str) -> None:
        told = self.told[customer]
        if told.membership is None:
            return
        allowed = who == MANAGER[customer]
        said = {"membership_id": told.membership.id, "reason": "moves"}
        if self.attempt(self.as_manager(who, lambda desk: withdraw_membership(desk, **said)), allowed):
            self.told[customer] = Told(consent=told.consent, filing=told.filing, office=told.office)

    async def as_manager(self, who: str, act: Callable[[Any], Coroutine[Any, Any, Any]]) -> Any:
        return await act(await self.place.story.desk(who))

    @rule(who=managers)
    def changes_working_hours(self, who: str) -> None:
        self.full_time[who] = not self.full_time[who]
        staff_id = self.place.story.bank.staff[who].id
        self.run(self.set_hours(staff_id, self.full_time[who]))

    async def set_hours(self, staff_id: UUID, full_time: bool) -> None:
        await Assignment.filter(staff_id=staff_id).update(full_time=full_time)

    @invariant()
    def the_tables_agree(self) -> None:
        self.run(self.look())

    async def look(self) -> None:
        memberships, filings = await Membership.all(), {f.id: f for f in await Filing.all()}
        archives = await Archive.all()
        person = {staff.id: staff.person_id for staff in self.place.story.bank.staff.values()}
        for membership in memberships:
            filing = filings.get(membership.filing_id)
            if membership.state == "ACTIVE":
                assert filing is not None
                assert (filing.state, filing.membership_id) == ("RECORDED", membership.id)
                assert membership.term_ends is not None
                kept = [a for a in archives if a.customer_id == membership.customer_id]
                assert [(a.state, a.membership_id) for a in kept] == [("BUILDING", membership.id)]
            elif not membership.over:
                assert membership.filing_id is None
        recorded = [filing for filing in filings.values() if filing.state == "RECORDED"]
        assert {f.membership_id for f in recorded} == {m.id for m in memberships if m.filing_id}
        assert len({filing.filing_number for filing in recorded}) == len(recorded)
        for filing in filings.values():
            assert (
                filing.decided_by_id is None or person[filing.decided_by_id] != person[filing.submitted_by_id]
            )
            assert (filing.state == "SUBMITTED") == (filing.decided_at is None)
        current = Counter(m.customer_id for m in memberships if not m.over)
        assert all(count == 1 for count in current.values())
        opened = [archive for archive in archives if archive.state != "CLOSED"]
        assert len(opened) == len([m for m in memberships if m.state == "ACTIVE"])
        assert await AccessRecord.all().count() == self.acts
        for customer, told in self.told.items():
            customer_id = self.place.story.bank.customers[customer].id
            states = [m.state for m in memberships if m.customer_id == customer_id and not m.over]
            assert states == ([told.state] if told.state else [])


async def outcome(work: Coroutine[Any, Any, Any]) -> tuple[Any, str]:
    """What an act gave, and "OK" or the code of its refusal."""
    try:
        return await work, "OK"
    except (Refusal, Forbidden, NotFound) as refusal:
        return None, refusal.code


def drive(place: Place, examples: int) -> None:
    machine = type("Memberships", (Memberships,), {"place": place})
    run_state_machine_as_test(machine, settings=settings(SETTINGS, max_examples=examples))


@pytest.mark.measure("A6c", "A10a", "A3a", "A9")
def test_no_other_way_to_membership_on_sqlite(policy: Policy, sqlite_template: Path, tmp_path: Path) -> None:
    with on_sqlite(policy, sqlite_template, tmp_path) as place:
        drive(place, EXAMPLES)
        assert place.tally["RECORDED"] > 0, place.tally


@pytest.mark.measure("A6c", "A10a", "A3a", "A9")
def test_no_other_way_to_membership_on_postgres(policy: Policy, postgres: Postgres | None) -> None:
    with on_postgres(policy, need(postgres)) as place:
        drive(place, max(1, EXAMPLES // 6))
