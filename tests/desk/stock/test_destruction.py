"""销毁: listed by the custodian, approved for accounting and for audit, cut before two witnesses, booked by two (Annex 1)."""

from __future__ import annotations

import pytest

from authz import Role
from desk.destruction import listing
from models.custody import DestructionSide
from models.designations import Designation
from models.destruction import DestructionLine, DestructionList
from models.people import Assignment, Staff
from models.vocabulary import Department
from tests.cast import staff_member
from tests.custody import post, spans
from tests.custody_lists import (
    approved,
    approved_for,
    destroyed,
    listed,
    rejected,
    to_be_booked,
    void,
    witnessed,
)
from tests.digest import refused

ACCOUNTING, AUDIT = DestructionSide


@pytest.fixture
async def voided(custody):
    """Ten of Sichuan's hundred cards are void and set aside."""
    await custody.stocked((0, 99))
    await void(custody, (0, 9))
    return custody


async def again(custody, who: str, role: Role, place: str = "SC") -> str:
    """A second staff number of the same person, with a post."""
    bank, other = custody.bank, f"{who}2"
    bank.staff[other] = await staff_member(other, bank.staff[who].name, await bank.staff[who].person)
    await post(bank, bank.staff[other], role, place)
    return other


async def test_void_cards_are_destroyed_and_the_list_stays(voided):
    row = await destroyed(voided, (0, 9))
    assert (row.state, row.quantity) == ("DESTROYED", 10)
    assert row.destroyed_at is not None
    account = await voided.account()
    assert (account.in_stock, account.to_destroy, account.destroyed, account.received) == (90, 0, 10, 100)
    assert await voided.lying("SC") == [("DESTROYED", 0, 9), ("IN_STOCK", 10, 99)]
    assert [(one.first_serial, one.last_serial) for one in await DestructionLine.all()] == [(0, 9)]


@pytest.mark.parametrize(("who", "code"), [("jian", "FORBIDDEN"), ("pan", "FORBIDDEN"), ("he", "FORBIDDEN")])
async def test_who_lists_nothing(voided, who, code):
    desk = await voided.desk(who)
    async with refused(code, desk):
        await listed(voided, (0, 9), who=who)


async def test_who_is_not_designated_lists_nothing_and_calls_nothing_off(voided):
    row = await listed(voided, (0, 9))
    await Designation.filter(staff_id=voided.bank.staff["ku"].id).update(ended_at=voided.bank.now)
    desk = await voided.desk("ku")
    async with refused("NOT_DESIGNATED", desk):
        await listed(voided, (0, 9))
    async with refused("NOT_DESIGNATED", desk):
        await listing.call_off(desk, destruction_id=row.id, version=row.version, reason="none")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("NOT_IN_STOCK", {"ranges": spans((5, 10))}),
        ("NUMBER_TWICE", {"ranges": spans((0, 5), (5, 9))}),
        ("BAD_RANGE", {"ranges": []}),
        ("BAD_USER_INPUT", {"reason": "  "}),
    ],
)
async def test_a_list_that_is_none(voided, code, said):
    desk = await voided.desk("ku")
    async with refused(code, desk):
        await listed(voided, (0, 9), **said)


async def test_a_card_is_on_one_open_list(voided):
    row = await listed(voided, (0, 4))
    desk = await voided.desk("ku")
    async with refused("LISTED_ALREADY", desk):
        await listed(voided, (4, 9))
    await listed(voided, (5, 9))
    await listing.call_off(desk, destruction_id=row.id, version=row.version, reason="wrong witnesses")
    assert (await listed(voided, (0, 4))).state == "DRAFT"


@pytest.mark.parametrize("pair", [("pan", "pan"), ("pan", "pan2"), ("ku", "pan"), ("pan", "ku2")])
async def test_who_lists_and_the_witnesses_are_three_persons(voided, pair):
    await again(voided, "pan", Role.FILING_RECORDER)
    await again(voided, "ku", Role.FILING_RECORDER)
    first, second = (voided.bank.staff[name].id for name in pair)
    desk = await voided.desk("ku")
    async with refused("DESTRUCTION_BY_ONE", desk):
        await listed(voided, (0, 9), first_witness_id=first, second_witness_id=second)


@pytest.mark.parametrize("who", ["yue", "nobody", "lin"])
async def test_a_witness_sees_such_lists(voided, who):
    desk = await voided.desk("ku")
    async with refused("WITNESS_NOT_HERE", desk) as caught:
        await listed(voided, (0, 9), second_witness_id=voided.bank.staff[who].id)
    assert caught.value.field == "secondWitnessId"


async def test_a_witness_who_has_left_is_not_named(voided):
    await Staff.filter(number="S-pan").update(left_at=voided.bank.now)
    desk = await voided.desk("ku")
    async with refused("WITNESS_NOT_HERE", desk):
        await listed(voided, (0, 9))


@pytest.mark.parametrize(
    ("who", "side", "code"),
    [
        ("zhang", AUDIT, "NOT_OF_THAT_SIDE"),
        ("auditor", ACCOUNTING, "NOT_OF_THAT_SIDE"),
        ("jian", ACCOUNTING, "FORBIDDEN"),
        ("pan", AUDIT, "FORBIDDEN"),
        ("yue", AUDIT, "NOT_FOUND"),
    ],
)
async def test_each_side_is_approved_by_its_own(voided, who, side, code):
    row = await listed(voided, (0, 9))
    desk = await voided.desk(who)
    async with refused(code, desk):
        await approved_for(voided, row, side, who)


async def test_the_head_of_another_department_does_not_approve_for_accounting(voided):
    row = await listed(voided, (0, 9))
    await Assignment.filter(staff_id=voided.bank.staff["zhang"].id).update(
        department=Department.BANK_CARDS.value
    )
    desk = await voided.desk("zhang")
    async with refused("NOT_OF_THAT_SIDE", desk):
        await approved_for(voided, row, ACCOUNTING)


async def test_nor_the_head_of_accounting_of_another_branch(voided):
    bank = voided.bank
    bank.staff["other"] = await staff_member("other", "奚计")
    await post(bank, bank.staff["other"], Role.PARTNER_HEAD, "CD")
    row = await listed(voided, (0, 9))
    desk = await voided.desk("other")
    async with refused("NOT_FOUND", desk):
        await approved_for(voided, row, ACCOUNTING, "other")


@pytest.mark.parametrize("part", ["list maker", "witness"])
async def test_who_has_another_part_does_not_approve(voided, part):
    who = await again(voided, "ku" if part == "list maker" else "deng", Role.PARTNER_HEAD)
    row = await listed(voided, (0, 9))
    desk = await voided.desk(who)
    async with refused("DESTRUCTION_BY_ONE", desk):
        await approved_for(voided, row, ACCOUNTING, who)


async def test_one_person_does_not_approve_for_both_sides(voided):
    who = await again(voided, "zhang", Role.AUDITOR, "HQ")
    row = await approved_for(voided, await listed(voided, (0, 9)), ACCOUNTING)
    desk = await voided.desk(who)
    async with refused("DESTRUCTION_BY_ONE", desk):
        await approved_for(voided, row, AUDIT, who)


async def test_a_side_approves_once_and_what_it_has_read(voided):
    row = await listed(voided, (0, 9))
    once = await approved_for(voided, row, ACCOUNTING)
    assert once.state == "DRAFT"
    desk = await voided.desk("zhang")
    async with refused("ALREADY_APPROVED", desk):
        await approved_for(voided, once, ACCOUNTING)
    desk = await voided.desk("auditor")
    async with refused("STALE_VERSION", desk):
        await approved_for(voided, once, AUDIT, version=1)
    both = await approved_for(voided, once, AUDIT)
    assert both.state == "APPROVED"
    async with refused("WRONG_STATE", desk):
        await approved_for(voided, both, AUDIT)


async def test_a_list_that_was_tampered_with_is_neither_approved_nor_witnessed_nor_booked(voided):
    row = await listed(voided, (0, 8))
    await DestructionLine.create(destruction_id=row.id, first_serial=9, last_serial=9, quantity=1)
    desk = await voided.desk("zhang")
    async with refused("DESTRUCTION_CHANGED", desk):
        await approved_for(voided, row, ACCOUNTING)


async def test_nobody_watches_before_both_approved(voided):
    row = await approved_for(voided, await listed(voided, (0, 9)), ACCOUNTING)
    desk = await voided.desk("pan")
    async with refused("WRONG_STATE", desk):
        await witnessed(voided, row, "pan")


async def test_the_witnesses_sign_themselves_and_once(voided):
    row = await approved(voided, await listed(voided, (0, 9)))
    for who in ("jian", "ku", "zhang", "cheng"):
        desk = await voided.desk(who)
        async with refused("NOT_HIS_TO_WITNESS", desk):
            await witnessed(voided, row, who)
    desk = await voided.desk("pan")
    async with refused("STALE_VERSION", desk):
        await witnessed(voided, row, "pan", version=1)
    await witnessed(voided, row, "pan")
    async with refused("ALREADY_WITNESSED", desk):
        await witnessed(voided, row, "pan")
    assert (await DestructionList.get(id=row.id)).second_witnessed_at is None


async def test_a_witness_does_not_sign_under_another_number(voided):
    other = await again(voided, "pan", Role.PB_OFFICER)
    row = await approved(voided, await listed(voided, (0, 9)))
    desk = await voided.desk(other)
    async with refused("NOT_HIS_TO_WITNESS", desk):
        await witnessed(voided, row, other)


async def test_calling_a_list_off(voided):
    row = await approved(voided, await listed(voided, (0, 9)))
    desk = await voided.desk("ku")
    told = {"destruction_id": row.id, "version": row.version, "reason": "witness ill"}
    async with refused("STALE_VERSION", desk):
        await listing.call_off(desk, **told | {"version": 1})
    async with refused("BAD_USER_INPUT", desk):
        await listing.call_off(desk, **told | {"reason": ""})
    jian = await voided.desk("jian")
    async with refused("FORBIDDEN", jian):
        await listing.call_off(jian, **told)
    over = await listing.call_off(desk, **told)
    assert (over.state, over.over_reason) == ("CALLED_OFF", "witness ill")
    async with refused("WRONG_STATE", desk):
        await listing.call_off(desk, **told | {"version": over.version})
    pan = await voided.desk("pan")
    async with refused("WRONG_STATE", pan):
        await witnessed(voided, over, "pan")


async def test_a_list_whose_movement_is_drafted_is_not_called_off(voided):
    row = await witnessed(voided, await approved(voided, await listed(voided, (0, 9))))
    movement = await to_be_booked(voided, row)
    seen = await DestructionList.get(id=row.id)
    desk = await voided.desk("ku")
    async with refused("WRONG_STATE", desk):
        await listing.call_off(desk, destruction_id=seen.id, version=seen.version, reason="none")
    await rejected(voided, movement)
    seen = await DestructionList.get(id=row.id)
    over = await listing.call_off(desk, destruction_id=seen.id, version=seen.version, reason="none")
    assert over.state == "CALLED_OFF"
