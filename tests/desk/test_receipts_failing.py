"""Receipts that cannot be filed: a bad record, a trail that is away or locked, a reader or the filing itself ended."""

from __future__ import annotations

import asyncio

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError, OperationalError

from desk.dialect import is_postgres
from desk.receipts import file
from tests.desk.receipts import begun, ids, receipt, receipts, witnessed

witness = pytest.fixture(witnessed)


BAD = {
    "its id is taken": lambda taken: receipt()._replace(id=taken.id),
    "half a character": lambda taken: receipt()._replace(code="\ud842"),
    "no digest": lambda taken: receipt()._replace(digest=None),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
async def test_one_bad_record_stops_its_own_reader_only(bad, witness):
    taken = receipt()
    await file(taken)
    records = [*receipts(5), bad(taken), *receipts(5)]
    told = await asyncio.gather(*map(file, records), return_exceptions=True)
    assert isinstance(told.pop(5), Exception)
    assert told == [None] * 10
    assert await witness.ids() == ids([taken, *records[:5], *records[6:]])


@pytest.mark.postgres
@pytest.mark.parametrize("db", ["postgres"], indirect=True)
async def test_a_record_wider_than_its_column_stops_its_own_reader_only(witness):
    """SQLite knows no widths."""
    records = [*receipts(2), receipt("x" * 81), *receipts(2)]
    told = await asyncio.gather(*map(file, records), return_exceptions=True)
    assert isinstance(told.pop(2), OperationalError)
    assert told == [None] * 4
    assert await witness.ids() == ids([*records[:2], *records[3:]])


async def test_a_lone_bad_record_stops_its_reader(witness):
    taken = receipt()
    await file(taken)
    with pytest.raises(IntegrityError):
        await file(receipt()._replace(id=taken.id))
    assert await witness.ids() == {taken.id}


async def test_while_the_trail_is_not_there_nobody_goes_on(witness):
    records = receipts(20)
    await witness.run("ALTER TABLE access_record RENAME TO away")
    told = await asyncio.gather(*map(file, records), return_exceptions=True)
    assert [isinstance(answer, Exception) for answer in told] == [True] * 20
    await witness.run("ALTER TABLE away RENAME TO access_record")
    assert await witness.ids() == set()
    await asyncio.gather(*map(file, records))
    assert await witness.ids() == ids(records)


async def test_while_the_trail_is_locked_nobody_goes_on(witness):
    """The lock is waited for once by all of them together, not once by each."""
    shorter = "SET lock_timeout = '300ms'" if is_postgres() else "PRAGMA busy_timeout = 300"
    await get_connection("default").execute_script(shorter)
    records = receipts(200)
    await witness.hold()
    async with asyncio.timeout(30):
        told = await asyncio.gather(*map(file, records), return_exceptions=True)
    assert [isinstance(answer, Exception) for answer in told] == [True] * 200
    await witness.let_go()
    assert await witness.ids() == set()
    await file(records[0])
    assert await witness.ids() == {records[0].id}


async def test_a_reader_who_goes_away_takes_nobody_with_him(witness):
    records = receipts(6)
    await witness.hold()
    tasks = await begun(records)
    gone = {0, 3}  # one whose record is on its way, one who still waits
    for number in gone:
        tasks[number].cancel()
    await asyncio.wait([tasks[number] for number in gone])
    await witness.let_go()
    told = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(answer, asyncio.CancelledError) for answer in told] == [n in gone for n in range(6)]
    stayed = ids([record for number, record in enumerate(records) if number not in gone])
    assert stayed <= await witness.ids() <= ids(records)


async def test_when_the_filing_itself_is_ended_everybody_is_told(witness):
    """As when the event loop closes. Nobody hangs, nobody goes on, and the next one starts anew."""
    await witness.hold()
    tasks = await begun(receipts(4))
    await witness.somebody_waits()
    (filing,) = [task for task in asyncio.all_tasks() if task.get_name() == "receipts"]
    filing.cancel()
    async with asyncio.timeout(30):
        told = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(answer) for answer in told] == [asyncio.CancelledError] * 4
    await witness.let_go()
    later = receipt()
    await file(later)
    assert later.id in await witness.ids()
