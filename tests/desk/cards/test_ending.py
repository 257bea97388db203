"""With a membership ends its card, and what was requested or drafted for it, in the same transaction."""

from __future__ import annotations

import datetime as dt

import pytest

from models.cards import Card, CardEvent
from models.membership import Membership
from models.movements import StockMovement
from tests.digest import refused
from tests.life import cancel, death, expire, member, suspend, withdraw

DAY = dt.timedelta(days=1)


async def leaves(cards, how: str) -> Membership:
    story, membership = cards.story, await member(cards.story)
    if how == "WITHDRAWN":
        return await withdraw(story, membership)
    if how == "DECEASED":
        return await death(story, membership)
    if how == "EXPIRED":
        cards.on(membership.term_ends + DAY)
        return await expire(story, membership)
    return await cancel(story, await suspend(story, membership))


@pytest.mark.parametrize("how", ["WITHDRAWN", "CANCELLED", "DECEASED"])
async def test_a_live_card_is_cancelled_with_it(cards, how):
    card = await cards.issued()
    assert (await leaves(cards, how)).state == how
    assert await cards.verdict(card) == "CANCELLED"
    assert (await cards.told(card))[-1] == ("CANCELLED", "MEMBERSHIP_OVER")
    assert (await cards.now(card)).over_at == cards.bank.now


async def test_a_card_that_ran_out_with_the_term_is_expired(cards):
    card = await cards.issued()
    await leaves(cards, "EXPIRED")
    assert (await cards.told(card))[-1] == ("EXPIRED", "TERM_OVER")


async def test_a_lost_card_is_cancelled_too(cards):
    card = await cards.issued()
    await cards.lost(cards.number(7))
    await leaves(cards, "WITHDRAWN")
    assert (await cards.now(card)).state == "CANCELLED"


@pytest.mark.measure("N4i")
async def test_a_request_is_refused_with_it_and_its_draft_withdrawn(cards):
    card = await cards.draft_issue(await cards.request())
    await cards.sign(await cards.movement(card), "he")
    await leaves(cards, "WITHDRAWN")
    card = await cards.now(card)
    assert (card.state, card.number) == ("REFUSED", None)
    movement = await StockMovement.get(card_id=card.id)
    assert (movement.state, movement.reject_reason) == ("REJECTED", "The request that it was for is over.")
    async with refused("WRONG_STATE", await cards.desk("zhao")):
        await cards.countersign(movement, "zhao")
    assert await cards.lying("CDW") == [("IN_STOCK", 0, 99)]


@pytest.mark.parametrize("how", ["WITHDRAWN", "CANCELLED", "DECEASED", "by his manager"])
async def test_the_stock_is_not_told_why(cards, how):
    """Whoever sees movements, audit too, would read of a death or a cancellation beside the number of the card."""
    card = await cards.draft_issue(await cards.request())
    if how == "by his manager":
        await cards.cancel(card, reason="巨额逾期")
    else:
        await leaves(cards, how)
    event = await CardEvent.filter(card_id=card.id).order_by("-version").first()
    movement = await StockMovement.get(card_id=card.id)
    assert movement.reject_reason == "The request that it was for is over."
    assert event.reason not in ("", movement.reject_reason)


@pytest.mark.measure("N4i")
async def test_what_was_signed_out_stays_in_the_drawer_and_goes_back(cards):
    card = await cards.reserved()
    await leaves(cards, "WITHDRAWN")
    card = await cards.now(card)
    assert card.state == "CANCELLED"
    async with refused("WRONG_STATE", await cards.desk("he")):
        await cards.hand_out(card)
    await cards.signed_out(await cards.give_in(card, cause="UNCLAIMED"))
    assert (await cards.now(card)).state == "CANCELLED"
    assert ("RETURNED", 7, 7) in await cards.lying("CDW")


async def test_who_cancels_a_card_and_when(cards):
    card = await cards.issued()
    for who, code in (("he", "FORBIDDEN"), ("luo", "FORBIDDEN"), ("tang", "NOT_FOUND")):
        async with refused(code, await cards.desk(who)):
            await cards.cancel(card, who)
    async with refused("STALE_VERSION", await cards.desk("lin")):
        await cards.cancel(card, version=1)
    async with refused("BAD_USER_INPUT", await cards.desk("lin")):
        await cards.cancel(card, reason=" ")
    card = await cards.cancel(card, "han")
    async with refused("WRONG_STATE", await cards.desk("lin")):
        await cards.cancel(card)


async def test_a_membership_without_a_card_ends_as_before(cards):
    await leaves(cards, "WITHDRAWN")
    assert await Card.all().count() == 0
