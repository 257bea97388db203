"""Article 3: the card is the basis for service (享受依据). Who has none that is valid is not served by it."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.life import member, resume, suspend

pytestmark = pytest.mark.measure("A3c")
DAY = dt.timedelta(days=1)


async def test_a_valid_card_is_the_basis_of_service_at_any_branch(cards):
    card = await cards.issued()
    for who in ("teller", "tang", "mei"):
        assert await cards.verdict(card, who) == "VALID"


async def test_a_lost_card_is_the_basis_of_nothing_from_that_second_on(cards):
    card = await cards.issued()
    await cards.lost(cards.number(7), "tang", "NJW")
    assert await cards.verdict(card) == "LOST"
    new = await cards.issued(8, form_number="F-2", replaces_id=card.id)
    assert (await cards.verdict(card), await cards.verdict(new)) == ("CANCELLED", "VALID")


async def test_a_card_that_ran_out_yesterday_is_the_basis_of_nothing(cards):
    card = await cards.issued()
    cards.on(card.term_ends + DAY, "00:00:00")
    assert await cards.verdict(card) == "EXPIRED"


async def test_while_its_holder_is_suspended_it_is_the_basis_of_nothing(cards):
    card = await cards.issued()
    await suspend(cards.story, await member(cards.story))
    assert await cards.verdict(card) == "MEMBERSHIP_SUSPENDED"
    await resume(cards.story, await member(cards.story))
    assert await cards.verdict(card) == "VALID"


async def test_what_was_not_handed_out_is_the_basis_of_nothing(cards):
    card = await cards.reserved()
    assert await cards.verdict(card) == "NOT_ISSUED"
    assert await cards.verdict(cards.number(8)) == "NO_SUCH_CARD"
