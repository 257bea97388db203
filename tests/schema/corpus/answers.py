"""What the oracle has in hand while it answers: rows, cells and pages, and what a cursor stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.schema.corpus.rights import Rights, View
from tests.schema.corpus.tables import Tables


@dataclass(frozen=True)
class Place:
    """Where a row stands in which list: what a cursor means. The list is told by whatever makes it another one."""

    list: tuple[Any, ...]
    row: Any

    def __str__(self) -> str:
        """Without whether an open filing was walked: nobody says that the cursors below it are others."""
        return f"cursor {self.list[:-1]} {self.row}"


class Cursor(str):
    """The oracle's cursor in an answer, and the place it stands for."""

    place: Place

    @classmethod
    def at(cls, place: Place) -> Cursor:
        found = cls(str(place))
        found.place = place
        return found


@dataclass
class Asking:
    """One document's way through the oracle."""

    tables: Tables
    rights: Rights
    cursors: Mapping[str, Place]
    """What the cursors of the system's earlier answers mean."""
    lists: dict[tuple[str, ...], tuple[Any, ...]] = field(default_factory=dict)
    """The list that stands at each path of the answer."""
    shown: set[tuple[str, str]] = field(default_factory=set)
    """Fields that were answered with a value."""
    rows: set[tuple[str, Any]] = field(default_factory=set)
    """Rows that were answered, by table and key."""


@dataclass(frozen=True)
class Seen:
    """A row of a table, as the person came to it."""

    table: str
    row: Any
    view: View


@dataclass(frozen=True)
class Cells:
    """The cells of one class of a row."""

    name: str
    seen: Seen
    view: View
    visibility: str
    reason: str | None


@dataclass(frozen=True)
class Paged:
    table: str
    rows: list[Seen]
    list: tuple[Any, ...]
    total: int
    following: bool
    preceding: bool
    cells: Cells | None = None

    def cursor(self, seen: Seen) -> Cursor:
        return Cursor.at(Place(self.list, seen.row.pk))


def section(asking: Asking, seen: Seen, name: str, data_class: str, arguments: dict[str, Any]) -> Cells:
    view = seen.view.with_purpose(arguments.get("purpose") is not None)
    visibility, why = asking.rights.cell(seen.table, data_class, seen.row, view)
    return Cells(name, seen, view, visibility, why)
