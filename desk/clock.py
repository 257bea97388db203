"""The clock of the house: a moment is UTC, a business day is Shanghai's."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def business_day(at: dt.datetime) -> dt.date:
    return at.astimezone(SHANGHAI).date()
