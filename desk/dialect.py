"""SQL text for two databases: numbered parameters, values bound in each database's own form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection


def connection() -> BaseDBAsyncClient:
    """The connection of the current transaction, or the pool."""
    return get_connection("default")


def is_postgres(client: BaseDBAsyncClient | None = None) -> bool:
    return (client or connection()).capabilities.dialect == "postgres"


class Statement:
    """A statement being written. `bind` puts a value into the parameters and returns its place in the text.

    Values never stand in the text. An equal value is bound once on PostgreSQL.
    """

    def __init__(self, postgres: bool) -> None:
        self.postgres = postgres
        self.values: list[Any] = []
        self.written: dict[Any, tuple[Any, str]] = {}
        """Conditions that are already written, each beside what it was written of."""
        self._places: dict[tuple[type, Any], str] = {}

    def bind(self, value: Any, cast: str = "") -> str:
        if isinstance(value, UUID):
            value = as_uuid(value)  # asyncpg gives a subclass, which no cast is known for
        if self.postgres:
            place = self._places.get((type(value), value))
            if place is None:
                self.values.append(value)
                place = self._places[(type(value), value)] = f"${len(self.values)}"
            return f"{place}::{cast or CASTS.get(type(value), 'text')}"
        self.values.append(plain(value))
        # Numbered, because the text may repeat or reorder a fragment that is already written.
        return f"?{len(self.values)}"

    def any_of(self, column: str, values: Iterable[Any], cast: str = "uuid") -> str:
        """`column` is one of `values`; nothing when there are none."""
        found = sorted(values, key=str)
        if not found:
            return "(1 = 0)"
        if self.postgres:
            self.values.append(found)
            return f"{column} = ANY(${len(self.values)}::{cast}[])"
        places = ", ".join(self.bind(value) for value in found)
        return f"{column} IN ({places})"


CASTS: dict[type, str] = {
    bool: "boolean",
    dt.date: "date",
    dt.datetime: "timestamptz",
    Decimal: "numeric",
    int: "bigint",
    str: "text",
    UUID: "uuid",
}


def plain(value: Any) -> Any:
    """A value as SQLite holds it: ids and times as text, times in UTC, as Tortoise writes them."""
    if type(value) is str:
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    return value


async def fetch(statement: Statement, text: str) -> list[dict[str, Any]]:
    rows = await connection().execute_query_dict(text, statement.values)
    return [dict(row) for row in rows]


def as_uuid(value: Any) -> UUID:
    return value if type(value) is UUID else UUID(str(value))


def as_date(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def as_datetime(value: Any) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if isinstance(value, str) else value
