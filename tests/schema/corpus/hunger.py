"""What a corpus has asked least: it is asked before the rest."""

from __future__ import annotations

import math
import random
from collections import Counter
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, get_named_type


class Hunger:
    """Chooses among fields by how often they, and those below them, were asked so far."""

    def __init__(self, graph: GraphQLSchema, rng: random.Random, asked: Counter[tuple[str, str]]) -> None:
        self.graph, self.rng, self.asked = graph, rng, asked
        self._known: dict[tuple[str, int], float] = {}

    def begin(self) -> None:
        """A new document: what was asked by the last one counts."""
        self._known = {}

    def at(self, kind: Any, depth: int) -> float:
        """How often the least asked field at or below a type was asked."""
        if isinstance(kind, GraphQLInterfaceType):
            return min(self.at(member, 1) for member in self.graph.get_possible_types(kind))
        if depth == 0 or not isinstance(kind, GraphQLObjectType):
            return math.inf
        key = (kind.name, depth)
        if key not in self._known:
            own = min(self.asked[kind.name, name] for name in kind.fields)
            below = (self.at(get_named_type(one.type), depth - 1) for one in kind.fields.values())
            self._known[key] = min(own, *below)
        return self._known[key]

    def least(self, kind: GraphQLObjectType, names: list[str], count: int) -> list[str]:
        """So many fields of a type, mostly those that were asked least."""

        def hunger(name: str) -> float:
            below = self.at(get_named_type(kind.fields[name].type), 3)
            return (min(self.asked[kind.name, name], below) + 0.3) * self.rng.random()

        return sorted(names, key=hunger)[:count]

    def rarest(self, members: list[GraphQLObjectType]) -> list[GraphQLObjectType]:
        """None, one or two of the types, mostly those of which least was asked."""

        def asked(one: GraphQLObjectType) -> float:
            return self.rng.random() * sum(self.asked[one.name, name] for name in one.fields)

        return sorted(members, key=asked)[: self.rng.choice([0, 1, 2])]
