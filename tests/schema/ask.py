"""Asking the graph in tests: as somebody, with errors told apart by code."""

from __future__ import annotations

from typing import Any

from tortoise.models import Model

from desk.desk import Desk
from schema import schema
from schema.context import Context
from schema.scalars import global_id


async def ask(desk: Desk, query: str, **variables: Any) -> dict[str, Any]:
    """The data of a query that must have no error."""
    answer = await schema.execute(query, variable_values=variables, context_value=Context(desk))
    assert not answer.errors, answer.errors
    assert answer.data is not None
    return answer.data


async def refused(desk: Desk, query: str, **variables: Any) -> str:
    """The one error code of a query that must have no data."""
    answer = await schema.execute(query, variable_values=variables, context_value=Context(desk))
    assert answer.errors, answer.data
    assert len(answer.errors) == 1, answer.errors
    original = answer.errors[0].original_error
    return str(
        getattr(original, "code", "") or answer.errors[0].extensions.get("code", answer.errors[0].message)
    )


def gid(row: Model) -> str:
    """The opaque id of a row."""
    return global_id(row._meta.db_table, row.pk)
