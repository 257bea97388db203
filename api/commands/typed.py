"""Typed options: days, moments and amounts as people write them, told apart from what they cannot be."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import click

from desk.clock import SHANGHAI


class Day(click.ParamType[dt.date]):
    """A day, 2026-01-31."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} is not a day. Write it as 2026-01-31.", param, ctx)


class Moment(click.ParamType[dt.datetime]):
    """A moment with its time zone, or a day, which begins at midnight in Asia/Shanghai."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        if isinstance(value, dt.datetime):
            return value
        text = str(value)
        try:
            found = dt.datetime.fromisoformat(text)
        except ValueError:
            self.fail(f"{text} is not a moment. Write 2026-01-31T09:00:00+08:00 or 2026-01-31.", param, ctx)
        if found.tzinfo is None and len(text) > 10:
            self.fail(f"{text} has no time zone. Write 2026-01-31T09:00:00+08:00.", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


DAY = Day()
MOMENT = Moment()


def word(words: type[StrEnum]) -> click.Choice[str]:
    """One of a closed list, in capitals or not."""
    return click.Choice([it.value for it in words], case_sensitive=False)
