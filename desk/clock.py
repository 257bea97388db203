"""The clock of the house: a moment is UTC, a business day is Shanghai's."""

from __future__ import annotations

import datetime as dt

from models.terms import SHANGHAI

__all__ = ["SHANGHAI", "business_day"]


def business_day(at: dt.datetime) -> dt.date:
    return at.astimezone(SHANGHAI).date()
