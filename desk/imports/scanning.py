"""Scanning: a whole file checked by itself, without a database: cells, row rules and repeated keys."""

from __future__ import annotations

import datetime as dt
import itertools
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from desk.imports import rules
from desk.imports.cells import Value
from desk.imports.columns import FileKind
from desk.imports.files import FILES, kind_of
from desk.imports.limits import LIMITS, Limits
from desk.imports.profiles import Profile
from desk.imports.refusals import Fault, FileRefused
from desk.imports.report import FileReport
from desk.imports.sheets import Sheet, open_sheet
from desk.imports.typed import BlockReader, TypedBlock

_PARTS = 64


def kind_or_refuse(path: Path, profile: Profile | None = None) -> FileKind:
    """The kind that the profile or else the file's name says. Raises FileRefused for other names."""
    kind = profile.kind if profile else kind_of(path.name)
    if kind is None:
        raise FileRefused(
            Fault(
                "UNKNOWN_KIND",
                "The name does not say what the file holds.",
                f"Begin it with one of {', '.join(kind.name for kind in FILES)}, e.g. customers_2026.csv. For a file"
                " with the bank's own headers, give its profile with --profile.",
            )
        )
    return kind


def typed_blocks(
    sheet: Sheet, report: FileReport, today: dt.date, *, amounts_as_text: bool = False
) -> Iterator[TypedBlock]:
    """The rows of an open sheet that are right by themselves, block by block. Faults go into the report."""
    reader = BlockReader(sheet.kind, report.normalised, amounts_as_text=amounts_as_text)
    report.headers |= sheet.shown_as
    for block in sheet.blocks():
        typed = reader.read(block)
        report.rows_read += typed.rows_read
        for row, column, fault in typed.faults:
            report.fault(fault, row, column)
        yield _ruled(sheet.kind, typed, report, today) if sheet.kind.name in rules.RULES else typed
    report.normalised.update(sheet.told)
    for remark in sheet.remarks():
        report.remark(remark)


def scan(
    path: Path,
    report: FileReport,
    *,
    encoding: str | None = None,
    today: dt.date,
    limits: Limits = LIMITS,
    profile: Profile | None = None,
) -> Iterator[TypedBlock]:
    """Check a whole file: yields its right rows and fills `report`; never raises for what the file holds.

    A repeated key is a fault on every row but the first. `today` is the business day, for birth dates.
    """
    try:
        kind = kind_or_refuse(path, profile)
        report.kind = kind.name
        with open_sheet(path, kind, encoding, limits, profile=profile) as sheet:
            report.encoding = sheet.encoding
            keys = Keys(kind)
            for block in typed_blocks(sheet, report, today):
                keys.add(block)
                yield block
        keys.report(report, lambda: _again(path, kind, encoding, today, limits, profile))
    except FileRefused as refused:
        report.refuse(refused)


def _again(
    path: Path,
    kind: FileKind,
    encoding: str | None,
    today: dt.date,
    limits: Limits,
    profile: Profile | None,
) -> Iterator[TypedBlock]:
    with open_sheet(path, kind, encoding, limits, profile=profile) as sheet:
        yield from typed_blocks(sheet, FileReport(path.name), today)


def _ruled(kind: FileKind, typed: TypedBlock, report: FileReport, today: dt.date) -> TypedBlock:
    good = []
    for number, row in zip(typed.numbers, typed.rows(), strict=True):
        found = list(rules.faults(kind.name, dict(zip(kind.header, row, strict=True)), today))
        for column, fault in found:
            report.fault(fault, number, column)
        good.append(not found)
    if all(good):
        return typed
    return TypedBlock(
        list(itertools.compress(typed.numbers, good)),
        tuple(list(itertools.compress(values, good)) for values in typed.columns),
        typed.faults,
        typed.rows_read,
    )


class Keys:
    """Finds repeated keys with eight bytes a row: hashes first, and the rows behind equal hashes on a second reading."""

    def __init__(self, kind: FileKind) -> None:
        self._places = [kind.header.index(name) for name in kind.key]
        self._key = kind.key
        self._hashes = array("q")

    def add(self, block: TypedBlock) -> None:
        self._hashes.extend(map(hash, self._keys(block)))

    def report(self, report: FileReport, again: Callable[[], Iterator[TypedBlock]]) -> None:
        """Put every repeated row into the report. `again` walks the same file once more, if it must."""
        suspects = self._repeated()
        if not suspects:
            return
        key_shown = ", ".join(map(report.header, self._key))
        first: dict[tuple[Value, ...], int] = {}
        for block in again():
            for number, key in zip(block.numbers, self._keys(block), strict=True):
                if hash(key) in suspects and first.setdefault(key, number) != number:
                    report.fault(
                        Fault(
                            "REPEATED_KEY",
                            f"Row {first[key]} has the same {key_shown}.",
                            "Keep one of the rows.",
                        ),
                        number,
                    )

    def _keys(self, block: TypedBlock) -> Iterator[tuple[Value, ...]]:
        return zip(*(block.columns[place] for place in self._places), strict=True)

    def _repeated(self) -> set[int]:
        """In parts, so that no more than a part of the hashes is ever a set."""
        parts: list[array[int]] = [array("q") for _ in range(_PARTS)]
        for value in self._hashes:
            parts[value % _PARTS].append(value)
        return {value for part in parts if len(set(part)) != len(part) for value in _twice(part)}


def _twice(values: Iterable[int]) -> set[int]:
    return {value for value, times in Counter(values).items() if times > 1}
