"""What is wrong is never altered: the card is voided, and another number takes its place. And what is taken in."""

from __future__ import annotations

import pytest

from models.cards import Card, CardBack
from models.customers import Customer
from models.designations import Designation
from models.movements import StockMovement
from tests.digest import refused


async def no(cards, code: str, card: Card, who: str = "he", act: str = "void", **said) -> None:
    async with refused(code, await cards.desk(who)):
        await getattr(cards, act)(card, who, **said)


@pytest.mark.measure("N4j")
async def test_an_error_on_the_back_voids_the_card_and_takes_a_new_number(cards):
    card = await cards.reserved()
    card = await cards.signed_out(await cards.void(card))
    assert (card.state, await cards.verdict(card)) == ("VOIDED", "VOIDED")
    assert ("SPOILED", 7, 7) in await cards.lying("CDW")
    again = await cards.issued(8)
    assert (again.state, again.number) == ("ISSUED", cards.number(8))
    assert (await cards.told(card))[-1] == ("VOIDED", "WRONG_BACK")


@pytest.mark.measure("N4j")
async def test_an_error_that_shows_later_takes_the_card_from_its_holder(cards):
    """The new card has the same last day; what was written on the old back stays as it was."""
    card = await cards.issued()
    before = await CardBack.filter(card_id=card.id).values()
    card = await cards.signed_out(await cards.void(card, cause="DAMAGED", reason="the strip is torn"))
    assert (card.state, (await cards.told(card))[-1]) == ("VOIDED", ("VOIDED", "DAMAGED"))
    new = await cards.issued(8, form_number="F-2", replaces_id=card.id)
    assert (new.term_ends, new.number) == (card.term_ends, cards.number(8))
    assert await CardBack.filter(card_id=card.id).values() == before


async def test_until_two_have_signed_nothing_is_void(cards):
    card = await cards.void(await cards.issued())
    await cards.sign(await cards.movement(card), "he")
    assert await cards.verdict(card) == "VALID"
    assert (await cards.now(card)).state == "ISSUED"


@pytest.mark.measure("N4d")
async def test_a_card_that_is_void_stays_void(cards):
    card = await cards.signed_out(await cards.void(await cards.reserved()))
    movement = await StockMovement.get(card_id=card.id, kind="VOID")
    async with refused("NOT_REVERSIBLE", await cards.desk("he")):
        await cards.reversal(movement, "he")
    request = await cards.request()
    async with refused("NUMBER_USED", await cards.desk("he")):
        await cards.draft_issue(request, 7)


async def test_who_voids_and_what(cards):
    card = await cards.request()
    await no(cards, "WRONG_STATE", card)
    card = await cards.signed_out(await cards.draft_issue(card))
    await no(cards, "FORBIDDEN", card, "lin")
    await no(cards, "NOT_FOUND", card, "qi")
    await no(cards, "STALE_VERSION", card, version=1)
    await no(cards, "BAD_USER_INPUT", card, cause="UNCLAIMED")
    await no(cards, "BAD_USER_INPUT", card, cause="any")
    await no(cards, "BAD_USER_INPUT", card, reason=" ")
    await Designation.filter(staff_id=cards.bank.staff["he"].id).update(ended_at=cards.bank.now)
    await no(cards, "NOT_DESIGNATED", card)


async def test_who_takes_in_and_what(cards):
    card = await cards.request()
    await no(cards, "WRONG_STATE", card, act="give_in")
    card = await cards.issued_from(card)
    await no(cards, "FORBIDDEN", card, "lin", act="give_in")
    await no(cards, "NOT_FOUND", card, "qi", act="give_in")
    await no(cards, "STALE_VERSION", card, act="give_in", version=1)
    await no(cards, "BAD_USER_INPUT", card, act="give_in", cause="WRONG_BACK")
    await no(cards, "BAD_USER_INPUT", card, act="give_in", cause="UNCLAIMED")
    await no(cards, "BAD_USER_INPUT", card, act="give_in", reason="")
    card = await cards.signed_out(await cards.give_in(card))
    await no(cards, "NOT_IN_STOCK", card, act="give_in")
    await no(cards, "WRONG_STATE", card)


async def test_what_was_handed_out_meanwhile_is_not_unclaimed(cards):
    """The list says from where the card is taken, and it is not there any more."""
    card = await cards.give_in(await cards.reserved(), cause="UNCLAIMED", reason="three months")
    movement = await cards.movement(card)
    await cards.hand_out(card)
    async with refused("NOT_IN_STOCK", await cards.desk("he")):
        await cards.sign(movement, "he")


async def test_a_second_list_of_the_same_card_moves_nothing(cards):
    card = await cards.give_in(await cards.issued())
    first = await cards.movement(card)
    await cards.void(await cards.now(card))
    (second,) = await StockMovement.filter(card_id=card.id, kind="VOID")
    await cards.posted(first, ("he", "zhao"))
    async with refused("WRONG_STATE", await cards.desk("he")):
        await cards.sign(second, "he")


async def test_a_customer_who_has_moved_gives_his_card_in_where_he_is_now(cards):
    """It changes its holder in the book, from the branch that issued it to the one that he belongs to."""
    card = await cards.issued()
    nanjing = cards.place("NJ")
    await Customer.filter(id=card.customer_id).update(owner_id=nanjing.id, owner_path=nanjing.path)
    await no(cards, "NOT_FOUND", card, act="give_in")
    await no(cards, "NOT_DESIGNATED", card, "qi", act="give_in", institution_id=nanjing.id)
    card = await cards.give_in(card, "qi", institution_id=cards.place("NJW").id)
    await cards.posted(await cards.movement(card), ("qi", "yue"))
    assert await cards.lying("NJW") == [("RETURNED", 7, 7)]
    assert (await cards.now(card)).state == "RETURNED"
