"""Terms: how long a membership runs, by the calendar of 民法典 201-203, and when its review begins."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from models.errors import Refusal
from models.vocabulary import DayKind

TERM_YEARS = 2
"""有效期 (Measures, Art. 16, known from a secondary source [W]: domain.md 0.2)."""

REVIEW_DAYS = 60
"""重新认定 begins so many days before the term's end. Our own choice [P]: domain.md 3."""

QUIET_DAYS = 180
"""Who has declined is not asked again for so many days. Our own choice [P]: Art. 3 says only 客户自愿."""

Calendar = Mapping[dt.date, str]
"""Days that differ from Monday to Friday, by DayKind. A day that is not in it is judged by its weekday."""

SATURDAY = 5
SHANGHAI = ZoneInfo("Asia/Shanghai")


class NotDueYet(Refusal):
    """The review begins 60 days before the term's end, for everybody alike."""

    code = "NOT_DUE_YET"
    article = "16"


class EvaluationBeforeReview(Refusal):
    """A renewal verifies him anew: figures from before the review say nothing about it."""

    code = "EVALUATION_BEFORE_REVIEW"
    article = "16"


class TermRunning(Refusal):
    """A term is valid on its last day until 24:00."""

    code = "TERM_RUNNING"
    article = "16"


class TermOver(Refusal):
    """What has run out is void: it is not renewed or resumed, a new membership begins with a new registration."""

    code = "TERM_OVER"
    article = "16"


def two_years_from(day: dt.date) -> dt.date:
    """The matching day two years on, or the month's end where there is none (民法典 202).

    2026-02-28 gives 2028-02-28, although that February has 29 days; 2028-02-29 gives 2030-02-28.
    """
    year = day.year + TERM_YEARS
    return dt.date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def is_working_day(day: dt.date, calendar: Calendar) -> bool:
    """By the calendar of holidays where it speaks, else Monday to Friday."""
    kind = calendar.get(day)
    return day.weekday() < SATURDAY if kind is None else kind == DayKind.WORKING_DAY_SWAP


def next_working_day(day: dt.date, calendar: Calendar) -> dt.date:
    """The day itself when it is worked, else the first worked day after it (民法典 203)."""
    while not is_working_day(day, calendar):
        day += dt.timedelta(days=1)
    return day


def term_end(began: dt.date, calendar: Calendar) -> dt.date:
    """The last day of a term of two years that began on this day. The day itself is not counted (民法典 201).

    It is valid on that last day until 24:00. A renewal begins as the old term ends, so `began` is then the old end.
    """
    return next_working_day(two_years_from(began), calendar)


def review_from(term_ends: dt.date) -> dt.date:
    """The first day on which a membership that ends then is due for review."""
    return term_ends - dt.timedelta(days=REVIEW_DAYS)


def midnight_after(day: dt.date) -> dt.datetime:
    """24:00 of a business day: the moment when what was valid on it has ended."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), SHANGHAI).astimezone(dt.UTC)


def quiet_until(declined: dt.date) -> dt.date:
    """The last day of the peace after a refusal. He may be asked again on the day after it."""
    return declined + dt.timedelta(days=QUIET_DAYS)
