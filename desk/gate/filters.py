"""Filters, orders and pages as SQL, decided from the policy and never by probing data (decisions.md 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from authz import DataClass, Kind, Rung, Visibility
from desk.dialect import CASTS, Statement
from desk.errors import FilterRefused
from desk.gate.columns import Column, column, order_column
from desk.selection import AllOf, AnyOf, Condition, Filter, Not, Op, Order, Selection

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
    filtered = {column(selection.table, name).data_class for name in columns_of(selection.where)}
    ordered = {order_column(selection.table, order.column).data_class for order in selection.order}
    return (filtered | ordered) - {DataClass.PUBLIC}


def visible_rungs(rungs: tuple[Rung, ...], *also: Visibility) -> list[int]:
    wanted = {Visibility.VISIBLE, *also}
    return [number for number, rung in enumerate(rungs) if rung.visibility in wanted]


def must_be_visible(
    ladder_of: Callable[[DataClass, bool], tuple[Rung, ...]],
    data_class: DataClass,
    purposeful: bool,
    kind: Kind,
) -> tuple[Rung, ...]:
    """The ladder of a class that a filter names; refused when no row of it could be VISIBLE to the actor."""
    rungs = ladder_of(data_class, purposeful)
    if visible_rungs(rungs):
        return rungs
    if not purposeful and visible_rungs(ladder_of(data_class, True)):
        raise FilterRefused(
            f"Filtering or sorting by {data_class} needs a purpose. Give the list a purpose.", field="purpose"
        )
    raise FilterRefused(
        f"You cannot filter or sort {kind} rows by {data_class}: none of its values is visible to you. "
        "Remove it from where and orderBy.",
        field="where",
    )


def where_sql(s: Statement, table: str, where: Filter) -> str:
    match where:
        case Condition(name, op, value):
            return _condition(s, column(table, name), op, value)
        case AllOf(conditions):
            return "(" + (" AND ".join(where_sql(s, table, c) for c in conditions) or "1 = 1") + ")"
        case AnyOf(conditions):
            return "(" + (" OR ".join(where_sql(s, table, c) for c in conditions) or "1 = 0") + ")"
        case Not(condition):
            # COALESCE: a row whose value is unknown does not fulfil the condition, so it fulfils its negation.
            return f"NOT COALESCE({where_sql(s, table, condition)}, 1 = 0)"


def _condition(s: Statement, col: Column, op: Op, value: Any) -> str:
    if col.sealed:
        raise FilterRefused(
            f"{col.name} is encrypted and cannot be filtered. Use the exact look-up.", field="where"
        )
    if op is Op.IN:
        # By the values and not by the column: what is derived has no declared type.
        return s.any_of(col.sql, value, CASTS.get(type(next(iter(value), "")), "text"))
    if value is None:
        return f"{col.sql} IS NULL" if op is Op.EQ else "(1 = 0)"
    return f"{col.sql} {SIGNS[op]} {s.bind(value)}"


def full_order(selection: Selection, default: tuple[str, ...]) -> tuple[Order, ...]:
    """The asked order, then the table's own, ending in a unique key."""
    asked = list(selection.order)
    names = {order.column for order in asked}
    descending = bool(asked) and all(order.descending for order in asked)
    for name in (*default, "id"):
        if name not in names:
            asked.append(Order(name, descending))
            names.add(name)
    return tuple(asked)


def order_sql(keys: list[tuple[str, Column, bool]], backwards: bool) -> str:
    """NULLS LAST on both databases; read backwards, nulls come first."""
    parts = []
    for text, col, descending in keys:
        if col.nullable:
            parts.append(f"({text} IS NULL)" + (" DESC" if backwards else ""))
        parts.append(text + (" DESC" if descending != backwards else ""))
    return ", ".join(parts)


def beyond(s: Statement, keys: list[tuple[str, Column, bool]], values: list[Any], backwards: bool) -> str:
    """SQL: the row stands after (or, backwards, before) the row that had these values."""
    if len({descending for _, _, descending in keys}) == 1 and not any(col.nullable for _, col, _ in keys):
        sign = "<" if keys[0][2] != backwards else ">"
        left = ", ".join(text for text, _, _ in keys)
        right = ", ".join(s.bind(value) for value in values)
        return f"({left}) {sign} ({right})"
    alternatives = []
    same: list[str] = []
    for (text, col, descending), value in zip(keys, values, strict=True):
        further = _further(s, text, col, descending, value, backwards)
        if further:
            alternatives.append("(" + " AND ".join([*same, further]) + ")")
        same.append(f"{text} IS NULL" if value is None else f"{text} = {s.bind(value)}")
    return "(" + " OR ".join(alternatives) + ")" if alternatives else "(1 = 0)"


def _further(s: Statement, text: str, col: Column, descending: bool, value: Any, backwards: bool) -> str:
    if value is None:
        return f"{text} IS NOT NULL" if backwards else ""
    sign = "<" if descending != backwards else ">"
    found = f"{text} {sign} {s.bind(value)}"
    return f"({found} OR {text} IS NULL)" if col.nullable and not backwards else found
