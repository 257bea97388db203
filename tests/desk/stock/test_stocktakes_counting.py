"""盘点: the first counter lists, the second signs that very list, and nothing moves meanwhile (Annex 1)."""

from __future__ import annotations

import pytest

from desk.stock import signing
from desk.stocktakes import counting, opening
from models.stocktakes import Stocktake
from tests.custody import designate, spans
from tests.custody_lists import confirmed, counted, opened
from tests.digest import refused


async def test_nothing_moves_while_two_count(custody):
    await custody.stocked((0, 99))
    signed = await custody.sign(await custody.allocation((0, 9)))
    stocktake = await opened(custody)
    desk = await custody.desk("jian")
    async with refused("STOCK_BEING_COUNTED", desk):
        await signing.countersign(desk, movement_id=signed.id, version=signed.version)
    await confirmed(custody, stocktake, (0, 99))
    assert (await custody.countersign(signed)).state == "POSTED"  # the count is signed, so it moves again


async def test_only_the_named_count_each_his_own_part(custody):
    await custody.stocked((0, 9))
    stocktake = await opened(custody)
    for who in ("jian", "pan"):
        desk = await custody.desk(who)
        async with refused("NOT_HIS_TO_COUNT", desk):
            await counted(custody, stocktake, (0, 9), who=who)
    listed = await counted(custody, stocktake, (0, 9))
    for who in ("ku", "pan"):
        desk = await custody.desk(who)
        async with refused("NOT_HIS_TO_COUNT", desk):
            await counting.confirm_count(desk, stocktake_id=listed.id, version=listed.version)
    desk = await custody.desk("yue")
    async with refused("NOT_FOUND", desk):
        await counted(custody, listed, (0, 9), who="yue")
    desk = await custody.desk("zhang")
    async with refused("NOT_FOUND", desk):
        await counted(custody, listed, (0, 9), who="zhang")


async def test_nobody_confirms_before_anything_is_listed(custody):
    stocktake = await opened(custody)
    desk = await custody.desk("jian")
    async with refused("WRONG_STATE", desk):
        await counting.confirm_count(desk, stocktake_id=stocktake.id, version=stocktake.version)


async def test_another_list_voids_what_the_second_counter_has_read(custody):
    await custody.stocked((0, 9))
    listed = await counted(custody, await opened(custody), (0, 8))
    anew = await counted(custody, listed, (0, 9))
    assert anew.digest != listed.digest
    desk = await custody.desk("jian")
    async with refused("STALE_VERSION", desk):
        await counting.confirm_count(desk, stocktake_id=listed.id, version=listed.version)
    desk = await custody.desk("ku")
    async with refused("STALE_VERSION", desk):
        await counted(custody, listed, (0, 9))


async def test_a_long_list_is_given_in_parts(custody):
    await custody.stocked((0, 9))
    listed = await counted(custody, await opened(custody), (0, 4))
    both = await counted(custody, listed, (5, 8), adding=True)
    assert both.counted_quantity == 9
    desk = await custody.desk("ku")
    async with refused("NUMBER_TWICE", desk):
        await counted(custody, both, (8, 9), adding=True)
    assert (await counted(custody, both, adding=True)).counted_quantity == 9
    anew = await counted(custody, await Stocktake.get(id=both.id), (0, 9))
    assert (await confirmed(custody, anew, (0, 9))).state == "COUNTED"


async def test_a_list_that_was_tampered_with_is_not_signed(custody):
    await custody.stocked((0, 9))
    listed = await counted(custody, await opened(custody), (0, 9))
    await Stocktake.filter(id=listed.id).update(digest="0" * 64)
    desk = await custody.desk("jian")
    async with refused("COUNT_CHANGED", desk):
        await counting.confirm_count(desk, stocktake_id=listed.id, version=listed.version)


async def test_a_second_counter_who_keeps_the_cards_by_now_does_not_confirm(custody):
    await custody.stocked((0, 9))
    listed = await counted(custody, await opened(custody), (0, 9))
    await designate(custody.bank, "jian", "SC")
    desk = await custody.desk("jian")
    async with refused("STOCK_COUNTED_BY_KEEPER", desk):
        await counting.confirm_count(desk, stocktake_id=listed.id, version=listed.version)


async def test_what_is_signed_is_counted_no_more(custody):
    await custody.stocked((0, 9))
    done = await confirmed(custody, await opened(custody), (0, 8))
    desk = await custody.desk("ku")
    async with refused("WRONG_STATE", desk):
        await counted(custody, done, (0, 9))
    desk = await custody.desk("jian")
    async with refused("WRONG_STATE", desk):
        await counting.confirm_count(desk, stocktake_id=done.id, version=done.version)
    desk = await custody.desk("pan")
    async with refused("WRONG_STATE", desk):
        await opening.call_off(desk, stocktake_id=done.id, version=done.version, reason="too late")


@pytest.mark.parametrize(
    ("code", "said"),
    [("NUMBER_TWICE", {"ranges": spans((0, 5), (5, 9))}), ("BAD_RANGE", {"ranges": spans((9, 0))})],
)
async def test_a_list_that_is_none(custody, code, said):
    stocktake = await opened(custody)
    desk = await custody.desk("ku")
    async with refused(code, desk):
        await counted(custody, stocktake, **said)


async def test_nobody_counts_more_cards_than_could_lie_there(custody):
    await custody.stocked((0, 9))
    stocktake = await opened(custody)
    desk = await custody.desk("ku")
    async with refused("BAD_RANGE", desk):
        await counted(custody, stocktake, (0, 999_999_999_999))
