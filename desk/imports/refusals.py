"""What an import refuses: a cell, a row or a whole file, each with what is wrong and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something is refused. `message` says what is wrong, `remedy` what to do. Neither quotes a value."""

    code: str
    message: str
    remedy: str


class FileRefused(Exception):
    """The file cannot be read any further. `row` is where reading stopped, 0 for the file as a whole."""

    def __init__(self, fault: Fault, *, row: int = 0, column: str = "") -> None:
        super().__init__(f"{fault.message} {fault.remedy}")
        self.fault = fault
        self.row = row
        self.column = column
