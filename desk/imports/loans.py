"""Loading loans and their standings: one row of the file is one loan on one day."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from desk.dialect import as_date, as_uuid
from desk.imports.job import File, Line
from desk.imports.merged import customers_by_number, merged
from desk.imports.places import institutions
from desk.imports.store import Same, Type, turned
from models.institutions import Institution
from models.money import to_minor

_LOAN = {
    "id": Type.UUID,
    "number": Type.TEXT,
    "customer_id": Type.UUID,
    "institution_id": Type.UUID,
    "currency": Type.TEXT,
    "granted_on": Type.DATE,
    "principal": Type.LONG,
    "term_months": Type.INT,
}
_STANDING = {
    "loan_id": Type.UUID,
    "as_of": Type.DATE,
    "outstanding": Type.LONG,
    "classification": Type.TEXT,
    "overdue": Type.LONG,
    "version": Type.INT,
}
_COLUMNS = {
    "number": "number",
    "customer_number": "customer_id",
    "institution_code": "institution_id",
    "currency": "currency",
    "granted_on": "granted_on",
    "principal": "principal",
    "term_months": "term_months",
}


async def load_loans(file: File) -> None:
    """Load loans and a version of each standing. Rows of one loan that differ in its contract are a fault."""
    places = await institutions(file)
    for lines in file.lines():
        await _loans(file, lines, places)


async def _loans(file: File, lines: list[Line], places: dict[str, Institution]) -> None:
    store = file.store
    rows = await store.find(
        f"SELECT {', '.join(_LOAN)} FROM loan WHERE", "number", {row["number"] for _, row in lines}
    )
    loans = {row["number"]: _held(row) for row in rows}
    known = {loan["id"] for loan in loans.values()}
    customers = await customers_by_number(store, {row["customer_number"] for _, row in lines})
    new: list[tuple[Any, ...]] = []
    came: list[tuple[str, UUID]] = []
    standings: list[tuple[int, UUID, UUID, tuple[Any, ...]]] = []
    for number, row in lines:
        customer, place = customers.get(row["customer_number"]), places.get(row["institution_code"])
        if customer is None:
            file.absent("customers", row["customer_number"], number, "customer_number")
        if place is None:
            file.absent("institutions", row["institution_code"], number, "institution_code")
        if customer is None or place is None:
            continue
        loan = _loan(row, customer, place.id)
        before = loans.setdefault(row["number"], loan)
        if before is loan:
            new.append(tuple(loan[name] for name in _LOAN))
            came.append((row["customer_number"], loan["id"]))
        elif not _consistent(file, number, loan, before):
            continue
        amounts = [to_minor(row[name], row["currency"]) for name in ("outstanding", "overdue")]
        standings.append(
            (number, before["id"], customer, (row["as_of"], amounts[0], row["classification"], amounts[1]))
        )
    if file.writing:
        await store.insert("loan", turned(_LOAN, new))
        await (await merged(store)).write_down(store, "loan", came)
    await _standings(file, standings, known)


def _loan(row: dict[str, Any], customer: UUID, institution: UUID) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "number": row["number"],
        "customer_id": customer,
        "institution_id": institution,
        "currency": row["currency"],
        "granted_on": row["granted_on"],
        "principal": to_minor(row["principal"], row["currency"]),
        "term_months": row["term_months"],
    }


def _held(row: dict[str, Any]) -> dict[str, Any]:
    held = {name: as_uuid(row[name]) if type is Type.UUID else row[name] for name, type in _LOAN.items()}
    return held | {"granted_on": as_date(row["granted_on"])}


def _consistent(file: File, number: int, loan: dict[str, Any], before: dict[str, Any]) -> bool:
    """Every row of a loan tells the same contract; only its standing changes from day to day."""
    for column, name in _COLUMNS.items():
        if loan[name] != before[name]:
            file.fault(
                number,
                column,
                "LOAN_DIFFERS",
                "Another row of this loan, here or imported before, says otherwise.",
                "Give every row of a loan the same contract.",
            )
            return False
    return True


async def _standings(
    file: File, standings: list[tuple[int, UUID, UUID, tuple[Any, ...]]], known: set[UUID]
) -> None:
    store, job = file.store, file.job
    rows = await store.find(
        "SELECT id, loan_id, as_of, outstanding, classification, overdue, version FROM loan_standing"
        " WHERE superseded_at IS NULL AND",
        "loan_id",
        known,
        Type.UUID,
    )
    held = {(as_uuid(row["loan_id"]), as_date(row["as_of"])): row for row in rows}
    new: list[tuple[Any, ...]] = []
    superseded = []
    for _, loan_id, customer, (as_of, *figures) in standings:
        before = held.get((loan_id, as_of))
        if before is None:
            new.append((loan_id, as_of, *figures, 1))
            file.report.new += 1
        elif [before["outstanding"], before["classification"], before["overdue"]] == figures:
            file.report.unchanged += 1
        else:
            new.append((loan_id, as_of, *figures, before["version"] + 1))
            superseded.append((job.now, before["id"]))
            job.corrections.customers.add(customer)
            file.report.corrected += 1
    if file.writing:
        await store.update(
            "loan_standing", turned({"superseded_at": Type.TIME, "id": Type.LONG}, superseded), "id"
        )
        stamped = {"import_id": (Type.UUID, Same(file.id)), "recorded_at": (Type.TIME, Same(job.now))}
        await store.insert("loan_standing", turned(_STANDING, new) | stamped)
