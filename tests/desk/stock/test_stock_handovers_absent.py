"""Cards of a custodian who is gone: two witnesses count in his place, and whoever can sign for himself does (Notice 4)."""

from __future__ import annotations

import pytest

from authz import Role
from desk import stock_handovers
from desk.people.leaving import leave, lift, suspend
from models.designations import Designation
from models.people import Assignment
from tests.conftest import NOW
from tests.custody import post
from tests.desk.stock.handing import DAY, SECOND, designated, draw_up, joined, passing, sign
from tests.digest import refused

GONE = ["left", "suspended", "moved"]


async def go(custody, how: str) -> None:
    he, sec = custody.bank.staff["he"], await custody.desk("secadmin")
    if how == "left":
        await leave(sec, staff_id=he.id, reason="retires")
    elif how == "suspended":
        await suspend(sec, staff_id=he.id, reason="inquiry")
    else:
        await Assignment.filter(staff_id=he.id).update(ended_at=NOW)


@pytest.mark.measure("N4e")
@pytest.mark.parametrize("how", GONE)
async def test_two_witnesses_sign_for_a_giver_who_cannot(safe, how):
    await go(safe, how)
    desk = await safe.desk("wu")
    async with refused("SECOND_WITNESS_REQUIRED", desk):
        await stock_handovers.draw_up(desk, **passing(safe))
    handover = await sign(safe, await draw_up(safe, "wu", second="han"), "hu", "zhao")
    assert handover.state == "DRAWN_UP"
    done = await sign(safe, handover, "han")
    assert (done.state, done.giver_signed_at, done.second_witness_signed_at) == ("DONE", None, NOW)
    assert (await designated(safe, "he", NOW), await designated(safe, "hu", NOW)) == (False, True)


async def test_he_who_is_back_at_work_has_no_second_witness_and_does_not_sign_that_list(safe):
    await go(safe, "suspended")
    handover = await draw_up(safe, "wu", second="han")
    await lift(await safe.desk("secadmin"), staff_id=safe.bank.staff["he"].id, reason="cleared")
    he, wu = await safe.desk("he", NOW + SECOND), await safe.desk("wu", NOW + SECOND)
    async with refused("NOT_HIS_TO_SIGN", he):
        await stock_handovers.sign(he, stock_handover_id=handover.id)
    await stock_handovers.call_off(wu, stock_handover_id=handover.id)
    async with refused("GIVER_CAN_SIGN", wu):
        await stock_handovers.draw_up(wu, **passing(safe, second="han"))


@pytest.mark.parametrize("second", ["lin", "yue"])
async def test_the_second_witness_sees_such_lists_too(safe, second):
    await go(safe, "left")
    desk = await safe.desk("wu")
    async with refused("WITNESS_NOT_HERE", desk) as caught:
        await stock_handovers.draw_up(desk, **passing(safe, second=second))
    assert caught.value.field == "secondWitnessId"


@pytest.mark.parametrize("second", ["he", "hu", "zhao"])
async def test_four_parts_are_four_persons(safe, second):
    await go(safe, "left")
    desk = await safe.desk("wu")
    async with refused("HANDOVER_BY_ONE", desk):
        await stock_handovers.draw_up(desk, **passing(safe, second=second))


async def test_who_is_to_leave_hands_over_before_and_then_it_ends_at_once(safe):
    """His leaving, told ahead, had fixed the end of his designation; the handover brings it forward."""
    he = safe.bank.staff["he"]
    await leave(await safe.desk("secadmin"), staff_id=he.id, reason="retires", at=NOW + 7 * DAY)
    at = NOW + DAY
    done = await sign(safe, await draw_up(safe, now=at), "he", "hu", "zhao", now=at)
    assert done.state == "DONE"
    given = await Designation.get(staff_id=he.id, duty="STOCK")
    assert (given.ended_at, given.ended_recorded_at, given.end_reason) == (at, at, "handed over to S-hu")


async def test_of_who_was_designated_once_the_last_is_in_charge(safe):
    """He's term runs out and nobody follows: his are the cards, until he has handed them over, and then no longer."""
    await Designation.filter(staff_id=safe.bank.staff["he"].id).update(valid_to=NOW)
    assert (await sign(safe, await draw_up(safe), "he", "hu", "zhao")).state == "DONE"
    desk = await safe.desk("han")
    async with refused("NOT_IN_CHARGE", desk):
        await stock_handovers.draw_up(desk, **passing(safe))


async def test_a_receiver_who_loses_his_post_before_the_last_signature_receives_nothing(safe):
    handover = await sign(safe, await draw_up(safe), "hu", "he")
    await Assignment.filter(staff_id=safe.bank.staff["hu"].id).update(ended_at=NOW)
    desk = await safe.desk("zhao")
    async with refused("NOT_CUSTODIAN_HERE", desk):
        await stock_handovers.sign(desk, stock_handover_id=handover.id)


async def test_the_receivers_designation_ends_no_later_than_his_role(safe):
    await Assignment.filter(staff_id=safe.bank.staff["hu"].id).update(valid_to=NOW + DAY)
    await sign(safe, await draw_up(safe), "he", "hu", "zhao")
    taken = await Designation.get(staff_id=safe.bank.staff["hu"].id)
    assert taken.valid_to == NOW + DAY


async def test_who_is_no_longer_in_charge_when_the_last_one_signs_gives_nothing(safe):
    """His term has run out meanwhile, and another is designated."""
    await joined(safe, "yi", "易平")
    first = await sign(safe, await draw_up(safe), "he", "hu")
    row = await Designation.get(staff_id=safe.bank.staff["he"].id, duty="STOCK")
    await Designation.filter(id=row.id).update(valid_to=NOW - SECOND)
    await Designation.create(
        staff=safe.bank.staff["yi"], institution=safe.place("CDW"), duty="STOCK", valid_from=NOW - DAY, recorded_at=NOW
    )  # fmt: skip
    desk = await safe.desk("zhao")
    async with refused("NOT_IN_CHARGE", desk):
        await stock_handovers.sign(desk, stock_handover_id=first.id)


async def test_a_branchs_own_stock_is_handed_over_as_a_centres_is(safe):
    """At Sichuan there is no head: its officer draws up, and the supervisor watches."""
    await joined(safe, "gu", "顾平", place="SC")
    done = await sign(
        safe,
        await draw_up(safe, "pan", giver="ku", receiver="gu", witness="jian", place="SC"),
        "ku", "gu", "jian",
    )  # fmt: skip
    assert (done.state, done.quantity) == ("DONE", 900)
    await post(safe.bank, safe.bank.staff["ku"], Role.CARD_CUSTODIAN, "CDW")
    desk = await safe.desk("ku")
    async with refused("NOT_DESIGNATED", desk):
        await safe.change((500, 500), who="ku", place="SC")
