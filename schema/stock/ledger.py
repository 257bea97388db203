"""The ledger in the graph: plain objects, for carried-forward days are no rows of the database."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from desk.errors import NotFound
from desk.stock import ledger as desk_ledger
from models.custody import StockState
from models.stock import COUNTS
from schema.context import Info
from schema.fields import given
from schema.scalars import global_id, row_id


@strawberry.type(description="日结 (Annex 1). One business day, also one on which nothing moved.")
class StockLedgerDay:
    day: dt.date = given("The business day, in Asia/Shanghai.")
    opening: int = given("期初: in stock when the day began.")
    came_in: int = given("入库: cards that came into stock.")
    went_out: int = given("出库: cards that left the stock.")
    closing: int = given("期末: opening + in - out.")
    movements: int = given("How many postings that was; 0: carried forward.")


@strawberry.type(description="How many cards of an account are in one state.")
class StockCount:
    state: StockState = given("库存状态.")
    quantity: int = given("How many cards.")


@strawberry.type(
    description="对账. Two books that say two things. There is none while the house is in order."
)
class StockDifference:
    what: str = given("What of it.")
    booked: int = given("By the account, or by the day before.")
    found: int = given("By the other book.")


@strawberry.type(
    description="卡片登记簿 (Annex 1). IN_STOCK of one institution and product by business day, and how all of its cards stand "
    "now: received + came in - went out is the sum of `states`."
)
class StockLedger:
    account_id: strawberry.ID = given("Id of the stock account.")
    first: dt.date = given("The first day.")
    last: dt.date = given("The last day.")
    opening: int = given("期初: in stock when the first day began.")
    came_in: int = given("入库: in all these days.")
    went_out: int = given("出库: in all these days.")
    closing: int = given("期末: in stock when the last day ended.")
    days: list[StockLedgerDay] = given("Every business day of them, in order.")
    received_so_far: int = given("Cards that ever came from the maker, as of now.")
    came_in_so_far: int = given("Cards that ever came from other institutions, as of now.")
    went_out_so_far: int = given("Cards that other institutions have ever taken in, as of now.")
    states: list[StockCount] = given("How many are in each state, as of now.")
    differences: list[StockDifference] = given("对账: where the books disagree; none: they agree.")


def _told(found: desk_ledger.Ledger) -> StockLedger:
    cells = found.standing.cells
    return StockLedger(
        account_id=strawberry.ID(global_id("stock_account", found.standing.id)),
        first=found.first,
        last=found.last,
        opening=found.opening,
        came_in=found.came_in,
        went_out=found.went_out,
        closing=found.closing,
        days=[
            StockLedgerDay(
                day=day.day,
                opening=day.opening,
                came_in=day.came_in,
                went_out=day.went_out,
                closing=day.closing,
                movements=day.movements,
            )
            for day in found.days
        ],
        received_so_far=cells["received"],
        came_in_so_far=cells["came_in"],
        went_out_so_far=cells["went_out"],
        states=[StockCount(state=state, quantity=cells[column]) for state, column in COUNTS.items()],
        differences=[
            StockDifference(what=one.what, booked=one.booked, found=one.found) for one in found.differences()
        ],
    )


@strawberry.type
class LedgerQuery:
    @strawberry.field(
        description="卡片登记簿 (Annex 1): every business day between two, with carried-forward ones, and whether all books agree. "
        "At most 366 days. NOT_FOUND for a stock that is absent or out of reach."
    )
    async def stock_ledger(
        self,
        info: Info,
        institution_id: Annotated[strawberry.ID, strawberry.argument(description="Whose stock.")],
        product_id: Annotated[strawberry.ID, strawberry.argument(description="Of which product.")],
        first_day: Annotated[dt.date, strawberry.argument(name="from", description="The first day.")],
        last_day: Annotated[
            dt.date, strawberry.argument(name="to", description="The last day, which is not in the future.")
        ],
    ) -> StockLedger:
        desk = info.context.desk.working_on(info.field_name)
        try:
            found = await desk_ledger.read_ledger(
                desk,
                institution_id=row_id("institution", institution_id),
                product_id=row_id("card_product", product_id),
                first=first_day,
                last=last_day,
            )
        except NotFound:
            await desk.refuse("stock_account", NotFound.code)
            raise
        return _told(found)
