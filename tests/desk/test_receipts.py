"""Receipts on both databases: committed before anybody goes on, many by one commit, and nobody goes on without one."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hashlib
import shutil
import weakref
from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import orjson
import pytest
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from desk.dialect import is_postgres
from desk.receipts import MOST, file
from desk.trail import ALLOW, Entry, Record, record_of
from models.database import database
from models.trail import AccessRecord
from tests.conftest import NOW, need
from tests.desk.receipts import Witness, begun, ids, receipts, witnessed

SHANGHAI = ZoneInfo("Asia/Shanghai")

witness = pytest.fixture(witnessed)


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
