"""Money: exact to the minor unit, or refused."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.money import (
    MINOR_UNITS,
    AmountTooLarge,
    BadAmount,
    TooManyDecimals,
    UnknownCurrency,
    from_minor,
    round_half_up,
    to_minor,
)

ECB = [
    "USD",
    "JPY",
    "BGN",
    "CYP",
    "CZK",
    "DKK",
    "EEK",
    "GBP",
    "HUF",
    "LTL",
    "LVL",
    "MTL",
    "PLN",
    "ROL",
    "RON",
    "SEK",
    "SIT",
    "SKK",
    "CHF",
    "ISK",
    "NOK",
    "HRK",
    "RUB",
    "TRL",
    "TRY",
    "AUD",
    "BRL",
    "CAD",
    "CNY",
    "HKD",
    "IDR",
    "ILS",
    "INR",
    "KRW",
    "MXN",
    "MYR",
    "NZD",
    "PHP",
    "SGD",
    "THB",
    "ZAR",
]
currencies = st.sampled_from(sorted(MINOR_UNITS))


def test_every_currency_of_the_ecb_is_known():
    assert len(ECB) == 41
    assert set(MINOR_UNITS) == {*ECB, "EUR"}


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("500000.00", "CNY", 50_000_000),
        ("499999.99", "CNY", 49_999_999),
        ("0", "CNY", 0),
        ("-0.00", "CNY", 0),
        ("-0.01", "CNY", -1),
        ("1234", "JPY", 1234),
        ("1234.00", "JPY", 1234),
        ("1.10", "USD", 110),
        ("1.1", "USD", 110),
        ("1.100000", "USD", 110),
    ],
)
def test_an_amount_becomes_minor_units_exactly(text, currency, minor):
    assert to_minor(text, currency) == minor
    assert to_minor(Decimal(text), currency) == minor


@pytest.mark.parametrize(("text", "currency"), [("1.005", "CNY"), ("0.5", "JPY"), ("1E-30", "CNY")])
def test_a_decimal_too_many_is_refused_and_not_rounded(text, currency):
    with pytest.raises(TooManyDecimals) as refused:
        to_minor(Decimal(text), currency)
    assert refused.value.code == "TOO_MANY_DECIMALS"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "１２３",
        "٣",
        "1,234.00",
        "NaN",
        "Infinity",
        "1E+30",
        "1e5",
        "+1",
        ".5",
        "5.",
        "--1",
        "0x10",
        "1_000",
    ],
)
def test_what_is_no_plain_number_is_refused(text):
    with pytest.raises(BadAmount):
        to_minor(text, "CNY")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_a_decimal_that_is_no_number_is_refused(value):
    with pytest.raises(BadAmount):
        to_minor(Decimal(value), "CNY")


@pytest.mark.parametrize("value", [Decimal("1E+30"), Decimal(10**17), "999999999999999999"])
def test_an_amount_beyond_the_column_is_refused(value):
    with pytest.raises(AmountTooLarge):
        to_minor(value, "CNY")


@pytest.mark.parametrize("currency", ["", "cny", "XXX", "ＣＮＹ", "CNY "])
def test_an_unknown_currency_is_refused(currency):
    with pytest.raises(UnknownCurrency) as refused:
        to_minor("1", currency)
    assert "ISO 4217" in refused.value.message


@given(st.integers(-(10**17), 10**17), currencies)
def test_minor_units_come_back(minor, currency):
    amount = from_minor(minor, currency)
    assert to_minor(amount, currency) == minor
    assert to_minor(format(amount, "f"), currency) == minor
    assert -amount.as_tuple().exponent == MINOR_UNITS[currency]


def test_five_fen_are_shown_with_all_decimals():
    assert str(from_minor(5, "CNY")) == "0.05"
    assert str(from_minor(-5, "JPY")) == "-5"


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6), currencies)
def test_rounding_agrees_with_decimal_where_decimal_is_exact(numerator, power, currency):
    denominator = 2 ** (power % 12)
    step = Decimal(1).scaleb(-MINOR_UNITS[currency])
    expected = (Decimal(numerator) / denominator).quantize(step, ROUND_HALF_UP)
    assert from_minor(round_half_up(Fraction(numerator, denominator), currency), currency) == expected


@pytest.mark.parametrize(
    ("amount", "minor"),
    [
        (Fraction(1005, 1000), 101),
        (Fraction(-1005, 1000), -101),
        (Fraction(1, 3), 33),
        (Fraction(2, 3), 67),
        (Fraction(0), 0),
    ],
)
def test_halves_go_away_from_zero(amount, minor):
    assert round_half_up(amount, "CNY") == minor
