"""A digest of the whole database, so that a refusal can be shown to have changed nothing but the trail."""

from __future__ import annotations

import hashlib
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import pytest

from desk.desk import Desk
from desk.dialect import connection, is_postgres
from desk.errors import Forbidden, NotFound
from models.errors import Refusal
from models.trail import AccessRecord

ASIDE = frozenset({"session", "sign_in_attempt"})
TRAIL = "access_record"


class Rows(NamedTuple):
    count: int
    sha256: str


async def digest() -> dict[str, Rows]:
    """Row count and SHA-256 of every table but sessions and rate buckets, read with plain SQL."""
    if is_postgres():
        tables = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    else:
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    names = sorted(row["name"] for row in await connection().execute_query_dict(tables))
    return {name: await _of(name) for name in names if name not in ASIDE}


async def _of(table: str) -> Rows:
    rows = await connection().execute_query_dict(f'SELECT * FROM "{table}"')
    lines = sorted(repr(sorted(dict(row).items())) for row in rows)
    return Rows(len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest())


def changed(before: dict[str, Rows], after: dict[str, Rows]) -> dict[str, int]:
    """By table, how many rows more; 0 when rows were rewritten."""
    assert before.keys() == after.keys()
    return {name: after[name].count - before[name].count for name in before if before[name] != after[name]}


@asynccontextmanager
async def refused(code: str, desk: Desk) -> Any:
    """The block is refused with this code: nothing changes, and the trail has one refusal of this person more."""
    before, known = await digest(), set(await AccessRecord.all().values_list("id", flat=True))
    with pytest.raises((Refusal, Forbidden, NotFound)) as caught:
        yield caught
    assert caught.value.code == code
    assert changed(before, await digest()) == {TRAIL: 1}
    (record,) = await AccessRecord.exclude(id__in=known)
    assert (record.decision, record.code, record.staff_id) == ("REFUSE", code, desk.staff_id)
