"""Receipts on both databases: committed before anybody goes on, many by one commit, and nobody goes on without one."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hashlib
import shutil
import sqlite3
import weakref
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import asyncpg
import orjson
import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError, OperationalError
from tortoise.transactions import in_transaction

from desk.dialect import is_postgres
from desk.receipts import MOST, file
from desk.trail import ALLOW, Entry, Record, record_of
from models.database import database
from models.trail import AccessRecord
from tests.conftest import NOW, need

SHANGHAI = ZoneInfo("Asia/Shanghai")


def receipt(operation: str = "customers") -> Record:
    entry = Entry(operation, ALLOW, "customer", customer_id=uuid4(), more={"rows": 3, "basis": "ORDINARY"})
    return record_of(entry, sitter=None, session_id=uuid4(), now=NOW, policy_version="v1")


def receipts(count: int) -> list[Record]:
    return [receipt() for _ in range(count)]


def ids(records: list[Record]) -> set[UUID]:
    return {record.id for record in records}


@dataclass
class Witness:
    """A second connection to the same database, which sees only what is committed. It can hold up all writing."""

    url: str
    _postgres: asyncpg.Connection | None = None
    _sqlite: sqlite3.Connection | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self, sql: str) -> list[tuple]:
        async with self._turn:
            if self._sqlite is not None:
                return self._sqlite.execute(sql).fetchall()
            return [tuple(row) for row in await self._postgres.fetch(sql)]

    async def ids(self) -> set[UUID]:
        return {UUID(str(key)) for (key,) in await self.run("SELECT id FROM access_record")}

    async def hold(self) -> None:
        if self._sqlite is not None:
            await self.run("BEGIN IMMEDIATE")
        else:
            await self.run("BEGIN")
            await self.run("LOCK TABLE access_record IN SHARE MODE")

    async def somebody_waits(self) -> None:
        """Return once a statement really waits for the lock: PostgreSQL forgets a cancellation that comes before it."""
        while self._postgres is not None and not await self.run("SELECT 1 FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.01)

    async def let_go(self) -> None:
        await self.run("COMMIT")


@pytest.fixture
async def witness(db: str) -> AsyncGenerator[Witness]:
    await get_connection("default").execute_query("SELECT 1")  # our own side is connected too
    if db.startswith("sqlite://"):
        with contextlib.closing(
            sqlite3.connect(db.removeprefix("sqlite://"), isolation_level=None)
        ) as beside:
            yield Witness(db, _sqlite=beside)
        return
    connection = await asyncpg.connect(db)
    yield Witness(db, _postgres=connection)
    await connection.close()


@contextlib.asynccontextmanager
async def counted(witness: Witness) -> AsyncGenerator[list[int]]:
    """How many INSERTs into the trail, each with its own commit, the block took."""
    found: list[int] = []
    if is_postgres():
        yield found
        # Every row bears the number of the transaction that wrote it.
        found.append((await witness.run("SELECT COUNT(DISTINCT xmin::text) FROM access_record"))[0][0])
        return
    texts: list[str] = []
    driver = get_connection("default")._connection
    await driver.set_trace_callback(texts.append)
    yield found
    await driver.set_trace_callback(None)
    found.append(sum(text.startswith("INSERT INTO access_record") for text in texts))
    assert not any(text.startswith("BEGIN") for text in texts)


async def begun(records: list[Record]) -> list[asyncio.Task[None]]:
    """The first record on its way to the database, the others come while it is."""
    first = asyncio.create_task(file(records[0]))
    for _ in range(3):
        await asyncio.sleep(0)
    tasks = [first, *(asyncio.create_task(file(record)) for record in records[1:])]
    await asyncio.sleep(0)
    return tasks


async def test_fifty_readers_at_once_each_go_on_with_a_committed_record(witness):
    records = receipts(50)

    async def read(record: Record) -> bool:
        await file(record)
        return record.id in await witness.ids()

    async with counted(witness) as inserts:
        assert await asyncio.gather(*map(read, records)) == [True] * 50
    assert await witness.ids() == ids(records)
    assert 1 <= inserts[0] < 10


async def test_nobody_goes_on_before_the_commit_and_those_who_wait_share_the_next_one(witness):
    records = receipts(50)
    async with counted(witness) as inserts:
        await witness.hold()
        tasks = await begun(records)
        done, waiting = await asyncio.wait(tasks, timeout=0.2)
        assert (len(done), len(waiting)) == (0, 50)
        assert await witness.ids() == set()
        await witness.let_go()
        await asyncio.gather(*tasks)
    assert await witness.ids() == ids(records)
    assert inserts == [2]


async def test_one_insert_takes_so_many_and_no_more(witness):
    records = receipts(MOST + 2)
    async with counted(witness) as inserts:
        await witness.hold()
        tasks = await begun(records)
        await witness.let_go()
        await asyncio.gather(*tasks)
    assert await witness.ids() == ids(records)
    assert inserts == [3]


async def test_without_load_every_record_is_written_by_itself(witness):
    records = receipts(3)
    async with counted(witness) as inserts:
        for record in records:
            await file(record)
            assert record.id in await witness.ids()
    assert inserts == [3]


async def test_records_read_back_as_they_were_filed(witness):
    """By the statement for one and by the statement for many."""
    lone, *many = receipts(4)
    await file(lone)
    await asyncio.gather(*map(file, many))
    for record in (lone, *many):
        row = await AccessRecord.get(id=record.id)
        assert {name: getattr(row, name) for name in Record._fields} == record._asdict()


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


class ActFailed(Exception):
    """What an act stops with."""


async def test_in_an_act_the_record_stands_or_falls_with_it(witness):
    kept, undone, beside = receipts(3)
    async with asyncio.timeout(30), in_transaction():
        await file(kept)
        assert await witness.ids() == set()
    assert await witness.ids() == {kept.id}

    async def act() -> None:
        async with in_transaction():
            await file(undone)
            assert await AccessRecord.filter(id=undone.id).exists()
            raise ActFailed

    told = await asyncio.gather(act(), file(beside), return_exceptions=True)
    assert [type(answer) for answer in told] == [ActFailed, type(None)]
    assert await witness.ids() == {kept.id, beside.id}


async def test_databases_one_after_another_keep_their_own(sqlite_template: Path, tmp_path: Path, postgres):
    server = need(postgres)
    names = [await server.create(), await server.create()]
    paths = [tmp_path / "first.sqlite3", tmp_path / "second.sqlite3"]
    for path in paths:
        shutil.copy(sqlite_template, path)
    urls = [f"sqlite://{paths[0]}", server.url(names[0]), f"sqlite://{paths[1]}", server.url(names[1])]
    connections, filed = [], []
    try:
        for url in urls:
            async with asyncio.timeout(30), database(url):
                connections.append(weakref.ref(get_connection("default")))
                filed.append(receipts(3))
                await asyncio.gather(*map(file, filed[-1]))
        for url, records in zip(urls, filed, strict=True):
            async with database(url):
                assert set(await AccessRecord.all().values_list("id", flat=True)) == ids(records)
    finally:
        for name in names:
            await server.drop(name)
    gc.collect()
    assert [connection() for connection in connections] == [None] * 4


def test_a_record_is_its_canonical_text_and_the_digest_of_it():
    customer, session = uuid4(), uuid4()
    entry = Entry("customers", ALLOW, "customer", customer_id=customer, more={"rows": 3, "purpose": "ADVICE"})
    record = record_of(
        entry, sitter=None, session_id=session, now=NOW.astimezone(SHANGHAI), policy_version="v1"
    )
    assert orjson.loads(record.record) == {
        "id": str(record.id),
        "at": "2026-11-25T02:00:00+00:00",
        "operation": "customers",
        "decision": "ALLOW",
        "code": "",
        "staff": None,
        "staff_id": None,
        "person_id": None,
        "seats": [],
        "session": str(session),
        "resource": "customer",
        "object_id": None,
        "customer_id": str(customer),
        "policy_version": "v1",
        "rows": 3,
        "purpose": "ADVICE",
    }
    assert record.digest == hashlib.sha256(record.record.encode()).hexdigest()
    assert (record.row_count, record.purpose, record.basis, record.customer_id) == (3, "ADVICE", "", customer)
