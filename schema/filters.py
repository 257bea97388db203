"""Filters and orders: closed lists of columns, as inputs of the graph and as conditions of the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

import strawberry

from desk.selection import AllOf, AnyOf, Condition, Filter, Not, Op, Order, Param
from desk.sights.searching import sought
from models.errors import BadInput
from models.money import to_minor
from schema.scalars import Amount, row_id

MAX_CONDITIONS = 20
MAX_IN = 100


@strawberry.input(description="Compares a text. An empty `in` matches nothing.")
class TextFilter:
    eq: str | None = strawberry.field(default=strawberry.UNSET, description="Equal.")
    in_: list[str] | None = strawberry.field(default=strawberry.UNSET, name="in", description="One of these.")


@strawberry.input(
    description="Compares a name, among those that you see (Art. 11). An empty `in` matches nothing."
)
class NameFilter:
    eq: str | None = strawberry.field(default=strawberry.UNSET, description="The whole name.")
    in_: list[str] | None = strawberry.field(default=strawberry.UNSET, name="in", description="One of these.")
    has: str | None = strawberry.field(
        default=strawberry.UNSET, description="One character of the name, or several side by side."
    )


@strawberry.input(description="Compares an id. An empty `in` matches nothing.")
class IdFilter:
    eq: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Equal.")
    in_: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, name="in", description="One of these."
    )


@strawberry.input(description="Compares a day.")
class DateFilter:
    eq: dt.date | None = strawberry.field(default=strawberry.UNSET, description="On this day.")
    ge: dt.date | None = strawberry.field(default=strawberry.UNSET, description="On or after.")
    le: dt.date | None = strawberry.field(default=strawberry.UNSET, description="On or before.")


@strawberry.input(description="Compares a moment.")
class MomentFilter:
    ge: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="At or after.")
    lt: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="Before.")


@strawberry.input(description="Compares an amount in one currency. A row in another currency does not match.")
class MoneyFilter:
    currency: str = strawberry.field(description="ISO 4217 code.")
    ge: Amount | None = strawberry.field(default=strawberry.UNSET, description="At least.")
    gt: Amount | None = strawberry.field(default=strawberry.UNSET, description="More than.")
    le: Amount | None = strawberry.field(default=strawberry.UNSET, description="At most.")
    lt: Amount | None = strawberry.field(default=strawberry.UNSET, description="Less than.")
    eq: Amount | None = strawberry.field(default=strawberry.UNSET, description="Exactly.")


@strawberry.input(description="Compares a yes or no.")
class BooleanFilter:
    eq: bool = strawberry.field(description="Equal.")


Take = Callable[[Any], Param]
"""Takes a value out of the filter and leaves its place there (desk/gate/lifting.py)."""
Maker = Callable[[Mapping[str, Any], Take], list[Filter]]
OPS = {op.value: op for op in Op}


def plain(name: str) -> Maker:
    """A column compared as it is."""

    def make(raw: Mapping[str, Any], take: Take) -> list[Filter]:
        return [_compared(name, op, _value(op, value), take) for op, value in raw.items()]

    return make


def by_name(name: str) -> Maker:
    """A name compared as a whole, or searched for some of its characters."""

    def make(raw: Mapping[str, Any], take: Take) -> list[Filter]:
        found: list[Filter] = []
        for op, value in raw.items():
            if op == "has" and value is None:
                raise BadInput("`has` is null. Leave it out, or give a part of the name.", field="has")
            wanted = sought(value, "has") if op == "has" else _value(op, value)
            found.append(_compared(name, op, wanted, take))
        return found

    return make


def by_id(name: str, table: str) -> Maker:
    """A foreign key compared by global id."""

    def make(raw: Mapping[str, Any], take: Take) -> list[Filter]:
        found: list[Filter] = []
        for op, value in raw.items():
            if op == "eq" and value is None:
                found.append(Condition(name, Op.EQ, None))
                continue
            values = _value("in", value if op == "in" else [value])
            found.append(Condition(name, Op.IN, take(tuple(row_id(table, text) for text in values))))
        return found

    return make


def by_amount(name: str, currency: str) -> Maker:
    """Minor units compared in one currency."""

    def make(raw: Mapping[str, Any], take: Take) -> list[Filter]:
        code = raw["currency"]
        found: list[Filter] = [Condition(currency, Op.EQ, take(code))]
        found += [
            Condition(name, OPS[op], take(to_minor(value, code)))
            for op, value in raw.items()
            if op != "currency" and value is not None
        ]
        return found

    return make


def _compared(name: str, op: str, value: Any, take: Take) -> Condition:
    return Condition(name, OPS[op], None if value is None else take(value))


def _value(op: str, value: Any) -> Any:
    if op == "in":
        if value is None or len(value) > MAX_IN:
            raise BadInput(f"`in` takes a list of at most {MAX_IN} values.", field="in")
        return tuple(_word(item) for item in value)
    return _word(value)


def _word(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def filter_of(raw: Mapping[str, Any] | None, makers: Mapping[str, Maker], take: Take) -> Filter | None:
    """The desk's filter of a coerced `where`, its values taken; conditions of one object are joined by AND."""
    if not raw:
        return None
    return _all(raw, makers, take, [MAX_CONDITIONS])


def _all(raw: Mapping[str, Any], makers: Mapping[str, Maker], take: Take, left: list[int]) -> Filter:
    found: list[Filter] = []
    for name, value in raw.items():
        left[0] -= 1
        if left[0] < 0:
            raise BadInput(
                f"A filter has at most {MAX_CONDITIONS} conditions. Ask in two steps.", field="where"
            )
        if value is None:
            raise BadInput(f"where.{name} is null. Leave it out, or give a comparison.", field=name)
        if name in {"and", "or"}:
            parts = tuple(_all(part, makers, take, left) for part in value)
            found.append(AllOf(parts) if name == "and" else AnyOf(parts))
        elif name == "not":
            found.append(Not(_all(value, makers, take, left)))
        else:
            found += makers[name](value, take)
    return AllOf(tuple(found))


def orders_of(words: list[Any] | None) -> tuple[Order, ...]:
    """The desk's order of a coerced `orderBy`: enum words such as NUMBER_ASC."""
    if not words:
        return ()
    found = []
    for word in words:
        name, _, direction = _word(word).rpartition(" ")
        found.append(Order(name, direction == "desc"))
    if len({order.column for order in found}) != len(found):
        raise BadInput("orderBy names a column twice. Name it once.", field="orderBy")
    return tuple(found)
