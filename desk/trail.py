"""Writing the trail: one canonical record for each act, each release of confidential cells, each refusal."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID, uuid4

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from authz import ORDINARY
from desk.actors import Sitter
from desk.dialect import connection, is_postgres, plain
from models.trail import AccessRecord

if TYPE_CHECKING:
    from desk.gate.release import Release

ALLOW, REFUSE = "ALLOW", "REFUSE"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one record says, never a protected value. `more` holds codes, counts and ids only."""

    operation: str
    decision: str
    resource: str
    code: str = ""
    object_id: UUID | None = None
    customer_id: UUID | None = None
    more: dict[str, Any] = field(default_factory=dict)


class Record(NamedTuple):
    """One row of the trail, ready to be inserted: the columns of `access_record` in the order they are written."""

    id: UUID
    at: dt.datetime
    operation: str
    decision: str
    code: str
    staff_id: UUID | None
    person_id: UUID | None
    actor_path: str
    resource: str
    object_id: UUID | None
    customer_id: UUID | None
    basis: str
    purpose: str
    policy_version: str
    row_count: int
    record: str
    digest: str


CASTS = {"at": "timestamptz", "row_count": "int"} | dict.fromkeys(
    ("id", "staff_id", "person_id", "object_id", "customer_id"), "uuid"
)
INTO = f"INSERT INTO {AccessRecord._meta.db_table} ({', '.join(Record._fields)})"


def record_of(
    entry: Entry, *, sitter: Sitter | None, session_id: UUID | None, now: dt.datetime, policy_version: str
) -> Record:
    """The record of an entry: its canonical text, that text's SHA-256, and the columns that repeat what is searched."""
    actor = sitter.actor if sitter else None
    record_id = uuid4()
    seats = actor.seats if actor else ()
    canonical: dict[str, Any] = {
        "id": str(record_id),
        "at": now.astimezone(dt.UTC).isoformat(),
        "operation": entry.operation,
        "decision": entry.decision,
        "code": entry.code,
        "staff": sitter.number if sitter else None,
        "staff_id": str(actor.staff_id) if actor else None,
        "person_id": str(actor.person_id) if actor else None,
        "seats": sorted(f"{seat.role}@{seat.path}" for seat in seats),
        "session": str(session_id) if session_id else None,
        "resource": entry.resource,
        "object_id": str(entry.object_id) if entry.object_id else None,
        "customer_id": str(entry.customer_id) if entry.customer_id else None,
        "policy_version": policy_version,
        **entry.more,
    }
    text = orjson.dumps(canonical, option=orjson.OPT_SORT_KEYS)
    return Record(
        id=record_id,
        at=now,
        operation=entry.operation,
        decision=entry.decision,
        code=entry.code,
        staff_id=actor.staff_id if actor else None,
        person_id=actor.person_id if actor else None,
        actor_path=min((seat.path for seat in seats), default=""),
        resource=entry.resource,
        object_id=entry.object_id,
        customer_id=entry.customer_id,
        basis=entry.more.get("basis", ""),
        purpose=entry.more.get("purpose", ""),
        policy_version=policy_version,
        row_count=entry.more.get("rows", 0),
        record=text.decode(),
        digest=hashlib.sha256(text).hexdigest(),
    )


async def write(
    entry: Entry, *, sitter: Sitter | None, session_id: UUID | None, now: dt.datetime, policy_version: str
) -> None:
    """Insert one record in the current transaction. If it fails, what it records fails with it."""
    record = record_of(entry, sitter=sitter, session_id=session_id, now=now, policy_version=policy_version)
    await insert(connection(), (record,))


async def insert(client: BaseDBAsyncClient, records: Sequence[Record]) -> None:
    """All of these records or none, by one statement: where no transaction is open, it is committed on return.

    IntegrityError, or whatever else the database says, when one of them cannot be written.
    """
    if not is_postgres(client):
        values = [plain(value) for record in records for value in record]
        await client.execute_query(_rows(len(records)), values)
    elif len(records) == 1:
        await client.execute_query(ONE, list(records[0]))
    else:
        await client.execute_query(MANY, [list(column) for column in zip(*records, strict=True)])


@functools.cache
def _rows(count: int) -> str:
    """For SQLite, which has no arrays: as many rows of places as there are records."""
    places = ", ".join("?" for _ in Record._fields)
    return f"{INTO} VALUES " + ", ".join(f"({places})" for _ in range(count))


def _places(array: str) -> str:
    return ", ".join(
        f"${number}::{CASTS.get(name, 'text')}{array}" for number, name in enumerate(Record._fields, start=1)
    )


ONE = f"{INTO} VALUES ({_places('')})"
MANY = f"{INTO} SELECT * FROM unnest({_places('[]')})"
"""For PostgreSQL: the text does not depend on the number of records, so each connection prepares it once."""


def of_release(operation: str, resource: str, release: Release, query: str) -> Entry:
    """The receipt of one root read: counts for each class and visibility, a digest of the row ids, no value."""
    ids = sorted(f"{table}:{row}" for table, rows in release.rows.items() for row in rows)
    purposes = sorted(release.purposes)
    special = sorted(release.bases)
    return Entry(
        operation,
        ALLOW,
        resource,
        customer_id=UUID(min(release.customers)) if len(release.customers) == 1 else None,
        more={
            "cells": {f"{name}.{visibility}": n for (name, visibility), n in sorted(release.cells.items())},
            "tables": {table: len(rows) for table, rows in sorted(release.rows.items())},
            "probed": sorted(release.probed),
            "rows": len(ids),
            "rows_digest": hashlib.sha256("\n".join(ids).encode()).hexdigest(),
            "basis": special[0][0] if special else min(ORDINARY).value,
            "basis_ids": [basis_id for _, basis_id in special],
            "purpose": purposes[0][0] if purposes else "",
            "purposes": [list(purpose) for purpose in purposes],
            "query": query,
        },
    )
