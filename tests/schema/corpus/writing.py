"""How a document is written: its arguments and directives, its fragments, and the operations around all of them."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, GraphQLUnionType, is_non_null_type

from tests.schema.corpus.arguments import Writer
from tests.schema.corpus.questions import Question, Scope

GIVEN = ("literal", "variable", "default")
"""Forms of an argument that has a value."""


class DocumentWriter:
    """Writes one document after the other, each in one of the forms that say the same."""

    def __init__(self, graph: GraphQLSchema, rng: random.Random) -> None:
        self.graph, self.rng = graph, rng
        self.forms: Counter[tuple[str, str]] = Counter()
        """How often each argument stood in each form that was chosen for it."""
        self._begin()

    def _begin(self) -> None:
        self.writer = Writer(self.rng)
        self.fragments: dict[str, tuple[str, Any, Scope]] = {}
        self.lists: dict[tuple[str, ...], tuple[str, dict[str, Any]]] = {}

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def finished(self, parts: list[str]) -> Question:
        """The text around the fields: operations, variables, fragments."""
        variables = ", ".join(f"${name}: {kind}" for name, kind in self.writer.declared.items())
        head = f"({variables})" if variables else ""
        body = f"{{ {' '.join(parts)} }}"
        operation = None
        if head or self.chance(0.5):
            name = self.rng.choice(["Asked", "Q1", ""])
            text = f"query {name}{head} {body}"
            if name and self.chance(0.3):
                operation = name
                other = "query Other { me { number } }"
                text = f"{text} {other}" if self.chance(0.5) else f"{other} {text}"
        else:
            text = body
        text += "".join(
            f" fragment {name} on {kind} {body}" for name, (body, kind, _) in self.fragments.items()
        )
        return Question(text, self.writer.given, operation, self.lists)

    def written(self, coordinate: str, one: GraphQLField, values: dict[str, Any]) -> str:
        """The arguments as they stand in the document; null and variables without a value for some of the rest."""
        found = {}
        for name, argument in one.args.items():
            place = f"{coordinate}({name})"
            if name in values:
                found[name] = self.writer.write(argument.type, values[name], how=self._rarest_form(place))
            elif self._seldom(place, "left out"):
                found[name] = self.writer.left_out(argument.type)
            elif not is_non_null_type(argument.type) and self._seldom(place, "null"):
                found[name] = self.writer.write(argument.type, None)
        names = list(found)
        self.rng.shuffle(names)
        return f"({', '.join(f'{name}: {found[name]}' for name in names)})" if names else ""

    def _rarest_form(self, place: str) -> str:
        """Mostly the form in which this argument stood least often; else whichever comes."""
        how = min(GIVEN, key=lambda form: (self.forms[place, form], self.rng.random()))
        if not self.chance(0.75):
            return ""
        self.forms[place, how] += 1
        return how

    def _seldom(self, place: str, form: str) -> bool:
        """Now and then; sooner where that was never done."""
        chosen = self.chance(0.06 if self.forms[place, form] else 0.3)
        self.forms[place, form] += chosen
        return chosen

    def directives(self) -> str:
        if not self.chance(0.2):
            return ""
        found = []
        for name in self.rng.choice([["skip"], ["include"], ["skip"], ["include"], ["skip", "include"]]):
            asked = self.chance(0.75)
            found.append(f"@{name}(if: {self.writer.switch(asked == (name == 'include'))})")
        return " " + " ".join(found)

    def inline(self, condition: str, parts: list[str]) -> str:
        return f"...{condition}{self.directives()} {{ {' '.join(parts)} }}"

    def wrapped(
        self, kind: GraphQLObjectType, parts: list[str], scope: Scope, merge: bool = True
    ) -> list[str]:
        """Some of the parts within fragments, with a type, without one, or on an interface that the type has."""
        found: list[str] = []
        while parts:
            count = self.rng.randint(1, len(parts))
            group, parts = parts[:count], parts[count:]
            roll = self.rng.random()
            if roll < 0.15:
                condition = self.rng.choice([f" on {kind.name}", f" on {kind.name}", ""])
                found.append(self.inline(condition, group))
            elif roll < 0.3:
                found.append(self._spread(kind, group, scope))
            elif roll < 0.35 and (general := self._general(kind)):
                found.append(self.inline(f" on {general}", [self.inline(f" on {kind.name}", group)]))
            else:
                found += group
        return found + (self._shared(kind, scope) if merge else [])

    def _general(self, kind: GraphQLObjectType) -> str:
        """An interface, or a union, that the type belongs to."""
        names = [face.name for face in kind.interfaces]
        names += [
            one.name
            for one in self.graph.type_map.values()
            if isinstance(one, GraphQLUnionType) and kind in one.types
        ]
        return self.rng.choice(names) if names else ""

    def _spread(self, kind: GraphQLObjectType, parts: list[str], scope: Scope) -> str:
        """The parts as a named fragment of their own."""
        name = f"f{len(self.fragments) + 1}"
        self.fragments[name] = (f"{{ {' '.join(parts)} }}", kind, scope)
        spread = f"...{name}{self.directives()}"
        return f"{spread} ...{name}" if self.chance(0.2) else spread

    def _shared(self, kind: GraphQLObjectType, scope: Scope) -> list[str]:
        """A fragment that was written for another place, where it contradicts nothing here."""
        if scope.prefix or not self.chance(0.12):
            return []
        for name, (text, of_kind, own) in self.fragments.items():
            if of_kind is not kind or own.prefix or own is scope or "after:" in text or "before:" in text:
                continue
            if scope.fits(own) and own.fits(scope):
                scope.take(own)
                return [f"...{name}"]
        return []
