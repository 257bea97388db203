"""Cells: the text of one cell becomes a typed value, or a fault that says what is wrong and what to do.

Full-width digits and letters, padding and other spellings of a day are put right and noted (decisions.md 28).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from desk.imports.columns import Cell, Column, Sign
from desk.imports.refusals import Fault
from desk.imports.rows import PADDING as _PAD

Value = str | int | bool | Decimal | dt.date | None

PADDING = "padding removed"
FULL_WIDTH = "full-width characters made half-width"
DAY_SPELLING = "day written as YYYY-MM-DD"
LETTER_CASE = "capitals and small letters put right"
COMPOSED = "characters composed (NFC)"

UNREADABLE: dict[str, Fault] = {
    "\0formula": Fault(
        "FORMULA",
        "The cell holds a formula, and the file was saved without its result.",
        "Open it in a spreadsheet, paste the values in place of the formulas and save again.",
    ),
    "\0error": Fault("CELL_ERROR", "The cell holds an error of the spreadsheet.", "Correct the cell."),
    "\0merged": Fault(
        "MERGED_CELL",
        "The cell is merged with another one, which holds the value.",
        "Split the merged cells, fill each row and save again.",
    ),
    "\0rounded": Fault(
        "ROUNDED_NUMBER",
        "The cell holds a number of more than 15 digits, which spreadsheets round.",
        "Format the column as text and enter the number again from its source.",
    ),
}
"""Marks that a sheet leaves in place of a cell it could not read. No readable text contains NUL."""

_WIDE = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20}
_WIDE_ALNUM = {wide: half for wide, half in _WIDE.items() if chr(half).isalnum()}
_SPELLED_DAY = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})|([0-9]{2})([0-9]{2}))")
_SPELLED_MONTH = re.compile(r"([0-9]{4})(?:[-/.]?([0-9]{2})|[-/.]([0-9]))(?:[-/.]0?1)?")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199

_EMPTY = Fault("EMPTY_CELL", "The cell is empty.", "Every row needs a value here.")


class CellRefused(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Read:
    """A value with the names of what was put right to get it."""

    value: Value
    notes: tuple[str, ...] = ()


def parse(column: Column, text: str) -> Read:
    """The typed value of a cell. None when it is empty and may be. Raises CellRefused."""
    if text in UNREADABLE:
        raise CellRefused(UNREADABLE[text])
    notes = []
    bare = text.strip(_PAD)
    if bare != text:
        notes.append(PADDING)
    if not bare.isascii():
        half = bare.translate(_WIDE_ALNUM if column.cell is Cell.TEXT else _WIDE).strip(_PAD)
        if half != bare:
            notes.append(FULL_WIDTH)
        bare = half
    if not bare:
        if column.required:
            raise CellRefused(_EMPTY)
        return Read(None)
    value, note = _READERS[column.cell](column, bare)
    if note:
        notes.append(note)
    return Read(value, tuple(notes))


def half_width(text: str) -> str:
    """Full-width digits, letters and marks made half-width, and what they pad taken off."""
    return text if text.isascii() else text.translate(_WIDE).strip(_PAD)


def _refuse(code: str, message: str, remedy: str) -> CellRefused:
    return CellRefused(Fault(code, message, remedy))


def _boolean(column: Column, text: str) -> tuple[Value, str]:
    lower = text.lower()
    if lower not in ("true", "false"):
        raise _refuse("BAD_BOOLEAN", "The cell is neither true nor false.", "Write true or false.")
    return lower == "true", "" if lower == text else LETTER_CASE


def _code(column: Column, text: str) -> tuple[Value, str]:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/:-]*", text):
        raise _refuse(
            "BAD_CODE",
            "A code has letters A to Z, digits and . _ / : - and begins with a letter or digit.",
            "Correct the code, without spaces inside it.",
        )
    _within(column, text)
    return text, ""


def _date(column: Column, text: str) -> tuple[Value, str]:
    spelled = _SPELLED_DAY.fullmatch(text)
    if not spelled:
        raise _refuse("BAD_DATE", "The cell is not a day.", "Write the day as YYYY-MM-DD, e.g. 2026-01-31.")
    year, month, day = spelled[1], spelled[2] or spelled[4], spelled[3] or spelled[5]
    value = _day(int(year), int(month), int(day))
    return value, "" if value.isoformat() == text else DAY_SPELLING


def _month(column: Column, text: str) -> tuple[Value, str]:
    spelled = _SPELLED_MONTH.fullmatch(text)
    if not spelled:
        raise _refuse("BAD_MONTH", "The cell is not a month.", "Write the month as YYYY-MM, e.g. 2026-01.")
    value = _day(int(spelled[1]), int(spelled[2] or spelled[3]), 1)
    return value, "" if value.isoformat()[:7] == text else DAY_SPELLING


def _day(year: int, month: int, day: int) -> dt.date:
    try:
        value = dt.date(year, month, day)
    except ValueError:
        raise _refuse(
            "NO_SUCH_DAY", "There is no such day in the calendar.", "Correct year, month or day."
        ) from None
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise _refuse(
            "DAY_OUT_OF_RANGE", f"Days are from {_FIRST_YEAR} to {_LAST_YEAR}.", "Correct the year."
        )
    return value


def _digits(column: Column, text: str) -> tuple[Value, str]:
    if not re.fullmatch(r"[0-9]+", text):
        raise _refuse("BAD_DIGITS", "The cell must hold digits only.", "Leave out spaces, signs and letters.")
    _within(column, text)
    return text, ""


def _enum(column: Column, text: str) -> tuple[Value, str]:
    upper = text.upper()
    if not text.isascii() or upper not in column.choices:
        raise _refuse(
            "UNKNOWN_WORD",
            "The cell holds none of the words of this column.",
            f"Write one of {', '.join(column.choices)}.",
        )
    return upper, "" if upper == text else LETTER_CASE


def _integer(column: Column, text: str) -> tuple[Value, str]:
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise _refuse(
            "BAD_INTEGER", "The cell is not a whole number of up to 9 digits.", "Write it with digits only."
        )
    value = int(text)
    _signed(column, value)
    return value, ""


def _money(column: Column, text: str) -> tuple[Value, str]:
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", text):
        raise _refuse(
            "BAD_AMOUNT",
            "The cell is not an amount of up to 15 digits before and 6 after the point.",
            "Write digits with a point and no separators, currency signs or exponents, e.g. 1234.56.",
        )
    value = Decimal(text)
    _signed(column, value)
    return value, ""


def _rate(column: Column, text: str) -> tuple[Value, str]:
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,10})?", text):
        raise _refuse(
            "BAD_RATE",
            "The cell is not a rate of up to 12 digits before and 10 after the point.",
            "Write digits with a point, e.g. 8.2134. Leave the row out where no rate was published.",
        )
    value = Decimal(text)
    _signed(column, value)
    return value, ""


def _text(column: Column, text: str) -> tuple[Value, str]:
    composed = unicodedata.normalize("NFC", text)
    for character in composed:
        if not _writable(character):
            raise _refuse(
                "BAD_CHARACTER",
                f"The text holds U+{ord(character):04X}, a control, invisible, private or broken character.",
                "Type the text again, or export the file as UTF-8.",
            )
    _within(column, composed)
    return composed, "" if composed == text else COMPOSED


def _writable(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cn":
        # Han ideographs of planes 2 and 3 that are younger than this Python's Unicode tables are names too.
        return 0x20000 <= ord(character) <= 0x3FFFD and ord(character) & 0xFFFF < 0xFFFE
    return category not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") and character != "\ufffd"


def _within(column: Column, text: str) -> None:
    if len(text) > column.longest:
        raise _refuse(
            "TOO_LONG",
            f"The cell has more than {column.longest} characters.",
            "Shorten it, or check the column.",
        )


def _signed(column: Column, value: int | Decimal) -> None:
    if (column.sign is Sign.POSITIVE and value <= 0) or (column.sign is Sign.NOT_NEGATIVE and value < 0):
        raise _refuse("WRONG_SIGN", f"The number must be {column.sign.value}.", "Correct the number.")


_READERS: dict[Cell, Callable[[Column, str], tuple[Value, str]]] = {
    Cell.BOOLEAN: _boolean,
    Cell.CODE: _code,
    Cell.DATE: _date,
    Cell.DIGITS: _digits,
    Cell.ENUM: _enum,
    Cell.INTEGER: _integer,
    Cell.MONEY: _money,
    Cell.MONTH: _month,
    Cell.RATE: _rate,
    Cell.TEXT: _text,
}
