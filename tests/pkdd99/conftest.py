"""The Czech bank for tests: converted once, imported once into each kind of database, copied for who changes it."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx2
import pytest

from authz import Policy
from models.database import database
from models.vault import Keys
from tests.conftest import need
from tests.databases import Postgres
from tests.pkdd99 import oracle
from tests.pkdd99.bank import RAW, Timings, bring_in, screen_all, written
from tests.pkdd99.expected import Expected
from tests.pkdd99.handed_in import HandedIn
from tests.pkdd99.visitors import app_on, client_of
from tests.shared_data import shared


@pytest.fixture(scope="session")
def raw() -> Path:
    return shared(RAW)


@pytest.fixture(scope="session")
def folder(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The converter's files."""
    return written(raw, tmp_path_factory.mktemp("pkdd99"))


@pytest.fixture(scope="session")
def second(raw: Path) -> oracle.Bank:
    """The second computation's bank."""
    return oracle.load(raw)


@pytest.fixture(scope="session")
def handed_in(folder: Path) -> HandedIn:
    return HandedIn(folder)


@pytest.fixture
def expected(handed_in: HandedIn, second: oracle.Bank) -> Expected:
    return Expected.of(handed_in, second)


@pytest.fixture(scope="session")
async def sqlite_bank(
    sqlite_template: Path, folder: Path, policy: Policy, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A file with the bank, screened."""
    path = tmp_path_factory.mktemp("bank") / "czech.sqlite3"
    shutil.copy(sqlite_template, path)
    async with database(f"sqlite://{path}"):
        await fill(policy, folder, "sqlite")
    return path


@pytest.fixture(scope="session")
async def postgres_bank(
    postgres: Postgres | None, folder: Path, policy: Policy
) -> AsyncGenerator[str | None]:
    """The name of a database with the bank, screened."""
    if postgres is None:
        yield None
        return
    name = await postgres.create()
    async with database(postgres.url(name)):
        await fill(policy, folder, "postgres")
    yield name
    await postgres.drop(name)


async def fill(policy: Policy, folder: Path, label: str) -> None:
    timings = Timings(label)
    await bring_in(policy, folder, timings)
    await screen_all(policy, timings)


@pytest.fixture(params=["sqlite", "postgres"])
async def czech(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    sqlite_bank: Path,
    postgres: Postgres | None,
    postgres_bank: str | None,
) -> AsyncGenerator[str]:
    """The URL of an open copy of the bank, of each kind in turn."""
    if request.param == "sqlite":
        path = tmp_path / "czech.sqlite3"
        shutil.copy(sqlite_bank, path)
        async with database(f"sqlite://{path}"):
            yield f"sqlite://{path}"
        return
    server = need(postgres)
    name = f"guibin_czech_{secrets.token_hex(4)}"
    await server.run(f"CREATE DATABASE {name} TEMPLATE {postgres_bank}")
    try:
        async with database(server.url(name)):
            yield server.url(name)
    finally:
        await server.drop(name)


@pytest.fixture
async def http(czech: str, keys: Keys) -> AsyncGenerator[httpx2.AsyncClient]:
    """A client of the real app on the copy."""
    async with client_of(app_on(czech, keys)) as client:
        yield client
