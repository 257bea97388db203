"""What callers hand in: moments, periods, reasons and words, checked before anything is done with them."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TypeVar

from tortoise.expressions import Q

from models.errors import BadInput, Refusal
from models.wording import worded

W = TypeVar("W", bound=StrEnum)
LONGEST_REASON = 200


class BackDated(Refusal):
    """Access is never changed backwards: the trail already says who looked, and by which right."""

    code = "BACKDATED"


class NotYet(Refusal):
    """This takes effect when it is done, so it cannot be done ahead of its day."""

    code = "NOT_YET"


class BadPeriod(BadInput):
    code = "BAD_PERIOD"


def moment(at: dt.datetime | None, now: dt.datetime, field: str = "at") -> dt.datetime:
    """A moment from now on, in UTC; now when none is given. BACKDATED for an earlier one."""
    found = _aware(at, field) if at is not None else now
    if found < now:
        raise BackDated(
            f"{field} is already past. Rights change now or later; leave it out to mean now.", field=field
        )
    return found


def until_now(at: dt.datetime | None, now: dt.datetime, field: str = "at") -> dt.datetime:
    """A moment up to now: since when something has been true. NOT_YET for a later one."""
    found = _aware(at, field) if at is not None else now
    if found > now:
        raise NotYet(
            f"{field} is still to come. This takes effect when it is done; do it on that day.", field=field
        )
    return found


def end_of(start: dt.datetime, end: dt.datetime | None, field: str = "validTo") -> dt.datetime | None:
    """The end of a period, after its start. BAD_PERIOD otherwise."""
    if end is None:
        return None
    found = _aware(end, field)
    if found <= start:
        raise BadPeriod("A period ends after it starts. Give a later end.", field=field)
    return found


def reason_of(text: str, field: str = "reason") -> str:
    """A reason in the person's own words, which the house keeps."""
    return worded(text, LONGEST_REASON, field, required=True)


def word(words: type[W], text: str, field: str) -> W:
    """A word of a closed list."""
    try:
        return words(text)
    except ValueError:
        raise BadInput(f"{field} is none of: {', '.join(sorted(words))}.", field=field) from None


def open_after(at: dt.datetime) -> Q:
    """The dated rows that are not over at `at`: they hold then, or will."""
    return (Q(valid_to__isnull=True) | Q(valid_to__gt=at)) & (Q(ended_at__isnull=True) | Q(ended_at__gt=at))


def _aware(at: dt.datetime, field: str) -> dt.datetime:
    if at.tzinfo is None:
        raise BadInput(f"{field} has no time zone. Write it as 2026-01-31T09:00:00+08:00.", field=field)
    # SQLite compares times as text, which is right only while all are in one zone.
    return at.astimezone(dt.UTC)
