"""Filters, orders and pages as SQL, decided from the policy and never by probing data (decisions.md 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, TypeAlias

from authz import DataClass, Kind, Rung
from desk.errors import FilterRefused
from desk.gate.columns import Column, column, order_column
from desk.gate.ladders import visible
from desk.gate.slots import Place, Slot, Slots
from desk.selection import AllOf, AnyOf, Condition, Filter, Not, Op, Order, Selection
from desk.sights import SIGHTS
from desk.sights.searching import name_contains

Key: TypeAlias = tuple[str, Column, bool]
"""A column to order by: its SQL, itself, and whether the order descends."""
SIGNS = {Op.EQ: "=", Op.GE: ">=", Op.GT: ">", Op.LE: "<=", Op.LT: "<"}


def columns_of(where: Filter | None) -> Iterator[str]:
    match where:
        case Condition(name):
            yield name
        case AllOf(conditions) | AnyOf(conditions):
            for condition in conditions:
                yield from columns_of(condition)
        case Not(condition):
            yield from columns_of(condition)


def classes_probed(selection: Selection) -> set[DataClass]:
    """The classes whose values a filter or an order would tell."""
    if selection.where is None and not selection.order:
        return set()
    filtered = {column(selection.table, name).data_class for name in columns_of(selection.where)}
    ordered = {order_column(selection.table, order.column).data_class for order in selection.order}
    return (filtered | ordered) - {DataClass.PUBLIC}


def must_be_visible(
    ladder_of: Callable[[DataClass, bool], tuple[Rung, ...]],
    data_class: DataClass,
    purposeful: bool,
    kind: Kind,
) -> tuple[Rung, ...]:
    """The ladder of a class that a filter names; refused when no row of it could be VISIBLE to the actor."""
    rungs = ladder_of(data_class, purposeful)
    if visible(rungs):
        return rungs
    if not purposeful and visible(ladder_of(data_class, True)):
        raise FilterRefused(
            f"Filtering or sorting by {data_class} needs a purpose. Give the list a purpose.", field="purpose"
        )
    raise FilterRefused(
        f"You cannot filter or sort {kind} rows by {data_class}: none of its values is visible to you. "
        "Remove it from where and orderBy.",
        field="where",
    )


def where_sql(s: Slots, table: str, where: Filter, *, wide: bool) -> str:
    """SQL of a filter. `wide`: rows of a whole subtree may be searched, so that an index of its own is worth while."""
    match where:
        case Condition(name, op, value):
            return _condition(s, column(table, name), op, value, wide)
        case AllOf(conditions):
            return (
                "(" + (" AND ".join(where_sql(s, table, c, wide=wide) for c in conditions) or "1 = 1") + ")"
            )
        case AnyOf(conditions):
            return "(" + (" OR ".join(where_sql(s, table, c, wide=wide) for c in conditions) or "1 = 0") + ")"
        case Not(condition):
            # COALESCE: a row whose value is unknown does not fulfil the condition, so it fulfils its negation.
            return f"NOT COALESCE({where_sql(s, table, condition, wide=wide)}, 1 = 0)"


def _condition(s: Slots, col: Column, op: Op, value: Any, wide: bool) -> str:
    if col.sealed:
        raise FilterRefused(
            f"{col.name} is encrypted and cannot be filtered. Use the exact look-up.", field="where"
        )
    if op is Op.HAS:
        characters = s.slot(Slot(value, characters=True), "text[]") if s.postgres and wide else ""
        return name_contains(col.sql, characters, s.bind(value, "text"), s.postgres)
    if op is Op.IN:
        return s.among(col.sql, value, col.cast)
    if value is None:
        return f"{col.sql} IS NULL" if op is Op.EQ else "(1 = 0)"
    return f"{col.sql} {SIGNS[op]} {s.bind(value, col.cast)}"


def keys_of(selection: Selection, of_relation: tuple[tuple[str, bool], ...]) -> tuple[Key, ...]:
    """What a list is ordered by: as asked, else as its relation says, else as its table does."""
    if selection.order:
        return _keys(selection.table, _full_order(selection.table, selection.order))
    return _usual_keys(selection.table, of_relation)


@cache
def _usual_keys(table: str, of_relation: tuple[tuple[str, bool], ...]) -> tuple[Key, ...]:
    order = [Order(name, descending) for name, descending in of_relation]
    return _keys(table, order or _full_order(table, ()))


def _keys(table: str, order: Iterable[Order]) -> tuple[Key, ...]:
    columns = [(order_column(table, by.column), by.descending) for by in order]
    return tuple([(col.sql, col, descending) for col, descending in columns])


def _full_order(table: str, order: Iterable[Order]) -> list[Order]:
    """The asked order, then the table's own, as far as the first column that no two rows share."""
    asked = list(order)
    if any(order_column(table, by.column).unique for by in asked):
        return asked
    names = {by.column for by in asked}
    descending = bool(asked) and all(by.descending for by in asked)
    for name in (*SIGHTS[table].order, "id"):
        if name not in names:
            asked.append(Order(name, descending))
            names.add(name)
            if order_column(table, name).unique:
                break
    return asked


def order_sql(keys: Sequence[Key], backwards: bool) -> str:
    """NULLS LAST on both databases; read backwards, nulls come first."""
    parts = []
    for text, col, descending in keys:
        if col.nullable:
            parts.append(f"({text} IS NULL)" + (" DESC" if backwards else ""))
        parts.append(text + (" DESC" if descending != backwards else ""))
    return ", ".join(parts)


def beyond(s: Slots, keys: Sequence[Key], level: int, backwards: bool) -> str:
    """SQL: the row stands after (or, backwards, before) the row whose cursor this level was given."""
    places = [s.bind(Place(level, number), col.cast) for number, (_, col, _) in enumerate(keys)]
    if len({descending for _, _, descending in keys}) == 1 and not any(col.nullable for _, col, _ in keys):
        sign = "<" if keys[0][2] != backwards else ">"
        left = ", ".join(text for text, _, _ in keys)
        return f"({left}) {sign} ({', '.join(places)})"
    alternatives = []
    same: list[str] = []
    for (text, col, descending), place in zip(keys, places, strict=True):
        further = _further(text, col, descending, place, backwards)
        alternatives.append("(" + " AND ".join([*same, further]) + ")")
        equal = "IS NOT DISTINCT FROM" if s.postgres else "IS"
        same.append(f"{text} {equal} {place}" if col.nullable else f"{text} = {place}")
    return "(" + " OR ".join(alternatives) + ")"


def _further(text: str, col: Column, descending: bool, place: str, backwards: bool) -> str:
    """Further on by this column alone. NULLs stand last, so before them is every value, and after them nothing."""
    found = f"{text} {'<' if descending != backwards else '>'} {place}"
    if not col.nullable:
        return found
    if backwards:
        return f"({found} OR ({place} IS NULL AND {text} IS NOT NULL))"
    return f"({found} OR ({place} IS NOT NULL AND {text} IS NULL))"
