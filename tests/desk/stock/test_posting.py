"""Posting: accounts and days follow what moves, a long list is as few statements as a short one, and who waits for whom."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tortoise.transactions import in_transaction

from desk.stock.posting import hold_accounts
from models.custody import StockState
from models.orders import CardOrder
from models.stock import StockAccount, StockDay
from tests.custody import spans
from tests.digest import refused

DAY = dt.timedelta(days=1)


async def days(custody, place: str = "SC") -> list[tuple[int, int, int, int, int]]:
    rows = StockDay.filter(institution_id=custody.place(place).id).order_by("day")
    return [(row.opening, row.came_in, row.went_out, row.closing, row.movements) for row in await rows]


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            asked.append(record.getMessage())

    log, handler = logging.getLogger("tortoise.db_client"), Handler()
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        yield asked
    finally:
        log.setLevel(level)
        log.removeHandler(handler)


@pytest.mark.measure("N4d")
async def test_each_day_opens_with_what_the_last_one_closed_with(custody):
    await custody.stocked((0, 99))
    custody.bank.now += DAY
    await custody.sent((0, 9))
    custody.bank.now += 3 * DAY
    await custody.posted(await custody.change((50, 54)))
    await custody.posted(
        await custody.change((50, 52), was=StockState.SPOILED, becomes=StockState.TO_DESTROY)
    )
    # What was spoiled already does not touch the day: it is of what is in stock.
    assert await days(custody) == [(0, 100, 0, 100, 1), (100, 0, 10, 90, 1), (90, 0, 5, 85, 1)]


async def test_a_clock_that_went_back_goes_on_with_the_last_day(custody):
    await custody.stocked((0, 99))
    custody.bank.now -= DAY
    await custody.posted(await custody.change((0, 9)))
    assert await days(custody) == [(0, 100, 10, 90, 2)]


@pytest.mark.measure("N4d")
async def test_what_an_account_says_is_what_moved(custody):
    spoiled = await custody.receipt(await custody.order(), (0, 99), defects=spans((10, 14)))
    await custody.posted(spoiled)
    await custody.arrived((20, 39))
    branch, centre = await custody.account(), await custody.account("CDW")
    assert (branch.received, branch.in_stock, branch.spoiled, branch.went_out) == (100, 75, 5, 20)
    assert (centre.received, centre.in_stock, centre.came_in) == (0, 20, 20)


async def test_a_list_of_many_numbers_is_as_few_statements_as_one_of_one(custody):
    """Else a delivery of ten thousand single numbers would be fifty thousand round trips."""
    counts = []
    for first, many in ((0, 1), (1_000, 300)):
        signed = await custody.sign(
            await custody.receipt(
                await custody.order(), *[(first + 2 * n, first + 2 * n) for n in range(many)]
            )
        )
        with statements() as asked:
            await custody.countersign(signed)
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 2, counts


@pytest.mark.measure("N4d")
async def test_a_delivery_of_which_every_other_card_is_defective_goes_in_whole(custody):
    """As many ranges again as a person lists, once the good ones are told from the bad ones."""
    bad = [(2 * n + 1, 2 * n + 1) for n in range(10_000)]
    receipt = await custody.receipt(await custody.order(50_000), (0, 20_000), defects=spans(*bad))
    await custody.posted(receipt)
    account = await custody.account()
    assert (account.received, account.in_stock, account.spoiled) == (20_001, 10_001, 10_000)


async def test_accounts_are_begun_once_and_held_in_one_order(custody):
    ids = [custody.place(code).id for code in ("SC", "CDW", "NJW")]
    async with in_transaction():
        first = await hold_accounts(custody.product.id, ids)
        again = await hold_accounts(custody.product.id, reversed(ids))
    assert list(first) == list(again) == sorted(ids)
    assert {one.id for one in first.values()} == {one.id for one in again.values()}
    assert await StockAccount.all().count() == 3


async def test_a_reversed_receipt_leaves_nothing_and_the_numbers_may_come_again(custody):
    order, other = await custody.order(100), await custody.order()
    posted = await custody.posted(await custody.receipt(order, (0, 99)))
    desk = await custody.desk("ku")
    async with refused("NUMBER_KNOWN", desk):
        await custody.receipt(other, (99, 120))
    await custody.posted(await custody.reversal(posted))
    assert await custody.lying() == []
    account, back = await custody.account(), await CardOrder.get(id=order.id)
    assert (account.received, account.in_stock, back.received, back.state) == (0, 0, 0, "PLACED")
    await custody.posted(await custody.receipt(back, (0, 99)))
    assert await custody.lying() == [("IN_STOCK", 0, 99)]


async def test_what_was_posted_is_reversed_once(custody):
    posted = await custody.stocked((0, 99))
    drafted = await custody.reversal(posted)
    desk = await custody.desk("ku")
    async with refused("NOT_REVERSIBLE", desk):
        await custody.reversal(posted)
    await custody.posted(drafted)
    async with refused("NOT_REVERSIBLE", desk):
        await custody.reversal(posted)
