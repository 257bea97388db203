"""Loading assignments: granted where an institution has no staff yet, else proposed (decisions.md 8, 15)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from authz.duties import incompatible
from authz.words import Role
from desk.dialect import as_datetime, as_uuid
from desk.imports.job import File, Line, begin, instant
from desk.imports.people import already_dated, staff_by_number
from desk.imports.places import institutions
from desk.imports.store import Type, turned
from models.institutions import Institution
from models.vocabulary import ProposalKind, ProposalState

_ASSIGNMENT = {
    "id": Type.UUID,
    "staff_id": Type.UUID,
    "role": Type.TEXT,
    "institution_id": Type.UUID,
    "valid_from": Type.TIME,
    "valid_to": Type.TIME,
    "department": Type.TEXT,
    "full_time": Type.BOOL,
    "recorded_at": Type.TIME,
    "recorded_by_id": Type.UUID,
}
_PROPOSAL = {
    "id": Type.UUID,
    "staff_id": Type.UUID,
    "role": Type.TEXT,
    "institution_id": Type.UUID,
    "valid_from": Type.TIME,
    "valid_to": Type.TIME,
    "department": Type.TEXT,
    "full_time": Type.BOOL,
    "kind": Type.TEXT,
    "reason": Type.TEXT,
    "state": Type.TEXT,
    "proposed_by_id": Type.UUID,
    "proposed_person_id": Type.UUID,
    "proposed_at": Type.TIME,
}


_Period = tuple[Role, dt.datetime, dt.datetime | None]


async def load_assignments(file: File) -> None:
    """Load assignments: grants where nobody has worked before this run, proposals elsewhere."""
    job = file.job
    places = await institutions(file)
    rows = await file.store.fetch("SELECT DISTINCT institution_id FROM assignment")
    staffed = {as_uuid(row["institution_id"]) for row in rows} - job.newly_staffed
    granted: set[UUID] = set()
    for lines in file.lines():
        granted |= await _assignments(file, lines, places, staffed)
    if file.writing:
        job.newly_staffed |= granted


async def _assignments(
    file: File, lines: list[Line], places: dict[str, Institution], staffed: set[UUID]
) -> set[UUID]:
    staff = await staff_by_number(file.store, {row["staff_number"] for _, row in lines})
    persons = {held["person_id"] for held in staff.values()}
    held = await _held(file, "assignment", "t.ended_at", persons)
    # An executed one too: its assignment begins at its execution, so it is not found under the file's date.
    known = f" AND t.kind = '{ProposalKind.GRANT}' AND t.state <> '{ProposalState.REFUSED}'"
    proposed = await _held(file, "proposal", "NULL AS ended_at", persons, known)
    periods = _periods(held)
    grants: list[tuple[Any, ...]] = []
    proposals: list[tuple[Any, ...]] = []
    for number, row in lines:
        person, place = staff.get(row["staff_number"]), places.get(row["institution_code"])
        if person is None:
            file.absent("staff", row["staff_number"], number, "staff_number")
        if place is None:
            file.absent("institutions", row["institution_code"], number, "institution_code")
        if person is None or place is None:
            continue
        key = (person["id"], row["role"], place.id, begin(row["valid_from"]))
        rest = (instant(row["valid_to"]), row["department"], row["full_time"])
        before = held.get(key) or proposed.get(key)
        if before is not None:
            if before[:3] == rest:
                file.report.unchanged += 1
            else:
                already_dated(file, number)
        elif person["person_id"] == file.job.person_id:
            file.fault(
                number,
                "staff_number",
                "GRANT_TO_SELF",
                "Nobody grants or proposes a role to himself.",
                "Leave the row out, and let another person import it.",
            )
        elif place.id in staffed:
            proposals.append((*key, *rest))
        elif _compatible(file, number, key, rest[0], periods.setdefault(person["person_id"], [])):
            grants.append((*key, *rest))
    await _write(file, grants, proposals)
    return {grant[2] for grant in grants}


async def _held(
    file: File, table: str, ended: str, persons: set[UUID], condition: str = ""
) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """What these persons hold or are proposed for, under whatever staff number."""
    rows = await file.store.find(
        f"SELECT t.staff_id, t.role, t.institution_id, t.valid_from, t.valid_to, t.department, t.full_time, {ended},"
        f" s.person_id FROM {table} t JOIN staff s ON s.id = t.staff_id{condition} WHERE",
        "s.person_id",
        persons,
        Type.UUID,
    )
    return {
        (
            as_uuid(row["staff_id"]),
            row["role"],
            as_uuid(row["institution_id"]),
            as_datetime(row["valid_from"]),
        ): (
            as_datetime(row["valid_to"]),
            row["department"],
            bool(row["full_time"]),
            as_datetime(row["ended_at"]),
            as_uuid(row["person_id"]),
        )
        for row in rows
    }


def _periods(held: dict[tuple[Any, ...], tuple[Any, ...]]) -> dict[UUID, list[_Period]]:
    periods: dict[UUID, list[_Period]] = {}
    for (_, role, _, begins), (ends, _, _, ended, person) in held.items():
        last = min(filter(None, (ends, ended)), default=None)
        periods.setdefault(person, []).append((Role(role), begins, last))
    return periods


def _compatible(
    file: File, number: int, key: tuple[Any, ...], ends: dt.datetime | None, periods: list[_Period]
) -> bool:
    """Some roles exclude each other in one person at one time (domain.md 4.2)."""
    role, begins = Role(key[1]), key[3]
    beside = {
        held
        for held, start, last in periods
        if (ends is None or start < ends) and (last is None or begins < last)
    }
    refused = incompatible({*beside, role})
    if refused is not None:
        message, _, remedy = refused.message.partition(". ")
        file.fault(number, "role", refused.code, message + ".", remedy)
        return False
    periods.append((role, begins, ends))
    return True


async def _write(file: File, grants: list[tuple[Any, ...]], proposals: list[tuple[Any, ...]]) -> None:
    store, job = file.store, file.job
    file.report.new += len(grants)
    file.report.proposals += len(proposals)
    if not file.writing:
        return
    await store.insert(
        "assignment", turned(_ASSIGNMENT, [(uuid4(), *row, job.now, job.staff_id) for row in grants])
    )
    made = (ProposalKind.GRANT, "imported", ProposalState.PROPOSED, job.staff_id, job.person_id, job.now)
    await store.insert("proposal", turned(_PROPOSAL, [(uuid4(), *row, *made) for row in proposals]))
    changed = sorted({row[0] for row in grants}, key=str)
    if changed:
        # Every view made of their old rights is stale from here on.
        await store.execute(
            f"UPDATE staff SET epoch = epoch + 1 WHERE {store.among('id', 1, Type.UUID)}",
            [store.several(changed)],
        )
