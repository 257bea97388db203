"""Exchange rates as exact fractions: the last published one on or before a day, direct, inverse or crossed.

A rate is at most `MAX_AGE` days old, else it is no rate: NO_RATE names currency and day, and nothing is written.
Between two currencies a direct quote goes before an inverse one, and either before a cross. A cross goes through
the one currency that has quotes for both and whose older quote is the newest; the ECB's is EUR.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from desk.dialect import Statement, as_date, fetch, is_postgres
from models.errors import Refusal
from models.money import minor_per_unit

MAX_AGE = 31
"""Days. Lists that are published once a month still count, and the longest holidays; a rate that ended does not."""


class NoRate(Refusal):
    """An amount in a foreign currency has no rate at a day on which it must be converted (decisions.md 26)."""

    code = "NO_RATE"
    article = "6"

    def __init__(self, currency: str, standard_currency: str, day: dt.date) -> None:
        super().__init__(
            f"No exchange rate from {currency} to {standard_currency} was published in the {MAX_AGE} days up to "
            f"{day.isoformat()}, neither direct nor through a third currency. Import exchange_rates of that time."
        )
        self.currency, self.day = currency, day


@dataclass(frozen=True, slots=True)
class Quote:
    """As published: on that day, `unit` of `currency` cost `rate` of `quote_currency`."""

    published_on: dt.date
    currency: str
    unit: int
    quote_currency: str
    rate: Fraction


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of a currency costs `value` units of another. `published_on` is the older day of a cross."""

    value: Fraction
    published_on: dt.date
    route: str

    @property
    def text(self) -> str:
        """`numerator/denominator`, exact, as it is kept."""
        return f"{self.value.numerator}/{self.value.denominator}"


class Quotes:
    """All quotes of a time, askable for any day of it."""

    def __init__(self, quotes: Iterable[Quote]) -> None:
        self._days: defaultdict[tuple[str, str], list[dt.date]] = defaultdict(list)
        self._values: defaultdict[tuple[str, str], list[Fraction]] = defaultdict(list)
        self._partners: defaultdict[str, set[str]] = defaultdict(set)
        for quote in sorted(quotes, key=lambda quote: quote.published_on):
            pair = quote.currency, quote.quote_currency
            self._days[pair].append(quote.published_on)
            self._values[pair].append(quote.rate / quote.unit)
            self._partners[pair[0]].add(pair[1])
            self._partners[pair[1]].add(pair[0])

    def rate(self, currency: str, other: str, day: dt.date) -> Rate | None:
        """What one unit of `currency` costs in `other` at the end of `day`; None when nothing tells."""
        return self._leg(currency, other, day) or self._cross(currency, other, day)

    def _leg(self, currency: str, other: str, day: dt.date) -> Rate | None:
        direct = self._last(currency, other, day)
        if direct is not None:
            return Rate(direct[1], direct[0], f"{currency}/{other} {direct[0]}")
        inverse = self._last(other, currency, day)
        if inverse is not None:
            return Rate(1 / inverse[1], inverse[0], f"1:{other}/{currency} {inverse[0]}")
        return None

    def _last(self, currency: str, other: str, day: dt.date) -> tuple[dt.date, Fraction] | None:
        days = self._days.get((currency, other), [])
        place = bisect_right(days, day)
        if place == 0 or (day - days[place - 1]).days > MAX_AGE:
            return None
        return days[place - 1], self._values[currency, other][place - 1]

    def _cross(self, currency: str, other: str, day: dt.date) -> Rate | None:
        found: Rate | None = None
        for pivot in sorted(self._partners[currency] & self._partners[other]):
            first, second = self._leg(currency, pivot, day), self._leg(pivot, other, day)
            if first is None or second is None:
                continue
            older = min(first.published_on, second.published_on)
            if found is None or older > found.published_on:
                found = Rate(first.value * second.value, older, f"{first.route}, {second.route}")
        return found


class Rates:
    """Conversion of minor units into one currency's, remembering which rates were needed."""

    def __init__(self, currency: str, quotes: Quotes) -> None:
        self.currency = currency
        self.used: dict[tuple[str, dt.date], Rate] = {}
        self._quotes = quotes
        self._known: dict[tuple[str, dt.date], Rate | None] = {}

    def factor(self, currency: str, day: dt.date) -> Fraction | None:
        """By how much minor units of `currency` become minor units of the standard's. None: there is no rate."""
        if currency == self.currency:
            return Fraction(1)
        key = currency, day
        if key not in self._known:
            self._known[key] = self._quotes.rate(currency, self.currency, day)
        rate = self._known[key]
        if rate is None:
            return None
        return rate.value * Fraction(minor_per_unit(self.currency), minor_per_unit(currency))

    def use(self, currency: str, day: dt.date) -> None:
        """An amount that is not zero is converted at that day: keep the rate, or refuse NO_RATE."""
        if currency == self.currency or (currency, day) in self.used:
            return
        if self.factor(currency, day) is None:
            raise NoRate(currency, self.currency, day)
        rate = self._known[currency, day]
        assert rate is not None
        self.used[currency, day] = rate


async def load_quotes(first: dt.date, last: dt.date) -> Quotes:
    """The current quotes that a conversion on any day from `first` to `last` may use."""
    s = Statement(is_postgres())
    since, until = s.bind(first - dt.timedelta(days=MAX_AGE)), s.bind(last)
    rows = await fetch(
        s,
        "SELECT published_on, currency, unit, quote_currency, rate FROM exchange_rate"
        f" WHERE superseded_at IS NULL AND published_on >= {since} AND published_on <= {until}",
    )
    return Quotes(
        Quote(day, row["currency"], row["unit"], row["quote_currency"], Fraction(row["rate"]))
        for row in rows
        if (day := as_date(row["published_on"])) is not None
    )
