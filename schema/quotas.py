"""Stock quotas (核定库存): how many cards an institution may keep, as a superior one approved it (Notice 4)."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Annotated, ClassVar

import strawberry

from desk import quotas
from schema.context import Info
from schema.fields import column, one
from schema.filters import IdFilter
from schema.institutions import Institution
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.people import Staff
from schema.problems import Problem, given_arguments, key, performed
from schema.products import CardProduct
from schema.resolving import listed, single
from schema.wheres import AND, NOT, OR, compare


@strawberry.type(
    description="核定库存 (Notice 4). How many cards an institution may keep. Of each institution and product the last counts."
)
class StockQuota(Node):
    TABLE: ClassVar[str] = "stock_quota"

    quantity: int = column(about="How many.")
    reason: str = column(about="Why.")
    set_at: dt.datetime = column(about="Since when it counts, until the next.")
    institution: Institution | None = one("institution", "institution", about="Who may keep them.")
    product: CardProduct | None = one("product", "card_product", about="卡种. Of which product.")
    set_by: Staff | None = one("set_by", "staff", about="Who approved it.")


StockQuotaResult = Annotated[
    StockQuota | Problem, strawberry.union("StockQuotaResult", description="A quota, or why not.")
]


@strawberry.input(description="Filters stock quotas.")
class StockQuotaWhere:
    institution_id: IdFilter | None = compare("Who may keep them.")
    product_id: IdFilter | None = compare("Of which product.")
    and_: list[StockQuotaWhere] | None = compare(AND, name="and")
    or_: list[StockQuotaWhere] | None = compare(OR, name="or")
    not_: StockQuotaWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How stock quotas are ordered.")
class StockQuotaOrder(Enum):
    SET_AT_ASC = "set_at asc"
    SET_AT_DESC = "set_at desc"


@strawberry.input(description="A quota of cards.")
class SetStockQuotaInput:
    institution_id: strawberry.ID = strawberry.field(
        description="Whose: an institution below the officer's own."
    )
    product_id: strawberry.ID = strawberry.field(description="Of which product.")
    quantity: int = strawberry.field(description="How many cards it may keep; 0: none.")
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="Quotas of the institutions whose stock the caller reaches, past ones too.")
    async def stock_quotas(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: StockQuotaWhere | None = None,
        order_by: list[StockQuotaOrder] | None = None,
    ) -> Connection[StockQuota]:
        return await listed(info, "stock_quota")

    @strawberry.field(description="One quota. NOT_FOUND when absent or out of reach.")
    async def stock_quota(self, info: Info, id: strawberry.ID) -> StockQuota:
        return await single(info, "stock_quota", id)


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="核定库存. Say how many cards an institution may keep, from now on (Notice 4). By an "
        "officer of a superior branch, or head office's policy officer. QUOTA_OF_OWN_STOCK, "
        "INSTITUTION_MERGED; BAD_USER_INPUT for a number that is none, or without a reason."
    )
    async def set_stock_quota(self, info: Info, input: SetStockQuotaInput) -> StockQuotaResult:
        return await performed(
            info, "stock_quota", lambda: quotas.set_quota(info.context.desk, **given_arguments(input))
        )
