"""The two ways a root field answers: a list, or one row. Both go through desk.read and nothing else."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from desk.errors import NotFound
from schema.context import Info
from schema.planned import Planned
from schema.recipes import list_plan, row_plan
from schema.scalars import row_id, split_id
from schema.sections import PurposeInput


async def listed(info: Info, table: str) -> Any:
    """A connection of all that the person reaches."""
    desk = info.context.desk.working_on(info.field_name)
    text = await desk.answer(*list_plan(info._raw_info, table))
    assert text is not None  # a list is always there
    return Planned(text)


async def single(info: Info, table: str, id: str, purpose: PurposeInput | None = None) -> Any:
    """One row, or NOT_FOUND, whether it is absent, invisible or its id malformed. That somebody asked is on record."""
    async with _on_record(info, table):
        return await by_row_id(info, table, row_id(table, id), purpose)


async def by_row_id(info: Info, table: str, row: UUID, purpose: PurposeInput | None = None) -> Any:
    desk = info.context.desk.working_on(info.field_name)
    why = purpose.told() if purpose else None
    text = await desk.answer(*row_plan(info._raw_info, table, row, why))
    if text is None:
        raise NotFound
    return Planned(text)


async def any_node(info: Info, id: str, tables: frozenset[str], purpose: PurposeInput | None) -> Any:
    """One row of any table that has nodes, or NOT_FOUND, on record."""
    async with _on_record(info, "node"):
        table, row = split_id(id)
        if table not in tables:
            raise NotFound
        return await by_row_id(info, table, row, purpose)


@asynccontextmanager
async def _on_record(info: Info, table: str) -> AsyncGenerator[None]:
    """Denied and allowed looks are both logged (domain.md 5.3), so whoever tries ids leaves a trail of it."""
    desk = info.context.desk  # nobody learns anything of an id before he has signed in
    try:
        yield
    except NotFound:
        await desk.working_on(info.field_name).refuse(table, NotFound.code)
        raise
