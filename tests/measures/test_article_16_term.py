"""Article 16: a membership is valid for two years, to 24:00 of its last day; then it is void unless it was renewed."""

from __future__ import annotations

import datetime as dt

import pytest

from models.archives import Archive
from models.filing import Filing
from models.ids import global_id
from models.membership import Membership
from models.reference import CalendarDay
from tests import life
from tests.digest import refused
from tests.life import DAY
from tests.schema.ask import ask

pytestmark = pytest.mark.measure("A16a")
LEAP = dt.date(2028, 2, 29)


async def begun(story, day: dt.date) -> Membership:
    life.on(story, day)
    await story.recorded()
    return await Membership.get()


@pytest.mark.parametrize(
    ("began", "ends"),
    [
        pytest.param(dt.date(2026, 2, 28), dt.date(2028, 2, 28), id="28 February"),
        pytest.param(LEAP, dt.date(2030, 2, 28), id="29 February"),
        pytest.param(dt.date(2026, 11, 25), dt.date(2028, 11, 27), id="a Saturday becomes Monday"),
    ],
)
async def test_a_filing_gives_a_term_of_two_years(story, began, ends):
    membership = await begun(story, began)
    assert (membership.term_starts, membership.term_ends) == (began, ends)
    assert (await life.events_of(membership))[-1].term_ends == ends


async def test_the_published_holidays_move_the_last_day(story):
    await CalendarDay.create(day=dt.date(2028, 11, 27), kind="HOLIDAY", name="庆典")
    await CalendarDay.create(day=dt.date(2028, 11, 26), kind="WORKING_DAY_SWAP", name="庆典")
    assert (await begun(story, dt.date(2026, 11, 25))).term_ends == dt.date(2028, 11, 26)
    membership = await begun_again(story, dt.date(2026, 11, 27))
    assert membership.term_ends == dt.date(2028, 11, 28)


async def begun_again(story, day: dt.date) -> Membership:
    life.on(story, day)
    await story.recorded("luo", "qian")
    return await life.member(story, "qian")


async def test_a_review_begins_sixty_days_before_the_end_and_not_a_second_earlier(story):
    membership = await begun(story, LEAP)
    first = dt.date(2030, 2, 28) - 60 * DAY
    life.on(story, first - DAY, "23:59:59")
    async with refused("NOT_DUE_YET", await story.desk()):
        await life.review(story, membership)
    life.on(story, first, "00:00:00")
    due = await life.review(story, membership)
    assert (due.state, due.version, due.over) == ("REVIEW_DUE", 4, False)
    assert due.valid_on(first)
    async with refused("WRONG_STATE", await story.desk()):
        await life.review(story, membership)


async def test_holidays_that_were_published_since_are_heeded_when_the_review_begins(story):
    membership = await begun(story, dt.date(2026, 11, 27))
    assert membership.term_ends == dt.date(2028, 11, 27)
    await CalendarDay.create(day=dt.date(2028, 11, 27), kind="HOLIDAY", name="庆典")
    life.on(story, dt.date(2028, 11, 27) - 60 * DAY)
    async with refused("NOT_DUE_YET", await story.desk()):
        await life.review(story, membership)
    life.on(story, dt.date(2028, 11, 28) - 60 * DAY)
    due = await life.review(story, membership)
    assert due.term_ends == dt.date(2028, 11, 28)
    assert (await life.events_of(due))[-1].term_ends == dt.date(2028, 11, 28)


@pytest.mark.parametrize("state", ["ACTIVE", "REVIEW_DUE", "SUSPENDED"])
async def test_the_last_day_counts_to_midnight(story, state):
    membership = await begun(story, LEAP)
    last = membership.term_ends
    if state == "REVIEW_DUE":
        life.on(story, last - DAY)
        await life.review(story, membership)
    elif state == "SUSPENDED":
        await life.suspend(story, membership)
    life.on(story, last, "23:59:59")
    async with refused("TERM_RUNNING", await story.desk()):
        await life.expire(story, membership)
    life.on(story, last + DAY, "00:00:00")
    over = await life.expire(story, membership)
    midnight = dt.datetime(2030, 2, 28, 16, 0, tzinfo=dt.UTC)
    assert (over.state, over.over, over.over_at) == ("EXPIRED", True, midnight)
    told = (await life.events_of(over))[-1]
    assert (told.state, told.at, told.recorded_at) == ("EXPIRED", midnight, story.bank.now)
    assert (await Archive.get()).state == "CLOSED"
    async with refused("WRONG_STATE", await story.desk()):
        await life.expire(story, membership)


async def test_who_was_overlooked_expired_when_his_term_ended_not_when_somebody_noticed(story):
    membership = await begun(story, LEAP)
    assert membership.valid_on(membership.term_ends)
    assert not membership.valid_on(membership.term_ends + DAY)
    life.on(story, dt.date(2031, 1, 1))
    over = await life.expire(story, membership)
    assert over.over_at == dt.datetime(2030, 2, 28, 16, 0, tzinfo=dt.UTC)


async def test_an_undecided_renewal_lapses_with_the_term(story):
    membership = await life.under_review(story)
    filing = await story.submit(membership, await life.verified(story))
    life.on(story, membership.term_ends + DAY)
    async with refused("TERM_OVER", await story.desk("bai")):
        await story.record(filing)
    await life.expire(story, membership)
    lapsed = await Filing.get(id=filing.id)
    assert (lapsed.state, lapsed.decided_by_id) == ("WITHDRAWN", None)
    assert lapsed.return_reason == "The term ended before this was decided (Art. 16)."
    async with refused("STALE_VERSION", await story.desk("bai")):
        await story.record(filing)


async def test_whose_membership_expired_may_apply_anew_and_gets_his_archive_back(story):
    membership = await life.under_review(story)
    archive = await Archive.get()
    life.on(story, membership.term_ends + DAY)
    await life.expire(story, membership)
    consent = await membership.registration.get().values_list("consent_id", flat=True)
    again = await story.register(type("Given", (), {"id": consent, "customer_id": membership.customer_id}))
    filing = await story.submit(again, await life.verified(story))
    await story.record(filing)
    assert (await life.member(story)).id == again.id != membership.id
    kept = await Archive.get()
    assert (kept.id, kept.membership_id, kept.state) == (archive.id, again.id, "BUILDING")


@pytest.mark.parametrize(
    ("who", "code"), [("luo", "FORBIDDEN"), ("han", "FORBIDDEN"), ("bai", "FORBIDDEN"), ("tang", "NOT_FOUND")]
)
async def test_only_his_manager_begins_a_review_or_closes_it(story, who, code):
    membership = await begun(story, LEAP)
    life.on(story, membership.term_ends)
    desk = await story.desk(who)
    async with refused(code, desk):
        await life.review(story, membership, who)
    life.on(story, membership.term_ends + DAY)
    async with refused(code, await story.desk(who)):
        await life.expire(story, membership, who)


async def test_nothing_that_was_never_a_membership_falls_due_or_expires(story):
    membership = await story.applied()
    for act in (life.review, life.expire):
        async with refused("WRONG_STATE", await story.desk()):
            await act(story, membership)


ENDING = """query($d: Date!) { memberships(first: 5, where: {termEnds: {le: $d}}, orderBy: [TERM_ENDS_ASC]) {
  totalCount nodes { state termEnds customer { status { number } } } } }"""


async def test_whose_term_ends_by_a_day(story):
    await begun(story, LEAP)
    await begun_again(story, LEAP + DAY)
    found = (await ask(await story.desk(), ENDING, d="2030-02-28"))["memberships"]
    assert found["totalCount"] == 1
    assert found["nodes"][0]["termEnds"] == "2030-02-28"
    assert (await ask(await story.desk(), ENDING, d="2030-03-01"))["memberships"]["totalCount"] == 2


BEGIN = """mutation($m: ID!) { answer: beginReview(input: {membershipId: $m}) {
  ... on Problem { code field article } ... on Membership { state version termStarts termEnds } } }"""
EXPIRE = """mutation($m: ID!) { answer: expireMembership(input: {membershipId: $m}) {
  ... on Problem { code field article } ... on Membership { state over overAt
    events { state version at recordedAt termEnds by { number } } } } }"""


async def test_review_and_expiry_through_the_graph(story):
    membership = await begun(story, LEAP)
    told = {"m": global_id("membership", membership.id)}
    early = await ask(await story.desk(), BEGIN, **told)
    assert early["answer"] == {"code": "NOT_DUE_YET", "field": "", "article": "16"}
    life.on(story, dt.date(2030, 2, 28))
    due = await ask(await story.desk(), BEGIN, **told)
    assert due["answer"] == {
        "state": "REVIEW_DUE",
        "version": 4,
        "termStarts": "2028-02-29",
        "termEnds": "2030-02-28",
    }
    running = await ask(await story.desk(), EXPIRE, **told)
    assert running["answer"] == {"code": "TERM_RUNNING", "field": "", "article": "16"}
    life.on(story, dt.date(2030, 3, 1))
    over = (await ask(await story.desk(), EXPIRE, **told))["answer"]
    assert (over["state"], over["over"]) == ("EXPIRED", True)
    assert [event["state"] for event in over["events"]] == [
        "APPLIED",
        "FILING",
        "ACTIVE",
        "REVIEW_DUE",
        "EXPIRED",
    ]
    assert over["events"][-1]["at"] == over["overAt"]
    assert over["events"][-1]["by"] == {"number": "S-lin"}
