"""A field of the document with everything below it becomes the shape of its answer, read from the Strawberry definitions.

graphql-core itself collects the fields, so that aliases, fragments, merging and @skip/@include are its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import orjson
from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
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

Ask = Callable[[GraphQLField, FieldNode, str], Selection]
"""The table, filter, order, page and purpose that a field's arguments ask for."""


def json(value: Any) -> str:
    return orjson.dumps(value).decode()


@dataclass(frozen=True, slots=True)
class Drawer:
    """Draws one root field for one set of @skip/@include flags. `ask` reads arguments, in the order of the walk."""

    info: GraphQLResolveInfo[Any]
    fragments: Mapping[str, FragmentDetails]
    ask: Ask

    def below(self, kind: GraphQLObjectType, nodes: Sequence[FieldNode]) -> dict[str, list[FieldNode]]:
        """The fields asked of an object, by response key, in order."""
        info = self.info
        found = collect_subfields(
            info.schema,
            dict(self.fragments),
            with_sources(info.variable_values),
            info.operation,
            kind,
            [FieldDetails(node, None) for node in nodes],
        )
        return {key: [detail.node for detail in details] for key, details in found.grouped_field_set.items()}

    def _object(
        self,
        kind: GraphQLObjectType,
        nodes: Sequence[FieldNode],
        draw: Callable[[GraphQLField, Show, list[FieldNode]], Node],
    ) -> Object:
        entries: list[tuple[str, Node]] = []
        for key, found in self.below(kind, nodes).items():
            name = found[0].name.value
            if name == "__typename":
                entries.append((key, Constant(json(kind.name))))
                continue
            field = kind.fields[name]
            entries.append((key, draw(field, _definition(field).metadata[META], found)))
        return Object(tuple(entries))

    def row(self, kind: GraphQLObjectType, nodes: Sequence[FieldNode]) -> Object:
        """A row, or a section of one."""
        return self._object(kind, nodes, self._of_row)

    def _of_row(self, field: GraphQLField, show: Show, nodes: list[FieldNode]) -> Node:
        below: Any = get_named_type(field.type)
        if show.given:
            return self._given(field, below, nodes)
        if show.connection:
            asked = self.ask(field, nodes[0], show.table)
            found = Below(show.relation, replace(asked, shape=self.connection(below, nodes)))
            return Part(show.section, asked.purpose, found) if show.section is not None else found
        if show.section is not None:
            purpose = self.ask(field, nodes[0], "").purpose if field.args else None
            return Part(show.section, purpose, self.row(below, nodes))
        if show.relation:
            purpose = self.ask(field, nodes[0], "").purpose if field.args else None
            row = self.row(below, nodes)
            shape: Node = Each(row) if is_list_type(_nullable(field.type)) else One(row)
            return Below(show.relation, Selection(show.table, purpose=purpose, shape=shape))
        return self._cell(field, below, show, nodes)

    def _cell(self, field: GraphQLField, below: Any, show: Show, nodes: list[FieldNode]) -> Node:
        required = is_non_null_type(field.type)
        if show.form is Form.MONEY:
            return Money(show.columns[0], show.columns[1], self._money(below, nodes))
        name = show.columns[0] if show.columns else _definition(field).python_name
        if show.form is Form.CODES:
            if isinstance(below, GraphQLEnumType) and any(value != key for value, key in _names(below)):
                raise TypeError(f"a list of codes must have the names of {below.name} as they are")
            return Codes(name, required)
        if isinstance(below, GraphQLEnumType):
            return Coded(name, _names(below), required)
        return Cell(name, required)

    def _money(self, kind: GraphQLObjectType, nodes: Sequence[FieldNode]) -> tuple[tuple[str, str], ...]:
        told = {"amount": AMOUNT, "currency": CURRENCY, "__typename": json(kind.name)}
        return tuple((key, told[found[0].name.value]) for key, found in self.below(kind, nodes).items())

    def connection(self, kind: GraphQLObjectType, nodes: Sequence[FieldNode]) -> Object:
        """A page of rows, with what a section says of itself where it is one."""
        return self._object(kind, nodes, self._of_connection)

    def _of_connection(self, field: GraphQLField, show: Show, nodes: list[FieldNode]) -> Node:
        below: Any = get_named_type(field.type)
        match _definition(field).python_name:
            case "nodes":
                return Each(self.row(below, nodes))
            case "edges":
                return Each(self._object(below, nodes, self._of_edge))
            case "page_info":
                return self._object(below, nodes, self._of_page)
            case "total_count":
                return Total()
        return self._given(field, below, nodes)

    def _of_edge(self, field: GraphQLField, show: Show, nodes: list[FieldNode]) -> Node:
        below: Any = get_named_type(field.type)
        return Cursor() if _definition(field).python_name == "cursor" else self.row(below, nodes)

    def _of_page(self, field: GraphQLField, show: Show, nodes: list[FieldNode]) -> Node:
        match _definition(field).python_name:
            case "has_next_page":
                return HasNext()
            case "has_previous_page":
                return HasPrevious()
        return Edge(last=_definition(field).python_name == "end_cursor")

    def _given(self, field: GraphQLField, below: Any, nodes: list[FieldNode]) -> Node:
        match _definition(field).python_name:
            case "id":
                return Id()
            case "visibility":
                return Standing()
            case "reason":
                return self._reason(below, nodes)
        raise TypeError(f"nobody says what {_definition(field).python_name} is")

    def _reason(self, kind: GraphQLObjectType, nodes: Sequence[FieldNode]) -> Why:
        asked = [(key, found[0].name.value) for key, found in self.below(kind, nodes).items()]
        texts = []
        for code, why in EXPLANATIONS.items():
            told = {
                "code": code.name,
                "message": why.sentence,
                "messageZh": why.chinese,
                "article": why.article,
                "remedy": why.remedy,
                "remedyZh": why.remedy_chinese,
                "__typename": kind.name,
            }
            texts.append((code.value, json({key: told[name] for key, name in asked})))
        return Why(tuple(texts))


def _definition(field: GraphQLField) -> Any:
    return field.extensions["strawberry-definition"]


def _nullable(kind: Any) -> Any:
    return kind.of_type if is_non_null_type(kind) else kind


def _names(kind: GraphQLEnumType) -> tuple[tuple[str, str], ...]:
    """Each value of an enum as the tables hold it, with its name in the graph."""
    found = []
    for name, one in kind.values.items():
        value = one.value.value if isinstance(one.value, Enum) else one.value
        found.append((str(value), name))
    return tuple(found)
