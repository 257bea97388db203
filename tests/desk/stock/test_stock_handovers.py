"""卡片交接清单: all cards that lie there pass by a list that three persons sign, in the second of the last (Notice 4)."""

from __future__ import annotations

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError

from authz import Role
from desk import stock_handovers
from desk.dialect import connection
from desk.selection import Child, Page, Selection
from desk.stock import signing
from models.custody import PHYSICAL, StockState
from models.designations import Designation
from models.stock_handovers import StockHandover, StockHandoverLine
from tests.cast import staff_member
from tests.conftest import NOW
from tests.custody import post
from tests.desk.stock.handing import (
    DAY,
    SECOND,
    TICK,
    designated,
    draw_up,
    joined,
    passing,
    sign,
)
from tests.digest import refused

PAIR = ("he", "zhao")


@pytest.mark.measure("N4e")
async def test_it_lists_all_that_lies_there_and_nothing_passes_by_it(safe):
    """Whatever its state and product; not what is with customers or under way."""
    spoil = await safe.change((10, 19), who="he", place="CDW")
    await safe.posted(spoil, PAIR)
    await safe.posted(await safe.allocation((0, 4), who="he", place="CDW", to="SC"), PAIR)
    handover = await draw_up(safe)
    assert (handover.state, handover.version, handover.quantity, handover.done_at) == (
        "DRAWN_UP", 1, 95, None,
    )  # fmt: skip
    lines = await StockHandoverLine.filter(handover_id=handover.id).order_by("first_serial")
    assert [(it.state, it.first_serial, it.last_serial, it.quantity) for it in lines] == [
        ("IN_STOCK", 5, 9, 5),
        ("SPOILED", 10, 19, 10),
        ("IN_STOCK", 20, 99, 80),
    ]
    assert (await designated(safe, "he", NOW), await designated(safe, "hu", NOW)) == (True, False)


@pytest.mark.measure("N4e")
async def test_with_the_last_signature_the_designation_passes_in_that_second(safe):
    at = NOW + DAY
    handover = await sign(safe, await draw_up(safe), "he", "zhao")
    assert (handover.state, handover.version, handover.receiver_signed_at) == ("DRAWN_UP", 3, None)
    assert await designated(safe, "he", NOW)
    done = await sign(safe, handover, "hu", now=at)
    assert (done.state, done.version, done.done_at, done.giver_signed_at) == ("DONE", 4, at, NOW)
    for moment, he, hu in ((at - TICK, True, False), (at, False, True), (at + SECOND, False, True)):
        assert (await designated(safe, "he", moment), await designated(safe, "hu", moment)) == (he, hu)
    given = await Designation.get(staff_id=safe.bank.staff["he"].id, duty="STOCK")
    taken = await Designation.get(staff_id=safe.bank.staff["hu"].id)
    assert given.end_reason == "handed over to S-hu"
    assert (taken.reason, taken.recorded_by_id) == ("handed over by S-he", safe.bank.staff["han"].id)
    assert await designated(safe, "he", at, place="CDW") is False
    assert await Designation.filter(staff_id=given.staff_id, duty="ORDER", ended_at=None).count() == 1


async def test_from_that_second_the_receiver_moves_the_cards_and_the_giver_does_not(safe):
    await sign(safe, await draw_up(safe), "he", "hu", "zhao")
    desk = await safe.desk("he")
    async with refused("NOT_DESIGNATED", desk):
        await safe.change((0, 0), who="he", place="CDW")
    assert (await safe.change((0, 0), who="hu", place="CDW")).state == "DRAFT"


async def test_a_worker_whose_clock_is_slow_does_not_let_the_giver_sign_on(safe):
    """What is recorded counts: to a desk that stands a second before the handover he is no longer designated either."""
    draft, at = await safe.change((0, 0), who="he", place="CDW"), NOW + DAY
    await sign(safe, await draw_up(safe), "he", "hu", "zhao", now=at)
    desk = await safe.desk("he", at - SECOND)
    async with refused("NOT_DESIGNATED", desk):
        await signing.sign(desk, movement_id=draft.id, version=draft.version)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param({"receiver": "he"}, "HANDOVER_BY_ONE", id="to himself"),
        pytest.param({"witness": "hu"}, "HANDOVER_BY_ONE", id="the receiver watches"),
        pytest.param({"witness": "he"}, "HANDOVER_BY_ONE", id="the giver watches"),
        pytest.param({"second": "zhao"}, "HANDOVER_BY_ONE", id="one witness twice"),
        pytest.param({"second": "han"}, "GIVER_CAN_SIGN", id="a second witness for who is there"),
        pytest.param({"giver": "qi"}, "NOT_IN_CHARGE", id="a giver of another centre"),
        pytest.param({"giver": "ku"}, "NOT_IN_CHARGE", id="a giver of the branch above"),
        pytest.param({"receiver": "zhao", "witness": "han"}, "NOT_CUSTODIAN_HERE", id="no custodian"),
        pytest.param({"receiver": "qi"}, "NOT_CUSTODIAN_HERE", id="a custodian of another centre"),
        pytest.param({"witness": "lin"}, "WITNESS_NOT_HERE", id="a witness who sees no such list"),
        pytest.param({"witness": "yue"}, "WITNESS_NOT_HERE", id="a witness of another branch"),
        pytest.param({"reason": " "}, "BAD_USER_INPUT", id="no reason"),
    ],
)
async def test_what_is_no_handover(safe, said, code):
    desk = await safe.desk("han")
    async with refused(code, desk):
        await stock_handovers.draw_up(desk, **passing(safe, **said))


async def test_who_draws_up_does_not_receive_and_one_human_being_is_one_person(safe):
    bank = safe.bank
    for name, other in (("han2", "han"), ("hu2", "hu")):
        bank.staff[name] = await staff_member(name, bank.staff[other].name, await bank.staff[other].person)
        await post(bank, bank.staff[name], Role.CARD_CUSTODIAN, "CDW")
    desk = await safe.desk("han")
    async with refused("SELF_GRANT", desk):
        await stock_handovers.draw_up(desk, **passing(safe, receiver="han2"))
    async with refused("HANDOVER_BY_ONE", desk):
        await stock_handovers.draw_up(desk, **passing(safe, witness="hu2"))


@pytest.mark.parametrize("who", ["he", "zhao", "hu", "lin", "nan", "deng", "auditor"])
async def test_only_who_heads_the_place_draws_up_and_calls_off(safe, who):
    desk = await safe.desk(who)
    async with refused("FORBIDDEN", desk):
        await stock_handovers.draw_up(desk, **passing(safe))
    handover = await draw_up(safe)
    sees = who not in {"lin", "nan"}
    async with refused("FORBIDDEN" if sees else "NOT_FOUND", desk):
        await stock_handovers.call_off(desk, stock_handover_id=handover.id)


@pytest.mark.parametrize("who", ["han", "wu", "pan"])
async def test_the_head_or_an_officer_draws_up_and_calls_off(safe, who):
    handover = await draw_up(safe, who)
    off = await stock_handovers.call_off(await safe.desk(who), stock_handover_id=handover.id)
    assert (off.state, off.version, off.done_at) == ("CALLED_OFF", 2, None)
    assert await designated(safe, "he", NOW)


async def test_where_nothing_lies_there_is_nothing_to_hand_over(custody):
    await joined(custody, "hu", "胡安")
    desk = await custody.desk("han")
    async with refused("NOTHING_TO_HAND_OVER", desk):
        await stock_handovers.draw_up(desk, **passing(custody))


async def test_a_giver_has_one_open_list_of_a_place(safe):
    await draw_up(safe)
    desk = await safe.desk("han")
    async with refused("HANDOVER_OPEN", desk):
        await stock_handovers.draw_up(desk, **passing(safe))


async def test_who_sees_which_list(safe):
    await draw_up(safe)
    lists = Selection(
        "stock_handover",
        ("state", "quantity"),
        children=(Child("lines", "lines", Selection("stock_handover_line", ("first", "last", "state"))),),
        page=Page(first=5),
    )
    for who in ("he", "hu", "zhao", "han", "wu", "pan", "deng", "auditor"):
        (row,) = (await (await safe.desk(who)).read(lists)).rows
        (line,) = row["lines"].rows
        assert (row["quantity"], line["first"], line["last"]) == (100, "000000000000", "000000000099")
    for who in ("lin", "qi", "nan", "secadmin"):
        assert (await (await safe.desk(who)).read(lists)).rows == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stock_handover SET state = 'DONE', done_at = '2026-11-25 02:00:00+00:00'",
        "UPDATE stock_handover SET digest = 'another'",
        "UPDATE stock_handover SET second_witness_id = witness_id",
        "DELETE FROM stock_handover",
        "UPDATE stock_handover_line SET last_serial = 98, quantity = 99",
        "DELETE FROM stock_handover_line",
    ],
)
async def test_the_database_itself_lets_no_list_be_done_or_altered(safe, statement):
    await sign(safe, await draw_up(safe), "he", "hu")
    with pytest.raises((IntegrityError, asyncpg.RaiseError)):
        await connection().execute_query(statement)
    assert await StockHandover.filter(state="DRAWN_UP").count() == 1


def test_every_state_that_lies_in_a_safe_is_handed_over():
    assert set(StockState) - set(PHYSICAL) == {
        StockState.IN_TRANSIT,
        StockState.ISSUED,
        StockState.DESTROYED,
        StockState.MISSING,
    }
