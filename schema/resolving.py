"""The two ways a root field answers: a list, or one row. Both go through desk.read and nothing else."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from desk.errors import NotFound
from desk.selection import Selection
from schema.context import Info
from schema.fields import arguments_of
from schema.node import TABLE_KEY
from schema.paging import paged
from schema.scalars import row_id, split_id
from schema.sections import purpose_of
from schema.selection import list_selection, rows_selection


async def listed(info: Info, table: str) -> Any:
    """A connection of all that the person reaches."""
    selection = list_selection(info._raw_info, table, arguments_of(info))
    return paged(await info.context.desk.working_on(info.field_name).read(selection))


async def single(info: Info, table: str, id: str) -> Any:
    """One row, or NOT_FOUND, whether it is absent, invisible or its id malformed. That somebody asked is on record."""
    async with _on_record(info, table):
        return await by_row_id(info, table, row_id(table, id))


async def by_row_id(info: Info, table: str, row: UUID) -> Any:
    purpose = purpose_of(arguments_of(info).get("purpose"))
    base = Selection(table, ids=(row,), purpose=purpose)
    selection = rows_selection(info._raw_info, table, base)
    answer = await info.context.desk.working_on(info.field_name).read(selection)
    if not answer.rows:
        raise NotFound
    found = answer.rows[0]
    found[TABLE_KEY] = table
    return found


async def any_node(info: Info, id: str, tables: frozenset[str]) -> Any:
    """One row of any table that has nodes, or NOT_FOUND, on record."""
    async with _on_record(info, "node"):
        table, row = split_id(id)
        if table not in tables:
            raise NotFound
        return await by_row_id(info, table, row)


@asynccontextmanager
async def _on_record(info: Info, table: str) -> AsyncGenerator[None]:
    """Denied and allowed looks are both logged (domain.md 5.3), so whoever tries ids leaves a trail of it."""
    desk = info.context.desk  # nobody learns anything of an id before he has signed in
    try:
        yield
    except NotFound:
        await desk.working_on(info.field_name).refuse(table, NotFound.code)
        raise
