"""待办: a signed list that nobody can countersign any more waits for whoever may reject it, and for nobody else (Notice 4)."""

from __future__ import annotations

from typing import Any

import pytest

from authz import Role
from authz.policy import POLICY
from desk.people.leaving import leave
from desk.stock import signing
from models.custody import CardState, StockDuty
from models.designations import Designation
from models.institutions import SupervisionLine
from models.movements import StockMovement
from models.people import Assignment, Recusal, Suspension
from tests.cast import START
from tests.custody import Custody, designate, line, person
from tests.custody_lists import rejected
from tests.schema.inbox_acts import Try, admitted, shown


async def signed(custody: Custody) -> StockMovement:
    return await custody.sign(await custody.receipt(await custody.order(), (0, 9)))


def rejecting(custody: Custody, movement: StockMovement) -> Try:
    async def attempt(who: str) -> Any:
        return await rejected(custody, movement, who)

    return attempt


def countersigning(custody: Custody, movement: StockMovement) -> Try:
    async def attempt(who: str) -> Any:
        return await custody.countersign(movement, who)

    return attempt


async def suspend(custody: Custody, who: str) -> None:
    await Suspension.create(
        staff_id=custody.bank.staff[who].id, reason="inquiry", valid_from=START, recorded_at=START
    )


async def change(custody: Custody, why: str) -> None:
    """What becomes of the people after Ku has signed."""
    bank = custody.bank
    jian = Assignment.filter(staff_id=bank.staff["jian"].id)
    lines = SupervisionLine.filter(staff_id=bank.staff["ku"].id)
    match why:
        case "the custodian has left":
            await leave(await custody.desk("secadmin"), staff_id=bank.staff["ku"].id, reason="retires")
        case "his line is over":
            await lines.update(ended_at=bank.now)
        case "his designation is over":
            await Designation.filter(staff_id=bank.staff["ku"].id).update(valid_to=bank.now)
        case "his supervisor works elsewhere":
            await jian.update(institution_id=bank.places["CDW"].id)
        case "his supervisor is suspended":
            await suspend(custody, "jian")
        case "his supervisor and the deputy are suspended":
            await suspend(custody, "jian")
            await suspend(custody, "ti")
        case "his supervisor's post is over":
            await jian.update(valid_to=bank.now)
        case "another is drawn into the line":
            await lines.update(ended_at=bank.now)
            await line(bank, "bie", "ku")


LOST = {
    "the custodian has left": {"jian", "ti", "bie", "again"},
    "his line is over": {"jian", "ti", "bie", "again"},
    "his supervisor works elsewhere": {"bie", "again"},
    "his supervisor and the deputy are suspended": {"bie", "again"},
    "his supervisor's post is over": {"bie", "again"},
}
"""Who may reject what nobody can countersign: a business supervisor there, or in whose seat he is."""
HELD = (
    "nothing",
    "his designation is over",
    "his supervisor is suspended",
    "another is drawn into the line",
)
"""Somebody can still countersign: it waits for him."""


@pytest.mark.measure("N4f")
@pytest.mark.parametrize("why", LOST)
async def test_a_signed_list_that_nobody_can_countersign_waits_for_who_may_reject_it(sichuan, why):
    movement = await signed(sichuan)
    await change(sichuan, why)
    assert await admitted(sichuan, countersigning(sichuan, movement)) == set()
    may = await admitted(sichuan, rejecting(sichuan, movement))
    assert may == LOST[why]
    assert await shown(sichuan, "movementsToReject", movement) == may
    await rejected(sichuan, movement, "bie")
    assert await shown(sichuan, "movementsToReject", movement) == set()


@pytest.mark.measure("N4f")
@pytest.mark.parametrize("why", HELD)
async def test_a_signed_list_that_somebody_can_countersign_is_in_no_list_to_reject(sichuan, why):
    movement = await signed(sichuan)
    await change(sichuan, why)
    assert await admitted(sichuan, countersigning(sichuan, movement))
    assert await shown(sichuan, "movementsToReject", movement) == set()


@pytest.mark.measure("N4f")
async def test_a_list_of_a_branch_without_a_supervisor_waits_for_the_one_who_is_posted_there(sichuan):
    """Nobody else countersigns or rejects, at whatever level; the new one needs no line to reject."""
    movement = await signed(sichuan)
    await Assignment.filter(role=Role.CARD_SUPERVISOR).update(valid_to=sichuan.bank.now)
    assert await admitted(sichuan, countersigning(sichuan, movement)) == set()
    assert await admitted(sichuan, rejecting(sichuan, movement)) == set()
    assert await shown(sichuan, "movementsToReject", movement) == set()
    sichuan.bank.staff["xin"] = await person(sichuan.bank, "xin", "新任", Role.CARD_SUPERVISOR, "SC")
    assert await admitted(sichuan, rejecting(sichuan, movement)) == {"xin"}
    assert await shown(sichuan, "movementsToReject", movement) == {"xin"}
    assert (await rejected(sichuan, movement, "xin")).state == "REJECTED"


@pytest.mark.measure("N4i")
async def test_a_list_whose_only_supervisors_are_relatives_waits_to_be_rejected(centre):
    """They may have no hand in the card; that it goes back into the stock is none."""
    bank = centre.bank
    card = await centre.draft_issue(await centre.request())
    movement = await centre.sign(await centre.movement(card), "he")
    assert await shown(centre, "movementsToReject", movement) == set()
    for who in ("zhao", "ti"):
        await Recusal.create(
            person_id=bank.staff[who].person_id, customer_id=card.customer_id, relation="SPOUSE", recorded_at=START
        )  # fmt: skip
    assert await admitted(centre, countersigning(centre, movement)) == set()
    may = await admitted(centre, rejecting(centre, movement))
    assert may == {"zhao", "ti", "bie", "again"}
    assert await shown(centre, "movementsToReject", movement) == may
    await rejected(centre, movement, "zhao")
    assert (await centre.now(card)).state == CardState.REQUESTED


def test_only_a_business_supervisor_at_the_branch_countersigns():
    """What movementsToReject asks of everybody else is this line of the policy (desk/stock/waiting.py)."""
    rules = [rule for rule in POLICY.read_text(encoding="utf-8").splitlines() if ", countersign, " in rule]
    assert rules == ["p, card_supervisor, own_branch, stock_movement, *, countersign, *, allow"]


async def test_who_withdraws_a_list_takes_it_out_of_the_supervisors_hands(sichuan):
    """A successor in the charge may do so as well as a supervisor may reject it."""
    movement = await signed(sichuan)
    await change(sichuan, "the custodian has left")
    await designate(sichuan.bank, "si", "SC", StockDuty.STOCK)
    assert "bie" in await shown(sichuan, "movementsToReject", movement)
    seen = {"movement_id": movement.id, "version": movement.version, "reason": "he has left"}
    await signing.withdraw(await sichuan.desk("si"), **seen)
    assert await shown(sichuan, "movementsToReject", movement) == set()
