"""号段: a card is issued only by whom its number shows, or who stands below that; of any design of the tier (Notice 4)."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.cards.issuing import draft_card_issue
from desk.products import create_product
from models.vocabulary import Tier
from tests.desk.stock.dividing import given, part
from tests.digest import refused

pytestmark = pytest.mark.measure("N4h")


async def test_a_number_of_a_branch_above_is_issued_by_its_centre(cards):
    await given(cards, 0, 999)
    assert (await cards.issued(7)).state == "ISSUED"


async def test_a_number_of_the_centre_itself_is_issued(cards):
    top = await given(cards, 0, 999)
    branch = await part(cards, top, 0, 499)
    await part(cards, branch, 0, 9, to="CDW", who="wu")
    assert (await cards.issued(9)).state == "ISSUED"


async def test_a_number_in_no_segment_is_issued(cards):
    await given(cards, 50, 99)
    assert (await cards.issued(7)).state == "ISSUED"


async def test_a_number_of_a_neighbour_is_not_issued(cards):
    top = await given(cards, 0, 999)
    await part(cards, top, 0, 9, to="MY")
    card = await cards.request()
    desk = await cards.desk("he")
    async with refused("NUMBER_OF_ANOTHER", desk):
        await draft_card_issue(desk, card_id=card.id, version=card.version, number=cards.number(7))
    assert (await cards.issued_from(card, 10)).state == "ISSUED"


async def test_a_number_that_is_being_issued_here_goes_to_nobody_else(cards):
    """The neighbour would have to have it before the second signature, and does not get it."""
    top = await given(cards, 0, 999)
    await cards.draft_issue(await cards.request(), 7)
    desk = await cards.desk("pan")
    async with refused("SEGMENT_IN_USE", desk):
        await part(cards, top, 0, 9, to="MY", who="pan")


async def test_what_is_in_stock_is_issued_though_head_office_has_designed_another_card_since(cards):
    """A request is for a tier, and the number says which design of it. The holder's tier is still the same."""
    old = await cards.issued(7)
    assert old.term_ends is not None
    cards.on(old.issued_at.date() + dt.timedelta(days=30))
    head = await cards.desk("officer")
    new = await create_product(head, tier=Tier.HEAD_OFFICE, design="02", name="another")
    desk = await cards.desk("lin")
    async with refused("NOT_DUE_YET", desk):
        await cards.request(form_number="F-2", replaces_id=old.id, renews=True)
    asked = await cards.request(form_number="F-2", replaces_id=old.id)
    assert asked.product_id == new.id
    card = await cards.issued_from(asked, 8)
    assert (card.state, card.product_id) == ("ISSUED", old.product_id)
    assert card.term_ends == old.term_ends
    assert await cards.verdict(card) == "VALID"
