"""Values of arguments, and how they stand in a document: as literals, as variables, as defaults, as null, or left out."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)

from tests.schema.generating import NAMED, Word

JOINS = frozenset({"and", "or", "not"})
PROTECTED = frozenset({"name", "averageSavings", "loanBalance", "spend", "borderline", "load"})
"""Filters on classes that need more than a look at the row."""
NULLABLE = frozenset({"eq", "ge", "gt", "le", "lt"})
"""Comparisons that may be with nothing: of a column it asks for the rows without a value."""
SIZES = (1, 2, 3, 5, 20, 100)


@dataclass
class Pools:
    """Values worth asking for: texts by the filter that compares them, ids by table."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    amounts: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    """Of ledgers."""
    moments: list[str] = field(default_factory=list)
    stocks: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By the id of its account: institution and product of a stock."""
    ids: dict[str, list[str]] = field(default_factory=dict)


class Values:
    """Chooses what to ask for. The same for the same seed and pools."""

    def __init__(self, rng: random.Random, pools: Pools) -> None:
        self.rng, self.pools = rng, pools
        self.used: Counter[tuple[str, str]] = Counter()
        """Fields of inputs; of those that were used least, more is asked."""

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def of(self, kind: Any, name: str, depth: int = 2, protected: bool = True) -> Any:
        """A value of an input type; None only where a comparison with nothing has a meaning."""
        if is_non_null_type(kind):
            return self.of(kind.of_type, name, depth, protected)
        if is_list_type(kind):
            count = self.rng.choice([0, 1, 1, 2, 2, 3])
            return [self.of(kind.of_type, name, depth, protected) for _ in range(count)]
        if isinstance(kind, GraphQLEnumType):
            return Word(self.rng.choice(list(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            return self.object(kind, name, depth, protected)
        match kind.name:
            case "ID":
                return self.id(NAMED.get(name, "institution"))
            case "Amount":
                return self.rng.choice(self.pools.amounts)
            case "Date":
                return self.rng.choice(self.pools.dates)
            case "DateTime":
                return self.rng.choice(self.pools.moments)
            case "Boolean":
                return self.chance(0.5)
            case "Int":
                return self.rng.choice(SIZES)
        return self.rng.choice(self.pools.texts[name])

    def orders(self, words: list[Word], protected: bool) -> list[Word]:
        """Each column once."""
        kept: dict[str, Word] = {}
        for word in words:
            column = word.rpartition("_")[0]
            if protected or column.lower() not in {"name", "average_savings", "loan_balance", "spend"}:
                kept.setdefault(column, word)
        return list(kept.values())

    def ledger(self, seen: Mapping[str, Any]) -> dict[str, str]:
        """Mostly a stock that he has seen, and two days in their order."""
        stocks = self.pools.stocks
        known = [*seen] if seen and self.chance(0.9) else list(stocks)
        place, product = stocks[self.rng.choice(known)]
        days = self.rng.choices(self.pools.days, k=2)
        first, last = sorted(days) if self.chance(0.95) else days
        return {"institutionId": place, "productId": product, "from": first, "to": last}

    def id(self, table: str) -> str:
        return self.rng.choice(self.pools.ids[table])

    def object(self, kind: GraphQLInputObjectType, name: str, depth: int, protected: bool) -> dict[str, Any]:
        """All that is required, and of the rest one or two; of a filter sometimes nothing."""
        compares = kind.name.endswith("Filter")
        found: dict[str, Any] = {}
        for one in self._chosen(kind, depth, protected):
            self.used[kind.name, one] += 1
            if compares and self._nullable(kind, one) and self._none(kind.name, one):
                found[one] = None
            else:
                inner = name if compares and one in {"eq", "in"} else one
                found[one] = self.of(kind.fields[one].type, inner, depth - 1, protected)
        return found

    def _none(self, kind: str, name: str) -> bool:
        """Whether to compare with nothing; sooner where that was never done."""
        chosen = self.chance(0.1 if self.used[kind, f"{name} null"] else 0.5)
        self.used[kind, f"{name} null"] += chosen
        return chosen

    def _nullable(self, kind: GraphQLInputObjectType, name: str) -> bool:
        return name in NULLABLE and not is_non_null_type(kind.fields[name].type)

    def _chosen(self, kind: GraphQLInputObjectType, depth: int, protected: bool) -> list[str]:
        required = [name for name, one in kind.fields.items() if is_required_input_field(one)]
        free = [
            name
            for name in kind.fields
            if name not in required
            and (depth > 0 or name not in JOINS)
            and (protected or name not in PROTECTED)
        ]
        count = min(len(free), self.rng.choice([1, 1, 1, 1, 2, 2, 0]))
        rare = {name: self.used[kind.name, name] + 5 * self.used[kind.name, f"{name} null"] for name in free}
        free.sort(key=lambda name: (rare[name] + 1) * self.rng.random())
        return [*required, *free[:count]]


class Writer:
    """Writes values into one document, and keeps the variables that it thereby has."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.declared: dict[str, str] = {}
        self.given: dict[str, Any] = {}
        self.count = 0

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def name(self) -> str:
        self.count += 1
        return f"v{self.count}"

    def write(self, kind: Any, value: Any, share: float = 0.35, how: str = "") -> str:
        """The value as it stands in the document: with the chance of `share` a variable, unless `how` says it."""
        if how == "literal" or (not how and not self.chance(share)):
            return self.literal(kind, value)
        return self.variable(kind, value, how)

    def literal(self, kind: Any, value: Any) -> str:
        """Not a variable itself, though there may be some within."""
        if is_non_null_type(kind):
            kind = kind.of_type
        if isinstance(value, Mapping):
            parts = [f"{name}: {self.write(kind.fields[name].type, one, 0.2)}" for name, one in value.items()]
            for name, one in kind.fields.items():
                # A variable without a value leaves the field out, as if it were not written.
                if name not in value and not is_non_null_type(one.type) and self.chance(0.03):
                    parts.append(f"{name}: {self.left_out(one.type)}")
            return "{" + ", ".join(parts) + "}"
        if isinstance(value, list):
            if len(value) == 1 and self.chance(0.5):
                # One value stands for a list of one.
                return self.literal(kind.of_type, value[0])
            return "[" + ", ".join(self.write(kind.of_type, one, 0.15) for one in value) + "]"
        return literal(value)

    def variable(self, kind: Any, value: Any, how: str = "") -> str:
        """Given by the caller, or by the default of the variable."""
        name, of_type = self.name(), str(kind)
        if value is not None and not of_type.endswith("!") and self.chance(0.3):
            of_type += "!"
        if how == "default" or (not how and self.chance(0.3)):
            self.declared[name] = f"{of_type} = {literal(value)}"
            return f"${name}"
        beside = ""
        if value is None and of_type == "Int" and self.chance(0.5):
            # A null that is given outweighs a default.
            beside = " = 5"
        elif value is not None and self.chance(0.15):
            beside = f" = {literal(value)}"
        self.declared[name] = of_type + beside
        bare = isinstance(value, list) and len(value) == 1 and self.chance(0.4)
        self.given[name] = plain(value[0] if bare else value)
        return f"${name}"

    def left_out(self, kind: Any) -> str:
        """A variable that nobody gives, and that has no default: as if the argument were not there."""
        name = self.name()
        self.declared[name] = str(kind).removesuffix("!")
        return f"${name}"

    def switch(self, value: bool) -> str:
        """The condition of a directive."""
        if self.chance(0.5):
            return literal(value)
        name = self.name()
        if self.chance(0.3):
            self.declared[name] = f"Boolean! = {literal(value)}"
        else:
            self.declared[name] = "Boolean!"
            self.given[name] = value
        return f"${name}"


def literal(value: Any) -> str:
    """A value as GraphQL text."""
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {literal(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def plain(value: Any) -> Any:
    """As JSON carries it."""
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value
