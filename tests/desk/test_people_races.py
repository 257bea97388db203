"""What two people do at once to one person, one customer or one tree, comes out as if one had come after the other."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from desk.customers import assign_manager, transfer_owner
from desk.errors import Forbidden, NotFound, Unauthenticated
from desk.institutions import move_institution
from desk.people.grants import propose_grant
from desk.people.leaving import leave
from desk.people.proposals import execute_proposal
from models.customers import Customer, ManagerAssignment
from models.errors import Refusal
from models.institutions import Institution
from models.people import Assignment
from models.trail import AccessRecord
from tests.cast import START, staff_member
from tests.conftest import NOW

ROUNDS = range(4)


async def post(bank, who: str, place: str, role: str) -> None:
    await Assignment.create(
        staff=bank.staff[who],
        role=role,
        institution=bank.places[place],
        department="TECHNOLOGY",
        valid_from=START,
        recorded_at=START,
    )


async def together(*acts) -> list[str]:
    """The codes of what was refused."""
    outcomes = await asyncio.gather(*acts, return_exceptions=True)
    expected = (Refusal, Forbidden, NotFound, Unauthenticated)
    surprises = [it for it in outcomes if isinstance(it, BaseException) and not isinstance(it, expected)]
    assert surprises == []
    return [it.code for it in outcomes if isinstance(it, expected)]


@pytest.fixture
async def second(bank):
    """A second security administrator."""
    bank.staff["second"] = await staff_member("second", "第二")
    await post(bank, "second", "HQ", "sec_admin")
    return bank


@pytest.mark.parametrize("turn", ROUNDS)
async def test_roles_that_exclude_each_other_are_not_granted_side_by_side(second, seat, turn):
    bank, approver = second, await seat(second.staff["approver"])
    common = {"staff_id": bank.staff["nobody"].id, "department": "TECHNOLOGY", "reason": "test"}
    proposals = [
        await propose_grant(approver, **common, role=role, institution_id=bank.places[place].id)
        for role, place in (("sec_admin", "HQ"), ("cust_mgr", "CDW"))
    ]
    desks = [await seat(bank.staff[who]) for who in ("secadmin", "second")]
    codes = await together(
        *(
            execute_proposal(desk, proposal_id=proposal.id)
            for desk, proposal in zip(desks, proposals, strict=True)
        )
    )
    assert codes == ["SECURITY_WITH_BUSINESS"]
    assert await Assignment.filter(staff=bank.staff["nobody"]).count() == 1


@pytest.mark.parametrize("turn", ROUNDS)
async def test_one_proposal_is_executed_once(second, seat, turn):
    bank, han = second, await seat(second.staff["han"])
    proposal = await propose_grant(
        han,
        staff_id=bank.staff["nobody"].id,
        role="cust_mgr",
        institution_id=bank.places["CDW"].id,
        department="WEALTH_CENTRE",
        reason="test",
    )
    desks = [await seat(bank.staff[who]) for who in ("secadmin", "second")]
    codes = await together(*(execute_proposal(desk, proposal_id=proposal.id) for desk in desks))
    assert codes == ["WRONG_STATE"]
    assert await Assignment.filter(staff=bank.staff["nobody"]).count() == 1
    acts = await AccessRecord.filter(operation="executeProposal").values_list("decision", flat=True)
    assert sorted(acts) == ["ALLOW", "REFUSE"]


@pytest.mark.parametrize("turn", ROUNDS)
async def test_who_leaves_keeps_nothing_that_is_granted_beside_it(second, seat, turn):
    bank, han = second, await seat(second.staff["han"])
    proposal = await propose_grant(
        han,
        staff_id=bank.staff["gao"].id,
        role="cust_mgr",
        institution_id=bank.places["CDW"].id,
        department="WEALTH_CENTRE",
        reason="test",
    )
    one, two = [await seat(bank.staff[who]) for who in ("secadmin", "second")]
    await together(
        execute_proposal(one, proposal_id=proposal.id),
        leave(two, staff_id=bank.staff["gao"].id, reason="left"),
    )
    assert not [it for it in await Assignment.filter(staff=bank.staff["gao"]) if it.holds(NOW)]


@pytest.mark.parametrize("turn", ROUNDS)
async def test_a_customer_has_one_manager_whoever_assigns(bank, seat, turn):
    bank.staff["head2"] = await staff_member("head2", "韩二")
    for who, place, role in (
        ("head2", "CDW", "wc_head"),
        ("nobody", "CDW", "cust_mgr"),
    ):
        await post(bank, who, place, role)
    zhou = bank.customers["zhou"].id
    one, two = [await seat(bank.staff[who]) for who in ("han", "head2")]
    codes = await together(
        assign_manager(one, customer_id=zhou, manager_id=bank.staff["luo"].id),
        assign_manager(two, customer_id=zhou, manager_id=bank.staff["nobody"].id),
    )
    assert codes == []
    rows = await ManagerAssignment.filter(customer_id=zhou)
    assert len([row for row in rows if row.holds(NOW)]) == 1
    assert len(rows) == 3


@pytest.mark.parametrize("turn", ROUNDS)
async def test_a_transfer_beside_a_move_leaves_the_right_path(bank, seat, turn):
    """Zhou goes to the sub-branch while the sub-branch goes to Mianyang."""
    for who, place, role in (("deng", "SC", "pb_officer"), ("nobody", "CDO", "cust_mgr")):
        await post(bank, who, place, role)
    deng, officer = [await seat(bank.staff[who]) for who in ("deng", "officer")]
    codes = await together(
        transfer_owner(
            deng,
            customer_id=bank.customers["zhou"].id,
            to_id=bank.places["CDJ"].id,
            manager_id=bank.staff["nobody"].id,
            reason="test",
        ),
        move_institution(
            officer,
            institution_id=bank.places["CDJ"].id,
            parent_id=bank.places["MY"].id,
            reason="test",
        ),
    )
    assert codes == []
    zhou = await Customer.get(id=bank.customers["zhou"].id)
    place = await Institution.get(id=bank.places["CDJ"].id)
    assert (zhou.owner_id, zhou.owner_path) == (place.id, place.path)
    assert zhou.tier2_id == bank.places["MY"].id


@pytest.mark.parametrize("turn", ROUNDS)
async def test_a_leaver_s_customer_who_is_reassigned_meanwhile_has_one_manager(bank, seat, turn):
    await post(bank, "nobody", "CDW", "cust_mgr")
    zhou = bank.customers["zhou"].id
    codes = await together(
        assign_manager(await seat(bank.staff["han"]), customer_id=zhou, manager_id=bank.staff["nobody"].id),
        leave(
            await seat(bank.staff["secadmin"], NOW + dt.timedelta(seconds=turn)),
            staff_id=bank.staff["lin"].id,
            reason="left",
            receiver_id=bank.staff["luo"].id,
        ),
    )
    assert set(codes) <= {"CHANGE_SCHEDULED"}
    rows = await ManagerAssignment.filter(customer_id=zhou)
    last = NOW + dt.timedelta(hours=1)
    (row,) = [row for row in rows if row.holds(last)]
    assert row.manager_id in (bank.staff["nobody"].id, bank.staff["luo"].id)
