"""The bank with a whole history, on a fresh copy of one SQLite database, or on PostgreSQL."""

from __future__ import annotations

import copy
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from authz import Policy
from desk.desk import adopt
from models.database import database
from tests import cast
from tests.conftest import NOW
from tests.schema.whole import Whole, build


@pytest.fixture(scope="session")
async def whole_template(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, policy: Policy
) -> tuple[Path, Whole]:
    """A closed SQLite file with the whole bank in it."""
    path = tmp_path_factory.mktemp("whole") / "whole.sqlite3"
    shutil.copy(sqlite_template, path)
    async with database(f"sqlite://{path}"):
        await adopt(policy)
        whole = await build(await cast.build(NOW))
    return path, whole


@pytest.fixture
async def whole_file(whole_template: tuple[Path, Whole], tmp_path: Path) -> Path:
    """A copy of one's own, closed."""
    return Path(shutil.copy(whole_template[0], tmp_path / "whole.sqlite3"))


@pytest.fixture
async def whole(whole_template: tuple[Path, Whole], whole_file: Path) -> AsyncGenerator[Whole]:
    """The whole bank, open on SQLite."""
    async with database(f"sqlite://{whole_file}"):
        yield copy.copy(whole_template[1])
