"""Loading the figures of extra indicators (Art. 5): a branch measures its own customers by what head office approved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from desk.dialect import as_date, as_uuid
from desk.imports.job import File, Line
from desk.imports.merged import merged, owners_by_number
from desk.imports.store import Same, Store, Type, turned
from models.money import to_minor
from models.paths import stands_under
from models.vocabulary import LawState

_FIGURE = {
    "id": Type.UUID,
    "indicator_code": Type.TEXT,
    "customer_id": Type.UUID,
    "as_of": Type.DATE,
    "currency": Type.TEXT,
    "amount": Type.LONG,
    "version": Type.INT,
}


@dataclass(slots=True)
class _Indicator:
    """What is approved under one code: the path of the branch whose it is, and the currencies of its versions."""

    path: str
    currencies: set[str] = field(default_factory=set)


async def load_indicator_figures(file: File) -> None:
    """Load figures with a version for each correction. Faults: an indicator that is not approved, one of another branch
    than the customer's, a currency that is not the indicator's, and customers who are not there."""
    known = await _approved(file.store)
    for lines in file.lines():
        await _figures(file, lines, known)


async def _approved(store: Store) -> dict[str, _Indicator]:
    rows = await store.fetch(
        "SELECT i.code, i.currency, o.path FROM indicator i JOIN institution o ON o.id = i.owner_id"
        f" WHERE i.state = {store.cast(1, Type.TEXT)} ORDER BY i.code, i.version",
        [LawState.APPROVED.value],
    )
    found: dict[str, _Indicator] = {}
    for row in rows:
        found.setdefault(row["code"], _Indicator(row["path"])).currencies.add(row["currency"])
    return found


async def _figures(file: File, lines: list[Line], known: dict[str, _Indicator]) -> None:
    store, job = file.store, file.job
    merges = await merged(store)
    customers = await owners_by_number(store, {row["customer_number"] for _, row in lines})
    held = await _held(store, {customer for customer, _ in customers.values()})
    new: list[tuple[Any, ...]] = []
    superseded = []
    came: list[tuple[str, UUID]] = []
    brought: set[tuple[Any, ...]] = set()
    for number, row in merges.last(lines):
        if row["customer_number"] not in customers:
            file.absent("customers", row["customer_number"], number, "customer_number")
            continue
        customer, path = customers[row["customer_number"]]
        if not _suits(file, number, row, known.get(row["indicator_code"]), path):
            continue
        key = row["indicator_code"], customer, row["as_of"]
        figure = row["currency"], to_minor(row["amount"], row["currency"])
        before = held.get(key)
        if row["customer_number"] in merges.numbers and key in held.keys() | brought:
            file.report.unchanged += 1  # he has one by his own number
        elif before is None:
            new.append((uuid4(), *key, *figure, 1))
            brought.add(key)
            came.append((row["customer_number"], new[-1][0]))
            file.report.new += 1
        elif (before["currency"], before["amount"]) == figure:
            file.report.unchanged += 1
        else:
            new.append((uuid4(), *key, *figure, before["version"] + 1))
            superseded.append((job.now, as_uuid(before["id"])))
            job.corrections.customers.add(customer)
            file.report.corrected += 1
    if file.writing:
        await store.update(
            "indicator_figure", turned({"superseded_at": Type.TIME, "id": Type.UUID}, superseded), "id"
        )
        stamped = {"import_id": (Type.UUID, Same(file.id)), "recorded_at": (Type.TIME, Same(job.now))}
        await store.insert("indicator_figure", turned(_FIGURE, new) | stamped)
        await merges.write_down(store, "indicator_figure", came)


async def _held(store: Store, customers: set[UUID]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The current figures of these customers."""
    rows = await store.find(
        "SELECT id, indicator_code, customer_id, as_of, currency, amount, version FROM indicator_figure"
        " WHERE superseded_at IS NULL AND",
        "customer_id",
        customers,
        Type.UUID,
    )
    return {(row["indicator_code"], as_uuid(row["customer_id"]), as_date(row["as_of"])): row for row in rows}


def _suits(file: File, number: int, row: dict[str, Any], indicator: _Indicator | None, path: str) -> bool:
    """Whether this is an approved indicator of the customer's own branch, in its own currency."""
    if indicator is None:
        file.fault(
            number,
            "indicator_code",
            "UNKNOWN_INDICATOR",
            "Head office has approved no indicator with this code.",
            "Correct the code, or have the branch propose the indicator and head office approve it first (Art. 5).",
        )
        return False
    if not stands_under(path, indicator.path):
        file.fault(
            number,
            "customer_number",
            "INDICATOR_OF_ANOTHER_BRANCH",
            "This customer is another branch's; an indicator is for the customers of the branch that proposed it.",
            "Leave the row out, or correct the customer number.",
        )
        return False
    if row["currency"] not in indicator.currencies:
        file.fault(
            number,
            "currency",
            "OTHER_CURRENCY",
            f"This indicator is measured in {' or '.join(sorted(indicator.currencies))}.",
            "Give the amount in that currency.",
        )
        return False
    return True
