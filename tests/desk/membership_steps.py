"""The first half of the memberships' state machine: the bank, the model, and the steps as far as a recorded filing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from models.database import database
from models.terms import review_from, term_end
from tests import life
from tests.conftest import NOW
from tests.copies import Place
from tests.desk.lives import Told, outcome

MANAGER = {"zhou": "lin", "qian": "luo"}
RECORDS_AT = {"bai": "CD", "lin2": "CD", "cheng": "SC"}
"""Who records where; `lin2` is Lin's other staff number. Bo is of another department, Mian of another branch."""

DAY = dt.timedelta(days=1)
customers = st.sampled_from(sorted(MANAGER))
managers = st.sampled_from(["his", "his", "his", "other"])
"""Mostly the right person, so that runs get somewhere; `named` says who that is."""
heads = st.sampled_from(["han", "han", "han", "han", "lin", "nan", "wu"])
deciders = st.sampled_from(["bai", "bai", *RECORDS_AT, "bo", "mian", "luo"])
cancellers = st.sampled_from(["wu", "wu", "wu", "han2", "han2", "lin"])
"""`han2` is Han's other staff number, among the officers: she may not cancel what she has suspended."""
offices = st.sampled_from(["CD", "CD", "CD", "SC", "CDJ", "MY"])
centres = st.sampled_from(["CDW", "CDW", "CDW", "NJW"])


class Filings(RuleBasedStateMachine):
    """A bank and a model of it; who consents, registers, submits, records and returns, in any order."""

    place: Place

    def __init__(self) -> None:
        super().__init__()
        self.open = AsyncExitStack()
        self.story.bank.now = NOW
        self.told = {
            name: Told(who, self.place.evaluations[name], self.place.evaluations[name].as_of)
            for name, who in MANAGER.items()
        }
        self.full_time = {"lin": True, "luo": True}
        self.acts = 0
        self.url = self.run(self.place.copy())
        self.run(self.open.enter_async_context(database(self.url, pool=2)))

    def teardown(self) -> None:
        self.run(self.open.aclose())
        self.run(self.place.drop(self.url))

    @property
    def story(self) -> Any:
        return self.place.story

    @property
    def today(self) -> dt.date:
        return self.story.bank.now.astimezone(life.SHANGHAI).date()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.place.runner.run(work)

    def attempt(self, work: Coroutine[Any, Any, Any], allowed: bool) -> Any:
        """Do it. It succeeds exactly when the model allows it."""
        self.acts += 1
        done, code = self.run(outcome(work))
        self.place.tally[code] += 1
        assert (code == "OK") is allowed, f"the act ended with {code}"
        return done

    def named(self, customer: str, who: str) -> str:
        his = self.told[customer].manager
        return {"his": his, "other": "luo" if his == "lin" else "lin"}.get(who, who)

    def with_membership(self, customer: str) -> Told | None:
        told = self.told[customer]
        return told if told.membership else None

    @initialize(zhou=st.sampled_from(["", "member", "suspended", "under review", "renewed"]))
    def begins(self, zhou: str) -> None:
        """With a bank where something has happened already, in most runs."""
        if not zhou:
            return
        self.goes_on_as_usual("zhou", "bai")
        if zhou == "suspended":
            self.suspends_or_resumes("zhou", "han", False)
        elif zhou != "member":
            self.goes_on_as_usual("zhou", "bai" if zhou == "renewed" else "")

    # Consent, registration, filing.

    @rule(customer=customers, who=managers)
    def consents(self, customer: str, who: str) -> None:
        who = self.named(customer, who)
        told = self.told[customer]
        allowed = who == told.manager and told.consent is None
        told.consent = self.attempt(self.story.consent(who, customer), allowed) or told.consent

    @rule(customer=customers, who=managers, centre=centres)
    def registers(self, customer: str, who: str, centre: str) -> None:
        who = self.named(customer, who)
        told = self.told[customer]
        allowed = (
            who == told.manager
            and self.full_time[who]
            and told.consent is not None
            and told.membership is None
            and centre == "CDW"
        )
        customer_id = self.story.bank.customers[customer].id
        centre_id = self.story.bank.places[centre].id
        made = self.attempt(
            self.story.register(told.consent, who, customer_id=customer_id, centre_id=centre_id), allowed
        )
        if made:
            told.membership = made
            told.becomes("APPLIED")

    @precondition(lambda self: any(told.membership for told in self.told.values()))
    @rule(customer=customers, who=managers, to=offices, rests_on=st.sampled_from(["zhou", "qian", "", ""]))
    def submits(self, customer: str, who: str, to: str, rests_on: str = "") -> None:
        who = self.named(customer, who)
        if (told := self.with_membership(customer)) is None:
            return
        rests_on = rests_on or customer
        renewal = told.state == "REVIEW_DUE"
        ready = (
            told.filed is None and self.today <= told.ends and told.as_of >= review_from(told.ends)
            if renewal
            else told.state in ("APPLIED", "EVALUATED")
        )
        allowed = (
            who == told.manager
            and self.full_time[who]
            and ready
            and rests_on == customer
            and to in ("CD", "SC")
        )
        evaluation = self.told[rests_on].evaluation
        sent = self.attempt(self.story.submit(told.membership, evaluation, who, to), allowed)
        if sent:
            if not renewal:
                told.becomes("FILING")
            told.filing, told.office, told.filer, told.filed = sent, to, who, told.version

    @precondition(lambda self: any(told.filing for told in self.told.values()))
    @rule(customer=customers, who=deciders, version=st.sampled_from([1, 1, 1, 2]))
    def records(self, customer: str, who: str, version: int) -> None:
        told = self.told[customer]
        if told.filing is None:
            return
        renewal = told.state == "REVIEW_DUE"
        allowed = (
            self.decides(told, who, version)
            and self.full_time[told.manager]
            and told.filed == told.version
            and (not renewal or self.today <= told.ends)
        )
        if self.attempt(self.story.record(told.filing, who, version), allowed):
            told.ends = term_end(told.ends if renewal else self.today, {})
            told.becomes("ACTIVE")
            told.filed = None
            self.place.tally["RENEWED" if renewal else "RECORDED"] += 1

    @precondition(lambda self: any(told.filing for told in self.told.values()))
    @rule(customer=customers, who=deciders, version=st.sampled_from([1, 1, 2]))
    def returns(self, customer: str, who: str, version: int) -> None:
        told = self.told[customer]
        if told.filing is None:
            return
        if self.attempt(self.story.give_back(told.filing, who, version), self.decides(told, who, version)):
            told.filed = None
            if told.state == "FILING":
                told.becomes("EVALUATED")

    def decides(self, told: Told, who: str, version: int) -> bool:
        return (
            told.filed is not None
            and version == 1
            and RECORDS_AT.get(who) == told.office
            and not (who == "lin2" and told.filer == "lin")
        )
