"""Art. 6, nos. 1-3: 500,000 in savings, 1,000,000 in loans without bad record, 100,000 of card spend, each `>=`."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest

from desk.standards import run_screening, standard_in_force
from desk.standards.rates import NoRate
from models.accounts import Account, AccountHolder
from models.errors import Refusal
from models.standards import Criterion, Evaluation, Screening, ScreeningRate, Standard
from tests.desk.standards.worlds import AccountOf, CustomerOf, LoanOf, branch, publish, store

AS_OF = dt.date(2024, 6, 30)
"""A Sunday, and a month-end. The window is 2023-07-01 to 2024-06-30, with a leap day."""
NOW = dt.datetime(2024, 7, 5, 2, 0, tzinfo=dt.UTC)
LONG_AGO = dt.date(2020, 5, 5)


async def screened(customer_id: UUID | None = None, code: str = "MEASURES") -> Screening:
    standard = await standard_in_force(code, AS_OF)
    return await run_screening(
        standard=standard, as_of=AS_OF, customer_id=customer_id, started_by=uuid4(), now=NOW
    )


async def evaluation(customer: CustomerOf) -> Evaluation:
    customer_id = await store(customer, await branch())
    screening = await screened()
    return await Evaluation.get(screening_id=screening.id, customer_id=customer_id)


def saver(*amounts: int) -> CustomerOf:
    return CustomerOf([AccountOf(rows={LONG_AGO: amount}) for amount in amounts])


def borrower(outstanding: int, *, grade: str = "NORMAL", overdue: int = 0, earlier=()) -> CustomerOf:
    standings = {day: (outstanding, was, late) for day, was, late in earlier}
    return CustomerOf(loans=[LoanOf(standings=standings | {AS_OF: (outstanding, grade, overdue)})])


def spender(*amounts: int, kind: str = "card") -> CustomerOf:
    months = [dt.date(2023, 7, 1), dt.date(2024, 6, 1), dt.date(2024, 1, 1)]
    return CustomerOf(
        [AccountOf(spend={(month, kind): amount for month, amount in zip(months, amounts, strict=False)})]
    )


OVERDUE_LAST_YEAR = ((dt.date(2023, 6, 30), "NORMAL", 1),)
LOSS_LAST_YEAR = ((dt.date(2023, 6, 30), "LOSS", 0),)
OVERDUE_25_MONTHS_AGO = ((dt.date(2022, 6, 30), "NORMAL", 1),)


@pytest.mark.measure("A6b")
@pytest.mark.parametrize(
    ("customer", "met"),
    [
        pytest.param(saver(499_999_99), "", id="savings 499,999.99"),
        pytest.param(saver(500_000_00), "AVERAGE_SAVINGS", id="savings 500,000.00"),
        pytest.param(saver(250_000_00, 250_000_00), "AVERAGE_SAVINGS", id="two accounts of one person"),
        pytest.param(borrower(999_999_99), "", id="loan 999,999.99"),
        pytest.param(borrower(1_000_000_00), "LOAN_BALANCE", id="loan 1,000,000.00"),
        pytest.param(borrower(1_000_000_00, overdue=1), "", id="one instalment overdue"),
        pytest.param(borrower(1_000_000_00, grade="SPECIAL_MENTION"), "", id="special mention"),
        pytest.param(borrower(1_000_000_00, earlier=OVERDUE_LAST_YEAR), "", id="overdue a year ago"),
        pytest.param(borrower(1_000_000_00, earlier=LOSS_LAST_YEAR), "", id="graded loss a year ago"),
        pytest.param(
            borrower(1_000_000_00, earlier=OVERDUE_25_MONTHS_AGO),
            "LOAN_BALANCE",
            id="overdue before the look-back",
        ),
        pytest.param(spender(99_999_99), "", id="spend 99,999.99"),
        pytest.param(spender(100_000_00), "SPEND", id="spend 100,000.00"),
        pytest.param(spender(60_000_00, 45_000_00, -5_000_00), "SPEND", id="refunds net off"),
        pytest.param(spender(100_000_00, kind="cash"), "", id="cash is no card spend"),
    ],
)
async def test_thresholds(db, customer, met):
    found = await evaluation(customer)
    assert found.criteria_met == met
    assert found.passed is bool(met)


@pytest.mark.measure("A6b")
async def test_a_fen_short_on_one_day_fails_although_the_stored_figure_rounds_up(db):
    rows = {LONG_AGO: 500_000_00, dt.date(2024, 2, 29): 499_999_99, dt.date(2024, 3, 1): 500_000_00}
    found = await evaluation(CustomerOf([AccountOf(rows=rows)]))
    assert found.average_savings == 500_000_00
    assert (found.passed, found.borderline) == (False, True)


@pytest.mark.measure("A6b")
async def test_one_bad_loan_spoils_the_others(db):
    good, bad = borrower(1_000_000_00), borrower(0, earlier=OVERDUE_LAST_YEAR)
    found = await evaluation(CustomerOf(loans=good.loans + bad.loans))
    assert (found.loan_balance, found.good_standing, found.passed) == (1_000_000_00, False, False)


async def test_a_granted_loan_of_which_nothing_is_known_is_missing(db):
    known = borrower(1_000_000_00).loans
    unknown = LoanOf(granted_on=AS_OF, standings={dt.date(2024, 7, 1): (1, "NORMAL", 0)})
    found = await evaluation(CustomerOf(loans=[*known, unknown]))
    assert (found.missing, found.passed, found.borderline) == ("NO_STANDING", False, False)


async def test_month_averages_count_day_by_day_but_not_at_month_ends(db):
    ends = [dt.date(2023 + (6 + n) // 12, (6 + n) % 12 + 1, 1) - dt.timedelta(days=1) for n in range(1, 13)]
    customer = CustomerOf([AccountOf(kind="MONTH_AVERAGE", rows=dict.fromkeys(ends, 500_000_00))])
    found = await evaluation(customer)
    assert (found.missing, found.criteria_met) == ("", "AVERAGE_SAVINGS")
    await standard_like_the_measures("ENDS", averaging_rule="month_end_12")
    screening = await screened(code="ENDS")
    other = await Evaluation.get(screening_id=screening.id)
    assert (other.missing, other.passed, other.average_savings) == ("NO_DAY_END", False, 0)
    assert screening.incomplete == 1


async def standard_like_the_measures(code: str, **changes: object) -> Standard:
    seeded = await Standard.get(code="MEASURES")
    terms = {
        name: getattr(seeded, name)
        for name in seeded._meta.fields_db_projection
        if name not in ("id", "code")
    }
    standard = await Standard.create(code=code, **terms | changes)
    for criterion in await Criterion.filter(standard_id=seeded.id):
        await Criterion.create(standard_id=standard.id, kind=criterion.kind, threshold=criterion.threshold)
    return standard


@pytest.mark.parametrize(("amount", "passed"), [(99_999_99, False), (100_000_00, True)])
async def test_all_criteria_where_the_standard_says_so(db, amount, passed):
    await standard_like_the_measures("ALL", combine="ALL")
    customer = CustomerOf(saver(500_000_00).accounts + spender(amount).accounts, borrower(1_000_000_00).loans)
    customer_id = await store(customer, await branch())
    screening = await screened(code="ALL")
    found = await Evaluation.get(screening_id=screening.id, customer_id=customer_id)
    assert found.passed is passed


@pytest.mark.measure("A6b")
async def test_foreign_currency_converts_at_the_last_published_rate_of_a_sunday(db):
    for n in range(12):
        first = dt.date(2023 + (7 + n) // 12, (7 + n) % 12 + 1, 1)
        await publish(first - dt.timedelta(days=3), "USD", "CNY", "712.68", unit=100)
    await publish(dt.date(2024, 7, 1), "USD", "CNY", "999", unit=100)
    dollars = -(-500_000_00 * 10_000 // 71_268)
    found = await evaluation(CustomerOf([AccountOf(currency="USD", rows={LONG_AGO: dollars})]))
    assert found.passed
    used = await ScreeningRate.filter(screening_id=found.screening_id).order_by("month_end")
    assert len(used) == 12
    assert (used[-1].month_end, used[-1].published_on) == (AS_OF, dt.date(2024, 6, 28))
    assert used[-1].rate == "17817/2500"
    short = await evaluation(CustomerOf([AccountOf(currency="USD", rows={LONG_AGO: dollars - 1})]))
    assert not short.passed


@pytest.mark.measure("A6b")
@pytest.mark.parametrize(
    "customer",
    [
        pytest.param(CustomerOf([AccountOf(currency="USD", rows={LONG_AGO: 1})]), id="savings"),
        pytest.param(
            CustomerOf([AccountOf(currency="USD", spend={(dt.date(2024, 1, 1), "card"): 1})]), id="spend"
        ),
        pytest.param(CustomerOf(loans=[LoanOf("USD", standings={AS_OF: (1, "NORMAL", 0)})]), id="loan"),
    ],
)
async def test_no_rate_refuses_and_writes_nothing(db, customer):
    await publish(dt.date(2023, 7, 31), "USD", "CNY", "7.14")
    owner = await branch()
    await store(saver(500_000_00), owner)
    await store(customer, owner)
    with pytest.raises(NoRate) as refused:
        await screened()
    assert "USD" in refused.value.message
    for table in (Screening, Evaluation, ScreeningRate):
        assert await table.all().count() == 0


async def test_an_empty_foreign_account_needs_no_rate(db):
    found = await evaluation(CustomerOf([AccountOf(currency="USD", rows={LONG_AGO: 0})]))
    assert (found.average_savings, found.passed) == (0, False)


async def test_the_figure_belongs_to_the_owner_and_a_disponent_is_not_evaluated(db):
    owner = await branch()
    rich = await store(saver(500_000_00), owner)
    disponent = await store(CustomerOf(), owner)
    account = await Account.get(customer_id=rich)
    await AccountHolder.create(account=account, customer_id=disponent, role="DISPONENT")
    screening = await screened()
    assert [row.customer_id for row in await Evaluation.filter(screening_id=screening.id)] == [rich]
    with pytest.raises(Refusal) as refused:
        await screened(disponent)
    assert refused.value.code == "NOTHING_TO_EVALUATE"
    assert await Screening.all().count() == 1


async def test_a_sum_beyond_64_bits_is_refused_not_rounded(db):
    huge = 9 * 10**17
    owner = await branch()
    await store(CustomerOf([AccountOf(rows={LONG_AGO: huge, dt.date(2024, 6, 30): -huge})]), owner)
    with pytest.raises(Refusal) as refused:
        await screened()
    assert refused.value.code == "FIGURE_TOO_LARGE"
    assert await Screening.all().count() == 0
