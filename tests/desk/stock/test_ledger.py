"""The ledger: each business day carried on from the one before, and three books that must say the same (Annex 1)."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.errors import NotFound
from desk.people.given import BadPeriod
from desk.stock.ledger import moved, read_ledger, record_export, standings
from models.movements import MovementLine
from models.people import Assignment
from models.serials import BadVipCardNumber
from models.stock import StockAccount, StockDay, StockHolding
from models.trail import AccessRecord
from tests.cast import START
from tests.digest import changed, digest
from tests.schema.statements import statements

FIRST = dt.date(2026, 11, 20)


async def told(custody, who: str = "ku", place: str = "SC", last: dt.date | None = None, **more):
    desk = await custody.desk(who)
    asked = {
        "institution_id": custody.place(place).id,
        "product_id": custody.product.id,
        "first": FIRST,
        "last": last or desk.today,
    }
    return await read_ledger(desk, **asked | more)


async def a_week(custody) -> None:
    """The 20th: 100 received. The 22nd: 10 sent, 1 void. The 25th: the 10 sent come back by a reversal."""
    now = custody.bank.now
    custody.bank.now = now - dt.timedelta(days=5)
    await custody.stocked((0, 99))
    custody.bank.now = now - dt.timedelta(days=3)
    sent = await custody.sent((10, 19))
    await custody.posted(await custody.change((50, 50)))
    custody.bank.now = now
    await custody.posted(await custody.reversal(sent))


async def test_every_day_is_there_and_carries_on_from_the_one_before(custody):
    await a_week(custody)
    found = await told(custody)
    days = [
        (day.day.day, day.opening, day.came_in, day.went_out, day.closing, day.movements)
        for day in found.days
    ]
    assert days == [
        (20, 0, 100, 0, 100, 1),
        (21, 100, 0, 0, 100, 0),
        (22, 100, 0, 11, 89, 2),
        (23, 89, 0, 0, 89, 0),
        (24, 89, 0, 0, 89, 0),
        (25, 89, 10, 0, 99, 1),
    ]
    assert (found.opening, found.came_in, found.went_out, found.closing) == (0, 110, 11, 99)
    assert found.differences() == []


async def test_a_part_of_it_opens_with_what_was_there_before(custody):
    await a_week(custody)
    part = await told(custody, first=dt.date(2026, 11, 23), last=dt.date(2026, 11, 24))
    assert (part.opening, part.closing, len(part.days)) == (89, 89, 2)
    ever = await told(custody, first=dt.date(2026, 11, 1), last=dt.date(2026, 11, 2))
    assert (ever.opening, ever.closing) == (0, 0)


async def test_the_day_is_the_one_in_shanghai(custody):
    """Posted at 17:00 UTC, which is the next day there."""
    custody.bank.now = dt.datetime(2026, 11, 23, 17, tzinfo=dt.UTC)
    await custody.stocked((0, 9))
    found = await told(custody)
    assert [day.day.day for day in found.days if day.movements] == [24]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (dt.date(2026, 11, 21), FIRST, "is after"),
        (FIRST, dt.date(2026, 11, 26), "has not come yet"),
        (dt.date(2025, 11, 19), FIRST, "at most 366 days"),
    ],
)
async def test_days_that_are_no_period_are_refused(custody, first, last, said):
    await custody.stocked((0, 9))
    with pytest.raises(BadPeriod, match=said):
        await told(custody, first=first, last=last)
    assert len((await told(custody, first=dt.date(2025, 11, 20), last=dt.date(2026, 11, 20))).days) == 366


async def test_who_does_not_reach_a_stock_has_no_ledger_of_it(custody):
    await custody.stocked((0, 9))
    for who in ("qi", "lin", "han", "sysadmin", "nobody"):
        with pytest.raises(NotFound):
            await told(custody, who)
    for who in ("ku", "jian", "pan", "officer", "auditor"):
        assert (await told(custody, who)).closing == 10
    with pytest.raises(NotFound):
        await told(custody, "auditor", "CDW")  # it never had a card


async def test_each_book_that_says_something_else_is_named(custody):
    await a_week(custody)

    async def said() -> list[str]:
        return [one.what for one in (await told(custody)).differences()]

    day = await StockDay.filter(day=dt.date(2026, 11, 22)).get()
    await StockDay.filter(id=day.id).update(opening=101, closing=90)
    assert await said() == [
        "2026-11-22 opening, and the closing before it",
        "2026-11-25 opening, and the closing before it",
    ]
    await StockDay.filter(id=day.id).update(opening=100, closing=89)
    last = StockDay.filter(day=dt.date(2026, 11, 25))
    await last.update(came_in=11, closing=100)
    assert await said() == ["IN_STOCK by account and by days", "IN_STOCK by account and by the last closing"]
    await last.update(came_in=10, closing=99)
    holding = await StockHolding.filter(state="SPOILED").get()
    await StockHolding.filter(id=holding.id).update(state="MISSING")
    assert await said() == ["SPOILED by account and by holdings", "MISSING by account and by holdings"]
    account = await StockAccount.get(institution_id=custody.place("SC").id)
    await StockAccount.filter(id=account.id).update(spoiled=0, missing=1)
    assert await said() == []


async def test_all_accounts_that_somebody_reaches_and_no_others(custody):
    await custody.stocked((0, 99))
    await custody.arrived((10, 19))
    seen = {who: [one.institution["code"] for one in await standings(await custody.desk(who))] for who in (
        "auditor", "ku", "he", "qi", "pan",
    )}  # fmt: skip
    assert seen == {"auditor": ["CDW", "SC"], "ku": ["SC"], "he": ["CDW"], "qi": [], "pan": ["CDW", "SC"]}


async def test_an_export_leaves_its_record_and_nothing_else(custody):
    await custody.stocked((0, 9))
    found = await told(custody)
    before = await digest()
    await record_export(await custody.desk("ku"), found)
    assert changed(before, await digest()) == {"access_record": 1}
    record = await AccessRecord.get(operation="exportStockLedger")
    assert (record.object_id, record.row_count) == (found.standing.id, 6)


def test_only_a_number_that_proves_itself_has_a_history():
    with pytest.raises(BadVipCardNumber):
        moved("1010000000000122")
    with pytest.raises(BadVipCardNumber):
        moved("12")


async def test_a_ledger_costs_the_same_however_many_numbers_lie_about(custody):
    """Counts are summed by the database; no list of numbers is read."""
    await custody.stocked(*((2 * number, 2 * number) for number in range(300)))
    with statements() as sent:
        found = await told(custody)
    assert found.closing == 300
    assert len([text for text, _ in sent if "stock_" in text]) <= 3
    assert await MovementLine.all().count() == 300


async def test_a_person_with_two_places_reads_both(custody):
    await Assignment.create(
        staff=custody.bank.staff["ku"], role="card_custodian", institution=custody.place("CDW"),
        department="PERSONAL_BANKING", valid_from=START, recorded_at=START,
    )  # fmt: skip
    await custody.stocked((0, 99))
    await custody.arrived((10, 19))
    found = await standings(await custody.desk("ku"))
    assert [(one.institution["code"], one.cells["in_stock"]) for one in found] == [("CDW", 10), ("SC", 90)]
