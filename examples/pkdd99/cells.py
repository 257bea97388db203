"""Reading the cells of the published files: days, amounts, blanks. Money is minor units (hellers), never a float."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

Value = TypeVar("Value")

_AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,2}))?")
_DAY = re.compile(r"[0-9]{6}")
_BLANKS = frozenset({" ", "?"})


class SourceError(ValueError):
    """The published files are absent or are not what they should be. The message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a published file. `blanks` counts its cells that held one space or `?` instead of nothing."""

    place: str
    cells: Mapping[str, str]
    blanks: int

    def text(self, column: str) -> str:
        return self.cells[column]

    def number(self, column: str) -> int:
        return self._parse(column, "a whole number", int)

    def day(self, column: str) -> date:
        return self._parse(column, "a day written YYMMDD", parse_day)

    def minor(self, column: str) -> int:
        return self._parse(column, "an amount with at most two decimals", parse_minor)

    def word(self, column: str, words: Mapping[str, str]) -> str:
        """The meaning of a code. A code nobody explained is refused, not guessed."""
        if self.cells[column] not in words:
            raise self.wrong(column, f"one of {sorted(words)}")
        return words[self.cells[column]]

    def wrong(self, column: str, expected: str) -> SourceError:
        return SourceError(
            f"{self.place}, column {column}: {self.cells[column]!r} is not {expected}. "
            "Fetch the file again from its source."
        )

    def _parse(self, column: str, expected: str, parse: Callable[[str], Value]) -> Value:
        try:
            return parse(self.cells[column])
        except ValueError:
            raise self.wrong(column, expected) from None


def parse_day(text: str) -> date:
    """A day written YYMMDD, of the twentieth century: the bank's data end in 1998."""
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date(1900 + int(text[:2]), int(text[2:4]), int(text[4:]))


def parse_minor(text: str) -> int:
    """An amount as whole hellers, by text alone, so that no figure ever passes through a float."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    sign, whole, part = match.groups()
    minor = int(whole) * 100 + int((part or "").ljust(2, "0"))
    return -minor if sign else minor


def format_minor(minor: int) -> str:
    """Whole hellers as the decimal text of an import file: -446070 is `-4460.70`."""
    whole, part = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{whole}.{part:02d}"


def find(raw: Path, pattern: str) -> Path:
    """The one file of this name, compressed or not."""
    found = sorted(path for end in ("", ".gz") for path in raw.glob(pattern + end))
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        raise SourceError(f"{raw}: exactly one file {pattern} or {pattern}.gz is needed, found {names}.")
    return found[0]


def records(raw: Path, pattern: str, columns: tuple[str, ...]) -> Iterator[Record]:
    """The lines of one published file, quotes and blanks removed. `columns` must all be there."""
    path = find(raw, pattern)
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            text = stream.read().decode("ascii")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise SourceError(f"{path.name}: cannot be read ({error}). Fetch the file again.") from None
    lines = csv.reader(text.splitlines(), delimiter=";")
    header = next(lines, [])
    for column in columns:
        if column not in header:
            raise SourceError(f"{path.name} line 1: column {column} is missing. Is this the PKDD'99 file?")
    for number, line in enumerate(lines, start=2):
        if len(line) != len(header):
            raise SourceError(
                f"{path.name} line {number}: {len(line)} cells instead of {len(header)}. "
                "The file is damaged, fetch it again."
            )
        cells = {name: "" if cell in _BLANKS else cell for name, cell in zip(header, line, strict=True)}
        yield Record(f"{path.name} line {number}", cells, sum(cell in _BLANKS for cell in line))
