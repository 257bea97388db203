"""What the loaders of one import run share: the clock, the person, the file at hand, and keys that will come."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from desk.clock import SHANGHAI
from desk.imports.cells import Value
from desk.imports.columns import FileKind
from desk.imports.decoding import Contents
from desk.imports.profiles import Profile
from desk.imports.refusals import Fault
from desk.imports.report import FileReport
from desk.imports.scanning import typed_blocks
from desk.imports.sheets import Sheet, open_sheet
from desk.imports.store import Store
from desk.imports.typed import TypedBlock

Progress = Callable[[str, int, int], None]
"""Called with a file's name, bytes read and bytes in all, as reading goes on."""

Line = tuple[int, dict[str, Any]]
"""A row of the file: its number and its cells by column."""


def no_progress(name: str, done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class Corrections:
    """Whose figures were corrected, for finding the decisions that would flip."""

    customers: set[UUID] = field(default_factory=set)
    rates: bool = False


@dataclass(slots=True)
class Job:
    """One run. `promised` holds the hashes of keys in refused files: rows that refer to them are not to blame."""

    now: dt.datetime
    today: dt.date
    staff_id: UUID
    person_id: UUID
    encoding: str | None = None
    progress: Progress = no_progress
    promised: dict[str, set[int]] = field(default_factory=dict)
    newly_staffed: set[UUID] = field(default_factory=set)
    corrections: Corrections = field(default_factory=Corrections)


@dataclass(slots=True)
class File:
    """One file being loaded in its own transaction. `id` is its import_file row, the `import_id` of its figures."""

    job: Job
    path: Path
    kind: FileKind
    report: FileReport
    id: UUID
    contents: Contents
    store: Store
    profile: Profile | None = None
    waits_for: set[str] = field(default_factory=set)

    @property
    def writing(self) -> bool:
        """False from the first fault on: the rest of the file is checked, not written."""
        return not self.report.errors and not self.waits_for

    def blocks(self) -> Iterator[TypedBlock]:
        """The right rows of the file, block by block, when its own faults are in the report already."""
        with self.open() as sheet:
            for block in typed_blocks(sheet, FileReport(self.path.name), self.job.today):
                self.watch(sheet)
                yield block

    def lines(self) -> Iterator[list[Line]]:
        header = self.kind.header
        for block in self.blocks():
            yield [
                (number, dict(zip(header, row, strict=True)))
                for number, row in zip(block.numbers, block.rows(), strict=True)
            ]

    def open(self) -> contextlib.AbstractContextManager[Sheet]:
        return open_sheet(self.path, self.kind, self.job.encoding, known=self.contents, profile=self.profile)

    def watch(self, sheet: Sheet) -> None:
        self.job.progress(self.path.name, sheet.read, sheet.size)

    def fault(self, row: int, column: str, code: str, message: str, remedy: str) -> None:
        self.report.fault(Fault(code, message, remedy), row, column)

    def is_promised(self, kind: str, key: Value) -> bool:
        """Whether a refused file of this run holds the key: this file then waits for that one."""
        if hash(key) not in self.job.promised.get(kind, ()):
            return False
        self.waits_for.add(kind)
        return True

    def absent(self, kind: str, key: Value, row: int, column: str) -> None:
        """A row refers to something that is not there: a fault, unless a refused file of this run holds it."""
        if self.is_promised(kind, key):
            return
        self.fault(
            row,
            column,
            "UNKNOWN_REFERENCE",
            f"There is no such row in {kind}.",
            f"Import it first with a {kind} file, or correct the cell.",
        )


def instant(day: dt.date | None) -> dt.datetime | None:
    """The first moment of a business day. Days of the bank begin at midnight in Asia/Shanghai."""
    return None if day is None else dt.datetime.combine(day, dt.time(), SHANGHAI).astimezone(dt.UTC)


def begin(day: Any) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), SHANGHAI).astimezone(dt.UTC)
