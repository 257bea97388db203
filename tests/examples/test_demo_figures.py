"""The demo bank's figures: they fit each other, and a screening of them is interesting."""

from __future__ import annotations

import bisect
import calendar
import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction

import pytest

from examples.demo.bank import write_bank

Rows = list[dict[str, str]]
HALF_MILLION = 500_000_00
MILLION = 1_000_000_00
HUNDRED_THOUSAND = 100_000_00
SEPTEMBER, OCTOBER = dt.date(2026, 9, 30), dt.date(2026, 10, 31)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    to = tmp_path_factory.mktemp("demo")
    tables = {}
    for name in write_bank(to):
        with (to / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    return tables


def minor(text: str) -> int:
    return int(text.replace(".", ""))


def test_every_step_of_a_balance_has_its_lines(bank: dict[str, Rows]) -> None:
    moved: dict[tuple[str, str], int] = defaultdict(int)
    after: dict[tuple[str, str], int] = {}
    for row in bank["transactions"]:
        key = row["account_number"], row["day"]
        moved[key] += minor(row["amount"]) * (1 if row["direction"] == "CREDIT" else -1)
        after[key] = minor(row["balance_after"])
    opened = {row["number"]: row["opened_on"] for row in bank["accounts"]}
    before: dict[str, int] = {}
    for row in bank["day_end_balances"]:
        key = row["account_number"], row["day"]
        amount = minor(row["amount"])
        first = 0 if opened[row["account_number"]] == row["day"] else amount
        assert before.get(row["account_number"], first) + moved.pop(key, 0) == amount
        assert after.pop(key, amount) == amount
        before[row["account_number"]] = amount
    assert moved == {}


def months(last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """First and last day of the twelve months that end with `last`."""
    found = []
    for back in range(11, -1, -1):
        year, month = divmod(last.year * 12 + last.month - 1 - back, 12)
        days = calendar.monthrange(year, month + 1)[1]
        found.append((dt.date(year, month + 1, 1), dt.date(year, month + 1, days)))
    return found


def mean(rows: list[tuple[dt.date, int]], first: dt.date, end: dt.date) -> Fraction:
    """Mean of a month's day-end balances. A day without a row carries the last one."""
    at = bisect.bisect_left(rows, (first, -1))
    held, since, total = rows[at - 1][1] if at else 0, first, 0
    for day, amount in rows[at:]:
        if day > end:
            break
        total += held * (day - since).days
        held, since = amount, day
    return Fraction(total + held * ((end - since).days + 1), end.day)


def at_end(rows: list[tuple[dt.date, int]], first: dt.date, end: dt.date) -> Fraction:
    at = bisect.bisect_right(rows, (end, 10**15))
    return Fraction(rows[at - 1][1] if at else 0)


def yuan_rate(bank: dict[str, Rows], currency: str, day: dt.date) -> Fraction:
    """Fen for one minor unit, by the last rate published up to that day."""
    if currency == "CNY":
        return Fraction(1)
    published = [
        row
        for row in bank["exchange_rates"]
        if row["currency"] == currency and row["published_on"] <= day.isoformat()
    ]
    last = max(published, key=lambda row: row["published_on"])
    return Fraction(last["rate"]) / int(last["unit"]) * (100 if currency == "JPY" else 1)


def savings(
    bank: dict[str, Rows],
    last: dt.date,
    of_month: Callable[[list[tuple[dt.date, int]], dt.date, dt.date], Fraction] = mean,
) -> dict[str, Fraction]:
    """Each customer's average savings over twelve months, in fen."""
    account = {row["number"]: row for row in bank["accounts"]}
    days: dict[str, list[tuple[dt.date, int]]] = defaultdict(list)
    for row in bank["day_end_balances"]:
        days[row["account_number"]].append((dt.date.fromisoformat(row["day"]), minor(row["amount"])))
    window = months(last)
    rates = {
        (currency, end): yuan_rate(bank, currency, end)
        for currency in ("CNY", "USD", "HKD", "JPY")
        for _, end in window
    }
    total: dict[str, Fraction] = defaultdict(Fraction)
    for number, rows in days.items():
        it = account[number]
        total[it["customer_number"]] += sum(
            of_month(rows, first, end) * rates[it["currency"], end] for first, end in window
        )
    names = {f"{first:%Y-%m}": end for first, end in window}
    for row in bank["month_average_balances"]:
        if row["month"] in names:
            it = account[row["account_number"]]
            rate = rates[it["currency"], names[row["month"]]]
            total[it["customer_number"]] += minor(row["amount"]) * rate
    return {customer: amount / 12 for customer, amount in total.items()}


def good_loans(bank: dict[str, Rows], last: dt.date) -> dict[str, int]:
    """Each borrower's outstanding loans that were never overdue or downgraded in the months told of."""
    marred = {row["number"] for row in bank["loans"] if row["classification"] != "NORMAL"}
    marred |= {row["number"] for row in bank["loans"] if row["overdue"] != "0.00"}
    total: dict[str, int] = defaultdict(int)
    for row in bank["loans"]:
        if row["as_of"] == last.isoformat() and row["number"] not in marred:
            total[row["customer_number"]] += minor(row["outstanding"])
    return total


def card_spend(bank: dict[str, Rows], last: dt.date) -> dict[str, int]:
    owner = {row["number"]: row["customer_number"] for row in bank["accounts"]}
    names = {f"{first:%Y-%m}" for first, _ in months(last)}
    total: dict[str, int] = defaultdict(int)
    for row in bank["spends"]:
        if row["kind"] == "card" and row["month"] in names:
            total[owner[row["account_number"]]] += minor(row["amount"])
    return total


@pytest.fixture(scope="module")
def figures(bank: dict[str, Rows]) -> tuple[dict[str, Fraction], dict[str, int], dict[str, int]]:
    return savings(bank, OCTOBER), good_loans(bank, OCTOBER), card_spend(bank, OCTOBER)


@pytest.fixture(scope="module")
def number(bank: dict[str, Rows]) -> dict[str, str]:
    """Customer numbers of the planted customers, whose names nobody else before C00000031 has."""
    return {row["name"]: row["number"] for row in bank["customers"] if row["number"] < "C00000031"}


def test_one_in_twelve_qualifies_and_some_nearly(
    figures: tuple[dict[str, Fraction], dict[str, int], dict[str, int]],
) -> None:
    saved, owed, spent = figures
    by_savings = {it for it, amount in saved.items() if amount >= HALF_MILLION}
    by_loan = {it for it, amount in owed.items() if amount >= MILLION}
    by_card = {it for it, amount in spent.items() if amount >= HUNDRED_THOUSAND}
    assert min(len(by_savings), len(by_loan), len(by_card)) >= 25
    assert 0.04 <= len(by_savings | by_loan | by_card) / 5000 <= 0.15
    near = {it for it, amount in saved.items() if abs(amount - HALF_MILLION) * 20 <= HALF_MILLION}
    near |= {it for it, amount in owed.items() if abs(amount - MILLION) * 20 <= MILLION}
    near |= {it for it, amount in spent.items() if abs(amount - HUNDRED_THOUSAND) * 20 <= HUNDRED_THOUSAND}
    assert 50 <= len(near) <= 400


@pytest.mark.parametrize(
    ("name", "fen"),
    [
        ("高远", HALF_MILLION),
        ("叶秋", HALF_MILLION - 1),
        ("康宁", HALF_MILLION),
        ("姜文远", HALF_MILLION),
        ("沈月", HALF_MILLION),
        ("梁雨", HALF_MILLION),
        ("丁香", 485_000_00),
        ("周小舟", 0),
    ],
)
def test_savings_at_the_edge(
    figures: tuple[dict[str, Fraction], dict[str, int], dict[str, int]],
    number: dict[str, str],
    name: str,
    fen: int,
) -> None:
    assert figures[0].get(number[name], Fraction(0)) == fen


def test_savings_that_depend_on_the_rule_or_the_month(bank: dict[str, Rows], number: dict[str, str]) -> None:
    daily, ends = savings(bank, OCTOBER), savings(bank, OCTOBER, at_end)
    before = savings(bank, SEPTEMBER)
    assert daily[number["纪晓"]] >= HALF_MILLION > ends[number["纪晓"]]
    assert before[number["梁雨"]] < HALF_MILLION == daily[number["梁雨"]]
    assert before[number["丁香"]] >= HALF_MILLION > daily[number["丁香"]]
    assert ends[number["尹航"]] == 400_000_00
    flipped = {it for it in daily if (daily[it] >= HALF_MILLION) != (before.get(it, 0) >= HALF_MILLION)}
    assert 10 <= len(flipped) <= 100


@pytest.mark.parametrize(
    ("name", "outstanding", "good"),
    [
        ("钱芳", "1530000.00", True),
        ("石磊", "1000000.00", True),
        ("陆平", "999999.99", True),
        ("方圆", "1000000.00", False),
        ("牛奔", "1200000.00", False),
        ("雷鸣", "2000000.00", False),
        ("安琪", "600000.00", True),
        ("章程", "0.00", True),
    ],
)
def test_loans_at_the_edge(
    bank: dict[str, Rows], number: dict[str, str], name: str, outstanding: str, good: bool
) -> None:
    rows = [row for row in bank["loans"] if row["customer_number"] == number[name]]
    last = [row for row in rows if row["as_of"] == OCTOBER.isoformat()]
    assert {row["outstanding"] for row in last} == {outstanding}
    assert all(row["classification"] == "NORMAL" and row["overdue"] == "0.00" for row in rows) is good
    if name == "方圆":
        assert [row["overdue"] != "0.00" for row in rows].count(True) == 1
        assert last[0]["overdue"] == "0.00"
    if name == "安琪":
        assert len(last) == 2


@pytest.mark.parametrize(("name", "fen"), [("温暖", HUNDRED_THOUSAND), ("苗青", HUNDRED_THOUSAND - 1)])
def test_spend_at_the_edge(bank: dict[str, Rows], number: dict[str, str], name: str, fen: int) -> None:
    assert card_spend(bank, OCTOBER)[number[name]] == fen
    assert card_spend(bank, SEPTEMBER)[number[name]] == fen


def test_people_worth_meeting(bank: dict[str, Rows], number: dict[str, str]) -> None:
    served = {row["customer_number"]: row["manager_number"] for row in bank["manager_assignments"]}
    assert (number["周明"], number["钱芳"]) == ("C00000001", "C00000002")
    assert served[number["周明"]] == served[number["钱芳"]] == "S100001"
    assert number["孤岛"] not in served
    document = {row["number"]: row["identity_number"] for row in bank["customers"]}
    staff = {row["identity_number"]: row["number"] for row in bank["staff"]}
    assert [staff[it] for it in document.values() if it in staff] == ["S100002"]
    assert staff[document[number["郑涛"]]] == "S100002"
    assert {"王𠮷㐀", "阿依古丽·买买提"} <= set(number)
    assert {row["role"] for row in bank["account_holders"]} == {"JOINT", "DISPONENT"}
    owner = {row["number"]: row["customer_number"] for row in bank["accounts"]}
    assert all(owner[row["account_number"]] != row["customer_number"] for row in bank["account_holders"])
    closed = {row["number"]: row["closed_on"] for row in bank["accounts"] if row["closed_on"]}
    assert len(closed) > 30
    ended = {row["account_number"] for row in bank["day_end_balances"] if row["amount"] == "0.00"}
    assert closed.keys() <= ended


def test_every_open_account_has_its_month_ends(bank: dict[str, Rows]) -> None:
    days: dict[str, set[str]] = defaultdict(set)
    for row in bank["day_end_balances"]:
        days[row["account_number"]].add(row["day"])
    averages: dict[str, set[str]] = defaultdict(set)
    for row in bank["month_average_balances"]:
        averages[row["account_number"]].add(row["month"])
    assert not days.keys() & averages.keys()
    window = months(SEPTEMBER)[:1] + months(OCTOBER)
    for row in bank["accounts"]:
        opened, closed = row["opened_on"], row["closed_on"] or "9999"
        ends = {end.isoformat() for _, end in window if opened <= end.isoformat() < closed}
        if row["kind"] == "CARD":
            assert row["number"] not in days
        elif row["number"] in averages:
            assert averages[row["number"]] == {f"{first:%Y-%m}" for first, _ in window}
        else:
            assert ends <= days[row["number"]], row
            assert min(days[row["number"]]) >= opened
