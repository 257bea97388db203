"""Loading customers: who they are, and which branch owns them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from desk.dialect import as_date, as_uuid
from desk.imports.job import File, Line, begin
from desk.imports.people import identity_index, opened, recuse_from_own_files
from desk.imports.places import hold_tree, institutions
from desk.imports.renewals import Known, Lag, as_kept, keep_former_names, known
from desk.imports.store import Columns, Type, turned
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
_HELD = (
    "id",
    "number",
    "identity_index",
    "owner_id",
    "merged_into_id",
    "mobile_cipher",
    "address_cipher",
    *_PLAIN,
)
_OWNERSHIP = {
    "id": Type.UUID,
    "customer_id": Type.UUID,
    "owner_id": Type.UUID,
    "valid_from": Type.TIME,
    "recorded_at": Type.TIME,
    "recorded_by_id": Type.UUID,
    "reason": Type.TEXT,
}


async def load_customers(file: File) -> None:
    """Load customers: new ones with their owner, changed details and names. Another owner or document is a fault.

    A row that lags behind a merge, a renewed document or a name that was changed here changes nothing of it.
    """
    await hold_tree(file)
    places = await institutions(file)
    by_id = {place.id: place for place in places.values()}
    documents: set[int] = set()
    lag = Lag()
    for lines in file.lines():
        await _customers(file, [as_kept(file, line) for line in lines], places, by_id, documents, lag)
    file.report.notes += lag.notes()
    if file.writing:
        await recuse_from_own_files(file)


async def _customers(
    file: File,
    lines: list[Line],
    places: dict[str, Institution],
    by_id: dict[UUID, Institution],
    documents: set[int],
    lag: Lag,
) -> None:
    store = file.store
    rows = await store.find(
        f"SELECT {', '.join(_HELD)} FROM customer WHERE", "number", {row["number"] for _, row in lines}
    )
    held = {row["number"]: row for row in rows}
    papers = await known(store, lines, held)
    new, ownerships, changed, renamed = [], [], [], []
    for number, row in lines:
        owner = places.get(row["owner_code"])
        if owner is None:
            file.absent("institutions", row["owner_code"], number, "owner_code")
            continue
        index, before = identity_index(row), held.get(row["number"])
        if before is not None:
            if not _same_customer(file, number, owner, index, before, papers, lag):
                continue
            customer_id, row = as_uuid(before["id"]), _with_newer_name(row, before, papers, lag)
            if before["merged_into_id"] is None and _changed(row, customer_id, before):
                changed.append((*(row[name] for name in _PLAIN), *_contact(customer_id, row), customer_id))
                if before["name"] != row["name"]:
                    renamed.append((customer_id, before["name"]))
            else:
                file.report.unchanged += 1
        elif _may_be_new(file, number, owner, papers.taken(index) or hash(index) in documents):
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
        await keep_former_names(file, renamed)
        await store.update("customer", _details(changed), "id")


def _details(changed: list[tuple[Any, ...]]) -> Columns:
    return turned({**_PLAIN, **_CONTACT, "id": Type.UUID}, changed)


def _same_customer(
    file: File,
    number: int,
    owner: Institution,
    index: str,
    before: dict[str, Any],
    papers: Known,
    lag: Lag,
) -> bool:
    customer_id = as_uuid(before["id"])
    if papers.former.get(index) == customer_id:
        lag.documents += 1
    elif before["identity_index"] != index:
        file.fault(
            number,
            "identity_number",
            "IDENTITY_CHANGED",
            "This customer number belongs to another document.",
            "A renewed or corrected document is recorded by his manager (replaceIdentityDocument), not by an import.",
        )
        return False
    if before["merged_into_id"] is not None:
        lag.merged += 1
        return True
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


def _with_newer_name(row: dict[str, Any], before: dict[str, Any], papers: Known, lag: Lag) -> dict[str, Any]:
    """The row; with the name that was recorded here where the file still brings one that he had before it."""
    if before["name"] == row["name"] or (as_uuid(before["id"]), row["name"]) not in papers.names:
        return row
    lag.names += 1
    return row | {"name": before["name"]}


def _may_be_new(file: File, number: int, owner: Institution, taken: bool) -> bool:
    if taken:
        # The other customer is not named: whoever imports need not know who holds a document.
        file.fault(
            number,
            "identity_number",
            "SAME_IDENTITY",
            "Another customer has or had the same identity document.",
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
