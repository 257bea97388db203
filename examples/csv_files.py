"""Writing one import file: its documented header, UTF-8, one line per row, whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from desk.imports.files import BY_NAME

Row = Mapping[str, str]


def write_file(directory: Path, name: str, rows: Iterable[Row]) -> int:
    """Write `NAME.csv` into `directory` and return the number of rows.

    A row gives cells by column name. An optional column may be left out, it is written empty. A required one
    that is missing, or a column the file does not have, raises ValueError and leaves no file behind: the
    header in `desk/imports/files.py` has changed and the converter has not.
    """
    kind = BY_NAME[name]
    known = frozenset(kind.header)
    required = frozenset(column.name for column in kind.columns if column.required)
    target = directory / f"{name}.csv"
    part = directory / f"{name}.csv.part"
    count = 0
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(kind.header)
            for row in rows:
                if not required <= row.keys() <= known:
                    missing, unknown = sorted(required - row.keys()), sorted(row.keys() - known)
                    raise ValueError(f"{name}: missing columns {missing}, unknown columns {unknown}")
                writer.writerow([row.get(column, "") for column in kind.header])
                count += 1
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return count
