"""Loading institutions: the tree is placed at once, so parents may follow their children in the file."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from desk.dialect import as_uuid
from desk.imports import divisions
from desk.imports.job import File, Line
from desk.imports.store import Type, turned
from models.errors import Refusal
from models.institutions import Institution
from models.vocabulary import InstitutionKind

ALWAYS = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
"""Since when an imported place stands where it stands: as long as anybody may ask."""

_INSTITUTION = {
    "id": Type.UUID,
    "number": Type.INT,
    "code": Type.TEXT,
    "name": Type.TEXT,
    "level": Type.TEXT,
    "kind": Type.TEXT,
    "parent_id": Type.UUID,
    "path": Type.TEXT,
    "acting_path": Type.TEXT,
    "cnaps_code": Type.TEXT,
    "admin_code": Type.TEXT,
}
_PLACEMENT = {
    "id": Type.UUID,
    "institution_id": Type.UUID,
    "parent_id": Type.UUID,
    "path": Type.TEXT,
    "valid_from": Type.TIME,
    "recorded_at": Type.TIME,
    "recorded_by_id": Type.UUID,
    "reason": Type.TEXT,
}
_TOLD = 20
_DETAILS = ("name", "cnaps_code", "admin_code")


async def institutions(file: File) -> dict[str, Institution]:
    """Every institution of the house by its code."""
    rows = await file.store.fetch("SELECT * FROM institution")
    found = {}
    for row in rows:
        place = Institution(**{name: row[name] for name in _INSTITUTION if name not in ("id", "parent_id")})
        place.id = as_uuid(row["id"])
        place.parent_id = as_uuid(row["parent_id"]) if row["parent_id"] else None
        found[place.code] = place
    return found


async def hold_tree(file: File, *, alone: bool = False) -> None:
    """Keep the tree as it is until the file is written, for loaders that write down a path; `alone` to change it.

    Like desk/tree.py, but nothing can be stale: a loader reads the tree after it holds it.
    """
    if file.store.postgres:
        await file.store.fetch(f"SELECT tree_epoch FROM house FOR {'UPDATE' if alone else 'SHARE'}")


async def load_institutions(file: File) -> None:
    """Load institutions: new ones are placed, names and codes corrected. A move is a fault (INSTITUTION_MOVED).

    Parents are found by code, never by name. A code of a division that is not in force is kept and told.
    """
    await hold_tree(file, alone=True)
    places = await institutions(file)
    codes = {place.id: code for code, place in places.items()}
    lines = [line for block in file.lines() for line in block]
    _tell_divisions(file, lines)
    changed: list[Institution] = []
    new: list[Line] = []
    for number, row in lines:
        place = places.get(row["code"])
        if place is None:
            new.append((number, row))
        elif _stands(file, number, row, place, codes.get(place.parent_id) if place.parent_id else None):
            if any(getattr(place, name) != row[name] for name in _DETAILS):
                place.update_from_dict({name: row[name] for name in _DETAILS})
                changed.append(place)
            else:
                file.report.unchanged += 1
    placed = _place(file, places, new)
    file.report.corrected += len(changed)
    file.report.new += len(placed)
    if file.writing and (changed or placed):
        await _write(file, placed, changed)


def _tell_divisions(file: File, lines: list[Line]) -> None:
    rows: dict[str, list[int]] = {}
    for number, row in lines:
        if row["admin_code"] and not divisions.is_in_force(row["admin_code"]):
            rows.setdefault(row["admin_code"], []).append(number)
    for code, numbers in sorted(rows.items())[:_TOLD]:
        file.report.remark(
            f"{file.report.header('admin_code')} {code} (row {numbers[0]}, {len(numbers)} in all) is no division in"
            f" force on {divisions.AS_OF}: abolished since, or mistyped. It was kept as it is."
        )
    if len(rows) > _TOLD:
        file.report.remark(f"{len(rows) - _TOLD} more such codes in {file.report.header('admin_code')}.")


def _stands(file: File, number: int, row: dict[str, Any], place: Institution, parent: str | None) -> bool:
    """Whether the file leaves it where it is. A move is an act of its own, with its own record."""
    for column, now in (("parent_code", parent), ("level", place.level), ("kind", place.kind)):
        if row[column] != now:
            file.fault(
                number,
                column,
                "INSTITUTION_MOVED",
                "The institution stands elsewhere in the tree.",
                "An import does not move it. Use the command that moves or merges institutions.",
            )
            return False
    return True


def _place(file: File, places: dict[str, Institution], new: list[Line]) -> list[Institution]:
    """The new ones, each after its parent. Numbers follow the order of codes, so the same files give the same paths."""
    last = max((place.number for place in places.values()), default=0)
    made: dict[str, Institution] = {}
    numbers: dict[str, int] = {}
    for serial, (number, row) in enumerate(sorted(new, key=lambda line: line[1]["code"]), last + 1):
        place = Institution(
            number=serial,
            path="",
            acting_path="",
            **{name: row[name] for name in ("code", "level", "kind", *_DETAILS)},
        )
        place.id = uuid4()
        made[row["code"]] = place
        numbers[row["code"]] = number
    parents = {row["code"]: row["parent_code"] for _, row in new}
    order: list[Institution] = []
    waiting = sorted(made)
    while waiting:
        later, unplaced = [], set(waiting)
        for code in waiting:
            above = parents[code]
            parent = made.get(above) or places.get(above) if above else None
            if parent is not None and not parent.path and above in unplaced:
                later.append(code)
                continue
            unplaced.discard(code)
            if _placed(file, numbers[code], made[code], above, parent, places, order):
                order.append(made[code])
        if len(later) == len(waiting):
            for code in later:
                file.fault(
                    numbers[code],
                    "parent_code",
                    "CIRCLE",
                    "The institutions above it lead back to it.",
                    "Correct one of the parent codes.",
                )
            break
        waiting = later
    return order


def _placed(
    file: File,
    number: int,
    place: Institution,
    above: str | None,
    parent: Institution | None,
    places: dict[str, Institution],
    order: list[Institution],
) -> bool:
    if above is not None and parent is None:
        if not file.is_promised("institutions", above):
            file.fault(
                number,
                "parent_code",
                "UNKNOWN_REFERENCE",
                "The institution above it is neither in this file nor in the system.",
                "Add a row for it, or correct the code. It is found by its code, never by its name.",
            )
        return False
    if parent is not None and not parent.path:
        # The parent has a fault of its own. One is enough.
        return False
    if parent is None and any(other.parent_id is None for other in [*places.values(), *order]):
        file.fault(number, "level", "TWO_HEADS", "There is a head office already.", "Name the code above it.")
        return False
    if parent is not None and place.kind == InstitutionKind.WEALTH_CENTRE and place.level != parent.level:
        file.fault(
            number,
            "level",
            "CENTRE_LEVEL",
            f"A wealth centre has its branch's level, {parent.level}.",
            "Correct the level, or the parent code.",
        )
        return False
    try:
        place.place_under(parent)
    except Refusal as refusal:
        file.fault(number, "parent_code", refusal.code, *_sentences(refusal.message))
        return False
    return True


def _sentences(message: str) -> tuple[str, str]:
    wrong, _, remedy = message.partition(". ")
    return wrong + ".", remedy


async def _write(file: File, placed: list[Institution], changed: list[Institution]) -> None:
    store, job = file.store, file.job
    rows = [[getattr(place, name) for name in _INSTITUTION] for place in placed]
    await store.insert("institution", turned(_INSTITUTION, rows))
    stands = [
        (uuid4(), place.id, place.parent_id, place.path, ALWAYS, job.now, job.staff_id, "imported")
        for place in placed
    ]
    await store.insert("placement", turned(_PLACEMENT, stands))
    details = {name: _INSTITUTION[name] for name in (*_DETAILS, "id")}
    await store.update(
        "institution",
        turned(details, [[getattr(place, name) for name in details] for place in changed]),
        "id",
    )
    # Every view made of the old tree is stale from here on.
    await store.execute("UPDATE house SET tree_epoch = tree_epoch + 1")
