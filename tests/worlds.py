"""The banks that tests begin with. Each is built once by its own acts, and put back as it was for every test."""

from __future__ import annotations

import copy
import datetime as dt
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from authz import Policy
from desk.desk import adopt
from models.database import database
from tests.cards import Cards
from tests.cast import build
from tests.custody import Custody
from tests.databases import Postgres


@dataclass(frozen=True, slots=True)
class Kept:
    """What was built: the objects that tests hold it by, and the closed file or the SQL that puts it back."""

    world: Any
    rows: Path | str


class Worlds:
    """One for a process. `begun` is the world of the database that is open now: a copy, for one test to change."""

    def __init__(self, policy: Policy, empty: Path, folder: Path, now: dt.datetime) -> None:
        self.policy, self._empty, self._folder, self._now = policy, empty, folder, now
        self._kept: dict[tuple[str, bool], Kept] = {}
        self.begun: Any = None

    @staticmethod
    def asked(fixtures: Collection[str]) -> str:
        """The fullest world among the fixtures of a test; '' for an empty database."""
        return next((name for name in ("cards", "custody", "bank") if name in fixtures), "")

    async def _build(self, kind: str, url: str) -> Any:
        async with database(url):
            await adopt(self.policy)
            bank = await build(self._now)
            if kind == "custody":
                return await Custody.begin(bank, self.policy)
            if kind == "cards":
                return await (await Cards.begin(bank, self.policy)).filled()
            return bank

    def _begin(self, kept: Kept) -> None:
        # The policy is one for all: what is cached of it is found by its identity.
        self.begun = copy.deepcopy(kept.world, {id(self.policy): self.policy})

    async def on_sqlite(self, kind: str, path: Path) -> None:
        """Make a file with the world in it; an empty one for no kind."""
        self.begun = None
        if not kind:
            shutil.copy(self._empty, path)
            return
        kept = self._kept.get((kind, False))
        if kept is None:
            built = self._folder / f"{kind}.sqlite3"
            shutil.copy(self._empty, built)
            world = await self._build(kind, f"sqlite://{built}")
            kept = self._kept[kind, False] = Kept(world, built)
        shutil.copy(kept.rows, path)
        self._begin(kept)

    async def on_postgres(self, kind: str, server: Postgres) -> str:
        """The name of a database with the world in it."""
        self.begun = None
        if not kind:
            return await server.borrow()
        kept = self._kept.get((kind, True))
        if kept is None:
            name = await server.borrow()
            world = await self._build(kind, server.url(name))
            kept = self._kept[kind, True] = Kept(world, await server.rows_of(name))
            await server.give_back(name)
        self._begin(kept)
        return await server.borrow(str(kept.rows))
