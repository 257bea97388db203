"""Article 9: every VIP customer is served by a full-time customer manager of his owning branch."""

from __future__ import annotations

import pytest

from models.customers import ManagerAssignment
from models.membership import Registration
from models.people import Assignment, Delegation, Staff, Suspension
from tests.cast import START
from tests.digest import refused

pytestmark = pytest.mark.measure("A9")


async def part_time(story, full_time: bool = False) -> None:
    await Assignment.filter(staff_id=story.bank.staff["lin"].id).update(full_time=full_time)


async def test_a_part_timer_neither_registers_nor_submits(story):
    consent, evaluation = await story.consent(), await story.evaluation()
    await part_time(story)
    async with refused("MANAGER_NOT_FULL_TIME", await story.desk()):
        await story.register(consent)
    await part_time(story, full_time=True)
    membership = await story.register(consent)
    await part_time(story)
    async with refused("MANAGER_NOT_FULL_TIME", await story.desk()):
        await story.submit(membership, evaluation)
    await part_time(story, full_time=True)
    await story.submit(membership, evaluation)


async def test_a_filing_for_a_part_timers_customer_is_not_recorded(story):
    filing = await story.submitted()
    await part_time(story)
    async with refused("MANAGER_NOT_FULL_TIME", await story.desk("bai")):
        await story.record(filing)
    await part_time(story, full_time=True)
    await story.record(filing)


@pytest.mark.parametrize("why", ["ended", "left", "suspended", "moved to another branch"])
async def test_a_filing_without_a_manager_is_not_recorded(story, why):
    filing = await story.submitted()
    lin, now = story.bank.staff["lin"], story.bank.now
    if why == "ended":
        await ManagerAssignment.filter(manager_id=lin.id).update(ended_at=now)
    elif why == "left":
        await Staff.filter(id=lin.id).update(left_at=now)
    elif why == "suspended":
        await Suspension.create(staff=lin, reason="inquiry", valid_from=START, recorded_at=START)
    else:
        await Assignment.filter(staff_id=lin.id).update(institution_id=story.bank.places["NJW"].id)
    async with refused("NO_MANAGER", await story.desk("bai")):
        await story.record(filing)


async def test_a_new_manager_takes_over_what_was_submitted(story):
    filing = await story.submitted()
    zhou, now = story.bank.customers["zhou"], story.bank.now
    await ManagerAssignment.filter(customer_id=zhou.id).update(ended_at=now)
    await ManagerAssignment.create(
        customer=zhou, manager=story.bank.staff["luo"], valid_from=now, recorded_at=now
    )
    assert (await story.record(filing)).state == "RECORDED"


async def test_without_a_manager_nobody_registers(story):
    consent = await story.consent()
    await ManagerAssignment.filter(manager_id=story.bank.staff["lin"].id).update(ended_at=story.bank.now)
    for who in ("lin", "han"):
        async with refused("FORBIDDEN", await story.desk(who)):
            await story.register(consent, who)


@pytest.mark.parametrize(
    ("who", "code"),
    [("luo", "FORBIDDEN"), ("han", "FORBIDDEN"), ("wu", "FORBIDDEN"), ("tang", "NOT_FOUND")],
)
async def test_only_the_assigned_manager_registers(story, who, code):
    consent = await story.consent()
    async with refused(code, await story.desk(who)):
        await story.register(consent, who)


async def test_a_deputy_registers_for_the_manager_he_stands_in_for(story):
    lin, luo = story.bank.staff["lin"], story.bank.staff["luo"]
    await Delegation.create(principal=lin, deputy=luo, reason="leave", valid_from=START, recorded_at=START)
    consent = await story.consent("luo")
    await story.register(consent, "luo")
    registration = await Registration.get()
    assert (registration.manager_id, registration.registered_by_id) == (lin.id, luo.id)
