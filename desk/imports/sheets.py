"""Sheets: a CSV or .xlsx file as blocks of rows, in the declared order of columns, a block in memory at a time."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import itertools
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desk.imports import decoding, workbooks
from desk.imports.columns import FileKind
from desk.imports.limits import LIMITS, Limits
from desk.imports.refusals import Fault, FileRefused

BLOCK_ROWS = 10_000
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows, turned: `columns` as the kind declares them, `numbers` the row of the file each value is on."""

    numbers: Sequence[int]
    columns: tuple[Sequence[str], ...]
    ragged: tuple[tuple[int, Fault], ...] = ()


_Rows = tuple[Sequence[int], list[list[str]] | tuple[Sequence[str], ...]]
"""Row numbers with rows (a list) or with columns (a tuple)."""


@dataclass(slots=True)
class Sheet:
    """An open file whose header is right. `blocks` may be walked once."""

    kind: FileKind
    name: str
    contents: decoding.Contents
    header: tuple[str, ...]
    _raw: io.BufferedReader = field(repr=False)
    _rows: Iterator[_Rows] = field(repr=False)
    _limits: Limits = field(repr=False, default=LIMITS)

    @property
    def encoding(self) -> str:
        return self.contents.encoding

    @property
    def digest(self) -> str:
        return self.contents.digest

    @property
    def size(self) -> int:
        return self.contents.size

    @property
    def read(self) -> int:
        """Bytes read so far, for progress against `size`."""
        return self._raw.tell()

    def blocks(self) -> Iterator[Block]:
        width = len(self.header)
        order = [self.header.index(name) if name in self.header else -1 for name in self.kind.header]
        for numbers, rows in self._rows:
            ragged: list[tuple[int, Fault]] = []
            if isinstance(rows, tuple):
                turned = rows
            else:
                if not all(map(any, rows)) or set(map(len, rows)) != {width}:
                    numbers, rows = _straight(numbers, rows, width, ragged)
                turned = tuple(zip(*rows, strict=True)) if rows else ((),) * width
            blank = [""] * len(numbers)
            columns = tuple(turned[place] if place >= 0 else blank for place in order)
            yield Block(numbers, columns, tuple(ragged))


@contextlib.contextmanager
def open_sheet(
    path: Path,
    kind: FileKind,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    *,
    known: decoding.Contents | None = None,
) -> Generator[Sheet]:
    """Open a file of a kind. Raises FileRefused when its bytes, its form or its header are wrong.

    `known` is what an earlier opening found (`Sheet.contents`), so that the bytes are not judged twice.
    """
    with path.open("rb") as raw:
        start = raw.read(8)
        if not start:
            raise FileRefused(
                Fault("EMPTY_FILE", "The file is empty.", f"Begin with the header: {','.join(kind.header)}")
            )
        if start.startswith(workbooks.OLD_WORKBOOK):
            raise FileRefused(
                Fault(
                    "OLD_WORKBOOK",
                    "The file is an old or a password-protected workbook.",
                    "Save it as .xlsx without a password, or as CSV.",
                )
            )
        if start.startswith(workbooks.ZIP):
            yield _workbook(raw, path, kind, limits)
        elif path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".et"):
            raise FileRefused(
                Fault(
                    "NOT_A_WORKBOOK",
                    f"The name ends in {path.suffix}, but the file is no workbook.",
                    "Open it in a spreadsheet and save it as .xlsx, or as CSV.",
                )
            )
        else:
            contents = known or decoding.inspect(raw, encoding, limits)
            text = decoding.reader(raw, contents.encoding)
            try:
                yield _csv(text, raw, path, kind, contents, limits)
            finally:
                text.detach()


def _csv(
    text: io.TextIOWrapper,
    raw: io.BufferedReader,
    path: Path,
    kind: FileKind,
    contents: decoding.Contents,
    limits: Limits,
) -> Sheet:
    first = text.readline()
    known = set(kind.header)
    delimiter = max(
        _DELIMITERS,
        key=lambda mark: sum(_bare(cell) in known for cell in next(csv.reader([first], delimiter=mark), [])),
    )
    with _csv_faults(1):
        cells = next(csv.reader(itertools.chain([first], text), delimiter=delimiter, strict=True), [])
    header = _header(cells, kind, limits)
    return Sheet(
        kind, path.name, contents, header, raw, _csv_blocks(text, delimiter, len(header), limits), limits
    )


def _csv_blocks(text: io.TextIOWrapper, delimiter: str, width: int, limits: Limits) -> Iterator[_Rows]:
    """Blocks of the rows after the header. Up to the first quotation mark, cells are cut without the csv module."""
    number = 2
    lines: Iterable[str] = text
    while block := list(itertools.islice(text, BLOCK_ROWS)):
        cut = _cut(block, delimiter, width)
        if cut is None:
            lines = itertools.chain(block, text)
            break
        yield range(number, number + len(block)), cut
        number += len(block)
        _cap(number, limits)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        rows: list[list[str]] = []
        with _csv_faults(number, rows):
            # extend() keeps what it got when the reader stops at a fault, so the fault's row is known.
            rows.extend(itertools.islice(reader, BLOCK_ROWS))
        if not rows:
            return
        yield range(number, number + len(rows)), rows
        number += len(rows)
        _cap(number, limits)


def _cut(lines: list[str], delimiter: str, width: int) -> tuple[Sequence[str], ...] | list[list[str]] | None:
    """Columns of lines without quotation marks, or rows where a line is blank or of another width. None with marks."""
    chunk = "".join(lines)
    if '"' in chunk:
        return None
    if "\r" in chunk:
        chunk = chunk.replace("\r\n", "\n").replace("\r", "\n")
    chunk = chunk.removesuffix("\n")
    empty = delimiter * (width - 1)
    if (
        set(map(str.count, lines, itertools.repeat(delimiter))) != {width - 1}
        or f"\n{empty}\n" in f"\n{chunk}\n"
    ):
        return [line.split(delimiter) for line in chunk.split("\n")]
    cells = chunk.replace("\n", delimiter).split(delimiter)
    return tuple(cells[place::width] for place in range(width))


def _cap(number: int, limits: Limits) -> None:
    if number > limits.rows + 2:
        raise FileRefused(
            Fault("TOO_MANY_ROWS", f"The file has more than {limits.rows} rows.", "Split it by rows.")
        )


@contextlib.contextmanager
def _csv_faults(number: int, rows: Sequence[object] = ()) -> Generator[None]:
    try:
        yield
    except csv.Error:
        raise FileRefused(
            Fault(
                "BAD_QUOTES",
                "A quotation mark is not closed or stands inside a cell.",
                'Put cells that hold a comma, a line end or a " in "…" and write each " inside as "".',
            ),
            row=number + len(rows),
        ) from None


def _workbook(raw: io.BufferedReader, path: Path, kind: FileKind, limits: Limits) -> Sheet:
    raw.seek(0)
    digest = hashlib.file_digest(raw, "sha256").hexdigest()
    rows = workbooks.rows(raw, kind.name, limits)
    header = _header(next(rows, (1, []))[1], kind, limits)
    contents = decoding.Contents("xlsx", digest, path.stat().st_size)
    return Sheet(kind, path.name, contents, header, raw, _workbook_blocks(rows, len(header)), limits)


def _workbook_blocks(rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[_Rows]:
    while block := list(itertools.islice(rows, BLOCK_ROWS)):
        # A workbook stores no trailing empty cells, so short rows are filled; what stands beyond must be empty.
        filled = [
            row[:width] + [""] * (width - len(row)) if not any(row[width:]) else row for _, row in block
        ]
        yield [number for number, _ in block], filled


def _straight(
    numbers: Sequence[int], rows: list[list[str]], width: int, ragged: list[tuple[int, Fault]]
) -> tuple[list[int], list[list[str]]]:
    """Without blank rows and rows of another width. The latter are faults."""
    kept = []
    for number, row in zip(numbers, rows, strict=True):
        if not any(row):
            continue
        if len(row) > width and not any(row[width:]):
            row = row[:width]
        if len(row) != width:
            ragged.append((number, _width_fault(len(row), width)))
            continue
        kept.append((number, row))
    return [number for number, _ in kept], [row for _, row in kept]


def _width_fault(found: int, width: int) -> Fault:
    return Fault(
        "ROW_WIDTH",
        f"The row has {found} cells, the header has {width}.",
        'Put cells that hold a comma in "…", or add the missing cells.',
    )


def _header(cells: list[str], kind: FileKind, limits: Limits) -> tuple[str, ...]:
    """The columns in the file's order. Every required one must be there, none twice, none unknown."""
    names = [_bare(cell) for cell in cells[: limits.columns + 1]]
    while names and not names[-1]:
        names.pop()
    expected = f"The header of {kind.name} is: {','.join(kind.header)}"
    required = [column.name for column in kind.columns if column.required]
    for name in names:
        if name not in kind.header:
            shown = name if name.isprintable() and len(name) <= 40 else "a column without a readable name"
            raise FileRefused(
                Fault("UNKNOWN_COLUMN", f"Unknown column: {shown or '(empty)'}.", expected), row=1
            )
        if names.count(name) > 1:
            raise FileRefused(
                Fault("DUPLICATE_COLUMN", f"The column {name} stands twice.", expected), row=1, column=name
            )
    for name in required:
        if name not in names:
            raise FileRefused(
                Fault("MISSING_COLUMN", f"The column {name} is missing.", expected), row=1, column=name
            )
    return tuple(names)


def _bare(cell: str) -> str:
    return cell.strip(" \t\r\n\u00a0\u3000\ufeff")
