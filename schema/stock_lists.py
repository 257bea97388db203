"""The lists of stock: movements, holdings, accounts and days, what waits for a signature, and where a number has been."""

from __future__ import annotations

from authz import Action
from desk.stock.ledger import MOVED_IN_ORDER, moved
from desk.turns import Step
from schema.filters import by_id, plain
from schema.list_of import ListOf

STOCK: dict[str, ListOf] = {
    "card.to_hand_out": ListOf(of="card", awaiting=Step.HAND_OUT),
    "card.to_issue": ListOf(of="card", awaiting=Action.ISSUE),
    "card_order.to_approve": ListOf(of="card_order", awaiting=Action.APPROVE),
    "card_order.to_place": ListOf(of="card_order", awaiting=Action.EXECUTE),
    "card_order.to_settle": ListOf(of="card_order", awaiting=Action.RECORD),
    "movement_line.history": ListOf(
        of="movement_line", told=lambda given: moved(given["number"]), order=MOVED_IN_ORDER
    ),
    "stock_account": ListOf(
        {
            "institutionId": by_id("institution_id", "institution"),
            "productId": by_id("product_id", "card_product"),
            "agrees": plain("agrees"),
        }
    ),
    "stock_day": ListOf(
        {
            "institutionId": by_id("institution_id", "institution"),
            "productId": by_id("product_id", "card_product"),
            "day": plain("day"),
        }
    ),
    "stock_holding": ListOf(
        {
            "institutionId": by_id("institution_id", "institution"),
            "toInstitutionId": by_id("to_institution_id", "institution"),
            "productId": by_id("product_id", "card_product"),
            "state": plain("state"),
        }
    ),
    "stock_movement": ListOf(
        {
            "institutionId": by_id("institution_id", "institution"),
            "otherId": by_id("other_id", "institution"),
            "productId": by_id("product_id", "card_product"),
            "orderId": by_id("order_id", "card_order"),
            "sourceId": by_id("source_id", "stock_movement"),
            "draftedById": by_id("drafted_by_id", "staff"),
            "kind": plain("kind"),
            "state": plain("state"),
            "draftedAt": plain("drafted_at"),
            "postedOn": plain("posted_on"),
        }
    ),
    "stock_movement.to_countersign": ListOf(of="stock_movement", awaiting=Action.COUNTERSIGN),
    "stock_movement.to_list": ListOf(of="stock_movement", awaiting=Action.PROPOSE),
    "stock_movement.to_reject": ListOf(of="stock_movement", awaiting=Action.REJECT),
    "stock_movement.to_sign": ListOf(of="stock_movement", awaiting=Action.SIGN),
}
