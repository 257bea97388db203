"""Reckoning (对账): what holdings and days say of a stock account beside what it says itself (Notice 4, Annex 1).

Columns of the account's own row, so that all of them are of one moment whatever is posted meanwhile.
"""

from __future__ import annotations

from desk.sights.sight import Derived
from models.custody import StockState
from models.stock import COUNTS


def _lying(state: StockState) -> Derived:
    """How many cards the holdings of one account have in a state: what its own count must come to."""
    return Derived(
        "(SELECT COALESCE(sum(h.quantity), 0) FROM stock_holding h WHERE h.institution_id = t.institution_id"
        f" AND h.product_id = t.product_id AND h.state = '{state.value}')",
        type="int",
        nullable=False,
    )


LYING = {f"lying_{COUNTS[state]}": _lying(state) for state in StockState}
OF_DAYS = "FROM stock_day d WHERE d.institution_id = t.institution_id AND d.product_id = t.product_id"
DAYS = {
    "by_days": Derived(
        f"(SELECT COALESCE(sum(d.came_in - d.went_out), 0) {OF_DAYS})", type="int", nullable=False
    ),
    "last_closing": Derived(
        f"COALESCE((SELECT d.closing {OF_DAYS} ORDER BY d.day DESC LIMIT 1), 0)", type="int", nullable=False
    ),
}
RECKONED = {
    **LYING,
    **DAYS,
    "agrees": Derived(
        "("
        + " AND ".join(f"t.{COUNTS[state]} = {LYING[f'lying_{COUNTS[state]}'].sql}" for state in StockState)
        + "".join(f" AND t.in_stock = {one.sql}" for one in DAYS.values())
        + ")",
        type="bool",
        nullable=False,
    ),
}
"""By column. `agrees`: every count is what the holdings come to, and the stock is what the days come to."""
