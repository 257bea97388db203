"""Receipts: a read's record in the trail, committed before anything is answered, many by one commit under load.

While one commit is under way the records of further readers gather, and the next commit takes all of them. A lone
record waits for nothing.
"""

from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.exceptions import IntegrityError

from desk.dialect import connection
from desk.trail import Record, insert

MOST = 256
"""Records that one INSERT takes at most."""

Waiting = tuple[Record, "asyncio.Future[None]"]


async def file(record: Record) -> None:
    """Return once the record is committed (Art. 11). Whoever releases cells calls this first, then answers.

    Inside a transaction the record belongs to it, and commits or rolls back with it. Raises what the database said
    when the record could not be committed: then nothing may be answered. A caller that is cancelled leaves its
    record behind, so there may be a record too many and never one too few.
    """
    client = connection()
    if isinstance(client, TransactionalDBClient):
        await insert(client, (record,))
        return
    clerk = _clerks.get(client)
    if clerk is None:
        clerk = _clerks[client] = _Clerk()
    await clerk.file(client, record)


class _Clerk:
    """The filing clerk of one connection, so of one database in one event loop: Tortoise gives each loop its own.

    He keeps no hold on the connection between rounds, and is gone when it is.
    """

    def __init__(self) -> None:
        self._tray: list[Waiting] = []
        self._rounds: asyncio.Task[None] | None = None

    async def file(self, client: BaseDBAsyncClient, record: Record) -> None:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._tray.append((record, done))
        if self._rounds is None or self._rounds.done():
            # A task of its own: a reader who goes away must not take the others' records with him.
            self._rounds = loop.create_task(self._empty_tray(client), name="receipts")
        await done

    async def _empty_tray(self, client: BaseDBAsyncClient) -> None:
        taken: list[Waiting] = []
        try:
            while self._tray:
                taken, self._tray = self._tray[:MOST], self._tray[MOST:]
                await _commit(client, taken)
        finally:
            # Ended from outside, the loop being closed: nobody is left waiting, and nobody is told that it is done.
            for _, done in (*taken, *self._tray):
                done.cancel()
            self._tray = []


async def _commit(client: BaseDBAsyncClient, waiting: list[Waiting]) -> None:
    """Commit these records and wake who waits for them. One bad record does not refuse the others."""
    try:
        await insert(client, [record for record, _ in waiting])
    except Exception as broken:  # noqa: BLE001 - whatever it is, those who wait must hear of it
        if len(waiting) > 1 and _is_of_a_record(broken):
            for each in waiting:
                await _commit(client, [each])
            return
        for _, done in waiting:
            if not done.done():
                done.set_exception(broken)
    else:
        for _, done in waiting:
            if not done.done():
                done.set_result(None)


def _is_of_a_record(broken: Exception) -> bool:
    """Whether what one record holds was refused. Else the database is, and every try alone would wait for it anew."""
    return isinstance(broken, IntegrityError | ValueError) or isinstance(broken.__cause__, asyncpg.DataError)


_clerks: WeakKeyDictionary[BaseDBAsyncClient, _Clerk] = WeakKeyDictionary()
