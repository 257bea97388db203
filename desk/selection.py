"""A Selection: what somebody asks to see, as a plain tree that knows no GraphQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from authz import Action, DataClass
from desk.shape import Node
from desk.turns import Step
from desk.value import value


class Portfolio(StrEnum):
    """Whose rows a list covers, before any other restriction (decisions.md 4)."""

    MINE = "MINE"
    BRANCH = "BRANCH"
    REACH = "REACH"


class Op(StrEnum):
    EQ = "eq"
    IN = "in"
    GE = "ge"
    LE = "le"
    LT = "lt"
    GT = "gt"
    HAS = "has"
    """The characters stand in the column side by side."""


@value
class Param:
    """A value that a plan leaves open: its place among the values of a request, list by list.

    It may stand for a condition's value, an id, a cursor or a purpose, and nowhere else: whatever else a Selection
    says changes the statement.
    """

    ask: int
    place: int


@value
class Purpose:
    """用途. A code of the closed list (authz/purposes.py) and the person's own words."""

    code: str
    text: str = ""


@value
class Condition:
    """One comparison of a declared column. An empty IN matches nothing."""

    column: str
    op: Op
    value: Any


@value
class AllOf:
    conditions: tuple[Filter, ...]


@value
class AnyOf:
    conditions: tuple[Filter, ...]


@value
class Not:
    condition: Filter


Filter = Condition | AllOf | AnyOf | Not


@value
class Order:
    column: str
    descending: bool = False


@value
class Page:
    """Exactly one of `first` and `last`, 1 to 100 (api.md)."""

    first: int | None = None
    after: str | Param | None = None
    last: int | None = None
    before: str | Param | None = None

    @property
    def size(self) -> int:
        return self.first if self.first is not None else self.last or 0

    @property
    def backwards(self) -> bool:
        return self.last is not None

    @property
    def cursor(self) -> str | Param | None:
        return self.before if self.backwards else self.after


@value
class Child:
    """Rows of another table that belong to this row, under the key `alias` of the answer."""

    alias: str
    relation: str
    selection: Selection


@value
class Section:
    """The cells of one data class of a row, with their visibility and reason, under the key `alias`."""

    alias: str
    data_class: DataClass
    columns: tuple[str, ...] = ()
    children: tuple[Child, ...] = ()
    purpose: Purpose | Param | None = None


@value
class Selection:
    """Rows of one table. Everything that leaves the house is one of these.

    `shape` says what the answer looks like. Without one it is the desk's own, made of columns, sections and children
    (desk/gate/plain.py), and is answered as an `Answer`.
    """

    table: str
    columns: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    children: tuple[Child, ...] = ()
    ids: tuple[UUID | Param, ...] | None = None
    where: Filter | None = None
    order: tuple[Order, ...] = ()
    page: Page | None = None
    count: bool = False
    rows: bool = True
    portfolio: Portfolio = Portfolio.REACH
    awaiting: Action | Step | None = None
    """Only rows that wait for the reader to do this to them (待办, desk/inbox.py)."""
    purpose: Purpose | Param | None = None
    shape: Node | None = None

    def shown_as(self, shape: Node) -> Selection:
        """The same rows in this shape. `dataclasses.replace` would do, and look each field up."""
        return Selection(
            self.table,
            self.columns,
            self.sections,
            self.children,
            self.ids,
            self.where,
            self.order,
            self.page,
            self.count,
            self.rows,
            self.portfolio,
            self.awaiting,
            self.purpose,
            shape,
        )


@dataclass(slots=True)
class Answer:
    """What the gate gave: rows as plain dictionaries, the total where asked, and how to go on."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    total: int | None = None
    has_next: bool = False
    has_previous: bool = False
