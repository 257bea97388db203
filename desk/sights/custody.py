"""Card custody: products, segments, orders, stock, movements and their signatures, stocktakes, destruction (Notice 4)."""

from __future__ import annotations

from authz import Kind
from desk.actors import holding
from desk.sights.reckoning import RECKONED
from desk.sights.sight import NOW, Derived, Relation, Sight
from models.custody import MovementState
from models.designations import Designation
from models.destruction import DestructionLine, DestructionList
from models.movements import MovementLine, Signature, StockMovement
from models.orders import CardOrder
from models.products import CardPrice, CardProduct, Manufacturer
from models.quotas import StockQuota
from models.segments import NumberSegment
from models.stock import StockAccount, StockDay, StockHolding
from models.stock_handovers import StockHandover, StockHandoverLine
from models.stocktakes import Stocktake, StocktakeLine

OF_PLACE = "JOIN institution i ON i.id = t.institution_id"
PATH = "i.acting_path"


def _serial(column: str) -> Derived:
    """All twelve digits: a serial is a text to whoever reads it, and too long for a number of GraphQL."""
    return Derived(f"substr(CAST(1000000000000 + t.{column} AS text), 2)", nullable=False)


RANGE = {"first": _serial("first_serial"), "last": _serial("last_serial")}


def _of_product(column: str) -> Derived:
    return Derived(f"(SELECT k.{column} FROM card_product k WHERE k.id = t.product_id)", nullable=False)


def _one(table: str, column: str) -> Relation:
    return Relation(table, f"t.{column}", "t.id", many=False)


INSTITUTION = _one("institution", "institution_id")
PRODUCT = _one("card_product", "product_id")


def _through(table: str, column: str) -> str:
    """A line is seen where the list is that it stands on."""
    return f"JOIN {table} o ON o.id = t.{column} JOIN institution i ON i.id = o.institution_id"


SIGHTS: dict[str, Sight] = {
    "card_order": Sight(
        CardOrder,
        Kind.CARD_ORDER,
        OF_PLACE,
        PATH,
        order=("drafted_at", "id"),
        relations={
            "institution": INSTITUTION,
            "product": PRODUCT,
            "manufacturer": _one("manufacturer", "manufacturer_id"),
            "drafted_by": _one("staff", "drafted_by_id"),
            "approved_by": _one("staff", "approved_by_id"),
            "placed_by": _one("staff", "placed_by_id"),
            "settled_by": _one("staff", "settled_by_id"),
            "cancelled_by": _one("staff", "cancelled_by_id"),
            "movements": Relation("stock_movement", "t.id", "t.order_id"),
        },
    ),
    "card_price": Sight(
        CardPrice,
        Kind.CARD_PRODUCT,
        order=("effective_from", "id"),
        relations={"manufacturer": _one("manufacturer", "manufacturer_id")},
    ),
    "card_product": Sight(CardProduct, Kind.CARD_PRODUCT, order=("tier", "design")),
    "designation": Sight(
        Designation,
        Kind.DESIGNATION,
        OF_PLACE,
        PATH,
        order=("valid_from", "id"),
        derived={"holds_now": Derived(f"({holding('t', NOW)})", type="bool", nullable=False)},
        relations={"institution": INSTITUTION, "staff": _one("staff", "staff_id")},
    ),
    "destruction_line": Sight(
        DestructionLine,
        Kind.DESTRUCTION,
        _through("destruction_list", "destruction_id"),
        PATH,
        order=("first_serial", "id"),
        derived=RANGE,
    ),
    "destruction_list": Sight(
        DestructionList,
        Kind.DESTRUCTION,
        OF_PLACE,
        PATH,
        order=("listed_at", "id"),
        relations={
            "institution": INSTITUTION,
            "product": PRODUCT,
            "listed_by": _one("staff", "listed_by_id"),
            "accounting_by": _one("staff", "accounting_by_id"),
            "audit_by": _one("staff", "audit_by_id"),
            "first_witness": _one("staff", "first_witness_id"),
            "second_witness": _one("staff", "second_witness_id"),
            "lines": Relation("destruction_line", "t.id", "t.destruction_id"),
            "movement": _one("stock_movement", "movement_id"),
        },
    ),
    "manufacturer": Sight(
        Manufacturer,
        Kind.CARD_PRODUCT,
        order=("code",),
        relations={"prices": Relation("card_price", "t.id", "t.manufacturer_id")},
    ),
    "movement_line": Sight(
        MovementLine,
        Kind.STOCK_MOVEMENT,
        _through("stock_movement", "movement_id"),
        PATH,
        order=("first_serial", "id"),
        derived=RANGE
        | {
            "low": Derived("t.first_serial", type="int", nullable=False),
            "high": Derived("t.last_serial", type="int", nullable=False),
            "tier": _of_product("tier"),
            "design": _of_product("design"),
            "from_state": Derived("NULLIF(t.from_state, '')"),
            "to_state": Derived("NULLIF(t.to_state, '')"),
            "posted": Derived(f"(o.state = '{MovementState.POSTED.value}')", type="bool", nullable=False),
            "posted_at": Derived("o.posted_at", type="datetime"),
        },
        relations={"movement": _one("stock_movement", "movement_id")},
    ),
    "number_segment": Sight(
        NumberSegment,
        Kind.NUMBER_SEGMENT,
        OF_PLACE,
        PATH,
        order=("first_serial", "depth", "id"),
        derived=RANGE | {"withdrawn": Derived("(t.withdrawn_at IS NOT NULL)", type="bool", nullable=False)},
        relations={
            "institution": INSTITUTION,
            "product": PRODUCT,
            "divided_by": _one("staff", "divided_by_id"),
            "withdrawn_by": _one("staff", "withdrawn_by_id"),
            "parent": _one("number_segment", "parent_id"),
            "children": Relation("number_segment", "t.id", "t.parent_id"),
        },
    ),
    "signature": Sight(
        Signature,
        Kind.STOCK_MOVEMENT,
        _through("stock_movement", "movement_id"),
        PATH,
        order=("signed_at", "id"),
        relations={"staff": _one("staff", "staff_id"), "for_staff": _one("staff", "for_staff_id")},
    ),
    "stock_account": Sight(
        StockAccount,
        Kind.STOCK,
        OF_PLACE,
        PATH,
        order=("id",),
        derived={
            "quota": Derived(
                "(SELECT q.quantity FROM stock_quota q WHERE q.institution_id = t.institution_id"
                " AND q.product_id = t.product_id ORDER BY q.set_at DESC, q.id DESC LIMIT 1)",
                type="int",
            ),
            "on_the_way": Derived(
                "(SELECT COALESCE(sum(h.quantity), 0) FROM stock_holding h"
                " WHERE h.to_institution_id = t.institution_id AND h.product_id = t.product_id)",
                type="int",
                nullable=False,
            ),
        }
        | RECKONED,
        relations={"institution": INSTITUTION, "product": PRODUCT},
    ),
    "stock_day": Sight(
        StockDay,
        Kind.STOCK,
        OF_PLACE,
        PATH,
        order=("day", "id"),
        relations={"institution": INSTITUTION, "product": PRODUCT},
    ),
    "stock_handover": Sight(
        StockHandover,
        Kind.STOCK_HANDOVER,
        OF_PLACE,
        PATH,
        order=("drawn_up_at", "id"),
        relations={
            "institution": INSTITUTION,
            "giver": _one("staff", "giver_id"),
            "receiver": _one("staff", "receiver_id"),
            "witness": _one("staff", "witness_id"),
            "second_witness": _one("staff", "second_witness_id"),
            "drawn_up_by": _one("staff", "drawn_up_by_id"),
            "lines": Relation("stock_handover_line", "t.id", "t.handover_id"),
        },
    ),
    "stock_handover_line": Sight(
        StockHandoverLine,
        Kind.STOCK_HANDOVER,
        _through("stock_handover", "handover_id"),
        PATH,
        order=("product_id", "first_serial", "id"),
        derived=RANGE,
        relations={"product": PRODUCT},
    ),
    "stock_holding": Sight(
        StockHolding,
        Kind.STOCK,
        OF_PLACE,
        PATH,
        order=("product_id", "first_serial"),
        derived=RANGE | {"was": Derived("NULLIF(t.was, '')")},
        relations={
            "institution": INSTITUTION,
            "product": PRODUCT,
            "to_institution": _one("institution", "to_institution_id"),
            "movement": _one("stock_movement", "movement_id"),
        },
    ),
    "stock_movement": Sight(
        StockMovement,
        Kind.STOCK_MOVEMENT,
        OF_PLACE,
        PATH,
        order=("drafted_at", "id"),
        derived={"cause": Derived("NULLIF(t.cause, '')")},
        relations={
            "institution": INSTITUTION,
            "product": PRODUCT,
            "other": _one("institution", "other_id"),
            "order": _one("card_order", "order_id"),
            "card": _one("card", "card_id"),
            "source": _one("stock_movement", "source_id"),
            "drafted_by": _one("staff", "drafted_by_id"),
            "rejected_by": _one("staff", "rejected_by_id"),
            "lines": Relation("movement_line", "t.id", "t.movement_id"),
            "signatures": Relation("signature", "t.id", "t.movement_id"),
        },
    ),
    "stock_quota": Sight(
        StockQuota,
        Kind.STOCK,
        OF_PLACE,
        PATH,
        order=("set_at", "id"),
        relations={"institution": INSTITUTION, "product": PRODUCT, "set_by": _one("staff", "set_by_id")},
    ),
    "stocktake": Sight(
        Stocktake,
        Kind.STOCKTAKE,
        OF_PLACE,
        PATH,
        order=("opened_at", "id"),
        relations={
            "institution": INSTITUTION,
            "product": PRODUCT,
            "first_counter": _one("staff", "first_counter_id"),
            "second_counter": _one("staff", "second_counter_id"),
            "opened_by": _one("staff", "opened_by_id"),
            "closed_by": _one("staff", "closed_by_id"),
            "lines": Relation("stocktake_line", "t.id", "t.stocktake_id"),
            "differences": Relation(
                "stocktake_line", "t.id", "t.stocktake_id", where="t.finding IN ('MISSING', 'EXTRA')"
            ),
        },
    ),
    "stocktake_line": Sight(
        StocktakeLine,
        Kind.STOCKTAKE,
        _through("stocktake", "stocktake_id"),
        PATH,
        order=("finding", "first_serial", "id"),
        derived=RANGE | {"state": Derived("NULLIF(t.state, '')")},
        relations={
            "explained_by": _one("staff", "explained_by_id"),
            "movement": _one("stock_movement", "movement_id"),
        },
    ),
}
