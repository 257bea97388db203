"""客户合并: who may say that two customers are one, and who may decide it."""

from __future__ import annotations

import pytest

from models.customers import Customer
from models.people import Assignment, Recusal
from tests.cast import START
from tests.conftest import NOW
from tests.desk.duplicates import (
    second_post,
)
from tests.digest import refused


@pytest.mark.parametrize(
    ("who", "code"),
    [
        pytest.param("lin", "FORBIDDEN", id="the manager"),
        pytest.param("wu", "FORBIDDEN", id="an officer"),
        pytest.param("nan", "NOT_FOUND", id="another head"),
        pytest.param("sysadmin", "NOT_FOUND", id="an administrator"),
        pytest.param("nobody", "NOT_FOUND", id="nobody"),
    ],
)
async def test_who_may_not_propose(twins, who, code):
    async with refused(code, await twins.story.desk(who)):
        await twins.propose(who)


async def test_nobody_proposes_or_decides_about_his_own(twins):
    for who, role, of in (("han", "wc_head", twins.gone), ("wu", "pb_officer", twins.gone)):
        await Recusal.create(
            person_id=twins.bank.staff[who].person_id, customer_id=of.id, relation="SELF", recorded_at=NOW
        )
        assert role
    async with refused("FORBIDDEN", await twins.story.desk("han")):
        await twins.propose()
    await Recusal.filter(person_id=twins.bank.staff["han"].person_id).delete()
    merge = await twins.propose()
    async with refused("FORBIDDEN", await twins.story.desk("wu")):
        await twins.decide(merge)


async def test_two_staff_numbers_of_one_person_are_one_person(twins):
    await second_post(twins, "han", "pb_officer")
    merge = await twins.propose()
    for approved in (True, False):
        async with refused("MERGE_BY_ONE", await twins.story.desk("second")):
            await twins.decide(merge, "second", approved=approved, note="x")
    merge = await twins.propose_split(await twins.decide(merge))
    async with refused("MERGE_BY_ONE", await twins.story.desk("second")):
        await twins.split(merge, "second")


@pytest.mark.parametrize(
    ("who", "code"),
    [
        pytest.param("han", "FORBIDDEN", id="who proposed"),
        pytest.param("lin", "FORBIDDEN", id="the manager"),
        pytest.param("officer", "FORBIDDEN", id="head office's policy desk"),
        pytest.param("nan", "NOT_FOUND", id="another branch"),
        pytest.param("nobody", "NOT_FOUND", id="nobody"),
    ],
)
async def test_who_may_not_decide(twins, who, code):
    merge = await twins.propose()
    async with refused(code, await twins.story.desk(who)):
        await twins.decide(merge, who)


async def test_an_officer_of_one_branch_does_not_decide_about_another_branchs_customer(twins, bank):
    """The duplicate moved to Mianyang between the two steps: an officer of Sichuan is above both, Wu is not."""
    await Assignment.create(
        staff=bank.staff["mian"], role="cust_mgr", institution=bank.places["MY"], department="WEALTH_CENTRE",
        valid_from=START, recorded_at=START,
    )  # fmt: skip
    merge = await twins.propose()
    my = bank.places["MY"]
    await Customer.filter(id=twins.gone.id).update(owner_id=my.id, owner_path=my.path, tier2_id=my.id)
    async with refused("FORBIDDEN", await twins.story.desk("wu")):
        await twins.decide(merge)
    await second_post(twins, "deng", "pb_officer", "SC")
    assert (await twins.decide(merge, "second")).state == "MERGED"
