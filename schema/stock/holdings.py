"""Holdings (库存) as the graph shows them: which card numbers lie where, and as what."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from models.custody import StockState
from schema.fields import column, one
from schema.filters import IdFilter
from schema.institutions import Institution
from schema.node import Node
from schema.stock.movements import StockMovement
from schema.stock.words import StockStateFilter
from schema.wheres import AND, NOT, OR, compare

if TYPE_CHECKING:
    from schema.products import CardProduct


@strawberry.type(
    description="库存 (Notice 4). Card numbers in a row that are in one state with one holder. No number is in two."
)
class StockHolding(Node):
    TABLE: ClassVar[str] = "stock_holding"

    first: str = column(about="Serial of the first card, in twelve digits (Notice 4, 号段).")
    last: str = column(about="Serial of the last card, in twelve digits.")
    quantity: int = column(about="How many cards that is.")
    state: StockState = column(about="What they are, all of them.")
    was: StockState | None = column(about="While IN_TRANSIT: what they were when they were sent.")
    since: dt.datetime = column(about="Since when they lie so.")
    institution: Institution | None = one(
        "institution", "institution", about="Who holds them; while IN_TRANSIT the sender."
    )
    product: Annotated[CardProduct, strawberry.lazy("schema.products")] | None = one(
        "product", "card_product", about="Of which product."
    )
    to_institution: Institution | None = one(
        "to_institution", "institution", about="While IN_TRANSIT: to whom they go."
    )
    movement: StockMovement | None = one(
        "movement", "stock_movement", about="The posted movement that laid them there."
    )


@strawberry.input(description="Filters holdings.")
class StockHoldingWhere:
    institution_id: IdFilter | None = compare("Who holds them.")
    to_institution_id: IdFilter | None = compare("To whom they are under way.")
    product_id: IdFilter | None = compare("Of which product.")
    state: StockStateFilter | None = compare("What they are.")
    and_: list[StockHoldingWhere] | None = compare(AND, name="and")
    or_: list[StockHoldingWhere] | None = compare(OR, name="or")
    not_: StockHoldingWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How holdings are ordered.")
class StockHoldingOrder(Enum):
    FIRST_ASC = "first asc"
    FIRST_DESC = "first desc"
    QUANTITY_ASC = "quantity asc"
    QUANTITY_DESC = "quantity desc"
    SINCE_ASC = "since asc"
    SINCE_DESC = "since desc"
