"""The reference rates: a wide table, newest day first, to one row per day and currency, oldest first.

A row reads: 1 EUR costs `rate` of the quote currency. The rate is the published text, digit for digit.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from examples.csv_files import Row
from examples.ecb.source import SourceError, day_of, table

BASE = "EUR"
NOT_AVAILABLE = "N/A"
_RATE = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Rates:
    rows: tuple[Row, ...]
    days: int
    not_available: int
    days_before: int
    currencies_left_out: tuple[str, ...]


def read_rates(directory: Path, since: date | None, currencies: Collection[str] | None) -> Rates:
    """The rates from `since` on, of `currencies` (all when None). Raises SourceError, with the place."""
    lines = table(directory, "eurofxref-hist.csv")
    place, header = next(lines, ("eurofxref-hist.csv", []))
    # Every line ends in a comma, so the last column has neither name nor cells.
    published = [name for name in header[1:] if name]
    if header[:1] != ["Date"] or not published:
        raise SourceError(f"{place}: the header is not Date,USD,... Is this the file of the ECB?")
    unknown = sorted(set(currencies or ()) - set(published))
    if unknown:
        raise SourceError(
            f"--currencies: {', '.join(unknown)} not published. Published: {', '.join(published)}."
        )
    wanted = [name for name in published if currencies is None or name in currencies]
    rows: list[Row] = []
    days = not_available = days_before = 0
    for place, cells in sorted(lines, key=lambda line: line[1][0]):
        day = day_of(place, cells[0])
        if since is not None and day < since:
            days_before += 1
            continue
        days += 1
        for name, cell in zip(header[1:], cells[1:], strict=True):
            if name not in wanted:
                continue
            if cell == NOT_AVAILABLE:
                not_available += 1
                continue
            if not _RATE.fullmatch(cell) or not cell.strip("0."):
                raise SourceError(f"{place}, column {name}: {cell!r} is not a rate. Fetch the file again.")
            rows.append(
                {
                    "published_on": day.isoformat(),
                    "currency": BASE,
                    "unit": "1",
                    "quote_currency": name,
                    "rate": cell,
                }
            )
    left_out = tuple(name for name in published if name not in wanted)
    return Rates(tuple(rows), days, not_available, days_before, left_out)
