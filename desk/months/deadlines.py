"""Until when an item of a worklist is to be dealt with: so many working days after the list was made."""

from __future__ import annotations

import datetime as dt

from models.terms import Calendar, is_working_day
from models.vocabulary import WorkKind

WORKING_DAYS = {
    WorkKind.NEWLY_ELIGIBLE: 15,
    WorkKind.NO_LONGER_ELIGIBLE: 20,
    WorkKind.NEAR_MISS: 20,
    WorkKind.TERM_ENDING: 20,
    WorkKind.MISSING_DATA: 10,
}
"""Our own choice [P]: the Measures set no deadlines. Within the month, so that the next list does not overtake it, and
what is missing first, for it decides about the rest. A term that ends sooner is the sooner deadline."""


def due_on(kind: WorkKind, made_on: dt.date, calendar: Calendar) -> dt.date:
    """The last day for an item of this kind of a list that was made on a day; that day itself is not counted."""
    day = made_on
    for _ in range(WORKING_DAYS[kind]):
        day += dt.timedelta(days=1)
        while not is_working_day(day, calendar):
            day += dt.timedelta(days=1)
    return day
