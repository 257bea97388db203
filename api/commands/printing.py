"""Printing: tables, progress as a bar or as plain lines, and cells of a CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Self

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

SECONDS_BETWEEN_LINES = 2.0
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print aligned columns; numbers to the right. Chinese characters take two places."""
    lines = [tuple(header), *(tuple(shown(cell) for cell in row) for row in rows)]
    number = [
        len(lines) > 1 and all(_is_number(line[place]) for line in lines[1:]) for place in range(len(header))
    ]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(header))]
    for line in lines:
        cells = [
            " " * (width - _width(cell)) + cell if right else cell + " " * (width - _width(cell))
            for cell, width, right in zip(line, widths, number, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())


def shown(value: object) -> str:
    """A value as one piece of a line: no control or direction character of a name reaches the terminal."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = f"{value:,}" if isinstance(value, int) else str(value)
    return "".join(it if unicodedata.category(it) not in ("Cc", "Cf", "Zl", "Zp") else "?" for it in text)


def harmless(text: str) -> str:
    """A cell of a CSV as text: what a spreadsheet would run as a formula gets an apostrophe before it."""
    return "'" + text if text.startswith(_FORMULA) else text


class Watched:
    """Progress on standard error: a bar on a terminal, else a plain line now and then.

    `step(label, done, total)` has the shape that the desk's jobs call.
    """

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._told: dict[str, float] = {}
        if sys.stderr.isatty():
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=Console(stderr=True),
            )

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            if error is None:
                # A phase that a job left for the next one is over, whether or not the job said so.
                for task in self._bar.tasks:
                    self._bar.update(task.id, completed=task.total)
            self._bar.stop()

    def step(self, label: str, done: int, total: int) -> None:
        if self._bar is None:
            self._line(label, done, total)
            return
        if label not in self._tasks:
            self._tasks[label] = self._bar.add_task(shown(label), total=total or 1)
        self._bar.update(self._tasks[label], completed=done if total else 1, total=total or 1)

    def _line(self, label: str, done: int, total: int) -> None:
        over = done >= total
        if self._told.get(label) == float("inf"):
            return
        if over or time.monotonic() - self._told.get(label, 0.0) > SECONDS_BETWEEN_LINES:
            self._told[label] = float("inf") if over else time.monotonic()
            share = 100 if over else 100 * done // total
            click.echo(f"{shown(label)}: {share} %", err=True)

    def of(self, label: str, total: int) -> Callable[[int], None]:
        """For a job that counts one thing only."""
        return lambda done: self.step(label, done, total)


def _is_number(text: str) -> bool:
    return text == "-" or text.replace(",", "").replace(".", "").removeprefix("-").isdigit()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
