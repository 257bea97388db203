"""The graph as the tests walk it: every field of every type, with the table and the section that it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from authz import DataClass
from schema import schema
from schema.fields import META, Show
from schema.node import Node

GRAPH = schema._schema


def object_types() -> list[GraphQLObjectType]:
    return [
        kind
        for name, kind in GRAPH.type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
    ]


def root(name: str) -> dict[str, GraphQLField]:
    """The fields of `Query` or `Mutation`."""
    kind = GRAPH.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    return kind.fields


def definition_of(kind: Any) -> Any:
    return (kind.extensions or {}).get("strawberry-definition")


def table_of(kind: Any) -> str:
    """The table of a type with ids of its own; empty for others."""
    return getattr(getattr(definition_of(kind), "origin", None), "TABLE", "")


def is_node(kind: Any) -> bool:
    origin = getattr(definition_of(kind), "origin", None)
    return isinstance(origin, type) and issubclass(origin, Node) and origin is not Node


def show_of(field: GraphQLField) -> Show | None:
    definition = field.extensions.get("strawberry-definition")
    return definition.metadata.get(META) if definition is not None else None


def python_name(field: GraphQLField) -> str:
    return str(field.extensions["strawberry-definition"].python_name)


def confidential(kind: GraphQLObjectType) -> DataClass | None:
    """The class that the type's @confidential names."""
    for directive in definition_of(kind).directives:
        found: DataClass | None = getattr(directive, "class_", None)
        if found is not None:
            return found
    return None


def below(field: GraphQLField) -> list[GraphQLObjectType]:
    """The object types that a field may answer; for a node, every type with ids."""
    named = get_named_type(field.type)
    if isinstance(named, GraphQLObjectType):
        return [named]
    if isinstance(named, GraphQLUnionType) or getattr(named, "name", "") == "Node":
        return list(GRAPH.get_possible_types(named))  # type: ignore[arg-type]
    return []


def is_many(field: GraphQLField) -> bool:
    kind = field.type.of_type if is_non_null_type(field.type) else field.type
    return is_list_type(kind)


@dataclass(frozen=True)
class Place:
    """One field where it is asked: of which table its row is, and in which section."""

    type: GraphQLObjectType
    name: str
    field: GraphQLField
    table: str
    section: DataClass | None
    page: bool

    def __str__(self) -> str:
        return f"{self.type.name}.{self.name} (of {self.table or 'no table'})"


def places() -> Iterator[Place]:
    """Every field of every type, in each of the tables and sections in which the graph can reach it."""
    seen: set[tuple[str, str, DataClass | None, bool]] = set()
    waiting: list[tuple[GraphQLObjectType, str, DataClass | None, bool]] = []
    for operation in ("Query", "Mutation"):
        for field in root(operation).values():
            for kind in below(field):
                waiting.append(
                    (kind, table_of(kind) or _table_of_connection(kind), None, "nodes" in kind.fields)
                )
    while waiting:
        kind, table, section, page = here = waiting.pop()
        if (kind.name, table, section, page) in seen:
            continue
        seen.add((kind.name, table, section, page))
        for name, field in kind.fields.items():
            place = Place(kind, name, field, table, section, page)
            yield place
            waiting += _further(place, here[3])


def _table_of_connection(kind: GraphQLObjectType) -> str:
    nodes = kind.fields.get("nodes")
    return table_of(get_named_type(nodes.type)) if nodes else ""


def _further(place: Place, page: bool) -> list[tuple[GraphQLObjectType, str, DataClass | None, bool]]:
    show = show_of(place.field)
    found: list[tuple[GraphQLObjectType, str, DataClass | None, bool]] = []
    for kind in below(place.field):
        table, section, paged = place.table, place.section, False
        if table_of(kind):
            table, section = table_of(kind), None
        elif show is not None and show.relation:
            table, section, paged = show.table, show.section, show.connection
        elif show is not None and show.section is not None:
            section = show.section
        elif page and place.name in {"edges", "nodes"}:
            section, paged = None, place.name == "edges"
        found.append((kind, table, section, paged))
    return found
