"""One Selection on one table becomes one statement: rows by reach, cells by ladder, all of it fenced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from authz import ORDINARY, DataClass, Kind, Rung, Visibility
from desk.actors import holding
from desk.dialect import Statement
from desk.gate.columns import Column, column, order_column
from desk.gate.cursors import open_cursor
from desk.gate.filters import (
    beyond,
    classes_probed,
    full_order,
    must_be_visible,
    order_sql,
    visible_rungs,
    where_sql,
)
from desk.gate.predicates import Predicates
from desk.gate.view import View
from desk.selection import Order, Portfolio, Selection
from desk.sights import SIGHTS, Relation

UNPAGED = 500
"""Rows of one relation that is asked without a page. More of them need a page."""


@dataclass(slots=True)
class Cell:
    """Where one cell of the answer stands in the result, and which ladder decided it."""

    column: Column
    ladder: int
    value: str
    mask: str = ""


@dataclass(slots=True)
class Compiled:
    text: str
    values: list[Any]
    rungs: list[tuple[DataClass, bool, tuple[Rung, ...]]] = field(default_factory=list)
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    section_ladders: dict[str, int] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    order: tuple[Order, ...] = ()
    key_types: list[Column] = field(default_factory=list)
    bound_to: str = ""
    limit: int = 0


class Compiler:
    """Compiles one Selection for one view. `relation` and `parents` say whose rows are asked, in a child read."""

    def __init__(
        self,
        selection: Selection,
        view: View,
        postgres: bool,
        relation: Relation | None = None,
        parents: Iterable[Any] = (),
    ) -> None:
        self.selection, self.view, self.relation = selection, view, relation
        self.parents = list(parents)
        self.sight = SIGHTS[selection.table]
        self.s = Statement(postgres)
        self.predicates = Predicates(self.s, self.sight, view.now)
        self.rungs: list[tuple[DataClass, bool, tuple[Rung, ...]]] = []

    def ladder(self, data_class: DataClass, purposeful: bool) -> tuple[Rung, ...]:
        return self.view.ladder(self.sight.kind, data_class, purposeful)

    def number(self, data_class: DataClass, purposeful: bool) -> int:
        for number, (known, purpose, _) in enumerate(self.rungs):
            if known == data_class and purpose == purposeful:
                return number
        self.rungs.append((data_class, purposeful, self.ladder(data_class, purposeful)))
        return len(self.rungs) - 1

    def predicate(self) -> str:
        """Which rows exist for this view, and which of them are asked."""
        selection, purposeful = self.selection, self.selection.purpose is not None
        found = [self.existence(purposeful)]
        if self.sight.current:
            found.append(self.sight.current)
        if selection.ids is not None:
            found.append(self.s.any_of("t.id", selection.ids))
        if selection.portfolio is Portfolio.MINE:
            found.append(self.predicates.managed_by(frozenset({self.view.actor.staff_id})))
        elif selection.portfolio is Portfolio.BRANCH:
            paths = {seat.path for seat in self.view.actor.seats}
            found.append(self.s.any_of(self.sight.path or "NULL", paths, "text"))
        for data_class in sorted(classes_probed(selection)):
            rungs = must_be_visible(self.ladder, data_class, purposeful, Kind(self.sight.kind))
            found.append(self.stands_on(rungs, visible_rungs(rungs)))
        if selection.where is not None:
            found.append(where_sql(self.s, selection.table, selection.where))
        if self.relation is not None:
            found.append(self.of_parents())
        return " AND ".join(found)

    def existence(self, purposeful: bool) -> str:
        sight = self.sight
        if sight.row_class is None:
            return self.predicates.reach(
                self.view.policy.rows_reach(self.view.actor, sight.kind, self.view.bases)
            )
        rungs = self.ladder(sight.row_class, purposeful)
        also = (Visibility.MASKED,) if sight.masked_rows else ()
        return self.stands_on(rungs, visible_rungs(rungs, *also))

    def stands_on(self, rungs: tuple[Rung, ...], wanted: list[int]) -> str:
        if not wanted:
            return "(1 = 0)"
        if len(wanted) == len(rungs):
            return "(1 = 1)"
        return f"{self.predicates.ladder(rungs)} IN ({', '.join(map(str, wanted))})"

    def of_parents(self) -> str:
        assert self.relation is not None
        whole = all(isinstance(parent, int) for parent in self.parents)
        found = self.s.any_of(self.relation.remote, self.parents, "bigint" if whole else "uuid")
        if self.relation.where == "holding":
            return f"{found} AND {holding('t', self.s.bind(self.view.now))}"
        return f"{found} AND {self.relation.where}" if self.relation.where else found

    def count(self) -> Compiled:
        """How many rows the same predicate has; by parent in a child read."""
        page = self.selection.page
        cursor = (page.after or page.before) if page else None
        if cursor is not None:
            # A bad cursor is refused whether or not rows are asked beside the count.
            keys = self.keys(Compiled("", []))
            open_cursor(cursor, self.bound_to(), [col.type for _, col, _ in keys])
        by = self.relation.remote if self.relation else "1"
        body = f"SELECT {by} AS l, count(*) AS n FROM {self.source()} WHERE {self.predicate()} GROUP BY {by}"
        return Compiled(self.fenced(body, "q.l, q.n"), self.s.values)

    def source(self) -> str:
        return f"{self.selection.table} t {self.sight.joins}"

    def fenced(self, body: str, columns: str, order: str = "") -> str:
        fence = self.view.fence(self.s)
        tail = f" ORDER BY {order}" if order else ""
        return (
            f"WITH g AS (SELECT 1 AS open WHERE {fence}), q AS ({body})"
            f" SELECT g.open, {columns} FROM g LEFT JOIN q ON 1 = 1{tail}"
        )

    def rows(self) -> Compiled:
        """The statement for rows and cells."""
        selection = self.selection
        compiled = Compiled("", self.s.values, self.rungs)
        compiled.bound_to = self.bound_to()
        inner = ["t.id AS id"]
        outer = ["q.id AS id"]
        self.cells(compiled, inner, outer)
        for number, child in enumerate(self.children()):
            if child not in compiled.links:
                compiled.links[child] = f"j{number}"
                inner.append(f"{SIGHTS[selection.table].relations[child].local} AS j{number}")
                outer.append(f"q.j{number} AS j{number}")
        if self.relation is not None:
            inner.append(f"{self.relation.remote} AS l")
            outer.append("q.l AS l")
        for alias, text in self.sight.carries.items():
            inner.append(f"{text} AS {alias}")
            outer.append(f"q.{alias} AS {alias}")
        page = selection.page
        backwards = page is not None and page.last is not None
        keys = self.keys(compiled)
        for number, (text, _, _) in enumerate(keys):
            inner.append(f"{text} AS k{number}")
            outer.append(f"q.k{number} AS k{number}")
        predicate = self.predicate()
        cursor = (page.before if backwards else page.after) if page else None
        if cursor is not None:
            values = open_cursor(cursor, compiled.bound_to, [col.type for _, col, _ in keys])
            predicate += " AND " + beyond(self.s, keys, values, backwards)
        compiled.limit = (page.size if page else UNPAGED) + 1
        order = order_sql(keys, backwards)
        for number, (_, _, rungs) in enumerate(self.rungs):
            inner.append(f"{self.predicates.ladder(rungs)} AS v{number}")
            outer.append(f"q.v{number} AS v{number}")
        select = f"SELECT {', '.join(inner)}"
        if self.relation is None:
            body = f"{select} FROM {self.source()} WHERE {predicate} ORDER BY {order} LIMIT {compiled.limit}"
        else:
            limit = compiled.limit if self.relation.many else 1
            body = (
                f"SELECT * FROM ({select}, ROW_NUMBER() OVER (PARTITION BY {self.relation.remote} ORDER BY {order})"
                f" AS rn FROM {self.source()} WHERE {predicate}) w WHERE w.rn <= {limit}"
            )
        outside = [(f"q.k{number}", col, desc) for number, (_, col, desc) in enumerate(keys)]
        compiled.text = self.fenced(body, ", ".join(outer), order_sql(outside, backwards))
        return compiled

    def children(self) -> list[str]:
        found = [child.relation for child in self.selection.children]
        return found + [child.relation for section in self.selection.sections for child in section.children]

    def cells(self, compiled: Compiled, inner: list[str], outer: list[str]) -> None:
        """Each cell is CASE over its class's ladder: what is withheld never leaves the database."""
        selection = self.selection
        wanted = [("", name, selection.purpose is not None) for name in selection.columns]
        for section in selection.sections:
            purposeful = (section.purpose or selection.purpose) is not None
            compiled.section_ladders[section.alias] = self.number(section.data_class, purposeful)
            wanted += [(section.alias, name, purposeful) for name in section.columns]
        for number, (place, name, purposeful) in enumerate(wanted):
            col = column(selection.table, name)
            ladder = self.number(col.data_class, purposeful)
            rungs = self.rungs[ladder][2]
            cell = compiled.cells[(place, name)] = Cell(col, ladder, f"c{number}")
            visible = visible_rungs(rungs)
            masked = [n for n, rung in enumerate(rungs) if rung.visibility is Visibility.MASKED]
            if visible:
                inner.append(f"{col.sql} AS x{number}")
                shown = _case(ladder, visible, rungs, f"q.x{number}")
                outer.append(f"{shown} AS c{number}")
            if masked and col.mask is not None:
                cell.mask = f"m{number}"
                inner.append(f"{col.mask} AS m{number}")
                outer.append(f"{_case(ladder, masked, rungs, f'q.m{number}')} AS m{number}")

    def keys(self, compiled: Compiled) -> list[tuple[str, Column, bool]]:
        selection = self.selection
        if self.relation is not None and self.relation.order and not selection.order:
            compiled.order = tuple(Order(name, descending) for name, descending in self.relation.order)
        else:
            compiled.order = full_order(selection, self.sight.order)
        keys = [
            (
                order_column(selection.table, o.column).sql,
                order_column(selection.table, o.column),
                o.descending,
            )
            for o in compiled.order
        ]
        compiled.key_types = [col for _, col, _ in keys]
        return keys

    def bound_to(self) -> str:
        """What a cursor is good for: this person, this table, this filter, this order."""
        selection = self.selection
        return repr(
            (
                self.view.actor.staff_id,
                selection.table,
                self.relation.remote if self.relation else "",
                selection.where,
                selection.order,
                selection.portfolio,
                sorted(self.view.bases - ORDINARY),
            )
        )


def _case(ladder: int, wanted: list[int], rungs: tuple[Rung, ...], then: str) -> str:
    if len(wanted) == len(rungs):
        return then
    return f"CASE WHEN q.v{ladder} IN ({', '.join(map(str, wanted))}) THEN {then} END"
