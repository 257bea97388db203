"""Loading which manager serves which customer: one at a time (Art. 9)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from desk.dialect import as_datetime, as_uuid
from desk.imports.job import File, Line, begin, instant
from desk.imports.merged import customers_by_number, merged
from desk.imports.people import already_dated, staff_by_number
from desk.imports.store import Type, turned

_SERVES = {
    "id": Type.UUID,
    "customer_id": Type.UUID,
    "manager_id": Type.UUID,
    "valid_from": Type.TIME,
    "valid_to": Type.TIME,
    "recorded_at": Type.TIME,
    "recorded_by_id": Type.UUID,
}


async def load_manager_assignments(file: File) -> None:
    """Load manager assignments. Two managers of one customer at one time are a fault (TWO_MANAGERS)."""
    for lines in file.lines():
        await _serves(file, lines)


async def _serves(file: File, lines: list[Line]) -> None:
    store, job = file.store, file.job
    gone = (await merged(store)).numbers
    customers = await customers_by_number(store, {row["customer_number"] for _, row in lines})
    staff = await staff_by_number(store, {row["manager_number"] for _, row in lines})
    rows = await store.find(
        "SELECT customer_id, manager_id, valid_from, valid_to, ended_at FROM manager_assignment WHERE",
        "customer_id",
        set(customers.values()),
        Type.UUID,
    )
    held: dict[UUID, list[tuple[UUID, dt.datetime, dt.datetime | None, dt.datetime | None]]] = {}
    for row in rows:
        begins = as_datetime(row["valid_from"])
        assert begins is not None
        held.setdefault(as_uuid(row["customer_id"]), []).append(
            (as_uuid(row["manager_id"]), begins, as_datetime(row["valid_to"]), as_datetime(row["ended_at"]))
        )
    new = []
    for number, row in lines:
        customer, manager = customers.get(row["customer_number"]), staff.get(row["manager_number"])
        if customer is None:
            file.absent("customers", row["customer_number"], number, "customer_number")
        if manager is None:
            file.absent("staff", row["manager_number"], number, "manager_number")
        if customer is None or manager is None:
            continue
        if row["customer_number"] in gone:
            file.report.unchanged += 1  # merged: who serves the kept one is said by his own number
            continue
        begins, ends = begin(row["valid_from"]), instant(row["valid_to"])
        others = held.setdefault(customer, [])
        same = [other for other in others if other[:2] == (manager["id"], begins)]
        if same:
            if same[0][2] == ends:
                file.report.unchanged += 1
            else:
                already_dated(file, number)
        elif any(_overlaps(begins, ends, other) for other in others):
            file.fault(
                number,
                "valid_from",
                "TWO_MANAGERS",
                "Another manager serves this customer at that time.",
                "One customer manager serves at a time. Give the earlier row a valid_to, or end it with the command.",
            )
        else:
            others.append((manager["id"], begins, ends, None))
            new.append((uuid4(), customer, manager["id"], begins, ends, job.now, job.staff_id))
    file.report.new += len(new)
    if file.writing:
        await store.insert("manager_assignment", turned(_SERVES, new))


def _overlaps(
    begins: dt.datetime,
    ends: dt.datetime | None,
    other: tuple[UUID, dt.datetime, dt.datetime | None, dt.datetime | None],
) -> bool:
    _, start, last, ended = other
    stops = [moment for moment in (last, ended) if moment is not None]
    stop = min(stops, default=None)
    return (ends is None or start < ends) and (stop is None or (begins < stop and start < stop))
