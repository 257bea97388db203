"""盘点: opened by who does not keep the cards, counted by two, and nothing moves meanwhile (Annex 1)."""

from __future__ import annotations

import datetime as dt

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError

from authz import Role
from desk.dialect import connection
from desk.stocktakes import opening
from models.custody import StocktakeKind
from models.designations import Designation
from models.people import Delegation, Staff
from models.stocktakes import StocktakeLine
from tests.cast import START, staff_member
from tests.custody import designate, post
from tests.custody_lists import (
    closed,
    confirmed,
    differing,
    opened,
    void,
)
from tests.digest import refused

MONTHLY = StocktakeKind.MONTHLY


async def test_a_count_that_agrees_is_closed_and_the_account_is_counted(custody):
    await custody.stocked((0, 99))
    stocktake = await confirmed(custody, await opened(custody), (50, 99), (0, 49))
    assert (stocktake.state, stocktake.book_quantity, stocktake.counted_quantity) == ("COUNTED", 100, 100)
    assert await differing(stocktake) == []
    done = await closed(custody, stocktake, note="all there")
    assert (done.state, done.note) == ("CLOSED", "all there")
    assert (await custody.account()).counted_on == dt.date(2026, 11, 25)


async def test_the_book_of_a_count_is_what_lies_there_in_whatever_state(custody):
    await custody.stocked((0, 99))
    await void(custody, (10, 19))
    await custody.posted(await custody.change((20, 29)))
    await custody.sent((90, 99))
    stocktake = await opened(custody)
    lines = await StocktakeLine.filter(stocktake_id=stocktake.id).order_by("first_serial")
    assert [(line.state, line.first_serial, line.last_serial) for line in lines] == [
        ("IN_STOCK", 0, 9),
        ("TO_DESTROY", 10, 19),
        ("SPOILED", 20, 29),
        ("IN_STOCK", 30, 89),
    ]
    assert stocktake.book_quantity == 90  # what is under way is in nobody's safe


async def test_an_empty_safe_is_counted_too(custody):
    stocktake = await confirmed(custody, await opened(custody))
    assert (stocktake.state, stocktake.counted_quantity) == ("COUNTED", 0)
    assert (await closed(custody, stocktake)).state == "CLOSED"


@pytest.mark.parametrize("who", ["ku", "yue", "zhang"])
async def test_who_may_not_open_a_count(custody, who):
    await custody.stocked((0, 9))
    desk = await custody.desk(who)
    async with refused("FORBIDDEN", desk):
        await opened(custody, who)


@pytest.mark.parametrize("who", ["zhao", "han", "wu", "pan"])
async def test_the_cards_of_a_centre_are_counted_for_its_supervisor_its_head_or_an_officer_above(
    custody, who
):
    await custody.stocked((0, 99))
    await custody.arrived((0, 9))
    by = ("he", "han")
    stocktake = await confirmed(custody, await opened(custody, who, by, place="CDW"), (0, 9), by=by)
    assert (await closed(custody, stocktake, who)).book_quantity == 10


async def test_who_keeps_the_cards_opens_no_count_whatever_his_posts(custody):
    await post(custody.bank, custody.bank.staff["ku"], Role.CARD_SUPERVISOR, "SC")
    desk = await custody.desk("ku")
    async with refused("STOCK_COUNTED_BY_KEEPER", desk):
        await opened(custody, "ku", ("jian", "pan"))


async def test_one_person_is_not_two_counters(custody):
    """Jian has a second staff number, with a post that may count."""
    bank = custody.bank
    bank.staff["jian2"] = await staff_member("jian2", "简正", await bank.staff["jian"].person)
    await post(bank, bank.staff["jian2"], Role.PB_OFFICER, "SC")
    desk = await custody.desk("pan")
    for by in (("jian", "jian2"), ("jian", "jian")):
        async with refused("STOCK_COUNTED_BY_KEEPER", desk):
            await opened(custody, "pan", by)


async def test_two_custodians_do_not_count_what_both_keep(custody):
    bank = custody.bank
    bank.staff["ku2"] = await staff_member("ku2", "古月")
    await post(bank, bank.staff["ku2"], Role.CARD_CUSTODIAN, "SC")
    await designate(bank, "ku2", "SC")
    desk = await custody.desk("pan")
    async with refused("STOCK_COUNTED_BY_KEEPER", desk):
        await opened(custody, "pan", ("ku", "ku2"))


async def test_nor_a_custodian_with_who_stands_in_for_him(custody):
    bank = custody.bank
    await Delegation.create(
        principal=bank.staff["ku"], deputy=bank.staff["jian"], role=Role.CARD_CUSTODIAN, reason="leave",
        valid_from=START, recorded_at=START,
    )  # fmt: skip
    desk = await custody.desk("pan")
    async with refused("STOCK_COUNTED_BY_KEEPER", desk):
        await opened(custody, "pan", ("ku", "jian"))


async def test_a_surprise_count_needs_no_custodian(custody):
    await custody.stocked((0, 9))
    by = ("jian", "pan")
    assert (await confirmed(custody, await opened(custody, "pan", by), (0, 9), by=by)).state == "COUNTED"


@pytest.mark.parametrize("counter", ["zhang", "he", "yue", "gone"])
async def test_who_does_not_count_there_is_not_named(custody, counter):
    bank = custody.bank
    bank.staff["gone"] = await staff_member("gone", "龚恩")
    await post(bank, bank.staff["gone"], Role.CARD_SUPERVISOR, "SC")
    await Staff.filter(number="S-gone").update(left_at=bank.now)
    desk = await custody.desk("pan")
    async with refused("COUNTER_NOT_HERE", desk) as caught:
        await opened(custody, "pan", ("ku", counter))
    assert caught.value.field == "secondCounterId"


async def test_one_count_of_a_stock_at_a_time(custody):
    await custody.stocked((0, 9))
    first = await opened(custody)
    desk = await custody.desk("jian")
    async with refused("STOCKTAKE_OPEN", desk):
        await opened(custody, "jian")
    await opened(custody, product_id=custody.products["BRANCH"].id)  # another product
    await closed(custody, await confirmed(custody, first, (0, 9)))
    assert (await opened(custody)).state == "OPEN"


async def test_the_monthly_count_is_made_once_a_month(custody):
    await custody.stocked((0, 9))
    custody.bank.now = dt.datetime(2026, 11, 30, 15, 59, tzinfo=dt.UTC)
    await closed(custody, await confirmed(custody, await opened(custody, kind=MONTHLY), (0, 9)))
    desk = await custody.desk("pan")
    async with refused("COUNTED_THIS_MONTH", desk):
        await opened(custody, kind=MONTHLY)
    assert (await custody.account()).counted_on == dt.date(2026, 11, 30)
    await closed(
        custody, await confirmed(custody, await opened(custody), (0, 9))
    )  # by surprise, as often as one likes
    custody.bank.now = dt.datetime(2026, 11, 30, 16, 0, tzinfo=dt.UTC)  # December in Shanghai
    assert (await opened(custody, kind=MONTHLY)).state == "OPEN"


async def test_a_monthly_count_that_was_called_off_was_none(custody):
    await custody.stocked((0, 9))
    stocktake = await opened(custody, kind=MONTHLY)
    await opening.call_off(
        await custody.desk("jian"), stocktake_id=stocktake.id, version=stocktake.version, reason="fire drill"
    )
    assert (await opened(custody, kind=MONTHLY)).state == "OPEN"
    assert (await custody.account()).counted_on is None


@pytest.mark.parametrize(
    ("who", "code", "said"),
    [
        ("ku", "FORBIDDEN", {}),
        ("yue", "NOT_FOUND", {}),
        ("pan", "STALE_VERSION", {"version": 9}),
        ("pan", "BAD_USER_INPUT", {"reason": " "}),
    ],
)
async def test_calling_a_count_off(custody, who, code, said):
    stocktake = await opened(custody)
    desk = await custody.desk(who)
    async with refused(code, desk):
        told = {"stocktake_id": stocktake.id, "version": stocktake.version, "reason": "fire drill"}
        await opening.call_off(desk, **told | said)


async def test_who_keeps_the_cards_calls_no_count_off(custody):
    stocktake = await opened(custody)
    await designate(custody.bank, "jian", "SC")
    desk = await custody.desk("jian")
    async with refused("STOCK_COUNTED_BY_KEEPER", desk):
        await opening.call_off(desk, stocktake_id=stocktake.id, version=stocktake.version, reason="no time")


async def test_an_ended_designation_keeps_nothing_any_more(custody):
    await Designation.filter(staff_id=custody.bank.staff["ku"].id).update(ended_at=custody.bank.now)
    bank = custody.bank
    bank.staff["ku2"] = await staff_member("ku2", "古月")
    await post(bank, bank.staff["ku2"], Role.CARD_CUSTODIAN, "SC")
    await designate(bank, "ku2", "SC")
    assert (await opened(custody, "pan", ("ku", "ku2"))).state == "OPEN"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stocktake SET note = 'x' WHERE id = '{closed}'",
        "UPDATE stocktake SET state = 'OPEN' WHERE id = '{closed}'",
        "DELETE FROM stocktake WHERE id = '{closed}'",
        "DELETE FROM stocktake_line WHERE stocktake_id = '{closed}'",
        "UPDATE stocktake_line SET explanation = 'x' WHERE stocktake_id = '{closed}'",
        "UPDATE stocktake_line SET last_serial = 9, quantity = 10 WHERE stocktake_id = '{open}'",
        "DELETE FROM stocktake_line WHERE finding = 'BOOK' AND stocktake_id = '{open}'",
        "UPDATE stocktake SET second_counter_id = first_counter_id WHERE id = '{open}'",
    ],
)
async def test_the_database_itself_keeps_counts_as_they_were(custody, statement):
    await custody.stocked((0, 99))
    done = await closed(custody, await confirmed(custody, await opened(custody), (0, 99)))
    now = await opened(custody)
    with pytest.raises((IntegrityError, asyncpg.RaiseError)):
        await connection().execute_query(statement.format(closed=done.id, open=now.id))
