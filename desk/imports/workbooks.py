"""Workbooks: the rows of an .xlsx file as text, behind guards against bombs (security.md 59-62)."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO
from xml.parsers import expat

import openpyxl

from desk.imports.limits import Limits
from desk.imports.refusals import Fault, FileRefused

ZIP = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXACT = 15
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the zip and workbook libraries raise on broken parts. None of it says more than that it is broken."""
_PROLOGUE = 1 << 16


def rows(stream: BinaryIO, sheet_name: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Row number and cell texts of the sheet called `sheet_name`, or of the only sheet. Raises FileRefused."""
    _guard(stream, limits)
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(stream, read_only=True, data_only=False, keep_links=False)
    except _UNREADABLE:
        raise _broken() from None
    try:
        yield from _rows(_sheet(book, sheet_name), limits)
    except _UNREADABLE:
        raise _broken() from None
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
    return str(value)


def _rows(sheet: Any, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    # The size a sheet claims is not believed: one cell in the last corner would claim a million rows.
    sheet.reset_dimensions()
    blank = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, cells in enumerate(sheet.iter_rows(), 1):
            if number > limits.workbook_rows:
                raise FileRefused(
                    Fault(
                        "TOO_MANY_ROWS",
                        f"The sheet has more than {limits.workbook_rows} rows.",
                        "Save it as CSV: large files are read much faster that way.",
                    ),
                    row=number,
                )
            if len(cells) > limits.columns:
                raise FileRefused(
                    Fault(
                        "TOO_MANY_COLUMNS",
                        f"Row {number} has more than {limits.columns} columns.",
                        "Delete everything beside the table, then save again.",
                    ),
                    row=number,
                )
            texts = [text_of(cell.value, cell.data_type) for cell in cells]
            blank = 0 if any(texts) else blank + 1
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


def _sheet(book: Any, name: str) -> Any:
    sheets = book.worksheets
    if not sheets:
        raise _broken()
    named = [sheet for sheet in sheets if sheet.title.strip().lower() == name]
    if len(sheets) != 1 and len(named) != 1:
        raise FileRefused(
            Fault(
                "WHICH_SHEET",
                f"The workbook has {len(sheets)} sheets and not one called {name}.",
                f"Keep one sheet, or call the right one {name}.",
            )
        )
    return named[0] if named else sheets[0]


def _guard(stream: BinaryIO, limits: Limits) -> None:
    """Judge the zip by its directory before a byte is unpacked, then each part by its prologue."""
    stream.seek(0, 2)
    if stream.tell() > limits.workbook_file:
        raise _bomb(f"The workbook has more than {limits.workbook_file >> 20} MiB.")
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            if len(parts) > 1_000 or len({part.filename for part in parts}) != len(parts):
                raise _bomb("The workbook has too many parts, or the same part twice.")
            if sum(part.file_size for part in parts) > limits.workbook_unpacked:
                raise _bomb(f"The workbook unpacks to more than {limits.workbook_unpacked >> 20} MiB.")
            for part in parts:
                _guard_part(archive, part, limits)
    except _UNREADABLE:
        raise _broken() from None


def _guard_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> None:
    if part.flag_bits & 1:
        raise FileRefused(
            Fault("ENCRYPTED", "The workbook is protected by a password.", "Save it without a password.")
        )
    if part.file_size > 1 << 20 and part.file_size > limits.workbook_ratio * max(part.compress_size, 1):
        raise _bomb(f"A part of the workbook is packed more than {limits.workbook_ratio} to one.")
    name = part.filename.lower()
    if not name.endswith((".xml", ".rels", ".vml")):
        return
    if name.startswith("xl/worksheets/"):
        cap = limits.workbook_unpacked
    else:
        cap = limits.workbook_strings if name.endswith("sharedstrings.xml") else limits.workbook_part
    if part.file_size > cap:
        raise _bomb(f"A part of the workbook unpacks to more than {cap >> 20} MiB.")
    with archive.open(part) as source:
        _refuse_doctype(source.read(_PROLOGUE))


def _refuse_doctype(prologue: bytes) -> None:
    """A document type can only stand before the first element, and no workbook has one: entities are an attack."""
    parser = expat.ParserCreate()

    def doctype(*_: object) -> None:
        raise _bomb("The workbook declares XML entities.")

    class Reached(Exception):
        """The first element has begun."""

    def element(*_: object) -> None:
        raise Reached

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    try:
        parser.Parse(prologue, False)
    except (Reached, expat.ExpatError):
        # What is not XML fails in openpyxl, with the same refusal as other broken parts.
        return
    if len(prologue) == _PROLOGUE:
        raise _bomb("A part of the workbook hides its beginning.")


def _bomb(message: str) -> FileRefused:
    return FileRefused(
        Fault("UNSAFE_WORKBOOK", message, "Copy the table into a new workbook, or save as CSV.")
    )


def _broken() -> FileRefused:
    return FileRefused(
        Fault(
            "BROKEN_WORKBOOK",
            "The workbook cannot be read.",
            "Open it and save it again as .xlsx, or as CSV.",
        )
    )
