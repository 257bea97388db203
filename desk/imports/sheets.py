"""Sheets: a CSV or .xlsx file as blocks of rows, in the declared order of columns, a block in memory at a time."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from collections.abc import Mapping as Names
from dataclasses import dataclass, field
from pathlib import Path

from desk.imports import decoding
from desk.imports.columns import FileKind
from desk.imports.limits import LIMITS, Limits
from desk.imports.mapping import Mapping
from desk.imports.profiles import Profile
from desk.imports.refusals import Fault, FileRefused
from desk.imports.rows import BLOCK_ROWS, Seek, bare, is_filled, is_total
from desk.imports.tables import Table, open_table

__all__ = ["BLOCK_ROWS", "Block", "Sheet", "open_any_of", "open_sheet"]


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows, turned: `columns` as the kind declares them, `numbers` the row of the file each value is on.

    `dropped` rows are not among them, for the `faults` given with row and column.
    """

    numbers: Sequence[int]
    columns: tuple[Sequence[str], ...]
    faults: tuple[tuple[int, str, Fault], ...] = ()
    dropped: int = 0


@dataclass(slots=True)
class Sheet:
    """An open file whose header is right. `blocks` may be walked once."""

    kind: FileKind
    name: str
    header: tuple[str, ...]
    profile: Profile | None = None
    shown_as: Names[str, str] = field(default_factory=dict, kw_only=True)
    """What the file calls our columns, where that is not as we do."""
    _table: Table = field(kw_only=True, repr=False)
    _mapping: Mapping | None = field(default=None, kw_only=True, repr=False)

    @property
    def contents(self) -> decoding.Contents:
        return self._table.contents

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
        return self._table.raw.tell()

    @property
    def told(self) -> Counter[tuple[str, str]]:
        """What the profile put right, by column of ours."""
        return self._mapping.told if self._mapping else Counter()

    def remarks(self) -> list[str]:
        """What the report says of the file as a whole. Complete when the blocks have been walked."""
        return self._table.remarks() + list(self._mapping.remarks() if self._mapping else ())

    def blocks(self) -> Iterator[Block]:
        width = len(self.header)
        order = [self.header.index(name) if name in self.header else -1 for name in self.kind.header]
        for numbers, rows in self._table.rows:
            faults: list[tuple[int, str, Fault]] = []
            if self._mapping is not None:
                lines = rows if isinstance(rows, list) else list(map(list, zip(*rows, strict=True)))
                numbers, rows = self._mapping.records(numbers, lines)
            if isinstance(rows, tuple):
                turned = rows
            else:
                if not all(map(any, rows)) or set(map(len, rows)) != {width}:
                    numbers, rows = _straight(numbers, rows, width, faults)
                turned = tuple(zip(*rows, strict=True)) if rows else ((),) * width
            dropped = len(faults)
            if self._mapping is not None:
                before = len(numbers)
                numbers, columns, found = self._mapping.columns(numbers, turned)
                dropped += before - len(numbers)
                faults += found
            else:
                blank = [""] * len(numbers)
                columns = tuple(turned[place] if place >= 0 else blank for place in order)
            yield Block(numbers, columns, tuple(faults), dropped)


@contextlib.contextmanager
def open_sheet(
    path: Path,
    kind: FileKind,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    *,
    known: decoding.Contents | None = None,
    profile: Profile | None = None,
) -> Generator[Sheet]:
    """Open a file of a kind. Raises FileRefused when its bytes, its form or its header are wrong.

    The header is the first row that has every column that must be there; what stands above it is left out and told.
    `known` is what an earlier opening found (`Sheet.contents`), so that the bytes are not judged twice. With a
    `profile` the file has the bank's own headers, and those the profile does not use are left out.
    """
    wanted = profile.headers if profile else _required(kind)
    sheet = profile.sheet if profile and profile.sheet else kind.name
    must = bool(profile and profile.sheet)
    with open_table(path, _seek(wanted), encoding, limits, known=known, sheet=sheet, must=must) as table:
        names = [bare(cell) for cell in table.header[: limits.columns + 1]]
        while names and not names[-1]:
            names.pop()
        row = table.above + 1
        if profile is None:
            _check(names, kind, row)
            yield Sheet(kind, path.name, tuple(names), _table=table)
        else:
            _check_profiled(names, profile, row)
            mapping = Mapping(profile, names)
            yield Sheet(
                kind,
                path.name,
                tuple(names),
                profile,
                shown_as=profile.shown,
                _table=table,
                _mapping=mapping,
            )


@contextlib.contextmanager
def open_any_of(
    path: Path,
    kinds: Sequence[FileKind],
    names: Names[str, str],
    encoding: str | None = None,
    limits: Limits = LIMITS,
) -> Generator[Sheet]:
    """Open a file of whichever of these kinds its header fits best. Raises FileRefused as `open_sheet`.

    `names` turns what others call our columns into our words.
    """

    def fits(row: Sequence[str], kind: FileKind) -> int:
        wanted = _required(kind)
        return 100 * len({names.get(bare(cell)) for cell in row}.intersection(wanted)) // len(wanted)

    def seek(rows: Sequence[list[str]]) -> tuple[int, int]:
        known = [max(fits(row, kind) for kind in kinds) for row in rows]
        most = max(known, default=0)
        return most, known.index(most) if most else 0

    with open_table(path, seek, encoding, limits) as table:
        header = [bare(cell) for cell in table.header[: limits.columns + 1]]
        while header and not header[-1]:
            header.pop()
        kind = max(kinds, key=lambda kind: fits(header, kind))
        row = table.above + 1
        if not fits(header, kind):
            shown = " or ".join(",".join(kind.header) for kind in kinds)
            raise FileRefused(
                Fault("NO_HEADER", "No row is a header of such a file.", f"Begin it with {shown}."), row=row
            )
        ours = [names.get(name, name) for name in header]
        _check(ours, kind, row)
        shown_as = {names[name]: name for name in header if name in names}
        yield Sheet(kind, path.name, tuple(ours), shown_as=shown_as, _table=table)


def _required(kind: FileKind) -> tuple[str, ...]:
    return tuple(column.name for column in kind.columns if column.required)


def _seek(wanted: Sequence[str]) -> Seek:
    """The first row with every wanted header, else the one with the most, so that its faults are told."""
    names = set(wanted)

    def seek(rows: Sequence[list[str]]) -> tuple[int, int]:
        known = [len(names.intersection(map(bare, row))) for row in rows]
        most = max(known, default=0)
        return most, known.index(most) if most else 0

    return seek


def _straight(
    numbers: Sequence[int], rows: list[list[str]], width: int, faults: list[tuple[int, str, Fault]]
) -> tuple[list[int], list[list[str]]]:
    """Without blank rows and rows of another width. The latter are faults."""
    kept = []
    for number, row in zip(numbers, rows, strict=True):
        if not any(map(is_filled, row)):
            continue
        if len(row) > width and not any(map(is_filled, row[width:])):
            row = row[:width]
        if len(row) != width:
            faults.append((number, "", _width_fault(row, width)))
            continue
        kept.append((number, row))
    return [number for number, _ in kept], [row for _, row in kept]


def _width_fault(row: list[str], width: int) -> Fault:
    if is_total(row):
        return Fault(
            "TOTAL_ROW",
            f"The row is a total, not a record: it has {len(row)} cells, the header has {width}.",
            "Delete the row, or have a profile skip it ([[skip]]).",
        )
    return Fault(
        "ROW_WIDTH",
        f"The row has {len(row)} cells, the header has {width}.",
        'Put cells that hold a comma in "…", or add the missing cells.',
    )


def _check(names: list[str], kind: FileKind, row: int) -> None:
    """Every required column must be there, none twice, none unknown."""
    expected = f"The header of {kind.name} is: {','.join(kind.header)}"
    for name in names:
        if name not in kind.header:
            raise FileRefused(Fault("UNKNOWN_COLUMN", f"Unknown column: {_shown(name)}.", expected), row=row)
        if names.count(name) > 1:
            raise FileRefused(
                Fault("DUPLICATE_COLUMN", f"The column {name} stands twice.", expected), row=row, column=name
            )
    for name in _required(kind):
        if name not in names:
            raise FileRefused(
                Fault("MISSING_COLUMN", f"The column {name} is missing.", expected), row=row, column=name
            )


def _check_profiled(names: list[str], profile: Profile, row: int) -> None:
    """Every header that the profile names must be there once."""
    for header in profile.headers:
        if names.count(header) > 1:
            raise FileRefused(
                Fault(
                    "DUPLICATE_COLUMN",
                    f"The column {header} stands twice, and the profile {profile.name} means one of them.",
                    "Rename or delete the other one.",
                ),
                row=row,
                column=header,
            )
        if header not in names:
            found = ", ".join(_shown(name) for name in names[:30]) or "nothing"
            raise FileRefused(
                Fault(
                    "MISSING_COLUMN",
                    f"The column {header}, which the profile {profile.name} names, is missing. The nearest row has: "
                    f"{found}.",
                    "Correct the header of the file, or correct the profile.",
                ),
                row=row,
                column=header,
            )


def _shown(name: str) -> str:
    readable = name.isprintable() and len(name) <= 40
    return (name or "(empty)") if readable else "a column without a readable name"
