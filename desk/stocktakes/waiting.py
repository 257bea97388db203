"""What waits for whom in a stocktake (Annex 1): what desk/stocktakes/keepers.py asks of a person, as SQL."""

from __future__ import annotations

from authz import Action, Role
from desk.actors import holding
from desk.sights.sight import NOW
from desk.turns import ME, MY_PERSON, Step
from models.custody import MovementKind, MovementState, StockDuty, StocktakeFinding, StocktakeState

_NAMED = (
    f"SELECT g.staff_id FROM designation g WHERE g.institution_id = t.institution_id"
    f" AND g.duty = '{StockDuty.STOCK.value}' AND {holding('g', NOW)}"
)
_KEEPS = (
    f"EXISTS (SELECT 1 FROM staff y WHERE y.person_id = {MY_PERSON} AND (y.id IN ({_NAMED}) OR y.id IN"
    f" (SELECT v.deputy_id FROM delegation v WHERE v.role = '{Role.CARD_CUSTODIAN.value}' AND {holding('v', NOW)}"
    f" AND v.principal_id IN ({_NAMED}))))"
)
"""He is designated for this stock under whatever staff number, or stands in for who is."""
_BOOKED = (
    f"EXISTS (SELECT 1 FROM stock_movement u WHERE u.id = x.movement_id AND u.state <> '{MovementState.REJECTED.value}'"
    " AND NOT EXISTS (SELECT 1 FROM stock_movement r WHERE r.source_id = u.id"
    f" AND r.kind = '{MovementKind.REVERSE.value}' AND r.state = '{MovementState.POSTED.value}'))"
)
_UNEXPLAINED = (
    "EXISTS (SELECT 1 FROM stocktake_line x WHERE x.stocktake_id = t.id AND x.explanation = ''"
    f" AND x.finding IN ('{StocktakeFinding.MISSING.value}', '{StocktakeFinding.EXTRA.value}') AND NOT {_BOOKED})"
)

COUNTS: dict[tuple[str, Action | Step], str] = {
    # The first counter lists, as often as he will; then the second confirms.
    ("stocktake", Action.COUNT): (
        f"t.state = '{StocktakeState.OPEN.value}' AND ((t.first_counter_id = {ME} AND t.counted_at IS NULL)"
        f" OR (t.second_counter_id = {ME} AND t.counted_at IS NOT NULL))"
    ),
    # A difference that is being booked waits for two signatures, and for no explanation. What was reversed is open again.
    ("stocktake", Action.RECORD): (
        f"t.state IN ('{StocktakeState.DIFFERENCE.value}', '{StocktakeState.EXPLAINED.value}')"
        f" AND {_UNEXPLAINED} AND NOT {_KEEPS}"
    ),
}
"""By table and act, as in desk/inbox.py. `t` is the row."""
