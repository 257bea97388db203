"""Convert the PKDD'99 Czech bank: `python -m examples.pkdd99 --from RAW --as-of 1994-02-28 --to DIR`.

RAW holds account, card, client, disp, district, loan, order and trans*.asc, plain or .gz. DIR receives the files of
`python -m api import`. Nothing is drawn by chance: two runs write the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from examples.csv_files import Row, write_file
from examples.pkdd99 import customers, figures, people, places
from examples.pkdd99.cells import SourceError
from examples.pkdd99.report import lines_of
from examples.pkdd99.source import Source, read


def main(arguments: list[str] | None = None) -> int:
    """Run the converter. Returns 0, or 2 with a message where the source or the day cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m examples.pkdd99", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--from", dest="raw", type=Path, required=True, help="directory of the published files"
    )
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, help="day of the loans' standing")
    parser.add_argument(
        "--to", type=Path, required=True, help="directory for the import files, made if absent"
    )
    options = parser.parse_args(arguments)
    try:
        for line in convert(options.raw, options.as_of, options.to):
            print(line, flush=True)
    except (SourceError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return 0


def convert(raw: Path, as_of: date, to: Path) -> Iterable[str]:
    """Write every import file, yielding a line of progress for each and the summary at the end."""
    source = read(raw)
    ends = figures.day_ends(source)
    first = min(line.day for line in source.lines)
    if not first <= as_of < ends.cut_day:
        raise SourceError(
            f"--as-of {as_of}: the lines run from {first} and are cut during {ends.cut_day}. "
            "Give a day from the first to the day before the cut."
        )
    to.mkdir(parents=True, exist_ok=True)
    for name, rows in tables(source, ends, as_of):
        yield f"{name:<20} {write_file(to, name, rows):>7,}"
    yield from lines_of(source, ends, as_of)


def tables(source: Source, ends: figures.DayEnds, as_of: date) -> Iterable[tuple[str, Iterable[Row]]]:
    """The rows of each import file, in the order they are loaded."""
    yield "institutions", places.institution_rows(source)
    yield "staff", people.staff_rows(source)
    yield "assignments", people.assignment_rows(source)
    yield "supervision_lines", people.supervision_rows(source)
    yield "customers", customers.customer_rows(source)
    yield "manager_assignments", customers.manager_rows(source)
    yield "accounts", customers.account_rows(source)
    yield "account_holders", customers.holder_rows(source)
    yield "day_end_balances", figures.balance_rows(ends)
    yield "transactions", figures.transaction_rows(source)
    yield "loans", figures.loan_rows(source, as_of)
    yield "spends", figures.spend_rows(source, ends.cut_day)


if __name__ == "__main__":
    sys.exit(main())
