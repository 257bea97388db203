"""Spend by month and kind: any twelve months of a card add up to what was planned, to the fen."""

from __future__ import annotations

import random
from collections.abc import Iterator

from examples.demo.days import Window
from examples.demo.sheets import Sheets, money


class Spends:
    """Writes what is spent with each card account: by card, in cash, by transfer."""

    def __init__(self, rng: random.Random, sheets: Sheets, window: Window) -> None:
        self._rng = rng
        self._sheets = sheets
        self._window = window

    def spend(self, account: str, yearly: int) -> None:
        """`yearly` fen by card in twelve months. Months repeat after a year, so every window has the same sum."""
        rows = list(self._rows(account, "card", self._split(yearly)))
        for kind, one_in in (("cash", 3), ("transfer", 5)):
            if self._rng.randrange(one_in) == 0:
                other = [self._rng.randrange(50_00, 4_000_00) for _ in range(12)]
                rows += self._rows(account, kind, other)
        self._sheets.add("spends", rows)

    def _split(self, yearly: int) -> list[int]:
        """Twelve uneven parts of exactly `yearly`."""
        shares = [self._rng.randrange(60, 141) for _ in range(12)]
        total = sum(shares)
        parts = [yearly * share // total for share in shares]
        parts[-1] += yearly - sum(parts)
        return parts

    def _rows(self, account: str, kind: str, parts: list[int]) -> Iterator[tuple[str, str, str, str]]:
        for first in self._window.months:
            yield account, f"{first:%Y-%m}", kind, money(parts[first.month - 1])
