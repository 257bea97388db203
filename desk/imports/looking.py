"""Looking at any file without importing it: what it is, where its header stands, what surrounds the records.

For the person who is to write a profile. What is found here is a proposal; a profile names the header exactly.
"""

from __future__ import annotations

import itertools
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desk.imports.cells import UNREADABLE
from desk.imports.limits import LIMITS, Limits
from desk.imports.refusals import FileRefused
from desk.imports.rows import bare, is_filled, is_total
from desk.imports.tables import Table, open_table

_FOOTER = 20
_SHOWN = 40
_WORDS = {
    "\0formula": "formulas without a result",
    "\0error": "errors of the spreadsheet",
    "\0rounded": "numbers of more than 15 digits",
    "\0merged": "merged cells",
}


@dataclass(slots=True)
class Look:
    """What a file is. `rows` are between header and footer, without blank ones; `odd` are those of another width."""

    name: str
    encoding: str = ""
    header_row: int = 0
    headers: tuple[str, ...] = ()
    rows: int = 0
    odd: int = 0
    footer: int = 0
    remarks: list[str] = field(default_factory=list)
    refused: FileRefused | None = None

    def as_text(self) -> str:
        """One paragraph for a person."""
        if self.refused is not None:
            fault, row = self.refused.fault, self.refused.row
            where = f", row {row}" if row else ""
            return f"{self.name}{where}: {fault.message} {fault.remedy} [{fault.code}]"
        size = f"{len(self.headers)} column(s), {self.rows} row(s)"
        said = [f"{self.name}: {self.encoding}, header in row {self.header_row}, {size}."]
        if self.odd:
            said.append(f"{self.odd} row(s) have another width than the header.")
        if self.footer:
            said.append(
                f"The last {self.footer} row(s) look like totals or remarks: a profile should skip them."
            )
        said += self.remarks
        said.append(f"Columns: {', '.join(_shown(name) for name in self.headers)}.")
        return " ".join(said)


def look(path: Path, encoding: str | None = None, limits: Limits = LIMITS) -> Look:
    """Read a whole file of any header. Never raises for what the file holds: `refused` says why it cannot be read."""
    found = Look(path.name)
    try:
        with open_table(path, widest, encoding, limits) as table:
            found.encoding, found.header_row = table.contents.encoding, table.above + 1
            found.headers = _headers(table)
            _walk(table, found)
            found.remarks = [*table.remarks(), *found.remarks, *_about(found.headers)]
    except FileRefused as refused:
        found.refused = refused
    return found


def widest(rows: Sequence[list[str]]) -> tuple[int, int]:
    """The first row that fills most of the columns that any of the first rows fills.

    A cell with a quotation mark does not count: it shows that the cells were separated at the wrong character.
    """
    filled = [sum('"' not in cell for cell in filter(is_filled, row)) for row in rows]
    most = max(filled, default=0)
    return most, next((place for place, count in enumerate(filled) if count * 10 >= most * 7), 0)


def _headers(table: Table) -> tuple[str, ...]:
    names = [bare(cell) for cell in table.header]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _walk(table: Table, found: Look) -> None:
    width = len(found.headers)
    last: deque[tuple[bool, bool, bool]] = deque(maxlen=_FOOTER)
    unreadable: Counter[str] = Counter()
    blank = False
    for row in _rows(table):
        filled = sum(map(is_filled, row))
        if not filled:
            blank = True
            continue
        odd = len(row) < width or any(map(is_filled, row[width:]))
        found.rows += 1
        found.odd += odd
        total = is_total(row)
        begins = blank or total or (filled == 1 and width > 3)
        last.append((total or filled * 2 < width, odd, begins))
        unreadable.update(cell for cell in row[:width] if cell in UNREADABLE)
        blank = False
    footer = list(itertools.takewhile(lambda row: row[0], reversed(last)))
    while footer and not footer[-1][2]:
        footer.pop()
    found.footer = len(footer)
    found.rows -= len(footer)
    found.odd -= sum(odd for _, odd, _ in footer)
    found.remarks = [f"{count} cell(s) are {_WORDS[mark]}." for mark, count in sorted(unreadable.items())]


def _rows(table: Table) -> Iterator[Sequence[str]]:
    for _, rows in table.rows:
        yield from rows if isinstance(rows, list) else zip(*rows, strict=True)


def _about(headers: tuple[str, ...]) -> Iterator[str]:
    twice = sorted(name for name, count in Counter(headers).items() if count > 1 and name)
    if twice:
        yield f"Stands twice in the header: {', '.join(map(_shown, twice))}."
    if "" in headers:
        yield f"{headers.count('')} column(s) have no header."


def _shown(name: str) -> str:
    readable = "".join(letter if letter.isprintable() else " " for letter in name)
    return (readable if len(readable) <= _SHOWN else readable[:_SHOWN] + "…") or "(empty)"
