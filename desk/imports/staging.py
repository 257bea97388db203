"""Staging: a block of figures beside the table, compared there, and written as new rows or new versions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from desk.imports.store import Columns, Same, Store, Type

_BLOCK = "import_block"


@dataclass(frozen=True, slots=True)
class Shape:
    """A table of versioned figures: what makes a row the same, and what may be corrected."""

    table: str
    keys: dict[str, Type]
    values: dict[str, Type]

    @property
    def types(self) -> dict[str, Type]:
        return self.keys | self.values


@dataclass(slots=True)
class Staging:
    """One file's way through the staging table. No key may stand twice in what is merged."""

    store: Store
    shape: Shape
    import_id: UUID
    now: dt.datetime
    new: int = 0
    unchanged: int = 0
    corrected: int = 0
    corrected_accounts: set[int] = field(default_factory=set)

    @property
    def stamp(self) -> Columns:
        """What every row of this file says of its origin."""
        return {"import_id": (Type.UUID, Same(self.import_id)), "recorded_at": (Type.TIME, Same(self.now))}

    async def create(self) -> None:
        columns = {"place": Type.INT, "version": Type.INT, **self.shape.types}
        described = ", ".join(f"{name} {type.value}" for name, type in columns.items())
        await self.store.execute(f"CREATE TEMP TABLE {_BLOCK} ({described})")
        await self._look_up_by_key(True)

    async def drop(self) -> None:
        await self._look_up_by_key(False)
        await self.store.execute(f"DROP TABLE {_BLOCK}")

    async def _look_up_by_key(self, only: bool) -> None:
        """Make PostgreSQL find each row of a block by its key, whatever it believes of tables it has not measured yet.

        It would else read the whole table, or compile a program, for every block: a million rows took two minutes.
        """
        if self.store.postgres:
            for way in ("enable_hashjoin", "enable_mergejoin", "enable_bitmapscan", "enable_material", "jit"):
                await self.store.execute(f"SET LOCAL {way} TO {'off' if only else 'DEFAULT'}")

    async def merge(self, columns: Columns) -> None:
        """Take in one block: new keys become rows, other values become versions, the rest stays."""
        store, shape = self.store, self.shape
        # Deleted rows would stay in the way of every later block on PostgreSQL.
        await store.execute(f"TRUNCATE {_BLOCK}" if store.postgres else f"DELETE FROM {_BLOCK}")
        rows = max(len(values) for _, values in columns.values() if not isinstance(values, Same))
        numbered: Columns = {"place": (Type.INT, range(rows)), "version": (Type.INT, Same(1))}
        await store.insert(_BLOCK, numbered | columns)
        same = " AND ".join(f"t.{name} = s.{name}" for name in shape.keys) + " AND t.superseded_at IS NULL"
        differs = " OR ".join(f"t.{name} {store.is_not} s.{name}" for name in shape.values)
        await store.execute(
            f"UPDATE {_BLOCK} AS s SET version = t.version + 1 FROM {shape.table} t WHERE {same} AND ({differs})"
        )
        held = await store.fetch(f"SELECT COUNT(*) AS held FROM {_BLOCK} s JOIN {shape.table} t ON {same}")
        changed = await store.fetch(
            f"SELECT account_serial, COUNT(*) AS figures FROM {_BLOCK} WHERE version > 1 GROUP BY account_serial"
        )
        if changed:
            await store.execute(
                f"UPDATE {shape.table} AS t SET superseded_at = {store.cast(1, Type.TIME)} FROM {_BLOCK} s"
                f" WHERE {same} AND s.version > 1",
                [self.now],
            )
        names = ", ".join(shape.types)
        picked = ", ".join(f"s.{name}" for name in shape.types)
        await store.execute(
            f"INSERT INTO {shape.table} ({names}, version, import_id, recorded_at)"
            f" SELECT {picked}, s.version, {store.cast(1, Type.UUID)}, {store.cast(2, Type.TIME)} FROM {_BLOCK} s"
            f" WHERE NOT EXISTS (SELECT 1 FROM {shape.table} t WHERE {same}) ORDER BY s.place",
            [self.import_id, self.now],
        )
        corrected = sum(row["figures"] for row in changed)
        self.corrected += corrected
        self.unchanged += held[0]["held"] - corrected
        self.new += rows - held[0]["held"]
        self.corrected_accounts |= {row["account_serial"] for row in changed}
