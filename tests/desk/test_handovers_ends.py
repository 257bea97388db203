"""交接清单: what becomes of a list that is called off, and of one whose giver or receiver goes."""

from __future__ import annotations

import pytest

from desk.customers import assign_manager
from desk.handovers import call_off, sign
from desk.people.grants import propose_end
from desk.people.leaving import leave
from desk.people.proposals import execute_proposal
from models.customers import ManagerAssignment
from models.people import Assignment, Recusal, Staff
from tests.cast import START, staff_member
from tests.conftest import NOW
from tests.desk.passing import ASSETS, AT, DAY, TICK, served_by, zhou_is
from tests.digest import refused


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
