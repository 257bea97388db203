"""Grants: proposed by a head for his subtree, executed by the security administrator, in force at the next read."""

from __future__ import annotations

import datetime as dt

import pytest

from authz import DataClass, Role
from desk.errors import Forbidden
from desk.people.grants import propose_end, propose_grant, propose_transfer
from desk.people.posts import PLACES, belongs
from desk.people.proposals import execute_proposal, refuse_proposal
from desk.selection import Page, Section, Selection
from examples.demo.people import CENTRE_POSTS, POSTS
from models.institutions import Institution
from models.people import Assignment, Proposal, Staff
from models.trail import AccessRecord
from models.vocabulary import InstitutionKind, Level
from tests.cast import START, staff_member
from tests.conftest import NOW
from tests.digest import refused

LIST = Selection(
    "customer",
    ("number",),
    sections=(Section("name", DataClass.NAME, ("name",)),),
    page=Page(first=10),
    count=True,
)
SECOND, TICK = dt.timedelta(seconds=1), dt.timedelta(microseconds=1)


def manager_at(bank, who: str = "nobody", place: str = "CDW", **more) -> dict:
    return {
        "staff_id": bank.staff[who].id,
        "role": "cust_mgr",
        "institution_id": bank.places[place].id,
        "department": "WEALTH_CENTRE",
        "reason": "a post is vacant",
    } | more


async def held(staff: Staff, role: str) -> Assignment:
    return await Assignment.get(staff_id=staff.id, role=role)


async def numbers(desk) -> list[str]:
    return [row["number"] for row in (await desk.read(LIST)).rows]


async def test_a_proposal_grants_nothing_until_it_is_executed(bank, seat):
    nobody = await seat(bank.staff["nobody"])
    proposal = await propose_grant(await seat(bank.staff["han"]), **manager_at(bank))
    assert (proposal.state, proposal.kind, proposal.role) == ("PROPOSED", "GRANT", "cust_mgr")
    assert await numbers(nobody) == []
    assert await Assignment.filter(staff=bank.staff["nobody"]).count() == 0


async def test_an_executed_grant_is_in_force_at_the_next_read_of_a_desk_that_was_there_before(bank, seat):
    old = await seat(bank.staff["nobody"])
    proposal = await propose_grant(await seat(bank.staff["han"]), **manager_at(bank))
    done = await execute_proposal(await seat(bank.staff["secadmin"]), proposal_id=proposal.id)
    assert (done.state, done.decided_by_id, done.decided_at) == ("EXECUTED", bank.staff["secadmin"].id, NOW)
    assert await numbers(old) == ["C000001", "C000002"]
    assert await numbers(await seat(bank.staff["nobody"])) == ["C000001", "C000002"]
    acts = await AccessRecord.filter(operation__in=("proposeGrant", "executeProposal")).order_by("operation")
    assert [(record.operation, record.decision) for record in acts] == [
        ("executeProposal", "ALLOW"),
        ("proposeGrant", "ALLOW"),
    ]


async def test_a_grant_begins_and_ends_at_the_very_second(bank, seat):
    start, end = NOW + 60 * SECOND, NOW + 120 * SECOND
    said = manager_at(bank, valid_from=start, valid_to=end)
    proposal = await propose_grant(await seat(bank.staff["han"]), **said)
    await execute_proposal(await seat(bank.staff["secadmin"]), proposal_id=proposal.id)
    for moment, seen in (
        (start - TICK, []),
        (start, ["C000001", "C000002"]),
        (end - TICK, ["C000001", "C000002"]),
        (end, []),
    ):
        assert await numbers(await seat(bank.staff["nobody"], moment)) == seen
    running = await seat(bank.staff["nobody"], start)
    assert running.sitter.valid_until == end


async def test_no_right_is_older_than_its_execution(bank, seat):
    proposal = await propose_grant(await seat(bank.staff["han"]), **manager_at(bank))
    later = NOW + dt.timedelta(days=2)
    await execute_proposal(await seat(bank.staff["secadmin"], later), proposal_id=proposal.id)
    granted = await held(bank.staff["nobody"], "cust_mgr")
    assert (granted.valid_from, granted.recorded_at) == (later, later)
    assert granted.recorded_by_id == bank.staff["secadmin"].id


async def test_a_proposal_whose_term_has_run_out_is_not_executed(bank, seat):
    said = manager_at(bank, valid_to=NOW + SECOND)
    proposal = await propose_grant(await seat(bank.staff["han"]), **said)
    desk = await seat(bank.staff["secadmin"], NOW + SECOND)
    async with refused("WRONG_STATE", desk):
        await execute_proposal(desk, proposal_id=proposal.id)


async def test_a_transfer_ends_one_role_and_begins_the_other_in_one_second(bank, seat):
    old_role = await held(bank.staff["gao"], "archive_keeper")
    proposal = await propose_transfer(
        await seat(bank.staff["wu"]),
        assignment_id=old_role.id,
        role="teller",
        institution_id=bank.places["CDO"].id,
        department="OPERATIONS",
        valid_from=NOW + SECOND,
        reason="asked for it",
    )
    old = await seat(bank.staff["gao"])
    assert await numbers(old) == ["C000001", "C000002"]
    await execute_proposal(await seat(bank.staff["secadmin"]), proposal_id=proposal.id)
    assert await numbers(old) == ["C000001", "C000002"]
    assert old.sitter.valid_until == NOW + SECOND
    assert await numbers(await seat(bank.staff["gao"], NOW + SECOND)) == []
    await old_role.refresh_from_db()
    new = await held(bank.staff["gao"], "teller")
    assert (old_role.ended_at, new.valid_from) == (NOW + SECOND, NOW + SECOND)
    assert old_role.end_reason == "asked for it"


async def test_an_end_takes_the_role_away_from_a_running_desk(bank, seat):
    role = await held(bank.staff["gao"], "archive_keeper")
    running = await seat(bank.staff["gao"])
    assert await numbers(running) == ["C000001", "C000002"]
    proposal = await propose_end(await seat(bank.staff["han"]), assignment_id=role.id, reason="retires")
    assert await numbers(running) == ["C000001", "C000002"]
    await execute_proposal(await seat(bank.staff["secadmin"]), proposal_id=proposal.id)
    assert await numbers(running) == []


@pytest.mark.parametrize("kind", ["end", "transfer"])
async def test_a_manager_with_customers_is_not_taken_away_from_them(bank, seat, kind):
    role = await held(bank.staff["lin"], "cust_mgr")
    deng = await seat(bank.staff["deng"])
    if kind == "end":
        proposal = await propose_end(deng, assignment_id=role.id, reason="moves")
    else:
        proposal = await propose_transfer(
            deng,
            assignment_id=role.id,
            role="teller",
            institution_id=bank.places["CDO"].id,
            department="OPERATIONS",
            reason="moves",
        )
    desk = await seat(bank.staff["secadmin"])
    async with refused("HANDOVER_REQUIRED", desk):
        await execute_proposal(desk, proposal_id=proposal.id)


async def test_a_refused_proposal_changes_nothing_else_and_is_decided_once(bank, seat):
    proposal = await propose_grant(await seat(bank.staff["han"]), **manager_at(bank))
    desk = await seat(bank.staff["secadmin"])
    done = await refuse_proposal(desk, proposal_id=proposal.id, note="no such post")
    assert (done.state, done.decision_note) == ("REFUSED", "no such post")
    assert await Assignment.filter(staff=bank.staff["nobody"]).count() == 0
    async with refused("WRONG_STATE", desk):
        await execute_proposal(desk, proposal_id=proposal.id)
    async with refused("WRONG_STATE", desk):
        await refuse_proposal(desk, proposal_id=proposal.id, note="again")


@pytest.mark.parametrize(
    ("who", "place", "allowed"),
    [
        pytest.param("han", "CDW", True, id="head of the centre itself"),
        pytest.param("han", "CDO", False, id="an outlet beside the centre"),
        pytest.param("han", "NJW", False, id="another centre"),
        pytest.param("wu", "CDW", True, id="officer of the branch above"),
        pytest.param("deng", "CDW", True, id="tier-1 above"),
        pytest.param("wu", "NJW", False, id="officer of another line"),
        pytest.param("approver", "NJW", True, id="head office"),
        pytest.param("lin", "CDW", False, id="a manager"),
        pytest.param("officer", "CDW", False, id="head office without the right"),
        pytest.param("secadmin", "CDW", False, id="who executes"),
        pytest.param("nobody", "CDW", False, id="nobody"),
    ],
)
async def test_who_may_propose_where(bank, seat, who, place, allowed):
    desk = await seat(bank.staff[who])
    if who == "nobody":
        bank.staff["nobody"] = await staff_member("other", "另一人")
    if allowed:
        assert (await propose_grant(desk, **manager_at(bank, place=place))).proposed_by_id == desk.staff_id
    else:
        async with refused("FORBIDDEN", desk):
            await propose_grant(desk, **manager_at(bank, place=place))


async def test_a_head_of_a_centre_does_not_head_the_branch_that_the_centre_acts_for(bank, seat):
    desk = await seat(bank.staff["han"])
    said = manager_at(bank, place="CD", role="filing_recorder", department="PERSONAL_BANKING")
    async with refused("FORBIDDEN", desk):
        await propose_grant(desk, **said)


async def test_nobody_proposes_for_himself_under_any_number(bank, seat):
    desk = await seat(bank.staff["han"])
    async with refused("SELF_GRANT", desk):
        await propose_grant(desk, **manager_at(bank, "han"))
    await bank.staff["han"].fetch_related("person")
    bank.staff["twin"] = await staff_member("twin", "韩梅", bank.staff["han"].person)
    async with refused("SELF_GRANT", desk):
        await propose_grant(desk, **manager_at(bank, "twin"))
    own = await held(bank.staff["han"], "wc_head")
    async with refused("SELF_GRANT", desk):
        await propose_end(desk, assignment_id=own.id, reason="tired")


async def test_nobody_executes_for_himself_nor_what_he_proposed_under_another_number(bank, seat):
    await bank.staff["secadmin"].fetch_related("person")
    twin = await staff_member("twin", "沈安", bank.staff["secadmin"].person)
    proposal = await Proposal.create(
        kind="GRANT",
        staff=twin,
        role="sec_admin",
        institution=bank.places["HQ"],
        department="TECHNOLOGY",
        valid_from=NOW,
        state="PROPOSED",
        proposed_by_id=bank.staff["approver"].id,
        proposed_person_id=bank.staff["approver"].person_id,
        proposed_at=NOW,
    )
    desk = await seat(bank.staff["secadmin"])
    async with refused("SELF_GRANT", desk):
        await execute_proposal(desk, proposal_id=proposal.id)
    async with refused("SELF_GRANT", desk):
        await refuse_proposal(desk, proposal_id=proposal.id, note="no")
    await Proposal.filter(id=proposal.id).update(
        staff_id=bank.staff["nobody"].id, proposed_by_id=twin.id, proposed_person_id=twin.person_id
    )
    async with refused("GRANT_BY_ONE", desk):
        await execute_proposal(desk, proposal_id=proposal.id)


@pytest.mark.parametrize("who", ["han", "sysadmin", "logadmin", "approver", "auditor", "lin"])
async def test_only_the_security_administrator_executes(bank, seat, who):
    proposal = await propose_grant(await seat(bank.staff["deng"]), **manager_at(bank))
    desk = await seat(bank.staff[who])
    code = "FORBIDDEN" if who in ("han", "approver", "auditor") else "NOT_FOUND"
    async with refused(code, desk):
        await execute_proposal(desk, proposal_id=proposal.id)
    async with refused(code, desk):
        await refuse_proposal(desk, proposal_id=proposal.id, note="no")


@pytest.mark.parametrize(
    ("who", "role", "code"),
    [
        pytest.param("wu", "sec_admin", "SECURITY_WITH_BUSINESS", id="security beside business"),
        pytest.param("secadmin", "log_admin", "SECURITY_WITH_BUSINESS", id="two administrators"),
        pytest.param("officer", "auditor", "ROLE_READS_ONLY", id="audit beside business"),
        pytest.param("auditor", "hq_policy", "ROLE_READS_ONLY", id="business beside audit"),
    ],
)
async def test_roles_that_exclude_each_other(bank, seat, who, role, code):
    desk = await seat(bank.staff["approver"])
    async with refused(code, desk):
        await propose_grant(desk, **manager_at(bank, who, "HQ", role=role, department="TECHNOLOGY"))


async def test_roles_of_another_staff_number_of_the_person_count_and_are_asked_again_at_execution(bank, seat):
    """The twin number gets its business role between the proposal and its execution."""
    await bank.staff["nobody"].fetch_related("person")
    twin = await staff_member("twin", "吴明", bank.staff["nobody"].person)
    said = manager_at(bank, "nobody", "HQ", role="sec_admin", department="TECHNOLOGY")
    proposal = await propose_grant(await seat(bank.staff["approver"]), **said)
    await Assignment.create(
        staff=twin,
        role="cust_mgr",
        institution=bank.places["CDW"],
        department="WEALTH_CENTRE",
        valid_from=START,
        recorded_at=START,
    )
    desk = await seat(bank.staff["secadmin"])
    async with refused("SECURITY_WITH_BUSINESS", desk):
        await execute_proposal(desk, proposal_id=proposal.id)


async def test_an_ended_role_excludes_nothing(bank, seat):
    role = await held(bank.staff["gao"], "archive_keeper")
    await role.end(at=NOW, now=NOW, by=None, reason="test")
    said = manager_at(bank, "gao", "HQ", role="sec_admin", department="TECHNOLOGY")
    proposal = await propose_grant(await seat(bank.staff["approver"]), **said)
    await execute_proposal(await seat(bank.staff["secadmin"]), proposal_id=proposal.id)
    assert {seat.role for seat in (await seat(bank.staff["gao"])).actor.seats} == {Role.SEC_ADMIN}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param({"role": "sec_admin"}, "ROLE_NOT_HERE", id="administrator of a centre"),
        pytest.param({"role": "pb_officer"}, "ROLE_NOT_HERE", id="officer of a centre"),
        pytest.param({"role": "king"}, "BAD_USER_INPUT", id="unknown role"),
        pytest.param({"department": "KITCHEN"}, "BAD_USER_INPUT", id="unknown department"),
        pytest.param({"reason": "  "}, "BAD_USER_INPUT", id="no reason"),
        pytest.param({"valid_from": NOW - SECOND}, "BACKDATED", id="yesterday"),
        pytest.param({"valid_to": NOW}, "BAD_PERIOD", id="ends as it starts"),
        pytest.param({"valid_from": NOW.replace(tzinfo=None)}, "BAD_USER_INPUT", id="no time zone"),
    ],
)
async def test_what_cannot_be_proposed(bank, seat, said, code):
    desk = await seat(bank.staff["han"])
    async with refused(code, desk):
        await propose_grant(desk, **manager_at(bank) | said)


async def test_a_role_is_held_once(bank, seat):
    desk = await seat(bank.staff["han"])
    async with refused("ALREADY_HELD", desk):
        await propose_grant(desk, **manager_at(bank, "lin"))
    proposals = [await propose_grant(desk, **manager_at(bank)) for _ in range(2)]
    sec = await seat(bank.staff["secadmin"])
    await execute_proposal(sec, proposal_id=proposals[0].id)
    async with refused("ALREADY_HELD", sec):
        await execute_proposal(sec, proposal_id=proposals[1].id)


async def test_nobody_is_granted_anything_once_he_has_left(bank, seat):
    proposal = await propose_grant(await seat(bank.staff["han"]), **manager_at(bank))
    await Staff.filter(id=bank.staff["nobody"].id).update(left_at=NOW)
    desk = await seat(bank.staff["secadmin"])
    async with refused("STAFF_HAS_LEFT", desk):
        await execute_proposal(desk, proposal_id=proposal.id)
    han = await seat(bank.staff["han"])
    async with refused("STAFF_HAS_LEFT", han):
        await propose_grant(han, **manager_at(bank))


async def test_an_end_is_said_once(bank, seat):
    role = await held(bank.staff["gao"], "archive_keeper")
    han, sec = await seat(bank.staff["han"]), await seat(bank.staff["secadmin"])
    proposals = [await propose_end(han, assignment_id=role.id, reason="retires") for _ in range(2)]
    await execute_proposal(sec, proposal_id=proposals[0].id)
    async with refused("ALREADY_ENDED", sec):
        await execute_proposal(sec, proposal_id=proposals[1].id)
    async with refused("ALREADY_ENDED", han):
        await propose_end(han, assignment_id=role.id, reason="retires")


async def test_one_key_has_one_effect(bank, seat):
    desk = await seat(bank.staff["han"])
    first = await propose_grant(desk, **manager_at(bank), idempotency_key="k1")
    again = await propose_grant(await seat(bank.staff["han"]), **manager_at(bank), idempotency_key="k1")
    assert (first.id, await Proposal.all().count()) == (again.id, 1)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_its_places(role):
    assert PLACES[role]


def test_the_demo_bank_puts_nobody_where_his_role_does_not_belong():
    for level, posts in POSTS.items():
        branch = Institution(level=level, kind=InstitutionKind.BRANCH)
        assert [role for role, _ in posts if not belongs(role, branch)] == []
    centre = Institution(level=Level.TIER2, kind=InstitutionKind.WEALTH_CENTRE)
    assert [role for role, _ in CENTRE_POSTS if not belongs(role, centre)] == []


async def test_forbidden_says_whom_to_ask(bank, seat):
    with pytest.raises(Forbidden, match="Ask its head"):
        await propose_grant(await seat(bank.staff["han"]), **manager_at(bank, place="CDO"))
