"""At any counter a card is worth what it is worth today, and whoever asks learns nothing else."""

from __future__ import annotations

import datetime as dt

import pytest

from models.cards import Card
from models.trail import AccessRecord
from tests.digest import changed, digest, refused
from tests.life import member, suspend

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("who", ["teller", "lin", "tang", "nan", "he", "zhao", "mei", "zhang"])
async def test_whoever_serves_may_ask_at_any_branch(cards, who):
    card = await cards.issued()
    assert await cards.verdict(card, who) == "VALID"


@pytest.mark.parametrize("who", ["wu", "auditor", "sysadmin", "nobody", "officer"])
async def test_who_serves_nobody_may_not(cards, who):
    await cards.issued()
    async with refused("FORBIDDEN", await cards.desk(who)):
        await cards.verdict(cards.number(7), who)


async def test_a_wrong_number_is_refused_and_an_unknown_one_is_no_card(cards):
    for number in (cards.number(7)[:-1] + "0", "7", "", "x" * 16, "6225888812345678"):
        async with refused("BAD_VIP_CARD_NUMBER", await cards.desk("teller")):
            await cards.verdict(number)
    assert await cards.verdict(cards.number(7)) == "NO_SUCH_CARD"
    assert await cards.verdict(cards.number(999_999)) == "NO_SUCH_CARD"


async def test_every_question_is_on_record_and_changes_nothing(cards):
    card = await cards.issued()
    before = await digest()
    await cards.verdict(card)
    assert changed(before, await digest()) == {"access_record": 1}
    (told,) = await AccessRecord.filter(operation="verifyCard")
    assert (told.object_id, told.customer_id) == (card.id, card.customer_id)
    assert "VALID" not in told.record
    assert "周明" not in told.record
    await cards.verdict(cards.number(8))
    unknown = await AccessRecord.get(operation="verifyCard", object_id=None)
    assert unknown.customer_id is None


async def test_the_verdict_of_every_state(cards):
    card = await cards.issued()
    for state in ("LOST", "EXPIRED", "RETURNED", "CANCELLED", "VOIDED"):
        await Card.filter(id=card.id).update(state=state)
        assert await cards.verdict(card) == state
    for state in ("DRAFTED", "RESERVED"):
        await Card.filter(id=card.id).update(state=state)
        assert await cards.verdict(card) == "NOT_ISSUED"


async def test_the_last_day_counts_to_its_end(cards):
    card = await cards.issued()
    membership = await member(cards.story)
    membership.term_ends = card.term_ends + 30 * DAY
    await membership.save()
    cards.on(card.term_ends, "23:59:59")
    assert await cards.verdict(card) == "VALID"
    cards.on(card.term_ends + DAY, "00:00:00")
    assert await cards.verdict(card) == "EXPIRED"


async def test_a_suspended_members_card_says_so(cards):
    card = await cards.issued()
    await suspend(cards.story, await member(cards.story))
    assert await cards.verdict(card) == "MEMBERSHIP_SUSPENDED"


async def test_a_card_of_another_tier_or_of_a_term_that_is_over_says_so(cards):
    card = await cards.issued()
    membership = await member(cards.story)
    membership.tier = "BRANCH"
    await membership.save()
    assert await cards.verdict(card) == "TIER_CHANGED"
    membership.term_ends = dt.date(2026, 11, 24)
    await membership.save()
    assert await cards.verdict(card) == "MEMBERSHIP_OVER"
