"""Separated: the rows of a CSV file, whatever separates its cells and whatever stands above its header."""

from __future__ import annotations

import contextlib
import csv
import itertools
import re
from collections.abc import Generator, Iterable, Iterator, Sequence

from desk.imports.limits import Limits
from desk.imports.refusals import Fault, FileRefused
from desk.imports.rows import BLOCK_ROWS, Rows, Seek, is_filled

_DELIMITERS = ",;\t"
_PAGE = ("<html", "<!doctype", "<table", "<?xml", "<meta")


def read(text: Iterator[str], seek: Seek, limits: Limits) -> tuple[list[str], int, Iterator[Rows]]:
    """The header, how many rows stand above it, and the rows below it. Raises FileRefused, also from the rows."""
    head = list(itertools.islice(text, limits.preamble))
    if head and head[0].lstrip().lower().startswith(_PAGE):
        raise FileRefused(
            Fault(
                "WEB_PAGE",
                "The file is a web page or XML, whatever its name says.",
                "Open it in a spreadsheet and save it as .xlsx, or as CSV.",
            )
        )
    if not any(is_filled(line) for line in head):
        raise FileRefused(
            Fault(
                "NO_HEADER",
                f"The first {len(head)} row(s) of the file are blank.",
                "Export it again, so that it begins with its header.",
            )
        )
    skipped, above, delimiter = _sought(head, seek)
    lines = itertools.chain(head[skipped:], text)
    with csv_faults(above + 1):
        header = next(csv.reader(_tidied(lines, delimiter), delimiter=delimiter, strict=True), [])
    # Spreadsheets are made to keep zeros in front by ="0012"; where a file does so, it does so everywhere.
    wrapped = any('="' in line for line in head)
    rows = _csv_blocks(lines, delimiter, len(header), above + 2, limits)
    if wrapped:
        header, rows = _unwrapped(header), _unwrapped_blocks(rows)
    return header, above, rows


def _sought(head: list[str], seek: Seek) -> tuple[int, int, str]:
    """How many lines and how many rows stand above the header, and what separates the cells."""
    best, found = 0, (0, 0, _DELIMITERS[0])
    for mark in _DELIMITERS:
        # A quotation mark astray above the header would hide it, so each line is read alone too.
        for rows in (_records(head, mark), [(at, _split(line, mark)) for at, line in enumerate(head)]):
            sure, place = seek([row for _, row in rows])
            if sure > best:
                best, found = sure, (rows[place][0], place, mark)
    return found


def _records(head: list[str], delimiter: str) -> list[tuple[int, list[str]]]:
    """Rows, each with the number of lines before it."""
    reader = csv.reader(_tidied(iter(head), delimiter), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    before = 0
    with contextlib.suppress(csv.Error):
        for row in reader:
            rows.append((before, _unwrapped(row)))
            before = reader.line_num
    return rows


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return _unwrapped(next(csv.reader(_tidied(iter([line]), delimiter), delimiter=delimiter), []))
    except csv.Error:
        return []


def _tidied(lines: Iterator[str], delimiter: str) -> Iterator[str]:
    """Lines without padding behind a closing quotation mark, which banks put there and CSV has no place for."""
    padding = " " if delimiter == "\t" else " \t"
    behind = re.compile(rf'((?:^|{delimiter})"(?:[^"]|"")*+")[{padding}]+(?={delimiter}|\r|\n|$)')
    marks = tuple(f'"{pad}' for pad in padding)
    for line in lines:
        yield behind.sub(r"\1", line) if any(mark in line for mark in marks) else line


def _unwrapped(row: list[str]) -> list[str]:
    return [
        cell[2:-1] if cell.startswith('="') and cell.endswith('"') and len(cell) > 2 else cell for cell in row
    ]


def _unwrapped_blocks(blocks: Iterator[Rows]) -> Iterator[Rows]:
    for numbers, rows in blocks:
        lines = rows if isinstance(rows, list) else [list(row) for row in zip(*rows, strict=True)]
        yield numbers, [_unwrapped(row) for row in lines]


def _csv_blocks(
    lines: Iterator[str], delimiter: str, width: int, number: int, limits: Limits
) -> Iterator[Rows]:
    """Blocks of the rows after the header. Up to the first quotation mark, cells are cut without the csv module."""
    rest: Iterable[str] = lines
    while block := list(itertools.islice(lines, BLOCK_ROWS)):
        cut = _cut(block, delimiter, width)
        if cut is None:
            rest = itertools.chain(block, lines)
            break
        yield range(number, number + len(block)), cut
        number += len(block)
        _cap(number, limits)
    reader = csv.reader(_tidied(iter(rest), delimiter), delimiter=delimiter, strict=True)
    while True:
        rows: list[list[str]] = []
        with csv_faults(number, rows):
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
def csv_faults(number: int, rows: Sequence[object] = ()) -> Generator[None]:
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
