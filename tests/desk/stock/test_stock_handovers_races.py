"""Handovers of cards that several people sign, or sign past, at once come out as if one had come after the other."""

from __future__ import annotations

import pytest

from desk import designations, stock_handovers
from desk.stock import signing
from models.designations import Designation
from models.movements import StockMovement
from models.stock_handovers import StockHandover
from tests.conftest import NOW
from tests.desk.stock.handing import designated, draw_up, joined, named, passing, sign
from tests.desk.test_people_races import ROUNDS, together


@pytest.mark.parametrize("turn", ROUNDS)
async def test_all_three_sign_at_once_and_it_passes_once(safe, turn):
    handover = await draw_up(safe)
    desks = [await safe.desk(who) for who in ("he", "hu", "zhao")]
    codes = await together(*(stock_handovers.sign(desk, stock_handover_id=handover.id) for desk in desks))
    assert codes == []
    done = await StockHandover.get()
    assert (done.state, done.version) == ("DONE", 4)
    assert await Designation.filter(staff_id=safe.bank.staff["hu"].id).count() == 1
    assert not await designated(safe, "he", NOW)


@pytest.mark.parametrize("turn", ROUNDS)
async def test_the_giver_signs_nothing_out_beside_the_last_signature(safe, turn):
    """Either his list is signed, and the handover waits for it; or the cards are another's, and he signs nothing."""
    movement = await safe.change((0, 0), who="he", place="CDW")
    handover = await sign(safe, await draw_up(safe), "he", "hu")
    he, zhao = await safe.desk("he"), await safe.desk("zhao")
    codes = await together(
        signing.sign(he, movement_id=movement.id, version=movement.version),
        stock_handovers.sign(zhao, stock_handover_id=handover.id),
    )
    state = ((await StockHandover.get()).state, (await StockMovement.get(id=movement.id)).state)
    assert (codes, state) in (
        (["SIGNED_MOVEMENTS_OPEN"], ("DRAWN_UP", "SIGNED")),
        (["NOT_DESIGNATED"], ("DONE", "DRAFT")),
    )


@pytest.mark.parametrize("turn", ROUNDS)
async def test_a_list_is_drawn_up_before_a_posting_or_after_it(safe, turn):
    movement = await safe.sign(await safe.change((0, 0), who="he", place="CDW"), "he")
    codes = await together(
        signing.countersign(await safe.desk("zhao"), movement_id=movement.id, version=movement.version),
        stock_handovers.draw_up(await safe.desk("han"), **passing(safe)),
    )
    assert codes in ([], ["SIGNED_MOVEMENTS_OPEN"])
    for row in await StockHandover.all():
        assert (await sign(safe, row, "he", "hu", "zhao")).state == "DONE"


@pytest.mark.parametrize("turn", ROUNDS)
async def test_two_lists_of_one_giver_are_not_drawn_up_side_by_side(safe, turn):
    codes = await together(
        *[stock_handovers.draw_up(await safe.desk(who), **passing(safe)) for who in ("han", "wu")]
    )
    assert codes in (["HANDOVER_OPEN"], ["CONFLICT"])
    assert await StockHandover.all().count() == 1


@pytest.mark.parametrize("turn", ROUNDS)
async def test_one_person_is_not_named_twice_at_once(safe, turn):
    await joined(safe, "yi", "易平")
    codes = await together(
        *[designations.designate(await safe.desk(who), **named(safe, staff="yi")) for who in ("han", "wu")]
    )
    assert codes in (["ALREADY_DESIGNATED"], ["CONFLICT"])
