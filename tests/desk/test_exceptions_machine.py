"""Memberships with exceptions as a state machine: the rules of the plain one, and a tier-1 branch that may relax head
office's thresholds, for an application or for the next term. No other way to membership is found by it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from authz import Policy, Role
from models.exceptions import ExceptionCase, ExceptionShortfall
from models.filing import Filing
from models.membership import Membership
from models.people import Assignment
from models.standards import Criterion, Evaluation, Standard
from models.terms import review_from, term_end
from tests.cast import START, staff_member
from tests.conftest import need
from tests.copies import Place, on_postgres, on_sqlite
from tests.databases import Postgres
from tests.desk.lives import Told
from tests.desk.membership_steps import MANAGER, customers, managers
from tests.desk.test_membership_machine import EXAMPLES, SETTINGS, Memberships

APPROVE_AT = {"deng": "SC", "lin3": "SC"}
"""Who may approve; `lin3` is Lin's third staff number. Ops is of another department, Tier2 an approver of Chengdu."""
POSTS = (("lin3", "SC", "PERSONAL_BANKING"), ("ops", "SC", "OPERATIONS"), ("tier2", "CD", "PERSONAL_BANKING"))
approvers = st.sampled_from([*APPROVE_AT, "deng", "ops", "tier2", "cheng"])
versions = st.sampled_from([1, 1, 1, 2])


class Exceptions(Memberships):
    """`told.filed` is the version that whatever is undecided is bound to: an exception where there is no filing."""

    def __init__(self) -> None:
        super().__init__()
        self.missed: dict[str, Evaluation] = {}
        self.cases: dict[str, ExceptionCase] = {}
        self.asker: dict[str, str] = {}
        self.run(self.prepare())

    async def prepare(self) -> None:
        """Approvers who may and who may not, and a head-office standard that both customers miss."""
        bank = self.story.bank
        for name, place, department in POSTS:
            person = await bank.staff["lin"].person if name == "lin3" else None
            bank.staff[name] = staff = await staff_member(name, name, person)
            await Assignment.create(
                staff=staff, role=Role.EXC_APPROVER, institution=bank.places[place], department=department,
                valid_from=START, recorded_at=START,
            )  # fmt: skip
        values = dict(await Standard.get(code="MEASURES").values())
        self.standard = await Standard.create(**values | {"id": uuid4(), "code": "HIGHER"})
        await Criterion.create(standard=self.standard, kind="SPEND", threshold=900_000_00)
        for customer in MANAGER:
            self.missed[customer] = await self.story.missed(customer, standard=self.standard)

    def open_case(self, customer: str) -> ExceptionCase | None:
        told = self.told[customer]
        return self.cases[customer] if told.filed is not None and told.filing is None else None

    @rule(customer=customers)
    def misses_again(self, customer: str) -> None:
        if self.missed[customer].as_of < self.today:
            again = self.story.missed(customer, standard=self.standard, as_of=self.today)
            self.missed[customer] = self.run(again)

    @precondition(lambda self: any(told.membership for told in self.told.values()))
    @rule(
        customer=customers,
        who=managers,
        to=st.sampled_from(["SC", "SC", "SC", "CD", "JS"]),
        rests_on=customers,
    )
    def asks_for_an_exception(self, customer: str, who: str, to: str, rests_on: str) -> None:
        who = self.named(customer, who)
        if (told := self.with_membership(customer)) is None:
            return
        renewal, evaluation = told.state == "REVIEW_DUE", self.missed[rests_on]
        ready = told.state in ("APPLIED", "EVALUATED")
        if renewal:
            assert told.ends is not None
            in_time = self.today <= told.ends and evaluation.as_of >= review_from(told.ends)
            ready = told.filed is None and in_time
        his = who == told.manager and rests_on == customer and self.full_time[who]
        asked = self.attempt(
            self.story.ask(told.membership, evaluation, who, to), his and ready and to == "SC"
        )
        if asked:
            if not renewal:
                told.becomes("EXCEPTION_PENDING")
            self.cases[customer], self.asker[customer] = asked, who
            told.filing, told.filed = None, told.version

    def may_decide(self, customer: str, who: str, version: int) -> bool:
        himself = who == "lin3" and self.asker[customer] == "lin"
        return self.open_case(customer) is not None and who in APPROVE_AT and version == 1 and not himself

    def unchanged(self, told: Told) -> bool:
        return told.filed == told.version

    @precondition(lambda self: self.cases)
    @rule(customer=customers, who=approvers, version=versions)
    def approves(self, customer: str, who: str, version: int) -> None:
        if (case := self.cases.get(customer)) is None:
            return
        told = self.told[customer]
        may = (
            self.may_decide(customer, who, version) and self.unchanged(told) and self.full_time[told.manager]
        )
        in_time = not case.renewal or (told.ends is not None and self.today <= told.ends)
        if self.attempt(self.story.approve(case, who, version), may and in_time):
            told.ends = term_end(told.ends if case.renewal and told.ends else self.today, {})
            told.becomes("ACTIVE")
            told.filed = None
            self.place.tally["EXCEPTED" if not case.renewal else "RENEWED BY EXCEPTION"] += 1

    @precondition(lambda self: self.cases)
    @rule(customer=customers, who=approvers, version=versions)
    def rejects(self, customer: str, who: str, version: int) -> None:
        if (case := self.cases.get(customer)) is None:
            return
        told = self.told[customer]
        may = self.may_decide(customer, who, version) and self.unchanged(told)
        if self.attempt(self.story.reject(case, who, version), may):
            told.filed = None
            if not case.renewal:
                told.is_over()
                self.place.tally["REJECTED"] += 1

    @precondition(lambda self: self.cases)
    @rule(customer=customers, who=approvers, version=versions)
    def sends_back(self, customer: str, who: str, version: int) -> None:
        if (case := self.cases.get(customer)) is None:
            return
        told = self.told[customer]
        if self.attempt(self.story.send_back(case, who, version), self.may_decide(customer, who, version)):
            told.filed = None
            if not case.renewal:
                told.becomes("EVALUATED")

    @rule(customer=customers, who=st.sampled_from(["deng", "deng", "lin3", ""]))
    def is_excepted_as_usual(self, customer: str, who: str) -> None:
        """So that many runs get as far as an approval, or past it to that of the next term."""
        told = self.told[customer]
        if told.state == "ACTIVE":
            self.time_passes(customer, "review")
            self.reviews_or_expires(customer, told.manager, False)
            self.misses_again(customer)
        else:
            self.consents(customer, told.manager)
            self.registers(customer, told.manager, "CDW")
        if told.membership:
            self.asks_for_an_exception(customer, told.manager, "SC", customer)
        if self.open_case(customer) and who:
            self.approves(customer, who, 1)

    @initialize(customer=customers, passes=st.integers(0, 2))
    def begins_with(self, customer: str, passes: int) -> None:
        """An exception, and one for the next term, in most runs."""
        for _ in range(passes):
            self.is_excepted_as_usual(customer, "deng")

    async def look(self) -> None:
        await super().look()
        persons = {staff.id: staff.person_id for staff in self.story.bank.staff.values()}
        states = {it.id: it.state for it in await Membership.all()}
        undecided = [it.membership_id for it in await Filing.filter(state="SUBMITTED")]
        for case in await ExceptionCase.all():
            assert await ExceptionShortfall.filter(case_id=case.id).count() == 1
            assert (case.approval_number is not None) == (case.state == "APPROVED")
            assert (case.decided_at is None) == (case.state == "SUBMITTED")
            if case.decided_by_id is not None:
                assert persons[case.decided_by_id] != persons[case.submitted_by_id]
            if case.state == "SUBMITTED":
                undecided.append(case.membership_id)
                waits = {"REVIEW_DUE", "SUSPENDED"} if case.renewal else {"EXCEPTION_PENDING"}
                assert states[case.membership_id] in waits
        assert len(set(undecided)) == len(undecided)


def drive(place: Place, examples: int) -> Any:
    machine = type("Exceptions", (Exceptions,), {"place": place})
    run_state_machine_as_test(machine, settings=settings(SETTINGS, max_examples=examples))


@pytest.mark.measure("A7", "A6c", "A10a")
def test_no_other_way_to_membership_on_sqlite(policy: Policy, sqlite_template: Path, tmp_path: Path) -> None:
    with on_sqlite(policy, sqlite_template, tmp_path) as place:
        drive(place, max(1, EXAMPLES // 2))
        assert place.tally["EXCEPTED"] > 0, place.tally
        assert place.tally["RENEWED BY EXCEPTION"] > 0, place.tally


@pytest.mark.measure("A7", "A6c", "A10a")
def test_no_other_way_to_membership_on_postgres(policy: Policy, postgres: Postgres | None) -> None:
    with on_postgres(policy, need(postgres)) as place:
        drive(place, max(1, EXAMPLES // 10))
