"""Filters, orders and pages of the oracle: what the arguments of a list mean, in plain Python over rows in memory."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.schema.corpus.showing import DECIMALS

MOST_CONDITIONS = 20
MOST_VALUES = 100
LARGEST_PAGE = 100
NOTHING_HERE = "There is nothing here that you may see. Check the id, or ask the owning branch."
NO_NAME = (
    "A name is searched by 1 to 120 characters, none of them invisible, private or broken. Correct the text."
)
BAD_CURSOR = "This cursor is not of this list. Start again from the first page."


class Refusal(Exception):
    """An argument, or an id, that the house does not take: the code and the words that it shows for it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def not_found() -> Refusal:
    return Refusal("NOT_FOUND", NOTHING_HERE)


def bad_input(message: str) -> Refusal:
    return Refusal("BAD_USER_INPUT", message)


def split_id(text: str) -> tuple[str, UUID]:
    """Table and row of a global id; nothing is found by any other text."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        table, _, key = raw.partition(b":")
        return table.decode("ascii"), UUID(bytes=key)
    except ValueError:
        raise not_found() from None


def row_id(table: str, text: str) -> UUID:
    found, key = split_id(text)
    if found != table:
        raise not_found()
    return key


@dataclass(frozen=True)
class Comparison:
    """One column against one value. What is unknown fulfils nothing but `eq` nothing."""

    column: str
    op: str
    value: Any

    def fulfilled(self, get: Callable[[str], Any]) -> bool:
        cell, value = get(self.column), self.value
        if self.op == "in":
            return cell is not None and cell in value
        if value is None:
            return self.op == "eq" and cell is None
        if cell is None:
            return False
        match self.op:
            case "has":
                return value in cell
            case "eq":
                return bool(cell == value)
            case "ge":
                return bool(cell >= value)
            case "gt":
                return bool(cell > value)
            case "le":
                return bool(cell <= value)
        return bool(cell < value)


@dataclass(frozen=True)
class Joined:
    """All of the parts, one of them, or (of one part) its contrary."""

    how: str
    parts: tuple[Comparison | Joined, ...]

    def fulfilled(self, get: Callable[[str], Any]) -> bool:
        told = (part.fulfilled(get) for part in self.parts)
        match self.how:
            case "all":
                return all(told)
            case "any":
                return any(told)
        return not all(told)


def columns(where: Comparison | Joined | None) -> set[str]:
    if where is None:
        return set()
    if isinstance(where, Comparison):
        return {where.column}
    return set().union(*map(columns, where.parts))


@dataclass(frozen=True)
class ListOf:
    """The filter's fields with the columns behind them, the class of each column, and the table's own order."""

    order: tuple[str, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    money: frozenset[str] = frozenset()
    classes: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = "VIP_STATUS"

    def class_of(self, column: str) -> str:
        return self.classes.get(column, self.otherwise)

    def where(self, raw: Mapping[str, Any] | None) -> Joined | None:
        """The filter of a coerced `where`, conditions of one object joined by AND."""
        return self._all(raw, [0]) if raw else None

    def _all(self, raw: Mapping[str, Any], seen: list[int]) -> Joined:
        parts: list[Comparison | Joined] = []
        for name, value in raw.items():
            seen[0] += 1
            if seen[0] > MOST_CONDITIONS:
                raise bad_input("A filter has at most 20 conditions. Ask in two steps.")
            if value is None:
                raise bad_input(f"where.{name} is null. Leave it out, or give a comparison.")
            if name in {"and", "or"}:
                inner = tuple(self._all(part, seen) for part in value)
                parts.append(Joined("all" if name == "and" else "any", inner))
            elif name == "not":
                parts.append(Joined("not", (self._all(value, seen),)))
            elif name in self.money:
                parts += self._money(self.fields[name], value)
            else:
                parts += [self._comparison(name, op, one) for op, one in value.items()]
        return Joined("all", tuple(parts))

    def _comparison(self, name: str, op: str, value: Any) -> Comparison:
        if op == "in":
            if value is None or len(value) > MOST_VALUES:
                raise bad_input("`in` takes a list of at most 100 values.")
            value = tuple(value)
        if op == "has" and value is None:
            raise bad_input("`has` is null. Leave it out, or give a part of the name.")
        if op == "has" and not value:
            raise bad_input(NO_NAME)
        if name in self.ids and not (op == "eq" and value is None):
            many = value if op == "in" else (value,)
            return Comparison(self.fields[name], "in", tuple(row_id(self.ids[name], one) for one in many))
        return Comparison(self.fields[name], op, value)

    def _money(self, column: str, raw: Mapping[str, Any]) -> list[Comparison]:
        found = [Comparison("figures_currency", "eq", raw["currency"])]
        for op, value in raw.items():
            if op != "currency" and value is not None:
                found.append(Comparison(column, op, minor(value, raw["currency"])))
        return found

    def orders(self, words: Iterable[str] | None) -> list[tuple[str, bool]]:
        """Columns with whether they descend."""
        found = []
        for word in words or ():
            name, _, direction = word.lower().rpartition("_")
            found.append((name, direction == "desc"))
        if len({name for name, _ in found}) != len(found):
            raise bad_input("orderBy names a column twice. Name it once.")
        return found

    def full(self, asked: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
        """The asked order, then the table's own, downwards where all that was asked goes downwards."""
        together = bool(asked) and all(down for _, down in asked)
        named = {name for name, _ in asked}
        return [*asked, *((name, together) for name in (*self.order, "id") if name not in named)]


def minor(value: Decimal, currency: str) -> int:
    places = DECIMALS.get(currency)
    if places is None:
        raise Refusal(
            "UNKNOWN_CURRENCY",
            f"{currency!r} is not a currency known here. Give the ISO 4217 code in capitals, e.g. CNY.",
        )
    scaled = value * 10**places
    if scaled != int(scaled):
        raise Refusal("TOO_MANY_DECIMALS", f"'{value}' has more decimals than {currency} has: {places}.")
    return int(scaled)


@dataclass(frozen=True)
class Slice:
    """Which page is asked."""

    size: int
    backwards: bool
    cursor: str | None

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> Slice:
        """Exactly one of first and last, 1 to 100, each with its own kind of cursor."""
        first: Any = arguments.get("first")
        last: Any = arguments.get("last")
        if (first is None) == (last is None):
            raise bad_input("Give exactly one of first and last.")
        name, size = ("first", first) if first is not None else ("last", last)
        if not 1 <= size <= LARGEST_PAGE:
            raise bad_input(f"{name} is {size}; it must be 1 to {LARGEST_PAGE}.")
        after, before = arguments.get("after"), arguments.get("before")
        if (before if name == "first" else after) is not None:
            raise bad_input("Use first with after, or last with before.")
        return cls(size, name == "last", before if name == "last" else after)


def ordered(rows: list[Any], order: list[tuple[str, bool]], get: Callable[[Any, str], Any]) -> list[Any]:
    """By the columns in turn, unknown values last whichever the direction."""
    found = list(rows)
    for name, down in reversed(order):
        known = [row for row in found if get(row, name) is not None]
        unknown = [row for row in found if get(row, name) is None]
        known.sort(key=lambda row: _rank(get(row, name)), reverse=down)
        found = known + unknown
    return found


def _rank(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
