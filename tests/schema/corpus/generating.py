"""Documents written from the graph: every field, in every form in which GraphQL lets it be asked.

Not asked, because an answer would rest on a choice that nobody has promised: what is told of several refusals in one
document, a forged cursor of a list within a row that may not be there, a cursor that is carried into or out of what
an open filing shows, several operations of which none is named. Nor the schema of itself, which the edge refuses.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from tests.schema.corpus.arguments import SIZES, Pools, Values
from tests.schema.corpus.coverage import OUTSIDE
from tests.schema.corpus.faults import fault
from tests.schema.corpus.hunger import Hunger
from tests.schema.corpus.questions import BY_ID, CASES, TABLES, Entry, Question, Scope, is_public
from tests.schema.corpus.writing import GIVEN, DocumentWriter

TRAIL, LEDGER = "accessRecords", "stockLedger"
DEEPEST = 3
"""Rows within rows; further down only what is asked seldom."""
MOST_FIELDS = 45
"""After so many, only leaves are added."""
WAYS = (("first", "after"), ("last", "before"))
SELDOM = 20
"""What was asked less often is asked as deep as need be."""
KEPT = ("where", "orderBy", "portfolio", "number")
"""The arguments that make a list the list it is: a cursor goes on with the same ones."""


class Generator(DocumentWriter):
    """One stream of documents for several people; the same for the same seed and pools."""

    def __init__(self, graph: GraphQLSchema, seed: int, pools: Pools) -> None:
        self.asked: Counter[tuple[str, str]] = Counter()
        rng = random.Random(seed)
        self.hunger = Hunger(graph, rng, self.asked)
        super().__init__(graph, rng)
        self.pools = pools
        self.values = Values(self.rng, pools)
        self.memory: dict[str, list[tuple[str, dict[str, Any], list[str]]]] = defaultdict(list)
        """Lists that were answered to each person, with their arguments and cursors."""
        self.seen: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
        """By person and table: the ids of rows that he was shown."""
        self.fruit: dict[tuple[str, str], int] = defaultdict(int)
        """By person and root field: 1 once there were rows, else how often there were none, as a negative number."""
        self.actor, self.filters = "", True
        self.only: frozenset[str] = frozenset()
        """The root fields that are asked, where it is not all of them."""

    def _begin(self) -> None:
        super()._begin()
        self.left = MOST_FIELDS
        self.aliases = 0
        self.within: list[str] = []
        self.hunger.begin()

    def remember(self, actor: str, coordinate: str, values: dict[str, Any], cursors: list[str]) -> None:
        kept = self.memory[actor]
        kept.append((coordinate, values, cursors))
        del kept[:-60]

    def learn(self, actor: str, coordinate: str, answer: Any) -> None:
        """Whether a root list has shown rows to him."""
        place = (actor, coordinate.removeprefix("Query."))
        if any(isinstance(part, list) and part for part in (answer or {}).values()):
            self.fruit[place] = 1
        elif self.fruit[place] != 1:
            self.fruit[place] -= 1

    def question(
        self, actor: str, faulty: bool = False, *, trail: bool = False, filters: bool = True
    ) -> Question:
        """The next document. A faulty one is refused, or holds what a careless client would send.

        Without `filters` no list is filtered that may refuse it, for those who may filter next to nothing.
        """
        self.actor, self.filters = actor, filters
        self._begin()
        if faulty:
            return replace(fault(self), doubtful=True)
        roots = self._roots(trail)
        scope = Scope()
        parts = []
        for number, name in enumerate(roots):
            parts += self._root(scope, name, risky=number == 0, again=name in roots[:number])
        if self.chance(0.25):
            parts.insert(
                self.rng.randrange(len(parts) + 1), self.rng.choice(["__typename", "kind: __typename"])
            )
        return self.finished(self.wrapped(self.query_type, parts, scope, merge=False))

    @property
    def query_type(self) -> GraphQLObjectType:
        found = self.graph.query_type
        assert found is not None
        return found

    def _roots(self, trail: bool) -> list[str]:
        names = [TRAIL] if trail else sorted((self.only or self.query_type.fields.keys()) - OUTSIDE - {TRAIL})
        weights = [self._worth(name) / (1 + self._hunger_at(name)) ** 2 for name in names]
        count = self.rng.choices([1, 2, 3], [80, 13, 7])[0]
        roots = self.rng.choices(names, weights, k=count)
        if len(roots) > 1 and self.chance(0.4):
            roots[1] = roots[0]
        # Which of two refusals is told first is nobody's promise: only the first may be refused.
        return [name for number, name in enumerate(roots) if number == 0 or not self._needs(name)]

    def _worth(self, name: str) -> float:
        """What has shown a person nothing so far is asked less by him, and by those to whom it shows something more."""
        table = "stock_account" if name == LEDGER else BY_ID.get(name, "")
        if table:
            return 1 if self.seen[self.actor][table] else 0.1
        return 1 if self.fruit[self.actor, name] in {0, 1} else 0.3

    def _hunger_at(self, name: str) -> float:
        below = self.hunger.at(get_named_type(self.query_type.fields[name].type), 5)
        return min(below, self.asked["Query", name] / 4)

    def _needs(self, name: str) -> bool:
        """Whether it takes an argument that may be of nothing."""
        return any(is_required_argument(one) for one in self.query_type.fields[name].args.values())

    def _root(self, scope: Scope, name: str, risky: bool, again: bool) -> list[str]:
        kind = self.query_type
        found = [self.field(kind, name, scope, (), DEEPEST, risky=risky, alias=again or self.chance(0.2))]
        if self.chance(0.12):
            found.append(self.again(scope, self.rng.choice(list(scope.entries)), (), 2))
        return found

    def arguments(self, coordinate: str, one: GraphQLField, risky: bool) -> dict[str, Any]:
        """The values of a field's arguments; what is not in it is left out."""
        found: dict[str, Any] = {}
        for name, argument in one.args.items():
            if name in {"first", "last", "after", "before"}:
                continue
            if name == "id":
                found[name] = self._id(coordinate)
            elif name in {"where", "orderBy"} and not ((risky and self.filters) or is_public(coordinate)):
                continue
            elif is_required_argument(argument) or self.chance(
                {"purpose": 0.5, "portfolio": 0.4}.get(name, 0.45)
            ):
                protected = self.chance(0.3)
                found[name] = self.values.of(argument.type, name, protected=protected)
                if name == "orderBy":
                    found[name] = self.values.orders(found[name], protected)
        if "first" in one.args:
            self._page(coordinate, found)
        if coordinate == f"Query.{LEDGER}":
            found |= self.values.ledger(self.seen[self.actor]["stock_account"])
        return found

    def _page(self, coordinate: str, found: dict[str, Any]) -> None:
        size, cursor = WAYS[self.chance(0.3)]
        known = [it for it in self.memory[self.actor] if it[0] == coordinate and not CASES & set(self.within)]
        unmet = [
            way for way in WAYS if not all(self.forms[f"{coordinate}({way[1]})", form] for form in GIVEN)
        ]
        if known and unmet:
            size, cursor = self.rng.choice(unmet)
        if known and self.chance(0.9 if unmet else 0.5):
            _, values, cursors = self.rng.choice(known)
            for name in KEPT:
                found.pop(name, None)
            found |= values
            found[cursor] = self.rng.choice(cursors)
        found[size] = self.rng.choice(SIZES)

    def _id(self, coordinate: str) -> str:
        """Mostly of a row that the person has seen, else of any."""
        seen = self.seen[self.actor]
        tables = [table for table in TABLES.values() if seen[table]] or ["staff"]
        table = BY_ID.get(coordinate.removeprefix("Query.")) or self.rng.choice(tables)
        if seen[table] and self.chance(0.95):
            return self.rng.choice(list(seen[table]))
        return self.values.id(table)

    def field(
        self,
        parent: GraphQLObjectType,
        name: str,
        scope: Scope,
        path: tuple[str, ...],
        depth: int,
        *,
        risky: bool = True,
        alias: bool | None = None,
        bare: bool = False,
    ) -> str:
        """One field with all below it. `bare`: without a directive, so that it is certainly asked."""
        one, coordinate = parent.fields[name], f"{parent.name}.{name}"
        self.asked[parent.name, name] += 1
        self.left -= 1
        key = scope.prefix + name
        if key in scope.entries or (self.chance(0.25) if alias is None else alias):
            self.aliases += 1
            key = f"{key}{self.aliases}" if self.chance(0.5) else f"a{self.aliases}"
        values = self.arguments(coordinate, one, risky)
        entry = Entry(name, self.written(coordinate, one, values), get_named_type(one.type), Scope())
        scope.entries[key] = entry
        if "first" in one.args:
            self.lists[*path, key] = (coordinate, {it: values[it] for it in KEPT if it in values})
        directives = "" if bare else self.directives()
        return self._text(key, entry, directives, (*path, key), depth, values.get("id", ""))

    def again(self, scope: Scope, key: str, path: tuple[str, ...], depth: int) -> str:
        """A field that is already asked, asked once more with other fields below it."""
        return self._text(key, scope.entries[key], self.directives(), (*path, key), depth, "")

    def _text(
        self, key: str, entry: Entry, directives: str, path: tuple[str, ...], depth: int, row: str
    ) -> str:
        label = entry.name if key == entry.name else f"{key}: {entry.name}"
        head = f"{label}{entry.arguments}{directives}"
        if is_leaf_type(entry.kind):
            return head
        self.within.append(entry.kind.name)
        inside = self.selection(entry.kind, entry.below, path, depth, row)
        self.within.pop()
        return f"{head} {{ {' '.join(inside)} }}"

    def selection(
        self, kind: Any, scope: Scope, path: tuple[str, ...], depth: int, row: str = ""
    ) -> list[str]:
        """Some fields of a type, those that were asked least before others."""
        if isinstance(kind, GraphQLInterfaceType):
            return self._of_any(kind, scope, path, depth, row)
        parts: list[str] = []
        leaves = [name for name, one in kind.fields.items() if is_leaf_type(get_named_type(one.type))]
        others = [name for name in kind.fields if name not in leaves]
        connection = "pageInfo" in kind.fields
        if connection:
            parts.append(self.field(kind, self.rng.choice(["nodes", "edges"]), scope, path, depth, bare=True))
            depth += 1
        if self.chance(0.25):
            parts.append("__typename")
        for name in self.hunger.least(kind, leaves, self.rng.choice([1, 2, 3, 5, 7])):
            parts.append(self.field(kind, name, scope, path, depth))
        if depth <= 0:
            others = [name for name in others if self.asked[kind.name, name] < SELDOM]
        if self.left > 0:
            for name in self.hunger.least(kind, others, self.rng.choice([0, 1, 1, 2])):
                parts.append(self.field(kind, name, scope, path, depth - 1))
        if scope.entries and self.chance(0.28):
            key = self.rng.choice(list(scope.entries))
            parts.append(self.again(scope, key, path, max(0, depth - 2)))
        parts = parts or ["__typename"]
        self.rng.shuffle(parts)
        return self.wrapped(kind, parts, scope)

    def _of_any(
        self, kind: GraphQLInterfaceType, scope: Scope, path: tuple[str, ...], depth: int, row: str
    ) -> list[str]:
        """A node: what all have, and fragments on some of its types, with names of their own in each."""
        members = sorted(self.graph.get_possible_types(kind), key=lambda one: one.name)
        wanted = [one for one in members if TABLES.get(one.name) and row in self.pools.ids[TABLES[one.name]]]
        others = self.hunger.rarest(members)
        parts = ["__typename", self.rng.choice(["id", "key: id"])]
        for member in dict.fromkeys([*(wanted or members[:1]), *others]):
            self.aliases += 1
            below = Scope(prefix=f"{member.name}{self.aliases}_")
            inner = self.selection(member, below, path, depth - 1 if member in wanted else 1)
            parts.append(self.inline(f" on {member.name}", inner))
        if self.chance(0.3):
            parts.append(self.inline(" on Node", ["id" if "id" in parts else "key: id", "__typename"]))
        return parts
