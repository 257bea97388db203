"""The report of an import: for each file what was read, what became of it, and every fault with its remedy."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from desk.imports.refusals import Fault, FileRefused

KEPT = 1_000
"""Faults of one file that are kept. All are counted."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault with its place. Row 0 is the file as a whole, an empty column the row as a whole."""

    file: str
    row: int
    column: str
    code: str
    message: str
    remedy: str


@dataclass(slots=True)
class FileReport:
    """What became of one file. `state` is DONE, REFUSED, UNCHANGED (imported before) or CHECKED (dry run).

    `headers` is what the file calls our columns, where a profile says so: every complaint names the file's own header.
    """

    name: str
    kind: str = ""
    encoding: str = ""
    state: str = ""
    rows_read: int = 0
    new: int = 0
    unchanged: int = 0
    corrected: int = 0
    errors: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    normalised: Counter[tuple[str, str]] = field(default_factory=Counter)
    proposals: int = 0
    notes: list[str] = field(default_factory=list)
    remarks: dict[str, None] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def remark(self, text: str) -> None:
        """Say once what the file is like or how it was read. It holds whether the file is written or not."""
        self.remarks[text] = None

    def header(self, column: str) -> str:
        """What the file calls a column of ours."""
        return self.headers.get(column, column)

    def fault(self, fault: Fault, row: int = 0, column: str = "") -> None:
        self.errors += 1
        if len(self.troubles) < KEPT:
            self.troubles.append(
                Trouble(self.name, row, self.header(column), fault.code, fault.message, fault.remedy)
            )

    def undo(self) -> None:
        """Nothing of the file was written: what would have become of its rows is no longer true."""
        self.new = self.unchanged = self.corrected = self.proposals = 0
        self.notes.clear()

    def absorb(self, other: FileReport) -> None:
        """Add what another reading of the same file found."""
        self.rows_read += other.rows_read
        self.new += other.new
        self.unchanged += other.unchanged
        self.corrected += other.corrected
        self.errors += other.errors
        self.troubles += other.troubles[: KEPT - len(self.troubles)]
        self.normalised += other.normalised
        self.remarks |= other.remarks
        self.headers |= other.headers

    def absorb_only(self, other: FileReport, code: str) -> None:
        """Add the faults of one code that another reading found."""
        for trouble in other.troubles:
            if trouble.code == code:
                self.fault(Fault(code, trouble.message, trouble.remedy), trouble.row, trouble.column)

    def refuse(self, refused: FileRefused) -> None:
        self.fault(refused.fault, refused.row, refused.column)


@dataclass(slots=True)
class Report:
    """One run over some files. `flips` names decisions that the corrected figures would turn."""

    dry_run: bool = False
    files: list[FileReport] = field(default_factory=list)
    flips: list[str] = field(default_factory=list)

    @property
    def errors(self) -> int:
        return sum(file.errors for file in self.files)

    @property
    def ok(self) -> bool:
        return self.errors == 0

    def as_json(self) -> dict[str, Any]:
        """Plain data for JSON, with every kept fault."""
        return {
            "dryRun": self.dry_run,
            "ok": self.ok,
            "errors": self.errors,
            "files": [_file_json(file) for file in self.files],
            "flips": self.flips,
        }

    def as_text(self, *, faults: int = 50) -> str:
        """Aligned lines for a terminal. At most `faults` faults of each file are printed, the rest counted."""
        head = ("file", "kind", "encoding", "rows", "new", "same", "corrected", "errors", "result")
        table = [head] + [
            (
                file.name,
                file.kind or "?",
                file.encoding or "-",
                *map(str, (file.rows_read, file.new, file.unchanged, file.corrected, file.errors)),
                file.state,
            )
            for file in self.files
        ]
        lines = _aligned(table)
        for file in self.files:
            lines += _details(file, faults)
        if self.flips:
            lines += ["", f"{len(self.flips)} decision(s) would be different with the corrected figures:"]
            lines += [f"  {flip}" for flip in self.flips]
        lines += ["", self._verdict()]
        return "\n".join(lines) + "\n"

    def _verdict(self) -> str:
        refused = sum(1 for file in self.files if file.errors)
        if refused:
            outcome = f"{refused} of {len(self.files)} file(s) refused, {self.errors} fault(s). "
            return outcome + "Nothing of a refused file was written."
        if self.dry_run:
            return f"{len(self.files)} file(s) checked, no faults. Dry run: nothing was written."
        return f"{len(self.files)} file(s) imported, no faults."


def _file_json(file: FileReport) -> dict[str, Any]:
    return {
        "name": file.name,
        "kind": file.kind,
        "encoding": file.encoding,
        "state": file.state,
        "rowsRead": file.rows_read,
        "new": file.new,
        "unchanged": file.unchanged,
        "corrected": file.corrected,
        "errors": file.errors,
        "troubles": [dataclasses.asdict(trouble) for trouble in file.troubles],
        "normalised": [
            {"column": file.header(column), "what": what, "cells": cells}
            for (column, what), cells in sorted(file.normalised.items())
        ],
        "proposals": file.proposals,
        "notes": file.notes,
        "remarks": list(file.remarks),
    }


def _details(file: FileReport, faults: int) -> list[str]:
    lines = [f"{file.name}: {remark}" for remark in file.remarks]
    for trouble in file.troubles[:faults]:
        place = file.name
        if trouble.row:
            place += f", row {trouble.row}"
        if trouble.column:
            place += f", column {trouble.column}"
        lines.append(f"{place}: {trouble.message} {trouble.remedy} [{trouble.code}]")
    if file.errors > faults:
        lines.append(f"{file.name}: {file.errors - min(faults, len(file.troubles))} more fault(s).")
    for (column, what), cells in sorted(file.normalised.items()):
        lines.append(f"{file.name}, column {file.header(column)}: {what} in {cells} cell(s).")
    if file.proposals:
        lines.append(f"{file.name}: {file.proposals} role(s) proposed, to be executed by sec_admin.")
    lines += [f"{file.name}: {note}" for note in file.notes]
    return [""] + lines if lines else []


def _aligned(table: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            (" " * (width - _width(cell)) + cell) if 3 <= place <= 7 else cell + " " * (width - _width(cell))
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]


def _width(text: str) -> int:
    """Columns on a terminal: wide East Asian characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
