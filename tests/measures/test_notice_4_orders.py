"""Notice 4: head office designs the cards, one manufacturer makes them for 1.15 yuan, and branches order directly."""

from __future__ import annotations

from typing import Any

import pytest

from schema.scalars import global_id
from tests.custody import Custody
from tests.schema.ask import ask, refused

PRODUCTS = """query ($where: CardProductWhere) { cardProducts(first: 10, where: $where, orderBy: [TIER_DESC]) {
  totalCount nodes { tier design name } }
  manufacturers(first: 10) { nodes { code prices(first: 10) { nodes { unitPrice { amount currency } effectiveFrom } } } } }"""

CREATE = """mutation ($input: CreateCardProductInput!) { createCardProduct(input: $input) { __typename
  ... on CardProduct { id tier design name } ... on Problem { code field article } } }"""

ADD = """mutation ($input: AddManufacturerInput!) { addManufacturer(input: $input) { __typename
  ... on Manufacturer { id name } ... on Problem { code field article } } }"""

PRICE = """mutation ($input: SetCardPriceInput!) { setCardPrice(input: $input) { __typename
  ... on CardPrice { unitPrice { amount currency } effectiveFrom } ... on Problem { code field article } } }"""

ORDER = """__typename ... on CardOrder { id number state version quantity unitPrice { amount currency }
  amount { amount currency } received defective invoiceNumber invoiced { amount } institution { code }
  draftedBy { number } approvedBy { number } placedBy { number } settledBy { number } }
  ... on Problem { code field article }"""

ACTS = {
    name: f"mutation ($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {ORDER} }} }}"
    for name in ("draftCardOrder", "approveCardOrder", "placeCardOrder", "cancelCardOrder", "settleCardOrder")
}

MOVEMENTS = {
    name: f"""mutation ($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ __typename
      ... on StockMovement {{ id state version quantity order {{ number }} lines(first: 10) {{ nodes {{ first last toState }} }} }}
      ... on Problem {{ code field article }} }} }}"""
    for name in ("draftReceipt", "signStockMovement", "countersignStockMovement")
}

LIST = """query ($where: CardOrderWhere) { cardOrders(first: 10, where: $where, orderBy: [NUMBER_DESC]) {
  totalCount nodes { number state product { tier design } manufacturer { code }
    movements(first: 5) { nodes { kind state quantity } } } } }"""


async def told(custody: Custody, **said: Any) -> dict[str, Any]:
    makers = await ask(await custody.desk("ku"), "{ manufacturers(first: 1) { nodes { id } } }")
    return {
        "institutionId": global_id("institution", custody.place("SC").id),
        "productId": global_id("card_product", custody.product.id),
        "manufacturerId": makers["manufacturers"]["nodes"][0]["id"],
        "quantity": 10_000,
        "reason": "yearly plan",
        "overQuotaReason": "opening of the centre",
    } | said


async def do(custody: Custody, name: str, who: str, **said: Any) -> dict[str, Any]:
    query = ACTS.get(name) or MOVEMENTS[name]
    return (await ask(await custody.desk(who), query, input=said))[name]


@pytest.mark.measure("N4a")
async def test_head_office_designs_both_kinds_of_card_and_no_branch_any(custody):
    found = await ask(await custody.desk("teller"), PRODUCTS)
    assert found["cardProducts"] == {
        "totalCount": 2,
        "nodes": [
            {"tier": "HEAD_OFFICE", "design": "01", "name": "总行级VIP卡"},
            {"tier": "BRANCH", "design": "01", "name": "分行级VIP卡"},
        ],
    }
    asked = {"tier": "BRANCH", "design": "02", "name": "金卡"}
    made = (await ask(await custody.desk("officer"), CREATE, input=asked))["createCardProduct"]
    assert made.pop("id")
    assert made == {"__typename": "CardProduct"} | asked
    again = (await ask(await custody.desk("officer"), CREATE, input=asked))["createCardProduct"]
    assert again == {
        "__typename": "Problem",
        "code": "PRODUCT_EXISTS",
        "field": "design",
        "article": "Notice 4",
    }
    only = await ask(
        await custody.desk("ku"), PRODUCTS, where={"tier": {"eq": "BRANCH"}, "design": {"eq": "02"}}
    )
    assert only["cardProducts"]["totalCount"] == 1


@pytest.mark.measure("N4a")
@pytest.mark.parametrize("who", ["pan", "ku", "wu", "deng"])
async def test_a_branch_that_would_design_a_card_is_forbidden(custody, who):
    asked = {"tier": "BRANCH", "design": "02", "name": "金卡"}
    assert await refused(await custody.desk(who), CREATE, input=asked) == "FORBIDDEN"


@pytest.mark.measure("N4b")
async def test_ten_thousand_cards_are_eleven_thousand_five_hundred_yuan(custody):
    order = await do(custody, "draftCardOrder", "ku", **await told(custody))
    assert order["unitPrice"] == {"amount": "1.15", "currency": "CNY"}
    assert order["amount"] == {"amount": "11500.00", "currency": "CNY"}


@pytest.mark.measure("N4b")
async def test_another_price_holds_from_its_first_day_and_for_new_orders_only(custody):
    maker = (await told(custody))["manufacturerId"]
    before = await do(custody, "draftCardOrder", "ku", **await told(custody))
    asked = {"manufacturerId": maker, "unitPrice": "1.20", "effectiveFrom": "2026-11-25"}
    made = (await ask(await custody.desk("officer"), PRICE, input=asked))["setCardPrice"]
    assert made == {
        "__typename": "CardPrice",
        "unitPrice": {"amount": "1.20", "currency": "CNY"},
        "effectiveFrom": "2026-11-25",
    }
    after = await do(custody, "draftCardOrder", "ku", **await told(custody))
    assert after["amount"]["amount"] == "12000.00"
    approved = await do(custody, "approveCardOrder", "pan", orderId=before["id"], version=1)
    assert approved["amount"]["amount"] == "11500.00"
    past = await ask(await custody.desk("officer"), PRICE, input=asked | {"effectiveFrom": "2026-11-24"})
    assert past["setCardPrice"]["code"] == "PRICE_IN_THE_PAST"
    prices = (await ask(await custody.desk("ku"), PRODUCTS))["manufacturers"]["nodes"][0]["prices"]["nodes"]
    assert [it["unitPrice"]["amount"] for it in prices] == ["1.15", "1.20"]


@pytest.mark.measure("N4b")
async def test_nothing_is_ordered_from_a_manufacturer_without_a_price(custody):
    asked = {"code": "SHKC", "name": "上海卡厂"}
    maker = (await ask(await custody.desk("officer"), ADD, input=asked))["addManufacturer"]
    found = await do(custody, "draftCardOrder", "ku", **await told(custody, manufacturerId=maker["id"]))
    assert found == {
        "__typename": "Problem",
        "code": "NO_PRICE",
        "field": "manufacturerId",
        "article": "Notice 4",
    }


@pytest.mark.measure("N4c")
async def test_a_branch_orders_receives_and_settles_directly_and_head_office_is_not_in_the_path(custody):
    """Ku, Pan and Jian, all of Sichuan, take an order from its draft to its invoice."""
    order = await do(custody, "draftCardOrder", "ku", **await told(custody, quantity=100))
    assert (order["number"], order["state"], order["version"]) == ("SC-2026-0001", "DRAFT", 1)
    which = {"orderId": order["id"]}
    assert (await do(custody, "approveCardOrder", "pan", **which, version=1))["state"] == "APPROVED"
    assert (await do(custody, "placeCardOrder", "ku", **which, version=2))["state"] == "PLACED"

    listed = {"ranges": [{"first": "0", "last": custody.product.number(99)}], "defects": [{"first": "7"}]}
    receipt = await do(custody, "draftReceipt", "ku", **which, **listed)
    assert (receipt["state"], receipt["quantity"], receipt["order"]) == (
        "DRAFT",
        100,
        {"number": "SC-2026-0001"},
    )
    assert receipt["lines"]["nodes"] == [
        {"first": "000000000000", "last": "000000000006", "toState": "IN_STOCK"},
        {"first": "000000000007", "last": "000000000007", "toState": "SPOILED"},
        {"first": "000000000008", "last": "000000000099", "toState": "IN_STOCK"},
    ]
    assert await custody.lying() == []
    await do(custody, "signStockMovement", "ku", movementId=receipt["id"], version=1)
    posted = await do(custody, "countersignStockMovement", "jian", movementId=receipt["id"], version=2)
    assert posted["state"] == "POSTED"

    bill = {"invoiceNumber": "F-1", "invoiced": "115.00"}
    more = await do(custody, "settleCardOrder", "pan", **which, **bill, version=4)
    assert more == {
        "__typename": "Problem",
        "code": "INVOICE_DIFFERS",
        "field": "invoiced",
        "article": "Notice 4",
    }
    settled = await do(custody, "settleCardOrder", "pan", **which, **bill | {"invoiced": "113.85"}, version=4)
    assert settled.pop("id")
    assert settled == {
        "__typename": "CardOrder", "number": "SC-2026-0001", "state": "SETTLED", "version": 5, "quantity": 100,
        "unitPrice": {"amount": "1.15", "currency": "CNY"}, "amount": {"amount": "115.00", "currency": "CNY"},
        "received": 100, "defective": 1, "invoiceNumber": "F-1", "invoiced": {"amount": "113.85"},
        "institution": {"code": "SC"}, "draftedBy": {"number": "S-ku"}, "approvedBy": {"number": "S-pan"},
        "placedBy": {"number": "S-ku"}, "settledBy": {"number": "S-pan"},
    }  # fmt: skip
    found = await ask(await custody.desk("auditor"), LIST, where={"state": {"in": ["SETTLED"]}})
    assert found["cardOrders"] == {
        "totalCount": 1,
        "nodes": [
            {
                "number": "SC-2026-0001", "state": "SETTLED", "product": {"tier": "HEAD_OFFICE", "design": "01"},
                "manufacturer": {"code": "TJHQ"},
                "movements": {"nodes": [{"kind": "RECEIPT", "state": "POSTED", "quantity": 100}]},
            }
        ],
    }  # fmt: skip


@pytest.mark.measure("N4c")
@pytest.mark.parametrize("who", ["officer", "approver"])
async def test_head_office_takes_no_step_of_an_order(custody, who):
    asked = await told(custody)
    assert await refused(await custody.desk(who), ACTS["draftCardOrder"], input=asked) == "FORBIDDEN"
    order = await do(custody, "draftCardOrder", "ku", **asked)
    which = {"orderId": order["id"], "version": 1}
    for name, said in (
        ("approveCardOrder", {}),
        ("placeCardOrder", {}),
        ("cancelCardOrder", {"reason": "no"}),
        ("settleCardOrder", {"invoiceNumber": "F-1", "invoiced": "1.00"}),
    ):
        assert await refused(await custody.desk(who), ACTS[name], input=which | said) == "FORBIDDEN"


@pytest.mark.measure("N4g")
async def test_an_order_beyond_the_quota_gives_its_reason(custody):
    found = await do(custody, "draftCardOrder", "ku", **await told(custody, overQuotaReason=""))
    assert found == {
        "__typename": "Problem", "code": "QUOTA_EXCEEDED", "field": "overQuotaReason", "article": "Notice 4",
    }  # fmt: skip


async def test_orders_are_seen_by_those_who_reach_their_institution(custody):
    order = await do(custody, "draftCardOrder", "ku", **await told(custody))
    for who, total in (
        ("ku", 1),
        ("jian", 1),
        ("pan", 1),
        ("officer", 1),
        ("he", 0),
        ("qi", 0),
        ("wu", 0),
        ("teller", 0),
    ):
        found = (await ask(await custody.desk(who), LIST))["cardOrders"]
        assert (who, found["totalCount"]) == (who, total)
    mine = {
        "institutionId": {"eq": global_id("institution", custody.place("SC").id)},
        "number": {"eq": order["number"]},
    }
    assert (await ask(await custody.desk("pan"), LIST, where=mine))["cardOrders"]["totalCount"] == 1
    cancelled = await do(custody, "cancelCardOrder", "pan", orderId=order["id"], version=1, reason="later")
    assert cancelled["state"] == "CANCELLED"


async def test_a_list_that_nobody_wrote_by_hand_is_read_from_its_file(custody):
    order = await custody.order(10_000)
    found = await do(
        custody,
        "draftReceipt",
        "ku",
        orderId=global_id("card_order", order.id),
        ranges=[{"first": str(2 * at)} for at in range(1_001)],
    )
    assert found == {"__typename": "Problem", "code": "BAD_RANGE", "field": "ranges", "article": "Notice 4"}
