"""Card orders: by the designated person, approved by another, at the day's price, settled for what came (Notice 4)."""

from __future__ import annotations

import datetime as dt

import pytest
from tortoise.exceptions import IntegrityError

from authz import Role
from desk import orders
from desk.dialect import connection
from desk.products import set_price
from models.custody import StockDuty
from models.designations import Designation
from models.orders import CardOrder
from models.products import Manufacturer
from tests.cast import staff_member
from tests.custody import designate, person, post
from tests.desk.stock.ordering import WHY, came, drafted, not_done, not_drafted, step, told
from tests.digest import refused


async def test_an_order_from_its_draft_to_its_invoice(custody):
    order = await drafted(custody)
    assert (order.number, order.state, order.version) == ("SC-2026-0001", "DRAFT", 1)
    order = await step(custody, "approve", order, "pan")
    assert (order.state, order.approved_by_id) == ("APPROVED", custody.bank.staff["pan"].id)
    order = await step(custody, "place", order, "ku")
    assert (order.state, order.placed_at) == ("PLACED", custody.bank.now)
    await custody.posted(await custody.receipt(order, (0, 3_999)))
    order = await CardOrder.get(id=order.id)
    assert (order.state, order.received) == ("PART_RECEIVED", 4_000)
    await custody.posted(await custody.receipt(order, (4_000, 9_999)))
    order = await CardOrder.get(id=order.id)
    assert (order.state, order.received, order.version) == ("RECEIVED", 10_000, 5)
    order = await step(custody, "settle", order, "pan", invoice_number=" F-1 ", invoiced="11500.00")
    assert (order.state, order.invoice_number, order.invoiced) == ("SETTLED", "F-1", 1_150_000)


async def test_numbers_run_by_institution_and_year(custody):
    first, second = await drafted(custody), await drafted(custody)
    other = await drafted(custody, "he", institution_id=custody.place("CDW").id)
    later = await orders.draft_order(
        await custody.desk("ku", custody.bank.now + dt.timedelta(days=60)), **await told(custody)
    )
    numbers = [order.number for order in (first, second, other, later)]
    assert numbers == ["SC-2026-0001", "SC-2026-0002", "CDW-2026-0001", "SC-2027-0001"]


@pytest.mark.measure("N4e")
async def test_only_the_person_designated_for_ordering_drafts_and_places(custody):
    order = await step(custody, "approve", await drafted(custody), "pan")
    await Designation.filter(staff_id=custody.bank.staff["ku"].id, duty=StockDuty.ORDER).update(
        ended_at=custody.bank.now
    )
    await not_drafted(custody, "NOT_DESIGNATED")
    await not_done(custody, "NOT_DESIGNATED", "place", order, "ku")


@pytest.mark.parametrize("who", ["pan", "jian", "he", "officer", "wu"])
async def test_others_draft_no_order(custody, who):
    await not_drafted(custody, "FORBIDDEN", who)


async def test_the_price_is_that_of_the_drafting_day_and_stays(custody):
    maker, now = await Manufacturer.get(code="TJHQ"), custody.bank.now
    tomorrow = now + dt.timedelta(days=1)
    await set_price(
        await custody.desk("officer"),
        manufacturer_id=maker.id,
        unit_price="1.30",
        effective_from=tomorrow.date(),
    )
    today = await drafted(custody)
    late = await orders.draft_order(await custody.desk("ku", tomorrow), **await told(custody))
    approved = await orders.approve_order(await custody.desk("pan", tomorrow), order_id=today.id, version=1)
    assert (approved.unit_price, approved.amount) == (115, 1_150_000)
    assert (late.unit_price, late.amount) == (130, 1_300_000)


async def test_nothing_is_ordered_without_a_price(custody):
    maker = await Manufacturer.create(code="SHKC", name="上海卡厂", created_at=custody.bank.now)
    await not_drafted(custody, "NO_PRICE", manufacturer_id=maker.id)


@pytest.mark.parametrize(
    "said",
    [
        {"quantity": 0},
        {"quantity": -1},
        {"quantity": 10_000_001},
        {"reason": " "},
        {"over_quota_reason": "x" * 201},
    ],
)
async def test_an_order_that_is_none(custody, said):
    await not_drafted(custody, "BAD_USER_INPUT", **said)


async def test_an_order_that_cannot_be_booked(custody):
    maker = await Manufacturer.get(code="TJHQ")
    await set_price(
        await custody.desk("officer"),
        manufacturer_id=maker.id,
        unit_price="9999999999999.99",
        effective_from=custody.bank.now.date(),
    )
    await not_drafted(custody, "AMOUNT_TOO_LARGE")


@pytest.mark.measure("N4g")
async def test_what_is_kept_awaited_and_ordered_fits_the_quota_or_a_reason_says_why(custody):
    await not_drafted(custody, "QUOTA_EXCEEDED", over_quota_reason="")  # nobody has approved one
    await custody.quota("SC", 10_000)
    await not_drafted(custody, "QUOTA_EXCEEDED", over_quota_reason="", quantity=10_001)
    first = await drafted(custody, over_quota_reason="", quantity=6_000)
    second = await drafted(custody, over_quota_reason="", quantity=6_000)  # a draft reserves nothing
    await step(custody, "approve", first, "pan")
    await not_done(custody, "QUOTA_EXCEEDED", "approve", second, "pan")
    await not_drafted(custody, "QUOTA_EXCEEDED", over_quota_reason="", quantity=4_001)
    assert (await drafted(custody, over_quota_reason="", quantity=4_000)).over_quota_reason == ""
    over = await drafted(custody, quantity=6_000)
    assert (await step(custody, "approve", over, "pan")).over_quota_reason == WHY


@pytest.mark.measure("N4g")
async def test_cards_in_stock_count_towards_the_quota_of_an_order(custody):
    await custody.quota("SC", 100)
    await came(custody, (0, 59), quantity=60)
    await not_drafted(custody, "QUOTA_EXCEEDED", over_quota_reason="", quantity=41)
    assert await drafted(custody, over_quota_reason="", quantity=40)


async def test_one_person_does_not_approve_his_own_order_whatever_his_staff_numbers(custody):
    bank = custody.bank
    bank.staff["ku2"] = await staff_member("ku2", "顾库", await bank.staff["ku"].person)
    await post(bank, bank.staff["ku2"], Role.PB_OFFICER, "SC")
    await not_done(custody, "ORDER_BY_ONE", "approve", await drafted(custody), "ku2")


async def test_two_persons_is_what_the_database_demands_too(custody):
    order = await drafted(custody)
    with pytest.raises(IntegrityError):
        await connection().execute_query(
            f"UPDATE card_order SET state = 'APPROVED', approved_person_id = drafted_person_id WHERE id = '{order.id}'"
        )
    with pytest.raises(IntegrityError):
        await connection().execute_query(f"UPDATE card_order SET state = 'PLACED' WHERE id = '{order.id}'")
    with pytest.raises(IntegrityError):
        await connection().execute_query(f"UPDATE card_order SET amount = amount + 1 WHERE id = '{order.id}'")


async def test_who_may_not_act_on_an_order(custody):
    order = await drafted(custody)
    for who in ("ku", "jian", "officer", "auditor"):
        await not_done(custody, "FORBIDDEN", "approve", order, who)
    await not_done(custody, "NOT_FOUND", "approve", order, "qi")  # another branch
    approved = await step(custody, "approve", order, "pan")
    await not_done(custody, "FORBIDDEN", "place", approved, "pan")
    await not_done(custody, "FORBIDDEN", "cancel", approved, "ku", reason="typed wrong")
    await not_done(custody, "FORBIDDEN", "settle", approved, "ku", invoice_number="F-1", invoiced="1")


async def test_every_step_waits_for_the_one_before(custody):
    order = await drafted(custody)
    paid = {"invoice_number": "F-1", "invoiced": "11500.00"}
    await not_done(custody, "WRONG_STATE", "place", order, "ku")
    await not_done(custody, "WRONG_STATE", "settle", order, "pan", **paid)
    order = await step(custody, "approve", order, "pan")
    await not_done(custody, "WRONG_STATE", "approve", order, "pan")
    desk = await custody.desk("ku")
    async with refused("WRONG_STATE", desk):
        await custody.receipt(order, (0, 9))
    order = await step(custody, "place", order, "ku")
    await not_done(custody, "WRONG_STATE", "place", order, "ku")
    await not_done(custody, "WRONG_STATE", "settle", order, "pan", **paid)


@pytest.mark.parametrize("name", ["approve", "place", "cancel", "settle"])
async def test_nobody_acts_on_an_order_that_he_has_not_read(custody, name):
    if name == "approve":
        order, who, said = await drafted(custody), "pan", {}
    elif name == "place":
        order, who, said = await step(custody, "approve", await drafted(custody), "pan"), "ku", {}
    elif name == "cancel":
        order, who, said = await drafted(custody), "pan", {"reason": "typed wrong"}
    else:
        order, who = await came(custody, (0, 99)), "pan"
        said = {"invoice_number": "F-1", "invoiced": "115.00"}
    await not_done(custody, "STALE_VERSION", name, order, who, **said | {"version": order.version + 1})


async def test_one_key_makes_one_order(custody):
    asked = await told(custody)
    one = await orders.draft_order(await custody.desk("ku"), idempotency_key="k", **asked)
    again = await orders.draft_order(await custody.desk("ku"), idempotency_key="k", **asked)
    assert one.id == again.id
    assert await CardOrder.all().count() == 1
    desk = await custody.desk("ku")
    async with refused("IDEMPOTENCY_CONFLICT", desk):
        await orders.draft_order(desk, idempotency_key="k", **asked | {"quantity": 9})


@pytest.mark.measure("N4e")
async def test_who_is_designated_for_the_stock_is_not_designated_for_ordering(custody):
    bank = custody.bank
    bank.staff["gu"] = await person(bank, "gu", "顾新", Role.CARD_CUSTODIAN, "SC")
    await not_drafted(custody, "NOT_DESIGNATED", "gu")
    await designate(bank, "gu", "SC", StockDuty.STOCK)
    await not_drafted(custody, "NOT_DESIGNATED", "gu")
    await designate(bank, "gu", "SC", StockDuty.ORDER)
    assert (await drafted(custody, "gu")).drafted_by_id == bank.staff["gu"].id
