"""The generated bank, written once into a database of each kind."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from models.database import database
from tests.conftest import need
from tests.databases import Postgres
from tests.desk.conformance.bank import Bank, build


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
async def kind_of_database(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    postgres: Postgres | None,
) -> AsyncGenerator[str]:
    """`sqlite` or `postgres`; the database is open, migrated and empty."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("conformance") / "bank.sqlite3"
        shutil.copy(sqlite_template, path)
        async with database(f"sqlite://{path}"):
            yield "sqlite"
        return
    server = need(postgres)
    name = await server.create()
    try:
        async with database(server.url(name)):
            yield "postgres"
    finally:
        await server.drop(name)


@pytest.fixture(scope="module")
async def generated_bank(kind_of_database: str) -> Bank:
    return await build()
