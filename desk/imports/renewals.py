"""Customers as the core system still writes them: merged numbers, former documents, former names, look-alike dots."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from desk.dialect import as_uuid
from desk.imports.job import File, Line
from desk.imports.people import identity_index, with_full_number
from desk.imports.store import Store, Type, turned
from models.names import with_middle_dots

MIDDLE_DOTS = "dots of a name written as U+00B7"
_FORMER_NAME = {
    "id": Type.UUID,
    "customer_id": Type.UUID,
    "name": Type.TEXT,
    "until": Type.DATE,
    "recorded_at": Type.TIME,
    "recorded_by_id": Type.UUID,
    "reason": Type.TEXT,
}


@dataclass(slots=True)
class Lag:
    """How many rows of one file lag behind what was recorded here: they are taken as unchanged, and told."""

    merged: int = 0
    documents: int = 0
    names: int = 0

    def notes(self) -> list[str]:
        told = (
            (
                self.merged,
                "under the number of a customer who was merged. His details are those of the kept one.",
            ),
            (self.documents, "with a document that was replaced here. The newer one stays."),
            (self.names, "with a name that was changed here. The newer one stays."),
        )
        return [f"{count} row(s) {what}" for count, what in told if count]


@dataclass(slots=True)
class Known:
    """Of one block of rows: whose each document is or was, and the former names of whom it names otherwise."""

    owners: dict[str, UUID] = field(default_factory=dict)
    former: dict[str, UUID] = field(default_factory=dict)
    names: set[tuple[UUID, str]] = field(default_factory=set)

    def taken(self, index: str) -> bool:
        """Somebody has this document, or had it: a number never finds two."""
        return index in self.owners or index in self.former


def as_kept(file: File, line: Line) -> Line:
    """A row as it is kept: a resident ID in its 18 characters, a minority name with its middle dots (U+00B7)."""
    number, row = with_full_number(line, file.job.today)
    name = with_middle_dots(row["name"])
    if name != row["name"]:
        file.report.normalised["name", MIDDLE_DOTS] += 1
        row = row | {"name": name}
    return number, row


async def known(store: Store, lines: list[Line], held: dict[str, dict[str, Any]]) -> Known:
    """What the tables know of the documents and names of a block."""
    indexes = {identity_index(row) for _, row in lines}
    found = Known()
    for row in await store.find("SELECT id, identity_index FROM customer WHERE", "identity_index", indexes):
        found.owners[row["identity_index"]] = as_uuid(row["id"])
    for row in await store.find(
        "SELECT customer_id, identity_index FROM identity_document WHERE", "identity_index", indexes
    ):
        found.former[row["identity_index"]] = as_uuid(row["customer_id"])
    renamed = {
        as_uuid(held[row["number"]]["id"])
        for _, row in lines
        if row["number"] in held and held[row["number"]]["name"] != row["name"]
    }
    for row in await store.find(
        "SELECT customer_id, name FROM former_name WHERE", "customer_id", renamed, Type.UUID
    ):
        found.names.add((as_uuid(row["customer_id"]), row["name"]))
    return found


async def keep_former_names(file: File, renamed: Collection[tuple[UUID, str]]) -> None:
    """What these customers were called until now, when the file brings another name."""
    job = file.job
    rows = [
        (uuid4(), customer, name, job.today, job.now, job.staff_id, "imported") for customer, name in renamed
    ]
    await file.store.insert("former_name", turned(_FORMER_NAME, rows))
