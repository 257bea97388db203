"""Clauses and reaches: what they refuse to say, and unions that are exact."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from authz import EVERYTHING, NOTHING, Clause, Facts, Reach

A, B = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"path": ""},
        {"managers": frozenset()},
        {"customers": frozenset()},
        {"low": "/1/"},
        {"high": "/10"},
        {"everything": True, "path": "/1/"},
    ],
    ids=lambda facts: ", ".join(facts) or "no facts",
)
def test_a_clause_that_means_all_or_nothing_by_accident_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a clause|a range"):
        Clause(**facts)


def test_below_is_the_branch_and_its_subtree_not_a_look_alike() -> None:
    below = Clause.below("/1/12/")
    assert (below.low, below.high) == ("/1/12/", "/1/120")
    covered = [
        p
        for p in ("/1/12/", "/1/12/3/", "/1/", "/1/120/", "/1/120", "/1/12", "/1/13/", "", None)
        if below.covers(Facts(p))
    ]
    assert covered == ["/1/12/", "/1/12/3/"]
    with pytest.raises(ValueError, match="must end with"):
        Clause.below("/1/12")


def test_nothing_reaches_nothing_and_everything_needs_no_fact() -> None:
    assert NOTHING.nothing
    assert not NOTHING.covers(Facts("/1/", A, frozenset({A})))
    assert NOTHING.parts() == ()
    assert EVERYTHING.covers(Facts())
    assert EVERYTHING.everything
    assert (NOTHING | NOTHING).nothing
    assert NOTHING | EVERYTHING == EVERYTHING


def test_a_missing_fact_reaches_nothing_and_escapes_no_deny() -> None:
    reach = Reach(frozenset({Clause(path="/1/")}), frozenset({Clause(customers=frozenset({A}))}))
    assert reach.covers(Facts("/1/", B))
    assert not reach.covers(Facts("/1/", A))
    assert not reach.covers(Facts("/1/", None))
    assert not reach.covers(Facts(None, B))


def test_a_union_keeps_each_deny_to_its_own_side() -> None:
    status = Reach(frozenset({Clause(path="/1/")}))
    name = Reach(frozenset({Clause(path="/1/")}), frozenset({Clause(customers=frozenset({A}))}))
    assert status | name == name | status == status
    elsewhere = Reach(frozenset({Clause(path="/2/")}), frozenset({Clause(customers=frozenset({A}))}))
    both = status | elsewhere
    assert both.covers(Facts("/1/", A))
    assert not both.covers(Facts("/2/", A))
    assert both.covers(Facts("/2/", B))
    assert len(both.parts()) == 2
