"""Numbers that pass their checks: resident identity, bank card, CNAPS code and mobile."""

from __future__ import annotations

import datetime as dt
import random

CARD_PREFIX = "629018"
"""An issuer prefix that no bank known to us uses."""
MOBILE_PREFIX = "169"
"""A prefix that, as far as we know, no operator serves, so no demo number rings anywhere."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def resident_id(region: str, birth: dt.date, sequence: int) -> str:
    """GB 11643: region, birth date, sequence (odd: male) and the check character MOD 11-2."""
    body = f"{region}{birth:%Y%m%d}{sequence:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def card_number(serial: int) -> str:
    """A 19-digit card number: prefix, serial and the Luhn digit."""
    body = f"{CARD_PREFIX}{serial:012d}"
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return f"{body}{-total % 10}"


def cnaps_code(bank: str, region: str, serial: int) -> str:
    """A 12-digit CNAPS code: bank, CNAPS region, institution and the check digit MOD 11,10 (ISO 7064)."""
    body = f"{bank}{region}{serial:04d}"
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return f"{body}{(11 - product) % 10}"


def mobile(serial: int) -> str:
    return f"{MOBILE_PREFIX}{serial:08d}"


class Identities:
    """Draws resident identity numbers, no number twice.

    Pass whole cities as regions: numbers are issued on districts, so hardly any can be a living person's.
    """

    def __init__(self, rng: random.Random, regions: tuple[str, ...]) -> None:
        self._rng = rng
        self._regions = regions
        self._seen: set[str] = set()

    def draw(self, birth: dt.date, male: bool) -> str:
        while True:
            sequence = self._rng.randrange(500) * 2 + (1 if male else 0)
            number = resident_id(self._rng.choice(self._regions), birth, sequence)
            if number not in self._seen:
                self._seen.add(number)
                return number
