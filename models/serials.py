"""Card numbers and what a list of them comes to: 16 digits, and ranges of the serial within them (domain.md 7)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from models.errors import BadInput, Refusal
from models.vocabulary import Tier

LEVELS = {Tier.HEAD_OFFICE: "1", Tier.BRANCH: "2"}
TIERS = {digit: tier for tier, digit in LEVELS.items()}
SERIAL_DIGITS = 12
LAST_SERIAL = 10**SERIAL_DIGITS - 1
MOST_RANGES = 10_000
"""Ranges in one list. Ten thousand single numbers, or any number of cards that lie in a row."""
MOST_CARDS = 1_000_000_000
"""Cards in one list: more is a slip of the pen, and more than the columns that count them hold."""

_NUMBER = re.compile(r"[12][0-9]{15}", re.ASCII)
_SERIAL = re.compile(r"[0-9]{1,12}", re.ASCII)


class BadVipCardNumber(BadInput):
    """Not a VIP card number: sixteen digits of which the last proves the others."""

    code = "BAD_VIP_CARD_NUMBER"
    article = "Notice 4"


class BadRange(BadInput):
    code = "BAD_RANGE"
    article = "Notice 4"


class NumberTwice(Refusal):
    """One list names a number once: else nobody could say how many cards it is."""

    code = "NUMBER_TWICE"
    article = "Notice 4"


class CardNumber(NamedTuple):
    """VIP卡号. Level, design and serial. The serial alone is what segments are intervals of."""

    tier: Tier
    design: str
    serial: int

    def __str__(self) -> str:
        body = f"{LEVELS[self.tier]}{self.design}{self.serial:012}"
        return body + check_digit(body)


class Range(NamedTuple):
    """Serials `first` to `last`, both included."""

    first: int
    last: int

    @property
    def quantity(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        first, last = f"{self.first:012}", f"{self.last:012}"
        return first if first == last else f"{first}-{last}"


def check_digit(body: str) -> str:
    """Luhn (ISO/IEC 7812-1) over the digits before it: every single wrong digit shows."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def card_number(text: str, field: str = "number") -> CardNumber:
    """Read a card number as it is printed. BAD_VIP_CARD_NUMBER: other length, other letters, or a wrong check digit."""
    if not _NUMBER.fullmatch(text):
        raise BadVipCardNumber(
            "A VIP card number has 16 digits and begins with 1 or 2. Read it from the card again.",
            field=field,
        )
    if check_digit(text[:-1]) != text[-1]:
        raise BadVipCardNumber(
            "The last digit does not prove this number, so a digit is wrong. Read it from the card again.",
            field=field,
        )
    return CardNumber(TIERS[text[0]], text[1:3], int(text[3:15]))


def serial(text: str, tier: Tier, design: str, field: str) -> int:
    """A serial of a product, given alone in up to 12 digits or as the whole number on the card."""
    if _SERIAL.fullmatch(text):
        return int(text)
    number = card_number(text, field)
    if (number.tier, number.design) != (tier, design):
        raise BadRange(
            "This is the number of another product. Give numbers of one product at a time.", field=field
        )
    return number.serial


def span(first: int, last: int, field: str = "") -> Range:
    """BAD_RANGE unless 0 <= first <= last, in twelve digits."""
    if not 0 <= first <= last <= LAST_SERIAL:
        raise BadRange(
            f"{first:012} to {last:012} is no range. The first number is not after the last.", field=field
        )
    return Range(first, last)


def joined(ranges: Iterable[Range], field: str = "") -> list[Range]:
    """The same numbers in as few ranges as they take, in order. NUMBER_TWICE."""
    found: list[Range] = []
    for one in sorted(ranges):
        if found and one.first <= found[-1].last:
            raise NumberTwice(f"{one.first:012} is named twice. Name each number once.", field=field)
        if found and one.first == found[-1].last + 1:
            found[-1] = Range(found[-1].first, one.last)
        else:
            found.append(one)
    return found


def compact(ranges: Iterable[Range], field: str = "") -> list[Range]:
    """What a person listed, joined. NUMBER_TWICE; BAD_RANGE for none or too many."""
    found = joined(ranges, field)
    if not found:
        raise BadRange("Name at least one card number.", field=field)
    if len(found) > MOST_RANGES:
        raise BadRange(
            f"This list comes to {len(found)} ranges, at most {MOST_RANGES} go into one. Divide it.",
            field=field,
        )
    if quantity(found) > MOST_CARDS:
        raise BadRange(
            f"This list comes to {quantity(found):,} cards, at most {MOST_CARDS:,} go into one. Read the numbers again.",
            field=field,
        )
    return found


def quantity(ranges: Iterable[Range]) -> int:
    return sum(one.quantity for one in ranges)
