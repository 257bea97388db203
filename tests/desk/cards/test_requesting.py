"""Who asks for a card, for whom, and when he is refused."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from authz import Role
from desk.customers import transfer_owner
from models.custody import CardCause
from models.people import Recusal, Staff
from tests.custody import person
from tests.digest import refused
from tests.life import member as membership_of
from tests.life import resume, suspend

YESTERDAY, TOMORROW = dt.date(2026, 11, 24), dt.date(2026, 11, 26)


async def no(cards, code: str, who: str = "lin", **said) -> None:
    async with refused(code, await cards.desk(who)):
        await cards.request(who, **said)


@pytest.mark.measure("N4i")
async def test_only_a_member_gets_a_card(cards):
    await no(cards, "NOT_A_MEMBER", "luo", customer="qian")
    await cards.story.applied("luo", "qian")
    await no(cards, "NOT_A_MEMBER", "luo", customer="qian")


@pytest.mark.measure("N4i")
async def test_a_suspended_member_gets_none_until_he_is_resumed(cards):
    membership = await membership_of(cards.story)
    await suspend(cards.story, membership)
    await no(cards, "NOT_A_MEMBER")
    await resume(cards.story, membership)
    assert (await cards.request()).state == "REQUESTED"


@pytest.mark.measure("N4i")
async def test_a_term_that_ran_out_counts_no_more_though_nobody_wrote_it_down(cards):
    cards.on((await membership_of(cards.story)).term_ends + dt.timedelta(days=1))
    await no(cards, "NOT_A_MEMBER")


async def test_his_own_manager_asks_and_nobody_else(cards):
    await no(cards, "FORBIDDEN", "luo")
    await no(cards, "FORBIDDEN", "han")
    await no(cards, "NOT_FOUND", "tang")
    await no(cards, "NOT_FOUND", "he")


async def test_nobody_asks_for_a_relative(cards):
    await Recusal.create(
        person_id=cards.bank.staff["lin"].person_id,
        customer_id=cards.bank.customers["zhou"].id,
        relation="SPOUSE",
        recorded_at=cards.bank.now,
    )
    await Staff.rights_changed([cards.bank.staff["lin"].id])
    await no(cards, "FORBIDDEN")


@pytest.mark.measure("N4i")
async def test_the_form_is_signed_between_the_registration_and_today(cards):
    await no(cards, "BAD_USER_INPUT", form_signed_on=TOMORROW)
    await no(cards, "BAD_USER_INPUT", form_signed_on=YESTERDAY)
    await no(cards, "BAD_USER_INPUT", form_number="  ")
    await no(cards, "BAD_USER_INPUT", form_number="9" * 65)


@pytest.mark.measure("N4i")
async def test_one_signature_is_for_one_card(cards):
    card = await cards.cancel(await cards.issued())
    assert card.state == "CANCELLED"
    await no(cards, "FORM_USED", replaces_id=card.id)
    again = await cards.request(form_number="F-2", replaces_id=card.id)
    assert again.state == "REQUESTED"


async def test_the_issuer_belongs_to_the_owning_branch(cards):
    await no(cards, "ISSUER_NOT_OF_BRANCH", issuer_id=cards.place("NJW").id)
    await no(cards, "ISSUER_NOT_OF_BRANCH", issuer_id=cards.place("SC").id)
    cards.place("CDO").merged_into_id = cards.place("CD").id
    await cards.place("CDO").save()
    await no(cards, "INSTITUTION_MERGED", issuer_id=cards.place("CDO").id)
    assert (await cards.request(issuer_id=cards.place("CD").id)).state == "REQUESTED"


async def test_one_card_is_under_way_at_a_time(cards):
    card = await cards.request()
    await no(cards, "CARD_UNDER_WAY")
    card = await cards.draft_issue(card)
    await no(cards, "CARD_UNDER_WAY")
    await cards.signed_out(card)
    await no(cards, "CARD_UNDER_WAY")


async def test_there_is_no_second_card_beside_a_live_one(cards):
    card = await cards.issued()
    await no(cards, "CARD_EXISTS", form_number="F-2")
    await no(cards, "CARD_EXISTS", form_number="F-2", renews=True)
    await cards.lost(cards.number(7))
    await no(cards, "CARD_EXISTS", form_number="F-2")
    assert (await cards.now(card)).state == "LOST"


async def test_a_card_stands_in_only_for_one_that_he_had(cards):
    card = await cards.issued()
    await no(cards, "NOT_FOUND", form_number="F-2", replaces_id=uuid4())
    await cards.cancel(card)
    await no(cards, "NOT_REPLACEABLE", form_number="F-2", replaces_id=card.id, renews=True)
    never = await cards.cancel(await cards.request(form_number="F-2", replaces_id=card.id))
    await no(cards, "NOT_REPLACEABLE", form_number="F-2", replaces_id=never.id)


async def test_a_card_of_another_customer_is_not_replaced(cards):
    card = await cards.issued()
    await cards.story.recorded("luo", "qian")
    await no(cards, "NOT_REPLACEABLE", "luo", customer="qian", replaces_id=card.id)


@pytest.mark.parametrize("way", ["give_in", "void"])
async def test_in_place_of_a_card_that_was_taken_in_or_voided_another_has_the_same_term(cards, way):
    """It does not begin anew by asking for it as if there had been none."""
    old = await cards.issued()
    cards.on(TOMORROW + dt.timedelta(days=300))
    old = await cards.signed_out(await getattr(cards, way)(old))
    await no(cards, "CARD_EXISTS", form_number="F-2")
    asked = await cards.request(form_number="F-2", replaces_id=old.id)
    assert (await cards.issued_from(asked, 8)).term_ends == old.term_ends


async def test_a_customer_whose_card_is_under_way_stays_with_his_branch(cards):
    """Elsewhere the custodian who has signed it out could neither hand it out nor take it in."""
    card = await cards.reserved()
    bank = cards.bank
    bank.staff["nie"] = await person(bank, "nie", "聂远", Role.PB_OFFICER, "HQ")
    told = {
        "customer_id": card.customer_id,
        "to_id": cards.place("NJ").id,
        "manager_id": bank.staff["tang"].id,
        "reason": "moved house",
    }
    desk = await cards.desk("nie")
    async with refused("CARD_UNDER_WAY", desk):
        await transfer_owner(desk, **told)
    back = await cards.give_in(await cards.cancel(card), cause=CardCause.UNCLAIMED)
    await cards.signed_out(back)
    assert (await transfer_owner(desk, **told)).owner_id == told["to_id"]


async def test_who_gave_his_card_up_has_the_same_term_again(cards):
    """Else two years would begin anew as often as somebody asks, without his qualification being verified."""
    first = await cards.cancel(await cards.issued(7))
    await no(cards, "CARD_EXISTS", form_number="F-2")
    cards.on(TOMORROW + dt.timedelta(days=30))
    again = await cards.issued_from(await cards.request(form_number="F-2", replaces_id=first.id), 8)
    assert again.term_ends == first.term_ends
