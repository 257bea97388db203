"""待办 of card custody: everybody meets what waits for his hand, and nothing that the act would refuse him (Notice 4)."""

from __future__ import annotations

import datetime as dt

import pytest

from authz import Role
from desk.errors import Forbidden, NotFound
from desk.stock import signing
from models.cards import Card
from models.customers import ManagerAssignment
from models.designations import Designation
from models.errors import Refusal
from models.institutions import SupervisionLine
from models.movements import StockMovement
from models.people import Recusal
from tests.cast import START, staff_member
from tests.custody import Custody, line, post
from tests.schema.ask import ask
from tests.schema.inbox_acts import cover

LISTS = ("movementsToSign", "movementsToCountersign", "arrivalsToList", "cardOrdersToApprove", "cardsToIssue")
INBOX = "{ " + " ".join(f"{name}(first: 5) {{ totalCount nodes {{ id }} }}" for name in LISTS) + " }"


async def waits(custody: Custody, who: str) -> dict[str, int]:
    answer = await ask(await custody.desk(who), INBOX)
    assert all(len(answer[name]["nodes"]) == answer[name]["totalCount"] for name in LISTS)
    return {name: answer[name]["totalCount"] for name in LISTS if answer[name]["totalCount"]}


async def everybody(custody: Custody) -> dict[str, dict[str, int]]:
    found = {who: await waits(custody, who) for who in custody.bank.staff}
    return {who: counts for who, counts in found.items() if counts}


async def test_each_step_waits_for_one_person_only(custody):
    await custody.order(state="DRAFT", approved_at=None, approved_by_id=None, approved_person_id=None)
    assert await everybody(custody) == {"pan": {"cardOrdersToApprove": 1}}
    await custody.order(state="APPROVED")
    await custody.stocked((0, 99))
    out = await custody.allocation((0, 9))
    orders = {"pan": {"cardOrdersToApprove": 1}}
    assert await everybody(custody) == orders | {"ku": {"movementsToSign": 1}}
    out = await custody.sign(out)
    assert await everybody(custody) == orders | {"jian": {"movementsToCountersign": 1}}
    out = await custody.countersign(out)
    assert await everybody(custody) == orders | {"he": {"arrivalsToList": 1}}
    come = await custody.counted(out, (0, 9))
    assert await everybody(custody) == orders | {"he": {"movementsToSign": 1}}
    come = await custody.sign(come, "he")
    assert await everybody(custody) == orders | {"zhao": {"movementsToCountersign": 1}}
    await custody.countersign(come, "zhao")
    assert await everybody(custody) == orders


async def test_what_is_rejected_or_edited_waits_no_longer_for_the_supervisor(custody):
    await custody.stocked((0, 99))
    signed = await custody.sign(await custody.allocation((0, 9)))
    await signing.reject(
        await custody.desk("jian"), movement_id=signed.id, version=signed.version, reason="too many"
    )
    assert await everybody(custody) == {}


async def test_nobody_who_is_not_designated_today_is_shown_a_list(custody):
    movement = await custody.receipt(await custody.order(), (0, 9))
    mine = Designation.filter(staff_id=custody.bank.staff["ku"].id)
    await mine.update(valid_to=custody.bank.now)
    assert await waits(custody, "ku") == {}
    await mine.update(valid_to=None)
    assert await waits(custody, "ku") == {"movementsToSign": 1}
    await custody.sign(movement)
    lines = SupervisionLine.filter(staff_id=custody.bank.staff["ku"].id)
    await lines.update(ended_at=custody.bank.now)
    assert await waits(custody, "jian") == {}


async def test_one_person_does_not_meet_his_own_list_under_another_number(custody):
    bank = custody.bank
    bank.staff["ku2"] = await staff_member("ku2", "顾库", await bank.staff["ku"].person)
    await post(bank, bank.staff["ku2"], Role.CARD_SUPERVISOR, "SC")
    await line(bank, "ku2", "ku")
    await custody.sign(await custody.receipt(await custody.order(), (0, 9)))
    assert await everybody(custody) == {"jian": {"movementsToCountersign": 1}}


async def test_who_sent_a_transfer_does_not_take_it_in(custody):
    """Ku keeps the centre's cards as well: what he signed out is not his to count or to sign for."""
    bank = custody.bank
    await post(bank, bank.staff["ku"], Role.CARD_CUSTODIAN, "CDW")
    await Designation.create(
        staff=bank.staff["ku"], institution=bank.places["CDW"], duty="STOCK", valid_from=START,
        recorded_at=START, reason="both",
    )  # fmt: skip
    await custody.stocked((0, 99))
    out = await custody.sent((0, 9))
    assert await everybody(custody) == {"he": {"arrivalsToList": 1}}
    await custody.counted(out, (0, 9))
    assert await everybody(custody) == {"he": {"movementsToSign": 1}}


async def test_a_deputy_meets_what_waits_for_the_seat_that_he_fills(custody):
    bank = custody.bank
    for name, called in (("dai", "代一"), ("ti", "替二")):
        bank.staff[name] = await staff_member(name, called)
        await post(bank, bank.staff[name], Role.TELLER, "SC")
    await cover(custody, "dai", "ku", Role.CARD_CUSTODIAN)
    await cover(custody, "ti", "jian", Role.CARD_SUPERVISOR)
    movement = await custody.receipt(await custody.order(), (0, 9))
    both = {"movementsToSign": 1}
    assert await everybody(custody) == {"ku": both, "dai": both}
    movement = await custody.sign(movement, "dai")
    both = {"movementsToCountersign": 1}
    assert await everybody(custody) == {"jian": both, "ti": both}
    await custody.countersign(movement, "ti")
    assert await everybody(custody) == {}


async def test_a_deputy_whose_own_post_is_over_meets_nothing(custody):
    bank = custody.bank
    bank.staff["dai"] = await staff_member("dai", "代一")
    held = await post(bank, bank.staff["dai"], Role.TELLER, "SC")
    await cover(custody, "dai", "ku", Role.CARD_CUSTODIAN)
    await custody.receipt(await custody.order(), (0, 9))
    held.valid_to = custody.bank.now - dt.timedelta(days=1)
    await held.save()
    assert await everybody(custody) == {"ku": {"movementsToSign": 1}}


async def test_a_requested_card_waits_for_who_keeps_the_issuers_stock(cards):
    card = await cards.request()
    assert await everybody(cards) == {"he": {"cardsToIssue": 1}}
    await cards.draft_issue(card)
    assert await everybody(cards) == {"he": {"movementsToSign": 1}}
    await cards.sign(await cards.movement(card), "he")
    assert await everybody(cards) == {"zhao": {"movementsToCountersign": 1}}


@pytest.mark.measure("N4i")
@pytest.mark.parametrize("why", ["a relative", "his manager under another number"])
async def test_who_must_not_touch_a_card_meets_neither_the_request_nor_the_list(cards, why):
    staff, customer = cards.bank.staff, cards.bank.customers["zhou"]

    async def involve(who: str) -> None:
        person = await staff[who].person
        if why == "a relative":
            await Recusal.create(person=person, customer_id=customer.id, relation="SPOUSE", recorded_at=START)
            return
        other = await staff_member(f"{who}2", "另号", person)
        await ManagerAssignment.filter(customer_id=customer.id).update(manager_id=other.id)

    card = await cards.request()
    await cards.draft_issue(card)
    await cards.sign(await cards.movement(card), "he")
    await involve("zhao")
    assert await waits(cards, "zhao") == {}
    await StockMovement.filter(card_id=card.id).update(state="REJECTED")
    await Card.filter(id=card.id).update(state="REQUESTED", number=None)
    assert await waits(cards, "he") == {"cardsToIssue": 1}
    await involve("he")
    assert await waits(cards, "he") == {}


@pytest.mark.measure("N4f")
async def test_whoever_meets_a_list_may_sign_it_and_nobody_else_may(custody):
    """Each step is tried by the whole cast first: the act refuses everybody whom the inbox does not show it."""
    await custody.stocked((0, 99))
    movement = await custody.change((3, 3))
    for name, act in (("movementsToSign", signing.sign), ("movementsToCountersign", signing.countersign)):
        (shown,) = [who for who in custody.bank.staff if name in await waits(custody, who)]
        seen = {"movement_id": movement.id, "version": movement.version}
        for who in custody.bank.staff:
            if who != shown:
                with pytest.raises((Refusal, Forbidden, NotFound)):
                    await act(await custody.desk(who), **seen)
        movement = await act(await custody.desk(shown), **seen)
    assert movement.state == "POSTED"
