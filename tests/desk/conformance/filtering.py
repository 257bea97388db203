"""Filters and orders for the generated bank, and what they mean, written a second time in plain Python."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from authz import DataClass
from desk.selection import AllOf, AnyOf, Condition, Filter, Not, Op, Order
from tests.desk.conformance.bank import Bank, Kept

COLUMNS = {
    "average_savings": DataClass.ASSET,
    "birth_date": DataClass.PERSONAL,
    "identity_kind": DataClass.IDENTITY_DOC,
    "name": DataClass.NAME,
    "number": DataClass.VIP_STATUS,
}


def generated(rng: random.Random, bank: Bank, depth: int = 2) -> Filter:
    """A filter on one or two classes, with the values of rows and values right beside them."""
    columns = rng.sample(sorted(COLUMNS), rng.choice([1, 1, 2]))
    return _filter(rng, bank, columns, depth)


def _filter(rng: random.Random, bank: Bank, columns: list[str], depth: int) -> Filter:
    shape = rng.choice(["one", "one", "all", "any", "not", "not", "empty"]) if depth else "one"
    match shape:
        case "all":
            return AllOf(tuple(_filter(rng, bank, columns, depth - 1) for _ in range(2)))
        case "any":
            return AnyOf(tuple(_filter(rng, bank, columns, depth - 1) for _ in range(2)))
        case "not":
            return Not(_filter(rng, bank, columns, depth - 1))
        case "empty":
            return rng.choice([AllOf(()), AnyOf(()), Condition(columns[0], Op.IN, ())])
    name = rng.choice(columns)
    op = rng.choice([Op.EQ, Op.GE, Op.GT, Op.LE, Op.LT, Op.IN])
    if op is Op.IN:
        return Condition(name, op, tuple(_value(rng, bank, name) for _ in range(rng.choice([0, 1, 3]))))
    value = None if op is Op.EQ and rng.random() < 0.2 else _value(rng, bank, name)
    return Condition(name, op, value)


def _value(rng: random.Random, bank: Bank, name: str) -> Any:
    values = [row.plain[name] for row in bank.customers if row.plain[name] is not None]
    value = rng.choice(values)
    if isinstance(value, int):
        return value + rng.choice([-1, 0, 0, 1])
    return value


def fulfils(where: Filter, row: Kept) -> bool:
    """What is unknown fulfils nothing, so it fulfils the negation of everything."""
    match where:
        case AllOf(conditions):
            return all(fulfils(condition, row) for condition in conditions)
        case AnyOf(conditions):
            return any(fulfils(condition, row) for condition in conditions)
        case Not(condition):
            return not fulfils(condition, row)
        case Condition(name, op, value):
            return _compares(row.plain[name], op, value)


def _compares(cell: Any, op: Op, value: Any) -> bool:
    if value is None:
        return cell is None
    if cell is None:
        return False
    match op:
        case Op.IN:
            return cell in value
        case Op.EQ:
            return bool(cell == value)
        case Op.GE:
            return bool(cell >= value)
        case Op.GT:
            return bool(cell > value)
        case Op.LE:
            return bool(cell <= value)
    return bool(cell < value)


def ordered(rows: list[Kept], order: tuple[Order, ...]) -> list[Kept]:
    """By the asked columns, unknown values last whichever the direction, then by number as the first column goes."""
    together = all(by.descending for by in order)
    found = sorted(rows, key=lambda row: str(row.plain["number"]), reverse=together)
    for by in reversed(order):
        known = [row for row in found if row.plain[by.column] is not None]
        unknown = [row for row in found if row.plain[by.column] is None]
        known.sort(key=lambda row: _rank(row.plain[by.column]), reverse=by.descending)
        found = known + unknown
    return found


def _rank(value: Any) -> int | str:
    return value.toordinal() if isinstance(value, dt.date) else value
