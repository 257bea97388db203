"""A field of the document with everything below it becomes the shape of its answer, read from the Strawberry definitions.

graphql-core itself collects the fields wherever a fragment or a directive stands, so that these are its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

import orjson
from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    TypeNameMetaFieldDef,
    get_named_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields

from authz.reasons import EXPLANATIONS
from desk.selection import Selection
from desk.shape import (
    AMOUNT,
    CURRENCY,
    Below,
    Cell,
    Coded,
    Codes,
    Constant,
    Cursor,
    Each,
    Edge,
    HasNext,
    HasPrevious,
    Id,
    Money,
    Node,
    Object,
    One,
    Part,
    Standing,
    Total,
    Why,
)
from schema.arguments import with_sources
from schema.fields import META, Form, Show

WHYS_KEPT = 256
TYPENAME = "__typename"
ONLY_FIELDS, directives_of = {FieldNode}, attrgetter("directives")
Ask = Callable[[GraphQLField, FieldNode, str], Selection]
"""The table, filter, order, page and purpose that a field's arguments ask for."""
GIVEN: dict[str, Node] = {
    "id": Id(),
    "visibility": Standing(),
    "total_count": Total(),
    "cursor": Cursor(),
    "has_next_page": HasNext(),
    "has_previous_page": HasPrevious(),
    "start_cursor": Edge(last=False),
    "end_cursor": Edge(last=True),
}
"""What comes with every row, section, page or edge, by the field's name in Python."""


def json(value: Any) -> str:
    return orjson.dumps(value).decode()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a field says of itself, whatever document asks it."""

    field: GraphQLField
    name: str
    show: Show
    below: Any
    listed: bool
    node: Node | None
    """Its whole shape, where nothing that is asked below it changes it."""


@cache
def meanings(kind: GraphQLObjectType) -> dict[str, Meaning]:
    """The fields of a type by name. Those that no plan answers are left out."""
    found = {
        TYPENAME: Meaning(TypeNameMetaFieldDef, "", Show(given=True), None, False, Constant(json(kind.name)))
    }
    for name, field in kind.fields.items():
        definition = field.extensions["strawberry-definition"]
        show = definition.metadata.get(META)
        if show is not None:
            listed = is_list_type(_nullable(field.type))
            node = _whole(field, definition.python_name, show)
            found[name] = Meaning(
                field, definition.python_name, show, get_named_type(field.type), listed, node
            )
    return found


def _whole(field: GraphQLField, python_name: str, show: Show) -> Node | None:
    if show.given:
        return GIVEN.get(python_name)
    if show.connection or show.section is not None or show.relation or show.form is Form.MONEY:
        return None
    below: Any = get_named_type(field.type)
    required = is_non_null_type(field.type)
    name = show.columns[0] if show.columns else python_name
    if show.form is Form.CODES:
        if isinstance(below, GraphQLEnumType) and any(value != key for value, key in _names(below)):
            raise TypeError(f"a list of codes must have the names of {below.name} as they are")
        return Codes(name, required)
    if isinstance(below, GraphQLEnumType):
        return Coded(name, _names(below), required)
    return Cell(name, required)


class Drawer:
    """Draws one root field for one set of @skip/@include flags. `ask` reads arguments, in the order of the walk."""

    def __init__(self, info: GraphQLResolveInfo[Any], ask: Ask) -> None:
        self._info = info
        self._ask = ask
        self._fragments = {name: FragmentDetails(one, None) for name, one in info.fragments.items()}
        self._variables = with_sources(info.variable_values)
        self.weight = 0
        """How many nodes were drawn."""

    def root(self, kind: GraphQLObjectType) -> Object:
        """What the root field asks of a row, or of a page of rows."""
        return self._object(kind, self._info.field_nodes)

    def _below(
        self, kind: GraphQLObjectType, asked: Sequence[FieldNode]
    ) -> Iterable[tuple[str, Sequence[FieldNode]]]:
        """The fields asked of an object, by response key, in order."""
        if (plain := _plain(asked)) is not None:
            return plain
        info = self._info
        details = [FieldDetails(node, None) for node in asked]
        found = collect_subfields(
            info.schema, self._fragments, self._variables, info.operation, kind, details
        ).grouped_field_set
        return [(key, [one.node for one in each]) for key, each in found.items()]

    def _object(self, kind: GraphQLObjectType, asked: Sequence[FieldNode]) -> Object:
        known = meanings(kind)
        entries: list[tuple[str, Node]] = []
        for key, found in self._below(kind, asked):
            meaning = known[found[0].name.value]
            entries.append((key, meaning.node or self._drawn(meaning, found)))
        self.weight += 1 + len(entries)
        return Object(tuple(entries))

    def _drawn(self, meaning: Meaning, asked: Sequence[FieldNode]) -> Node:
        show, below = meaning.show, meaning.below
        if show.given:
            return self._given(meaning, asked)
        if show.form is Form.MONEY:
            return Money(show.columns[0], show.columns[1], self._money(below, asked))
        if show.connection:
            terms = self._ask(meaning.field, asked[0], show.table)
            found = Below(show.relation, terms.shown_as(self._object(below, asked)))
            return found if show.section is None else Part(show.section, terms.purpose, found)
        # What takes arguments here takes a purpose.
        node = asked[0]
        purpose = self._ask(meaning.field, node, "").purpose if node.arguments else None
        row = self._object(below, asked)
        if show.section is not None:
            return Part(show.section, purpose, row)
        shape = Each(row) if meaning.listed else One(row)
        return Below(show.relation, Selection(show.table, purpose=purpose, shape=shape))

    def _given(self, meaning: Meaning, asked: Sequence[FieldNode]) -> Node:
        match meaning.name:
            case "nodes" | "edges":
                return Each(self._object(meaning.below, asked))
            case "node" | "page_info":
                return self._object(meaning.below, asked)
            case "reason":
                return _why(meaning.below.name, self._words(meaning.below, asked))
        raise TypeError(f"nobody says what {meaning.name} is")

    def _words(self, kind: GraphQLObjectType, asked: Sequence[FieldNode]) -> tuple[tuple[str, str], ...]:
        """The names of the fields asked of an object that has nothing below it, by response key."""
        return tuple((key, found[0].name.value) for key, found in self._below(kind, asked))

    def _money(self, kind: GraphQLObjectType, asked: Sequence[FieldNode]) -> tuple[tuple[str, str], ...]:
        told = {"amount": AMOUNT, "currency": CURRENCY, TYPENAME: json(kind.name)}
        return tuple((key, told[name]) for key, name in self._words(kind, asked))


def _plain(asked: Sequence[FieldNode]) -> Iterable[tuple[str, tuple[FieldNode]]] | None:
    """The fields of a selection that is nothing but fields, each asked once: there is nothing to decide about them."""
    selections = asked[0].selection_set
    if len(asked) > 1 or selections is None:
        return None
    nodes: Any = selections.selections
    if set(map(type, nodes)) != ONLY_FIELDS or any(map(directives_of, nodes)):
        return None
    keys = [(node.alias or node.name).value for node in nodes]
    return zip(keys, zip(nodes, strict=True), strict=True) if len(set(keys)) == len(keys) else None


@lru_cache(WHYS_KEPT)
def _why(kind: str, asked: tuple[tuple[str, str], ...]) -> Why:
    texts = []
    for code, why in EXPLANATIONS.items():
        told = {
            "code": code.name,
            "message": why.sentence,
            "messageZh": why.chinese,
            "article": why.article,
            "remedy": why.remedy,
            "remedyZh": why.remedy_chinese,
            TYPENAME: kind,
        }
        texts.append((code.value, json({key: told[name] for key, name in asked})))
    return Why(tuple(texts))


def _nullable(kind: Any) -> Any:
    return kind.of_type if is_non_null_type(kind) else kind


def _names(kind: GraphQLEnumType) -> tuple[tuple[str, str], ...]:
    """Each value of an enum as the tables hold it, with its name in the graph."""
    found = []
    for name, one in kind.values.items():
        value = one.value.value if isinstance(one.value, Enum) else one.value
        found.append((str(value), name))
    return tuple(found)
