"""Loading staff and whose business supervisor is whose."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from desk.dialect import as_datetime, as_uuid
from desk.imports.job import File, Line, begin, instant
from desk.imports.store import Store, Type, turned
from models.numbers import resident_id
from models.vault import identity_text, mask_identity, mask_mobile, vault
from models.vocabulary import IdentityKind

_PERSON = {
    "id": Type.UUID,
    "identity_kind": Type.TEXT,
    "identity_cipher": Type.BYTES,
    "identity_mask": Type.TEXT,
    "identity_index": Type.TEXT,
}
_STAFF = {
    "id": Type.UUID,
    "number": Type.TEXT,
    "name": Type.TEXT,
    "person_id": Type.UUID,
    "mobile_cipher": Type.BYTES,
    "mobile_mask": Type.TEXT,
}
_LINE = {
    "id": Type.UUID,
    "supervisor_id": Type.UUID,
    "staff_id": Type.UUID,
    "valid_from": Type.TIME,
    "valid_to": Type.TIME,
    "recorded_at": Type.TIME,
    "recorded_by_id": Type.UUID,
}


def identity_index(row: dict[str, Any]) -> str:
    """The blind index of a row's identity document."""
    return vault().index("identity", identity_text(row["identity_kind"], row["identity_number"]))


def with_full_number(line: Line, today: dt.date) -> Line:
    """A person's resident ID in its 18 characters, so that both forms of it are one person."""
    number, row = line
    if row["identity_kind"] == IdentityKind.RESIDENT_ID:
        row = row | {"identity_number": resident_id(row["identity_number"], today).number}
    return number, row


async def staff_by_number(store: Store, numbers: set[str]) -> dict[str, dict[str, Any]]:
    """Staff with these numbers: id and person."""
    rows = await store.find("SELECT id, number, person_id FROM staff WHERE", "number", numbers)
    return {
        row["number"]: row | {"id": as_uuid(row["id"]), "person_id": as_uuid(row["person_id"])}
        for row in rows
    }


async def load_staff(file: File) -> None:
    """Load staff: new posts, changed names and mobile numbers. Another document is a fault (IDENTITY_CHANGED)."""
    for lines in file.lines():
        await _staff(file, [with_full_number(line, file.job.today) for line in lines])
    if file.writing:
        await recuse_from_own_files(file)


async def _staff(file: File, lines: list[Line]) -> None:
    store = file.store
    rows = await store.find(
        "SELECT s.id, s.number, s.name, s.mobile_cipher, p.identity_index"
        " FROM staff s JOIN person p ON p.id = s.person_id WHERE",
        "s.number",
        {row["number"] for _, row in lines},
    )
    held = {row["number"]: row for row in rows}
    indexes = {row["number"]: identity_index(row) for _, row in lines}
    persons = await store.find(
        "SELECT id, identity_index FROM person WHERE", "identity_index", set(indexes.values())
    )
    known = {row["identity_index"]: as_uuid(row["id"]) for row in persons}
    new_persons, new_staff, changed = [], [], []
    for number, row in lines:
        index, before = indexes[row["number"]], held.get(row["number"])
        if before is None:
            if index not in known:
                known[index] = person_id = uuid4()
                new_persons.append(_person(person_id, row, index))
            staff_id = uuid4()
            new_staff.append(
                (staff_id, row["number"], row["name"], known[index], *_mobile(staff_id, row["mobile"]))
            )
            continue
        if before["identity_index"] != index:
            file.fault(
                number,
                "identity_number",
                "IDENTITY_CHANGED",
                "This staff number belongs to a person with another document.",
                "Give a new person a new number. A renewed document is changed by two people, not by an import.",
            )
            continue
        staff_id = as_uuid(before["id"])
        if before["name"] != row["name"] or opened("staff", "mobile", staff_id, before) != row["mobile"]:
            changed.append((row["name"], *_mobile(staff_id, row["mobile"]), staff_id))
        else:
            file.report.unchanged += 1
    file.report.new += len(new_staff)
    file.report.corrected += len(changed)
    if file.writing:
        await store.insert("person", turned(_PERSON, new_persons))
        await store.insert("staff", turned(_STAFF, new_staff))
        details = {name: _STAFF[name] for name in ("name", "mobile_cipher", "mobile_mask", "id")}
        await store.update("staff", turned(details, changed), "id")


def _person(person_id: UUID, row: dict[str, Any], index: str) -> tuple[Any, ...]:
    number = row["identity_number"]
    cipher = vault().seal("person", "identity_cipher", person_id, number)
    return person_id, row["identity_kind"], cipher, mask_identity(number), index


def _mobile(staff_id: UUID, mobile: str | None) -> tuple[bytes | None, str | None]:
    if mobile is None:
        return None, None
    return vault().seal("staff", "mobile_cipher", staff_id, mobile), mask_mobile(mobile)


def opened(table: str, column: str, row_id: UUID, row: dict[str, Any]) -> str | None:
    """The plain text of a sealed column, for comparison with what the file says. Never leaves the import."""
    sealed = row[f"{column}_cipher"]
    return vault().open(table, f"{column}_cipher", row_id, bytes(sealed)) if sealed is not None else None


async def recuse_from_own_files(file: File) -> None:
    """Nobody touches his own file (回避): staff who are customers under the same document are recused from it."""
    store, job = file.store, file.job
    rows = await store.fetch(
        # By a document that he has or had, and as whom he was merged into: it is his own file all the same.
        "WITH RECURSIVE his (person_id, id, merged_into_id) AS ("
        " SELECT p.id, c.id, c.merged_into_id FROM person p JOIN customer c ON c.identity_index = p.identity_index"
        " UNION SELECT p.id, c.id, c.merged_into_id FROM person p JOIN identity_document d"
        " ON d.identity_index = p.identity_index JOIN customer c ON c.id = d.customer_id"
        " UNION SELECT h.person_id, c.id, c.merged_into_id FROM his h JOIN customer c ON c.id = h.merged_into_id)"
        " SELECT DISTINCT h.person_id, h.id AS customer_id FROM his h WHERE NOT EXISTS"
        " (SELECT 1 FROM recusal r WHERE r.person_id = h.person_id AND r.customer_id = h.id)"
    )
    types = {
        "id": Type.UUID,
        "person_id": Type.UUID,
        "customer_id": Type.UUID,
        "relation": Type.TEXT,
        "recorded_at": Type.TIME,
        "recorded_by_id": Type.UUID,
    }
    made = [
        (uuid4(), as_uuid(row["person_id"]), as_uuid(row["customer_id"]), "SELF", job.now, job.staff_id)
        for row in rows
    ]
    await store.insert("recusal", turned(types, made))
    if made:
        file.report.notes.append(
            f"{len(made)} of the staff are customers and were recused from their own files."
        )


async def load_supervision_lines(file: File) -> None:
    """Load who is whose business supervisor. A line recorded with another end is a fault (ENDS_OTHERWISE)."""
    for lines in file.lines():
        await _supervision(file, lines)


async def _supervision(file: File, lines: list[Line]) -> None:
    store, job = file.store, file.job
    numbers = {row[column] for _, row in lines for column in ("supervisor_number", "staff_number")}
    staff = await staff_by_number(store, numbers)
    rows = await store.find(
        "SELECT supervisor_id, staff_id, valid_from, valid_to FROM supervision_line WHERE",
        "staff_id",
        {held["id"] for held in staff.values()},
        Type.UUID,
    )
    ends = {
        (
            as_uuid(row["supervisor_id"]),
            as_uuid(row["staff_id"]),
            as_datetime(row["valid_from"]),
        ): as_datetime(row["valid_to"])
        for row in rows
    }
    new = []
    for number, row in lines:
        missing = [column for column in ("supervisor_number", "staff_number") if row[column] not in staff]
        for column in missing:
            file.absent("staff", row[column], number, column)
        if missing:
            continue
        key = (
            staff[row["supervisor_number"]]["id"],
            staff[row["staff_number"]]["id"],
            begin(row["valid_from"]),
        )
        if key not in ends:
            new.append((uuid4(), *key, instant(row["valid_to"]), job.now, job.staff_id))
        elif ends[key] == instant(row["valid_to"]):
            file.report.unchanged += 1
        else:
            already_dated(file, number)
    file.report.new += len(new)
    if file.writing:
        await store.insert("supervision_line", turned(_LINE, new))


def already_dated(file: File, number: int) -> None:
    """A dated fact is written once (decisions.md 21): another end for it is an act, not a correction."""
    file.fault(
        number,
        "valid_to",
        "ENDS_OTHERWISE",
        "This has been recorded with another end or other details.",
        "An import does not rewrite it. End it with the command, or begin a new one on another day.",
    )
