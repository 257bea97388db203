"""Fresh houses to measure in: an embedded one in a temporary folder, and one on a PostgreSQL server."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from models.database import database, migrate

SERVER = os.environ.get("TEST_POSTGRES_URL", "postgres://root@127.0.0.1:5432/postgres")


@contextlib.asynccontextmanager
async def sqlite_house() -> AsyncGenerator[str]:
    """The URL of an open, migrated, empty embedded house; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="guibin-bench-") as folder:
        url = f"sqlite://{Path(folder) / 'bank.sqlite3'}"
        async with database(url):
            await migrate(url)
            yield url


@contextlib.asynccontextmanager
async def postgres_house(server: str = SERVER) -> AsyncGenerator[str]:
    """The URL of an open, migrated, empty house on a server; dropped afterwards."""
    url = await build(server=server)
    try:
        async with database(url):
            await migrate(url)
            yield url
    finally:
        await raze(url, server)


async def build(template: str = "", server: str = SERVER) -> str:
    """The URL of a new database: empty, or a copy of another one, which nobody may have open."""
    name = f"guibin_bench_{secrets.token_hex(4)}"
    copied = f" TEMPLATE {_name(template)}" if template else ""
    await _run(server, f"CREATE DATABASE {name}{copied}")
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


async def raze(url: str, server: str = SERVER) -> None:
    """Drop a database that `build` made, whoever has it open."""
    await _run(server, f"DROP DATABASE {_name(url)} WITH (FORCE)")


def _name(url: str) -> str:
    return urlsplit(url).path.strip("/")


async def _run(server: str, sql: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()
