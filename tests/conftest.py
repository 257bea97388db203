"""Fixtures that every test may use: keys, an empty migrated database of each kind, the small bank, and a desk."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from authz import Policy
from desk.desk import Desk, adopt
from models import vault
from models.database import database, migrate
from tests.cards import Cards
from tests.cast import Cast, build
from tests.custody import Custody
from tests.databases import HOW, Postgres
from tests.summary import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]

NOW = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="session", autouse=True)
def keys() -> vault.Keys:
    """Fixed keys, so that goldens with masks and cursors hold."""
    keys = vault.Keys({1: bytes(range(32))}, 1, bytes(range(32, 64)))
    vault.install(keys)
    return keys


@pytest.fixture(scope="session")
def policy() -> Policy:
    return Policy.load()


@pytest.fixture(scope="session")
async def postgres() -> AsyncGenerator[Postgres | None]:
    """The server, or None where there is none: tests that need one then skip, or fail under REQUIRE_POSTGRES=1."""
    server = await Postgres.find()
    if server is not None:
        await server.make_template()
    yield server
    if server is not None:
        await server.close()


def need(server: Postgres | None) -> Postgres:
    if server is None:
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail(HOW)
        pytest.skip(HOW)
    return server


@pytest.fixture(scope="session")
async def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    async with database(f"sqlite://{path}"):
        await migrate(f"sqlite://{path}")
    return path


@pytest.fixture(params=["sqlite", "postgres"])
async def db(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path, postgres: Postgres | None
) -> AsyncGenerator[str]:
    """The URL of an open, migrated, empty database, of each kind in turn."""
    if request.param == "sqlite":
        path = tmp_path / "bank.sqlite3"
        shutil.copy(sqlite_template, path)
        url = f"sqlite://{path}"
        async with database(url):
            yield url
        return
    server = need(postgres)
    name = await server.borrow()
    try:
        async with database(server.url(name)):
            yield server.url(name)
    finally:
        await server.give_back(name)


@pytest.fixture
async def bank(db: str, policy: Policy) -> Cast:
    """The small bank of tests/cast.py, as of NOW."""
    await adopt(policy)
    return await build(NOW)


@pytest.fixture
async def custody(bank: Cast, policy: Policy) -> Custody:
    """The small bank with two more pairs who keep cards (tests/custody.py)."""
    return await Custody.begin(bank, policy)


@pytest.fixture
async def cards(bank: Cast, policy: Policy) -> Cards:
    """The same with a member, and a stock of cards for him (tests/cards.py)."""
    return await (await Cards.begin(bank, policy)).filled()


@pytest.fixture
def seat(policy: Policy):
    """Sit somebody down at NOW or at another moment: `await seat(staff)`."""

    async def take(staff, now: dt.datetime = NOW) -> Desk:
        return await Desk.take(policy, staff.id, now)

    return take
