"""待办 of orders, cards and counts: whoever meets a row may do the act, and whoever may do it meets the row (Notice 4, Annex 1)."""

from __future__ import annotations

from typing import Any

import pytest

from authz import Role
from desk import orders
from models.cards import Card
from models.custody import OrderState, StockDuty, StocktakeState
from models.customers import ManagerAssignment
from models.designations import Designation
from models.people import Assignment, Recusal
from models.stocktakes import Stocktake, StocktakeLine
from tests.cast import START, staff_member
from tests.custody import Custody, designate, person, post
from tests.custody_lists import booked, confirmed, explained, opened, rejected
from tests.schema.ask import ask
from tests.schema.inbox_acts import admitted, cover, shown


@pytest.mark.measure("N4e")
async def test_an_approved_order_waits_for_who_is_designated_for_ordering(sichuan):
    await designate(sichuan.bank, "si", "SC", StockDuty.STOCK)
    order = await sichuan.order(state=OrderState.APPROVED)

    async def attempt(who: str) -> Any:
        return await orders.place_order(await sichuan.desk(who), order_id=order.id, version=order.version)

    may = await admitted(sichuan, attempt)
    assert may == {"ku", "dai"}
    assert await shown(sichuan, "cardOrdersToPlace", order) == may
    named = Designation.filter(staff_id=sichuan.bank.staff["ku"].id, duty=StockDuty.ORDER)
    await named.update(valid_to=sichuan.bank.now)
    assert await admitted(sichuan, attempt) == await shown(sichuan, "cardOrdersToPlace", order) == set()
    await named.update(valid_to=None)
    await attempt("ku")
    assert await shown(sichuan, "cardOrdersToPlace", order) == set()


@pytest.mark.measure("N4c")
async def test_an_order_that_came_waits_for_who_settles_it(sichuan):
    order = await sichuan.order(100, state=OrderState.PART_RECEIVED, received=60)
    assert await shown(sichuan, "cardOrdersToSettle", order) == set()
    await order.update_from_dict({"state": OrderState.RECEIVED, "received": 100}).save()

    async def attempt(who: str) -> Any:
        said = {"order_id": order.id, "version": order.version, "invoice_number": "F-1", "invoiced": "115.00"}
        return await orders.settle_order(await sichuan.desk(who), **said)

    sichuan.bank.staff["above"] = await person(sichuan.bank, "above", "上官", Role.PB_OFFICER, "HQ")
    may = await admitted(sichuan, attempt)
    assert may == {"pan", "above"}
    assert await shown(sichuan, "cardOrdersToSettle", order) == may
    await attempt("pan")
    assert await shown(sichuan, "cardOrdersToSettle", order) == set()


@pytest.mark.measure("N4i")
@pytest.mark.parametrize(
    "why", ["nothing", "a relative", "his manager under another number", "who requested it"]
)
async def test_a_card_that_was_signed_out_waits_for_who_may_hand_it_to_its_holder(centre, why):
    bank = centre.bank
    await designate(bank, "si", "CDW", StockDuty.STOCK)
    card = await centre.reserved()
    he = await bank.staff["he"].person
    if why == "a relative":
        await Recusal.create(person=he, customer_id=card.customer_id, relation="SPOUSE", recorded_at=START)
    elif why == "his manager under another number":
        other = await staff_member("he3", "另经", he)
        served = ManagerAssignment.filter(customer_id=card.customer_id)
        await served.update(ended_at=bank.now)
        await Assignment.create(
            staff=other, role=Role.CUST_MGR, institution=bank.places["CDW"], department="WEALTH_CENTRE", full_time=True,
            valid_from=START, recorded_at=START,
        )  # fmt: skip
        await ManagerAssignment.create(
            customer_id=card.customer_id, manager=other, valid_from=bank.now, recorded_at=bank.now
        )
    elif why == "who requested it":
        await Card.filter(id=card.id).update(requested_person_id=he.id)

    async def attempt(who: str) -> Any:
        return await centre.hand_out(card, who)

    may = await admitted(centre, attempt)
    assert may == {"si", "dai"} | ({"he"} if why == "nothing" else set())
    assert await shown(centre, "cardsToHandOut", card) == may
    await attempt("si")
    assert await shown(centre, "cardsToHandOut", card) == set()


@pytest.mark.measure("N4i")
async def test_a_card_waits_to_be_numbered_or_to_be_handed_out_and_never_for_both(centre):
    both = "{ cardsToIssue(first: 5) { totalCount } cardsToHandOut(first: 5) { totalCount } }"

    async def counts() -> tuple[int, int]:
        answer = await ask(await centre.desk("he"), both)
        return answer["cardsToIssue"]["totalCount"], answer["cardsToHandOut"]["totalCount"]

    card = await centre.request()
    assert await counts() == (1, 0)
    card = await centre.draft_issue(card)
    assert await counts() == (0, 0)
    card = await centre.signed_out(card)
    assert await counts() == (0, 1)
    await centre.hand_out(card)
    assert await counts() == (0, 0)


@pytest.fixture
async def differs(sichuan: Custody) -> tuple[Custody, Stocktake, StocktakeLine]:
    """One card of a hundred is missing, when Ku and Jian had counted for Pan. Deng stands in for Ku and is an officer."""
    await sichuan.stocked((0, 99))
    stocktake = await confirmed(sichuan, await opened(sichuan), (0, 98))
    await post(sichuan.bank, sichuan.bank.staff["deng"], Role.PB_OFFICER, "SC")
    await cover(sichuan, "deng", "ku", Role.CARD_CUSTODIAN)
    sichuan.bank.staff["tou"] = await person(sichuan.bank, "tou", "头儿", Role.WC_HEAD, "SC")
    return sichuan, stocktake, await StocktakeLine.get(stocktake_id=stocktake.id, finding="MISSING")


@pytest.mark.measure("N4k")
async def test_a_difference_waits_for_who_may_explain_it(differs):
    custody, stocktake, missing = differs

    async def attempt(who: str) -> Any:
        return await explained(custody, missing, who=who)

    may = await admitted(custody, attempt)
    assert may == {"pan", "jian", "ti", "bie", "tou"}
    assert await shown(custody, "stocktakesToExplain", stocktake) == may
    # Who keeps the cards from today on explains nothing of them either.
    await post(custody.bank, custody.bank.staff["tou"], Role.CARD_CUSTODIAN, "SC")
    await designate(custody.bank, "tou", "SC", StockDuty.STOCK)
    assert await admitted(custody, attempt) == may - {"tou"}
    assert await shown(custody, "stocktakesToExplain", stocktake) == may - {"tou"}
    await attempt("pan")
    assert await shown(custody, "stocktakesToExplain", stocktake) == set()


@pytest.mark.measure("N4k")
async def test_a_difference_that_is_booked_missing_waits_for_no_explanation_unless_that_is_undone(differs):
    custody, stocktake, missing = differs
    who = await shown(custody, "stocktakesToExplain", stocktake)
    movement = await booked(custody, missing)
    assert await shown(custody, "stocktakesToExplain", stocktake) == set()
    await rejected(custody, movement)
    assert await shown(custody, "stocktakesToExplain", stocktake) == who
    movement = await custody.posted(await booked(custody, missing))
    assert (await Stocktake.get(id=stocktake.id)).state == StocktakeState.EXPLAINED
    assert await shown(custody, "stocktakesToExplain", stocktake) == set()
    await custody.posted(await custody.reversal(movement))
    assert await shown(custody, "stocktakesToExplain", stocktake) == who
