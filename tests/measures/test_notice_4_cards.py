"""Notice 4 on the customer's card: by the Measures only, its back clear and never altered, by the flow of Annex 1."""

from __future__ import annotations

import datetime as dt

import pytest

from models.cards import CardBack
from models.movements import Signature, StockMovement
from models.stock import COUNTS
from tests.digest import refused


@pytest.mark.measure("N4i")
async def test_before_filing_nobody_gets_a_card_and_after_it_he_does(cards):
    filing = await cards.story.submitted("luo", "qian")
    async with refused("NOT_A_MEMBER", await cards.desk("luo")):
        await cards.request("luo", "qian")
    await cards.story.record(filing)
    assert (await cards.request("luo", "qian")).state == "REQUESTED"


@pytest.mark.measure("N4i")
async def test_after_an_approved_exception_too(cards):
    case = await cards.story.asked("luo", "qian")
    async with refused("NOT_A_MEMBER", await cards.desk("luo")):
        await cards.request("luo", "qian")
    await cards.story.approve(case)
    assert (await cards.request("luo", "qian")).state == "REQUESTED"


@pytest.mark.measure("N4i")
async def test_nobody_alone_gives_anybody_a_card(cards):
    """Lin asks, He takes it out, Zhao countersigns, He hands it over: three persons, and Lin none of the last two."""
    card = await cards.issued()
    signed = await Signature.filter(movement_id=(await StockMovement.get(card_id=card.id)).id)
    persons = {one.person_id for one in signed}
    assert len(persons) == 2
    assert card.requested_person_id not in persons


@pytest.mark.measure("N4j")
async def test_the_back_is_written_once_and_an_error_takes_another_number(cards):
    card = await cards.issued()
    async with refused("WRONG_STATE", await cards.desk("he")):
        await cards.hand_out(card, manager_phone="028-86660000")
    await cards.signed_out(await cards.void(card))
    new = await cards.issued(8, form_number="F-2", replaces_id=card.id)
    assert await CardBack.all().count() == 2
    assert {card.number, new.number} == {cards.number(7), cards.number(8)}


@pytest.mark.measure("N4k")
async def test_the_flow_of_annex_1_leaves_no_card_out_of_the_book(cards):
    """Every step keeps every card that came: received is what is there, in whatever state."""
    card = await cards.request()
    await _balanced(cards)
    card = await cards.draft_issue(card)
    card = await cards.signed_out(card)
    await _balanced(cards, reserved=1)
    card = await cards.hand_out(card)
    await _balanced(cards, issued=1)
    await cards.lost(cards.number(7))
    new = await cards.issued(8, form_number="F-2", replaces_id=card.id)
    await _balanced(cards, issued=2)
    await cards.signed_out(await cards.give_in(await cards.now(card)))
    await _balanced(cards, issued=1, returned=1)
    await cards.signed_out(await cards.void(new))
    await _balanced(cards, returned=1, spoiled=1)


async def _balanced(cards, **expected: int) -> None:
    account = await cards.account("CDW")
    counts = {column: getattr(account, column) for column in COUNTS.values()}
    assert sum(counts.values()) == account.received + account.came_in - account.went_out == 100
    counts.pop("in_stock")
    assert {column: count for column, count in counts.items() if count} == expected


@pytest.mark.measure("N4i")
async def test_the_term_begins_on_the_day_it_is_handed_over(cards):
    card = await cards.reserved()
    cards.on(dt.date(2026, 12, 1))
    card = await cards.hand_out(card)
    assert (card.term_starts, card.term_ends) == (dt.date(2026, 12, 1), dt.date(2028, 12, 1))
