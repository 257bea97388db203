"""The import files being written: each opened once, filled row by row, with the header that desk.imports defines."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from desk.imports.files import FILES

_DIGITS = {"JPY": 0}
KINDS = tuple(kind for kind in FILES if kind.name != "indicator_figures")
"""What the bank hands in. Figures of an indicator need one that its head office has approved (Art. 5); it has none."""


def money(minor: int, currency: str = "CNY") -> str:
    """An amount of minor units as the decimal text a bank hands in: two digits, none for yen."""
    if _DIGITS.get(currency, 2) == 0:
        return str(minor)
    return f"{minor // 100}.{minor % 100:02d}"


class Sheets:
    """All files of one bank, written under `to` at once or not at all. Rows stream: memory does not grow."""

    def __init__(self, to: Path) -> None:
        self._to = to
        self._stack = ExitStack()
        self._writers: dict[str, Any] = {}
        self.counts: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._to.mkdir(parents=True, exist_ok=True)
        for kind in KINDS:
            path = self._part(kind.name)
            file = self._stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            self._writers[kind.name] = csv.writer(file, lineterminator="\n")
            self._writers[kind.name].writerow(kind.header)
            self.counts[kind.name] = 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        for name in self.counts:
            if error is None:
                self._part(name).replace(self._to / f"{name}.csv")
            else:
                self._part(name).unlink(missing_ok=True)

    def _part(self, name: str) -> Path:
        return self._to / f"{name}.csv.part"

    def add(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        """Append rows, their cells in the order of the file's header. None is an empty cell."""
        writer = self._writers[name]
        for row in rows:
            writer.writerow(row)
            self.counts[name] += 1
