"""Notice 4, 核定库存: a superior branch says how many cards an institution may keep, through the graph."""

from __future__ import annotations

import pytest

from schema.scalars import global_id
from tests.custody import Custody
from tests.digest import refused
from tests.schema.ask import ask

pytestmark = pytest.mark.measure("N4g")

SET = """mutation ($input: SetStockQuotaInput!) { setStockQuota(input: $input) { __typename
  ... on StockQuota { quantity reason setAt institution { code } product { tier } setBy { number } }
  ... on Problem { code field article } } }"""
LISTED = """query ($place: ID!, $product: ID!) { stockQuotas(first: 5, orderBy: [SET_AT_DESC],
  where: {institutionId: {eq: $place}, productId: {eq: $product}}) { totalCount nodes { quantity reason } } }"""


def told(custody: Custody, place: str = "CDW", quantity: int = 50) -> dict:
    return {
        "institutionId": global_id("institution", custody.place(place).id),
        "productId": global_id("card_product", custody.product.id),
        "quantity": quantity,
        "reason": "autumn",
    }


async def test_an_officer_of_the_branch_approves_what_its_centre_may_keep(custody):
    found = (await ask(await custody.desk("wu"), SET, input=told(custody)))["setStockQuota"]
    assert found == {
        "__typename": "StockQuota", "quantity": 50, "reason": "autumn", "setAt": "2026-11-25T02:00:00+00:00",
        "institution": {"code": "CDW"}, "product": {"tier": "HEAD_OFFICE"}, "setBy": {"number": "S-wu"},
    }  # fmt: skip
    asked = {"place": told(custody)["institutionId"], "product": told(custody)["productId"]}
    found = (await ask(await custody.desk("he"), LISTED, **asked))["stockQuotas"]
    assert found == {
        "totalCount": 2,
        "nodes": [{"quantity": 50, "reason": "autumn"}, {"quantity": 1_000_000, "reason": "yearly plan"}],
    }


async def test_nobody_approves_his_own_stock(custody):
    found = (await ask(await custody.desk("wu"), SET, input=told(custody, "CD")))["setStockQuota"]
    assert found == {
        "__typename": "Problem", "code": "QUOTA_OF_OWN_STOCK", "field": "institutionId", "article": "Notice 4",
    }  # fmt: skip


async def test_above_the_quota_nothing_is_sent_but_with_a_reason_that_two_persons_sign(custody):
    await custody.stocked((0, 999))
    await ask(await custody.desk("wu"), SET, input=told(custody, quantity=10))
    desk = await custody.desk("ku")
    async with refused("QUOTA_EXCEEDED", desk):
        await custody.allocation((0, 10))
    await custody.sent((0, 9))
    over = await custody.sent((10, 10), over_quota_reason="anniversary")
    assert over.state == "POSTED"
    assert (await custody.account()).in_transit == 11
