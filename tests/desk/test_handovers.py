"""交接清单: customers pass by a list that receiver and witness sign, in its second, and not a moment sooner or later."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.customers import assign_manager
from desk.handovers import call_off, draw_up, sign
from models.customers import ManagerAssignment
from models.handovers import Handover, HandoverLine
from models.people import Recusal
from tests.cast import START, staff_member
from tests.conftest import NOW
from tests.desk.passing import AT, DAY, LISTS, SECOND, TICK, served_by, told, zhou_is
from tests.digest import refused


async def test_a_list_says_whom_the_giver_serves_then_and_nothing_passes_by_it(story, bank):
    await ManagerAssignment.filter(customer_id=bank.customers["qian"].id).update(
        manager_id=bank.staff["lin"].id
    )
    handover = await story.draw_up(at=AT)
    assert (handover.state, handover.version, handover.done_at) == ("DRAWN_UP", 1, None)
    lines = set(await HandoverLine.filter(handover_id=handover.id).values_list("customer_id", flat=True))
    assert lines == {bank.customers["zhou"].id, bank.customers["qian"].id}
    assert await served_by(bank, "luo", AT) == set()


async def test_with_both_signatures_access_follows_to_the_second(story, bank):
    handover = await story.draw_up(at=AT)
    first = await story.sign(handover, "wu")
    assert (first.state, first.version, first.witness_signed_at, first.receiver_signed_at) == (
        "DRAWN_UP", 2, NOW, None,
    )  # fmt: skip
    assert await served_by(bank, "luo", AT) == {"C000002"}
    done = await story.sign(handover, "luo")
    assert (done.state, done.version, done.receiver_signed_at, done.done_at) == ("SIGNED", 3, NOW, AT)
    for moment, lin, luo in (
        (AT - SECOND, "VISIBLE", "MASKED"),
        (AT - TICK, "VISIBLE", "MASKED"),
        (AT, "MASKED", "VISIBLE"),
        (AT + SECOND, "MASKED", "VISIBLE"),
    ):
        assert (await zhou_is(story, "lin", moment), await zhou_is(story, "luo", moment)) == (lin, luo), (
            moment
        )


async def test_its_readers_are_told_by_their_own_clock_that_it_is_done(story):
    await story.signed(at=AT)
    assert [await told(story, now=it) for it in (AT - TICK, AT, AT + SECOND)] == [
        ["SIGNED"],
        ["DONE"],
        ["DONE"],
    ]


async def test_at_once(story, bank):
    done = await story.signed()
    assert (done.state, done.done_at) == ("DONE", NOW)
    assert (await zhou_is(story, "lin", NOW), await zhou_is(story, "luo", NOW)) == ("MASKED", "VISIBLE")
    assert await zhou_is(story, "lin", NOW - TICK) == "VISIBLE"


async def test_a_late_signature_counts_from_its_own_second(story):
    """Access never changes backwards: what Lin saw between the list's second and the last signature he saw rightly."""
    handover = await story.draw_up(at=AT)
    await story.sign(handover, "luo", AT - SECOND)
    late = AT + DAY
    done = await story.sign(handover, "wu", late)
    assert (done.state, done.at, done.done_at) == ("DONE", AT, late)
    for moment, lin, luo in (
        (AT, "VISIBLE", "MASKED"),
        (late - TICK, "VISIBLE", "MASKED"),
        (late, "MASKED", "VISIBLE"),
    ):
        assert (await zhou_is(story, "lin", moment), await zhou_is(story, "luo", moment)) == (lin, luo), (
            moment
        )


@pytest.mark.parametrize("when", [AT - TICK, AT])
async def test_the_last_signature_at_the_very_second(story, when):
    handover = await story.draw_up(at=AT)
    await story.sign(handover, "luo")
    done = await story.sign(handover, "wu", when)
    assert (done.state, done.done_at) == ("SIGNED" if when < AT else "DONE", AT)


@pytest.mark.parametrize("change", ["given away", "given away and back", "come", "owned elsewhere"])
async def test_a_change_of_the_list_voids_its_signatures(story, bank, change):
    handover = await story.draw_up(at=AT)
    await story.sign(handover, "luo")
    han, zhou, qian = await story.desk("han"), bank.customers["zhou"], bank.customers["qian"]
    if change == "come":
        await assign_manager(han, customer_id=qian.id, manager_id=bank.staff["lin"].id)
    elif change == "owned elsewhere":
        zhou.owner_path = bank.places["NJ"].path
        await zhou.save(update_fields=["owner_path"])
    else:
        await assign_manager(han, customer_id=zhou.id, manager_id=bank.staff["luo"].id)
        if change == "given away and back":
            await assign_manager(
                await story.desk("han", NOW + SECOND), customer_id=zhou.id, manager_id=bank.staff["lin"].id
            )
    witness = await story.desk("wu", NOW + 2 * SECOND)
    async with refused("HANDOVER_CHANGED", witness):
        await sign(witness, handover_id=handover.id)
    await call_off(await story.desk("han", NOW + 2 * SECOND), handover_id=handover.id)
    assert await told(story, now=NOW + 2 * SECOND) == ["CALLED_OFF"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param({"receiver": "lin"}, "HANDOVER_BY_ONE", id="to himself"),
        pytest.param({"witness": "luo"}, "HANDOVER_BY_ONE", id="the receiver watches"),
        pytest.param({"witness": "lin"}, "HANDOVER_BY_ONE", id="the giver watches"),
        pytest.param({"receiver": "han"}, "SELF_GRANT", id="the head receives"),
        pytest.param({"receiver": "tang"}, "MANAGER_NOT_HERE", id="a manager of another branch"),
        pytest.param({"receiver": "gao"}, "MANAGER_NOT_HERE", id="no manager"),
        pytest.param({"witness": "gao"}, "WITNESS_NOT_HERE", id="a witness who sees no list"),
        pytest.param({"witness": "tang"}, "WITNESS_NOT_HERE", id="a witness of another branch"),
        pytest.param({"giver": "gao"}, "NOTHING_TO_HAND_OVER", id="a giver without customers"),
        pytest.param({"giver": "tang"}, "NOTHING_TO_HAND_OVER", id="a giver of another branch"),
        pytest.param({"institution": "NJW"}, "FORBIDDEN", id="another branch's centre"),
        pytest.param({"at": NOW - TICK}, "BACKDATED", id="backdated"),
        pytest.param({"reason": " "}, "BAD_USER_INPUT", id="no reason"),
    ],
)
async def test_what_is_no_handover(story, said, code):
    async with refused(code, await story.desk("han")):
        await story.draw_up(**said)


@pytest.mark.parametrize("who", ["lin", "luo", "wu", "nan", "gao", "secadmin", "nobody"])
async def test_only_the_head_of_the_branch_draws_up_and_calls_off(story, who):
    async with refused("FORBIDDEN", await story.desk(who)):
        await story.draw_up(who)
    handover = await story.draw_up()
    sees = who in {"lin", "luo", "wu"}
    desk = await story.desk(who)
    async with refused("FORBIDDEN" if sees else "NOT_FOUND", desk):
        await call_off(desk, handover_id=handover.id)


async def test_a_second_staff_number_makes_no_third_person(story, bank):
    bank.staff["luo2"] = await staff_member("luo2", "罗丹", await bank.staff["luo"].person)
    async with refused("HANDOVER_BY_ONE", await story.desk("han")):
        await story.draw_up(witness="luo2")


@pytest.mark.parametrize("who", ["lin", "han"])
async def test_nobody_signs_for_another(story, who):
    handover = await story.draw_up()
    desk = await story.desk(who)
    async with refused("NOT_HIS_TO_SIGN", desk):
        await sign(desk, handover_id=handover.id)


@pytest.mark.parametrize("who", ["gao", "tang", "nobody"])
async def test_who_does_not_see_the_list_does_not_learn_of_it(story, who):
    handover = await story.draw_up()
    desk = await story.desk(who)
    async with refused("NOT_FOUND", desk):
        await sign(desk, handover_id=handover.id)


async def test_each_signs_once_and_nothing_after_it_is_over(story):
    handover = await story.draw_up()
    await story.sign(handover, "luo")
    luo, wu = await story.desk("luo"), await story.desk("wu")
    async with refused("ALREADY_SIGNED", luo):
        await sign(luo, handover_id=handover.id)
    await call_off(await story.desk("han"), handover_id=handover.id)
    async with refused("WRONG_STATE", wu):
        await sign(wu, handover_id=handover.id)


async def test_a_giver_has_one_open_list(story):
    handover = await story.draw_up(at=AT)
    async with refused("HANDOVER_OPEN", await story.desk("han")):
        await story.draw_up(at=AT)
    await story.sign(handover, "luo")
    await story.sign(handover, "wu")
    async with refused("HANDOVER_OPEN", await story.desk("han", AT - TICK)):
        await draw_again(story, AT - TICK)
    async with refused("NOTHING_TO_HAND_OVER", await story.desk("han", AT)):
        await draw_again(story, AT)
    bank = story.bank
    await assign_manager(
        await story.desk("han", AT), customer_id=bank.customers["qian"].id, manager_id=bank.staff["lin"].id
    )
    await draw_again(story, AT + SECOND)
    assert await Handover.all().order_by("drawn_up_at").values_list("state", flat=True) == [
        "DONE",
        "DRAWN_UP",
    ]


async def draw_again(story, now: dt.datetime) -> Handover:
    bank = story.bank
    return await draw_up(
        await story.desk("han", now),
        giver_id=bank.staff["lin"].id,
        receiver_id=bank.staff["luo"].id,
        witness_id=bank.staff["wu"].id,
        institution_id=bank.places["CDW"].id,
        reason="again",
    )


async def test_who_sees_which_list(story):
    handover = await story.draw_up(at=AT)
    for who, seen in (
        ("lin", 1),
        ("han", 1),
        ("wu", 1),
        ("deng", 1),
        ("officer", 1),
        ("tang", 0),
        ("gao", 0),
    ):
        rows = (await (await story.desk(who)).read(LISTS)).rows
        assert len(rows) == seen, who
        assert [len(row["lines"].rows) for row in rows] == [1] * seen
    assert handover.digest == (await Handover.get()).digest


@pytest.mark.parametrize("kin", ["han", "wu"])
async def test_kin_of_head_or_witness_is_left_off_and_stays_where_he_is(story, bank, kin):
    """Neither moves his relative to a manager of his choice (回避, 4.2)."""
    await ManagerAssignment.filter(customer_id=bank.customers["qian"].id).update(
        manager_id=bank.staff["lin"].id
    )
    await Recusal.create(
        person_id=bank.staff[kin].person_id,
        customer_id=bank.customers["zhou"].id,
        relation="BROTHER",
        recorded_at=START,
    )
    handover = await draw_up(
        await story.desk("han"),
        giver_id=bank.staff["lin"].id,
        receiver_id=bank.staff["luo"].id,
        witness_id=bank.staff["wu"].id,
        institution_id=bank.places["CDW"].id,
        reason="leave",
    )
    lines = await HandoverLine.filter(handover_id=handover.id).values_list("customer_id", flat=True)
    assert list(lines) == [bank.customers["qian"].id]
