"""Calendar windows: the 12 full months a customer is judged by, and the months a loan is looked back over."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass

MONTHS = 12
"""一年内: the window is 12 full calendar months (decisions.md 23)."""

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Month:
    """A full calendar month, from its first to its last day."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        return self.last.day


@dataclass(frozen=True, slots=True)
class Window:
    """The 12 full calendar months, oldest first, that end at the last month-end on or before a day."""

    first: dt.date
    last: dt.date
    months: tuple[Month, ...]

    @classmethod
    def ending(cls, as_of: dt.date) -> Window:
        """1994-02-28 and 1994-03-30 both give 1993-03-01 to 1994-02-28: March counts once it is over."""
        last = as_of if is_month_end(as_of) else as_of.replace(day=1) - _ONE_DAY
        months: list[Month] = []
        end = last
        for _ in range(MONTHS):
            month = Month(end.replace(day=1), end)
            months.append(month)
            end = month.first - _ONE_DAY
        months.reverse()
        return cls(months[0].first, last, tuple(months))


def is_month_end(day: dt.date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day `months` earlier, or the last day of a shorter month. A month-end stays a month-end.

    So n months before 2026-02-28 there are exactly n month-ends after the result, up to and including that day.
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    longest = monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, longest if is_month_end(day) else min(day.day, longest))
