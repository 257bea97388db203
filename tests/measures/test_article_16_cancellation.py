"""Article 16: malicious overdraft, loan arrears, harm: suspended by one person, cancelled by another; and death."""

from __future__ import annotations

import datetime as dt

import pytest

from authz import Role
from models.archives import Archive
from models.filing import Filing
from models.ids import global_id
from models.membership import Membership
from models.people import Assignment
from tests import life
from tests.cast import START, staff_member
from tests.digest import refused
from tests.life import DAY
from tests.schema.ask import ask

pytestmark = pytest.mark.measure("A16b")


@pytest.fixture
async def zhou(story) -> Membership:
    """A member, Lin's customer."""
    await story.recorded()
    return await Membership.get()


async def test_the_head_suspends_with_cause_and_reason(story, zhou):
    today = story.bank.now.date()
    async with refused("REASON_REQUIRED", await story.desk("han")):
        await life.suspend(story, zhou, reason=" ")
    suspended = await life.suspend(story, zhou)
    assert (suspended.state, suspended.version, suspended.over) == ("SUSPENDED", 4, False)
    assert not suspended.valid_on(today)
    told = (await life.events_of(zhou))[-1]
    assert (told.state, told.cause, told.reason) == ("SUSPENDED", "LOAN_ARREARS", "three instalments unpaid")
    assert (told.at, told.by_id) == (story.bank.now, story.bank.staff["han"].id)
    assert (await Archive.get()).state == "BUILDING"
    async with refused("WRONG_STATE", await story.desk("han")):
        await life.suspend(story, zhou)


@pytest.mark.parametrize(
    ("who", "code"), [("lin", "FORBIDDEN"), ("wu", "FORBIDDEN"), ("bai", "FORBIDDEN"), ("nan", "NOT_FOUND")]
)
async def test_only_the_head_of_his_centre_suspends_and_resumes(story, zhou, who, code):
    async with refused(code, await story.desk(who)):
        await life.suspend(story, zhou, who)
    await life.suspend(story, zhou)
    async with refused(code, await story.desk(who)):
        await life.resume(story, zhou, who)


@pytest.mark.parametrize("state", ["APPLIED", "FILING", "EVALUATED"])
async def test_an_application_is_not_suspended(story, state):
    if state == "APPLIED":
        await story.applied()
    else:
        filing = await story.submitted()
        if state == "EVALUATED":
            await story.give_back(filing)
    membership = await Membership.get()
    assert membership.state == state
    async with refused("WRONG_STATE", await story.desk("han")):
        await life.suspend(story, membership)


async def test_nothing_came_of_it(story, zhou):
    async with refused("WRONG_STATE", await story.desk("han")):
        await life.resume(story, zhou)
    await life.suspend(story, zhou)
    async with refused("REASON_REQUIRED", await story.desk("han")):
        await life.resume(story, zhou, reason="")
    resumed = await life.resume(story, zhou)
    assert (resumed.state, resumed.term_ends, resumed.suspended_person_id) == ("ACTIVE", zhou.term_ends, None)
    assert (await life.events_of(zhou))[-1].reason == "paid up"


async def test_the_term_runs_on_while_he_is_suspended(story, zhou):
    await life.suspend(story, zhou)
    first = zhou.term_ends - 60 * DAY
    life.on(story, first - DAY, "23:59:59")
    assert (await life.resume(story, zhou)).state == "ACTIVE"
    await life.suspend(story, zhou)
    life.on(story, first, "00:00:00")
    async with refused("WRONG_STATE", await story.desk()):
        await life.review(story, zhou)
    assert (await life.resume(story, zhou)).state == "REVIEW_DUE"
    await life.suspend(story, zhou)
    life.on(story, zhou.term_ends + DAY, "00:00:00")
    async with refused("TERM_OVER", await story.desk("han")):
        await life.resume(story, zhou)
    assert (await life.expire(story, zhou)).state == "EXPIRED"


async def test_another_person_of_a_superior_level_cancels(story, zhou):
    async with refused("WRONG_STATE", await story.desk("wu")):
        await life.cancel(story, zhou)
    await life.suspend(story, zhou)
    async with refused("REASON_REQUIRED", await story.desk("wu")):
        await life.cancel(story, zhou, reason="  ")
    for who, code in (("han", "FORBIDDEN"), ("lin", "FORBIDDEN"), ("bai", "FORBIDDEN"), ("nan", "NOT_FOUND")):
        async with refused(code, await story.desk(who)):
            await life.cancel(story, zhou, who)
    over = await life.cancel(story, zhou)
    assert (over.state, over.over, over.over_at) == ("CANCELLED", True, story.bank.now)
    assert (await Archive.get()).state == "CLOSED"
    told = (await life.events_of(zhou))[-1]
    assert (told.state, told.cause, told.reason) == ("CANCELLED", "LOAN_ARREARS", "judgment of the court")
    for act, who in ((life.cancel, "wu"), (life.resume, "han"), (life.suspend, "han")):
        async with refused("WRONG_STATE", await story.desk(who)):
            await act(story, zhou)


async def test_the_suspender_does_not_cancel_under_another_staff_number(story, zhou):
    person = await story.bank.staff["han"].person
    story.bank.staff["han2"] = second = await staff_member("han2", "韩梅", person)
    await Assignment.create(
        staff=second,
        role=Role.PB_OFFICER,
        institution=story.bank.places["CD"],
        department="PERSONAL_BANKING",
        valid_from=START,
        recorded_at=START,
    )
    await life.suspend(story, zhou)
    async with refused("CANCELLED_BY_SUSPENDER", await story.desk("han2")):
        await life.cancel(story, zhou, "han2")
    await life.cancel(story, zhou)


async def test_what_is_undecided_lapses_with_the_cancellation(story):
    membership = await life.under_review(story)
    filing = await story.submit(membership, await life.verified(story))
    await life.suspend(story, membership)
    await life.cancel(story, membership)
    lapsed = await Filing.get(id=filing.id)
    assert (lapsed.state, lapsed.decided_by_id) == ("WITHDRAWN", None)
    assert lapsed.return_reason == "The membership was cancelled (Art. 16)."


@pytest.mark.measure("A3a")
async def test_who_is_suspended_may_still_withdraw(story, zhou):
    await life.suspend(story, zhou)
    assert (await life.withdraw(story, zhou)).state == "WITHDRAWN"
    async with refused("WRONG_STATE", await story.desk("wu")):
        await life.cancel(story, zhou)


async def test_who_was_cancelled_may_apply_again_and_is_judged_anew(story, zhou):
    await life.suspend(story, zhou)
    await life.cancel(story, zhou)
    consent = await zhou.registration.get().values_list("consent_id", flat=True)
    again = await story.register(type("Given", (), {"id": consent, "customer_id": zhou.customer_id}))
    assert (again.state, again.version) == ("APPLIED", 1)
    assert [e.state for e in await life.events_of(zhou)][-2:] == ["SUSPENDED", "CANCELLED"]


@pytest.mark.parametrize("state", ["APPLIED", "FILING", "ACTIVE", "REVIEW_DUE", "SUSPENDED"])
async def test_a_death_ends_whatever_there_was(story, state):
    if state == "APPLIED":
        await story.applied()
    elif state == "FILING":
        await story.submitted()
    elif state == "REVIEW_DUE":
        await life.under_review(story)
    else:
        await story.recorded()
    membership = await Membership.get()
    if state == "SUSPENDED":
        await life.suspend(story, membership)
    assert (await Membership.get()).state == state
    died = (await story.desk()).today - 3 * DAY
    over = await life.death(story, membership, died_on=died)
    midnight = dt.datetime.combine(died - DAY, dt.time(16), dt.UTC)
    assert (over.state, over.over, over.over_at) == ("DECEASED", True, midnight)
    told = (await life.events_of(membership))[-1]
    assert (told.at, told.recorded_at, told.reason) == (
        midnight,
        story.bank.now,
        "death certificate 7, binder 9",
    )
    applied = state in ("APPLIED", "FILING")
    assert [a.state for a in await Archive.all()] == ([] if applied else ["CLOSED"])
    assert [f.state for f in await Filing.all()] == {"APPLIED": [], "FILING": ["WITHDRAWN"]}.get(
        state, ["RECORDED"]
    )
    async with refused("WRONG_STATE", await story.desk()):
        await life.death(story, membership)


async def test_a_death_has_a_day_and_a_document(story, zhou):
    today = (await story.desk()).today
    for said in ({"died_on": today + DAY}, {"document": " "}, {"document": "x" * 201}):
        async with refused("BAD_USER_INPUT", await story.desk()):
            await life.death(story, zhou, **said)
    for who, code in (("luo", "FORBIDDEN"), ("han", "FORBIDDEN"), ("wu", "FORBIDDEN"), ("tang", "NOT_FOUND")):
        async with refused(code, await story.desk(who)):
            await life.death(story, zhou, who)
    assert (await life.death(story, zhou, died_on=today)).state == "DECEASED"


SUSPEND = """mutation($m: ID!, $why: String!) {
  answer: suspendMembership(input: {membershipId: $m, cause: MALICIOUS_OVERDRAFT, reason: $why}) {
    ... on Problem { code field article } ... on Membership { state version } } }"""
RESUME = """mutation($m: ID!) { answer: resumeMembership(input: {membershipId: $m, reason: "an error"}) {
  ... on Problem { code field article } ... on Membership { state version } } }"""
CANCEL = """mutation($m: ID!) {
  answer: cancelMembership(input: {membershipId: $m, cause: HARM_TO_BANK, reason: "proved"}) {
    ... on Problem { code field article } ... on Membership { state over } } }"""
DEATH = """mutation($m: ID!, $day: Date!) {
  answer: recordDeath(input: {membershipId: $m, diedOn: $day, document: "binder 9"}) {
    ... on Problem { code field article } ... on Membership { state over overAt } } }"""
EVENTS = """query($m: ID!) { node(id: $m) { ... on Membership { events {
  state cause reason { visibility value reason { code } } } } } }"""


async def test_suspension_and_cancellation_through_the_graph(story, zhou):
    told = {"m": global_id("membership", zhou.id)}
    han, wu = await story.desk("han"), await story.desk("wu")
    assert (await ask(han, SUSPEND, why=" ", **told))["answer"] == {
        "code": "REASON_REQUIRED",
        "field": "reason",
        "article": "",
    }
    assert (await ask(han, SUSPEND, why="cheated", **told))["answer"] == {"state": "SUSPENDED", "version": 4}
    assert (await ask(han, RESUME, **told))["answer"] == {"state": "ACTIVE", "version": 5}
    assert (await ask(wu, CANCEL, **told))["answer"] == {"code": "WRONG_STATE", "field": "", "article": ""}
    await ask(han, SUSPEND, why="cheated again", **told)
    assert (await ask(wu, CANCEL, **told))["answer"] == {"state": "CANCELLED", "over": True}


async def test_a_death_through_the_graph(story, zhou):
    told = {"m": global_id("membership", zhou.id)}
    late = await ask(await story.desk(), DEATH, day="2026-11-26", **told)
    assert late["answer"] == {"code": "BAD_USER_INPUT", "field": "diedOn", "article": ""}
    done = await ask(await story.desk(), DEATH, day="2026-11-20", **told)
    assert done["answer"]["state"] == "DECEASED"


@pytest.mark.measure("A3b", "A11b")
async def test_why_he_was_suspended_is_for_whom_his_services_are_for(story, zhou):
    await life.suspend(story, zhou)
    told = {"m": global_id("membership", zhou.id)}
    for who, seen in (("lin", True), ("han", True), ("wu", False)):
        events = (await ask(await story.desk(who), EVENTS, **told))["node"]["events"]
        assert [e["state"] for e in events] == ["APPLIED", "FILING", "ACTIVE", "SUSPENDED"]
        assert [e["cause"] for e in events] == [None, None, None, "LOAN_ARREARS"]
        last = events[-1]["reason"]
        assert (last["visibility"] == "VISIBLE") is seen
        assert last["value"] == ("three instalments unpaid" if seen else None)
