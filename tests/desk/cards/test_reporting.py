"""A card that is lost is dead at once wherever it is told; one that is found goes its way; nobody learns whose it is."""

from __future__ import annotations

import pytest

from models.card_reports import CardReport
from models.cards import Card
from models.designations import Designation
from models.people import Recusal, Staff
from models.trail import AccessRecord
from tests.digest import refused

FAR = "6225888812345678"


async def no(cards, code: str, number: str, who: str = "teller", act: str = "lost", **said) -> None:
    async with refused(code, await cards.desk(who)):
        await getattr(cards, act)(number, who, **said)


async def no_more(cards, code: str, act: str, thing: Card | CardReport, who: str, **said) -> None:
    async with refused(code, await cards.desk(who)):
        await getattr(cards, act)(thing, who, **said)


async def test_a_loss_is_told_at_any_branch_and_stops_the_card_at_once(cards):
    card = await cards.issued()
    report = await cards.lost(cards.number(7), "tang", "NJW")
    assert (report.outcome, report.identity_kind) == ("BLOCKED", "RESIDENT_ID")
    assert await cards.verdict(card) == "LOST"
    assert (await cards.told(card))[-1] == ("LOST", "")
    told = await AccessRecord.filter(operation="reportCard", customer_id=card.customer_id)
    assert [(one.decision, one.object_id) for one in told] == [("ALLOW", card.id)]


async def test_the_same_loss_told_twice_changes_the_card_once(cards):
    card = await cards.issued()
    await cards.lost(cards.number(7))
    await cards.lost(cards.number(7), "lin", "CDW")
    assert [state for state, _ in await cards.told(card)].count("LOST") == 1
    assert await CardReport.all().count() == 2


async def test_who_loses_a_card_shows_who_he_is(cards):
    await cards.issued()
    await no(cards, "BAD_USER_INPUT", cards.number(7), identity_kind=None)
    await no(cards, "BAD_USER_INPUT", cards.number(7), identity_kind="CARD")
    await no(cards, "BAD_USER_INPUT", cards.number(7), kind="STOLEN")
    await no(cards, "BAD_USER_INPUT", cards.number(7), note="x" * 201)


async def test_a_loss_names_a_card_that_somebody_had(cards):
    await cards.reserved()
    await no(cards, "NO_SUCH_CARD", cards.number(7))
    await no(cards, "NO_SUCH_CARD", cards.number(8))
    await no(cards, "NO_SUCH_CARD", cards.number(999_999))
    await no(cards, "BAD_VIP_CARD_NUMBER", FAR)
    await no(cards, "BAD_VIP_CARD_NUMBER", cards.number(7)[:-1] + "0")
    await no(cards, "BAD_USER_INPUT", " ")


async def test_a_report_is_written_where_one_sits(cards):
    await cards.issued()
    await no(cards, "FORBIDDEN", cards.number(7), place="NJW")
    await no(cards, "FORBIDDEN", cards.number(7), "wu", place="CD")


async def test_nobody_touches_a_relatives_card_that_way(cards):
    await cards.issued()
    teller = cards.bank.staff["teller"]
    await Recusal.create(
        person_id=teller.person_id,
        customer_id=cards.bank.customers["zhou"].id,
        relation="PARENT",
        recorded_at=cards.bank.now,
    )
    await Staff.rights_changed([teller.id])
    await no(cards, "FORBIDDEN", cards.number(7))


async def test_a_found_card_of_ours_is_dead_and_goes_to_its_issuer(cards):
    card = await cards.issued()
    report = await cards.found(cards.number(7), "tang", "NJW")
    assert report.outcome == "TO_ISSUER"
    assert await cards.verdict(card) == "LOST"
    closed = await cards.close(report, "qi")
    assert (closed.outcome, closed.closing_note) == ("TO_ISSUER", "sent by courier")


@pytest.mark.parametrize("number", [FAR, "VIP-0007", "10"])
async def test_a_foreign_card_has_its_own_path(cards, number):
    report = await cards.found(number)
    assert (report.outcome, report.number, report.card_id) == ("FOREIGN", number, None)
    await no_more(cards, "FORBIDDEN", "close", report, "wu")
    await no_more(cards, "NOT_FOUND", "close", report, "he")
    await no_more(cards, "BAD_USER_INPUT", "close", report, "teller", note=" ")
    closed = await cards.close(report, "teller", note="handed to the police, receipt 12")
    assert closed.outcome == "FOREIGN"
    await no_more(cards, "WRONG_STATE", "close", closed, "teller")


async def test_a_number_of_ours_that_is_nobodys_is_foreign_unless_it_is_in_the_book(cards):
    assert (await cards.found(cards.number(999_999))).outcome == "FOREIGN"
    assert (await cards.found(cards.number(8))).outcome == "TO_ISSUER"


async def test_a_card_that_is_given_back_is_valid_again(cards):
    card = await cards.issued()
    lost = await cards.lost(cards.number(7))
    found = await cards.found(cards.number(7), "tang", "NJW")
    card = await cards.give_back(await cards.now(card))
    assert (card.state, await cards.verdict(card)) == ("ISSUED", "VALID")
    for report in (lost, found):
        closed = await CardReport.get(id=report.id)
        assert (closed.outcome, closed.closing_note) == ("GIVEN_BACK", "The holder has his card again.")


async def test_who_gives_back_and_when_not(cards):
    card = await cards.issued()
    await no_more(cards, "WRONG_STATE", "give_back", card, "lin")
    await cards.lost(cards.number(7))
    await no_more(cards, "STALE_VERSION", "give_back", card, "lin")
    card = await cards.now(card)
    await no_more(cards, "FORBIDDEN", "give_back", card, "he")
    await no_more(cards, "BAD_USER_INPUT", "give_back", card, "lin", note=" ")
    new = await cards.request(form_number="F-2", replaces_id=card.id)
    await no_more(cards, "REPLACEMENT_UNDER_WAY", "give_back", card, "lin")
    await cards.issued_from(new, 8)
    await no_more(cards, "WRONG_STATE", "give_back", await cards.now(card), "lin")
    assert await cards.told(card) == [
        ("REQUESTED", ""),
        ("DRAFTED", ""),
        ("RESERVED", ""),
        ("ISSUED", ""),
        ("LOST", ""),
        ("CANCELLED", "REPLACED"),
    ]


async def test_a_card_whose_term_is_over_does_not_come_back(cards):
    card = await cards.issued()
    await cards.lost(cards.number(7))
    cards.on(card.term_ends.replace(day=28))
    await no_more(cards, "TERM_OVER", "give_back", await cards.now(card), "lin")


@pytest.mark.measure("N4d")
async def test_a_found_card_is_taken_in_where_it_lies_and_changes_its_holder(cards):
    card = await cards.issued()
    report = await cards.found(cards.number(7), "tang", "NJW")
    await cards.take_in(report)
    await cards.posted(await cards.movement(card), ("qi", "yue"))
    assert await cards.lying("NJW") == [("RETURNED", 7, 7)]
    sender, finder = await cards.account("CDW"), await cards.account("NJW")
    assert (sender.issued, sender.went_out) == (0, 1)
    assert (finder.returned, finder.came_in) == (1, 1)
    assert (await CardReport.get(id=report.id)).outcome == "TAKEN_IN"
    assert (await cards.told(card))[-1] == ("RETURNED", "FOUND")
    new = await cards.issued(8, form_number="F-2", replaces_id=card.id)
    assert new.term_ends == card.term_ends


async def test_who_takes_a_found_card_in(cards):
    card = await cards.issued()
    lost = await cards.lost(cards.number(7), "tang", "NJW")
    await no_more(cards, "WRONG_STATE", "take_in", lost, "qi")
    foreign = await cards.found(FAR, "tang", "NJW")
    await no_more(cards, "WRONG_STATE", "take_in", foreign, "qi")
    found = await cards.found(cards.number(7), "tang", "NJW")
    await no_more(cards, "FORBIDDEN", "take_in", found, "tang")
    await no_more(cards, "NOT_FOUND", "take_in", found, "he")
    await no_more(cards, "BAD_USER_INPUT", "take_in", found, "qi", reason="")
    await Designation.filter(staff_id=cards.bank.staff["qi"].id).update(ended_at=cards.bank.now)
    await no_more(cards, "NOT_DESIGNATED", "take_in", found, "qi")
    await cards.signed_out(await cards.give_in(await cards.now(card)))
    assert (await CardReport.get(id=found.id)).outcome == "TAKEN_IN"


async def test_what_was_taken_in_already_is_not_taken_in_again(cards):
    card = await cards.issued()
    await cards.signed_out(await cards.give_in(card))
    found = await cards.found(cards.number(7), "tang", "NJW")
    await no_more(cards, "NOT_IN_STOCK", "take_in", found, "qi")
