"""Published rates and holidays: imported from the central bank's own file, and held against that file read anew."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from authz import Policy
from desk.imports.loading import run_import
from desk.standards import screen
from desk.standards.rates import load_quotes
from examples.ecb.__main__ import convert
from models.reference import CalendarDay, ExchangeRate
from models.standards import Evaluation, ScreeningRate
from tests.pkdd99.bank import FOUNDERS, Timings, make_standard, seat
from tests.pkdd99.expected import to_cents
from tests.pkdd99.oracle import Bank

FX = "data/fx"
RULE = "month_end_12"


@dataclass
class Published:
    """The file as it is: rates per EUR by day and currency, `N/A` cells, holidays."""

    rates: dict[str, dict[dt.date, Fraction]]
    not_available: int
    holidays: set[dt.date]

    @classmethod
    def read(cls, folder: Path, since: dt.date) -> Published:
        rates: dict[str, dict[dt.date, Fraction]] = defaultdict(dict)
        absent = 0
        with gzip.open(folder / "eurofxref-hist.csv.gz", "rt", encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                day = dt.date.fromisoformat(row["Date"])
                for currency, cell in row.items():
                    if day >= since and currency not in ("Date", "", None):
                        if cell == "N/A":
                            absent += 1
                        else:
                            rates[currency][day] = Fraction(cell)
        days = {row["date"] for row in _rows(folder / "cn_holidays_2004_2026.csv")}
        found = {dt.date.fromisoformat(day) for day in days}
        return cls(dict(rates), absent, {day for day in found if day >= since})

    def last(self, currency: str, on: dt.date) -> tuple[dt.date, Fraction]:
        """The last rate published on or before a day."""
        day = max(day for day in self.rates[currency] if day <= on)
        return day, self.rates[currency][day]

    def cross(self, currency: str, other: str, on: dt.date) -> tuple[dt.date, Fraction]:
        """One unit of a currency in another, by their rates per EUR, and the older day of the two."""
        first, per_first = self.last(currency, on)
        second, per_second = self.last(other, on)
        return min(first, second), per_second / per_first


async def bring_in_rates(policy: Policy, fx: Path, since: dt.date, to: Path, timings: Timings) -> Published:
    """Convert, import, and count: a cell `N/A` is no rate, and no day without a publication has one."""
    for _ in convert(fx, to, since):
        pass
    with timings.of(f"import of rates since {since}"):
        report = await run_import(await seat(policy, FOUNDERS[0][0]), [to])
    assert report.errors == 0, report.as_text()
    published = Published.read(fx, since)
    cells = sum(len(days) for days in published.rates.values())
    assert await ExchangeRate.all().count() == cells
    assert published.not_available > 0
    assert await CalendarDay.all().count() == len(published.holidays) > 0
    timings.say(f"{cells:,} rates, {published.not_available:,} cells N/A, {len(published.holidays)} holidays")
    return published


async def convert_the_bank(
    policy: Policy, published: Published, bank: Bank, as_of: dt.date, code: str
) -> int:
    """Screen the bank in CNY on a later day: its last balances, each month-end at that month-end's cross rate.

    Nothing is published on a Saturday or Sunday, so such a month-end has the last rate before it. Returns how many
    of the twelve had. Compares every owner's average to a cent, and the rates that were kept.
    """
    await make_standard(policy, code, ("1.00", "1.00", "1.00"), RULE, currency="CNY")
    run = await screen(await seat(policy, "HQN"), as_of=as_of, standard_code=code)
    ends = list(month_ends(as_of))
    rates = {end: published.cross("CZK", "CNY", end) for end in ends}
    mean = sum((rate for _, rate in rates.values()), Fraction(0)) / 12
    due = {
        f"K{client:06d}": int(
            to_cents(
                sum((bank.ledgers[account].at_end_of(ends[0]) for account in accounts), Fraction(0)) * mean
            )
            * 100
        )
        for client, accounts in bank.owned.items()
    }
    found = dict(
        await Evaluation.filter(screening_id=run.id).values_list("customer__number", "average_savings")
    )
    assert found == due
    kept = await ScreeningRate.filter(screening_id=run.id, currency="CZK").values_list(
        "month_end", "published_on", "rate"
    )
    assert {end: (day, Fraction(rate)) for end, day, rate in kept if end in rates} == rates
    weekends = [end for end in ends if end.isoweekday() > 5]
    for end in weekends:
        friday = end - dt.timedelta(days=end.isoweekday() - 5)
        day, rate = published.cross("CZK", "CNY", friday)
        assert rates[end] == (day, rate)
        assert day <= friday
    return len(weekends)


async def ended_currency(published: Published) -> tuple[dt.date, dt.date] | None:
    """A currency that is N/A from a day on: for a month its last rate is used, then there is none. RUB in 2022."""
    if "RUB" not in published.rates:
        return None
    last = max(published.rates["RUB"])
    soon, late = last + dt.timedelta(days=20), last + dt.timedelta(days=60)
    rate = (await load_quotes(last, soon)).rate("RUB", "CNY", soon)
    assert rate is not None
    assert (rate.published_on, rate.value) == published.cross("RUB", "CNY", soon)
    assert (await load_quotes(last, late)).rate("RUB", "CNY", late) is None
    return last, late


def month_ends(as_of: dt.date) -> Iterator[dt.date]:
    """The last days of the 12 months that end with `as_of`, itself a month-end."""
    for back in range(11, -1, -1):
        month = as_of.year * 12 + as_of.month - 1 - back + 1
        yield dt.date(month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)
