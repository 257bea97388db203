"""Documents written from the graph itself, so that a new field is asked for as soon as it exists."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)

from tests.schema.walking import GRAPH

PURPOSE = '{code: ADVICE, text: "sweep"}'
PAGE = 5
NEEDED = {
    "cardNumber": '"1710001111111016"',
    "from": '"2026-11-24"',
    "institutionId": '"unknown"',
    "number": '"1710001111111016"',
    "productId": '"unknown"',
    "to": '"2026-11-25"',
}
"""Arguments of root fields that nothing answers without. The number is of Zhou's card in the whole bank."""
SCALARS: dict[str, Any] = {
    "String": "text",
    "Int": 1,
    "Boolean": True,
    "Amount": "1000.00",
    "Date": "2026-10-31",
    "DateTime": dt.datetime(2026, 11, 25, 1, tzinfo=dt.UTC).isoformat(),
    "ID": "unknown",
}


def arguments(field: GraphQLField, given: Mapping[str, str], purpose: bool) -> str:
    """What a field needs: a page, a purpose if wanted, and what is given by name."""
    found = {name: text for name, text in (NEEDED | dict(given)).items() if name in field.args}
    if "first" in field.args:
        found.setdefault("first", str(PAGE))
    if purpose and "purpose" in field.args:
        found.setdefault("purpose", PURPOSE)
    return f"({', '.join(f'{name}: {text}' for name, text in found.items())})" if found else ""


def selection(kind: Any, depth: int, *, purpose: bool, edges: bool = False) -> str:
    """Every field below a type, `depth` objects deep. Members of a union have their fields under names of their own."""
    if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType):
        members = (
            f"... on {member.name} {{ {_fields(member, depth, purpose, edges, f'{member.name}_')} }}"
            for member in GRAPH.get_possible_types(kind)
        )
        return f"{{ __typename {' '.join(members)} }}"
    return f"{{ {_fields(kind, depth, purpose, edges, '')} }}"


def _fields(kind: GraphQLObjectType, depth: int, purpose: bool, edges: bool, prefix: str) -> str:
    found = ["__typename"]
    connection = "nodes" in kind.fields and "edges" in kind.fields
    for name, field in kind.fields.items():
        if connection and name == ("nodes" if edges else "edges"):
            continue
        alias = f"{prefix}{name}: " if prefix else ""
        named = get_named_type(field.type)
        if is_leaf_type(named):
            found.append(f"{alias}{name}{arguments(field, {}, purpose)}")
        elif depth > 0 or is_value(named):
            # What only holds other things costs no depth: pages, sections, money, reasons.
            less = 1 if getattr(named, "fields", {}).get("id") else 0
            below = selection(named, depth - less, purpose=purpose, edges=edges)
            found.append(f"{alias}{name}{arguments(field, {}, purpose)} {below}")
    return " ".join(found)


def is_value(kind: Any) -> bool:
    """Money, a reason: nothing but leaves, and no row of its own."""
    fields = getattr(kind, "fields", {"id": None})
    return "id" not in fields and all(is_leaf_type(get_named_type(field.type)) for field in fields.values())


def minimal(kind: Any, ids: Mapping[str, str], name: str = "") -> Any:
    """The smallest value of an input type, as a variable. Ids by the name of their field."""
    if is_non_null_type(kind):
        return minimal(kind.of_type, ids, name)
    if is_list_type(kind):
        return [minimal(kind.of_type, ids, name)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return {
            field: minimal(one.type, ids, snake(field))
            for field, one in kind.fields.items()
            if is_required_input_field(one)
        }
    return ids.get(name, "unknown") if kind.name == "ID" else SCALARS[kind.name]


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
