"""Cells of card custody for the oracle: what stands in each, and as filters compare it, written a second time."""

from __future__ import annotations

from typing import Any

from tests.schema.corpus.showing import money
from tests.schema.corpus.tables import Tables, holds

STATES = (
    "IN_STOCK", "IN_TRANSIT", "RESERVED", "ISSUED", "RETURNED", "SPOILED", "TO_DESTROY", "DESTROYED", "MISSING",
)  # fmt: skip
ENDED = frozenset({"LOST", "EXPIRED", "RETURNED", "CANCELLED", "VOIDED"})
RANGED = (
    "destruction_line", "movement_line", "number_segment", "stock_handover_line", "stock_holding", "stocktake_line",
)  # fmt: skip


def _first(tables: Tables, row: Any) -> str:
    return f"{row.first_serial:012}"


def _last(tables: Tables, row: Any) -> str:
    return f"{row.last_serial:012}"


def _holder(tables: Tables, row: Any) -> str:
    """On a back as it was written, else as he is called now."""
    written = getattr(row, "holder_name", None)
    return str(written if written is not None else tables.get("customer", row.customer_id).name)


def _verdict(tables: Tables, card: Any) -> str:
    """Art. 3: what a card is worth today, first by itself, then by the membership behind it."""
    if card.state in ENDED:
        return str(card.state)
    if card.state != "ISSUED":
        return "NOT_ISSUED"
    if card.term_ends < tables.today:
        return "EXPIRED"
    member = tables.get("membership", card.membership_id)
    if member.state == "SUSPENDED":
        return "MEMBERSHIP_SUSPENDED"
    over = member.term_ends is not None and member.term_ends < tables.today
    if member.state not in {"ACTIVE", "REVIEW_DUE"} or over:
        return "MEMBERSHIP_OVER"
    return "VALID" if member.tier == tables.get("card_product", card.product_id).tier else "TIER_CHANGED"


def same_stock(tables: Tables, table: str, account: Any) -> list[Any]:
    """The rows of a table that are of the account's institution and product."""
    return [
        row
        for row in tables.where(table, "institution_id", account.institution_id)
        if row.product_id == account.product_id
    ]


def _quota(tables: Tables, account: Any) -> int | None:
    """The last that was set."""
    found = same_stock(tables, "stock_quota", account)
    last = max(found, key=lambda one: (one.set_at, str(one.id)), default=None)
    return None if last is None else int(last.quantity)


def _on_the_way(tables: Tables, account: Any) -> int:
    coming = tables.where("stock_holding", "to_institution_id", account.institution_id)
    return sum(one.quantity for one in coming if one.product_id == account.product_id)


def books(tables: Tables, account: Any) -> list[tuple[str, int, int]]:
    """Of each thing that two books tell: what the account says, and what the other one does."""
    lying = dict.fromkeys(STATES, 0)
    for one in same_stock(tables, "stock_holding", account):
        lying[one.state] += one.quantity
    days = sorted(same_stock(tables, "stock_day", account), key=lambda one: one.day)
    told = [
        (f"{state} by account and by holdings", getattr(account, state.lower()), lying[state])
        for state in STATES
    ]
    by_days = sum(one.came_in - one.went_out for one in days)
    told.append(("IN_STOCK by account and by days", account.in_stock, by_days))
    closing = days[-1].closing if days else 0
    told.append(("IN_STOCK by account and by the last closing", account.in_stock, closing))
    return told


def _agrees(tables: Tables, account: Any) -> bool:
    return all(one == other for _, one, other in books(tables, account))


def _money(column: str) -> Any:
    return lambda tables, row: money(getattr(row, column), row.currency)


def _or_nothing(column: str) -> Any:
    return lambda tables, row: getattr(row, column) or None


def _holds(tables: Tables, row: Any) -> bool:
    return holds(row, tables.now)


def _withdrawn(tables: Tables, segment: Any) -> bool:
    return segment.withdrawn_at is not None


def _posted_at(tables: Tables, line: Any) -> Any:
    return tables.get("stock_movement", line.movement_id).posted_at


CELLS: dict[tuple[str, str], Any] = {
    **{(table, "first"): _first for table in RANGED},
    **{(table, "last"): _last for table in RANGED},
    ("card", "verdict"): _verdict,
    ("card_event", "cause"): _or_nothing("cause"),
    ("card_order", "amount"): _money("amount"),
    ("card_order", "invoiced"): _money("invoiced"),
    ("card_order", "unitPrice"): _money("unit_price"),
    ("card_price", "unitPrice"): _money("unit_price"),
    ("designation", "holdsNow"): _holds,
    ("holder", "value"): _holder,
    ("movement_line", "fromState"): _or_nothing("from_state"),
    ("movement_line", "toState"): _or_nothing("to_state"),
    ("number_segment", "withdrawn"): _withdrawn,
    ("stock_account", "agrees"): _agrees,
    ("stock_account", "onTheWay"): _on_the_way,
    ("stock_account", "quota"): _quota,
    ("stock_holding", "was"): _or_nothing("was"),
    ("stock_movement", "cause"): _or_nothing("cause"),
    ("stocktake_line", "state"): _or_nothing("state"),
    ("supervision_line", "holdsNow"): _holds,
}
COLUMNS: dict[tuple[str, str], Any] = {
    **{(table, "first"): _first for table in RANGED},
    ("card_report", "open"): lambda tables, row: row.closed_at is None,
    ("designation", "holds_now"): _holds,
    ("movement_line", "posted_at"): _posted_at,
    ("number_segment", "withdrawn"): _withdrawn,
    ("stock_account", "agrees"): _agrees,
    ("supervision_line", "holds_now"): _holds,
}
