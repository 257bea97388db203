"""Numbers that carry their own proof: identity documents, cards, bank codes, phones (domain.md 7)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from models.errors import BadInput
from models.money import decimals
from models.vocabulary import Gender

_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class BadNumber(BadInput):
    code = "BAD_NUMBER"


class BadResidentId(BadNumber):
    code = "BAD_RESIDENT_ID"


class BadMobile(BadNumber):
    code = "BAD_MOBILE"


class BadCardNumber(BadNumber):
    code = "BAD_CARD_NUMBER"


class BadCnapsCode(BadNumber):
    code = "BAD_CNAPS_CODE"


class BadCreditCode(BadNumber):
    code = "BAD_CREDIT_CODE"


class BadAdminCode(BadNumber):
    code = "BAD_ADMIN_CODE"


@dataclass(frozen=True, slots=True)
class ResidentId:
    """居民身份证号 (GB 11643), in 18 characters, with what it says of its holder."""

    number: str
    admin_code: str
    born: dt.date
    gender: Gender


def resident_id(text: str, on: dt.date) -> ResidentId:
    """Read a resident identity number of 18 or 15 characters. Nobody is born after `on`.

    An x is accepted for X; a 15-digit number is returned as the 18-character one it became, so both are one person.
    """
    number = text.upper() if text.isascii() else text
    if _digits(number, 15):
        number = _with_check(number[:6] + "19" + number[6:])
    elif not (len(number) == 18 and _digits(number[:17], 17) and number[17] in "0123456789X"):
        raise BadResidentId(
            "A resident ID number has 17 digits and a digit or X, or 15 digits. Copy it from the document."
        )
    if _with_check(number[:17]) != number:
        raise BadResidentId(
            "The check character of the resident ID number is wrong: a digit was mistyped. Compare the document."
        )
    try:
        born = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise BadResidentId(
            "The birth date in the resident ID number (digits 7 to 14) is not a day. Compare the document."
        ) from None
    if born > on:
        raise BadResidentId(
            f"The birth date in the resident ID number is after {on.isoformat()}. Compare the document."
        )
    gender = Gender.MALE if int(number[16]) % 2 else Gender.FEMALE
    return ResidentId(number, number[:6], born, gender)


def mobile(text: str) -> str:
    """A mainland mobile number as +86 and 11 digits. Segments are not fixed: new ones keep appearing."""
    digits = text.removeprefix("+86")
    if not re.fullmatch(r"1[3-9][0-9]{9}", digits):
        raise BadMobile(
            "A mobile number has 11 digits and begins with 13 to 19. Leave out spaces and area codes."
        )
    return "+86" + digits


def bank_card(text: str) -> str:
    """A payment card number: 13 to 19 digits with a Luhn check digit."""
    if not (13 <= len(text) <= 19 and _digits(text, len(text))):
        raise BadCardNumber("A bank card number has 13 to 19 digits, without spaces. Copy it from the card.")
    total = 0
    for place, digit in enumerate(map(int, reversed(text))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    if total % 10:
        raise BadCardNumber(
            "The check digit of the card number is wrong: a digit was mistyped. Compare the card."
        )
    return text


def cnaps_code(text: str) -> str:
    """联行号: 12 digits whose last is the ISO 7064 MOD 11,10 check. Its region is CNAPS's own list."""
    if not _digits(text, 12):
        raise BadCnapsCode("A CNAPS code has exactly 12 digits. Take it from the bank's own list.")
    product = 10
    for digit in map(int, text[:11]):
        product = ((product + digit) % 10 or 10) * 2 % 11
    if (product + int(text[11])) % 10 != 1:
        raise BadCnapsCode("The check digit of the CNAPS code is wrong. Take it from the bank's own list.")
    return text


def credit_code(text: str) -> str:
    """统一社会信用代码 (GB 32100): 18 characters without I O S V Z, the last a check modulo 31."""
    if len(text) != 18 or any(letter not in _USCC_ALPHABET for letter in text):
        raise BadCreditCode(
            "A unified social credit code has 18 digits and capitals, never I, O, S, V or Z. Copy it from the licence."
        )
    values = [_USCC_ALPHABET.index(letter) for letter in text]
    total = sum(value * pow(3, place, 31) for place, value in enumerate(values[:17]))
    if (total + values[17]) % 31:
        raise BadCreditCode(
            "The check character of the social credit code is wrong: a character was mistyped. Compare the licence."
        )
    return text


def admin_code(text: str) -> str:
    """行政区划代码 (GB/T 2260): 6 digits, the first not 0. History codes are allowed, so no list is asked."""
    if not _digits(text, 6) or text[0] == "0":
        raise BadAdminCode("An administrative division code has 6 digits and does not begin with 0.")
    return text


def currency(text: str) -> str:
    """An ISO 4217 code known here. Refuses UNKNOWN_CURRENCY."""
    decimals(text)
    return text


def _digits(text: str, length: int) -> bool:
    # isdigit() alone is true for ١ and ２, and int() reads them.
    return len(text) == length and text.isascii() and text.isdigit()


def _with_check(seventeen: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, _RESIDENT_WEIGHTS, strict=True))
    return seventeen + _RESIDENT_CHECKS[total % 11]
