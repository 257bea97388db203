"""Terms: how long a membership runs, by the calendar of 民法典 201-203."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

TERM_YEARS = 2
"""有效期 (Measures, Art. 16, known from a secondary source: domain.md 0.2)."""


def two_years_from(day: dt.date) -> dt.date:
    """The last day of a term that starts on `day`: the matching day, or the month's end where there is none.

    2026-02-28 gives 2028-02-28, although that February has 29 days; 2028-02-29 gives 2030-02-28.
    """
    year = day.year + TERM_YEARS
    return dt.date(year, day.month, min(day.day, monthrange(year, day.month)[1]))
