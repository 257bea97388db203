"""Fixtures that every test may use: keys, an empty migrated database of each kind, the small bank, and a desk."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from api.heap import settle
from authz import Policy
from desk.desk import Desk
from models import vault
from models.database import database, migrate
from tests.cards import Cards
from tests.cast import Cast
from tests.custody import Custody
from tests.databases import HOW, Postgres
from tests.summary import pytest_terminal_summary
from tests.worlds import Worlds

__all__ = ["pytest_terminal_summary"]

NOW = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)


LONGEST = (
    "schema/corpus/test_corpus.py",
    "schema/test_sweep.py",
    "schema/test_paths.py",
    "schema/test_twins.py",
)
"""Files that take minutes. Whoever begins with them does not wait for the last of them alone at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    turns = {here / name: turn for turn, name in enumerate(LONGEST)}
    assert all(path.exists() for path in turns)
    items.sort(key=lambda item: turns.get(item.path, len(turns)))


def pytest_collection_finish() -> None:
    """Some thousand tests and all that they import stay until the end: the collector need not look through them again."""
    settle()


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


@pytest.fixture(scope="session")
def worlds(policy: Policy, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return Worlds(policy, sqlite_template, tmp_path_factory.mktemp("worlds"), NOW)


@pytest.fixture(params=["sqlite", "postgres"])
async def db(
    request: pytest.FixtureRequest, tmp_path: Path, worlds: Worlds, postgres: Postgres | None
) -> AsyncGenerator[str]:
    """The URL of an open, migrated database, of each kind in turn: empty, or with the world that the test asks for."""
    kind = worlds.asked(request.fixturenames)
    if request.param == "sqlite":
        path = tmp_path / "bank.sqlite3"
        await worlds.on_sqlite(kind, path)
        url = f"sqlite://{path}"
        async with database(url):
            yield url
        return
    server = need(postgres)
    name = await worlds.on_postgres(kind, server)
    try:
        async with database(server.url(name)):
            yield server.url(name)
    finally:
        await server.give_back(name)


@pytest.fixture
async def bank(db: str, worlds: Worlds) -> Cast:
    """The small bank of tests/cast.py, as of NOW."""
    begun: Cast | Custody = worlds.begun
    return begun.bank if isinstance(begun, Custody) else begun


@pytest.fixture
async def custody(db: str, worlds: Worlds) -> Custody:
    """The small bank with two more pairs who keep cards (tests/custody.py)."""
    begun: Custody = worlds.begun
    return begun


@pytest.fixture
async def cards(db: str, worlds: Worlds) -> Cards:
    """The same with a member, and a stock of cards for him (tests/cards.py)."""
    begun: Cards = worlds.begun
    return begun


@pytest.fixture
def seat(policy: Policy):
    """Sit somebody down at NOW or at another moment: `await seat(staff)`."""

    async def take(staff, now: dt.datetime = NOW) -> Desk:
        return await Desk.take(policy, staff.id, now)

    return take
