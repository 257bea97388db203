"""Lists of the oracle: which rows, in which order, and which page of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from graphql import GraphQLResolveInfo, get_named_type

from tests.schema.corpus.answers import Asking, Cells, Paged, Seen, section
from tests.schema.corpus.conditions import BAD_CURSOR, Refusal, Slice, columns, ordered
from tests.schema.corpus.lists import LISTS
from tests.schema.corpus.naive_cells import column
from tests.schema.corpus.naive_inbox import WAITING, waits
from tests.schema.corpus.naive_ledger import number_of
from tests.schema.corpus.naive_rows import lines, related
from tests.schema.corpus.refusing import BELOW, is_read, page_arguments, refuse_below
from tests.schema.corpus.rights import KIND, Rights, View
from tests.schema.corpus.tables import Tables

ROOT_LISTS = {
    "accessRecords": "access_record",
    "archives": "archive",
    "assignments": "assignment",
    "campaigns": "campaign",
    "customerMerges": "customer_merge",
    "customers": "customer",
    "delegations": "delegation",
    "evaluations": "evaluation",
    "exceptionCases": "exception_case",
    "filings": "filing",
    "handovers": "handover",
    "implementingRules": "implementing_rule",
    "imports": "import_run",
    "indicators": "indicator",
    "institutions": "institution",
    "invitations": "invitation",
    "memberships": "membership",
    "monthRuns": "month_run",
    "proposals": "proposal",
    "screenings": "screening",
    "staff": "staff",
    "standards": "standard",
    "whatIfs": "what_if",
    "workItems": "work_item",
    "cardNumberHistory": "movement_line",
    "cardOrders": "card_order",
    "cardProducts": "card_product",
    "cardReports": "card_report",
    "cards": "card",
    "designations": "designation",
    "destructionLists": "destruction_list",
    "manufacturers": "manufacturer",
    "numberSegments": "number_segment",
    "stockAccounts": "stock_account",
    "stockDays": "stock_day",
    "stockHandovers": "stock_handover",
    "stockHoldings": "stock_holding",
    "stockMovements": "stock_movement",
    "stockQuotas": "stock_quota",
    "stocktakes": "stocktake",
    "supervisionLines": "supervision_line",
}
ROOT_LISTS |= {name: table for name, (table, _) in WAITING.items()}


HANGS_BY = {
    ("card_order", "stock_movement"): "order_id",
    ("destruction_list", "destruction_line"): "destruction_id",
    ("handover", "handover_line"): "handover_id",
    ("institution", "institution"): "parent_id",
    ("manufacturer", "card_price"): "manufacturer_id",
    ("number_segment", "number_segment"): "parent_id",
    ("stock_handover", "stock_handover_line"): "handover_id",
    ("stock_movement", "movement_line"): "movement_id",
    ("stocktake", "stocktake_line"): "stocktake_id",
}
"""Of pages that hang on a row: the column that names it."""


def listed(asking: Asking, info: GraphQLResolveInfo[Any], arguments: dict[str, Any], view: View) -> Paged:
    name, rights = info.field_name, asking.rights
    table = ROOT_LISTS[name]
    about = LISTS[table]
    number = arguments.get("number")
    card = number_of(number) if number is not None else None
    where, order, page = page_arguments(table, arguments)
    kind = get_named_type(info.return_type)
    refuse_below(info, kind, info.field_nodes)
    if not is_read(info, kind, info.field_nodes):
        return Paged(table, [], (), 0, False, False)
    probed = {about.class_of(one) for one in columns(where)} | {about.class_of(one) for one, _ in order}
    for data_class in sorted(probed - {"PUBLIC"}):
        _must_see(rights, table, data_class, view)
    rows = [
        row
        for row in related(rights, table, asking.tables.all(table), view)
        if (name not in WAITING or waits(asking.tables, rights, name, row))
        and (card is None or moved(asking.tables, row, card))
        and _belongs(asking, table, arguments.get("portfolio", "REACH"), row)
        and all(rights.cell(table, cls, row, view)[0] == "VISIBLE" for cls in probed - {"PUBLIC"})
        and (where is None or where.fulfilled(lambda one, row=row: column(asking.tables, table, row, one)))  # type: ignore[misc]
    ]
    key = (
        rights.staff_id,
        name if name in WAITING else table,
        where,
        tuple(order),
        arguments.get("portfolio"),
        number,
        False,
    )
    full = about.full([("posted_at", False), ("first", False)] if card else order)
    return _page(asking, info, table, rows, page, full, key, view)


def moved(tables: Tables, line: Any, card: tuple[str, str, int]) -> bool:
    """Whether a posted line moved the card of this tier, design and serial."""
    tier, design, serial = card
    product = tables.get("card_product", line.product_id)
    return (
        tables.get("stock_movement", line.movement_id).state == "POSTED"
        and (product.tier, product.design) == (tier, design)
        and line.first_serial <= serial <= line.last_serial
    )


def _must_see(rights: Rights, table: str, data_class: str, view: View) -> None:
    if rights.could_see(table, data_class, view):
        return
    if not view.purposeful and rights.could_see(table, data_class, replace(view, purposeful=True)):
        raise Refusal(
            "FILTER_NOT_ALLOWED",
            f"Filtering or sorting by {data_class} needs a purpose. Give the list a purpose.",
        )
    kind = KIND.get(table, "customer")
    raise Refusal(
        "FILTER_NOT_ALLOWED",
        f"You cannot filter or sort {kind} rows by {data_class}: none of its values is visible to you. "
        "Remove it from where and orderBy.",
    )


def _belongs(asking: Asking, table: str, portfolio: str, row: Any) -> bool:
    if portfolio == "MINE":
        return asking.rights.staff_id in asking.tables.managers(asking.tables.owner(table, row))
    if portfolio == "BRANCH":
        seats = asking.rights.actor.seats
        return asking.tables.owner(table, row).owner_path in {seat.path for seat in seats}
    return True


def _page(
    asking: Asking,
    info: GraphQLResolveInfo[Any],
    table: str,
    rows: list[Any],
    page: Slice,
    order: list[tuple[str, bool]],
    key: tuple[Any, ...],
    view: View,
    cells: Cells | None = None,
) -> Paged:
    """The asked part of the ordered rows."""
    assert info.path is not None
    asking.lists[tuple(step for step in info.path.as_list() if isinstance(step, str))] = key
    mark = None
    if page.cursor is not None:
        place = asking.cursors.get(page.cursor)
        if place is None or place.list != key:
            raise Refusal("BAD_CURSOR", BAD_CURSOR)
        mark = asking.tables.get(table, place.row)
    total = len(rows)
    if mark is not None and mark not in rows:
        rows = [*rows, mark]
    rows = ordered(rows, order, lambda row, name: column(asking.tables, table, row, name))
    if mark is not None:
        at = rows.index(mark)
        rows = rows[:at] if page.backwards else rows[at + 1 :]
    more = len(rows) > page.size
    rows = (rows[-page.size :] if page.backwards else rows[: page.size]) if rows else rows
    ahead = mark is not None
    following, preceding = (ahead, more) if page.backwards else (more, ahead)
    seen = [Seen(table, row, view) for row in rows]
    return Paged(table, seen, key, total, following, preceding, cells)


def nested(asking: Asking, info: GraphQLResolveInfo[Any], seen: Seen, arguments: dict[str, Any]) -> Paged:
    table = BELOW[info.parent_type.name, info.field_name]
    where, order, page = page_arguments(table, arguments)
    tables, view, cells = asking.tables, seen.view, None
    if table == "transaction_line":
        cells = section(asking, seen, "transactions", "TRANSACTION", arguments)
        view = cells.view
        if cells.visibility == "WITHHELD":
            return Paged(table, [], (), 0, False, False, cells)
        rows = lines(tables, seen.row)
    else:
        rows = tables.where(table, HANGS_BY[seen.table, table], seen.row.id)
    if info.field_name == "differences":
        rows = [row for row in rows if row.finding in {"MISSING", "EXTRA"}]
    rows = [
        row
        for row in related(asking.rights, table, rows, view)
        if where is None or where.fulfilled(lambda name, row=row: column(tables, table, row, name))  # type: ignore[misc]
    ]
    # Lists that hang by the same column are one list to a cursor: it is a place among the rows of that table.
    by = HANGS_BY.get((seen.table, table), info.field_name)
    key = (asking.rights.staff_id, table, where, tuple(order), by, bool(view.customers))
    return _page(asking, info, table, rows, page, LISTS[table].full(order), key, view, cells)
