"""Two who act on one customer's card in the same moment: whoever comes second sees what the first has done."""

from __future__ import annotations

import asyncio

from models.cards import Card
from models.errors import Refusal
from tests.life import member, withdraw


async def at_once(*work) -> list[str]:
    """Their outcomes: a code of a refusal, or nothing."""
    found = await asyncio.gather(*work, return_exceptions=True)
    unexpected = [one for one in found if isinstance(one, BaseException) and not isinstance(one, Refusal)]
    assert unexpected == []
    return sorted(one.code if isinstance(one, Refusal) else "" for one in found)


async def test_two_requests_are_one_card(cards):
    codes = await at_once(cards.request(), cards.request(form_number="F-2"))
    assert codes == ["", "CARD_UNDER_WAY"]
    assert await Card.all().count() == 1


async def test_one_number_goes_to_one_of_two_customers(cards):
    await cards.story.recorded("luo", "qian")
    mine, his = await cards.request(), await cards.request("luo", "qian")
    codes = await at_once(cards.draft_issue(mine), cards.draft_issue(his))
    assert codes[0] == ""
    assert codes[1] in ("NUMBER_USED", "CONFLICT")
    assert await Card.filter(number=cards.number(7)).count() == 1


async def test_who_ends_a_membership_ends_the_card_that_is_handed_out_meanwhile(cards):
    card, membership = await cards.reserved(), await member(cards.story)
    codes = await at_once(cards.hand_out(card), withdraw(cards.story, membership))
    assert codes[0] == ""
    assert codes[1] in ("", "WRONG_STATE", "STALE_VERSION")
    assert (await cards.now(card)).state == "CANCELLED"


async def test_who_ends_a_membership_ends_the_card_that_is_signed_out_meanwhile(cards):
    card, membership = await cards.draft_issue(await cards.request()), await member(cards.story)
    movement = await cards.sign(await cards.movement(card), "he")
    codes = await at_once(cards.countersign(movement, "zhao"), withdraw(cards.story, membership))
    assert codes[0] == ""
    card = await cards.now(card)
    reserved = ("RESERVED", 7, 7) in await cards.lying("CDW")
    assert (card.state, reserved) in (("CANCELLED", True), ("REFUSED", False))


async def test_a_request_that_is_cancelled_while_its_issue_is_countersigned(cards):
    card = await cards.draft_issue(await cards.request())
    movement = await cards.sign(await cards.movement(card), "he")
    codes = await at_once(cards.countersign(movement, "zhao"), cards.cancel(card))
    assert codes[0] == ""
    assert codes[1] in ("WRONG_STATE", "STALE_VERSION")
    card = await cards.now(card)
    reserved = ("RESERVED", 7, 7) in await cards.lying("CDW")
    assert (card.state, reserved) in (("RESERVED", True), ("REFUSED", False))


async def test_a_loss_that_is_told_at_two_counters_is_one(cards):
    card = await cards.issued()
    await at_once(cards.lost(cards.number(7)), cards.lost(cards.number(7), "tang", "NJW"))
    assert [state for state, _ in await cards.told(card)].count("LOST") == 1
