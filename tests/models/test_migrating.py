"""The quick migrator leaves the very tables that Tortoise's own leaves."""

from __future__ import annotations

from pathlib import Path

from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from models.database import config, database, migrate


async def made_of(url: str) -> list[tuple[str, str, str]]:
    rows = await get_connection("default").execute_query_dict("SELECT type, name, sql FROM sqlite_master")
    return sorted((row["type"], row["name"], row["sql"] or "") for row in rows)


async def test_the_same_is_executed(tmp_path: Path) -> None:
    quick, slow = f"sqlite://{tmp_path / 'quick.sqlite3'}", f"sqlite://{tmp_path / 'slow.sqlite3'}"
    async with database(quick):
        await migrate(quick)
        found = await made_of(quick)
    async with database(slow):
        await MigrationExecutor(get_connection("default"), config(slow)["apps"]).migrate()
        assert found == await made_of(slow)
    assert len(found) > 150


async def test_migrating_in_two_goes_is_migrating_in_one(tmp_path: Path) -> None:
    """A house of an earlier release, whose models are projected from what was applied."""
    once, twice = f"sqlite://{tmp_path / 'once.sqlite3'}", f"sqlite://{tmp_path / 'twice.sqlite3'}"
    async with database(once):
        await migrate(once)
        found = await made_of(once)
    async with database(twice):
        own = MigrationExecutor(get_connection("default"), config(twice)["apps"])
        await own.migrate([MigrationTarget(app_label="models", name="0002_guards")])
        await migrate(twice)
        assert await made_of(twice) == found
