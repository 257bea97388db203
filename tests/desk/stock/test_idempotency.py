"""One effect and one outcome for a key, also when the process that had it was killed: after its commit, before it, or at
whatever moment (api.md, decisions.md 20)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from desk.dialect import is_postgres
from models.movements import Signature, StockMovement
from models.stock import StockAccount
from models.trail import IdempotencyKey
from tests.desk.stock import machine_checks as checks
from tests.desk.stock.racing import Attempt, Racers
from tests.digest import digest, refused

KEY = "one sheet of paper"
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND {}"


@asynccontextmanager
async def worker(db: str, many: int = 1) -> AsyncGenerator[Racers]:
    started = await Racers.start(db, many)
    try:
        yield started
    finally:
        if started.workers[0].returncode is None:
            await started.close()


def attempt(custody, act: str, who: str, **told: Any) -> Attempt:
    return Attempt(act, custody.bank.staff[who].id, told | {"idempotency_key": KEY})


def countersigning(custody, signed: StockMovement) -> Attempt:
    return attempt(custody, "countersign", "jian", movement_id=signed.id, version=signed.version)


async def is_whole(movement: StockMovement, quantity: int) -> None:
    """Posted once: with both signatures, one key, and so many cards."""
    assert (await StockMovement.get(id=movement.id)).state == "POSTED"
    assert await Signature.filter(movement_id=movement.id).count() == 2
    assert (await StockAccount.get()).received == quantity
    assert await IdempotencyKey.filter(key=KEY).count() == 1
    await checks.check(await checks.read_book())


async def test_killed_after_its_commit_before_its_answer(custody, db):
    order = await custody.order()
    told = {"order_id": order.id, "ranges": [["0", "9"]]}
    async with worker(db) as process:
        await process.prepare([attempt(custody, "draft_receipt", "ku", **told)], custody.bank.now)
        await process.go()
        await process.done()
        await process.kill()
    drafted = await StockMovement.get()
    before = await digest()
    again = await custody.receipt(order, (0, 9), idempotency_key=KEY)
    assert again.id == drafted.id
    # Nothing is done for the second time, not even recorded: the first has its record.
    assert await digest() == before


async def test_killed_before_its_commit(custody, db):
    signed = await custody.sign(await custody.receipt(await custody.order(), (0, 9)))
    async with worker(db) as process:
        await process.prepare([countersigning(custody, signed)], custody.bank.now)
        before = await digest()
        async with in_its_way(db):
            await process.go()
            await waits(db)
            await process.kill()
        await has_gone(db)
    assert await digest() == before
    assert await StockAccount.all().count() == 0
    for _ in range(2):
        assert (await custody.countersign(signed, idempotency_key=KEY)).id == signed.id
    await is_whole(signed, 10)


@pytest.mark.parametrize("after", [0.0, 0.03, 0.1, 0.3])
async def test_killed_at_whatever_moment(custody, db, after):
    """A long list takes a while. Whether it was posted or not, it is posted once."""
    many = 600
    listed = [(2 * n, 2 * n) for n in range(many)]
    signed = await custody.sign(await custody.receipt(await custody.order(), *listed))
    before = await digest()
    async with worker(db) as process:
        await process.prepare([countersigning(custody, signed)], custody.bank.now)
        await process.go()
        await asyncio.sleep(after)
        await process.kill()
        await has_gone(db)
    if (await StockMovement.get(id=signed.id)).state != "POSTED":
        assert await digest() == before
    assert (await custody.countersign(signed, idempotency_key=KEY)).id == signed.id
    await is_whole(signed, many)


async def test_one_key_forty_times_at_once_by_two_processes(custody, db):
    order = await custody.order()
    told = {"order_id": order.id, "ranges": [["0", "9"]]}
    async with worker(db, 2) as processes:
        one = attempt(custody, "draft_receipt", "ku", **told)
        outcomes = await processes.race([one] * 40, custody.bank.now)
    assert {outcome.code for outcome in outcomes} == {"OK"}
    assert {outcome.id for outcome in outcomes} == {str((await StockMovement.get()).id)}


async def test_a_key_is_of_one_request(custody):
    order = await custody.order()
    first = await custody.receipt(order, (0, 9), idempotency_key=KEY)
    desk = await custody.desk("ku")
    async with refused("IDEMPOTENCY_CONFLICT", desk):
        await custody.receipt(order, (0, 8), idempotency_key=KEY)
    assert (await custody.receipt(order, (0, 9), idempotency_key=KEY)).id == first.id


@asynccontextmanager
async def in_its_way(db: str) -> AsyncGenerator[None]:
    """Nobody can post while this lasts: a lock on PostgreSQL that the act comes to when it has signed; on SQLite, where
    one writes at a time, the place at the head of the queue."""
    if is_postgres():
        connection = await asyncpg.connect(db)
        try:
            async with connection.transaction():
                await connection.execute("LOCK TABLE stock_account IN ACCESS EXCLUSIVE MODE")
                yield
        finally:
            await connection.close()
        return
    held = sqlite3.connect(db.removeprefix("sqlite://"), isolation_level=None)
    try:
        held.execute("BEGIN IMMEDIATE")
        yield
    finally:
        held.close()


async def waits(db: str) -> None:
    if is_postgres():
        await until(db, "wait_event_type = 'Lock'", 1)
    else:
        await asyncio.sleep(0.5)


async def has_gone(db: str) -> None:
    """What a killed process had begun is given up by the database as soon as it notices."""
    if is_postgres():
        await until(db, "state IN ('active', 'idle in transaction')", 0)


async def until(db: str, what: str, many: int) -> None:
    connection = await asyncpg.connect(db)
    try:
        async with asyncio.timeout(60):
            while await connection.fetchval(OTHERS.format(what)) != many:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    finally:
        await connection.close()
