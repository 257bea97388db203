"""The acts on a membership's standing as acts: one effect for a key, and one truth when many do them at once."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from models.filing import Filing
from models.invitations import Invitation
from models.membership import Membership
from tests import life
from tests.desk import lives
from tests.desk.lives import outcome
from tests.digest import changed, digest, refused
from tests.life import DAY
from tests.story import Story

AT_ONCE = 10


async def all_is_true(story: Story) -> None:
    await lives.check({it.id: it.person_id for it in story.bank.staff.values()}, story.bank.now)


@pytest.mark.parametrize("act", ["suspend", "resume", "cancel", "death", "review", "expire"])
async def test_the_same_key_has_one_effect(story, act):
    await story.recorded()
    membership = await life.member(story)
    if act in ("resume", "cancel"):
        await life.suspend(story, membership)
    if act in ("review", "expire"):
        life.on(story, membership.term_ends + (DAY if act == "expire" else 0 * DAY))
    work = getattr(life, act)
    first = await work(story, membership, idempotency_key="k1")
    before = await digest()
    assert (await work(story, membership, idempotency_key="k1")).version == first.version
    assert changed(before, await digest()) == {}
    who = {"suspend": "han", "resume": "han", "cancel": "wu"}.get(act, "lin")
    async with refused("WRONG_STATE", await story.desk(who)):
        await work(story, membership)
    await all_is_true(story)


async def test_an_invitation_and_its_answer_take_a_key(story):
    asked = [await life.ask_him(story, idempotency_key="k1") for _ in range(2)]
    assert asked[0].id == asked[1].id
    said = [await life.answer(story, asked[0], True, idempotency_key="k2") for _ in range(2)]
    assert said[0].answered_at == said[1].answered_at
    assert await Invitation.all().count() == 1


async def test_many_questions_at_once_are_one(story):
    outcomes = Counter(await codes(*(life.ask_him(story) for _ in range(AT_ONCE))))
    assert outcomes == {"OK": 1, "INVITATION_OPEN": AT_ONCE - 1}
    assert await Invitation.all().count() == 1


async def codes(*works) -> list[str]:
    return [code for _, code in await asyncio.gather(*(outcome(work) for work in works))]


async def test_many_suspend_and_cancel_at_once_and_each_happens_once(story):
    await story.recorded()
    membership = await life.member(story)
    suspended = Counter(await codes(*(life.suspend(story, membership) for _ in range(AT_ONCE))))
    assert suspended == {"OK": 1, "WRONG_STATE": AT_ONCE - 1}
    cancelled = Counter(await codes(*(life.cancel(story, membership) for _ in range(AT_ONCE))))
    assert cancelled == {"OK": 1, "WRONG_STATE": AT_ONCE - 1}
    await all_is_true(story)


async def test_renewed_suspended_and_withdrawn_at_once_leave_one_truth(story):
    membership = await life.under_review(story)
    filing = await story.submit(membership, await life.verified(story))
    outcomes = await codes(
        story.record(filing),
        story.give_back(filing),
        life.suspend(story, membership),
        life.withdraw(story, membership),
    )
    assert outcomes[3] == "OK"
    assert Counter(outcomes[:2])["OK"] <= 1
    assert (await Membership.get()).state == "WITHDRAWN"
    assert (await Filing.get(id=filing.id)).state != "SUBMITTED"
    await all_is_true(story)


async def test_after_midnight_it_expires_and_is_not_renewed(story):
    membership = await life.under_review(story)
    life.on(story, membership.term_ends, "23:59:59")
    filing = await story.submit(membership, await life.verified(story))
    life.on(story, membership.term_ends + DAY, "00:00:00")
    outcomes = await codes(story.record(filing), life.expire(story, membership))
    assert outcomes[1] == "OK"
    assert outcomes[0] in ("TERM_OVER", "STALE_VERSION")
    assert (await Membership.get()).state == "EXPIRED"
    await all_is_true(story)
