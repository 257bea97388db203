"""Rates: the last published one on or before a day; direct, inverse, crossed; exact; not older than a month."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.standards.rates import MAX_AGE, NoRate, Quote, Quotes, Rates
from tests.shared_data import shared

FRIDAY, SUNDAY = dt.date(2024, 6, 28), dt.date(2024, 6, 30)


def quote(pair: str, rate: str, day: dt.date = FRIDAY, unit: int = 1) -> Quote:
    currency, other = pair.split("/")
    return Quote(day, currency, unit, other, Fraction(rate))


@pytest.mark.parametrize(
    ("quotes", "value", "route"),
    [
        pytest.param(
            [quote("USD/CNY", "712.68", unit=100)], "7.1268", "USD/CNY 2024-06-28", id="direct, per 100"
        ),
        pytest.param([quote("CNY/USD", "0.125")], "8", "1:CNY/USD 2024-06-28", id="inverse"),
        pytest.param(
            [quote("EUR/USD", "1.07"), quote("EUR/CNY", "7.7748")],
            "7.7748/1.07",
            "1:EUR/USD 2024-06-28, EUR/CNY 2024-06-28",
            id="cross through EUR",
        ),
        pytest.param(
            [quote("USD/HKD", "780", unit=100), quote("CNY/HKD", "1.0746")],
            "7.8/1.0746",
            "USD/HKD 2024-06-28, 1:CNY/HKD 2024-06-28",
            id="cross whose second leg is inverse",
        ),
        pytest.param(
            [quote("USD/CNY", "7", dt.date(2024, 6, 3)), quote("CNY/USD", "0.125")],
            "7",
            "USD/CNY 2024-06-03",
            id="direct before a newer inverse",
        ),
    ],
)
def test_a_sunday_converts_with_fridays_rate(quotes, value, route):
    rate = Quotes(quotes).rate("USD", "CNY", SUNDAY)
    assert rate is not None
    upper, _, lower = value.partition("/")
    assert rate.value == Fraction(upper) / Fraction(lower or 1)
    assert rate.route == route


def test_a_cross_is_dated_by_its_older_leg_and_takes_the_newest_pivot():
    quotes = Quotes(
        [
            quote("EUR/USD", "1.07"),
            quote("EUR/CNY", "7.77", dt.date(2024, 6, 20)),
            quote("GBP/USD", "1.26", dt.date(2024, 6, 25)),
            quote("GBP/CNY", "9.18", dt.date(2024, 6, 27)),
        ]
    )
    rate = quotes.rate("USD", "CNY", SUNDAY)
    assert rate is not None
    assert rate.published_on == dt.date(2024, 6, 25)
    assert rate.value == Fraction("9.18") / Fraction("1.26")


@pytest.mark.parametrize(("age", "found"), [(0, True), (MAX_AGE, True), (MAX_AGE + 1, False), (-1, False)])
def test_a_rate_is_at_most_a_month_old_and_never_of_a_later_day(age, found):
    quotes = Quotes([quote("USD/CNY", "7", SUNDAY - dt.timedelta(days=age))])
    assert (quotes.rate("USD", "CNY", SUNDAY) is not None) is found


def test_no_rate_names_currency_and_day():
    rates = Rates("CNY", Quotes([quote("EUR/CNY", "7.7")]))
    with pytest.raises(NoRate) as refused:
        rates.use("USD", SUNDAY)
    assert refused.value.code == "NO_RATE"
    assert "USD" in refused.value.message
    assert "2024-06-30" in refused.value.message
    assert rates.used == {}


@pytest.mark.parametrize(
    ("currency", "standard", "factor"),
    [("JPY", "CNY", "4.4627"), ("CNY", "JPY", "1/4.4627"), ("CNY", "CNY", "1")],
)
def test_minor_units_differ_between_currencies(currency, standard, factor):
    """100 yen cost 4.4627 yuan, and a yen has no decimals: 1 yen is 4.4627 fen."""
    rates = Rates(standard, Quotes([quote("JPY/CNY", "4.4627", unit=100)]))
    upper, _, lower = factor.partition("/")
    assert rates.factor(currency, SUNDAY) == Fraction(upper) / Fraction(lower or 1)


DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2024, 6, 30))


@given(st.dictionaries(DAYS, st.integers(1, 10**6), max_size=20), DAYS)
def test_the_last_published_rate_is_taken(published, day):
    quotes = Quotes(Quote(then, "USD", 100, "CNY", Fraction(rate, 100)) for then, rate in published.items())
    known = [then for then in published if 0 <= (day - then).days <= MAX_AGE]
    there, back = quotes.rate("USD", "CNY", day), quotes.rate("CNY", "USD", day)
    if not known:
        assert there is None
        assert back is None
        return
    assert there is not None
    assert back is not None
    assert (there.published_on, there.value) == (max(known), Fraction(published[max(known)], 10_000))
    assert there.value * back.value == 1


@pytest.mark.shared
def test_the_ecbs_list_crosses_every_currency_of_its_day():
    path = shared("data/fx/eurofxref-hist.csv.gz")
    with gzip.open(path, "rb") as stream:
        rows = list(csv.DictReader(io.StringIO(stream.read().decode())))
    quotes = Quotes(
        Quote(dt.date.fromisoformat(row["Date"]), "EUR", 1, currency, Fraction(rate))
        for row in rows
        if "2024-05-01" <= row["Date"] <= "2024-06-30"
        for currency, rate in row.items()
        if currency not in ("Date", "", None) and rate not in ("N/A", "")
    )
    friday = next(row for row in rows if row["Date"] == "2024-06-28")
    rate = quotes.rate("USD", "CNY", SUNDAY)
    assert rate is not None
    assert rate.value == Fraction(friday["CNY"]) / Fraction(friday["USD"])
    assert rate.published_on == FRIDAY
    assert quotes.rate("ROL", "CNY", SUNDAY) is None
