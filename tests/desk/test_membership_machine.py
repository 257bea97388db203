"""Memberships as a state machine: whatever people try, in any order, nobody becomes a VIP customer by another way.

Hypothesis chooses who does what to whom, and when time passes. A model of a few lines says which acts must succeed;
after every step the tables are read (tests/desk/lives.py) and must show: no member without a recorded filing or an
approved exception, none without exactly one archive, no filing decided by the person who submitted it, no two
current managers, events that tell the same story as the row, and one record in the trail for every act.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from authz import Policy
from desk.customers import assign_manager
from desk.membership import withdraw_consent
from models.membership import Membership
from models.people import Assignment
from models.terms import quiet_until, review_from
from models.trail import AccessRecord
from models.vocabulary import MEMBERS
from tests import life
from tests.conftest import need
from tests.copies import Place, on_postgres, on_sqlite
from tests.databases import Postgres
from tests.desk import lives
from tests.desk.membership_steps import DAY, Filings, cancellers, customers, heads, managers

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "30"))
SETTINGS = settings(
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Memberships(Filings):
    # The customer's own wish, and his death.

    @rule(customer=customers, who=managers)
    def asks(self, customer: str, who: str) -> None:
        who = self.named(customer, who)
        told = self.told[customer]
        quiet = told.declined is not None and self.today <= quiet_until(told.declined)
        free = told.membership is None and told.invitation is None and not told.dead and not quiet
        made = self.attempt(life.ask_him(self.story, who, customer), free and who == told.manager)
        told.invitation = made or told.invitation

    @precondition(lambda self: any(told.invitation for told in self.told.values()))
    @rule(customer=customers, who=managers, accepted=st.booleans())
    def answers(self, customer: str, who: str, accepted: bool) -> None:
        who = self.named(customer, who)
        told = self.told[customer]
        if told.invitation is None:
            return
        work = life.answer(self.story, told.invitation, accepted, who)
        if self.attempt(work, who == told.manager):
            told.invitation = None
            told.declined = told.declined if accepted else self.today

    @precondition(lambda self: any(told.consent for told in self.told.values()))
    @rule(customer=customers, who=managers)
    def takes_consent_back(self, customer: str, who: str) -> None:
        who = self.named(customer, who)
        told = self.told[customer]
        if told.consent is None:
            return
        work = self.by(who, lambda desk: withdraw_consent(desk, consent_id=told.consent.id))
        if self.attempt(work, who == told.manager):
            told.consent = None
            told.declined = self.today if told.membership is not None else told.declined
            told.is_over()

    @precondition(lambda self: any(told.membership for told in self.told.values()))
    @rule(customer=customers, who=managers, dies=st.sampled_from([False, False, True]))
    def withdraws_or_dies(self, customer: str, who: str, dies: bool) -> None:
        who = self.named(customer, who)
        if (told := self.with_membership(customer)) is None:
            return
        act = life.death if dies else life.withdraw
        if self.attempt(act(self.story, told.membership, who), who == told.manager):
            told.dead = told.dead or dies
            told.declined = told.declined if dies else self.today
            told.is_over()

    # Suspension, cancellation, review, and the end of the term.

    @precondition(lambda self: any(told.state in MEMBERS for told in self.told.values()))
    @rule(customer=customers, who=heads, resumes=st.booleans())
    def suspends_or_resumes(self, customer: str, who: str, resumes: bool) -> None:
        if (told := self.with_membership(customer)) is None:
            return
        if resumes:
            allowed = who == "han" and told.state == "SUSPENDED" and self.today <= told.ends
            if self.attempt(life.resume(self.story, told.membership, who), allowed):
                told.becomes("REVIEW_DUE" if self.today >= review_from(told.ends) else "ACTIVE")
        else:
            allowed = who == "han" and told.state in ("ACTIVE", "REVIEW_DUE")
            if self.attempt(life.suspend(self.story, told.membership, who), allowed):
                told.becomes("SUSPENDED")

    @precondition(lambda self: any(told.state in MEMBERS for told in self.told.values()))
    @rule(customer=customers, who=cancellers)
    def cancels(self, customer: str, who: str) -> None:
        if (told := self.with_membership(customer)) is None:
            return
        allowed = who == "wu" and told.state == "SUSPENDED"
        if self.attempt(life.cancel(self.story, told.membership, who), allowed):
            self.place.tally["CANCELLED"] += 1
            told.is_over()

    @precondition(lambda self: any(told.ends for told in self.told.values()))
    @rule(customer=customers, to=st.sampled_from(["before", "review", "last day", "over"]))
    def time_passes(self, customer: str, to: str) -> None:
        """To the day before a review, its first day, the last day of a term, or the day after it."""
        ends = self.told[customer].ends
        if ends is None:
            return
        review = review_from(ends)
        day = {"before": review - DAY, "review": review, "last day": ends, "over": ends + DAY}[to]
        if day > self.today:
            life.on(self.story, day)

    @precondition(lambda self: any(told.membership for told in self.told.values()))
    @rule(customer=customers, who=managers, expires=st.booleans())
    def reviews_or_expires(self, customer: str, who: str, expires: bool) -> None:
        who = self.named(customer, who)
        if (told := self.with_membership(customer)) is None:
            return
        if expires:
            allowed = who == told.manager and told.state in MEMBERS and self.today > told.ends
            if self.attempt(life.expire(self.story, told.membership, who), allowed):
                self.place.tally["EXPIRED"] += 1
                told.is_over()
        else:
            due = told.state == "ACTIVE" and self.today >= review_from(told.ends)
            if self.attempt(life.review(self.story, told.membership, who), who == told.manager and due):
                told.becomes("REVIEW_DUE")

    @rule(customer=customers)
    def is_evaluated(self, customer: str) -> None:
        told = self.told[customer]
        if told.as_of < self.today:
            told.evaluation = self.run(self.story.evaluation(customer, as_of=self.today))
            told.as_of = self.today

    @rule(customer=customers, recorder=st.sampled_from(["bai", "bai", "lin2", ""]))
    def goes_on_as_usual(self, customer: str, recorder: str) -> None:
        """So that many runs get as far as a decision, a review and a renewal, or past them."""
        told = self.told[customer]
        if told.state == "ACTIVE":
            self.time_passes(customer, "review")
            self.reviews_or_expires(customer, told.manager, False)
            self.is_evaluated(customer)
        else:
            self.consents(customer, told.manager)
            self.registers(customer, told.manager, "CDW")
        if told.membership:
            self.submits(customer, told.manager, "CD")
        if told.filing and recorder:
            self.records(customer, recorder, 1)

    # Who serves him.

    @rule(
        customer=customers, to=st.sampled_from(["his", "other"]), who=st.sampled_from(["han", "han", "nan"])
    )
    def is_given_a_manager(self, customer: str, to: str, who: str) -> None:
        told, bank, to = self.told[customer], self.story.bank, self.named(customer, to)
        bank.now += dt.timedelta(seconds=1)
        said = {"customer_id": bank.customers[customer].id, "manager_id": bank.staff[to].id}
        allowed = who == "han" and to != told.manager
        if self.attempt(self.by(who, lambda desk: assign_manager(desk, **said)), allowed):
            told.manager = to

    async def by(self, who: str, act: Callable[[Any], Coroutine[Any, Any, Any]]) -> Any:
        return await act(await self.story.desk(who))

    @rule(who=st.sampled_from(["lin", "luo"]))
    def changes_working_hours(self, who: str) -> None:
        self.full_time[who] = not self.full_time[who]
        self.run(self.set_hours(self.story.bank.staff[who].id, self.full_time[who]))

    async def set_hours(self, staff_id: UUID, full_time: bool) -> None:
        await Assignment.filter(staff_id=staff_id).update(full_time=full_time)

    @invariant()
    def the_tables_agree(self) -> None:
        self.run(self.look())

    async def look(self) -> None:
        bank = self.story.bank
        await lives.check({staff.id: staff.person_id for staff in bank.staff.values()}, bank.now)
        assert await AccessRecord.all().count() == self.acts
        for customer, told in self.told.items():
            found = await Membership.filter(customer_id=bank.customers[customer].id, over=False)
            stands = [(it.state, it.version, it.term_ends) for it in found]
            assert stands == ([(told.state, told.version, told.ends)] if told.state else [])


def drive(place: Place, examples: int) -> None:
    machine = type("Memberships", (Memberships,), {"place": place})
    run_state_machine_as_test(machine, settings=settings(SETTINGS, max_examples=examples))


@pytest.mark.measure("A6c", "A10a", "A3a", "A9", "A16a", "A16b")
def test_no_other_way_to_membership_on_sqlite(policy: Policy, sqlite_template: Path, tmp_path: Path) -> None:
    with on_sqlite(policy, sqlite_template, tmp_path) as place:
        drive(place, EXAMPLES)
        assert place.tally["RECORDED"] > 0, place.tally
        assert place.tally["RENEWED"] > 0, place.tally


@pytest.mark.measure("A6c", "A10a", "A3a", "A9", "A16a", "A16b")
def test_no_other_way_to_membership_on_postgres(policy: Policy, postgres: Postgres | None) -> None:
    with on_postgres(policy, need(postgres)) as place:
        drive(place, max(1, EXAMPLES // 6))
