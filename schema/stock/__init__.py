"""Stock of cards (库存): movements and their signatures, holdings, accounts, days, and the ledger (Notice 4, Annex 1)."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.paging import After, Before, Connection, First, Last
from schema.resolving import listed, single
from schema.stock.accounts import (
    StockAccount,
    StockAccountWhere,
    StockDay,
    StockDayOrder,
    StockDayWhere,
)
from schema.stock.acts import Mutation
from schema.stock.holdings import StockHolding, StockHoldingOrder, StockHoldingWhere
from schema.stock.ledger import LedgerQuery
from schema.stock.movements import (
    MovementLine,
    Signature,
    StockMovement,
    StockMovementOrder,
    StockMovementWhere,
)

__all__ = [
    "MovementLine",
    "Mutation",
    "Query",
    "Signature",
    "StockAccount",
    "StockDay",
    "StockHolding",
    "StockMovement",
]


@strawberry.type
class Query(LedgerQuery):
    @strawberry.field(description="Stock movements of the institutions whose stock the caller reaches.")
    async def stock_movements(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: StockMovementWhere | None = None,
        order_by: list[StockMovementOrder] | None = None,
    ) -> Connection[StockMovement]:
        return await listed(info, "stock_movement")

    @strawberry.field(description="One stock movement. NOT_FOUND when absent or out of reach.")
    async def stock_movement(self, info: Info, id: strawberry.ID) -> StockMovement:
        return await single(info, "stock_movement", id)

    @strawberry.field(description="Which card numbers lie where, in ranges (Notice 4).")
    async def stock_holdings(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: StockHoldingWhere | None = None,
        order_by: list[StockHoldingOrder] | None = None,
    ) -> Connection[StockHolding]:
        return await listed(info, "stock_holding")

    @strawberry.field(
        description="卡片登记簿: how many cards of each product each institution has (Annex 1)."
    )
    async def stock_accounts(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: StockAccountWhere | None = None,
    ) -> Connection[StockAccount]:
        return await listed(info, "stock_account")

    @strawberry.field(description="One stock account. NOT_FOUND when absent or out of reach.")
    async def stock_account(self, info: Info, id: strawberry.ID) -> StockAccount:
        return await single(info, "stock_account", id)

    @strawberry.field(
        description="日结: the days on which a stock moved (Annex 1). `stockLedger` carries them forward."
    )
    async def stock_days(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: StockDayWhere | None = None,
        order_by: list[StockDayOrder] | None = None,
    ) -> Connection[StockDay]:
        return await listed(info, "stock_day")

    @strawberry.field(
        description="The posted movements that ever moved one card, the first of them first: those that the caller reaches. "
        "BAD_VIP_CARD_NUMBER for a number whose last digit does not prove it (Notice 4)."
    )
    async def card_number_history(
        self,
        info: Info,
        number: Annotated[str, strawberry.argument(description="The whole number on the card.")],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[MovementLine]:
        return await listed(info, "movement_line.history")
