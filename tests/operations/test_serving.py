"""Served for real: roles as docker-compose.yml makes them, two servers on one PostgreSQL, revocation at once on both."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx2
import pytest

from api.copies import run_tool
from tests.api.house import KEYS, ME, SIGN_IN, code_of, token_of
from tests.conftest import need
from tests.databases import Postgres
from tests.operations.servers import ROOT, run, serving

PASSWORD = "lantern-in-the-rain-9"
SQL = ROOT / "docker" / "roles.sql.in"


@dataclass
class Compose:
    """What docker-compose.yml sets up, on a server at hand: a database, its owner, and the workers' role."""

    admin: str
    database: str
    owner: str
    app: str

    def url(self, role: str) -> str:
        parts = urlsplit(self.admin)
        where = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{role}:{PASSWORD}@{where}", path=f"/{self.database}"))

    def environment(self, role: str, **more: str) -> dict[str, str]:
        return {
            "GUIBIN_ENV": "production",
            "GUIBIN_DATABASE_URL": self.url(role),
            "GUIBIN_KEYS": KEYS,
            "GUIBIN_TRUSTED_PROXIES": "127.0.0.2",
        } | more


@pytest.fixture(scope="module")
async def compose(postgres: Postgres | None) -> AsyncGenerator[Compose]:
    server = need(postgres)
    if shutil.which("psql") is None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/psql"))
        assert found, "docker/roles.sql.in is run by psql. Install the PostgreSQL client"
        os.environ["PATH"] += f"{os.pathsep}{found[-1].parent}"
    tag = secrets.token_hex(4)
    made = Compose(server.admin_url, f"guibin_test_{tag}", f"guibin_owner_{tag}", f"guibin_app_{tag}")
    variables = {
        "database": made.database,
        "owner": made.owner,
        "app": made.app,
        "owner_password": PASSWORD,
        "app_password": PASSWORD,
    }
    given = [f"--set={name}={value}" for name, value in variables.items()]
    await asyncio.to_thread(
        run_tool, "psql", server.admin_url, "--no-psqlrc", "--set=ON_ERROR_STOP=1", *given, f"--file={SQL}"
    )
    yield made
    await server.drop(made.database)
    for role in (made.owner, made.app):
        await server.run(f"DROP ROLE {role}")


@pytest.fixture(scope="module")
async def migrated(compose: Compose) -> Compose:
    """As the one-shot `migrate` service leaves it, with its first administrators."""
    owner = compose.environment(compose.owner, GUIBIN_APP_ROLE=compose.app)
    assert "Applied 0001_initial" in await run(owner, "migrate")
    for number, role in (("A1", "sys_admin"), ("A2", "sec_admin")):
        await run(
            owner, "create-admin", "--number", number, "--name", "安", "--identity-kind", "OTHER",
            "--identity-number", f"ID-{number}", "--role", role, stdin=PASSWORD + "\n",
        )  # fmt: skip
    return compose


async def ask(address: str, query: str, token: str = "", **variables: Any) -> httpx2.Response:
    # A connection for each request: with several workers behind one port, any of them may get it.
    async with httpx2.AsyncClient() as client:
        return await client.post(
            f"{address}/graphql",
            json={"query": query, "variables": variables},
            headers={"authorization": f"Bearer {token}"} if token else {},
        )


async def me(address: str, token: str) -> str:
    body = (await ask(address, ME, token)).json()
    return body["data"]["me"]["number"] if body.get("data") else code_of(body)


async def sign_in(address: str, number: str) -> str:
    answer = await ask(address, SIGN_IN, number=number, password=PASSWORD)
    assert answer.json()["data"]["signIn"]["__typename"] == "Session", answer.text
    assert answer.headers["set-cookie"].startswith("__Host-guibin=")
    return token_of(answer)


@pytest.mark.postgres
async def test_two_servers_forget_a_session_at_once(migrated: Compose) -> None:
    app = migrated.environment(migrated.app)
    async with serving(app) as (one, _), serving(app, "--workers", "2") as (two, many):
        token = await sign_in(one, "A1")
        assert {await me(one, token), await me(two, token)} == {"A1"}
        assert (await ask(two, "mutation { signOut { at } }", token)).status_code == 200
        found = [await me(address, token) for address in (one, two) for _ in range(20)]
        assert set(found) == {"UNAUTHENTICATED"}
        # A suspension too, made on the command line by the role of the workers.
        other = await sign_in(two, "A1")
        assert await me(one, other) == "A1"
        await run(app, "people", "suspend", "A1", "--reason", "inquiry", "--as", "A2")
        assert {await me(address, other) for address in (one, two) for _ in range(10)} == {"UNAUTHENTICATED"}
        await run(app, "people", "reinstate", "A1", "--reason", "cleared", "--as", "A2")
        assert await me(one, await sign_in(two, "A1")) == "A1"
    assert many.returncode == 0


@pytest.mark.postgres
async def test_the_workers_cannot_change_the_trail(migrated: Compose) -> None:
    connection = await asyncpg.connect(migrated.url(migrated.app))
    try:
        assert await connection.fetchval("SELECT count(*) FROM access_record") > 0
        for table in ("access_record", "placement", "ownership"):
            for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)
        for statement in (
            "DROP TABLE access_record",
            "ALTER TABLE access_record DISABLE TRIGGER ALL",
            "CREATE TABLE mine (id int)",
            "DROP FUNCTION refuse_rewrite() CASCADE",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.postgres
async def test_even_the_owner_meets_the_trigger(migrated: Compose) -> None:
    connection = await asyncpg.connect(migrated.url(migrated.owner))
    try:
        for statement in (
            "UPDATE access_record SET code = 'X'",
            "DELETE FROM access_record",
            "TRUNCATE access_record",
        ):
            with pytest.raises(asyncpg.RaiseError, match="append-only"):
                await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.postgres
async def test_migrating_again_does_nothing(migrated: Compose) -> None:
    owner = migrated.environment(migrated.owner, GUIBIN_APP_ROLE=migrated.app)
    assert "Nothing to do" in await run(owner, "migrate")


@pytest.mark.postgres
async def test_the_owner_takes_a_backup(migrated: Compose, tmp_path: Path) -> None:
    said = await run(
        migrated.environment(migrated.owner), "backup", str(tmp_path / "bank.backup"), "--as", "A1"
    )
    assert "are written" in said


async def test_sqlite_serves_one_worker_whatever_was_asked(tmp_path: Path, demo_file: Path) -> None:
    target = tmp_path / "demo.sqlite3"
    shutil.copy(demo_file, target)
    environment = {"GUIBIN_DATABASE_URL": f"sqlite://{target}", "GUIBIN_KEYS": KEYS}
    async with serving(environment, "--workers", "3") as (address, process):
        answer = await ask(address, SIGN_IN, number="S100001", password="qingtong-demo")
        token = token_of(answer)
        assert await me(address, token) == "S100001"
        body = (await ask(address, "{ customers(first: 1, portfolio: MINE) { totalCount } }", token)).json()
        assert body["data"]["customers"]["totalCount"] > 0
    # uvicorn ends its requests, and then itself by the signal that it was sent.
    assert process.returncode == -signal.SIGTERM
