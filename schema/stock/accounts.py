"""Stock accounts (卡片登记簿) and days (日结) as the graph shows them."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from schema.fields import column, one
from schema.filters import BooleanFilter, DateFilter, IdFilter
from schema.institutions import Institution
from schema.node import Node
from schema.wheres import AND, NOT, OR, compare

if TYPE_CHECKING:
    from schema.products import CardProduct


@strawberry.type(
    description="卡片登记簿 (Notice 4). Of one institution and product, how many cards came and went and what each is now: "
    "received + came in - went out = in stock + in transit + reserved + issued + returned + spoiled + to destroy + destroyed "
    "+ missing, at every instant."
)
class StockAccount(Node):
    TABLE: ClassVar[str] = "stock_account"

    received: int = column(about="Cards that came from the maker.")
    came_in: int = column(about="Cards that came from other institutions.")
    went_out: int = column(about="Cards that other institutions have taken in.")
    in_stock: int = column(about="Good cards that may be issued or sent.")
    in_transit: int = column(about="Cards that were sent and not yet taken in; the sender counts them.")
    reserved: int = column(about="Cards signed out for a customer who has not signed for them yet.")
    issued: int = column(about="Cards that customers have.")
    returned: int = column(about="Cards that came back from customers.")
    spoiled: int = column(about="作废: void cards.")
    to_destroy: int = column(about="Void cards set aside to be destroyed.")
    destroyed: int = column(about="销毁: cards destroyed before two witnesses (Annex 1).")
    missing: int = column(about="Cards that a count did not find (Annex 1).")
    counted_on: dt.date | None = column(about="盘点: the day of the last signed count; null: never.")
    quota: int | None = column(about="核定库存: how many cards it may keep; null: never approved, so none.")
    on_the_way: int = column(about="Cards under way to it. How many, not which: who receives counts blind.")
    agrees: bool = column(about="对账: holdings and days come to the same counts, at this instant.")
    institution: Institution | None = one("institution", "institution", about="Whose account it is.")
    product: Annotated[CardProduct, strawberry.lazy("schema.products")] | None = one(
        "product", "card_product", about="Of which product."
    )


@strawberry.type(
    description="日结 (Annex 1). IN_STOCK of one institution and product on a business day on which it moved; on other days "
    "the last closing stands."
)
class StockDay(Node):
    TABLE: ClassVar[str] = "stock_day"

    day: dt.date = column(about="The business day, in Asia/Shanghai.")
    opening: int = column(about="期初: in stock when the day began.")
    came_in: int = column(about="入库: cards that came into stock.")
    went_out: int = column(about="出库: cards that left the stock.")
    closing: int = column(about="期末: opening + in - out.")
    movements: int = column(about="How many postings that was.")
    institution: Institution | None = one("institution", "institution", about="Whose stock.")
    product: Annotated[CardProduct, strawberry.lazy("schema.products")] | None = one(
        "product", "card_product", about="Of which product."
    )


@strawberry.input(description="Filters stock accounts.")
class StockAccountWhere:
    institution_id: IdFilter | None = compare("Whose account.")
    product_id: IdFilter | None = compare("Of which product.")
    agrees: BooleanFilter | None = compare("对账: whether holdings and days come to the same.")
    and_: list[StockAccountWhere] | None = compare(AND, name="and")
    or_: list[StockAccountWhere] | None = compare(OR, name="or")
    not_: StockAccountWhere | None = compare(NOT, name="not")


@strawberry.input(description="Filters days of a stock.")
class StockDayWhere:
    institution_id: IdFilter | None = compare("Whose stock.")
    product_id: IdFilter | None = compare("Of which product.")
    day: DateFilter | None = compare("The business day.")
    and_: list[StockDayWhere] | None = compare(AND, name="and")
    or_: list[StockDayWhere] | None = compare(OR, name="or")
    not_: StockDayWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How days of a stock are ordered.")
class StockDayOrder(Enum):
    DAY_ASC = "day asc"
    DAY_DESC = "day desc"
