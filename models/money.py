"""Money: whole minor units in the tables, exact decimals outside, and never a float in between."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from models.errors import BadInput

MINOR_UNITS: dict[str, int] = {
    "AUD": 2, "BGN": 2, "BRL": 2, "CAD": 2, "CHF": 2, "CNY": 2, "CYP": 2, "CZK": 2, "DKK": 2, "EEK": 2,
    "EUR": 2, "GBP": 2, "HKD": 2, "HRK": 2, "HUF": 2, "IDR": 2, "ILS": 2, "INR": 2, "ISK": 0, "JPY": 0,
    "KRW": 0, "LTL": 2, "LVL": 2, "MTL": 2, "MXN": 2, "MYR": 2, "NOK": 2, "NZD": 2, "PHP": 2, "PLN": 2,
    "ROL": 2, "RON": 2, "RUB": 2, "SEK": 2, "SGD": 2, "SIT": 2, "SKK": 2, "THB": 2, "TRL": 0, "TRY": 2,
    "USD": 2, "ZAR": 2,
}  # fmt: skip
"""Decimals of each currency (ISO 4217): the bank's own and every one the ECB publishes, ended ones too."""

LARGEST = 10**18 - 1
"""The largest amount in minor units. It fits the 64-bit column with room for a sum of a few."""

_PLAIN = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,10})?", re.ASCII)


class UnknownCurrency(BadInput):
    code = "UNKNOWN_CURRENCY"


class BadAmount(BadInput):
    """Not a plain decimal number: letters, separators, exponents, NaN and digits of other scripts are refused."""

    code = "BAD_AMOUNT"


class TooManyDecimals(BadInput):
    code = "TOO_MANY_DECIMALS"


class AmountTooLarge(BadInput):
    code = "AMOUNT_TOO_LARGE"


def decimals(currency: str) -> int:
    """How many decimals the currency has. Refuses UNKNOWN_CURRENCY."""
    try:
        return MINOR_UNITS[currency]
    except KeyError:
        raise UnknownCurrency(
            f"{currency!r} is not a currency known here. Give the ISO 4217 code in capitals, e.g. CNY."
        ) from None


def minor_per_unit(currency: str) -> int:
    """How many minor units make one unit: 100 for CNY, 1 for JPY. Refuses UNKNOWN_CURRENCY."""
    return int("1" + "0" * decimals(currency))


def to_minor(amount: str | Decimal, currency: str) -> int:
    """Exactly that amount in minor units. A decimal too many is refused, never rounded away."""
    per_unit = minor_per_unit(currency)
    if isinstance(amount, str):
        if not _PLAIN.fullmatch(amount):
            raise BadAmount(
                f"{_shown(amount)} is not an amount. Write digits with a point, without separators: 1234.56."
            )
        amount = Decimal(amount)
    if not amount.is_finite():
        raise BadAmount(f"{_shown(str(amount))} is not an amount. Write digits with a point: 1234.56.")
    if amount.adjusted() > 18:
        raise AmountTooLarge("The amount is too large. Check its unit and its digits.")
    numerator, denominator = amount.as_integer_ratio()
    minor, left = divmod(numerator * per_unit, denominator)
    if left:
        raise TooManyDecimals(
            f"{_shown(str(amount))} has more decimals than {currency} has: {decimals(currency)}."
        )
    if abs(minor) > LARGEST:
        raise AmountTooLarge("The amount is too large. Check its unit and its digits.")
    return minor


def from_minor(minor: int, currency: str) -> Decimal:
    """The amount with all decimals of its currency: 5 minor units of CNY are 0.05."""
    sign, digits = (1 if minor < 0 else 0), tuple(map(int, str(abs(minor))))
    return Decimal((sign, digits, -decimals(currency)))


def round_half_up(amount: Fraction, currency: str) -> int:
    """Minor units of an exact amount, halves away from zero. Only for display and storage of results."""
    scaled = abs(amount) * minor_per_unit(currency)
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return -whole if amount < 0 else whole


def _shown(text: str) -> str:
    return repr(text if len(text) <= 30 else text[:30] + "…")
