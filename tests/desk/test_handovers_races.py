"""Handovers and covers that two people do at once come out as if one had come after the other."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.customers import assign_manager
from desk.handovers import draw_up, sign
from desk.people.delegations import delegate
from models.customers import ManagerAssignment
from models.handovers import Handover
from models.people import Delegation
from tests.cast import staff_member
from tests.conftest import NOW
from tests.desk.test_people_races import ROUNDS, post, together

AT = NOW + dt.timedelta(days=1)


async def serving(bank, at: dt.datetime) -> list[str]:
    rows = await ManagerAssignment.filter(customer_id=bank.customers["zhou"].id).prefetch_related("manager")
    return [row.manager.number for row in rows if row.holds(at)]


@pytest.mark.parametrize("turn", ROUNDS)
async def test_both_sign_at_once_and_the_customers_pass_once(story, bank, turn):
    handover = await story.draw_up(at=AT)
    luo, wu = await story.desk("luo"), await story.desk("wu")
    assert await together(sign(luo, handover_id=handover.id), sign(wu, handover_id=handover.id)) == []
    done = await Handover.get()
    assert (done.state, done.version, done.done_at) == ("SIGNED", 3, AT)
    assert await serving(bank, AT) == ["S-luo"]
    assert await ManagerAssignment.filter(customer_id=bank.customers["zhou"].id).count() == 2


@pytest.mark.parametrize("turn", ROUNDS)
async def test_a_customer_is_not_given_away_beside_the_last_signature(story, bank, turn):
    handover = await story.draw_up(at=AT)
    await story.sign(handover, "luo")
    wu, han = await story.desk("wu"), await story.desk("han")
    bank.staff["third"] = await staff_member("third", "第三")
    await post(bank, "third", "CDW", "cust_mgr")
    given = assign_manager(
        han, customer_id=bank.customers["zhou"].id, manager_id=bank.staff["third"].id, at=AT
    )
    codes = await together(sign(wu, handover_id=handover.id), given)
    # Signed first, the change at the same second comes after it, and counts; given away first, the list is void.
    assert codes in ([], ["HANDOVER_CHANGED"])
    assert await serving(bank, AT) == ["S-third"]


@pytest.mark.parametrize("turn", ROUNDS)
async def test_two_lists_of_one_giver_are_not_drawn_up_side_by_side(story, bank, turn):
    told = {
        "giver_id": bank.staff["lin"].id,
        "receiver_id": bank.staff["luo"].id,
        "witness_id": bank.staff["wu"].id,
        "institution_id": bank.places["CDW"].id,
        "reason": "moves",
    }
    codes = await together(*[draw_up(await story.desk("han"), **told) for _ in range(2)])
    assert codes in (["HANDOVER_OPEN"], ["CONFLICT"])
    assert await Handover.all().count() == 1


@pytest.mark.parametrize("turn", ROUNDS)
async def test_one_deputy_is_not_given_both_halves_of_a_pair_at_once(story, bank, turn):
    told = {"deputy_id": bank.staff["gao"].id, "reason": "leave", "valid_to": AT}
    codes = await together(
        delegate(
            await story.desk("wu"), principal_id=bank.staff["he"].id, role="card_custodian", **told
        ),
        delegate(
            await story.desk("wu"), principal_id=bank.staff["zhao"].id, role="card_supervisor", **told
        ),
    )  # fmt: skip
    assert codes == ["MOVEMENT_SIGNED_BY_ONE"]


@pytest.mark.parametrize("turn", ROUNDS)
async def test_one_seat_is_not_given_to_two_deputies_at_once(story, bank, turn):
    told = {"principal_id": bank.staff["han"].id, "role": "wc_head", "reason": "leave", "valid_to": AT}
    codes = await together(
        *[delegate(await story.desk("wu"), deputy_id=bank.staff[who].id, **told) for who in ("gao", "luo")]
    )
    assert codes == ["POST_COVERED"]
    assert await Delegation.all().count() == 1
