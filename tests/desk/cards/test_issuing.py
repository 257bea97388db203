"""Which card goes out, by whose hand, and when it does not."""

from __future__ import annotations

import pytest
from tortoise.exceptions import IntegrityError

from authz import Role
from desk.stock import signing
from desk.stock.correcting import edit
from models.cards import Card
from models.designations import Designation
from models.membership import Membership
from models.movements import MovementLine
from models.people import Recusal, Staff
from tests.cast import staff_member
from tests.custody import designate, line, post, spans
from tests.digest import refused
from tests.life import member, suspend


async def no(cards, code: str, card: Card, who: str = "he", **said) -> None:
    async with refused(code, await cards.desk(who)):
        await cards.draft_issue(card, who=who, **said)


async def unsigned(cards, code: str, card: Card, who: str, step: str = "sign") -> None:
    movement = await cards.movement(card)
    desk = await cards.desk(who)
    async with refused(code, desk):
        await getattr(signing, step)(desk, movement_id=movement.id, version=movement.version)


async def recused(cards, who: str) -> None:
    staff = cards.bank.staff[who]
    await Recusal.create(
        person_id=staff.person_id,
        customer_id=cards.bank.customers["zhou"].id,
        relation="SIBLING",
        recorded_at=cards.bank.now,
    )
    await Staff.rights_changed([staff.id])


@pytest.mark.measure("N4e")
async def test_the_designated_custodian_of_the_issuer_takes_it_out_and_nobody_else(cards):
    card = await cards.request()
    await no(cards, "FORBIDDEN", card, "lin")
    await no(cards, "FORBIDDEN", card, "zhao")
    await no(cards, "NOT_FOUND", card, "qi")
    await Designation.filter(staff_id=cards.bank.staff["he"].id).update(ended_at=cards.bank.now)
    await no(cards, "NOT_DESIGNATED", card)


@pytest.mark.measure("N4i")
async def test_the_number_is_a_good_card_of_his_tier_in_the_issuers_stock(cards):
    card = await cards.request()
    await no(cards, "BAD_VIP_CARD_NUMBER", card, number=cards.number(7)[:-1] + "x")
    await no(cards, "BAD_VIP_CARD_NUMBER", card, number="7")
    await no(cards, "CARD_OF_OTHER_TIER", card, number=cards.products["BRANCH"].number(7))
    await no(cards, "NOT_IN_STOCK", card, serial=500)
    await no(cards, "NOT_IN_STOCK", card, serial=5000)


@pytest.mark.measure("N4d")
async def test_a_spoiled_card_is_not_issued(cards):
    card = await cards.request()
    spoiled = await cards.change((7, 7), who="he", place="CDW")
    await cards.posted(spoiled, ("he", "zhao"))
    await no(cards, "NOT_IN_STOCK", card)


@pytest.mark.measure("N4d")
async def test_a_card_that_was_spoiled_after_its_issue_was_drafted_is_not_signed_out(cards):
    card = await cards.draft_issue(await cards.request())
    await cards.posted(await cards.change((7, 7), who="he", place="CDW"), ("he", "zhao"))
    await unsigned(cards, "NOT_IN_STOCK", card, "he")


async def test_one_number_is_one_card(cards):
    await cards.story.recorded("luo", "qian")
    await cards.draft_issue(await cards.request())
    other = await cards.request("luo", "qian")
    await no(cards, "NUMBER_USED", other)
    with pytest.raises(IntegrityError):
        await Card.filter(id=other.id).update(number=cards.number(7), state="DRAFTED")


async def test_a_card_is_drafted_once_and_as_it_was_seen(cards):
    card = await cards.request()
    await no(cards, "STALE_VERSION", card, version=card.version + 1)
    drafted = await cards.draft_issue(card)
    await no(cards, "WRONG_STATE", drafted, serial=8)


@pytest.mark.measure("N4i")
async def test_a_manager_never_issues_under_whatever_number(cards):
    """Lin has a second number, under which he is the designated custodian."""
    bank = cards.bank
    bank.staff["lin2"] = await staff_member("lin2", "林晓", await bank.staff["lin"].person)
    await post(bank, bank.staff["lin2"], Role.CARD_CUSTODIAN, "CDW")
    await designate(bank, "lin2", "CDW")
    await line(bank, "zhao", "lin2")
    card = await cards.request()
    await no(cards, "CARD_ISSUED_BY_MANAGER", card, "lin2")
    card = await cards.draft_issue(card)
    await unsigned(cards, "CARD_ISSUED_BY_MANAGER", card, "lin2")
    card = await cards.signed_out(card)
    async with refused("CARD_ISSUED_BY_MANAGER", await cards.desk("lin2")):
        await cards.hand_out(card, "lin2")


@pytest.mark.measure("N4i")
async def test_his_manager_does_not_countersign_either(cards):
    bank = cards.bank
    bank.staff["lin3"] = await staff_member("lin3", "林晓", await bank.staff["lin"].person)
    await post(bank, bank.staff["lin3"], Role.CARD_SUPERVISOR, "CDW")
    await line(bank, "lin3", "he")
    card = await cards.draft_issue(await cards.request())
    await cards.sign(await cards.movement(card), "he")
    await unsigned(cards, "CARD_ISSUED_BY_MANAGER", card, "lin3", "countersign")


async def test_a_relative_has_no_hand_in_it(cards):
    card = await cards.request()
    await recused(cards, "he")
    await no(cards, "FORBIDDEN", card)


async def test_a_relative_does_not_countersign(cards):
    card = await cards.draft_issue(await cards.request())
    await cards.sign(await cards.movement(card), "he")
    await recused(cards, "zhao")
    await unsigned(cards, "FORBIDDEN", card, "zhao", "countersign")


@pytest.mark.measure("N4i")
async def test_who_is_suspended_meanwhile_gets_nothing_signed(cards):
    card = await cards.request()
    await suspend(cards.story, await member(cards.story))
    await no(cards, "NOT_A_MEMBER", card)


@pytest.mark.measure("N4i")
async def test_between_two_signatures_he_must_still_be_a_member(cards):
    card = await cards.draft_issue(await cards.request())
    await cards.sign(await cards.movement(card), "he")
    await suspend(cards.story, await member(cards.story))
    await unsigned(cards, "NOT_A_MEMBER", card, "zhao", "countersign")


@pytest.mark.measure("N4i")
async def test_a_card_of_the_tier_that_he_had_is_not_issued(cards):
    card = await cards.request()
    await Membership.filter(id=card.membership_id).update(tier="BRANCH")
    await no(cards, "CARD_OF_OTHER_TIER", card)


async def test_the_list_of_an_issue_is_that_card_and_stays_so(cards):
    card = await cards.draft_issue(await cards.request())
    movement = await cards.movement(card)
    desk = await cards.desk("he")
    async with refused("BAD_USER_INPUT", desk):
        await edit(desk, movement_id=movement.id, version=movement.version, ranges=spans((8, 8)))
    listed = await MovementLine.get(movement_id=movement.id)
    assert (listed.first_serial, listed.last_serial, listed.from_state, listed.to_state) == (
        7,
        7,
        "IN_STOCK",
        "RESERVED",
    )
