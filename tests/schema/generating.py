"""Queries generated from the graph: filters, sorts, pages, cursors and ids, with literals that somebody would like to know."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from tests.schema.walking import GRAPH, is_node, root, table_of

PLAIN = ("CNY", "CZK", "text", "")
DEEPEST = 3
OFTEN = (
    "card",
    "cardReports",
    "cards",
    "customer",
    "customerMerges",
    "evaluations",
    "evaluations",
    "exceptionCases",
    "filings",
    "memberships",
    "workItems",
)
"""Lists of what is done with customers, and with their cards."""


@dataclass
class Pools:
    """Values to ask with: those of hidden cells, before and after; ids of all rows; cursors of earlier answers."""

    texts: list[str] = field(default_factory=list)
    amounts: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=dict)
    """By table."""
    numbers: list[str] = field(default_factory=list)
    """Whole numbers on cards."""
    cursors: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    """Documents that go on from an earlier page."""


NAMED = {
    "campaignId": "campaign",
    "customerId": "customer",
    "manufacturerId": "manufacturer",
    "orderId": "card_order",
    "productId": "card_product",
    "screeningId": "screening",
    "sourceId": "stock_movement",
    "standardId": "standard",
    **dict.fromkeys(
        (
            "deputyId",
            "draftedById",
            "giverId",
            "principalId",
            "receiverId",
            "secondWitnessId",
            "staffId",
            "supervisorId",
            "witnessId",
        ),
        "staff",
    ),
}
"""The filters by an id, and of which table; of an institution where it is not here. `id` is of what the field answers."""
CARD_NUMBERS = frozenset({"cardNumber", "number"})
"""Arguments of root fields that are whole numbers of cards."""


class Word(str):
    """An enum word, which GraphQL writes without quotes."""


class Generator:
    """One stream of queries; the same for the same seed and pools."""

    def __init__(self, seed: int, pools: Pools) -> None:
        self.rng, self.pools = random.Random(seed), pools
        self.table = "customer"
        """What the root field answers one row of."""

    def query(self) -> str:
        """One root field, the lists of customers and what hangs on them more often than others; or a next page."""
        if self.pools.pages and self.chance(0.15):
            return self.pools.pages.pop()
        names = list(root("Query"))
        name = self.rng.choice([*names, *["customers"] * 60, *OFTEN])
        one = root("Query")[name]
        self.table = table_of(get_named_type(one.type)) or "customer"
        return f"{{ {name}{self.arguments(one)} {self.selection(get_named_type(one.type), DEEPEST)} }}"

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def arguments(self, one: GraphQLField) -> str:
        found: dict[str, Any] = {}
        for name, argument in one.args.items():
            if name in {"first", "last", "after", "before"}:
                continue
            if is_non_null_type(argument.type) or self.chance(0.6 if name == "purpose" else 0.4):
                found[name] = self.value(argument.type, name)
            if name in CARD_NUMBERS and self.pools.numbers:
                found[name] = self.rng.choice(self.pools.numbers)
        if "first" in one.args:
            size, cursor = ("first", "after") if self.chance(0.7) else ("last", "before")
            found[size] = self.rng.choice([1, 2, 5, 20, 100]) if self.chance(0.97) else 0
            if self.pools.cursors and self.chance(0.08):
                found[cursor] = self.rng.choice(self.pools.cursors[-40:])
        return f"({', '.join(f'{name}: {literal(value)}' for name, value in found.items())})" if found else ""

    def value(self, kind: Any, name: str, depth: int = 2) -> Any:
        if is_non_null_type(kind):
            return self.value(kind.of_type, name, depth)
        if is_list_type(kind):
            # Two orders are often one column twice, which is refused.
            count = self.rng.choice([1, 1, 1, 2]) if name == "orderBy" else self.rng.randint(0, 2)
            return [self.value(kind.of_type, name, depth) for _ in range(count)]
        if isinstance(kind, GraphQLEnumType):
            wide = name == "portfolio" and self.chance(0.8)
            return Word("REACH" if wide else self.rng.choice(list(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            return self.object(kind, depth)
        match kind.name:
            case "ID":
                return self.id(name)
            case "Amount":
                return self.rng.choice(self.pools.amounts)
            case "Date":
                return self.rng.choice(self.pools.dates)
            case "DateTime":
                return f"{self.rng.choice(self.pools.dates)}T00:00:00Z"
            case "Boolean":
                return self.chance(0.5)
            case "Int":
                return self.rng.randint(0, 5)
        return (
            "CNY"
            if name == "currency" and self.chance(0.95)
            else self.rng.choice([*self.pools.texts, *PLAIN])
        )

    def id(self, name: str) -> str:
        """Mostly of the right table; now and then of any other, or of none."""
        table = self.table if name == "id" else NAMED.get(name, "institution")
        if self.chance(0.2):
            table = self.rng.choice(list(self.pools.ids))
        return self.rng.choice(self.pools.ids[table]) if self.chance(0.97) else "unknown"

    def object(self, kind: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        """One comparison, one or two conditions of a filter, all that is required of another input."""
        required = [name for name, one in kind.fields.items() if is_non_null_type(one.type)]
        free = [
            name
            for name in kind.fields
            if name not in required and (depth > 0 or name not in {"and", "or", "not"})
        ]
        chosen = required + self.rng.sample(
            free, min(len(free), 1 if kind.name.endswith("Filter") else self.rng.choice([1, 1, 1, 2]))
        )
        return {name: self.value(kind.fields[name].type, name, depth - 1) for name in chosen}

    def selection(self, kind: Any, depth: int) -> str:
        if isinstance(kind, GraphQLInterfaceType):
            members = [member for member in GRAPH.get_possible_types(kind) if is_node(member)]
            some = self.rng.sample(members, 3)
            inside = " ".join(f"... on {member.name} {{ {member.name}: id }}" for member in some)
            return f"{{ __typename id {inside} ... on Customer {self.selection(GRAPH.type_map['Customer'], depth - 1)} }}"
        return f"{{ {' '.join(self.fields(kind, depth))} }}"

    def fields(self, kind: GraphQLObjectType, depth: int) -> list[str]:
        found = ["__typename"]
        connection = "pageInfo" in kind.fields
        for name, one in kind.fields.items():
            named = get_named_type(one.type)
            if is_leaf_type(named):
                if self.chance(0.75):
                    found.append(name)
            elif connection:
                if name == "nodes" or self.chance(0.4):
                    found.append(f"{name} {self.selection(named, depth)}")
            elif depth > 0 and self.chance(0.75 if not is_node(named) else 0.35):
                found.append(f"{name}{self.arguments(one)} {self.selection(named, depth - 1)}")
        return found


def literal(value: Any) -> str:
    """A Python value as GraphQL text."""
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {literal(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return str(value)
