"""The life of a card from request to return, as its events, the stock and the back tell it."""

from __future__ import annotations

import datetime as dt

from desk.stock import signing
from models.cards import CardBack
from models.movements import StockMovement


async def test_a_card_goes_from_the_stock_to_its_holder(cards):
    card = await cards.request()
    assert (card.state, card.number, card.version) == ("REQUESTED", None, 1)
    card = await cards.draft_issue(card)
    assert (card.state, card.number) == ("DRAFTED", cards.number(7))
    assert await cards.lying("CDW") == [("IN_STOCK", 0, 99)]
    card = await cards.signed_out(card)
    assert card.state == "RESERVED"
    assert ("RESERVED", 7, 7) in await cards.lying("CDW")
    assert await cards.verdict(card) == "NOT_ISSUED"
    card = await cards.hand_out(card)
    assert (card.state, card.term_starts, card.term_ends) == (
        "ISSUED",
        dt.date(2026, 11, 25),
        dt.date(2028, 11, 27),
    )
    assert ("ISSUED", 7, 7) in await cards.lying("CDW")
    account = await cards.account("CDW")
    assert (account.in_stock, account.reserved, account.issued) == (99, 0, 1)
    assert await cards.verdict(card) == "VALID"
    back = await CardBack.get(card_id=card.id)
    assert (back.holder_name, back.number, back.tier) == ("周明", cards.number(7), "HEAD_OFFICE")
    assert (back.issuer_name, back.manager_name, back.manager_phone) == (
        "成都理财中心",
        "林晓",
        "028-86667777",
    )
    assert (back.issued_on, back.valid_until) == (dt.date(2026, 11, 25), dt.date(2028, 11, 27))
    assert back.customer_signed_on == back.issued_on
    assert back.clerk_id == cards.bank.staff["he"].id
    assert await cards.told(card) == [("REQUESTED", ""), ("DRAFTED", ""), ("RESERVED", ""), ("ISSUED", "")]


async def test_a_card_comes_back_under_two_signatures(cards):
    card = await cards.issued()
    card = await cards.give_in(card)
    assert card.state == "ISSUED"
    card = await cards.signed_out(card)
    assert (card.state, await cards.verdict(card)) == ("RETURNED", "RETURNED")
    assert ("RETURNED", 7, 7) in await cards.lying("CDW")
    assert (await cards.told(card))[-1] == ("RETURNED", "BY_HOLDER")


async def test_what_nobody_claims_goes_back_and_is_never_issued_again(cards):
    card = await cards.reserved()
    card = await cards.signed_out(await cards.give_in(card, cause="UNCLAIMED", reason="three months"))
    assert card.state == "RETURNED"
    again = await cards.request()
    assert again.id != card.id
    assert ("RETURNED", 7, 7) in await cards.lying("CDW")


async def test_a_rejected_issue_leaves_the_request_and_frees_the_number(cards):
    card = await cards.draft_issue(await cards.request())
    movement = await cards.sign(await cards.movement(card), "he")
    await signing.reject(
        await cards.desk("zhao"),
        movement_id=movement.id,
        version=movement.version,
        reason="the form is missing",
    )
    card = await cards.now(card)
    assert (card.state, card.number, card.serial) == ("REQUESTED", None, None)
    card = await cards.signed_out(await cards.draft_issue(card))
    assert card.state == "RESERVED"
    assert await StockMovement.filter(card_id=card.id, kind="ISSUE").count() == 2


async def test_a_withdrawn_issue_leaves_the_request_too(cards):
    card = await cards.draft_issue(await cards.request())
    movement = await cards.movement(card)
    await signing.withdraw(
        await cards.desk("he"), movement_id=movement.id, version=movement.version, reason="another card"
    )
    assert (await cards.now(card)).state == "REQUESTED"


async def test_a_card_is_cancelled_on_his_wish_and_its_plastic_taken_in(cards):
    card = await cards.cancel(await cards.issued())
    assert (card.state, await cards.verdict(card)) == ("CANCELLED", "CANCELLED")
    card = await cards.signed_out(await cards.give_in(card))
    assert card.state == "CANCELLED"
    assert ("RETURNED", 7, 7) in await cards.lying("CDW")
    assert (await cards.told(card))[-1] == ("CANCELLED", "BY_HOLDER")


async def test_a_request_is_cancelled_with_what_was_drafted_for_it(cards):
    card = await cards.draft_issue(await cards.request())
    card = await cards.cancel(card, "han")
    assert (card.state, card.number) == ("REFUSED", None)
    assert (await cards.movement(card)).state == "REJECTED"
    assert (await cards.issued()).state == "ISSUED"


async def test_an_unfinished_act_is_done_once_for_its_key(cards):
    first = await cards.request(idempotency_key="k")
    again = await cards.request(idempotency_key="k")
    assert again.id == first.id
    card = await cards.signed_out(await cards.draft_issue(first))
    assert (await cards.hand_out(card, idempotency_key="h")).id == card.id
    assert (await cards.hand_out(card, idempotency_key="h")).state == "ISSUED"
    assert await CardBack.all().count() == 1
