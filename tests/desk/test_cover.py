"""代班 for posts: a custodian, a supervisor or a head is away, and a deputy sits in the seat from a second to a second."""

from __future__ import annotations

import datetime as dt

import pytest

from authz import DataClass, Role
from desk.errors import Unauthenticated
from desk.people.delegations import delegate, end_delegation
from desk.people.grants import propose_end, propose_grant
from desk.people.leaving import leave, suspend
from desk.people.proposals import execute_proposal
from desk.selection import Page, Purpose, Section, Selection
from models.institutions import SupervisionLine
from models.people import Assignment, Delegation
from models.trail import AccessRecord
from models.vocabulary import Department
from tests.cast import START, staff_member
from tests.conftest import NOW
from tests.digest import refused

SECOND, TICK = dt.timedelta(seconds=1), dt.timedelta(microseconds=1)
BEGIN, END = NOW + dt.timedelta(days=1), NOW + dt.timedelta(days=9)
ASSETS = Selection(
    "customer",
    ("number",),
    sections=(Section("assets", DataClass.ASSET, ("band",)),),
    page=Page(first=10),
    purpose=Purpose("ADVICE"),
)


async def shown(desk) -> dict[str, str]:
    return {row["number"]: row["assets"]["visibility"].value for row in (await desk.read(ASSETS)).rows}


def cover(bank, principal: str = "han", deputy: str = "gao", **more) -> dict:
    role = {"han": Role.WC_HEAD, "he": Role.CARD_CUSTODIAN, "zhao": Role.CARD_SUPERVISOR}.get(principal, "")
    return {
        "principal_id": bank.staff[principal].id,
        "deputy_id": bank.staff[deputy].id,
        "role": role,
        "reason": "holiday",
        "valid_from": BEGIN,
        "valid_to": END,
    } | more


def roles(desk) -> set[str]:
    return {seat.role.value for seat in desk.actor.seats}


async def test_a_deputy_sits_in_the_heads_seat_from_the_second_to_the_second(bank, seat):
    """Gao keeps archives and sees no asset; in Han's seat she sees those of the branch, as the head does."""
    await delegate(await seat(bank.staff["wu"]), **cover(bank))
    nothing, all_of_it = (dict.fromkeys(("C000001", "C000002"), it) for it in ("WITHHELD", "VISIBLE"))
    for moment, seen in (
        (BEGIN - SECOND, nothing),
        (BEGIN - TICK, nothing),
        (BEGIN, all_of_it),
        (BEGIN + SECOND, all_of_it),
        (END - TICK, all_of_it),
        (END, nothing),
        (END + SECOND, nothing),
    ):
        assert await shown(await seat(bank.staff["gao"], moment)) == seen, moment
    assert roles(await seat(bank.staff["han"], BEGIN)) == {"wc_head"}


async def test_the_seat_is_the_principals_own_and_the_trail_names_it(bank, seat):
    await delegate(await seat(bank.staff["wu"]), **cover(bank))
    gao = await seat(bank.staff["gao"], BEGIN)
    post = await Assignment.get(staff_id=bank.staff["han"].id)
    (filled,) = [it for it in gao.actor.seats if it.role is Role.WC_HEAD]
    assert (filled.assignment_id, filled.institution_id, filled.path) == (
        post.id,
        bank.places["CDW"].id,
        bank.places["CDW"].acting_path,
    )
    await shown(gao)
    receipt = await AccessRecord.filter(staff_id=gao.staff_id).order_by("-at").first()
    assert f'"wc_head@{filled.path}"' in receipt.record
    assert '"staff":"S-gao"' in receipt.record


async def test_a_desk_that_runs_into_the_second_sits_down_anew(bank, seat):
    await delegate(await seat(bank.staff["wu"]), **cover(bank))
    gao = await seat(bank.staff["gao"], BEGIN - SECOND)
    assert set((await shown(gao)).values()) == {"WITHHELD"}
    gao.now = BEGIN
    assert set((await shown(gao)).values()) == {"VISIBLE"}
    gao.now = END
    assert set((await shown(gao)).values()) == {"WITHHELD"}


@pytest.mark.parametrize("how", ["ended", "the head leaves", "his post ends", "her own post ends"])
async def test_a_cover_is_revoked_at_once_for_a_running_desk(bank, seat, how):
    wu, sec = await seat(bank.staff["wu"]), await seat(bank.staff["secadmin"])
    held = await delegate(wu, **cover(bank, valid_from=None))
    gao = await seat(bank.staff["gao"])
    assert set((await shown(gao)).values()) == {"VISIBLE"}
    if how == "ended":
        await end_delegation(wu, delegation_id=held.id, reason="back early")
    elif how == "the head leaves":
        await leave(sec, staff_id=bank.staff["han"].id, reason="retired")
    else:
        whose = "han" if how == "his post ends" else "gao"
        post = await Assignment.get(staff_id=bank.staff[whose].id)
        made = await propose_end(wu, assignment_id=post.id, reason="moves on")
        await execute_proposal(sec, proposal_id=made.id)
    seen = await shown(gao)
    assert seen == {} if how == "her own post ends" else set(seen.values()) == {"WITHHELD"}


async def test_a_suspension_of_the_principal_is_an_absence_and_one_of_the_deputy_is_none_of_work(bank, seat):
    sec = await seat(bank.staff["secadmin"])
    await delegate(await seat(bank.staff["wu"]), **cover(bank, valid_from=None))
    gao = await seat(bank.staff["gao"])
    await suspend(sec, staff_id=bank.staff["han"].id, reason="inquiry")
    assert set((await shown(gao)).values()) == {"VISIBLE"}
    await suspend(sec, staff_id=gao.staff_id, reason="inquiry")
    with pytest.raises(Unauthenticated):
        await shown(gao)


async def test_a_head_in_anothers_seat_does_what_the_head_does_but_not_for_himself(bank, seat):
    """Luo stands in for Han: he may delegate for Lin, and not name himself."""
    await delegate(await seat(bank.staff["wu"]), **cover(bank, deputy="luo", valid_from=None))
    luo = await seat(bank.staff["luo"])
    told = {"principal_id": bank.staff["lin"].id, "reason": "ill", "valid_to": END}
    async with refused("SELF_GRANT", luo):
        await delegate(luo, deputy_id=luo.staff_id, **told)
    held = await delegate(luo, deputy_id=(await _third_manager(bank)).id, **told)
    assert (held.role, held.assignment_id) == ("cust_mgr", None)


async def _third_manager(bank):
    third = await staff_member("third", "第三")
    await Assignment.create(
        staff=third, role="cust_mgr", institution=bank.places["CDW"], department=Department.WEALTH_CENTRE,
        valid_from=START, recorded_at=START,
    )  # fmt: skip
    return third


@pytest.mark.parametrize("principal", ["he", "zhao"])
async def test_a_custodian_and_a_supervisor_are_covered_and_nobody_sees_more(bank, seat, principal):
    held = await delegate(await seat(bank.staff["wu"]), **cover(bank, principal, valid_from=None))
    gao = await seat(bank.staff["gao"])
    assert roles(gao) == {"archive_keeper", held.role}
    assert gao.actor.delegated == frozenset()
    assert set((await shown(gao)).values()) == {"WITHHELD"}


@pytest.mark.parametrize(
    ("principal", "said", "code"),
    [
        pytest.param("zhao", {"deputy": "he"}, "MOVEMENT_SIGNED_BY_ONE", id="custodian as supervisor"),
        pytest.param("he", {"deputy": "zhao"}, "MOVEMENT_SIGNED_BY_ONE", id="supervisor as custodian"),
        pytest.param("han", {"deputy": "nan"}, "DEPUTY_NOT_HERE", id="head of another branch"),
        pytest.param("he", {"deputy": "teller"}, "DEPUTY_NOT_HERE", id="of a branch below"),
        pytest.param("he", {"deputy": "nobody"}, "DEPUTY_NOT_HERE", id="without a post"),
        pytest.param("han", {"deputy": "auditor"}, "ROLE_READS_ONLY", id="an auditor, above"),
        pytest.param("han", {"deputy": "sysadmin"}, "SECURITY_WITH_BUSINESS", id="an administrator, above"),
        pytest.param("han", {"deputy": "han"}, "SAME_PERSON", id="for himself"),
        pytest.param("han", {"deputy": "wu"}, "SELF_GRANT", id="the officer himself"),
        pytest.param("nan", {"role": Role.WC_HEAD}, "FORBIDDEN", id="another branch's head"),
        pytest.param("he", {"role": Role.WC_HEAD}, "POST_NOT_HELD", id="a role that he does not hold"),
        pytest.param("bai", {"role": Role.FILING_RECORDER}, "ROLE_NOT_COVERED", id="a role that is not covered"),
        pytest.param("lin", {"role": Role.CUST_MGR, "deputy": "luo"}, "FORBIDDEN", id="a manager: the head does that"),
        pytest.param("he", {"role": "cook"}, "BAD_USER_INPUT", id="no role"),
        pytest.param("han", {"valid_to": BEGIN}, "BAD_PERIOD", id="no time"),
        pytest.param("han", {"valid_from": NOW - TICK}, "BACKDATED", id="backdated"),
        pytest.param("han", {"reason": " "}, "BAD_USER_INPUT", id="no reason"),
    ],
)  # fmt: skip
async def test_what_is_no_cover(bank, seat, principal, said, code):
    said = dict(said)
    told = cover(bank, principal, said.pop("deputy", "gao"), **said)
    desk = await seat(bank.staff["wu"])
    async with refused(code, desk):
        await delegate(desk, **told)


@pytest.mark.parametrize("who", ["han", "lin", "deng", "nan", "secadmin", "officer", "nobody"])
async def test_only_an_officer_at_or_above_the_branch_fills_a_seat(bank, seat, who):
    held = await delegate(await seat(bank.staff["wu"]), **cover(bank))
    desk = await seat(bank.staff[who])
    async with refused("FORBIDDEN", desk):
        await delegate(desk, **cover(bank, "he"))
    async with refused("FORBIDDEN", desk):
        await end_delegation(desk, delegation_id=held.id, reason="no")


async def test_an_officer_above_the_branch_fills_a_seat(bank, seat):
    above = await staff_member("above", "上官")
    await Assignment.create(
        staff=above, role="pb_officer", institution=bank.places["SC"], department=Department.PERSONAL_BANKING,
        valid_from=START, recorded_at=START,
    )  # fmt: skip
    held = await delegate(await seat(above), **cover(bank, "he", "cheng"))
    assert (await Delegation.get()).role == "card_custodian"
    await end_delegation(await seat(bank.staff["wu"]), delegation_id=held.id, reason="back")


async def test_one_seat_has_one_deputy_at_a_time(bank, seat):
    wu = await seat(bank.staff["wu"])
    await delegate(wu, **cover(bank))
    async with refused("POST_COVERED", wu):
        await delegate(wu, **cover(bank, deputy="luo", valid_from=END - TICK, valid_to=END + SECOND))
    await delegate(wu, **cover(bank, deputy="luo", valid_from=END, valid_to=END + SECOND))


async def test_who_fills_one_half_of_a_pair_gets_no_other_half(bank, seat):
    """Neither by another cover, nor by a grant; nor under a second staff number; and no role that excludes it."""
    wu, sec = await seat(bank.staff["wu"]), await seat(bank.staff["secadmin"])
    await delegate(wu, **cover(bank, "he", valid_from=None))
    async with refused("MOVEMENT_SIGNED_BY_ONE", wu):
        await delegate(wu, **cover(bank, "zhao"))
    second = await staff_member("gao2", "高洁", await bank.staff["gao"].person)
    await Assignment.create(
        staff=second, role="teller", institution=bank.places["CD"], department=Department.OPERATIONS,
        valid_from=START, recorded_at=START,
    )  # fmt: skip
    async with refused("MOVEMENT_SIGNED_BY_ONE", wu):
        await delegate(wu, **cover(bank, "zhao") | {"deputy_id": second.id})
    grant = {
        "staff_id": second.id,
        "institution_id": bank.places["CDW"].id,
        "department": Department.WEALTH_CENTRE,
        "reason": "more to do",
    }
    async with refused("MOVEMENT_SIGNED_BY_ONE", wu):
        await propose_grant(wu, role=Role.CARD_SUPERVISOR, **grant)
    async with refused("ALREADY_HELD", wu):
        await propose_grant(wu, role=Role.CARD_CUSTODIAN, **grant)
    made = await propose_grant(wu, role=Role.CARD_SUPERVISOR, **grant | {"valid_from": END})
    await execute_proposal(sec, proposal_id=made.id)


async def test_a_supervision_line_makes_a_pair_wherever_the_two_are(bank, seat):
    """Gao is custodian at the outlet, and Zhao her supervisor: she does not sign in his place."""
    wu = await seat(bank.staff["wu"])
    line = await SupervisionLine.create(
        supervisor_id=bank.staff["zhao"].id,
        staff_id=bank.staff["gao"].id,
        valid_from=START,
        recorded_at=START,
    )
    async with refused("MOVEMENT_SIGNED_BY_ONE", wu):
        await delegate(wu, **cover(bank, "zhao"))
    await line.end(at=BEGIN, now=NOW, by=None, reason="moved")
    await delegate(wu, **cover(bank, "zhao"))


@pytest.mark.parametrize(("principal", "deputy"), [("he", "zhao"), ("zhao", "he")])
async def test_the_two_of_one_place_are_a_pair_without_a_line_between_them(bank, seat, principal, deputy):
    await SupervisionLine.all().delete()
    wu = await seat(bank.staff["wu"])
    async with refused("MOVEMENT_SIGNED_BY_ONE", wu):
        await delegate(wu, **cover(bank, principal, deputy))


async def test_the_post_is_named_where_there_are_several(bank, seat):
    other = await Assignment.create(
        staff=bank.staff["he"], role="card_custodian", institution=bank.places["CDO"],
        department=Department.OPERATIONS, valid_from=START, recorded_at=START,
    )  # fmt: skip
    wu = await seat(bank.staff["wu"])
    async with refused("BAD_USER_INPUT", wu):
        await delegate(wu, **cover(bank, "he"))
    held = await delegate(wu, **cover(bank, "he", assignment_id=other.id))
    assert held.assignment_id == other.id
    gao = await seat(bank.staff["gao"], BEGIN)
    (filled,) = [it for it in gao.actor.seats if it.role is Role.CARD_CUSTODIAN]
    assert filled.institution_id == bank.places["CDO"].id
