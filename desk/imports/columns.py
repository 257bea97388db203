"""What a declared import file is made of: its columns, what a cell must hold, and its key."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Cell(StrEnum):
    """What a cell must hold, after full-width digits and padding are normalised (and reported)."""

    BOOLEAN = "boolean"
    CODE = "code"
    DATE = "date"
    DIGITS = "digits"
    ENUM = "enum"
    INTEGER = "integer"
    MONEY = "money"
    MONTH = "month"
    RATE = "rate"
    TEXT = "text"


class Sign(StrEnum):
    """Which numbers a column takes."""

    ANY = "any"
    NOT_NEGATIVE = "not negative"
    POSITIVE = "positive"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `longest` bounds the characters of a code, digits or text."""

    name: str
    cell: Cell
    about: str
    example: str
    required: bool = True
    choices: tuple[str, ...] = ()
    longest: int = 120
    sign: Sign = Sign.ANY


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file. A file is of this kind when its name starts with `name`, e.g. `customers.csv`."""

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    bulk: bool = field(default=False)

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)
