"""Receipt (入库): what came for an order, its defects, and no number twice (Notice 4)."""

from __future__ import annotations

import pytest

from desk.stock.receiving import check_receipt, draft_receipt
from models.movements import MovementLine, StockMovement
from models.orders import CardOrder
from models.serials import CardNumber
from models.vocabulary import Tier
from tests.custody import Span, designate, spans
from tests.digest import digest, refused


def whole(serial: int, tier: Tier = Tier.HEAD_OFFICE) -> str:
    return str(CardNumber(tier, "01", serial))


async def not_received(custody, code, order, *ranges, who: str = "ku", **said):
    desk = await custody.desk(who)
    async with refused(code, desk):
        await custody.receipt(order, *ranges, who=who, **said)


async def test_defects_are_spoiled_and_the_rest_is_in_stock(custody):
    order = await custody.order(100)
    receipt = await custody.posted(await custody.receipt(order, (0, 99), defects=spans((10, 19), (99, 99))))
    assert receipt.quantity == 100
    assert await custody.lying("SC") == [
        ("IN_STOCK", 0, 9), ("SPOILED", 10, 19), ("IN_STOCK", 20, 98), ("SPOILED", 99, 99),
    ]  # fmt: skip
    account = await custody.account()
    assert (account.received, account.in_stock, account.spoiled) == (100, 89, 11)
    order = await CardOrder.get(id=order.id)
    assert (order.state, order.received, order.defective) == ("RECEIVED", 100, 11)


async def test_a_delivery_may_be_listed_by_whole_card_numbers(custody):
    order = await custody.order(100)
    desk = await custody.desk("ku")
    _, place, passages = await check_receipt(
        desk, order.id, [Span(whole(7), whole(9)), Span("10"), Span(whole(12))]
    )
    assert place.code == "SC"
    assert [(one.first, one.last) for one, _, _ in passages] == [(7, 10), (12, 12)]


async def test_what_is_checked_is_not_written(custody):
    order = await custody.order(100)
    before = await digest()
    await check_receipt(await custody.desk("ku"), order.id, spans((0, 9)), spans((5, 5)))
    assert await digest() == before


@pytest.mark.parametrize(
    ("code", "listed"),
    [
        pytest.param("BAD_RANGE", [], id="nothing"),
        pytest.param("BAD_RANGE", [Span("9", "8")], id="backwards"),
        pytest.param("BAD_RANGE", [Span(whole(7, Tier.BRANCH))], id="another product"),
        pytest.param("BAD_VIP_CARD_NUMBER", [Span(whole(7)[:-1] + "0")], id="a wrong digit"),
        pytest.param("BAD_VIP_CARD_NUMBER", [Span("0000000000001")], id="thirteen digits"),
        pytest.param("BAD_VIP_CARD_NUMBER", [Span("１２")], id="full-width digits"),
        pytest.param("BAD_VIP_CARD_NUMBER", [Span("")], id="empty"),
        pytest.param("NUMBER_TWICE", spans((0, 9), (9, 12)), id="twice"),
        pytest.param("NUMBER_TWICE", [Span("7"), Span(whole(7))], id="twice in two ways"),
        pytest.param("MORE_THAN_ORDERED", spans((0, 100)), id="one too many"),
    ],
)
async def test_a_list_that_is_none(custody, code, listed):
    order, desk = await custody.order(100), await custody.desk("ku")
    async with refused(code, desk):
        await draft_receipt(desk, order_id=order.id, ranges=listed)


@pytest.mark.parametrize(
    ("code", "defects"),
    [
        ("DEFECT_NOT_DELIVERED", ((9, 10),)),
        ("DEFECT_NOT_DELIVERED", ((50, 50),)),
        ("NUMBER_TWICE", ((1, 2), (2, 3))),
    ],
)
async def test_defects_that_are_none(custody, code, defects):
    await not_received(custody, code, await custody.order(100), (0, 9), defects=spans(*defects))


@pytest.mark.measure("N4d")
async def test_a_number_comes_from_the_factory_once(custody):
    await custody.stocked((100, 199))
    order = await custody.order(1_000)
    for ranges in (((199, 199),), ((0, 100),), ((150, 160),), ((0, 9), (300, 309), (120, 120))):
        await not_received(custody, "NUMBER_KNOWN", order, *ranges)
    await custody.receipt(order, (0, 99), (200, 299))


@pytest.mark.measure("N4d")
async def test_two_lists_of_one_number_are_not_both_posted(custody):
    order = await custody.order(1_000)
    one, other = await custody.receipt(order, (0, 9)), await custody.receipt(order, (9, 19))
    signed = await custody.sign(other)
    await custody.posted(one)
    desk = await custody.desk("jian")
    async with refused("NUMBER_KNOWN", desk):
        await custody.countersign(signed)


async def test_two_lists_that_are_together_more_than_was_ordered_are_not_both_posted(custody):
    order = await custody.order(10)
    one, other = await custody.receipt(order, (0, 9)), await custody.receipt(order, (10, 19))
    await custody.posted(one)
    desk = await custody.desk("ku")
    async with refused("WRONG_STATE", desk):
        await custody.sign(other)


@pytest.mark.measure("N4e")
async def test_only_the_custodian_of_the_ordering_institution_receives(custody):
    order = await custody.order(100)
    for who, code in (("pan", "FORBIDDEN"), ("jian", "FORBIDDEN"), ("qi", "NOT_FOUND")):
        await not_received(custody, code, order, (0, 9), who=who)
    theirs = await custody.order(100, place="CDW")
    await not_received(custody, "NOT_FOUND", theirs, (0, 9))
    await designate(custody.bank, "jian", "CDW")
    assert await StockMovement.all().count() == 0


async def test_a_long_list_is_one_draft(custody):
    order = await custody.order(20_000)
    receipt = await custody.receipt(order, *((2 * it, 2 * it) for it in range(3_000)))
    assert receipt.quantity == 3_000
    assert await MovementLine.filter(movement_id=receipt.id).count() == 3_000
