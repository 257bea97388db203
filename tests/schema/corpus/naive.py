"""The oracle: stock graphql-core over the printed schema, with naive resolvers over the tables in memory."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    execute,
    get_named_type,
)
from graphql.language import DocumentNode

from tests.schema.corpus import naive_custody, naive_rows
from tests.schema.corpus.answers import Asking, Cells, Paged, Seen, section
from tests.schema.corpus.conditions import Refusal, not_found, row_id, split_id
from tests.schema.corpus.naive_cells import CELLS, MASKS
from tests.schema.corpus.naive_ledger import issuer, ledger
from tests.schema.corpus.naive_lists import ROOT_LISTS, listed, nested
from tests.schema.corpus.naive_rows import WITHIN, related
from tests.schema.corpus.questions import BY_ID
from tests.schema.corpus.refusing import BELOW, refuse_below
from tests.schema.corpus.rights import OFFICES, View
from tests.schema.corpus.showing import global_id, reason, snake

SDL = Path(__file__).parents[3] / "schema.graphql"
CELL_CLASS = naive_rows.CELL_CLASS | naive_custody.CELL_CLASS
NODES = naive_rows.NODES | frozenset(naive_custody.TYPE_OF)
RELATIONS = naive_rows.RELATIONS | naive_custody.RELATIONS
SECTIONS = naive_rows.SECTIONS | naive_custody.SECTIONS
TYPE_OF = naive_rows.TYPE_OF | naive_custody.TYPE_OF
NO_ROWS = {"issuerOf": issuer, "stockLedger": ledger}
"""Root fields that answer what is no row of any table."""
PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,4})?")


def _amount(value: object) -> Decimal:
    if not isinstance(value, str) or not PLAIN_NUMBER.fullmatch(value):
        raise Refusal(
            "BAD_USER_INPUT",
            'An amount is a decimal string such as "500000.00": digits, at most one point, no exponent.',
        )
    return Decimal(value)


def _date(value: object) -> dt.date:
    if not isinstance(value, str):
        raise GraphQLError(f'Value cannot represent a Date: "{value}". Expected a string.')
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise GraphQLError(f'Value cannot represent a Date: "{value}". {error}') from None


def _moment(value: object) -> dt.datetime:
    if not isinstance(value, str):
        raise GraphQLError(f'Value cannot represent a DateTime: "{value}". Expected a string.')
    try:
        return dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise GraphQLError(f'Value cannot represent a DateTime: "{value}". {error}') from None


def printed_schema() -> GraphQLSchema:
    """The schema as it is committed, with the scalars read as their descriptions say."""
    graph = build_schema(SDL.read_text(encoding="utf-8"))
    for name, parse in (("Amount", _amount), ("Date", _date), ("DateTime", _moment)):
        scalar = graph.type_map[name]
        assert isinstance(scalar, GraphQLScalarType)
        scalar.parse_value = scalar.coerce_input_value = parse  # type: ignore[method-assign]
    return graph


GRAPH = printed_schema()


def answer(
    asking: Asking, document: DocumentNode, variables: dict[str, Any], operation: str | None
) -> ExecutionResult:
    """What stock graphql-core answers; the document must have been validated."""
    found = execute(
        GRAPH,
        document,
        context_value=asking,
        variable_values=variables,
        operation_name=operation,
        field_resolver=_resolve,
        type_resolver=lambda value, info, kind: TYPE_OF[value.table],
    )
    assert isinstance(found, ExecutionResult)
    for error in found.errors or ():
        if isinstance(error.original_error, Refusal) and len(error.path or ()) > 1:
            # A refusal below a root field is that of the root field, which cannot be null.
            original = error.original_error
            raised = GraphQLError(original.args[0], path=[error.path[0]], original_error=original)  # type: ignore[index]
            return ExecutionResult(None, [raised])
    return found


def _resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    value = _value(source, info, arguments)
    if value is not None:
        info.context.shown.add((info.parent_type.name, info.field_name))
    return value


def _value(source: Any, info: GraphQLResolveInfo[Any], arguments: dict[str, Any]) -> Any:
    asking, name = info.context, info.field_name
    match source:
        case None:
            return _root(asking, info, arguments)
        case Seen():
            if source.table in NODES:
                asking.rows.add((source.table, source.row.pk))
            return _of_row(asking, info, source, arguments)
        case Cells():
            return _of_section(asking, source, name)
        case Paged():
            return _of_page(asking, source, name)
    return source[name]


def _text(value: Any) -> Any:
    """Days and moments as ISO 8601 has them."""
    return value.isoformat() if isinstance(value, dt.date) else value


def _root(asking: Asking, info: GraphQLResolveInfo[Any], arguments: dict[str, Any]) -> Any:
    name, view = info.field_name, View(arguments.get("purpose") is not None)
    if name in ROOT_LISTS:
        return listed(asking, info, arguments, view)
    if name in NO_ROWS:
        refuse_below(info, get_named_type(info.return_type), info.field_nodes)
        return NO_ROWS[name](asking, arguments, view)
    if name == "me":
        table, key = "staff", asking.rights.staff_id
    elif name == "node":
        table, key = split_id(arguments["id"])
        if table not in NODES:
            raise not_found()
    else:
        table, key = BY_ID[name], row_id(BY_ID[name], arguments["id"])
    kind = get_named_type(info.return_type) if name != "node" else info.schema.type_map[TYPE_OF[table]]
    refuse_below(info, kind, info.field_nodes)
    row = asking.tables.get(table, key)
    if row is None or not asking.rights.exists(table, row, view):
        raise not_found()
    return Seen(table, row, view)


def _of_page(asking: Asking, page: Paged, name: str) -> Any:
    match name:
        case "nodes":
            return page.rows
        case "edges":
            return [{"cursor": page.cursor(seen), "node": seen} for seen in page.rows]
        case "totalCount":
            return page.total
        case "pageInfo":
            return {
                "hasNextPage": page.following,
                "hasPreviousPage": page.preceding,
                "startCursor": page.cursor(page.rows[0]) if page.rows else None,
                "endCursor": page.cursor(page.rows[-1]) if page.rows else None,
            }
    assert page.cells is not None
    return _of_section(asking, page.cells, name)


def _of_row(asking: Asking, info: GraphQLResolveInfo[Any], seen: Seen, arguments: dict[str, Any]) -> Any:
    name, table = info.field_name, seen.table
    if name == "id":
        return global_id(table, seen.row.pk)
    if (info.parent_type.name, name) in BELOW:
        return nested(asking, info, seen, arguments)
    if (table, name) in SECTIONS:
        return section(asking, seen, name, SECTIONS[table, name], arguments)
    if (table, name) in RELATIONS:
        view = asking.rights.below(table, seen.row, seen.view) if table in OFFICES else seen.view
        view = view.with_purpose(arguments.get("purpose") is not None)
        return _follow(asking, RELATIONS[table, name], seen.row, view)
    visibility, _ = asking.rights.cell(table, CELL_CLASS.get(table, "PUBLIC"), seen.row, seen.view)
    return _shown(asking, (table, name), seen.row, visibility)


def _follow(asking: Asking, relation: Any, row: Any, view: View) -> Any:
    table, many, find = relation
    found = [Seen(table, one, view) for one in related(asking.rights, table, find(asking.tables, row), view)]
    return found if many else next(iter(found), None)


def _of_section(asking: Asking, cells: Cells, name: str) -> Any:
    if name == "visibility":
        return cells.visibility
    if name == "reason":
        return reason(cells.reason)
    relation = WITHIN.get((cells.name, name))
    if relation is None:
        return _shown(asking, (cells.name, name), cells.seen.row, cells.visibility)
    if cells.visibility == "WITHHELD":
        return [] if relation[1] else None
    return _follow(asking, relation, cells.seen.row, cells.view)


def _shown(asking: Asking, place: tuple[str, str], row: Any, visibility: str) -> Any:
    """The value, its mask, or nothing."""
    if visibility == "VISIBLE":
        take = CELLS.get(place)
        return _text(take(asking.tables, row) if take else getattr(row, snake(place[1])))
    mask = MASKS.get(place) if visibility == "MASKED" else None
    return mask(asking.tables, row) if mask else None
