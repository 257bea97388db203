"""盘盈盘亏: a difference is explained by who does not keep the cards, or booked MISSING by two (Annex 1)."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.stock import signing
from desk.stock.correcting import edit
from models.custody import StockState
from models.designations import Designation
from models.stock import StockAccount
from models.stocktakes import Stocktake, StocktakeLine
from tests.custody import designate, spans
from tests.custody_lists import booked, closed, confirmed, differing, explained, opened, rejected
from tests.digest import refused


async def line_of(stocktake: Stocktake, finding: str = "MISSING") -> StocktakeLine:
    return await StocktakeLine.get(stocktake_id=stocktake.id, finding=finding)


async def test_differences_are_what_is_missing_and_what_is_too_many(custody):
    await custody.stocked((0, 99))
    await custody.posted(await custody.change((20, 29)))
    await custody.posted(await custody.change((95, 99), becomes=StockState.MISSING))
    stocktake = await confirmed(custody, await opened(custody), (0, 9), (15, 24), (30, 89), (98, 104))
    assert stocktake.state == "DIFFERENCE"
    assert await differing(stocktake) == [
        ("EXTRA", "MISSING", 98, 99),
        ("EXTRA", "", 100, 104),
        ("MISSING", "IN_STOCK", 10, 14),
        ("MISSING", "SPOILED", 25, 29),
        ("MISSING", "IN_STOCK", 90, 94),
    ]


async def test_an_explained_difference_closes_the_count(custody):
    await custody.stocked((0, 9))
    stocktake = await confirmed(custody, await opened(custody), (0, 8))
    desk = await custody.desk("pan")
    async with refused("DIFFERENCE_UNEXPLAINED", desk):
        await closed(custody, stocktake)
    settled = await explained(custody, await line_of(stocktake))
    assert settled.state == "EXPLAINED"
    assert (await closed(custody, settled)).state == "CLOSED"
    assert (await custody.account()).in_stock == 10


async def test_what_nobody_finds_is_booked_missing_by_two(custody):
    await custody.stocked((0, 9))
    stocktake = await confirmed(custody, await opened(custody), (0, 4), (7, 9))
    movement = await booked(custody, await line_of(stocktake))
    assert (movement.kind, movement.stocktake_id, movement.quantity) == ("ADJUST", stocktake.id, 2)
    signed = await custody.sign(movement)
    assert (await custody.account()).missing == 0  # nothing alone
    desk = await custody.desk("pan")
    async with refused("DIFFERENCE_UNEXPLAINED", desk):
        await closed(custody, stocktake)
    await custody.countersign(signed)
    assert (await Stocktake.get(id=stocktake.id)).state == "EXPLAINED"
    await closed(custody, stocktake)
    account = await custody.account()
    assert (account.in_stock, account.missing, account.received) == (8, 2, 10)


async def test_missing_cards_are_found_again(custody):
    await custody.stocked((0, 9))
    stocktake = await confirmed(custody, await opened(custody), (0, 4), (7, 9))
    await custody.posted(await booked(custody, await line_of(stocktake)))
    await closed(custody, stocktake)
    again = await confirmed(custody, await opened(custody), (0, 9))
    assert await differing(again) == [("EXTRA", "MISSING", 5, 6)]
    await custody.posted(
        await custody.change(
            (5, 6), was=StockState.MISSING, becomes=StockState.IN_STOCK, reason="behind the safe"
        )
    )
    await explained(custody, await line_of(again, "EXTRA"), "behind the safe, booked back")
    await closed(custody, again)
    assert await custody.lying("SC") == [("IN_STOCK", 0, 9)]


async def test_a_rejected_booking_opens_the_line_again(custody):
    await custody.stocked((0, 9))
    stocktake = await confirmed(custody, await opened(custody), (0, 8))
    line = await line_of(stocktake)
    await rejected(custody, await custody.sign(await booked(custody, line)))
    assert (await StocktakeLine.get(id=line.id)).movement_id is None
    await custody.posted(await booked(custody, line))
    assert (await closed(custody, stocktake)).state == "CLOSED"


async def test_a_reversed_booking_counts_no_more(custody):
    await custody.stocked((0, 9))
    stocktake = await confirmed(custody, await opened(custody), (0, 8))
    posted = await custody.posted(await booked(custody, await line_of(stocktake)))
    await custody.posted(await custody.reversal(posted))
    desk = await custody.desk("pan")
    async with refused("DIFFERENCE_UNEXPLAINED", desk):
        await closed(custody, stocktake)
    await custody.posted(await booked(custody, await line_of(stocktake)))
    assert (await closed(custody, stocktake)).state == "CLOSED"


async def test_an_explanation_does_not_close_over_a_booking_that_is_under_way(custody):
    await custody.stocked((0, 9))
    stocktake = await confirmed(custody, await opened(custody), (0, 8))
    line = await line_of(stocktake)
    movement = await booked(custody, line)
    assert (await explained(custody, line)).state == "DIFFERENCE"
    desk = await custody.desk("pan")
    async with refused("DIFFERENCE_UNEXPLAINED", desk):
        await closed(custody, stocktake)
    await rejected(custody, movement)
    assert (await closed(custody, stocktake)).state == "CLOSED"


async def test_a_line_is_booked_once(custody):
    await custody.stocked((0, 9))
    stocktake = await confirmed(custody, await opened(custody), (0, 8))
    line = await line_of(stocktake)
    movement = await booked(custody, line)
    desk = await custody.desk("ku")
    async with refused("ALREADY_BOOKED", desk):
        await booked(custody, line)
    await custody.posted(movement)
    desk = await custody.desk("ku")
    async with refused("ALREADY_BOOKED", desk):
        await booked(custody, line)


async def test_no_other_number_is_booked_in_the_name_of_a_count(custody):
    await custody.stocked((0, 9))
    stocktake = await confirmed(custody, await opened(custody), (0, 8))
    movement = await booked(custody, await line_of(stocktake))
    anew = await edit(
        await custody.desk("ku"), movement_id=movement.id, version=movement.version, ranges=spans((8, 8))
    )
    desk = await custody.desk("ku")
    async with refused("NOT_WHAT_WAS_COUNTED", desk):
        await signing.sign(desk, movement_id=anew.id, version=anew.version)


async def test_what_has_left_meanwhile_is_not_booked_missing(custody):
    await custody.stocked((0, 9))
    stocktake = await confirmed(custody, await opened(custody), (0, 7))
    await custody.sent((9, 9))
    desk = await custody.desk("ku")
    async with refused("NOT_IN_STOCK", desk):
        await booked(custody, await line_of(stocktake))


@pytest.mark.parametrize(
    ("who", "code"),
    [("ku", "FORBIDDEN"), ("yue", "NOT_FOUND"), ("auditor", "FORBIDDEN"), ("deng", "FORBIDDEN")],
)
async def test_who_explains_and_closes_nothing(custody, who, code):
    await custody.stocked((0, 9))
    stocktake = await confirmed(custody, await opened(custody), (0, 8))
    desk = await custody.desk(who)
    async with refused(code, desk):
        await explained(custody, await line_of(stocktake), who=who)
    async with refused(code, desk):
        await closed(custody, stocktake, who)


async def test_who_keeps_the_cards_judges_no_count(custody):
    await custody.stocked((0, 9))
    stocktake = await confirmed(custody, await opened(custody), (0, 8))
    await designate(custody.bank, "jian", "SC")
    desk = await custody.desk("jian")
    async with refused("STOCK_COUNTED_BY_KEEPER", desk):
        await explained(custody, await line_of(stocktake), who="jian")
    async with refused("STOCK_COUNTED_BY_KEEPER", desk):
        await closed(custody, stocktake, "jian")


async def test_only_a_difference_is_explained_or_booked(custody):
    await custody.stocked((0, 9))
    stocktake = await confirmed(custody, await opened(custody), (0, 8), (10, 10))
    desk = await custody.desk("pan")
    async with refused("NO_DIFFERENCE", desk):
        await explained(custody, await line_of(stocktake, "BOOK"))
    desk = await custody.desk("ku")
    async with refused("NO_DIFFERENCE", desk):
        await booked(custody, await line_of(stocktake, "EXTRA"))
    desk = await custody.desk("pan")
    async with refused("BAD_USER_INPUT", desk):
        await explained(custody, await line_of(stocktake), " ")


async def test_who_is_not_designated_books_nothing_missing(custody):
    await custody.stocked((0, 9))
    stocktake = await confirmed(custody, await opened(custody), (0, 8))
    line = await line_of(stocktake)
    desk = await custody.desk("jian")
    async with refused("FORBIDDEN", desk):
        await booked(custody, line, "jian")
    await Designation.filter(staff_id=custody.bank.staff["ku"].id).update(ended_at=custody.bank.now)
    desk = await custody.desk("ku")
    async with refused("NOT_DESIGNATED", desk):
        await booked(custody, line)


async def test_what_is_over_is_over(custody):
    await custody.stocked((0, 9))
    stocktake = await confirmed(custody, await opened(custody), (0, 8))
    line = await line_of(stocktake)
    await explained(custody, line)
    done = await closed(custody, stocktake)
    desk = await custody.desk("pan")
    async with refused("WRONG_STATE", desk):
        await explained(custody, line)
    async with refused("WRONG_STATE", desk):
        await closed(custody, done)
    desk = await custody.desk("ku")
    async with refused("WRONG_STATE", desk):
        await booked(custody, line)


async def test_nobody_closes_what_is_not_signed_or_what_he_has_not_read(custody):
    await custody.stocked((0, 9))
    stocktake = await opened(custody)
    desk = await custody.desk("pan")
    async with refused("WRONG_STATE", desk):
        await closed(custody, stocktake)
    done = await confirmed(custody, stocktake, (0, 9))
    async with refused("STALE_VERSION", desk):
        await closed(custody, done, version=1)


async def test_a_count_that_is_closed_late_is_of_the_day_on_which_it_was_signed(custody):
    await custody.stocked((0, 9))
    stocktake = await confirmed(custody, await opened(custody), (0, 9))
    custody.bank.now += dt.timedelta(days=10)
    await closed(custody, stocktake)
    assert (await StockAccount.get(institution_id=custody.place("SC").id)).counted_on == dt.date(2026, 11, 25)
