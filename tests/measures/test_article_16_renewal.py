"""Article 16: at the end of the term the qualification is verified anew, and a new term is given only by a new filing."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.membership import withdraw_consent
from models.archives import Archive
from models.filing import Filing
from models.ids import global_id
from models.membership import Consent, Membership
from models.standards import Evaluation
from tests import life
from tests.digest import refused
from tests.life import DAY
from tests.schema.ask import ask

pytestmark = pytest.mark.measure("A16a")


@pytest.fixture
async def under_review(story) -> Membership:
    """Zhou is a member until Monday 2028-11-27; it is the first day of his review."""
    return await life.under_review(story)


async def test_a_recorded_renewal_gives_the_next_term(story, under_review):
    archive, old = await Archive.get(), under_review.term_ends
    filing = await story.submit(under_review, await life.verified(story))
    assert (filing.renewal, filing.state) == (True, "SUBMITTED")
    assert ((await Membership.get()).state, (await Membership.get()).version) == ("REVIEW_DUE", 4)

    recorded = await story.record(filing)
    assert recorded.filing_number == "CD-2028-000002"
    renewed = await Membership.get()
    assert (renewed.state, renewed.version, renewed.filing_id) == ("ACTIVE", 5, filing.id)
    assert old == dt.date(2028, 11, 27)
    assert (renewed.term_starts, renewed.term_ends) == (dt.date(2028, 11, 28), dt.date(2030, 11, 27))
    assert renewed.valid_on(story.bank.now.date())
    assert (await Archive.get()).id == archive.id
    assert (await Archive.get()).state == "BUILDING"
    told = (await life.events_of(renewed))[-1]
    assert (told.state, told.filing_id, told.term_ends) == ("ACTIVE", filing.id, renewed.term_ends)


async def test_no_day_is_lost_or_given_twice_whenever_it_is_recorded(story, under_review):
    last = under_review.term_ends
    life.on(story, last, "23:59:59")
    await story.record(await story.submit(under_review, await life.verified(story)))
    renewed = await Membership.get()
    assert (renewed.term_starts, renewed.term_ends) == (last + DAY, dt.date(2030, 11, 27))


async def test_what_is_recorded_a_second_too_late_is_refused(story, under_review):
    last = under_review.term_ends
    life.on(story, last, "23:59:59")
    filing = await story.submit(under_review, await life.verified(story))
    life.on(story, last + DAY, "00:00:00")
    async with refused("TERM_OVER", await story.desk("bai")):
        await story.record(filing)
    await story.give_back(filing)
    async with refused("TERM_OVER", await story.desk()):
        await story.submit(under_review, await Evaluation.get(id=filing.evaluation_id))


@pytest.mark.parametrize(
    ("days", "code"), [(-1, "EVALUATION_BEFORE_REVIEW"), (0, None), (20, None)], ids=["before", "first", "in"]
)
async def test_it_rests_on_an_evaluation_from_the_review_on(story, under_review, days, code):
    first = story.bank.now.date()
    life.on(story, first + 30 * DAY)
    evaluation = await life.verified(story, as_of=first + days * DAY)
    if code is None:
        assert (await story.submit(under_review, evaluation)).renewal
        return
    async with refused(code, await story.desk()):
        await story.submit(under_review, evaluation)


async def test_who_meets_the_standard_no_longer_is_not_renewed(story, under_review):
    failed = await life.verified(story, passed=False, criteria_met="", average_savings=1)
    async with refused("EVALUATION_FAILED", await story.desk()):
        await story.submit(under_review, failed)


@pytest.mark.parametrize("missed", ["now", "before"])
async def test_who_meets_only_his_branchs_standard_comes_down_to_its_tier(story, under_review, missed):
    if missed == "now":
        await life.verified(story, passed=False)
    else:
        await Evaluation.all().update(passed=False)
    own = await life.branch_standard(story.bank.places["SC"])
    filing = await story.submit(under_review, await life.verified(story, standard=own))
    assert (await Membership.get()).tier == "HEAD_OFFICE"
    await story.record(filing)
    renewed = await Membership.get()
    assert (renewed.state, renewed.tier) == ("ACTIVE", "BRANCH")
    assert [e.tier for e in await life.events_of(renewed)][-2:] == ["HEAD_OFFICE", "BRANCH"]


@pytest.mark.measure("A2")
async def test_head_office_tier_wins_at_the_renewal(story, under_review):
    own = await life.branch_standard(story.bank.places["SC"])
    lower = await life.verified(story, standard=own)
    higher = await life.verified(story)
    async with refused("HIGHER_TIER_MET", await story.desk()):
        await story.submit(under_review, lower)
    await story.record(await story.submit(under_review, higher))
    assert (await Membership.get()).tier == "HEAD_OFFICE"


async def test_who_meets_head_offices_standard_by_now_goes_up(story):
    own = await life.branch_standard(story.bank.places["SC"])
    membership = await story.applied()
    await story.record(await story.submit(membership, await story.evaluation(standard=own)))
    assert (await Membership.get()).tier == "BRANCH"
    life.on(story, dt.date(2028, 10, 31))
    due = await life.review(story, membership)
    await story.record(await story.submit(due, await life.verified(story)))
    assert (await Membership.get()).tier == "HEAD_OFFICE"


async def test_a_returned_renewal_leaves_the_review_open(story, under_review):
    filing = await story.submit(under_review, await life.verified(story))
    await story.give_back(filing)
    due = await Membership.get()
    assert (due.state, due.version) == ("REVIEW_DUE", 4)
    assert (await Filing.get(id=filing.id)).state == "RETURNED"
    await story.record(await story.submit(due, await Evaluation.get(id=filing.evaluation_id)))
    assert (await Membership.get()).state == "ACTIVE"


async def test_one_renewal_at_a_time(story, under_review):
    evaluation = await life.verified(story)
    await story.submit(under_review, evaluation)
    async with refused("RENEWAL_OPEN", await story.desk()):
        await story.submit(under_review, evaluation)


async def test_beside_an_exception_no_filing(story, under_review):
    missed = await life.verified(story, passed=False, criteria_met="", average_savings=1)
    await story.ask(under_review, missed)
    life.on(story, story.bank.now.date() + DAY)
    met = await life.verified(story)
    async with refused("RENEWAL_OPEN", await story.desk()):
        await story.submit(under_review, met)


async def test_nobody_renews_before_the_review(story):
    await story.recorded()
    async with refused("WRONG_STATE", await story.desk()):
        await story.submit(await Membership.get(), await Evaluation.get())


async def test_a_suspended_membership_is_not_renewed(story, under_review):
    evaluation = await life.verified(story)
    await life.suspend(story, under_review)
    async with refused("WRONG_STATE", await story.desk()):
        await story.submit(under_review, evaluation)
    await life.resume(story, under_review)
    filing = await story.submit(under_review, evaluation)
    await life.suspend(story, under_review)
    async with refused("CONTENT_CHANGED", await story.desk("bai")):
        await story.record(filing)
    await life.resume(story, under_review)
    async with refused("CONTENT_CHANGED", await story.desk("bai")):
        await story.record(filing)
    await story.give_back(filing)
    await story.record(await story.submit(under_review, evaluation))
    assert (await Membership.get()).state == "ACTIVE"


async def test_the_filer_does_not_record_his_own_renewal(story, under_review):
    filing = await story.submit(under_review, await life.verified(story))
    async with refused("FORBIDDEN", await story.desk()):
        await story.record(filing, "lin")


@pytest.mark.measure("A3a")
async def test_his_consent_must_hold_at_the_renewal(story, under_review):
    evaluation = await life.verified(story)
    await Consent.all().update(valid_to=story.bank.now)
    async with refused("NO_CONSENT", await story.desk()):
        await story.submit(under_review, evaluation)


@pytest.mark.measure("A3a")
async def test_he_may_withdraw_in_the_middle_of_it(story, under_review):
    filing = await story.submit(under_review, await life.verified(story))
    await withdraw_consent(await story.desk(), consent_id=(await Consent.get()).id)
    assert (await Membership.get()).state == "WITHDRAWN"
    assert (await Filing.get(id=filing.id)).state == "WITHDRAWN"
    assert (await Archive.get()).state == "CLOSED"


async def test_a_second_renewal_follows_the_first(story, under_review):
    await story.record(await story.submit(under_review, await life.verified(story)))
    renewed = await Membership.get()
    async with refused("NOT_DUE_YET", await story.desk()):
        await life.review(story, renewed)
    life.on(story, renewed.term_ends - 60 * DAY)
    due = await life.review(story, renewed)
    await story.record(await story.submit(due, await life.verified(story)))
    again = await Membership.get()
    assert (again.term_starts, again.term_ends) == (dt.date(2030, 11, 28), dt.date(2032, 11, 29))
    assert [state for _, state in await life.story_of(again)] == [
        "APPLIED",
        "FILING",
        "ACTIVE",
        "REVIEW_DUE",
        "ACTIVE",
        "REVIEW_DUE",
        "ACTIVE",
    ]


SUBMIT = """mutation($m: ID!, $e: ID!, $o: ID!) {
  answer: submitFiling(input: {membershipId: $m, evaluationId: $e, submittedToId: $o}) {
    ... on Problem { code field article } ... on Filing { id version renewal state } } }"""
RECORD = """mutation($f: ID!) { answer: recordFiling(input: {filingId: $f, version: 1}) {
  ... on Problem { code field article }
  ... on Filing { state filingNumber membership { state tier termStarts termEnds } } } }"""


async def test_a_renewal_through_the_graph(story, under_review):
    early = await life.verified(story, as_of=story.bank.now.date() - DAY)
    told = {
        "m": global_id("membership", under_review.id),
        "o": global_id("institution", story.bank.places["CD"].id),
    }
    answer = await ask(await story.desk(), SUBMIT, e=global_id("evaluation", early.id), **told)
    assert answer["answer"] == {"code": "EVALUATION_BEFORE_REVIEW", "field": "evaluationId", "article": "16"}
    evaluation = await life.verified(story)
    told["e"] = global_id("evaluation", evaluation.id)
    sent = (await ask(await story.desk(), SUBMIT, **told))["answer"]
    assert (sent["renewal"], sent["state"], sent["version"]) == (True, "SUBMITTED", 1)
    again = await ask(await story.desk(), SUBMIT, **told)
    assert again["answer"] == {"code": "RENEWAL_OPEN", "field": "", "article": "16"}
    done = (await ask(await story.desk("bai"), RECORD, f=sent["id"]))["answer"]
    assert (done["state"], done["filingNumber"]) == ("RECORDED", "CD-2028-000002")
    assert done["membership"] == {
        "state": "ACTIVE",
        "tier": "HEAD_OFFICE",
        "termStarts": "2028-11-28",
        "termEnds": "2030-11-27",
    }
