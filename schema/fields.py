"""How a field says what it shows: a column, money, a section of one class, related rows, or a page of them.

The metadata is the one mapping from the graph to the desk; `schema/selection.py` reads it to build Selections, and
the resolvers here only take what the desk has answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import FieldNode, GraphQLField, get_argument_values
from graphql.execution.values import VariableValues

from authz import DataClass
from schema.scalars import global_id, money

META = "guibin"


@dataclass(frozen=True, slots=True)
class Show:
    """What a field takes from the desk. `table` is the table that the rows below come from, if any."""

    columns: tuple[str, ...] = ()
    section: DataClass | None = None
    relation: str = ""
    table: str = ""
    connection: bool = False
    given: bool = False
    """The value comes with every row or section: nothing needs to be asked for it."""


def column(name: str = "", *, about: str, **more: Any) -> Any:
    """A plain column, under its own name."""
    return strawberry.field(description=about, metadata={META: Show(columns=(name,) if name else ())}, **more)


def renamed(name: str, *, about: str) -> Any:
    """A column under another name in the graph."""

    def take(root: Any) -> Any:
        return root.get(name)

    return strawberry.field(resolver=take, description=about, metadata={META: Show(columns=(name,))})


def amount_of(name: str, currency: str = "currency", *, about: str) -> Any:
    """Minor units and a currency column, shown as Money."""

    def take(root: Any) -> Any:
        return money(root.get(name), root.get(currency))

    return strawberry.field(resolver=take, description=about, metadata={META: Show(columns=(name, currency))})


def words(name: str, *, about: str) -> Any:
    """A column that holds comma-separated codes, shown as a list."""

    def take(root: Any) -> Any:
        value = root.get(name)
        return None if value is None else [word for word in value.split(",") if word]

    return strawberry.field(resolver=take, description=about, metadata={META: Show(columns=(name,))})


def one(relation: str, table: str, *, about: str) -> Any:
    """The related row, or null."""

    def take(root: Any, info: strawberry.Info) -> Any:
        return root.get(answer_key(info))

    return strawberry.field(
        resolver=take, description=about, metadata={META: Show(relation=relation, table=table)}
    )


def many(relation: str, table: str, *, about: str) -> Any:
    """All related rows, where they are few."""

    def take(root: Any, info: strawberry.Info) -> Any:
        found = root.get(answer_key(info))
        return found.rows if found is not None else []

    return strawberry.field(
        resolver=take, description=about, metadata={META: Show(relation=relation, table=table)}
    )


def given(about: str) -> Any:
    """A field whose value comes with every row or section."""
    return strawberry.field(description=about, metadata={META: Show(given=True)})


def section(data_class: DataClass) -> dict[str, Any]:
    """Metadata of a field that answers one section."""
    return {META: Show(section=data_class)}


def page(relation: str, table: str, data_class: DataClass | None = None) -> dict[str, Any]:
    """Metadata of a field that answers a page of related rows, as a section of its own where a class is given."""
    return {META: Show(relation=relation, table=table, section=data_class, connection=True)}


def taken(root: Any, info: strawberry.Info) -> Any:
    """What the desk answered for this very field and its arguments."""
    return root[answer_key(info)]


def answer_key(info: strawberry.Info) -> str:
    return key_of(info._raw_info.field_name, arguments_of(info))


def arguments_of(info: strawberry.Info) -> dict[str, Any]:
    """The coerced arguments of the field being resolved."""
    raw = info._raw_info
    return arguments(raw.parent_type.fields[raw.field_name], raw.field_nodes[0], raw.variable_values)


def arguments(field: GraphQLField, node: FieldNode, variables: Any) -> dict[str, Any]:
    """The coerced arguments of any field of the document."""
    return get_argument_values(field, node, with_sources(variables))


def with_sources(variables: Any) -> VariableValues:
    """Strawberry's executor hands resolvers the bare values, where graphql-core keeps their sources beside them."""
    return variables if isinstance(variables, VariableValues) else VariableValues({}, variables)


def key_of(name: str, arguments: Mapping[str, Any]) -> str:
    """The place of a field's answer in its row: by name and arguments, so that every alias finds its own."""
    return f"{name}({arguments!r})" if arguments else f"{name}()"


def own_id(root: Any, info: strawberry.Info) -> strawberry.ID:
    """The global id of a row, whatever its type."""
    definition: Any = info._raw_info.parent_type.extensions["strawberry-definition"]
    return strawberry.ID(global_id(definition.origin.TABLE, root["id"]))


def node_id() -> Any:
    return strawberry.field(
        resolver=own_id,
        description="Opaque id, for `node` and for mutations.",
        metadata={META: Show(given=True)},
    )
