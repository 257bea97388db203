"""Article 7: what an exception asks of the membership that it is for, and does to it."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.membership import withdraw_consent
from desk.membership.renewals import begin_review
from models.archives import Archive
from models.customers import ManagerAssignment
from models.exceptions import ExceptionCase
from models.membership import Consent, Membership
from models.people import Assignment
from models.standards import Evaluation
from tests.digest import refused

pytestmark = pytest.mark.measure("A7")


@pytest.mark.measure("A3a", "A9")
async def test_consent_and_manager_hold_as_for_filings(story):
    membership, evaluation = await story.applied(), await story.missed()
    lin = story.bank.staff["lin"].id
    await Assignment.filter(staff_id=lin).update(full_time=False)
    async with refused("MANAGER_NOT_FULL_TIME", await story.desk()):
        await story.ask(membership, evaluation)
    await Assignment.filter(staff_id=lin).update(full_time=True)
    consent = await Consent.get()
    await Consent.all().update(ended_at=story.bank.now)
    async with refused("NO_CONSENT", await story.desk()):
        await story.ask(membership, evaluation)
    await Consent.all().update(ended_at=None)
    case = await story.ask(membership, evaluation)
    await ManagerAssignment.filter(manager_id=lin).update(ended_at=story.bank.now)
    async with refused("NO_MANAGER", await story.desk("deng")):
        await story.approve(case)
    await ManagerAssignment.filter(manager_id=lin).update(ended_at=None)
    await withdraw_consent(await story.desk(), consent_id=consent.id)
    lapsed = await ExceptionCase.get()
    assert (lapsed.state, lapsed.decided_by_id, lapsed.decided_at) == ("WITHDRAWN", None, story.bank.now)
    assert (await Membership.get()).state == "WITHDRAWN"
    async with refused("WRONG_STATE", await story.desk("deng")):
        await story.approve(lapsed, version=2)


async def test_one_case_at_a_time_be_it_filing_or_exception(story):
    case = await story.asked()
    membership = await Membership.get()
    passed = await story.evaluation(recorded_at=story.bank.now + dt.timedelta(hours=1))
    async with refused("WRONG_STATE", await story.desk()):
        await story.submit(membership, passed)
    missed = await story.missed(recorded_at=story.bank.now + dt.timedelta(hours=2))
    async with refused("WRONG_STATE", await story.desk()):
        await story.ask(membership, missed)
    await story.send_back(case)
    await story.submit(membership, await story.evaluation(recorded_at=story.bank.now + dt.timedelta(hours=3)))
    last = await story.missed(recorded_at=story.bank.now + dt.timedelta(hours=4))
    async with refused("WRONG_STATE", await story.desk()):
        await story.ask(membership, last)


async def under_review(story) -> Membership:
    """Zhou is a member by a filing, and 30 days before his term's end his review has begun."""
    await story.recorded()
    story.bank.now = dt.datetime(2028, 10, 28, 2, 0, tzinfo=dt.UTC)
    membership = await Membership.get()
    return await begin_review(await story.desk(), membership_id=membership.id)


@pytest.mark.parametrize("decision", ["approve", "reject", "send_back"])
async def test_a_member_under_review_stays_one_until_it_is_decided(story, decision):
    membership = await under_review(story)
    before, archive = membership.version, await Archive.get()
    case = await story.ask(membership, await story.missed(as_of=dt.date(2028, 10, 1)))
    assert case.renewal
    waiting = await Membership.get()
    assert (waiting.state, waiting.version) == ("REVIEW_DUE", before)
    async with refused("RENEWAL_OPEN", await story.desk()):
        await story.ask(membership, await Evaluation.get(id=case.evaluation_id))
    await getattr(story, decision)(case)
    after = await Membership.get()
    if decision == "approve":
        assert (after.state, after.tier, after.exception_id, after.filing_id) == (
            "ACTIVE",
            "HEAD_OFFICE",
            case.id,
            None,
        )
        assert (after.term_starts, after.term_ends) == (dt.date(2028, 11, 28), dt.date(2030, 11, 27))
    else:
        assert (after.state, after.version, after.over) == ("REVIEW_DUE", before, False)
        assert (after.exception_id, after.term_ends) == (None, dt.date(2028, 11, 27))
        assert (await story.ask(after, await Evaluation.get(id=case.evaluation_id))).state == "SUBMITTED"
    assert (await Archive.get()).number == archive.number


async def test_an_active_member_needs_no_exception(story):
    await story.recorded()
    missed = await story.missed(recorded_at=story.bank.now + dt.timedelta(hours=1))
    async with refused("WRONG_STATE", await story.desk()):
        await story.ask(await Membership.get(), missed)
