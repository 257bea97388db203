"""卡片交接清单: each signs himself and once, for the very cards that lie there (Notice 4)."""

from __future__ import annotations

import pytest

from desk import stock_handovers
from desk.stock import signing
from models.designations import Designation
from models.movements import StockMovement
from tests.conftest import NOW
from tests.desk.stock.handing import (
    DAY,
    counted,
    designate,
    draw_up,
    joined,
    passing,
    sign,
)
from tests.digest import refused

PAIR = ("he", "zhao")


@pytest.mark.parametrize(
    ("who", "code"),
    [("han", "NOT_HIS_TO_SIGN"), ("wu", "NOT_HIS_TO_SIGN"), ("lin", "NOT_FOUND"), ("yue", "NOT_FOUND")],
)
async def test_nobody_signs_for_another(safe, who, code):
    handover = await draw_up(safe)
    desk = await safe.desk(who)
    async with refused(code, desk):
        await stock_handovers.sign(desk, stock_handover_id=handover.id)


async def test_each_signs_once_and_nothing_after_it_is_over(safe):
    handover = await sign(safe, await draw_up(safe), "he")
    he, zhao, han = [await safe.desk(who) for who in ("he", "zhao", "han")]
    async with refused("ALREADY_SIGNED", he):
        await stock_handovers.sign(he, stock_handover_id=handover.id)
    await stock_handovers.call_off(han, stock_handover_id=handover.id)
    async with refused("WRONG_STATE", zhao):
        await stock_handovers.sign(zhao, stock_handover_id=handover.id)
    async with refused("WRONG_STATE", han):
        await stock_handovers.call_off(han, stock_handover_id=handover.id)
    done = await sign(safe, await draw_up(safe), "hu", "zhao", "he")
    async with refused("WRONG_STATE", han):
        await stock_handovers.call_off(han, stock_handover_id=done.id)


@pytest.mark.measure("N4e")
@pytest.mark.parametrize("change", ["gone", "come", "spoiled"])
async def test_a_card_that_came_went_or_changed_voids_the_signatures(safe, change):
    handover = await sign(safe, await draw_up(safe), "he")
    if change == "gone":
        await safe.posted(await safe.allocation((0, 0), who="he", place="CDW", to="SC"), PAIR)
    elif change == "come":
        await safe.arrived((100, 100))
    else:
        await safe.posted(await safe.change((0, 0), who="he", place="CDW"), PAIR)
    for who in ("hu", "zhao"):
        desk = await safe.desk(who)
        async with refused("HANDOVER_CHANGED", desk):
            await stock_handovers.sign(desk, stock_handover_id=handover.id)
    await stock_handovers.call_off(await safe.desk("han"), stock_handover_id=handover.id)
    assert (await sign(safe, await draw_up(safe), "he", "hu", "zhao")).state == "DONE"


async def test_what_only_lies_in_other_pieces_is_the_same_list(safe):
    """A draft that was withdrawn, or cards that went and came back, leave the list as it is."""
    handover = await sign(safe, await draw_up(safe), "he")
    posted = await safe.posted(await safe.change((50, 59), who="he", place="CDW"), PAIR)
    await safe.posted(await safe.reversal(posted, who="he"), PAIR)
    assert (await sign(safe, handover, "hu", "zhao")).state == "DONE"


async def test_not_while_the_stock_is_counted(safe):
    handover = await draw_up(safe)
    await counted(safe)
    han, he = await safe.desk("han"), await safe.desk("he")
    async with refused("STOCK_BEING_COUNTED", he):
        await stock_handovers.sign(he, stock_handover_id=handover.id)
    await stock_handovers.call_off(han, stock_handover_id=handover.id)
    async with refused("STOCK_BEING_COUNTED", han):
        await stock_handovers.draw_up(han, **passing(safe))


async def test_a_list_that_the_giver_signed_is_posted_or_rejected_first(safe):
    movement = await safe.sign(await safe.change((0, 0), who="he", place="CDW"), "he")
    han, hu, zhao = [await safe.desk(who) for who in ("han", "hu", "zhao")]
    async with refused("SIGNED_MOVEMENTS_OPEN", han):
        await stock_handovers.draw_up(han, **passing(safe))
    await signing.reject(zhao, movement_id=movement.id, version=movement.version, reason="handed over first")
    handover = await sign(safe, await draw_up(safe), "he", "zhao")
    late = await safe.sign(await safe.change((1, 1), who="he", place="CDW"), "he")
    async with refused("SIGNED_MOVEMENTS_OPEN", hu):
        await stock_handovers.sign(hu, stock_handover_id=handover.id)
    await signing.reject(zhao, movement_id=late.id, version=late.version, reason="handed over first")
    assert (await sign(safe, handover, "hu")).state == "DONE"


async def test_a_draft_stays_and_is_the_receivers_to_sign(safe):
    draft = await safe.change((0, 0), who="he", place="CDW")
    await sign(safe, await draw_up(safe), "he", "hu", "zhao")
    draft = await StockMovement.get(id=draft.id)
    desk = await safe.desk("he")
    async with refused("NOT_DESIGNATED", desk):
        await safe.sign(draft, "he")
    assert (await safe.sign(draft, "hu")).state == "SIGNED"


async def test_who_is_designated_beside_him_keeps_his_own_and_a_later_one_is_not_overlapped(safe):
    beside = await designate(safe)
    await sign(safe, await draw_up(safe), "he", "hu", "zhao")
    assert await Designation.filter(staff_id=beside.staff_id).count() == 1
    await joined(safe, "yi", "易平")
    later = await designate(safe, staff="yi", valid_from=NOW + DAY)
    await sign(safe, await draw_up(safe, giver="hu", receiver="yi"), "hu", "yi", "zhao")
    rows = await Designation.filter(staff_id=later.staff_id).order_by("valid_from")
    assert [(row.valid_from, row.valid_to) for row in rows] == [(NOW, NOW + DAY), (NOW + DAY, None)]
