"""Two processes on one SQLite file: whoever begins a transaction is the one who writes, and the other waits its turn."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from tortoise.transactions import in_transaction

import models.sqlite
from models.database import database, migrate
from models.institutions import House
from models.sqlite import Busy


@pytest.fixture
async def file(tmp_path: Path, sqlite_template: Path) -> Path:
    path = tmp_path / "house.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    return path


async def test_a_transaction_that_has_only_read_may_still_write(file: Path) -> None:
    async with database(f"sqlite://{file}"), in_transaction():
        house = await House.get()
        other = sqlite3.connect(file, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("UPDATE house SET tree_epoch = 99")
        other.close()
        await House.filter(id=house.id).update(tree_epoch=house.tree_epoch + 1)
    with sqlite3.connect(file) as after:
        assert after.execute("SELECT tree_epoch FROM house").fetchone() == (1,)


async def test_it_waits_for_the_other(file: Path) -> None:
    other = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE house SET tree_epoch = 41")
    released = threading.Timer(0.3, other.execute, ("COMMIT",))
    async with database(f"sqlite://{file}"):
        released.start()
        async with in_transaction():
            house = await House.get()
            await House.filter(id=house.id).update(tree_epoch=house.tree_epoch + 1)
        assert (await House.get()).tree_epoch == 42
    other.close()


async def test_it_gives_up_with_words(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.database.WAIT", 50)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with database(f"sqlite://{file}"):
        begun = time.monotonic()
        with pytest.raises(Busy, match="busy with other work"):
            async with in_transaction():
                pytest.fail("the other one has the database")
        assert time.monotonic() - begun < models.sqlite.WAIT / 1000
        other.execute("ROLLBACK")
        async with in_transaction():
            await House.get()
    other.close()


async def test_a_fresh_file_is_migrated(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path / 'new.sqlite3'}"
    async with database(url):
        await migrate(url)
        assert (await House.get()).tree_epoch == 0
