"""The shape of an answer: what the database writes as JSON, node by node, in the order asked. It knows no GraphQL.

A row's nodes stand in an `Object` below `Each` or `One`; a list's own nodes (`Total`, `HasNext`, ...) stand beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from authz import DataClass
from desk.value import value

if TYPE_CHECKING:
    from desk.selection import Param, Purpose, Selection


@value
class Constant:
    """A JSON value that is the same for every row."""

    json: str


@value
class Object:
    """A JSON object: keys and nodes in order."""

    entries: tuple[tuple[str, Node], ...]


@value
class Id:
    """The row's id: opaque with the name of its table, or the plain key for the desk itself."""

    opaque: bool = True


@value
class Cell:
    """A column. `required`: the reader was promised a value, so a cell that may not be shown is a fault of ours."""

    column: str
    required: bool = False


@value
class Coded:
    """A column of codes under the names that the reader knows them by."""

    column: str
    names: tuple[tuple[str, str], ...]
    required: bool = False


@value
class Codes:
    """A column of comma-separated codes as a list."""

    column: str
    required: bool = False


@value
class Money:
    """Minor units with their currency, as an object of `AMOUNT`, `CURRENCY` and constants; null when either is."""

    amount: str
    currency: str
    entries: tuple[tuple[str, str], ...]


AMOUNT, CURRENCY = "amount", "currency"
"""Entries of Money; any other word is a JSON constant."""


@value
class Standing:
    """The visibility of the section that holds this node."""


@value
class Why:
    """The reason of the section that holds this node, as one JSON for each code; null where there is none."""

    texts: tuple[tuple[str, str], ...]


@value
class Part:
    """A section: cells of one data class, read for one purpose."""

    data_class: DataClass
    purpose: Purpose | Param | None
    content: Node


@value
class Below:
    """Rows of another table that belong to this row, in the shape of their own Selection."""

    relation: str
    selection: Selection


@value
class Each:
    """Every row of the list, one after another."""

    row: Object


@value
class One:
    """The row, or null."""

    row: Object


@value
class Cursor:
    """Where the row stands in its list."""


@value
class Total:
    """How many rows the list has in all, by the same predicate."""


@value
class HasNext:
    """Whether rows follow the page."""


@value
class HasPrevious:
    """Whether rows go before the page."""


@value
class Edge:
    """The cursor of the page's first or last row; null when it is empty."""

    last: bool


Node: TypeAlias = (
    Constant
    | Object
    | Id
    | Cell
    | Coded
    | Codes
    | Money
    | Standing
    | Why
    | Part
    | Below
    | Each
    | One
    | Cursor
    | Total
    | HasNext
    | HasPrevious
    | Edge
)
