"""Rows of card custody for the oracle: what hangs on each, and in which class its cells are, written a second time."""

from __future__ import annotations

from typing import Any

from tests.schema.corpus.naive_rows import MANY, Rows, of, to

TYPE_OF = {
    "card": "Card",
    "card_order": "CardOrder",
    "card_product": "CardProduct",
    "card_report": "CardReport",
    "designation": "Designation",
    "destruction_list": "DestructionList",
    "manufacturer": "Manufacturer",
    "movement_line": "MovementLine",
    "number_segment": "NumberSegment",
    "signature": "Signature",
    "stock_account": "StockAccount",
    "stock_day": "StockDay",
    "stock_handover": "StockHandover",
    "stock_holding": "StockHolding",
    "stock_movement": "StockMovement",
    "stock_quota": "StockQuota",
    "stocktake": "Stocktake",
    "stocktake_line": "StocktakeLine",
    "supervision_line": "SupervisionLine",
}
CELL_CLASS = dict.fromkeys(("card", "card_back", "card_event"), "VIP_STATUS")
SECTIONS = {("card", "holder"): "NAME", ("card_back", "holder"): "NAME", ("card_event", "reason"): "SERVICE"}
PLACED = (
    "card_order", "card_report", "designation", "destruction_list", "number_segment", "stock_account", "stock_day",
    "stock_handover", "stock_holding", "stock_movement", "stock_quota", "stocktake",
)  # fmt: skip
OF_A_PRODUCT = (
    "card", "card_order", "destruction_list", "number_segment", "stock_account", "stock_day", "stock_handover_line",
    "stock_holding", "stock_movement", "stock_quota", "stocktake",
)  # fmt: skip
BY_STAFF = {
    "card": ("issuedBy", "requestedBy"),
    "card_back": ("clerk",),
    "card_event": ("by",),
    "card_order": ("approvedBy", "cancelledBy", "draftedBy", "placedBy", "settledBy"),
    "card_report": ("closedBy", "reportedBy"),
    "designation": ("staff",),
    "destruction_list": ("accountingBy", "auditBy", "firstWitness", "listedBy", "secondWitness"),
    "number_segment": ("dividedBy", "withdrawnBy"),
    "signature": ("forStaff", "staff"),
    "stock_handover": ("drawnUpBy", "giver", "receiver", "secondWitness", "witness"),
    "stock_movement": ("draftedBy", "rejectedBy"),
    "stock_quota": ("setBy",),
    "stocktake": ("closedBy", "firstCounter", "openedBy", "secondCounter"),
    "stocktake_line": ("explainedBy",),
    "supervision_line": ("staff", "supervisor"),
}
"""Who did it, or is named: the column has the field's name."""


def _staff(name: str) -> Any:
    column = "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name)
    return to("staff", f"{column}_id")


RELATIONS: dict[tuple[str, str], tuple[str, bool, Rows]] = {
    **{(table, "institution"): to("institution", "institution_id") for table in PLACED},
    **{(table, "product"): to("card_product", "product_id") for table in OF_A_PRODUCT},
    **{(table, name): _staff(name) for table, names in BY_STAFF.items() for name in names},
    ("card", "back"): of("card_back", "card_id", False),
    ("card", "customer"): to("customer", "customer_id"),
    ("card", "events"): of("card_event", "card_id", MANY, ("version", "id")),
    ("card", "issuer"): to("institution", "issuer_id"),
    ("card", "membership"): to("membership", "membership_id"),
    ("card", "movements"): of("stock_movement", "card_id", MANY, ("drafted_at", "id")),
    ("card", "replaces"): to("card", "replaces_id"),
    ("card_order", "manufacturer"): to("manufacturer", "manufacturer_id"),
    ("customer", "cards"): of("card", "customer_id", MANY, ("requested_at", "id")),
    ("destruction_list", "movement"): to("stock_movement", "movement_id"),
    ("membership", "cards"): of("card", "membership_id", MANY, ("requested_at", "id")),
    ("movement_line", "movement"): to("stock_movement", "movement_id"),
    ("number_segment", "parent"): to("number_segment", "parent_id"),
    ("stock_holding", "movement"): to("stock_movement", "movement_id"),
    ("stock_holding", "toInstitution"): to("institution", "to_institution_id"),
    ("stock_movement", "card"): to("card", "card_id"),
    ("stock_movement", "order"): to("card_order", "order_id"),
    ("stock_movement", "other"): to("institution", "other_id"),
    ("stock_movement", "signatures"): of("signature", "movement_id", MANY, ("signed_at", "id")),
    ("stock_movement", "source"): to("stock_movement", "source_id"),
    ("stocktake_line", "movement"): to("stock_movement", "movement_id"),
}
