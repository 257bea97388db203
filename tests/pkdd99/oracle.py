"""The Czech bank's figures computed a second time, from the raw files alone, to hold the product's screening against.

Nothing here comes from the converter, the desk or the models: it reads the issue and decisions.md 23 anew, works in
exact fractions, tries every order of a day's lines, and walks the window day by day. Slow and plain on purpose.
"""

from __future__ import annotations

import gzip
from bisect import bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import permutations
from pathlib import Path

RULES = ("daily_12", "month_end_12", "since_opening")
MONTHS = 12
CASH = "cash"
KIND_OF_OPERATION = {"VYBER KARTOU": "card", "VYBER": CASH, "PREVOD NA UCET": "transfer"}
SPEND_KINDS = ("card", CASH, "transfer", "debit_total")


@dataclass
class Debt:
    started: date
    amount: Fraction
    months: int
    payment: Fraction
    good: bool

    def left(self, on: date) -> Fraction:
        if on < self.started:
            return Fraction(0)
        months = min(self.months, 12 * on.year + on.month - 12 * self.started.year - self.started.month)
        return max(Fraction(0), self.amount - months * self.payment)


@dataclass
class Ledger:
    """One account: its day of opening, the closing balances of days with lines, its loans, its spend by day."""

    opened: date
    days: list[date] = field(default_factory=list)
    closings: list[Fraction] = field(default_factory=list)
    debts: list[Debt] = field(default_factory=list)
    spent: list[tuple[date, str, Fraction]] = field(default_factory=list)

    def at_end_of(self, day: date) -> Fraction:
        """The last closing balance on or before the day. 0 before opening."""
        place = bisect_right(self.days, day)
        return self.closings[place - 1] if place else Fraction(0)


@dataclass
class Bank:
    """`owned` lists the accounts of each client who owns one. Disponents are in `clients` only."""

    clients: set[int]
    owned: dict[int, list[int]]
    ledgers: dict[int, Ledger]
    cut: date


@dataclass(frozen=True)
class Figures:
    """What one client is judged by. `outstanding` counts every loan, `good_standing` says whether all are good."""

    average: Fraction
    outstanding: Fraction
    good_standing: bool
    spend: dict[str, Fraction]


def load(raw_dir: str | Path) -> Bank:
    """Read the published files. The last day of the lines is cut, so it closes nothing (`Bank.cut`)."""
    raw = Path(raw_dir)
    ledgers = {int(a): Ledger(_day(opened)) for a, _, _, opened in _table(raw, "account.asc.gz")}
    owned: defaultdict[int, list[int]] = defaultdict(list)
    for _, client, account, kind in _table(raw, "disp.asc.gz"):
        if kind == "OWNER":
            owned[int(client)].append(int(account))
    for _, account, started, amount, months, payment, status in _table(raw, "loan.asc.gz"):
        debt = Debt(_day(started), Fraction(amount), int(months), Fraction(payment), status in ("A", "C"))
        ledgers[int(account)].debts.append(debt)
    clients = {int(row[0]) for row in _table(raw, "client.asc.gz")}
    by_day: defaultdict[tuple[date, int], list[tuple[Fraction, Fraction]]] = defaultdict(list)
    for _, holder, written, kind, operation, amount, stated, *_ in _table(
        raw, "trans_19930101_19940331.asc.gz"
    ):
        ledger, day, moved = ledgers[int(holder)], _day(written), Fraction(amount)
        by_day[day, int(holder)].append((moved if kind == "PRIJEM" else -moved, Fraction(stated)))
        if operation in KIND_OF_OPERATION:
            ledger.spent.append((day, KIND_OF_OPERATION[operation], moved))
        if kind != "PRIJEM":
            ledger.spent.append((day, "debit_total", moved))
    cut = max(day for day, _ in by_day)
    for day, account_id in sorted(by_day):
        if day < cut:
            ledger = ledgers[account_id]
            before = ledger.closings[-1] if ledger.closings else Fraction(0)
            ledger.closings.append(last_balance(before, by_day[day, account_id]))
            ledger.days.append(day)
    return Bank(clients, dict(owned), ledgers, cut)


def last_balance(before: Fraction, lines: list[tuple[Fraction, Fraction]]) -> Fraction:
    """The stated balance at the end of the order whose links (previous + change = stated) are off by least in all."""

    def off(order: tuple[tuple[Fraction, Fraction], ...]) -> Fraction:
        starts = [before, *(stated for _, stated in order)]
        return sum(
            (abs(start + change - stated) for start, (change, stated) in zip(starts, order, strict=False)),
            Fraction(0),
        )

    return min(permutations(lines), key=off)[-1][1]


def window(as_of: date) -> list[tuple[date, date]]:
    """First and last day of the 12 full calendar months that end at the last month-end on or before `as_of`."""
    if as_of.day == monthrange(as_of.year, as_of.month)[1]:
        end = as_of
    else:
        end = as_of.replace(day=1) - timedelta(days=1)
    months: list[tuple[date, date]] = []
    while len(months) < MONTHS:
        months.append((end.replace(day=1), end))
        end = end.replace(day=1) - timedelta(days=1)
    return months[::-1]


def average(ledger: Ledger, months: list[tuple[date, date]], rule: str) -> Fraction:
    """The monthly average of one account by one of the RULES of decisions.md 23."""
    if rule == "daily_12":
        means = []
        for first, last in months:
            ends = [ledger.at_end_of(first + timedelta(days=n)) for n in range((last - first).days + 1)]
            means.append(sum(ends, Fraction(0)) / len(ends))
        return sum(means, Fraction(0)) / len(means)
    if rule == "month_end_12":
        return sum((ledger.at_end_of(last) for _, last in months), Fraction(0)) / MONTHS
    if rule == "since_opening":
        ends = [ledger.at_end_of(last) for _, last in months if last >= ledger.opened]
        return sum(ends, Fraction(0)) / len(ends) if ends else Fraction(0)
    raise ValueError(f"{rule!r} is none of {RULES}")


def figures(bank: Bank, as_of: date, rule: str) -> dict[int, Figures]:
    """The figures of every client who owns an account, opened yet or not."""
    if as_of >= bank.cut:
        raise ValueError(f"{as_of}: the lines are cut during {bank.cut}")
    months = window(as_of)
    first, last = months[0][0], months[-1][1]
    result = {}
    for client, accounts in bank.owned.items():
        ledgers = [bank.ledgers[account] for account in accounts]
        spend = dict.fromkeys(SPEND_KINDS, Fraction(0))
        for ledger in ledgers:
            for day, kind, amount in ledger.spent:
                if first <= day <= last:
                    spend[kind] += amount
        debts = [debt for ledger in ledgers for debt in ledger.debts]
        result[client] = Figures(
            sum((average(ledger, months, rule) for ledger in ledgers), Fraction(0)),
            sum((debt.left(as_of) for debt in debts), Fraction(0)),
            all(debt.good for debt in debts),
            spend,
        )
    return result


def passing(each: dict[int, Figures], t1: Fraction, t2: Fraction, t3: Fraction) -> set[int]:
    """Who meets any: average >= t1, or loans in good standing >= t2, or cash of 12 months >= t3. All above 0."""
    if min(t1, t2, t3) <= 0:
        raise ValueError("a threshold of 0 would be met by clients who have no loan or spend at all")
    return {
        client
        for client, f in each.items()
        if f.average >= t1 or (f.good_standing and f.outstanding >= t2) or f.spend[CASH] >= t3
    }


def _table(raw: Path, name: str) -> Iterable[list[str]]:
    with gzip.open(raw / name, "rt", encoding="ascii") as stream:
        next(stream)
        for line in stream:
            yield [cell.strip('"').strip() for cell in line.rstrip("\r\n").split(";")]


def _day(text: str) -> date:
    text = text.split()[0]
    return date(1900 + int(text[:2]), int(text[2:4]), int(text[4:6]))
