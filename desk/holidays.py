"""Holidays: the bank's working calendar, from which the last day of every term is told (民法典 203)."""

from __future__ import annotations

import datetime as dt

from models.membership import Membership
from models.reference import CalendarDay
from models.terms import Calendar


async def calendar_since(day: dt.date) -> Calendar:
    """The published days that differ from Monday to Friday, from this one on: a few dozen, a year ahead at most."""
    rows = await CalendarDay.filter(day__gte=day).values_list("day", "kind")
    return dict(rows)


async def calendar_for(membership: Membership, today: dt.date) -> Calendar:
    """What is needed to tell the present term's last day, and that of one that begins now."""
    return await calendar_since(min(today, membership.term_ends or today))
