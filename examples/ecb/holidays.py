"""The official holidays: one row for each day on which the calendar differs from Monday to Friday.

The source names a day taken in lieu twice, as a holiday and as in lieu. A day has one row here, and the word that
says more wins: in lieu.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from examples.csv_files import Row
from examples.ecb.source import SourceError, day_of, table
from models.vocabulary import DayKind

KINDS = {
    "holiday": DayKind.HOLIDAY,
    "workday_swap": DayKind.WORKING_DAY_SWAP,
    "in_lieu": DayKind.IN_LIEU,
}


@dataclass(frozen=True, slots=True)
class Holidays:
    rows: tuple[Row, ...]
    named_twice: int
    days_before: int


def read_holidays(directory: Path, since: date | None) -> Holidays:
    """The days from `since` on, in order. Raises SourceError, with the place."""
    lines = table(directory, "cn_holidays_*.csv")
    place, header = next(lines, ("cn_holidays.csv", []))
    if header != ["date", "kind", "name_en"]:
        raise SourceError(f"{place}: the header is not date,kind,name_en. Fetch the file again.")
    days: dict[date, tuple[DayKind, str]] = {}
    named_twice, before = 0, set[date]()
    for place, (day_text, word, name) in lines:
        day = day_of(place, day_text)
        if word not in KINDS:
            raise SourceError(f"{place}, column kind: {word!r} is not one of {sorted(KINDS)}.")
        if since is not None and day < since:
            before.add(day)
            continue
        kind = KINDS[word]
        if day in days:
            if {kind, days[day][0]} != {DayKind.HOLIDAY, DayKind.IN_LIEU}:
                raise SourceError(f"{place}: {day} is both {days[day][0].value} and {kind.value}.")
            named_twice += 1
            kind = DayKind.IN_LIEU
        days[day] = (kind, name)
    rows = tuple(
        {"day": day.isoformat(), "kind": kind.value, "name": name}
        for day, (kind, name) in sorted(days.items())
    )
    return Holidays(rows, named_twice, len(before))
