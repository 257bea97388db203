"""The months a demo bank tells of: thirteen, so that the run for the month before also finds its twelve."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

DAY = dt.timedelta(days=1)
FIRST_END = dt.date(2026, 1, 31)
LAST_END = dt.date(2026, 12, 31)


class OutsideTheTables(ValueError):
    """The exchange rates and holidays embedded here do not cover the date asked for."""


def add_months(first: dt.date, months: int) -> dt.date:
    """The first day of the month that lies `months` after the month of `first`; may be negative."""
    total = first.year * 12 + first.month - 1 + months
    return dt.date(total // 12, total % 12 + 1, 1)


def month_end(first: dt.date) -> dt.date:
    return add_months(first, 1) - DAY


def some_day(draw: int, start: dt.date, stop: dt.date) -> dt.date:
    """The day that `draw` (any non-negative number) picks from [start, stop)."""
    return start + dt.timedelta(days=draw % (stop - start).days)


@dataclass(frozen=True)
class Window:
    """Thirteen full months up to the last month-end on or before `as_of`, and the eve they start from."""

    as_of: dt.date

    def __post_init__(self) -> None:
        if not FIRST_END <= self.last <= LAST_END:
            raise OutsideTheTables(
                f"{self.as_of}: the demo's exchange rates and holidays cover 2025 and 2026. "
                f"Choose a date from {FIRST_END} to {LAST_END + dt.timedelta(days=30)}."
            )

    @cached_property
    def last(self) -> dt.date:
        """The last day with data."""
        after = self.as_of + DAY
        return self.as_of if after.day == 1 else self.as_of.replace(day=1) - DAY

    @cached_property
    def months(self) -> tuple[dt.date, ...]:
        return tuple(add_months(self.last, back) for back in range(-12, 1))

    @cached_property
    def ends(self) -> tuple[dt.date, ...]:
        return tuple(month_end(first) for first in self.months)

    @cached_property
    def eve(self) -> dt.date:
        """The month-end before the first month: balances are carried in from it."""
        return self.months[0] - DAY
