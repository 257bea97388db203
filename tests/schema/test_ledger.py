"""Holdings, accounts, days, the ledger and the way of one number in the graph (Notice 4, Annex 1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from models.stock import StockDay
from tests.schema.ask import ask, gid, refused

STOCK = """{
  stockHoldings(first: 9, orderBy: [FIRST_ASC]) { nodes { first last quantity state was institution { code }
    toInstitution { code } product { design } movement { kind } since } }
  stockAccounts(first: 9) { nodes { id received cameIn wentOut inStock inTransit reserved issued returned spoiled
    toDestroy destroyed missing countedOn quota onTheWay agrees institution { code } product { tier } } }
  stockDays(first: 9) { nodes { day opening cameIn wentOut closing movements institution { code } product { tier } } }
}"""


@pytest.mark.measure("N4d")
async def test_every_number_lies_in_one_place_and_the_account_counts_it(custody):
    await custody.stocked((0, 99))
    await custody.sent((10, 19))
    found = await ask(await custody.desk("ku"), STOCK)
    holdings = found["stockHoldings"]["nodes"]
    assert [
        (it["state"], it["was"], int(it["first"]), int(it["last"]), it["quantity"]) for it in holdings
    ] == [
        ("IN_STOCK", None, 0, 9, 10),
        ("IN_TRANSIT", "IN_STOCK", 10, 19, 10),
        ("IN_STOCK", None, 20, 99, 80),
    ]
    assert [it["toInstitution"] for it in holdings] == [None, {"code": "CDW"}, None]
    (account,) = found["stockAccounts"]["nodes"]
    assert (account["received"], account["inStock"], account["inTransit"]) == (100, 90, 10)
    assert account["agrees"] is True
    (day,) = found["stockDays"]["nodes"]
    assert (day["opening"], day["cameIn"], day["wentOut"], day["closing"]) == (0, 100, 10, 90)
    again = await ask(
        await custody.desk("ku"), "query ($id: ID!) { stockAccount(id: $id) { quota } }", id=account["id"]
    )
    assert again["stockAccount"] == {"quota": None}


async def test_an_account_that_differs_from_its_days_is_found(custody):
    await custody.stocked((0, 99))
    asked = "query ($yes: Boolean!) { stockAccounts(first: 9, where: {agrees: {eq: $yes}}) { totalCount } }"
    desk = await custody.desk("ku")
    await StockDay.all().update(came_in=101, closing=101)
    for yes, count in ((False, 1), (True, 0)):
        assert (await ask(desk, asked, yes=yes))["stockAccounts"]["totalCount"] == count


LEDGER = """query ($at: ID!, $of: ID!, $from: Date!, $to: Date!) {
  stockLedger(institutionId: $at, productId: $of, from: $from, to: $to) {
    opening cameIn wentOut closing days { day opening cameIn wentOut closing movements }
    receivedSoFar cameInSoFar wentOutSoFar states { state quantity } differences { what booked found }
  } }"""


async def test_the_ledger_carries_forward_and_says_how_all_cards_stand(custody):
    await custody.stocked((0, 99))
    await custody.sent((10, 19))
    given = {"at": gid(custody.place("SC")), "of": gid(custody.product)}
    desk = await custody.desk("ku")
    found = (await ask(desk, LEDGER, **given, **{"from": "2026-11-23", "to": "2026-11-25"}))["stockLedger"]
    assert (found["opening"], found["cameIn"], found["wentOut"], found["closing"]) == (0, 100, 10, 90)
    assert [(day["day"], day["closing"], day["movements"]) for day in found["days"]] == [
        ("2026-11-23", 0, 0),
        ("2026-11-24", 0, 0),
        ("2026-11-25", 90, 2),
    ]
    assert found["differences"] == []
    states = {one["state"]: one["quantity"] for one in found["states"]}
    assert states["IN_STOCK"] == 90
    assert states["IN_TRANSIT"] == 10
    assert found["receivedSoFar"] + found["cameInSoFar"] - found["wentOutSoFar"] == sum(states.values())


async def test_nobody_reads_the_ledger_of_a_stock_that_he_does_not_reach(custody):
    await custody.stocked((0, 99))
    days = {"from": "2026-11-23", "to": "2026-11-25"}
    given = {"at": gid(custody.place("SC")), "of": gid(custody.product)} | days
    assert await refused(await custody.desk("qi"), LEDGER, **given) == "NOT_FOUND"
    assert await refused(await custody.desk("lin"), LEDGER, **given) == "NOT_FOUND"
    assert await refused(await custody.desk("ku"), LEDGER, **given | {"to": "2026-11-26"}) == "BAD_PERIOD"
    assert await refused(await custody.desk("ku"), LEDGER, **given | {"at": given["of"]}) == "NOT_FOUND"
    assert (await ask(await custody.desk("auditor"), LEDGER, **given))["stockLedger"]["closing"] == 100


HISTORY = """query ($number: String!) { cardNumberHistory(number: $number, first: 20) { totalCount nodes {
  fromState toState movement { kind institution { code } other { code } } } } }"""


def steps(answer: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [
        (line["movement"]["kind"], line["movement"]["institution"]["code"], line["toState"])
        for line in answer["cardNumberHistory"]["nodes"]
    ]


async def test_a_number_tells_where_it_has_been_as_far_as_the_reader_reaches(custody):
    await custody.stocked((0, 99))
    custody.bank.now += dt.timedelta(minutes=1)
    sent = await custody.sent((10, 19))
    custody.bank.now += dt.timedelta(minutes=1)
    await custody.posted(await custody.counted(sent, (10, 19)), ("he", "zhao"))
    await custody.change((12, 12), who="he", place="CDW")  # drafted, so it has moved nothing
    number = custody.product.number(12)
    assert steps(await ask(await custody.desk("auditor"), HISTORY, number=number)) == [
        ("RECEIPT", "SC", "IN_STOCK"),
        ("ALLOCATE_OUT", "SC", "IN_TRANSIT"),
        ("ALLOCATE_IN", "CDW", "IN_STOCK"),
    ]
    assert steps(await ask(await custody.desk("he"), HISTORY, number=number)) == [
        ("ALLOCATE_IN", "CDW", "IN_STOCK")
    ]
    assert steps(await ask(await custody.desk("qi"), HISTORY, number=number)) == []
    assert steps(await ask(await custody.desk("ku"), HISTORY, number=custody.product.number(50))) == [
        ("RECEIPT", "SC", "IN_STOCK")
    ]
    other = custody.products["BRANCH"].number(12)
    assert steps(await ask(await custody.desk("ku"), HISTORY, number=other)) == []
    assert (
        await refused(await custody.desk("ku"), HISTORY, number="1010000000000011") == "BAD_VIP_CARD_NUMBER"
    )
