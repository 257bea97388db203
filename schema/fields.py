"""How a field says what it shows: a column, money, a section of one class, related rows, or a page of them.

The metadata is the one mapping from the graph to the desk; `schema/drawing.py` reads it to draw the shape of an answer.
Fields of rows have no resolvers: the plan of the root field above them answers them all (docs/decisions/0016).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn

import strawberry

from authz import DataClass

META = "guibin"


class Form(StrEnum):
    """How columns become the value of a field."""

    PLAIN = "plain"
    MONEY = "money"
    CODES = "codes"


@dataclass(frozen=True, slots=True)
class Show:
    """What a field takes from the desk. `table` is the table that the rows below come from, if any."""

    columns: tuple[str, ...] = ()
    form: Form = Form.PLAIN
    section: DataClass | None = None
    relation: str = ""
    table: str = ""
    connection: bool = False
    given: bool = False
    """The value comes with every row or section: nothing needs to be asked for it."""


class OutOfPlan(TypeError):
    """A field of a row was to be resolved by itself: a root field was answered otherwise than by a plan."""


def planned() -> NoReturn:
    """The body of a row's field that has arguments: the plan has answered it before anybody could call it."""
    raise OutOfPlan("the plan of the root field answers this")


def column(name: str = "", *, about: str, **more: Any) -> Any:
    """A plain column, under its own name."""
    return strawberry.field(description=about, metadata={META: Show(columns=(name,) if name else ())}, **more)


def renamed(name: str, *, about: str) -> Any:
    """A column under another name in the graph."""
    return column(name, about=about)


def amount_of(name: str, currency: str = "currency", *, about: str) -> Any:
    """Minor units and a currency column, shown as Money."""
    return strawberry.field(
        description=about, metadata={META: Show(columns=(name, currency), form=Form.MONEY)}
    )


def words(name: str, *, about: str) -> Any:
    """A column that holds comma-separated codes, shown as a list."""
    return strawberry.field(description=about, metadata={META: Show(columns=(name,), form=Form.CODES)})


def one(relation: str, table: str, *, about: str) -> Any:
    """The related row, or null."""
    return strawberry.field(description=about, metadata={META: Show(relation=relation, table=table)})


def many(relation: str, table: str, *, about: str) -> Any:
    """All related rows, where they are few."""
    return strawberry.field(description=about, metadata={META: Show(relation=relation, table=table)})


def given(about: str) -> Any:
    """A field whose value comes with every row or section."""
    return strawberry.field(description=about, metadata={META: Show(given=True)})


def section(data_class: DataClass) -> dict[str, Any]:
    """Metadata of a field that answers one section."""
    return {META: Show(section=data_class)}


def rows(relation: str, table: str) -> dict[str, Any]:
    """Metadata of a field that answers few related rows which are read for a purpose: it takes one (decisions.md 14)."""
    return {META: Show(relation=relation, table=table)}


def page(relation: str, table: str, data_class: DataClass | None = None) -> dict[str, Any]:
    """Metadata of a field that answers a page of related rows, as a section of its own where a class is given."""
    return {META: Show(relation=relation, table=table, section=data_class, connection=True)}


def node_id() -> Any:
    return given("Opaque id, for `node` and for mutations.")
