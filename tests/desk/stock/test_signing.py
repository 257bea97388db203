"""Dual signature: the designated custodian, then his own business supervisor, or nothing moves (Notice 4)."""

from __future__ import annotations

import datetime as dt

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError

from authz import Role
from desk.dialect import connection
from desk.stock import signing
from desk.stock.correcting import edit
from models.designations import Designation
from models.institutions import SupervisionLine
from models.movements import Signature, StockMovement
from models.stock import StockAccount, StockHolding
from tests.cast import staff_member
from tests.custody import line, post, spans
from tests.digest import refused


async def act(custody, name: str, movement: StockMovement, who: str, code: str, **said: object) -> None:
    desk = await custody.desk(who)
    told = {"movement_id": movement.id, "version": movement.version} | said
    async with refused(code, desk):
        await getattr(signing, name)(desk, **told)


@pytest.mark.measure("N4e")
async def test_who_is_not_designated_starts_no_movement(custody):
    order = await custody.order()
    await Designation.filter(staff_id=custody.bank.staff["ku"].id).update(ended_at=custody.bank.now)
    desk = await custody.desk("ku")
    async with refused("NOT_DESIGNATED", desk):
        await custody.receipt(order, (0, 9))


@pytest.mark.measure("N4e")
async def test_a_lapsed_designation_signs_nothing(custody):
    movement = await custody.receipt(await custody.order(), (0, 9))
    yesterday = custody.bank.now - dt.timedelta(days=1)
    await Designation.filter(staff_id=custody.bank.staff["ku"].id).update(valid_to=yesterday)
    await act(custody, "sign", movement, "ku", "NOT_DESIGNATED")


@pytest.mark.measure("N4f")
async def test_one_person_never_signs_twice_whatever_his_staff_numbers(custody):
    """Ku has a second number, under which he is even the supervisor of his first."""
    bank = custody.bank
    bank.staff["ku2"] = await staff_member("ku2", "顾库", await bank.staff["ku"].person)
    await post(bank, bank.staff["ku2"], Role.CARD_SUPERVISOR, "SC")
    await line(bank, "ku2", "ku")
    movement = await custody.sign(await custody.receipt(await custody.order(), (0, 9)))
    await act(custody, "countersign", movement, "ku2", "MOVEMENT_SIGNED_BY_ONE")


@pytest.mark.measure("N4f")
async def test_a_supervisor_who_is_not_his_countersigns_nothing(custody):
    movement = await custody.sign(await custody.receipt(await custody.order(), (0, 9)))
    await SupervisionLine.filter(staff_id=custody.bank.staff["ku"].id).update(ended_at=custody.bank.now)
    await act(custody, "countersign", movement, "jian", "NOT_HIS_SUPERVISOR")


async def test_nobody_countersigns_what_nobody_signed_nor_signs_twice(custody):
    movement = await custody.receipt(await custody.order(), (0, 9))
    await act(custody, "countersign", movement, "jian", "WRONG_STATE")
    signed = await custody.sign(movement)
    await act(custody, "sign", signed, "ku", "WRONG_STATE")
    await act(custody, "countersign", signed, "jian", "STALE_VERSION", version=1)


async def test_who_is_no_supervisor_there_does_not_countersign(custody):
    movement = await custody.sign(await custody.receipt(await custody.order(), (0, 9)))
    await act(custody, "countersign", movement, "yue", "NOT_FOUND")
    await act(custody, "countersign", movement, "pan", "FORBIDDEN")


async def test_an_edit_voids_what_was_signed(custody):
    await custody.stocked((0, 99))
    signed = await custody.sign(await custody.allocation((0, 9)))
    anew = await edit(
        await custody.desk("ku"), movement_id=signed.id, version=signed.version, ranges=spans((0, 4))
    )
    assert (anew.state, anew.quantity) == ("DRAFT", 5)
    assert await Signature.filter(movement_id=signed.id, voided_at__isnull=True).count() == 0
    await act(custody, "countersign", anew, "jian", "WRONG_STATE")
    await custody.posted(anew)
    assert (await custody.account()).in_transit == 5


async def test_a_rejected_movement_has_moved_nothing_and_is_over(custody):
    await custody.stocked((0, 99))
    before = await custody.lying()
    signed = await custody.sign(await custody.allocation((0, 9)))
    await signing.reject(
        await custody.desk("jian"), movement_id=signed.id, version=signed.version, reason="too many"
    )
    assert await custody.lying() == before
    over = await StockMovement.get(id=signed.id)
    await act(custody, "countersign", over, "jian", "WRONG_STATE")
    await act(custody, "withdraw", over, "ku", "WRONG_STATE", reason="changed my mind")


@pytest.mark.measure("N4f")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stock_movement SET state = 'POSTED' WHERE id = '{signed}'",
        "UPDATE stock_movement SET quantity = 1 WHERE id = '{posted}'",
        "UPDATE movement_line SET last_serial = 5, quantity = 6 WHERE movement_id = '{posted}'",
        "DELETE FROM movement_line WHERE movement_id = '{posted}'",
        "DELETE FROM signature WHERE movement_id = '{posted}'",
        "UPDATE signature SET voided_at = '2026-01-01 00:00:00+00:00' WHERE movement_id = '{posted}'",
        "UPDATE stock_account SET in_stock = in_stock + 1",
        "UPDATE stock_holding SET movement_id = '{signed}'",
    ],
)
async def test_the_database_itself_lets_nothing_move_without_both(custody, statement):
    posted = await custody.stocked((0, 99))
    signed = await custody.sign(await custody.allocation((0, 9)))
    with pytest.raises((IntegrityError, asyncpg.RaiseError)):
        await connection().execute_query(statement.format(signed=signed.id, posted=posted.id))


@pytest.mark.measure("N4d")
async def test_no_number_is_in_two_holdings(custody):
    posted = await custody.stocked((0, 99))
    account = await StockAccount.get(id=(await custody.account()).id)
    with pytest.raises(IntegrityError):
        await StockHolding.create(
            product_id=custody.product.id,
            first_serial=99,
            last_serial=120,
            quantity=22,
            state="IN_STOCK",
            institution_id=account.institution_id,
            movement_id=posted.id,
            since=custody.bank.now,
        )


@pytest.mark.measure("N4g")
async def test_more_than_the_quota_goes_only_with_a_reason_that_is_signed(custody):
    await custody.stocked((0, 999))
    await custody.quota("CDW", 50)
    desk = await custody.desk("ku")
    async with refused("QUOTA_EXCEEDED", desk):
        await custody.allocation((0, 50))
    await custody.sent((0, 29))
    desk = await custody.desk("ku")
    async with refused("QUOTA_EXCEEDED", desk):
        await custody.allocation((30, 50))
    over = await custody.sent((30, 50), over_quota_reason="anniversary, 500 invitations")
    assert over.over_quota_reason
    assert (await custody.account()).in_transit == 51
