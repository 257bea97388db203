"""Tables: a file of any header as rows of text, with its header found below what stands above it.

Nothing here knows of our files or of a profile: a `Seek` says which row is the header.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import itertools
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from desk.imports import decoding, separated, workbooks
from desk.imports.limits import Limits
from desk.imports.refusals import Fault, FileRefused
from desk.imports.rows import BLOCK_ROWS, Rows, Seek, bare, is_filled

SUFFIXES = ("", ".csv", ".txt", ".tsv", ".xls", ".xlsx", ".xlsm", ".et")
_WORKBOOKS = (".xls", ".xlsx", ".xlsm", ".et")


@dataclass(slots=True)
class Table:
    """An open file. `above` is how many rows stand above the header; `rows` may be walked once."""

    contents: decoding.Contents
    header: list[str]
    above: int
    rows: Iterator[Rows] = field(repr=False)
    raw: io.BufferedReader = field(repr=False)
    suffix: str = ""
    told: workbooks.Told | None = None

    @property
    def is_workbook(self) -> bool:
        return self.told is not None

    def remarks(self) -> list[str]:
        """What the file is like and how it was read, for the report. Complete when the rows have been walked."""
        found = []
        if not self.is_workbook and self.suffix in _WORKBOOKS:
            found.append(f"The name ends in {self.suffix}, but the file is text. It was read as text.")
        if self.told is not None and self.told.others:
            found.append(f"The sheet {self.told.sheet} was read, {self.told.others} other(s) were not.")
        if self.above:
            found.append(f"{self.above} row(s) above the header were left out.")
        if self.told is not None and self.told.formulas:
            found.append(
                f"{self.told.formulas} cell(s) hold formulas. The results saved with them were read."
            )
        return found


@contextlib.contextmanager
def open_table(
    path: Path,
    seek: Seek,
    encoding: str | None,
    limits: Limits,
    *,
    known: decoding.Contents | None = None,
    sheet: str = "",
    must: bool = False,
) -> Generator[Table]:
    """Open a CSV or .xlsx file, whatever its name claims. Raises FileRefused when its bytes or its form are wrong."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise FileRefused(
            Fault(
                "NOT_A_TABLE",
                f"Files that end in {suffix} are not read.",
                "Save the table as CSV or as .xlsx.",
            )
        )
    with path.open("rb") as raw:
        start = raw.read(8)
        if not start:
            raise FileRefused(
                Fault("EMPTY_FILE", "The file is empty.", "Export it again, and begin it with its header.")
            )
        if start.startswith(workbooks.OLD_WORKBOOK):
            raise _old(raw, limits)
        if start.startswith(workbooks.ZIP):
            yield _workbook(raw, seek, limits, sheet, must)
            return
        contents = known or decoding.inspect(raw, encoding, limits)
        text = decoding.reader(raw, contents.encoding)
        try:
            header, above, rows = separated.read(text, seek, limits)
            yield Table(contents, header, above, rows, raw, suffix)
        finally:
            text.detach()


def _old(raw: io.BufferedReader, limits: Limits) -> FileRefused:
    if workbooks.is_password_protected(raw, limits):
        return FileRefused(
            Fault("ENCRYPTED", "The workbook is protected by a password.", "Save it without a password.")
        )
    return FileRefused(
        Fault(
            "OLD_WORKBOOK",
            "The file is a workbook in the old form of before 2007 (.xls).",
            "Open it in a spreadsheet and save it as .xlsx, or as CSV.",
        )
    )


def _workbook(raw: io.BufferedReader, seek: Seek, limits: Limits, sheet: str, must: bool) -> Table:
    raw.seek(0)
    digest = hashlib.file_digest(raw, "sha256").hexdigest()
    size = raw.tell()
    told = workbooks.Told()
    rows = workbooks.rows(raw, sheet, limits, told, must=must)
    head = list(itertools.islice(rows, limits.preamble))
    _, above = seek([[bare(cell) for cell in row] for _, row in head])
    header = head[above][1] if head else []
    contents = decoding.Contents("xlsx", digest, size)
    rest = _workbook_blocks(itertools.chain(head[above + 1 :], rows), len(header))
    return Table(contents, header, above, rest, raw, told=told)


def _workbook_blocks(rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[Rows]:
    while block := list(itertools.islice(rows, BLOCK_ROWS)):
        # A workbook stores no trailing empty cells, so short rows are filled; what stands beyond must be empty.
        filled = [
            row[:width] + [""] * (width - len(row)) if not any(map(is_filled, row[width:])) else row
            for _, row in block
        ]
        yield [number for number, _ in block], filled
