"""Import runs: begun, ended, and told apart from those whose process died.

An import is at work while it holds the mark: a lock of its connection on PostgreSQL, of a file beside the database on
SQLite. Either is gone with the process. Whoever begins and finds no other mark knows that every run still RUNNING died.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import fcntl
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import UUID

from desk.dialect import connection, is_postgres
from models.imports import ImportRun
from models.vocabulary import ImportState

_MARK = 0x6775_6964  # any number, the same for every importer


@contextlib.asynccontextmanager
async def at_work(now: dt.datetime) -> AsyncGenerator[None]:
    """Hold the mark for a block. Runs that died before it are INTERRUPTED from `now` on."""
    way = _postgres_mark(now) if is_postgres() else _file_mark(now)
    async with way:
        yield


@contextlib.asynccontextmanager
async def _postgres_mark(now: dt.datetime) -> AsyncGenerator[None]:
    async with connection().acquire_connection() as raw:
        alone = await raw.fetchval("SELECT pg_try_advisory_lock($1)", _MARK)
        await raw.execute("SELECT pg_advisory_lock_shared($1)", _MARK)
        try:
            if alone:
                try:
                    await _interrupt(now)
                finally:
                    await raw.execute("SELECT pg_advisory_unlock($1)", _MARK)
            yield
        finally:
            await raw.execute("SELECT pg_advisory_unlock_shared($1)", _MARK)


@contextlib.asynccontextmanager
async def _file_mark(now: dt.datetime) -> AsyncGenerator[None]:
    client: Any = connection()
    name = str(client.filename)
    if name.startswith(":memory:"):
        await _interrupt(now)
        yield
        return
    with await asyncio.to_thread(Path(f"{name}.importing").open, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            # Others are at work. Beginning takes them a moment, in which they have the file for themselves.
            await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_SH)
        else:
            await _interrupt(now)
            fcntl.flock(file, fcntl.LOCK_SH)
        yield


async def _interrupt(now: dt.datetime) -> None:
    await ImportRun.filter(state=ImportState.RUNNING).update(state=ImportState.INTERRUPTED, finished_at=now)


async def open_run(run_id: UUID, staff_id: UUID, now: dt.datetime) -> None:
    await ImportRun.create(id=run_id, started_by_id=staff_id, started_at=now, state=ImportState.RUNNING)


async def finish_run(run_id: UUID, now: dt.datetime, *, ok: bool) -> None:
    state = ImportState.DONE if ok else ImportState.REFUSED
    await ImportRun.filter(id=run_id).update(state=state, finished_at=now)
