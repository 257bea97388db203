"""Article 7: who misses head office's thresholds becomes a VIP only by a tier-1 branch that approves him, one by one."""

from __future__ import annotations

import datetime as dt

import pytest
from graphql import GraphQLInputObjectType, GraphQLList, get_named_type, get_nullable_type

from authz import Policy, Role
from authz.policy import POLICY
from desk.desk import adopt
from models.archives import Archive
from models.exceptions import ExceptionCase, ExceptionShortfall
from models.filing import Filing
from models.institutions import Institution
from models.membership import Consent, Membership
from models.people import Assignment, Staff, Suspension
from models.standards import Evaluation
from tests.cast import START, staff_member
from tests.digest import refused
from tests.schema.walking import GRAPH

pytestmark = pytest.mark.measure("A7")


async def post(story, who: str, place: str, department: str = "PERSONAL_BANKING") -> None:
    """An approver there; `who` may be somebody of the cast, who gets a staff number of his own."""
    known = story.bank.staff.get(who)
    key = f"{who}-{place}"
    person = await known.person if known else None
    story.bank.staff[key] = staff = await staff_member(key, key, person)
    await Assignment.create(
        staff=staff,
        role=Role.EXC_APPROVER,
        institution=story.bank.places[place],
        department=department,
        valid_from=START,
        recorded_at=START,
    )


async def test_an_approved_exception_makes_a_vip_customer(story):
    bank = story.bank
    membership, evaluation = await story.applied(), await story.missed()
    case = await story.ask(membership, evaluation)
    assert (case.state, case.version, case.renewal) == ("SUBMITTED", 1, False)
    assert (case.submitted_to_id, case.submitted_to_path) == (bank.places["SC"].id, bank.places["SC"].path)
    assert case.submitted_person_id == bank.staff["lin"].person_id
    waiting = await Membership.get()
    assert (waiting.state, waiting.tier, waiting.version, waiting.term_ends) == (
        "EXCEPTION_PENDING",
        "HEAD_OFFICE",
        2,
        None,
    )

    approved = await story.approve(case)
    assert (approved.state, approved.version, approved.approval_number) == ("APPROVED", 2, "SC-2026-E000001")
    assert (approved.decided_at, approved.decided_by_id) == (bank.now, bank.staff["deng"].id)
    active = await Membership.get()
    assert (active.state, active.tier, active.version, active.over) == ("ACTIVE", "HEAD_OFFICE", 3, False)
    assert (active.exception_id, active.filing_id) == (case.id, None)
    # Two years on is a Saturday, so it is the Monday after it (民法典 203).
    assert (active.term_starts, active.term_ends) == (dt.date(2026, 11, 25), dt.date(2028, 11, 27))
    archive = await Archive.get()
    assert (archive.membership_id, archive.number, archive.state) == (
        membership.id,
        "SC-2026-E000001",
        "BUILDING",
    )
    assert await Filing.all().count() == 0


async def test_a_membership_that_was_rejected_is_over_and_a_new_one_may_begin(story):
    case = await story.asked()
    async with refused("REASON_REQUIRED", await story.desk("deng")):
        await story.reject(case, reason=" ")
    rejected = await story.reject(case)
    assert (rejected.state, rejected.version, rejected.approval_number) == ("REJECTED", 2, None)
    assert (rejected.decision_reason, rejected.decided_by_id) == (
        "no contribution is shown",
        story.bank.staff["deng"].id,
    )
    membership = await Membership.get()
    assert (membership.state, membership.over, membership.over_at) == ("REJECTED", True, story.bank.now)
    assert "contribution" not in membership.over_reason
    assert await Archive.all().count() == 0
    again = await story.register(await Consent.get())
    assert again.state == "APPLIED"


async def test_a_returned_exception_is_kept_and_submitted_anew(story):
    case = await story.asked()
    async with refused("REASON_REQUIRED", await story.desk("deng")):
        await story.send_back(case, reason="")
    returned = await story.send_back(case)
    assert (returned.state, returned.decision_reason) == ("RETURNED", "the annual report is missing")
    membership = await Membership.get()
    assert (membership.state, membership.version, membership.over) == ("EVALUATED", 3, False)
    async with refused("WRONG_STATE", await story.desk("deng")):
        await story.approve(case, version=2)
    again = await story.ask(membership, await Evaluation.get(), reason="heads it, report attached")
    assert again.digest != case.digest
    assert (await story.approve(again)).approval_number == "SC-2026-E000001"
    assert (await ExceptionCase.get(id=case.id)).state == "RETURNED"
    assert await ExceptionShortfall.all().count() == 6


async def test_each_branch_counts_its_own_exceptions_and_apart_from_its_filings(story):
    await story.approve(await story.asked())
    second = await story.approve(await story.asked("luo", "qian"))
    assert second.approval_number == "SC-2026-E000002"


@pytest.mark.parametrize(
    ("to", "code"),
    [
        pytest.param("HQ", "EXCEPTION_LEVEL", id="head office"),
        pytest.param("CD", "EXCEPTION_LEVEL", id="tier-2"),
        pytest.param("CDJ", "EXCEPTION_LEVEL", id="sub-branch"),
        pytest.param("CDW", "EXCEPTION_LEVEL", id="wealth centre"),
        pytest.param("JS", "EXCEPTION_NOT_IN_LINE", id="another tier-1"),
        pytest.param("SC", None, id="the tier-1 above"),
    ],
)
async def test_where_an_exception_may_go(story, to, code):
    await post(story, "tier2", "CD")
    membership, evaluation = await story.applied(), await story.missed()
    if code is None:
        assert (await story.ask(membership, evaluation, to=to)).state == "SUBMITTED"
        return
    async with refused(code, await story.desk()):
        await story.ask(membership, evaluation, to=to)


@pytest.mark.parametrize("why", ["left", "suspended", "ended", "other department", "merged away", "himself"])
async def test_a_branch_where_nobody_can_approve_takes_no_exception(story, why):
    membership, evaluation = await story.applied(), await story.missed()
    deng, now = story.bank.staff["deng"], story.bank.now
    if why == "left":
        await Staff.filter(id=deng.id).update(left_at=now)
    elif why == "suspended":
        await Suspension.create(staff=deng, reason="inquiry", valid_from=START, recorded_at=START)
    elif why == "other department":
        await Assignment.filter(staff_id=deng.id).update(department="OPERATIONS")
    elif why == "merged away":
        await Institution.filter(code="SC").update(merged_into_id=story.bank.places["JS"].id)
    else:
        await Assignment.filter(staff_id=deng.id).update(ended_at=now)
        if why == "himself":
            await post(story, "lin", "SC")
    async with refused("EXCEPTION_LEVEL" if why == "merged away" else "NO_APPROVER", await story.desk()):
        await story.ask(membership, evaluation)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        pytest.param("tier2-CD", "FORBIDDEN", id="approver of tier-2"),
        pytest.param("other-JS", "NOT_FOUND", id="approver of another tier-1"),
        pytest.param("ops-SC", "EXCEPTION_NOT_PERSONAL_BANKING", id="other department"),
        pytest.param("cheng", "FORBIDDEN", id="filing recorder of that branch"),
        pytest.param("officer", "FORBIDDEN", id="head office"),
        pytest.param("lin", "FORBIDDEN", id="the submitter"),
        pytest.param("lin-SC", "SAME_PERSON", id="the submitter by another number"),
        pytest.param("officer-SC", "SAME_PERSON", id="who evaluated"),
        pytest.param("nobody", "NOT_FOUND", id="nobody"),
    ],
)
async def test_who_may_decide(story, who, code):
    case = await story.asked()
    name, _, place = who.partition("-")
    if place:
        await post(story, name, place, "OPERATIONS" if name == "ops" else "PERSONAL_BANKING")
    desk = await story.desk(who)
    for decide in (story.approve, story.reject, story.send_back):
        async with refused(code, desk):
            await decide(case, who)
    await story.approve(case)


@pytest.mark.parametrize(
    ("who", "code"),
    [("luo", "FORBIDDEN"), ("han", "FORBIDDEN"), ("deng", "FORBIDDEN"), ("tang", "NOT_FOUND")],
)
async def test_only_his_manager_submits(story, who, code):
    membership, evaluation = await story.applied(), await story.missed()
    async with refused(code, await story.desk(who)):
        await story.ask(membership, evaluation, who)


async def test_it_says_why(story):
    membership, evaluation = await story.applied(), await story.missed()
    async with refused("REASON_REQUIRED", await story.desk()):
        await story.ask(membership, evaluation, reason="  ")
    async with refused("BAD_USER_INPUT", await story.desk()):
        await story.ask(membership, evaluation, reason="x" * 1001)
    assert (await story.ask(membership, evaluation, reason="x" * 1000)).reason == "x" * 1000


async def test_only_the_version_that_was_seen_is_decided(story):
    case = await story.asked()
    desk = await story.desk("deng")
    for decide in (story.approve, story.reject, story.send_back):
        async with refused("STALE_VERSION", desk):
            await decide(case, version=2)
    await story.approve(case)
    for decide in (story.approve, story.reject, story.send_back):
        async with refused("WRONG_STATE", desk):
            await decide(case, version=2)


@pytest.mark.parametrize("what", ["figures", "name", "reason", "shortfall", "membership", "policy"])
async def test_a_change_after_submission_voids_it(story, what):
    case = await story.asked()
    zhou = story.bank.customers["zhou"]
    if what == "figures":
        await Evaluation.filter(id=case.evaluation_id).update(average_savings=499_999_98)
    elif what == "name":
        await type(zhou).filter(id=zhou.id).update(name="周日月")
    elif what == "reason":
        await ExceptionCase.all().update(reason="another reason")
    elif what == "shortfall":
        await ExceptionShortfall.filter(kind="SPEND").update(figure=99_999_99)
    elif what == "membership":
        await Membership.all().update(version=7)
    else:
        lines = POLICY.read_text(encoding="utf-8").splitlines()
        story.policy = Policy.of("\n".join(line for line in lines if "partner_staff" not in line))
        await adopt(story.policy)
    desk = await story.desk("deng")
    for decide in (story.approve, story.reject):
        async with refused("CONTENT_CHANGED", desk):
            await decide(case)
    await story.send_back(case)


def test_nobody_can_decide_two_at_once():
    """逐一: no mutation about exceptions takes a list, at any depth, and none has two cases."""
    mutations = GRAPH.mutation_type.fields
    about = {name: field for name, field in mutations.items() if "exception" in name.lower()}
    assert set(about) == {
        "submitExceptionCase",
        "approveExceptionCase",
        "rejectExceptionCase",
        "returnExceptionCase",
    }
    for field in about.values():
        assert list(field.args) == ["input"]
        given = get_named_type(field.args["input"].type)
        assert isinstance(given, GraphQLInputObjectType)
        assert len({"membershipId", "caseId"} & set(given.fields)) == 1
        for inner in given.fields.values():
            assert not isinstance(get_nullable_type(inner.type), GraphQLList)
            assert not isinstance(get_named_type(inner.type), GraphQLInputObjectType)
