"""Loading exchange rates, each a version of its own, and the days that differ from Monday to Friday."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from desk.dialect import as_date, as_uuid
from desk.imports.job import File, Line
from desk.imports.store import Same, Type, turned

_RATE = {
    "id": Type.UUID,
    "published_on": Type.DATE,
    "currency": Type.TEXT,
    "quote_currency": Type.TEXT,
    "unit": Type.INT,
    "rate": Type.TEXT,
}
_DAY = {"id": Type.UUID, "day": Type.DATE, "kind": Type.TEXT, "name": Type.TEXT}


async def load_exchange_rates(file: File) -> None:
    """Load rates. Another rate for the same day is a new version; the same number written otherwise is not."""
    for lines in file.lines():
        await _rates(file, lines)


async def _rates(file: File, lines: list[Line]) -> None:
    store, job = file.store, file.job
    rows = await store.find(
        "SELECT id, published_on, currency, quote_currency, unit, rate FROM exchange_rate"
        " WHERE superseded_at IS NULL AND",
        "published_on",
        {row["published_on"] for _, row in lines},
        Type.DATE,
    )
    held = {(as_date(row["published_on"]), row["currency"], row["quote_currency"]): row for row in rows}
    new, superseded = [], []
    for _, row in lines:
        key = (row["published_on"], row["currency"], row["quote_currency"])
        before = held.get(key)
        if before is not None and (before["unit"], Decimal(before["rate"])) == (row["unit"], row["rate"]):
            file.report.unchanged += 1
            continue
        new.append((uuid4(), *key, row["unit"], format(row["rate"], "f")))
        if before is None:
            file.report.new += 1
        else:
            superseded.append((job.now, as_uuid(before["id"])))
            file.report.corrected += 1
            job.corrections.rates = True
    if file.writing:
        await store.update(
            "exchange_rate", turned({"superseded_at": Type.TIME, "id": Type.UUID}, superseded), "id"
        )
        stamped = {"import_id": (Type.UUID, Same(file.id)), "recorded_at": (Type.TIME, Same(job.now))}
        await store.insert("exchange_rate", turned(_RATE, new) | stamped)


async def load_holidays(file: File) -> None:
    """Load the days that differ from Monday to Friday. A changed kind or name replaces the former."""
    for lines in file.lines():
        await _days(file, lines)


async def _days(file: File, lines: list[Line]) -> None:
    store = file.store
    rows = await store.find(
        "SELECT id, day, kind, name FROM calendar_day WHERE",
        "day",
        {row["day"] for _, row in lines},
        Type.DATE,
    )
    held = {as_date(row["day"]): row for row in rows}
    new: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    for _, row in lines:
        before = held.get(row["day"])
        if before is None:
            new.append((uuid4(), row["day"], row["kind"], row["name"]))
        elif (before["kind"], before["name"]) == (row["kind"], row["name"]):
            file.report.unchanged += 1
        else:
            changed.append((row["kind"], row["name"], as_uuid(before["id"])))
    file.report.new += len(new)
    file.report.corrected += len(changed)
    if file.writing:
        await store.insert("calendar_day", turned(_DAY, new))
        await store.update(
            "calendar_day", turned({"kind": Type.TEXT, "name": Type.TEXT, "id": Type.UUID}, changed), "id"
        )
