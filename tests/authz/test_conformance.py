"""Compiled policy, enforce() and interpreter agree on every generated decision."""

from __future__ import annotations

import os
from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given, settings

from authz import Facts, Kind, Policy, ReasonCode, Role, Seat
from authz.words import Action, Actor
from tests.authz.conformance import HIT, QUIET, conform, hypothetical
from tests.authz.worlds import CLASSES, World, worlds
from tests.summary import RecordProperty, counted

DECISIONS = int(os.environ.get("CONFORMANCE_DECISIONS", "200000"))
"""`make conformance` asks for a million."""


def test_three_implementations_give_one_answer(record_property: RecordProperty) -> None:
    tally: Counter[str] = Counter()
    with counted(record_property, tally):
        hypothetical(tally)
        conform(DECISIONS, tally)
    assert tally["decisions"] >= DECISIONS
    assert tally["allows"] >= 0.20 * tally["decisions"], tally
    assert tally["enforce"] >= 0.002 * tally["decisions"]
    assert tally["enforce allows"] > 0.1 * tally["enforce"]
    assert all(tally[code] > 0 for code in (*ReasonCode, "VISIBLE")), tally
    assert all(tally[what] >= 50 for what in HIT), {what: tally[what] for what in HIT}


@settings(max_examples=150, deadline=None, suppress_health_check=QUIET)
@given(worlds())
def test_a_fact_less_never_allows_more(world: World) -> None:
    policy = Policy.of(world.text)
    for row in world.rows:
        for less in (
            Facts(None, row.customer_id, row.managers),
            Facts(row.path, None, row.managers),
            Facts(row.path, row.customer_id),
            Facts(),
        ):
            for cls in CLASSES:
                for act in (Action.READ, Action.READ_MASKED):
                    if policy.allows(world.actor, Kind.CUSTOMER, cls, act, less, world.bases):
                        assert policy.allows(world.actor, Kind.CUSTOMER, cls, act, row, world.bases)


@settings(max_examples=150, deadline=None, suppress_health_check=QUIET)
@given(worlds())
def test_a_right_less_never_allows_more(world: World) -> None:
    """Dropping a seat, a delegation or a basis. A role that denies is a duty, not a right: left out here."""
    lines = [line for line in world.text.splitlines() if "deny" not in line or line.startswith("p, staff")]
    if not any(line.startswith("p") for line in lines):
        return
    policy, me = Policy.of("\n".join(lines)), world.actor
    poorer = [
        Actor(me.staff_id, me.person_id, me.seats[1:], me.delegated, me.bases, me.recused),
        Actor(me.staff_id, me.person_id, me.seats, frozenset(), me.bases, me.recused),
        Actor(me.staff_id, me.person_id, me.seats, me.delegated, me.bases[1:], me.recused),
        Actor(me.staff_id, me.person_id, (), recused=me.recused),
    ]
    for row in world.rows:
        for cls in CLASSES:
            for less in poorer:
                if policy.allows(less, Kind.CUSTOMER, cls, Action.READ, row, world.bases):
                    assert policy.allows(me, Kind.CUSTOMER, cls, Action.READ, row, world.bases)
            fewer = frozenset(list(world.bases)[1:])
            if policy.allows(me, Kind.CUSTOMER, cls, Action.READ, row, fewer):
                assert policy.allows(me, Kind.CUSTOMER, cls, Action.READ, row, world.bases)


def test_no_basis_reaches_nothing() -> None:
    policy = Policy.load()
    me = Actor(UUID(int=1), UUID(int=2), (Seat(Role.WC_HEAD, "/1/", UUID(int=3)),))
    assert not policy.rows_reach(me, Kind.CUSTOMER).nothing
    assert all(policy.rows_reach(me, kind, frozenset()).nothing for kind in Kind)


def test_a_divergence_is_counted_and_still_fails() -> None:
    told: dict[str, object] = {}
    with pytest.raises(AssertionError), counted(told.__setitem__, Counter(decisions=7, allows=2)):
        raise AssertionError
    assert told == {"decisions": 7, "allows": 2, "divergences": 1}
