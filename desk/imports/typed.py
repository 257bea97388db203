"""Typed columns: whole columns of cell texts become values at once, the plain ones without a Python loop."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from desk.imports.cells import CellRefused, Value, parse
from desk.imports.columns import Cell, Column, FileKind, Sign
from desk.imports.refusals import Fault
from desk.imports.sheets import Block

_REMEMBERED = 100_000


def _same(text: str) -> Value:
    return text


# What needs no second look: such a cell reads as itself, exactly as parse() would. Atomic groups never backtrack.
_PLAIN: dict[Cell, tuple[str, Callable[[str], Value]]] = {
    Cell.CODE: (r"[A-Za-z0-9](?>[A-Za-z0-9._/:-]{0,%d})", _same),
    Cell.DIGITS: (r"[0-9](?>[0-9]{0,%d})", _same),
    Cell.INTEGER: (r"-?[0-9](?>[0-9]{0,8})", int),
    Cell.MONEY: (r"-?[0-9](?>[0-9]{0,14})(?>\.[0-9]{1,6})?", Decimal),
    Cell.RATE: (r"[0-9](?>[0-9]{0,11})(?>\.[0-9]{1,10})?", Decimal),
    Cell.TEXT: (r"[!-~\u4e00-\u9fa5](?>[!-~\u4e00-\u9fa5]{0,%d})", _same),
}


@dataclass(frozen=True, slots=True)
class TypedBlock:
    """Rows whose every cell is right, turned, and the faults of the others."""

    numbers: Sequence[int]
    columns: tuple[Sequence[Value], ...]
    faults: tuple[tuple[int, str, Fault], ...]
    rows_read: int

    def rows(self) -> Iterator[tuple[Value, ...]]:
        return zip(*self.columns, strict=True)


class ColumnReader:
    """Reads one column of one file. Remembers what it has read, because days, words and accounts repeat."""

    def __init__(
        self, column: Column, normalised: Counter[tuple[str, str]], *, amounts_as_text: bool = False
    ) -> None:
        self.column = column
        self._as_text = amounts_as_text and column.cell is Cell.MONEY
        self._normalised = normalised
        self._values: dict[str, Value] = {}
        self._notes: dict[str, tuple[str, ...]] = {}
        self._faults: dict[str, Fault] = {}
        self._plain: re.Pattern[str] | None = None
        if column.cell in _PLAIN:
            pattern, self._convert = _PLAIN[column.cell]
            once = pattern % (column.longest - 1) if "%" in pattern else pattern
            optional = "" if column.required else "?"
            self._plain = re.compile(f"(?:(?:{once}){optional}\n)*+")
            if self._as_text:
                self._convert = _same

    def read(self, texts: Sequence[str]) -> tuple[Sequence[Value], dict[int, Fault]]:
        """The values, None for empty cells, and the faults by their place in `texts`."""
        return self._read_plain(texts) or self._read_each(texts)

    def _read_plain(self, texts: Sequence[str]) -> tuple[Sequence[Value], dict[int, Fault]] | None:
        if self._plain is None:
            return None
        joined = "\n".join(texts) + "\n"
        # A line end inside a quoted cell would make one cell look like two.
        if joined.count("\n") != len(texts) or not self._plain.fullmatch(joined):
            return None
        convert = self._convert
        values: Sequence[Value]
        if convert is _same:
            values = texts if self.column.required else [text or None for text in texts]
        elif self.column.required:
            values = list(map(convert, texts))
        else:
            values = [convert(text) if text else None for text in texts]
        if self.column.sign is not Sign.ANY and not self._signs_are_right(texts, joined):
            return None
        return values, {}

    def _signs_are_right(self, texts: Sequence[str], joined: str) -> bool:
        """A plain number is negative by its sign, and nothing when it has no digit but 0."""
        return "-" not in joined and (
            self.column.sign is Sign.NOT_NEGATIVE or all(text.strip("0.") or not text for text in texts)
        )

    def _read_each(self, texts: Sequence[str]) -> tuple[Sequence[Value], dict[int, Fault]]:
        if len(self._values) > _REMEMBERED:
            self._values.clear()
            self._notes.clear()
            self._faults.clear()
        distinct = set(texts)
        for text in distinct.difference(self._values):
            self._remember(text)
        values = list(map(self._values.__getitem__, texts))
        if self._notes and not self._notes.keys().isdisjoint(distinct):
            for text in texts:
                for note in self._notes.get(text, ()):
                    self._normalised[self.column.name, note] += 1
        faults = {}
        if self._faults and not self._faults.keys().isdisjoint(distinct):
            faults = {place: self._faults[text] for place, text in enumerate(texts) if text in self._faults}
        return values, faults

    def _remember(self, text: str) -> None:
        try:
            read = parse(self.column, text)
        except CellRefused as refused:
            self._values[text] = None
            self._faults[text] = refused.fault
            return
        amount = read.value
        self._values[text] = format(amount, "f") if self._as_text and isinstance(amount, Decimal) else amount
        if read.notes:
            self._notes[text] = read.notes


class BlockReader:
    """Reads the blocks of one file, counting into `normalised` what was put right.

    With `amounts_as_text` an amount stays the text of its decimal, for those who want minor units of it.
    """

    def __init__(
        self, kind: FileKind, normalised: Counter[tuple[str, str]], *, amounts_as_text: bool = False
    ) -> None:
        self._columns = [
            ColumnReader(column, normalised, amounts_as_text=amounts_as_text) for column in kind.columns
        ]

    def read(self, block: Block) -> TypedBlock:
        columns: list[Sequence[Value]] = []
        faults: list[tuple[int, str, Fault]] = list(block.faults)
        bad: set[int] = set()
        for reader, texts in zip(self._columns, block.columns, strict=True):
            values, found = reader.read(texts)
            columns.append(values)
            bad.update(found)
            faults += [(block.numbers[place], reader.column.name, fault) for place, fault in found.items()]
        rows_read = len(block.numbers) + block.dropped
        if not bad:
            return TypedBlock(block.numbers, tuple(columns), tuple(faults), rows_read)
        good = [place not in bad for place in range(len(block.numbers))]
        faults.sort(key=lambda fault: fault[0])
        return TypedBlock(
            list(itertools.compress(block.numbers, good)),
            tuple(list(itertools.compress(values, good)) for values in columns),
            tuple(faults),
            rows_read,
        )
