"""The store: sets of rows in and out of a table, by COPY on PostgreSQL and executemany on SQLite."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import sqlite3
import struct
from collections.abc import Callable, Collection, Iterable, Sequence
from enum import Enum
from typing import Any

import asyncpg
import orjson

from desk.dialect import connection, is_postgres, plain

_NULL = b"\xff\xff\xff\xff"
_HEAD = b"PGCOPY\n\xff\r\n\0" + b"\0" * 8
_TAIL = b"\xff\xff"
_DAY_ZERO = dt.date(2000, 1, 1)
_TIME_ZERO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_LENGTH = struct.Struct(">i")


class Collision(Exception):
    """A row with the same key is already there."""


class Type(Enum):
    """How a column is held: the word is PostgreSQL's."""

    BOOL = "boolean"
    BYTES = "bytea"
    DATE = "date"
    INT = "integer"
    LONG = "bigint"
    TEXT = "text"
    TIME = "timestamptz"
    UUID = "uuid"


class Same:
    """One value for every row of a column."""

    def __init__(self, value: Any) -> None:
        self.value = value


Columns = dict[str, tuple[Type, Sequence[Any] | Same]]
"""Columns to write: the name, how it is held, and its values, all of one length."""


def turned(types: dict[str, Type], rows: Sequence[Sequence[Any]]) -> Columns:
    """Rows as columns, in the order of `types`."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(types)
    return {name: (type, values) for (name, type), values in zip(types.items(), columns, strict=True)}


class Store:
    """The tables as an import sees them. Made inside a transaction and used within it."""

    def __init__(self) -> None:
        self._client = connection()
        self.postgres = is_postgres(self._client)
        self.is_not = "IS DISTINCT FROM" if self.postgres else "IS NOT"

    async def lock(self, number: int) -> None:
        """One holder at a time until its transaction ends. SQLite has one writer anyway."""
        if self.postgres:
            await self.fetch("SELECT pg_advisory_xact_lock($1::bigint)", [number])

    async def insert(self, table: str, columns: Columns) -> int:
        """Write rows; how many. Raises Collision when a unique key is taken; the transaction must then roll back."""
        rows = max((len(values) for _, values in columns.values() if not isinstance(values, Same)), default=0)
        if not rows:
            return 0
        try:
            async with self._client.acquire_connection() as raw:
                if self.postgres:
                    packed = io.BytesIO(_pack(columns, rows))
                    await raw.copy_to_table(table, source=packed, columns=list(columns), format="binary")
                else:
                    places = ", ".join("?" * len(columns))
                    names = ", ".join(columns)
                    await raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", _plain(columns))
        except (
            asyncpg.UniqueViolationError,
            asyncpg.ExclusionViolationError,
            sqlite3.IntegrityError,
        ) as taken:
            raise Collision from taken
        return rows

    async def fetch(self, text: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows of a query with `$1`-style places, each value bound once, in order."""
        if self.postgres:
            return list(await self._client.execute_query_dict(text, list(values)))
        return list(
            await self._client.execute_query_dict(_numbered(text), [plain(value) for value in values])
        )

    async def execute(self, text: str, values: Sequence[Any] = ()) -> None:
        if self.postgres:
            await self._client.execute_query(text, list(values))
        else:
            await self._client.execute_query(_numbered(text), [plain(value) for value in values])

    async def find(
        self, select: str, column: str, keys: Collection[Any], type: Type = Type.TEXT
    ) -> list[dict[str, Any]]:
        """Rows of `select` (which ends before its condition on `column`) whose `column` is one of `keys`."""
        return (
            await self.fetch(f"{select} {self.among(column, 1, type)}", [self.several(keys)]) if keys else []
        )

    def cast(self, place: int, type: Type) -> str:
        """SQL: the value bound at `place`, held like a column of that type."""
        return f"${place}::{type.value}" if self.postgres else f"${place}"

    def among(self, column: str, place: int, type: Type = Type.TEXT) -> str:
        """SQL: the column is one of the values bound at `place` by `several`."""
        if self.postgres:
            return f"{column} = ANY(${place}::{type.value}[])"
        return f"{column} IN (SELECT value FROM json_each(${place}))"

    def several(self, keys: Iterable[Any]) -> Any:
        return list(keys) if self.postgres else orjson.dumps([plain(key) for key in keys]).decode()

    async def update(self, table: str, columns: Columns, key: str) -> None:
        """Set columns of the rows whose `key` column, one of `columns`, has the values given."""
        changed = [name for name in columns if name != key]
        rows = list(zip(*(_values(columns, name) for name in [*changed, key]), strict=True))
        if not rows:
            return
        if self.postgres:
            settings = ", ".join(f"{name} = ${n}" for n, name in enumerate(changed, 1))
            text = f"UPDATE {table} SET {settings} WHERE {key} = ${len(columns)}"
            await self._client.execute_many(text, [list(row) for row in rows])
        else:
            settings = ", ".join(f"{name} = ?" for name in changed)
            async with self._client.acquire_connection() as raw:
                await raw.executemany(
                    f"UPDATE {table} SET {settings} WHERE {key} = ?",
                    ([plain(cell) for cell in row] for row in rows),
                )


def _numbered(text: str) -> str:
    return text.replace("$", "?")


def _values(columns: Columns, name: str) -> Iterable[Any]:
    values = columns[name][1]
    if isinstance(values, Same):
        rows = next((len(other) for _, other in columns.values() if not isinstance(other, Same)), 0)
        return itertools.repeat(values.value, rows)
    return values


def _plain(columns: Columns) -> Iterable[tuple[Any, ...]]:
    """Rows as SQLite holds them. Days and ids are turned once for each that differs."""
    return zip(*(_plain_column(type, values) for type, values in columns.values()), strict=False)


def _plain_column(type: Type, values: Sequence[Any] | Same) -> Iterable[Any]:
    if isinstance(values, Same):
        return itertools.repeat(plain(values.value))
    if type in (Type.DATE, Type.TIME, Type.UUID):
        turned = {value: plain(value) for value in set(values)}
        return map(turned.__getitem__, values)
    return values


def _pack(columns: Columns, rows: int) -> bytes:
    """Rows in PostgreSQL's binary COPY format, which the server takes in about half the time of text."""
    body = _pack_fixed(columns, rows)
    if body is None:
        head = itertools.repeat(struct.pack(">h", len(columns)), rows)
        cells = (_pack_column(type, values) for type, values in columns.values())
        body = itertools.chain.from_iterable(zip(head, *cells, strict=False))
    return b"".join((_HEAD, *body, _TAIL))


def _pack_fixed(columns: Columns, rows: int) -> Iterable[bytes] | None:
    """Rows that differ in whole numbers and days only, each by one call. None for others."""
    form = ">h"
    parts: list[Iterable[Any]] = [itertools.repeat(len(columns), rows)]
    for type, values in columns.values():
        if isinstance(values, Same):
            cell = _NULL if values.value is None else _PACKERS[type](values.value)
            form += f"{len(cell)}s"
            parts.append(itertools.repeat(cell))
            continue
        if type not in (Type.DATE, Type.INT, Type.LONG) or None in values:
            return None
        if type is Type.DATE:
            days = {day: (day - _DAY_ZERO).days for day in set(values)}
            values = list(map(days.__getitem__, values))
        form += "iq" if type is Type.LONG else "ii"
        parts += [itertools.repeat(8 if type is Type.LONG else 4), values]
    return map(struct.Struct(form).pack, *parts)


def _pack_column(type: Type, values: Sequence[Any] | Same) -> Iterable[bytes]:
    pack = _PACKERS[type]
    if isinstance(values, Same):
        return itertools.repeat(_NULL if values.value is None else pack(values.value))
    if type in _WHOLE and None not in values:
        return map(_WHOLE[type].pack, itertools.repeat(_WHOLE[type].size - 4), values)
    if type in (Type.DATE, Type.TEXT, Type.TIME):
        distinct = set(values)
        if len(distinct) < len(values) // 2:
            packed = {value: _NULL if value is None else pack(value) for value in distinct}
            return map(packed.__getitem__, values)
    return [_NULL if value is None else pack(value) for value in values]


def _sized(data: bytes) -> bytes:
    return _LENGTH.pack(len(data)) + data


_WHOLE = {Type.INT: struct.Struct(">ii"), Type.LONG: struct.Struct(">iq")}
_PACKERS: dict[Type, Callable[[Any], bytes]] = {
    Type.BOOL: lambda value: b"\0\0\0\1" + bytes([value]),
    Type.BYTES: _sized,
    Type.DATE: lambda value: _WHOLE[Type.INT].pack(4, (value - _DAY_ZERO).days),
    Type.INT: lambda value: _WHOLE[Type.INT].pack(4, value),
    Type.LONG: lambda value: _WHOLE[Type.LONG].pack(8, value),
    Type.TEXT: lambda value: _sized(value.encode()),
    Type.TIME: lambda value: _WHOLE[Type.LONG].pack(8, (value - _TIME_ZERO) // _MICROSECOND),
    Type.UUID: lambda value: _sized(value.bytes),
}
