"""A Selection: what somebody asks to see, as a plain tree that knows no GraphQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from authz import Basis, DataClass


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


@dataclass(frozen=True, slots=True)
class Purpose:
    """用途. A code of the closed list (authz/purposes.py) and the person's own words."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a declared column. An empty IN matches nothing."""

    column: str
    op: Op
    value: Any


@dataclass(frozen=True, slots=True)
class AllOf:
    conditions: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    conditions: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    condition: Filter


Filter = Condition | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Order:
    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Exactly one of `first` and `last`, 1 to 100 (api.md)."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    @property
    def size(self) -> int:
        return self.first if self.first is not None else self.last or 0


@dataclass(frozen=True, slots=True)
class Child:
    """Rows of another table that belong to this row, under the key `alias` of the answer."""

    alias: str
    relation: str
    selection: Selection


@dataclass(frozen=True, slots=True)
class Section:
    """The cells of one data class of a row, with their visibility and reason, under the key `alias`."""

    alias: str
    data_class: DataClass
    columns: tuple[str, ...] = ()
    children: tuple[Child, ...] = ()
    purpose: Purpose | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of one table. Everything that leaves the house is one of these."""

    table: str
    columns: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    children: tuple[Child, ...] = ()
    ids: tuple[UUID, ...] | None = None
    where: Filter | None = None
    order: tuple[Order, ...] = ()
    page: Page | None = None
    count: bool = False
    rows: bool = True
    portfolio: Portfolio = Portfolio.REACH
    purpose: Purpose | None = None
    basis: Basis | None = None


@dataclass(slots=True)
class Answer:
    """What the gate gave: rows as plain dictionaries, the total where asked, and how to go on."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    total: int | None = None
    has_next: bool = False
    has_previous: bool = False
