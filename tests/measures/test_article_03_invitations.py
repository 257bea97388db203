"""Article 3, 客户自愿: a customer is asked once at a time, his answer is kept in his words, and a refusal is respected."""

from __future__ import annotations

import datetime as dt

import pytest
from tortoise.exceptions import IntegrityError

from models.ids import global_id
from models.invitations import Invitation
from models.membership import Membership
from models.terms import QUIET_DAYS
from tests import life
from tests.digest import digest, refused
from tests.life import DAY
from tests.schema.ask import ask

pytestmark = pytest.mark.measure("A3a")
TODAY = dt.date(2026, 11, 25)


async def test_his_manager_asks_and_writes_down_what_he_said(story):
    bank = story.bank
    invitation = await life.ask_him(story, invited_at=bank.now - 3 * DAY)
    assert (invitation.state, invitation.channel) == ("OPEN", "at the counter")
    assert (invitation.invited_at, invitation.recorded_at) == (bank.now - 3 * DAY, bank.now)
    assert invitation.invited_by_id == bank.staff["lin"].id
    answered = await life.answer(story, invitation, True, words="gladly", answered_at=bank.now - DAY)
    assert (answered.state, answered.words) == ("ACCEPTED", "gladly")
    assert (answered.answered_at, answered.answered_recorded_at) == (bank.now - DAY, bank.now)
    assert answered.answered_by_id == bank.staff["lin"].id
    await story.applied()


async def test_nobody_need_be_invited_to_apply(story):
    assert (await story.applied()).state == "APPLIED"
    assert await Invitation.all().count() == 0


async def test_one_question_at_a_time(story):
    first = await life.ask_him(story)
    async with refused("INVITATION_OPEN", await story.desk()):
        await life.ask_him(story)
    before = await digest()
    with pytest.raises(IntegrityError):
        await Invitation.create(
            customer_id=first.customer_id,
            channel="by letter",
            state="OPEN",
            invited_at=story.bank.now,
            invited_by_id=first.invited_by_id,
            recorded_at=story.bank.now,
        )
    assert await digest() == before
    await life.answer(story, first, True)
    await life.ask_him(story)


async def test_a_refusal_is_kept_in_his_words_and_final(story):
    invitation = await life.ask_him(story)
    async with refused("REASON_REQUIRED", await story.desk()):
        await life.answer(story, invitation, False, words=" ")
    declined = await life.answer(story, invitation, False, words="wants no calls")
    assert (declined.state, declined.words) == ("DECLINED", "wants no calls")
    async with refused("WRONG_STATE", await story.desk()):
        await life.answer(story, invitation, True)


async def test_after_a_refusal_he_is_left_in_peace_for_180_days(story):
    await life.answer(story, await life.ask_him(story), False)
    assert QUIET_DAYS == 180
    async with refused("DECLINED_LATELY", await story.desk()):
        await life.ask_him(story)
    life.on(story, TODAY + 180 * DAY, "23:59:59")
    async with refused("DECLINED_LATELY", await story.desk()):
        await life.ask_him(story)
    life.on(story, TODAY + 181 * DAY, "00:00:00")
    async with refused("DECLINED_LATELY", await story.desk()):
        await life.ask_him(story, invited_at=story.bank.now - dt.timedelta(seconds=1))
    again = await life.ask_him(story)
    await life.answer(story, again, False)
    async with refused("DECLINED_LATELY", await story.desk()):
        await life.ask_him(story)


async def test_he_himself_may_ask_at_any_time(story):
    await life.answer(story, await life.ask_him(story), False)
    assert (await story.applied()).state == "APPLIED"


async def test_who_applies_or_is_a_member_is_not_asked(story):
    await story.applied()
    async with refused("MEMBERSHIP_EXISTS", await story.desk()):
        await life.ask_him(story)
    await life.withdraw(story, await Membership.get())
    async with refused("DECLINED_LATELY", await story.desk()):
        await life.ask_him(story)
    await Membership.all().update(over_at=story.bank.now - dt.timedelta(days=181))
    await life.ask_him(story)


async def test_the_dead_are_not_asked(story):
    await life.death(story, await story.applied())
    async with refused("CUSTOMER_DECEASED", await story.desk()):
        await life.ask_him(story)


@pytest.mark.parametrize(
    ("who", "code"), [("luo", "FORBIDDEN"), ("han", "FORBIDDEN"), ("wu", "FORBIDDEN"), ("tang", "NOT_FOUND")]
)
async def test_only_his_manager_asks(story, who, code):
    async with refused(code, await story.desk(who)):
        await life.ask_him(story, who)
    invitation = await life.ask_him(story)
    async with refused(code, await story.desk(who)):
        await life.answer(story, invitation, True, who)


async def test_what_cannot_be(story):
    second = dt.timedelta(seconds=1)
    for said in ({"invited_at": story.bank.now + second}, {"channel": ""}, {"channel": "x" * 41}):
        async with refused("BAD_USER_INPUT", await story.desk()):
            await life.ask_him(story, **said)
    invitation = await life.ask_him(story)
    for at in (story.bank.now + second, story.bank.now - second):
        async with refused("BAD_USER_INPUT", await story.desk()):
            await life.answer(story, invitation, True, answered_at=at)


INVITE = """mutation($c: ID!) { answer: inviteCustomer(input: {customerId: $c, channel: "telephone"}) {
  ... on Problem { code field article } ... on Invitation { id state channel invitedBy { number } } } }"""
ANSWER = """mutation($i: ID!, $said: String!) {
  answer: answerInvitation(input: {invitationId: $i, accepted: false, words: $said}) {
    ... on Problem { code field article }
    ... on Invitation { state words { visibility value } customer { status { number } } } } }"""
LIST = """query($c: ID!) { invitations(first: 5, where: {customerId: {eq: $c}, state: {eq: DECLINED}}) {
  totalCount nodes { state words { visibility value } } } }"""


async def test_invitations_through_the_graph(story):
    desk = await story.desk()
    told = {"c": global_id("customer", story.bank.customers["zhou"].id)}
    asked = (await ask(desk, INVITE, **told))["answer"]
    assert (asked["state"], asked["channel"], asked["invitedBy"]) == (
        "OPEN",
        "telephone",
        {"number": "S-lin"},
    )
    twice = await ask(desk, INVITE, **told)
    assert twice["answer"] == {"code": "INVITATION_OPEN", "field": "", "article": "3"}
    silent = await ask(desk, ANSWER, i=asked["id"], said="")
    assert silent["answer"] == {"code": "REASON_REQUIRED", "field": "words", "article": ""}
    answered = await ask(desk, ANSWER, i=asked["id"], said="no")
    assert answered["answer"] == {
        "state": "DECLINED",
        "words": {"visibility": "VISIBLE", "value": "no"},
        "customer": {"status": {"number": "C000001"}},
    }
    lately = await ask(desk, INVITE, **told)
    assert lately["answer"] == {"code": "DECLINED_LATELY", "field": "", "article": "3"}
    for who, words in (
        ("han", {"visibility": "VISIBLE", "value": "no"}),
        ("wu", {"visibility": "WITHHELD", "value": None}),
    ):
        found = (await ask(await story.desk(who), LIST, **told))["invitations"]
        assert found == {"totalCount": 1, "nodes": [{"state": "DECLINED", "words": words}]}
    nobody = (await ask(await story.desk("tang"), LIST, **told))["invitations"]
    assert nobody == {"totalCount": 0, "nodes": []}
