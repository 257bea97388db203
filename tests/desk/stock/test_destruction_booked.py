"""销毁: only what both sides approved and both witnesses watched is booked, by two who did neither; the list stays (Annex 1)."""

from __future__ import annotations

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError

from authz import Role
from desk.dialect import connection
from desk.stock import signing
from desk.stock.correcting import edit
from models.custody import StockState
from models.destruction import DestructionList
from models.movements import Signature, StockMovement
from models.people import Assignment, Delegation
from tests.cast import START
from tests.custody import Custody, spans
from tests.custody_lists import approved, destroyed, listed, rejected, to_be_booked, void, witnessed
from tests.digest import refused


@pytest.fixture
async def voided(custody: Custody) -> Custody:
    """Ten of Sichuan's hundred cards are void and set aside."""
    await custody.stocked((0, 99))
    await void(custody, (0, 9))
    return custody


async def test_nothing_is_booked_before_both_approved_and_both_watched(voided):
    row = await listed(voided, (0, 9))
    desk = await voided.desk("ku")
    async with refused("WRONG_STATE", desk):
        await to_be_booked(voided, row)
    await approved(voided, row)
    async with refused("NOT_WITNESSED", desk):
        await to_be_booked(voided, row)
    await witnessed(voided, row, "pan")
    async with refused("NOT_WITNESSED", desk):  # one is not two
        await to_be_booked(voided, row)
    await witnessed(voided, row, "deng")
    assert (await to_be_booked(voided, row)).kind == "DESTROY"


@pytest.mark.parametrize(("who", "code"), [("jian", "FORBIDDEN"), ("he", "NOT_FOUND"), ("pan", "FORBIDDEN")])
async def test_who_books_no_destruction(voided, who, code):
    row = await witnessed(voided, await approved(voided, await listed(voided, (0, 9))))
    desk = await voided.desk(who)
    async with refused(code, desk):
        await to_be_booked(voided, row, who)


async def test_a_list_is_booked_once(voided):
    row = await witnessed(voided, await approved(voided, await listed(voided, (0, 9))))
    movement = await to_be_booked(voided, row)
    desk = await voided.desk("ku")
    async with refused("WRONG_STATE", desk):
        await to_be_booked(voided, row)
    await rejected(voided, movement)
    anew = await to_be_booked(voided, row)
    await voided.posted(anew)
    async with refused("WRONG_STATE", desk):
        await to_be_booked(voided, row)


async def test_neither_approver_nor_witness_signs_the_movement(voided):
    """Zhang, who approved, and Pan, who watched, stand in for Ku and Jian."""
    bank = voided.bank
    row = await witnessed(voided, await approved(voided, await listed(voided, (0, 9))))
    movement = await to_be_booked(voided, row)
    for principal, deputy, role in (
        ("ku", "zhang", Role.CARD_CUSTODIAN),
        ("jian", "pan", Role.CARD_SUPERVISOR),
    ):
        held = await Assignment.get(staff_id=bank.staff[principal].id, role=role)
        await Delegation.create(
            principal=bank.staff[principal], deputy=bank.staff[deputy], role=role, assignment_id=held.id, reason="leave",
            valid_from=START, recorded_at=START,
        )  # fmt: skip
    desk = await voided.desk("zhang")
    async with refused("DESTRUCTION_BY_ONE", desk):
        await signing.sign(desk, movement_id=movement.id, version=movement.version)
    signed = await voided.sign(movement)
    desk = await voided.desk("pan")
    async with refused("DESTRUCTION_BY_ONE", desk):
        await signing.countersign(desk, movement_id=signed.id, version=signed.version)
    assert (await voided.countersign(signed)).state == "POSTED"


async def test_cards_that_are_gone_meanwhile_are_not_booked(voided):
    row = await witnessed(voided, await approved(voided, await listed(voided, (0, 9))))
    await voided.posted(await voided.change((5, 5), was=StockState.TO_DESTROY, becomes=StockState.MISSING))
    desk = await voided.desk("ku")
    async with refused("NOT_IN_STOCK", desk):
        await to_be_booked(voided, row)


async def test_the_list_of_a_destruction_is_not_edited_nor_reversed(voided):
    row = await witnessed(voided, await approved(voided, await listed(voided, (0, 9))))
    movement = await to_be_booked(voided, row)
    desk = await voided.desk("ku")
    async with refused("BAD_USER_INPUT", desk):
        await edit(desk, movement_id=movement.id, version=movement.version, ranges=spans((0, 8)))
    posted = await voided.posted(movement)
    desk = await voided.desk("ku")
    async with refused("NOT_REVERSIBLE", desk):
        await voided.reversal(posted)


async def test_a_movement_of_a_list_that_was_taken_from_it_is_not_signed(voided):
    row = await witnessed(voided, await approved(voided, await listed(voided, (0, 9))))
    movement = await to_be_booked(voided, row)
    await DestructionList.filter(id=row.id).update(movement_id=None)
    desk = await voided.desk("ku")
    async with refused("DESTRUCTION_CHANGED", desk):
        await signing.sign(desk, movement_id=movement.id, version=movement.version)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM destruction_list WHERE id = '{done}'",
        "DELETE FROM destruction_line WHERE destruction_id = '{done}'",
        "UPDATE destruction_line SET last_serial = 3, quantity = 4 WHERE destruction_id = '{done}'",
        "UPDATE destruction_list SET over_reason = 'x' WHERE id = '{done}'",
        "UPDATE destruction_list SET state = 'APPROVED' WHERE id = '{draft}'",
        "UPDATE destruction_list SET digest = 'x' WHERE id = '{draft}'",
        "UPDATE destruction_list SET second_witness_id = first_witness_id WHERE id = '{draft}'",
        "UPDATE destruction_list SET audit_person_id = listed_person_id WHERE id = '{draft}'",
    ],
)
async def test_the_database_itself_keeps_lists_for_ever(voided, statement):
    done, draft = await destroyed(voided, (0, 4)), await listed(voided, (5, 9))
    with pytest.raises((IntegrityError, asyncpg.RaiseError)):
        await connection().execute_query(statement.format(done=done.id, draft=draft.id))


async def test_the_database_itself_posts_no_destruction_that_one_alone_watched(voided):
    row = await witnessed(voided, await approved(voided, await listed(voided, (0, 9))))
    movement = await voided.sign(await to_be_booked(voided, row))
    await DestructionList.filter(id=row.id).update(second_witnessed_at=None)
    desk = await voided.desk("jian")
    async with refused("NOT_WITNESSED", desk):
        await signing.countersign(desk, movement_id=movement.id, version=movement.version)
    jian = voided.bank.staff["jian"]
    await Signature.create(
        movement_id=movement.id, step="COUNTERSIGN", staff_id=jian.id, person_id=jian.person_id, for_staff_id=jian.id,
        institution_id=movement.institution_id, digest=movement.digest, signed_at=voided.bank.now,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="ck_destroyed_before_two"):
        await StockMovement.filter(id=movement.id).update(state="POSTED")
