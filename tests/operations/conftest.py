"""The demo bank, loaded once for each database by the command itself, and a copy of it for each test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.conftest import need
from tests.databases import Postgres
from tests.operations.cli import ok

CUSTOMERS = 200


@pytest.fixture(scope="session")
async def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    await ok(f"sqlite://{path}", "demo", "--customers", CUSTOMERS)
    return path


@pytest.fixture(scope="session")
async def demo_name(postgres: Postgres | None) -> AsyncGenerator[str]:
    """The name of a demo bank on the server; empty where there is none."""
    if postgres is None:
        yield ""
        return
    name = await postgres.create()
    await ok(postgres.url(name), "demo", "--customers", CUSTOMERS)
    yield name
    await postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgres"])
async def demo(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    demo_file: Path,
    demo_name: str,
    postgres: Postgres | None,
) -> AsyncGenerator[str]:
    """The URL of a demo bank of one's own, of each kind in turn."""
    if request.param == "sqlite":
        target = tmp_path / "demo.sqlite3"
        shutil.copy(demo_file, target)
        yield f"sqlite://{target}"
        return
    server = need(postgres)
    name = await server.copy(demo_name)
    yield server.url(name)
    await server.drop(name)


@pytest.fixture(params=["sqlite", "postgres"])
async def empty(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: Postgres | None
) -> AsyncGenerator[str]:
    """The URL of a database without a table, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite://{tmp_path / 'empty.sqlite3'}"
        return
    server = need(postgres)
    name = await server.copy("template0")
    yield server.url(name)
    await server.drop(name)


@pytest.fixture
def nowhere(tmp_path: Path) -> str:
    """The URL of an embedded database that nobody has made, for what does not depend on the kind."""
    return f"sqlite://{tmp_path / 'nowhere.sqlite3'}"
