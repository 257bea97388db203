"""The acts of an exception as acts: one effect for a key, all or nothing, one winner, and a tree that may move meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from authz import Role
from desk.customers import transfer_owner
from desk.dialect import is_postgres
from desk.errors import Forbidden, NotFound
from desk.institutions import merge_institutions, move_institution
from desk.membership import withdraw_consent
from desk.standards import flipped_decisions
from models.archives import Archive
from models.customers import Customer, ManagerAssignment
from models.errors import Refusal
from models.exceptions import ExceptionCase, ExceptionShortfall
from models.history import MembershipEvent
from models.institutions import Institution
from models.membership import Consent, Membership
from models.people import Assignment
from models.trail import AccessRecord
from tests.cast import START, customer_fields, staff_member
from tests.digest import changed, digest, refused
from tests.story import Story

AT_ONCE = 12


async def outcome(act) -> str:
    """ "OK", or the code of the refusal."""
    try:
        await act
    except (Refusal, Forbidden, NotFound) as refusal:
        return refusal.code
    return "OK"


async def approvers(story: Story, size: int, place: str = "SC") -> list[str]:
    names = [f"{place}{n}" for n in range(size)]
    for name in names:
        story.bank.staff[name] = staff = await staff_member(name, name)
        await Assignment.create(
            staff=staff,
            role=Role.EXC_APPROVER,
            institution=story.bank.places[place],
            department="PERSONAL_BANKING",
            valid_from=START,
            recorded_at=START,
        )
    return names


async def test_each_act_leaves_one_record_and_one_event_of_its_own(story):
    case = await story.asked()
    await story.send_back(case)
    await story.ask(await Membership.get(), await story.missed(recorded_at=story.bank.now.replace(hour=3)))
    await story.approve(await ExceptionCase.get(state="SUBMITTED"))
    records = await AccessRecord.filter(resource="exception_case")
    assert Counter((r.operation, r.decision) for r in records) == {
        ("submitExceptionCase", "ALLOW"): 2,
        ("returnExceptionCase", "ALLOW"): 1,
        ("approveExceptionCase", "ALLOW"): 1,
    }
    assert {r.customer_id for r in records} == {story.bank.customers["zhou"].id}
    events = await MembershipEvent.all().order_by("version")
    assert [event.state for event in events] == [
        "APPLIED",
        "EXCEPTION_PENDING",
        "EVALUATED",
        "EXCEPTION_PENDING",
        "ACTIVE",
    ]
    assert events[-1].by_id == story.bank.staff["deng"].id


@pytest.mark.parametrize("act", ["submit", "approve", "reject", "return"])
async def test_the_same_key_has_one_effect_and_one_outcome(story, act):
    membership, evaluation = await story.applied(), await story.missed()
    case = None if act == "submit" else await story.ask(membership, evaluation)

    async def once() -> ExceptionCase:
        if case is None:
            return await story.ask(membership, evaluation, idempotency_key="k1")
        decide = {"approve": story.approve, "reject": story.reject, "return": story.send_back}[act]
        return await decide(case, idempotency_key="k1")

    first = await once()
    before = await digest()
    assert (await once()).id == first.id
    assert changed(before, await digest()) == {}
    if case is not None:
        async with refused("IDEMPOTENCY_CONFLICT", await story.desk("deng")):
            await story.send_back(case, reason="something else", idempotency_key="k1")


async def test_approving_is_all_or_nothing(story):
    """The archive cannot be written: neither is the exception approved nor the membership active."""
    case = await story.asked()
    await Archive.create(
        number="SC-2026-E000001",
        customer=story.bank.customers["feng"],
        membership_id=case.membership_id,
        custody_centre=story.bank.places["NJW"],
        servicing=story.bank.places["NJW"],
        state="CLOSED",
        opened_at=START,
        opened_by_id=story.bank.staff["tang"].id,
    )
    async with refused("CONFLICT", await story.desk("deng")):
        await story.approve(case)


@pytest.mark.measure("A7")
async def test_many_approve_one_exception_at_once(story):
    case = await story.asked()
    names = await approvers(story, AT_ONCE)
    before = await digest()
    outcomes = Counter(await asyncio.gather(*(outcome(story.approve(case, name)) for name in names)))
    assert outcomes == {"OK": 1, "STALE_VERSION": AT_ONCE - 1}
    assert changed(before, await digest()) == {
        "exception_case": 0,
        "membership": 0,
        "membership_event": 1,
        "archive": 1,
        "access_record": AT_ONCE,
    }


async def test_many_submissions_and_a_filing_at_once_are_one_case(story):
    membership, missed = await story.applied(), await story.missed()
    sent = Counter(await asyncio.gather(*(outcome(story.ask(membership, missed)) for _ in range(AT_ONCE))))
    assert sent == {"OK": 1, "WRONG_STATE": AT_ONCE - 1}
    assert await ExceptionCase.all().count() == 1
    assert await ExceptionShortfall.all().count() == 3


async def test_all_decisions_and_a_withdrawal_at_once_leave_one_truth(story):
    case, consent = await story.asked(), await Consent.get()
    names, desk = await approvers(story, 6), await story.desk()
    outcomes = await asyncio.gather(
        *(outcome(story.approve(case, name)) for name in names[:2]),
        *(outcome(story.reject(case, name)) for name in names[2:4]),
        *(outcome(story.send_back(case, name)) for name in names[4:]),
        outcome(withdraw_consent(desk, consent_id=consent.id)),
    )
    assert outcomes[-1] == "OK"
    assert Counter(outcomes[:-1])["OK"] <= 1
    decided, membership = await ExceptionCase.get(), await Membership.get()
    assert decided.state in ("APPROVED", "REJECTED", "RETURNED", "WITHDRAWN")
    assert (membership.state, membership.over) == (
        "REJECTED" if decided.state == "REJECTED" else "WITHDRAWN",
        True,
    )
    kept = [archive.state for archive in await Archive.all()]
    assert kept == (["CLOSED"] if decided.state == "APPROVED" else [])


async def test_exceptions_approved_at_once_are_numbered_without_gap(story):
    cases = []
    for number in range(10, 18):
        place, key = story.bank.places["CD"], f"customer{number}"
        story.bank.customers[key] = customer = await Customer.create(
            number=f"C{number:06}",
            name=key,
            opened_on=START.date(),
            owner=place,
            owner_path=place.path,
            **customer_fields(key, f"P{number:08}", "PASSPORT"),
        )
        await ManagerAssignment.create(
            customer=customer, manager=story.bank.staff["lin"], valid_from=START, recorded_at=START
        )
        cases.append(await story.asked(customer=key))
    names = await approvers(story, len(cases))
    approved = await asyncio.gather(
        *(story.approve(case, who) for case, who in zip(cases, names, strict=True))
    )
    assert sorted(it.approval_number for it in approved) == [f"SC-2026-E{n:06}" for n in range(1, 9)]


async def test_a_second_open_case_and_one_person_twice_are_kept_out_by_the_database(story):
    case = await story.asked()
    values = dict(await ExceptionCase.filter(id=case.id).first().values())
    del values["id"]
    broken = "uq_exception_submitted" if is_postgres() else "UNIQUE constraint"
    with pytest.raises(Exception, match=broken):
        await ExceptionCase.create(**values)
    with pytest.raises(Exception, match="ck_exception_two_persons"):
        await ExceptionCase.all().update(decided_person_id=case.submitted_person_id)


async def test_when_the_branch_moves_the_case_goes_to_its_new_tier_1_and_can_only_be_returned(story):
    bank, case = story.bank, await story.asked()
    (other,) = await approvers(story, 1, "JS")
    await move_institution(
        await story.desk("officer"),
        institution_id=bank.places["CD"].id,
        parent_id=bank.places["JS"].id,
        reason="reorganisation",
    )
    moved = await ExceptionCase.get()
    assert (moved.submitted_to_id, moved.submitted_to_path) == (bank.places["JS"].id, bank.places["JS"].path)
    async with refused("NOT_FOUND", await story.desk("deng")):
        await story.approve(case)
    desk = await story.desk(other)
    for decide in (story.approve, story.reject):
        async with refused("CONTENT_CHANGED", desk):
            await decide(case, other)
    assert (await story.send_back(case, other)).state == "RETURNED"
    assert (await Membership.get()).state == "EVALUATED"


async def test_when_the_tier_1_is_merged_away_its_open_cases_pass_and_the_decided_ones_stay(story):
    bank = story.bank
    decided = await story.approve(await story.asked())
    case = await story.asked("luo", "qian")
    await merge_institutions(
        await story.desk("officer"),
        from_id=bank.places["SC"].id,
        into_id=bank.places["JS"].id,
        reason="one province",
    )
    js = await Institution.get(code="JS")
    passed = await ExceptionCase.get(id=case.id)
    assert (passed.submitted_to_id, passed.submitted_to_path) == (js.id, js.path)
    assert (await ExceptionCase.get(id=decided.id)).submitted_to_id == bank.places["SC"].id
    async with refused("CONTENT_CHANGED", await story.desk("deng")):
        await story.approve(case)
    assert (await story.send_back(case)).state == "RETURNED"


async def test_a_customer_whose_exception_is_open_stays_with_his_branch(story):
    await story.asked()
    wu, below = await story.desk("wu"), story.bank.places["CDJ"].id
    told = {"customer_id": story.bank.customers["zhou"].id, "manager_id": story.bank.staff["luo"].id}
    async with refused("APPLICATION_OPEN", wu):
        await transfer_owner(wu, to_id=below, reason="moved", **told)


async def test_an_evaluation_that_an_exception_rests_on_is_a_decision_that_may_flip(story):
    """His figures say by now that he meets the standard: the import's report names it."""
    zhou = story.bank.customers["zhou"].id
    case = await story.asked()
    await story.missed(recorded_at=story.bank.now.replace(hour=4))
    flips = await flipped_decisions([zhou])
    assert [(it.evaluation_id, it.before, it.after) for it in flips] == [(case.evaluation_id, False, True)]
