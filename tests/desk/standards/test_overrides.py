"""Campaigns and indicators over drawn worlds: every evaluation against the second computation, on both databases."""

from __future__ import annotations

import contextlib
import datetime as dt
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.transactions import in_transaction

from desk.standards import run_screening, standard_in_force
from desk.standards.evidence import from_text
from models.standards import Criterion, Evaluation, Standard
from tests.desk.standards import oracle
from tests.desk.standards.law import (
    EDGES,
    IndicatorOf,
    adopt_indicator,
    campaigns,
    enact,
    figures,
    indicators,
)
from tests.desk.standards.worlds import AS_OF, CUSTOMERS, CustomerOf, branch, publish_all, store

DRAWN = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NOW = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)
MEASURES = {"AVERAGE_SAVINGS": 500_000_00, "LOAN_BALANCE": 1_000_000_00, "SPEND": 100_000_00}


class Undo(Exception):
    """Nothing of this example stays for the next."""


@pytest.fixture
async def places(db):
    await publish_all()
    return [await branch(2, "/1/2/"), await branch(20, "/1/20/"), await branch(3, "/1/2/3/")]


async def branch_standard(owner) -> Standard:
    """A branch's own standard with the thresholds of the Measures, which no campaign and no indicator touches."""
    terms = await Standard.get(code="MEASURES").values(
        "currency", "combine", "averaging_rule", "spend_kinds", "loan_look_back_months", "state", "source"
    )
    standard = await Standard.create(
        code="OWN",
        version=1,
        name="own",
        tier="BRANCH",
        owner_id=owner.id,
        effective_from=dt.date(2000, 1, 1),
        **terms,
    )
    for kind, threshold in MEASURES.items():
        await Criterion.create(standard_id=standard.id, kind=kind, threshold=threshold)
    return standard


@DRAWN
@given(data=st.data(), as_of=AS_OF)
async def test_every_judgement_is_what_the_second_computation_says(places, data, as_of):
    campaign = data.draw(campaigns(as_of))
    law = data.draw(indicators(as_of, ("/1/2/", "/1/20/")))
    drawn = figures(as_of, oracle.months_of(as_of)[0][0])
    customers = data.draw(
        st.lists(st.tuples(CUSTOMERS, st.integers(0, 2), drawn, drawn), min_size=1, max_size=3)
    )
    with contextlib.suppress(Undo):
        async with in_transaction():
            row = await enact(campaign)
            for indicator in law:
                await adopt_indicator(indicator)
            stored = []
            for customer, place, current, replaced in customers:
                whole = CustomerOf(
                    customer.accounts,
                    customer.loans,
                    current,
                    {key: figure for key, figure in replaced.items() if key not in current},
                )
                stored.append((await store(whole, places[place]), whole, places[place].path))
            running = oracle.campaign_on([campaign], "MEASURES", as_of)
            asked = MEASURES | (running.thresholds if running else {})
            combine = (running.combine if running else None) or "ANY"
            screening = await run_screening(
                standard=await standard_in_force("MEASURES", as_of), as_of=as_of, started_by=uuid4(), now=NOW
            )
            assert screening.campaign_id == (row.id if running else None)
            await compare(screening, stored, asked, combine, law, as_of)
            own = await run_screening(
                standard=await branch_standard(places[0]), as_of=as_of, started_by=uuid4(), now=NOW
            )
            assert own.campaign_id is None
            below = [it for it in stored if it[2].startswith("/1/2/")]
            await compare(own, below, MEASURES, "ANY", [], as_of)
            raise Undo


async def test_every_edge_of_an_indicator(places):
    """Each amount on each day, alone and with another figure a day before it, in the branch and in one that looks alike."""
    as_of = dt.date(2024, 6, 15)
    start, one = oracle.months_of(as_of)[0][0], dt.timedelta(days=1)
    law = IndicatorOf("A-ONE", "/1/2/", 1_000)
    await adopt_indicator(law)
    stored = []
    for place in places:
        for day in (start - one, start, as_of, as_of + one):
            for amount in EDGES[:7]:
                whole = CustomerOf(figures={("A-ONE", day): ("CNY", amount)})
                if amount < 1_000:
                    whole.figures["A-ONE", day - one] = "CNY", 5_000
                    whole.replaced_figures["A-ONE", as_of - one] = "CNY", 6_000
                stored.append((await store(whole, place), whole, place.path))
    screening = await run_screening(
        standard=await standard_in_force("MEASURES", as_of), as_of=as_of, started_by=uuid4(), now=NOW
    )
    # Who has neither account nor a figure that counts is not evaluated.
    seen = [it for it in stored if it[2] != "/1/20/" and oracle.newest_figure(it[1], law, as_of)]
    assert 0 < screening.passed < screening.evaluated == len(seen)
    await compare(screening, seen, MEASURES, "ANY", [law], as_of)


async def compare(screening, stored, asked, combine, law, as_of) -> None:
    found = {row.customer_id: row for row in await Evaluation.filter(screening_id=screening.id)}
    assert found.keys() == {key for key, _, _ in stored}
    for key, customer, path in stored:
        met, codes, passed, near = oracle.judged(customer, path, asked, combine, law, as_of)
        row = found[key]
        assert set(filter(None, row.criteria_met.split(","))) == met
        assert list(filter(None, row.indicators_met.split(","))) == codes
        assert (row.passed, row.borderline) == (passed, near)
        evidence = from_text(row.evidence)
        assert evidence.get("indicators") != []
        for line in evidence.get("indicators", []):
            assert (line["amount"] >= line["threshold"]) is (line["code"] in codes)
    assert screening.passed == sum(row.passed for row in found.values())
