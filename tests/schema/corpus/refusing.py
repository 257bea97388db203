"""Arguments that are wrong below a root field: they refuse the root as a whole, whether or not there is a row to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionSetNode,
    get_argument_values,
    get_directive_values,
    get_named_type,
    is_object_type,
)

from tests.schema.corpus.conditions import Joined, Slice
from tests.schema.corpus.lists import LISTS

BELOW = {
    ("CardOrder", "movements"): "stock_movement",
    ("Customer", "transactions"): "transaction_line",
    ("DestructionList", "lines"): "destruction_line",
    ("Handover", "lines"): "handover_line",
    ("Institution", "children"): "institution",
    ("Manufacturer", "prices"): "card_price",
    ("NumberSegment", "children"): "number_segment",
    ("StockHandover", "lines"): "stock_handover_line",
    ("StockMovement", "lines"): "movement_line",
    ("Stocktake", "differences"): "stocktake_line",
    ("Stocktake", "lines"): "stocktake_line",
}
"""Lists that hang on a row, and of which table they are."""


def page_arguments(
    table: str, arguments: Mapping[str, Any]
) -> tuple[Joined | None, list[tuple[str, bool]], Slice]:
    """Filter, order and page of a list. Refusal, of the first of them that is wrong."""
    about = LISTS[table]
    where, order = about.where(arguments.get("where")), about.orders(arguments.get("orderBy"))
    return where, order, Slice.of(arguments)


def refuse_below(info: GraphQLResolveInfo[Any], kind: Any, nodes: Any) -> None:
    """Arguments that are wrong anywhere below a root field refuse the root field as a whole, asked row or not."""
    for node in nodes:
        for selected, parent in _fields(info, kind, node.selection_set):
            name = selected.name.value
            if name.startswith("__"):
                continue
            definition = parent.fields[name]
            table = BELOW.get((parent.name, name))
            if table is not None:
                page_arguments(table, get_argument_values(definition, selected, info.variable_values))
            below = get_named_type(definition.type)
            if is_object_type(below):
                refuse_below(info, below, [selected])


def is_read(info: GraphQLResolveInfo[Any], kind: Any, nodes: Any) -> bool:
    """Whether anything is asked of a list: of one that is not read, nothing in it can be refused."""
    names = {node.name.value for one in nodes for node, _ in _fields(info, kind, one.selection_set)}
    return bool(names - {"__typename"})


def _fields(
    info: GraphQLResolveInfo[Any], kind: GraphQLObjectType, selections: SelectionSetNode | None
) -> Iterator[tuple[FieldNode, GraphQLObjectType]]:
    """The fields that a row of this very type is asked for."""
    for node in selections.selections if selections else ():
        skip = get_directive_values(GraphQLSkipDirective, node, info.variable_values)
        include = get_directive_values(GraphQLIncludeDirective, node, info.variable_values)
        if (skip and skip["if"]) or (include and not include["if"]):
            continue
        if isinstance(node, FieldNode):
            yield node, kind
            continue
        within: Any = node
        if isinstance(node, FragmentSpreadNode):
            within = info.fragments[node.name.value]
            within = getattr(within, "definition", within)
        assert isinstance(node, FragmentSpreadNode | InlineFragmentNode)
        condition = within.type_condition
        if condition is None or _is_a(info, kind, condition.name.value):
            yield from _fields(info, kind, within.selection_set)


def _is_a(info: GraphQLResolveInfo[Any], kind: GraphQLObjectType, name: str) -> bool:
    wanted: Any = info.schema.type_map[name]
    return wanted is kind or (not is_object_type(wanted) and info.schema.is_sub_type(wanted, kind))
