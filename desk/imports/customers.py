"""Loading customers: who they are, and which branch owns them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from desk.dialect import as_date, as_uuid
from desk.imports.job import File, Line, begin
from desk.imports.people import identity_index, opened, recuse_from_own_files
from desk.imports.places import institutions
from desk.imports.store import Columns, Store, Type, turned
from models.institutions import Institution
from models.vault import mask_address, mask_identity, mask_mobile, vault
from models.vocabulary import InstitutionKind, Level

_PLAIN = {
    "name": Type.TEXT,
    "gender": Type.TEXT,
    "birth_date": Type.DATE,
    "nationality": Type.TEXT,
    "occupation": Type.TEXT,
    "employer": Type.TEXT,
    "opened_on": Type.DATE,
}
_CONTACT = {
    "mobile_cipher": Type.BYTES,
    "mobile_mask": Type.TEXT,
    "mobile_index": Type.TEXT,
    "address_cipher": Type.BYTES,
    "address_mask": Type.TEXT,
}
_CUSTOMER = {
    "id": Type.UUID,
    "number": Type.TEXT,
    "identity_kind": Type.TEXT,
    "identity_cipher": Type.BYTES,
    "identity_mask": Type.TEXT,
    "identity_index": Type.TEXT,
    "owner_id": Type.UUID,
    "owner_path": Type.TEXT,
    "tier1_id": Type.UUID,
    "tier2_id": Type.UUID,
    **_PLAIN,
    **_CONTACT,
}
_OWNERSHIP = {
    "id": Type.UUID,
    "customer_id": Type.UUID,
    "owner_id": Type.UUID,
    "valid_from": Type.TIME,
    "recorded_at": Type.TIME,
    "recorded_by_id": Type.UUID,
    "reason": Type.TEXT,
}


async def customers_by_number(store: Store, numbers: set[str]) -> dict[str, UUID]:
    """The ids of the customers with these numbers."""
    rows = await store.find("SELECT id, number FROM customer WHERE", "number", numbers)
    return {row["number"]: as_uuid(row["id"]) for row in rows}


async def load_customers(file: File) -> None:
    """Load customers: new ones with their owner, changed details. Another owner or document is a fault."""
    places = await institutions(file)
    by_id = {place.id: place for place in places.values()}
    documents: set[int] = set()
    for lines in file.lines():
        await _customers(file, lines, places, by_id, documents)
    if file.writing:
        await recuse_from_own_files(file)


async def _customers(
    file: File,
    lines: list[Line],
    places: dict[str, Institution],
    by_id: dict[UUID, Institution],
    documents: set[int],
) -> None:
    store = file.store
    fields = ", ".join(
        ("id", "number", "identity_index", "owner_id", "mobile_cipher", "address_cipher", *_PLAIN)
    )
    rows = await store.find(
        f"SELECT {fields} FROM customer WHERE", "number", {row["number"] for _, row in lines}
    )
    held = {row["number"]: row for row in rows}
    indexes = {row["number"]: identity_index(row) for _, row in lines}
    rows = await store.find(
        "SELECT number, identity_index FROM customer WHERE", "identity_index", set(indexes.values())
    )
    owners = {row["identity_index"]: row["number"] for row in rows}
    new, ownerships, changed = [], [], []
    for number, row in lines:
        owner = places.get(row["owner_code"])
        if owner is None:
            file.absent("institutions", row["owner_code"], number, "owner_code")
            continue
        index, before = indexes[row["number"]], held.get(row["number"])
        if before is not None:
            if not _same_customer(file, number, owner, index, before):
                continue
            customer_id = as_uuid(before["id"])
            if _changed(row, customer_id, before):
                changed.append((*(row[name] for name in _PLAIN), *_contact(customer_id, row), customer_id))
            else:
                file.report.unchanged += 1
        elif _may_be_new(file, number, row, owner, owners.get(index), hash(index) in documents):
            customer_id = uuid4()
            new.append(_customer(customer_id, row, index, owner, by_id))
            ownerships.append(
                (
                    uuid4(),
                    customer_id,
                    owner.id,
                    begin(row["opened_on"]),
                    file.job.now,
                    file.job.staff_id,
                    "imported",
                )
            )
        documents.add(hash(index))
    file.report.new += len(new)
    file.report.corrected += len(changed)
    if file.writing:
        await store.insert("customer", turned(_CUSTOMER, new))
        await store.insert("ownership", turned(_OWNERSHIP, ownerships))
        await store.update("customer", _details(changed), "id")


def _details(changed: list[tuple[Any, ...]]) -> Columns:
    return turned({**_PLAIN, **_CONTACT, "id": Type.UUID}, changed)


def _same_customer(file: File, number: int, owner: Institution, index: str, before: dict[str, Any]) -> bool:
    if before["identity_index"] != index:
        file.fault(
            number,
            "identity_number",
            "IDENTITY_CHANGED",
            "This customer number belongs to another document.",
            "A renewed or corrected document is merged by two people, not by an import.",
        )
        return False
    if as_uuid(before["owner_id"]) != owner.id:
        file.fault(
            number,
            "owner_code",
            "OWNER_CHANGED",
            "The customer belongs to another branch.",
            "An import does not transfer customers. Use the command that transfers the owner.",
        )
        return False
    return True


def _may_be_new(
    file: File, number: int, row: dict[str, Any], owner: Institution, other: str | None, repeated: bool
) -> bool:
    if other is not None or repeated:
        # The other customer is not named: whoever imports need not know who holds a document.
        file.fault(
            number,
            "identity_number",
            "SAME_IDENTITY",
            "Another customer has the same identity document.",
            "One document is one customer. Use his number, or have the two merged by two people.",
        )
        return False
    if not owner.may_own:
        file.fault(
            number,
            "owner_code",
            "NOT_AN_OWNER",
            "A wealth centre or an outlet owns no customers.",
            "Name the branch that it belongs to.",
        )
        return False
    return True


def _changed(row: dict[str, Any], customer_id: UUID, before: dict[str, Any]) -> bool:
    for name, type in _PLAIN.items():
        held = as_date(before[name]) if type is Type.DATE else before[name]
        if held != row[name]:
            return True
    return any(opened("customer", name, customer_id, before) != row[name] for name in ("mobile", "address"))


def _contact(customer_id: UUID, row: dict[str, Any]) -> tuple[Any, ...]:
    mobile, address, seal = row["mobile"], row["address"], vault().seal
    return (
        *(
            (
                seal("customer", "mobile_cipher", customer_id, mobile),
                mask_mobile(mobile),
                vault().index("mobile", mobile),
            )
            if mobile is not None
            else (None, None, None)
        ),
        *(
            (seal("customer", "address_cipher", customer_id, address), mask_address(address))
            if address is not None
            else (None, None)
        ),
    )


def _customer(
    customer_id: UUID, row: dict[str, Any], index: str, owner: Institution, by_id: dict[UUID, Institution]
) -> tuple[Any, ...]:
    identity = row["identity_number"]
    return (
        customer_id,
        row["number"],
        row["identity_kind"],
        vault().seal("customer", "identity_cipher", customer_id, identity),
        mask_identity(identity),
        index,
        owner.id,
        owner.path,
        ancestor(owner, Level.TIER1, by_id),
        ancestor(owner, Level.TIER2, by_id),
        *(row[name] for name in _PLAIN),
        *_contact(customer_id, row),
    )


def ancestor(place: Institution, level: Level, by_id: dict[UUID, Institution]) -> UUID | None:
    """The branch of that level on the way up from `place`, itself included."""
    at: Institution | None = place
    while at is not None:
        if at.level == level and at.kind == InstitutionKind.BRANCH:
            return at.id
        at = by_id.get(at.parent_id) if at.parent_id else None
    return None
