"""交接清单: customers pass by a list that receiver and witness sign, in its second, and not a moment sooner or later."""

from __future__ import annotations

import datetime as dt

import pytest

from authz import DataClass
from desk.customers import assign_manager
from desk.handovers import call_off, draw_up, sign
from desk.people.grants import propose_end
from desk.people.leaving import leave
from desk.people.proposals import execute_proposal
from desk.selection import Child, Page, Purpose, Section, Selection
from models.customers import ManagerAssignment
from models.handovers import Handover, HandoverLine
from models.people import Assignment, Recusal, Staff
from tests.cast import START, staff_member
from tests.conftest import NOW
from tests.digest import refused
from tests.story import Story

SECOND, TICK, DAY = dt.timedelta(seconds=1), dt.timedelta(microseconds=1), dt.timedelta(days=1)
AT = NOW + DAY
ASSETS = Selection(
    "customer",
    ("number",),
    sections=(Section("assets", DataClass.ASSET, ("band",)),),
    page=Page(first=10),
    purpose=Purpose("ADVICE"),
)
LISTS = Selection(
    "handover",
    ("state", "at", "done_at"),
    children=(Child("lines", "lines", Selection("handover_line", ("customer_id",))),),
    page=Page(first=10),
)


@pytest.fixture
def story(bank, policy) -> Story:
    return Story(bank, policy)


async def zhou_is(story, who: str, now: dt.datetime) -> str:
    rows = (await (await story.desk(who, now)).read(ASSETS)).rows
    return {row["number"]: row["assets"]["visibility"].value for row in rows}["C000001"]


async def told(story, who: str = "han", now: dt.datetime = NOW) -> list[str]:
    return [row["state"] for row in (await (await story.desk(who, now)).read(LISTS)).rows]


async def served_by(bank, who: str, at: dt.datetime) -> set[str]:
    rows = await ManagerAssignment.filter(manager_id=bank.staff[who].id).prefetch_related("customer")
    return {row.customer.number for row in rows if row.holds(at)}


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


@pytest.mark.parametrize("code", ["MANAGER_NOT_HERE", "MANAGER_RECUSED"])
async def test_a_receiver_who_may_no_longer_serve_receives_nothing(story, bank, code):
    handover = await story.draw_up(at=AT)
    await story.sign(handover, "luo")
    if code == "MANAGER_NOT_HERE":
        await Assignment.filter(staff_id=bank.staff["luo"].id).update(ended_at=AT)
    else:
        await Recusal.create(
            person_id=bank.staff["luo"].person_id, customer_id=bank.customers["zhou"].id, relation="spouse",
            recorded_at=NOW,
        )  # fmt: skip
    desk = await story.desk("wu")
    async with refused(code, desk):
        await sign(desk, handover_id=handover.id)


async def test_a_list_is_called_off_before_its_second_signed_or_not(story, bank):
    handover = await story.signed(at=AT)
    gone = await call_off(await story.desk("han", AT - TICK), handover_id=handover.id)
    assert (gone.state, gone.done_at) == ("CALLED_OFF", None)
    for moment in (AT - TICK, AT, AT + DAY):
        assert await served_by(bank, "lin", moment) == {"C000001"}, moment
        assert await served_by(bank, "luo", moment) == {"C000002"}, moment
    assert await zhou_is(story, "lin", AT) == "VISIBLE"
    other = await story.signed(at=AT + DAY)
    late = await story.desk("han", AT + DAY)
    async with refused("WRONG_STATE", late):
        await call_off(late, handover_id=other.id)
    async with refused("WRONG_STATE", late):
        await call_off(late, handover_id=handover.id)


async def test_what_was_fixed_after_the_signatures_stays_when_a_list_is_called_off(story, bank):
    await ManagerAssignment.filter(customer_id=bank.customers["qian"].id).update(
        manager_id=bank.staff["lin"].id
    )
    bank.staff["third"] = await staff_member("third", "第三")
    await Assignment.create(
        staff=bank.staff["third"], role="cust_mgr", institution=bank.places["CDW"], department="WEALTH_CENTRE",
        valid_from=START, recorded_at=START,
    )  # fmt: skip
    handover = await story.signed(at=AT)
    await assign_manager(
        await story.desk("han"),
        customer_id=bank.customers["qian"].id,
        manager_id=bank.staff["third"].id,
        at=AT,
    )
    await call_off(await story.desk("han"), handover_id=handover.id)
    assert await served_by(bank, "lin", AT) == {"C000001"}
    assert await served_by(bank, "third", AT) == {"C000002"}


async def test_a_list_is_not_called_off_when_its_giver_is_gone_by_then(story, bank):
    handover = await story.signed(at=AT)
    await leave(await story.desk("secadmin"), staff_id=bank.staff["lin"].id, reason="retired", at=AT)
    han = await story.desk("han")
    async with refused("MANAGER_NOT_HERE", han):
        await call_off(han, handover_id=handover.id)


async def test_a_leaver_whose_customers_a_signed_list_covers_needs_no_receiver(story, bank):
    sec, lin = await story.desk("secadmin"), bank.staff["lin"]
    handover = await story.draw_up(at=AT)
    async with refused("HANDOVER_REQUIRED", sec):
        await leave(sec, staff_id=lin.id, reason="retired", at=AT)
    await story.sign(handover, "luo")
    await story.sign(handover, "wu")
    await leave(sec, staff_id=lin.id, reason="retired", at=AT)
    assert (await Staff.get(id=lin.id)).left_at == AT
    assert await served_by(bank, "luo", AT) == {"C000001", "C000002"}


@pytest.mark.parametrize("signed", [True, False])
async def test_a_post_ends_in_the_second_of_a_signed_list_and_not_without_one(story, bank, signed):
    han, sec = await story.desk("han"), await story.desk("secadmin")
    handover = await story.draw_up(at=AT)
    await story.sign(handover, "luo")
    if signed:
        await story.sign(handover, "wu")
    post = await Assignment.get(staff_id=bank.staff["lin"].id)
    made = await propose_end(han, assignment_id=post.id, reason="moves on", at=AT)
    if not signed:
        async with refused("HANDOVER_REQUIRED", sec):
            await execute_proposal(sec, proposal_id=made.id)
        return
    await execute_proposal(sec, proposal_id=made.id)
    assert await zhou_is(story, "lin", AT - TICK) == "VISIBLE"
    assert (await (await story.desk("lin", AT)).read(ASSETS)).rows == []
    assert await zhou_is(story, "luo", AT) == "VISIBLE"


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
