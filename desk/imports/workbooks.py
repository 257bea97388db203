"""Workbooks: the rows of an .xlsx file as text, behind the guards against bombs."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

import openpyxl

from desk.imports.guards import UNREADABLE, broken, guard
from desk.imports.limits import Limits
from desk.imports.refusals import Fault, FileRefused
from desk.imports.rows import MERGED

ZIP = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXACT = 15
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_BLOCK = 1 << 20
_LONGEST_TAG = 200
_MERGES = 10_000


@dataclass(slots=True)
class Told:
    """What the reading of a workbook has found beside its rows."""

    sheet: str = ""
    others: int = 0
    formulas: int = 0


def rows(
    stream: BinaryIO, sheet_name: str, limits: Limits, told: Told | None = None, *, must: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Row number and cell texts of the sheet called `sheet_name`, or of the only one that is not empty.

    With `must` no other sheet will do. Raises FileRefused.
    """
    told = told or Told()
    guard(stream, limits)
    book = _open(stream, data_only=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet = _sheet(book, sheet_name.strip(), must, limits, told)
        yield from _rows(stream, book, sheet, limits, told)
    except UNREADABLE:
        raise broken() from None
    finally:
        book.close()


def text_of(value: object, data_type: str) -> str:
    """What the cell shows, exactly: no float artefacts, days as YYYY-MM-DD, marks for what cannot be read."""
    if value is None:
        return ""
    if data_type == "f":
        return "\0formula"
    if data_type == "e":
        return "\0error"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**_EXACT else "\0rounded"
    if isinstance(value, float):
        # A spreadsheet shows and keeps 15 digits. What floats hold beyond is artefact.
        exact = Decimal(format(value, ".15g"))
        if not exact.is_finite() or exact.adjusted() >= _EXACT:
            return "\0rounded"
        return format(exact.normalize(), "f")
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    text = str(value)
    # A workbook writes a control character, or an underscore that would look like one, as _x000D_.
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def is_password_protected(stream: BinaryIO, limits: Limits) -> bool:
    """Whether an old container holds an encrypted new workbook. Any other is a workbook of before 2007."""
    stream.seek(0)
    return "EncryptedPackage".encode("utf-16-le") in stream.read(limits.workbook_file)


def _open(stream: BinaryIO, *, data_only: bool) -> Any:
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(stream, read_only=True, data_only=data_only, keep_links=False)
    except UNREADABLE:
        raise broken() from None


def _rows(
    stream: BinaryIO, book: Any, sheet: Any, limits: Limits, told: Told
) -> Iterator[tuple[int, list[str]]]:
    # The size a sheet claims is not believed: one cell in the last corner would claim a million rows.
    sheet.reset_dimensions()
    merges = _Merges(sheet)
    results = _Results(stream, sheet.title)
    blank = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for number, cells in enumerate(sheet.iter_rows(), 1):
                _cap(number, len(cells), limits)
                texts = [text_of(cell.value, cell.data_type) for cell in cells]
                if "\0formula" in texts:
                    told.formulas += results.fill(number, texts)
                merges.mark(number, texts)
                blank = 0 if any(text not in ("", MERGED) for text in texts) else blank + 1
                if blank > limits.workbook_blank_rows:
                    raise FileRefused(
                        Fault(
                            "TOO_MANY_BLANK_ROWS",
                            f"More than {limits.workbook_blank_rows} blank rows follow one another.",
                            "Delete the blank rows below the table, then save again.",
                        ),
                        row=number,
                    )
                yield number, texts
    finally:
        results.close()


def _cap(number: int, width: int, limits: Limits) -> None:
    if number > limits.workbook_rows:
        raise FileRefused(
            Fault(
                "TOO_MANY_ROWS",
                f"The sheet has more than {limits.workbook_rows} rows.",
                "Save it as CSV: large files are read much faster that way.",
            ),
            row=number,
        )
    if width > limits.columns:
        raise FileRefused(
            Fault(
                "TOO_MANY_COLUMNS",
                f"Row {number} has more than {limits.columns} columns.",
                "Delete everything beside the table, then save again.",
            ),
            row=number,
        )


def _sheet(book: Any, name: str, must: bool, limits: Limits, told: Told) -> Any:
    sheets = book.worksheets
    if not sheets:
        raise broken()
    named = [sheet for sheet in sheets if sheet.title.strip().lower() == name.lower()]
    shown = ", ".join(sheet.title for sheet in sheets[:8])
    if must and len(named) != 1:
        raise FileRefused(
            Fault(
                "NO_SUCH_SHEET",
                f"The workbook has no sheet called {name}. It has: {shown}.",
                "Correct the name of the sheet, in the workbook or in the profile.",
            )
        )
    filled = named if len(named) == 1 else sheets
    if len(filled) > 1:
        filled = [sheet for sheet in sheets if _holds_something(sheet, limits)]
    if len(filled) != 1:
        raise FileRefused(
            Fault(
                "WHICH_SHEET",
                f"The workbook has {len(filled)} sheets that are not empty, and not one called {name}: {shown}."
                if name
                else f"The workbook has {len(filled)} sheets that are not empty: {shown}.",
                f"Keep one sheet, or call the right one {name}." if name else "Name the sheet in a profile.",
            )
        )
    told.sheet, told.others = filled[0].title, len(sheets) - 1
    return filled[0]


def _holds_something(sheet: Any, limits: Limits) -> bool:
    sheet.reset_dimensions()
    first = sheet.iter_rows(max_row=limits.preamble, max_col=limits.columns, values_only=True)
    return any(value is not None for row in itertools.islice(first, limits.preamble) for value in row)


class _Results:
    """The results of formulas that the workbook was saved with, from a second reading begun at the first formula."""

    def __init__(self, stream: BinaryIO, title: str) -> None:
        self._stream, self._title = stream, title
        self._book: Any = None
        self._rows: Iterator[tuple[int, Any]] = iter(())

    def fill(self, number: int, texts: list[str]) -> int:
        """Put results in place of the formulas of a row; how many. A formula without one stays marked."""
        if self._book is None:
            self._book = _open(self._stream, data_only=True)
            sheet = self._book[self._title]
            sheet.reset_dimensions()
            self._rows = enumerate(sheet.iter_rows(), 1)
        cells = next((cells for at, cells in self._rows if at == number), ())
        filled = 0
        for place, cell in enumerate(cells[: len(texts)]):
            if texts[place] == "\0formula" and cell.value is not None:
                texts[place] = text_of(cell.value, cell.data_type)
                filled += 1
        return filled

    def close(self) -> None:
        if self._book is not None:
            self._book.close()


class _Merges:
    """Merged cells: only the first holds the value. The others are marked, for an empty cell would be a guess."""

    def __init__(self, sheet: Any) -> None:
        self._coming = sorted(_merged(sheet), reverse=True)
        self._open: list[tuple[int, int, int]] = []

    def mark(self, number: int, texts: list[str]) -> None:
        if not self._coming and not self._open:
            return
        self._open = [merge for merge in self._open if merge[0] >= number]
        for _, first, last in self._open:
            _mark(texts, first, last)
        while self._coming and self._coming[-1][0] <= number:
            _, first, bottom, last = self._coming.pop()
            if first < len(texts) and texts[first]:
                _mark(texts, first + 1, last)
                self._open.append((bottom, first, last))


def _mark(texts: list[str], first: int, last: int) -> None:
    for place in range(first, min(last + 1, len(texts))):
        texts[place] = texts[place] or MERGED


def _merged(sheet: Any) -> list[tuple[int, int, int, int]]:
    """Top row, first column, bottom row and last column of merged cells. They stand behind the rows in the file."""
    found: list[tuple[int, int, int, int]] = []
    kept = b""
    with sheet._get_source() as source:
        while block := source.read(_BLOCK):
            text = kept + block
            end = 0
            for match in _MERGE.finditer(text) if b"mergeCell" in text else ():
                first, top, last, bottom = match.groups()
                found.append((int(top), _column(first), int(bottom), _column(last)))
                end = match.end()
            kept = text[max(end, len(text) - _LONGEST_TAG) :]
            if len(found) > _MERGES:
                raise FileRefused(
                    Fault(
                        "TOO_MANY_MERGED",
                        f"The sheet has more than {_MERGES} merged cells.",
                        "Split the merged cells and fill each row, then save again.",
                    )
                )
    return found


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1
