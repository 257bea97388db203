"""Annex 1, steps 11 and 13: the daily balance, and the monthly count by two, through the graph (盘点, 日结)."""

from __future__ import annotations

import datetime as dt

import pytest

from models.custody import StockState
from models.stock import StockDay
from schema.scalars import global_id
from tests.custody import Custody
from tests.custody_lists import opened
from tests.schema.ask import ask

pytestmark = pytest.mark.measure("N4k")

ROW = """ __typename ... on Stocktake { id kind state version bookQuantity countedQuantity note
  firstCounter { number } secondCounter { number } institution { code } product { tier }
  differences(first: 5) { totalCount nodes { id finding state first last quantity explanation explainedBy { number }
    movement { kind state } } } }
  ... on Problem { code field article } """
OPEN = f"mutation ($input: OpenStocktakeInput!) {{ openStocktake(input: $input) {{ {ROW} }} }}"
COUNT = f"mutation ($input: RecordCountInput!) {{ recordCount(input: $input) {{ {ROW} }} }}"
CONFIRM = f"mutation ($input: ConfirmCountInput!) {{ confirmCount(input: $input) {{ {ROW} }} }}"
EXPLAIN = f"mutation ($input: ExplainDifferenceInput!) {{ explainDifference(input: $input) {{ {ROW} }} }}"
CLOSE = f"mutation ($input: CloseStocktakeInput!) {{ closeStocktake(input: $input) {{ {ROW} }} }}"
CALL_OFF = f"mutation ($input: CallOffStocktakeInput!) {{ callOffStocktake(input: $input) {{ {ROW} }} }}"
MISSING = """mutation ($input: DraftMissingInput!) { draftMissing(input: $input) { __typename
  ... on StockMovement { id kind state version reason lines(first: 5) { nodes { first last fromState toState } } }
  ... on Problem { code article } } }"""
SIGN = """mutation ($input: SignStockMovementInput!) { signStockMovement(input: $input) {
  ... on StockMovement { state version } ... on Problem { code } } }"""
COUNTERSIGN = """mutation ($input: CountersignStockMovementInput!) { countersignStockMovement(input: $input) {
  ... on StockMovement { state } ... on Problem { code } } }"""
READ = "query ($id: ID!) { stocktake(id: $id) { id state version } }"
LIST = """query ($at: ID!) { stocktakes(first: 5, where: {institutionId: {eq: $at}, kind: {eq: MONTHLY},
  state: {in: [CLOSED]}}, orderBy: [OPENED_AT_DESC]) { totalCount nodes { state closedBy { number }
  lines(first: 9) { nodes { finding first last } } } } }"""
NODE = "query ($id: ID!) { node(id: $id) { ... on Stocktake { state } ... on StocktakeLine { finding } } }"


@pytest.fixture
async def custody(custody: Custody) -> Custody:
    await custody.stocked((0, 99))
    return custody


def opening(custody: Custody, first: str = "ku", second: str = "jian", **more: object) -> dict:
    told = {
        "institutionId": global_id("institution", custody.place("SC").id),
        "productId": global_id("card_product", custody.product.id),
        "kind": "MONTHLY",
        "firstCounterId": global_id("staff", custody.bank.staff[first].id),
        "secondCounterId": global_id("staff", custody.bank.staff[second].id),
    }
    return {"input": told | more}


async def done(custody: Custody, who: str, mutation: str, **told: object) -> dict:
    variables = told if "input" in told else {"input": told}
    (answer,) = (await ask(await custody.desk(who), mutation, **variables)).values()
    return answer


async def test_a_monthly_count_through_the_graph(custody):
    row = await done(custody, "pan", OPEN, **opening(custody))
    assert (row["state"], row["bookQuantity"], row["countedQuantity"]) == ("OPEN", 100, None)
    assert (row["firstCounter"], row["secondCounter"]) == ({"number": "S-ku"}, {"number": "S-jian"})
    seen = {"stocktakeId": row["id"], "version": row["version"]}
    ranges = [{"first": "0", "last": "49"}, {"first": "52", "last": "98"}]
    row = await done(custody, "ku", COUNT, **seen, ranges=ranges)
    assert (row["countedQuantity"], row["differences"]["totalCount"]) == (
        97,
        0,
    )  # not held against the book yet
    row = await done(custody, "jian", CONFIRM, stocktakeId=row["id"], version=row["version"])
    assert row["state"] == "DIFFERENCE"
    pair, single = row["differences"]["nodes"]
    assert {name: pair[name] for name in ("finding", "state", "first", "last", "quantity", "movement")} == {
        "finding": "MISSING", "state": "IN_STOCK", "first": "000000000050", "last": "000000000051", "quantity": 2,
        "movement": None,
    }  # fmt: skip

    early = await done(custody, "pan", CLOSE, stocktakeId=row["id"], version=row["version"])
    assert early == {
        "__typename": "Problem", "code": "DIFFERENCE_UNEXPLAINED", "field": "", "article": "Annex 1",
    }  # fmt: skip
    row = await done(
        custody, "pan", EXPLAIN, stocktakeLineId=single["id"], explanation="in the safe of the front desk"
    )
    assert row["differences"]["nodes"][1]["explainedBy"] == {"number": "S-pan"}
    movement = await done(custody, "ku", MISSING, stocktakeLineId=pair["id"])
    assert movement["lines"]["nodes"] == [
        {"first": "000000000050", "last": "000000000051", "fromState": "IN_STOCK", "toState": "MISSING"}
    ]
    assert movement["reason"] == "missing in the MONTHLY count of 2026-11-25"
    signed = await done(custody, "ku", SIGN, movementId=movement["id"], version=movement["version"])
    await done(custody, "jian", COUNTERSIGN, movementId=movement["id"], version=signed["version"])

    found = (await ask(await custody.desk("pan"), READ, id=row["id"]))["stocktake"]
    assert found["state"] == "EXPLAINED"
    row = await done(
        custody, "pan", CLOSE, stocktakeId=found["id"], version=found["version"], note="two lost"
    )
    assert (row["state"], row["note"]) == ("CLOSED", "two lost")
    at = global_id("institution", custody.place("SC").id)
    told = (await ask(await custody.desk("auditor"), LIST, at=at))["stocktakes"]
    assert told["totalCount"] == 1
    assert told["nodes"][0]["closedBy"] == {"number": "S-pan"}
    assert len(told["nodes"][0]["lines"]["nodes"]) == 5  # book, two counted, two missing
    account = await custody.account()
    assert (account.in_stock, account.missing, account.counted_on) == (98, 2, dt.date(2026, 11, 25))


async def test_a_custodian_does_not_count_alone_and_problems_are_data(custody):
    one = await done(custody, "pan", OPEN, **opening(custody, "ku", "ku"))
    assert (one["code"], one["article"]) == ("STOCK_COUNTED_BY_KEEPER", "Notice 4")
    away = await done(custody, "pan", OPEN, **opening(custody, "ku", "yue"))
    assert (away["code"], away["field"]) == ("COUNTER_NOT_HERE", "secondCounterId")


async def test_a_repeated_key_opens_one_count(custody):
    first = await done(custody, "pan", OPEN, **opening(custody, idempotencyKey="k1"))
    again = await done(custody, "pan", OPEN, **opening(custody, idempotencyKey="k1"))
    assert again["id"] == first["id"]
    twice = await done(custody, "pan", OPEN, **opening(custody))
    assert twice["code"] == "STOCKTAKE_OPEN"
    off = await done(
        custody, "jian", CALL_OFF, stocktakeId=first["id"], version=first["version"], reason="fire drill"
    )
    assert off["state"] == "CALLED_OFF"


async def test_a_count_is_a_node_for_who_reaches_it(custody):
    stocktake = await opened(custody)
    node = global_id("stocktake", stocktake.id)
    assert (await ask(await custody.desk("auditor"), NODE, id=node))["node"] == {"state": "OPEN"}
    seen = await ask(await custody.desk("yue"), "{ stocktakes(first: 5) { totalCount } }")
    assert seen["stocktakes"]["totalCount"] == 0


async def test_each_day_balances_and_closes_on_what_is_there(custody):
    """日结: opening, in, out and closing of every day on which anything moved; the next begins where the last ended."""
    days = [dt.timedelta(days=0), dt.timedelta(days=1), dt.timedelta(days=3)]
    for number, later in enumerate(days):
        custody.bank.now = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC) + later
        await custody.sent((number * 10, number * 10 + 4))
        await custody.posted(
            await custody.change((number * 10 + 5, number * 10 + 5), becomes=StockState.SPOILED)
        )
    rows = await StockDay.filter(institution_id=custody.place("SC").id).order_by("day")
    told = [(row.day.day, row.opening, row.came_in, row.went_out, row.closing) for row in rows]
    assert told == [(25, 0, 100, 6, 94), (26, 94, 0, 6, 88), (28, 88, 0, 6, 82)]
    lying = [last - first + 1 for state, first, last in await custody.lying("SC") if state == "IN_STOCK"]
    assert sum(lying) == rows[-1].closing == (await custody.account()).in_stock
