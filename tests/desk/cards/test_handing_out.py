"""To whom a card is handed, what stands on its back, and when it stays in the drawer."""

from __future__ import annotations

import datetime as dt

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError

from desk.dialect import connection
from models.cards import Card, CardBack
from models.customers import ManagerAssignment
from models.designations import Designation
from models.membership import Membership
from models.people import Assignment
from models.stocktakes import Stocktake
from models.vocabulary import IdentityKind
from tests.digest import refused
from tests.life import member, suspend


async def no(cards, code: str, card: Card, who: str = "he", **said) -> None:
    async with refused(code, await cards.desk(who)) as caught:
        await cards.hand_out(card, who, **said)
    assert "周" not in str(caught.value)


@pytest.mark.measure("N4i")
async def test_it_is_handed_to_who_shows_the_holders_own_document(cards):
    card = await cards.reserved()
    await no(cards, "IDENTITY_DIFFERS", card, identity_number="440524188001010014")
    await no(
        cards, "IDENTITY_DIFFERS", card, identity_kind=IdentityKind.PASSPORT, identity_number="E12345678"
    )
    await no(cards, "BAD_RESIDENT_ID", card, identity_number="110105194912310021")
    await no(cards, "BAD_DOCUMENT", card, identity_kind=IdentityKind.PASSPORT, identity_number="?")
    await no(cards, "BAD_USER_INPUT", card, identity_number=" ")


@pytest.mark.parametrize("lacking", ["customer_signed_on", "manager_phone"])
async def test_nobody_tries_a_document_without_handing_the_card_out(cards, lacking):
    """What is lacking is said first, whether the document is the holder's or not."""
    card = await cards.reserved()
    said = {lacking: None if lacking == "customer_signed_on" else ""}
    await no(cards, "BACK_INCOMPLETE", card, **said)
    await no(cards, "BACK_INCOMPLETE", card, identity_number="440524188001010014", **said)


@pytest.mark.measure("N4j")
async def test_every_element_stands_on_the_back_or_it_is_not_handed_out(cards):
    card = await cards.reserved()
    await no(cards, "BACK_INCOMPLETE", card, manager_phone="  ")
    await no(cards, "BACK_INCOMPLETE", card, customer_signed_on=None)
    await no(cards, "BAD_USER_INPUT", card, manager_phone="ask the desk")
    await no(cards, "BAD_USER_INPUT", card, customer_signed_on=dt.date(2026, 11, 24))
    assert await CardBack.all().count() == 0


@pytest.mark.measure("N4j")
async def test_without_a_full_time_manager_no_name_stands_on_the_back(cards):
    card = await cards.reserved()
    await Assignment.filter(staff_id=cards.bank.staff["lin"].id).update(full_time=False)
    await no(cards, "MANAGER_NOT_FULL_TIME", card)
    await ManagerAssignment.filter(customer_id=card.customer_id).update(ended_at=cards.bank.now)
    await no(cards, "NO_MANAGER", card)


@pytest.mark.measure("N4j")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE card_back SET valid_until = '2030-01-01'",
        "UPDATE card_back SET holder_name = 'x'",
        "DELETE FROM card_back",
        "DELETE FROM card_event",
        "DELETE FROM card",
    ],
)
async def test_the_database_itself_lets_nobody_alter_a_back(cards, statement):
    await cards.issued()
    with pytest.raises((IntegrityError, asyncpg.RaiseError)):
        await connection().execute_query(statement)


@pytest.mark.measure("N4j")
async def test_a_card_has_one_back(cards):
    card = await cards.issued()
    back = dict(await CardBack.get(card_id=card.id).values())
    del back["id"]
    with pytest.raises(IntegrityError):
        await CardBack.create(**back)


@pytest.mark.measure("N4e")
async def test_the_designated_custodian_hands_it_out(cards):
    card = await cards.reserved()
    await no(cards, "FORBIDDEN", card, "lin")
    await no(cards, "NOT_FOUND", card, "qi")
    await Designation.filter(staff_id=cards.bank.staff["he"].id).update(ended_at=cards.bank.now)
    await no(cards, "NOT_DESIGNATED", card)


async def test_only_what_two_have_signed_out_is_handed_out(cards):
    card = await cards.draft_issue(await cards.request())
    await no(cards, "WRONG_STATE", card)
    card = await cards.signed_out(card)
    await no(cards, "STALE_VERSION", card, version=1)
    await no(cards, "WRONG_STATE", await cards.hand_out(card))


@pytest.mark.measure("N4i")
async def test_at_the_counter_he_must_still_be_a_member_of_that_tier(cards):
    card = await cards.reserved()
    membership = await member(cards.story)
    await Membership.filter(id=membership.id).update(tier="BRANCH")
    await no(cards, "CARD_OF_OTHER_TIER", card)
    await Membership.filter(id=membership.id).update(tier="HEAD_OFFICE")
    await suspend(cards.story, await member(cards.story))
    await no(cards, "NOT_A_MEMBER", card)


async def test_nothing_leaves_a_stock_that_is_being_counted(cards):
    card = await cards.reserved()
    await Stocktake.create(
        institution_id=cards.place("CDW").id,
        product_id=cards.product.id,
        kind="SURPRISE",
        state="OPEN",
        book_quantity=100,
        first_counter_id=cards.bank.staff["han"].id,
        second_counter_id=cards.bank.staff["zhao"].id,
        opened_at=cards.bank.now,
        opened_by_id=cards.bank.staff["han"].id,
    )
    await no(cards, "STOCK_BEING_COUNTED", card)
    await no(cards, "STOCK_BEING_COUNTED", card, identity_number="440524188001010014")


async def test_the_database_itself_lets_nobody_have_two_live_cards(cards):
    card = await cards.issued()
    values = dict(await Card.get(id=card.id).values())
    del values["id"]
    with pytest.raises(IntegrityError):
        await Card.create(**values | {"number": cards.number(8), "serial": 8})
