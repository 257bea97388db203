"""Receipts to file, and a witness of what is committed of them."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from tortoise.connection import get_connection

from desk.receipts import file
from desk.trail import ALLOW, Entry, Record, record_of
from tests.conftest import NOW


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

    async def run(self, sql: str) -> list[tuple[Any, ...]]:
        async with self._turn:
            if self._sqlite is not None:
                return self._sqlite.execute(sql).fetchall()
            assert self._postgres is not None
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


async def witnessed(db: str) -> AsyncGenerator[Witness]:
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


async def begun(records: list[Record]) -> list[asyncio.Task[None]]:
    """The first record on its way to the database, the others come while it is."""
    first = asyncio.create_task(file(records[0]))
    for _ in range(3):
        await asyncio.sleep(0)
    tasks = [first, *(asyncio.create_task(file(record)) for record in records[1:])]
    await asyncio.sleep(0)
    return tasks
