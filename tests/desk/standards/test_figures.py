"""Every figure against a second computation that walks the days: drawn worlds, each rule, both databases."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.transactions import in_transaction

from desk.dialect import as_uuid
from desk.standards.criteria import judge
from desk.standards.evaluating import Outcome, evaluate, rates_for
from desk.standards.evidence import from_text, to_text
from desk.standards.figures import Arithmetic, Figures
from desk.standards.rates import Rate, Rates
from desk.standards.rule import Rule
from desk.standards.scopes import Scope
from models.vocabulary import AveragingRule, Combine, CriterionKind
from models.windows import Window
from tests.desk.standards import oracle
from tests.desk.standards.worlds import (
    AS_OF,
    CUSTOMERS,
    AccountOf,
    CustomerOf,
    LoanOf,
    branch,
    publish_all,
    store,
)

KINDS = ("card", "cash")
DRAWN = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rule_for(averaging: AveragingRule, look_back: int = 24, **thresholds: int) -> Rule:
    return Rule(
        standard_id=uuid4(),
        currency="CNY",
        combine=Combine.ANY,
        averaging=averaging,
        spend_kinds=KINDS,
        look_back_months=look_back,
        thresholds={CriterionKind(kind): amount for kind, amount in thresholds.items()},
    )


async def evaluated(rule: Rule, as_of: dt.date, *customers: UUID) -> tuple[dict[UUID, Outcome], Rates]:
    scope = Scope(customers=customers)
    async with in_transaction():
        rates = await rates_for(rule, Window.ending(as_of), as_of, scope)
        found = {
            as_uuid(outcome.customer): outcome
            async for part in evaluate(rule, as_of=as_of, scope=scope, rates=rates)
            for outcome in part
        }
    return found, rates


@pytest.fixture
async def world(db):
    await publish_all()
    return await branch()


@DRAWN
@given(customers=st.lists(CUSTOMERS, min_size=1, max_size=3), as_of=AS_OF, look_back=st.integers(0, 24))
async def test_every_figure_is_what_a_walk_over_the_days_gives(world, customers, as_of, look_back):
    ids = [await store(customer, world) for customer in customers]
    for averaging in AveragingRule:
        found, rates = await evaluated(rule_for(averaging, look_back), as_of, *ids)
        assert list(found) == sorted(ids, key=str)
        for key, customer in zip(ids, customers, strict=True):
            outcome = found[key]
            figures, missing = _expected(customer, averaging, look_back, as_of)
            assert outcome.figures == figures
            assert outcome.missing == missing
            assert _audited(outcome, rates, averaging, as_of) == figures


EDGES = [
    dt.date(2023, 6, 30),
    dt.date(2023, 7, 1),
    dt.date(2023, 7, 2),
    dt.date(2024, 1, 31),
    dt.date(2024, 2, 1),
    dt.date(2024, 2, 29),
    dt.date(2024, 3, 1),
    dt.date(2024, 6, 29),
    dt.date(2024, 6, 30),
    dt.date(2024, 7, 1),
]
"""The days around the ends of the window of 2024-06-30, and of a month in it."""


@pytest.mark.parametrize(
    ("kind", "months"),
    [
        pytest.param("DAY_END", 0, id="day-ends"),
        pytest.param("MONTH_AVERAGE", 12, id="month averages"),
        pytest.param("MONTH_AVERAGE", 7, id="month averages up to January"),
    ],
)
async def test_accounts_opened_closed_and_changed_on_every_edge(world, kind, months):
    as_of = dt.date(2024, 6, 30)
    ends = [days[-1] for days in oracle.months_of(as_of)][:months]
    rows = {day: 1_000 + n for n, day in enumerate(ends or EDGES)}
    customers = [
        CustomerOf([AccountOf(kind=kind, opened_on=opened, closed_on=closed, rows=rows)])
        for opened in [dt.date(2010, 1, 1), *EDGES]
        for closed in [None, *EDGES]
        if closed is None or closed >= opened
    ]
    ids = [await store(customer, world) for customer in customers]
    for averaging in AveragingRule:
        found, _ = await evaluated(rule_for(averaging), as_of, *ids)
        for key, customer in zip(ids, customers, strict=True):
            figures, missing = _expected(customer, averaging, 24, as_of)
            assert (found[key].figures, found[key].missing) == (figures, missing), customer


@pytest.mark.parametrize("look_back", [0, 1, 24])
@pytest.mark.parametrize("as_of", [dt.date(2024, 6, 30), dt.date(2024, 6, 15), dt.date(2024, 2, 29)], ids=str)
async def test_loans_whose_bad_day_is_on_the_edge_of_the_look_back(world, as_of, look_back):
    start = oracle.back(as_of, look_back)
    customers = [
        CustomerOf(loans=[LoanOf(standings={bad: (100, grade, overdue), as_of - age: (50, "NORMAL", 0)})])
        for bad in (start - dt.timedelta(days=1), start, start + dt.timedelta(days=1))
        for grade, overdue in (("NORMAL", 1), ("LOSS", 0))
        for age in (dt.timedelta(0), dt.timedelta(days=-1))
    ]
    ids = [await store(customer, world) for customer in customers]
    found, _ = await evaluated(rule_for(AveragingRule.DAILY_12, look_back), as_of, *ids)
    for key, customer in zip(ids, customers, strict=True):
        figures, missing = _expected(customer, AveragingRule.DAILY_12, look_back, as_of)
        assert (found[key].figures, found[key].missing) == (figures, missing), customer


def _expected(
    customer: CustomerOf, averaging: AveragingRule, look_back: int, as_of: dt.date
) -> tuple[Figures, tuple[str, ...]]:
    average, unaveraged = oracle.average(customer, averaging.value, as_of)
    loans, good, unknown = oracle.debts(customer, look_back, as_of)
    gap = "NO_MONTH_AVERAGE" if averaging is AveragingRule.DAILY_12 else "NO_DAY_END"
    missing = ((gap,) if unaveraged else ()) + (("NO_STANDING",) if unknown else ())
    return Figures(average, loans, good, oracle.spend(customer, KINDS, as_of)), missing


class _Kept:
    """The rates as an auditor has them: those that were stored, and no others."""

    def __init__(self, rates: Rates) -> None:
        self.stored = {key: Fraction(rate.text) for key, rate in rates.used.items()}

    def rate(self, currency: str, other: str, day: dt.date):
        value = self.stored.get((currency, day))
        return None if value is None else Rate(value, day, "")


def _audited(outcome: Outcome, rates: Rates, averaging: AveragingRule, as_of: dt.date) -> Figures:
    """The figures from the stored text and the stored rates alone."""
    arithmetic = Arithmetic(
        Window.ending(as_of),
        as_of=as_of,
        daily=averaging is AveragingRule.DAILY_12,
        rates=Rates("CNY", _Kept(rates)),
    )
    return arithmetic.figures(from_text(to_text(outcome.evidence)))


FRACTIONS = st.builds(Fraction, st.integers(0, 10**12), st.sampled_from((1, 12, 366 * 12, 7919)))


@given(FRACTIONS, st.integers(-1, 1), st.integers(0, 1))
def test_a_figure_is_held_against_its_threshold_exactly(figure, off, up):
    threshold = max(1, figure.numerator // figure.denominator + up + off)
    rule = rule_for(AveragingRule.DAILY_12, AVERAGE_SAVINGS=threshold)
    judgement = judge(rule, Figures(figure, Fraction(0), True, Fraction(0)))
    assert judgement.passed == (figure >= threshold)
    assert judgement.borderline == (abs(figure - threshold) <= Fraction(5, 100) * threshold)


@pytest.mark.parametrize(
    ("figure", "borderline"),
    [(94_99, False), (95_00, True), (100_00, True), (105_00, True), (105_01, False)],
)
def test_borderline_is_within_5_percent_on_either_side(figure, borderline):
    rule = rule_for(AveragingRule.DAILY_12, SPEND=100_00)
    assert judge(rule, Figures(Fraction(0), Fraction(0), True, Fraction(figure))).borderline is borderline
