"""Writing the trail: one canonical record for each act, each release of confidential cells, each refusal."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import orjson

from authz import ORDINARY
from desk.actors import Sitter
from desk.gate.running import Release
from models.trail import AccessRecord

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


async def write(
    entry: Entry, *, sitter: Sitter | None, session_id: UUID | None, now: dt.datetime, policy_version: str
) -> AccessRecord:
    """Insert one record in the current transaction. If it fails, what it records fails with it."""
    actor = sitter.actor if sitter else None
    record_id = uuid4()
    seats = actor.seats if actor else ()
    basis = entry.more.get("basis", "")
    purpose = entry.more.get("purpose", "")
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
    text = orjson.dumps(canonical, option=orjson.OPT_SORT_KEYS).decode()
    return await AccessRecord.create(
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
        basis=basis,
        purpose=purpose,
        policy_version=policy_version,
        row_count=entry.more.get("rows", 0),
        record=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


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
            "rows": len(ids),
            "rows_digest": hashlib.sha256("\n".join(ids).encode()).hexdigest(),
            "basis": special[0][0] if special else min(ORDINARY).value,
            "basis_ids": [basis_id for _, basis_id in special],
            "purpose": purposes[0][0] if purposes else "",
            "purposes": [list(purpose) for purpose in purposes],
            "query": query,
        },
    )
