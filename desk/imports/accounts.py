"""Loading accounts and their further holders. An account's figures belong to its customer, wherever it sits."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from desk.dialect import as_date, as_uuid
from desk.imports.job import File, Line
from desk.imports.merged import customers_by_number, merged
from desk.imports.places import institutions
from desk.imports.store import Store, Type, turned
from models.institutions import Institution
from models.vault import mask_account, vault
from models.vocabulary import BalanceKind, HolderRole

_DETAILS = {"institution_id": Type.UUID, "kind": Type.TEXT, "opened_on": Type.DATE, "closed_on": Type.DATE}
_ACCOUNT = {
    "id": Type.UUID,
    "serial": Type.INT,
    "number_cipher": Type.BYTES,
    "number_mask": Type.TEXT,
    "number_index": Type.TEXT,
    "customer_id": Type.UUID,
    "currency": Type.TEXT,
    "balance_kind": Type.TEXT,
    **_DETAILS,
}
_HOLDER = {"id": Type.UUID, "account_id": Type.UUID, "customer_id": Type.UUID, "role": Type.TEXT}


def account_index(number: str) -> str:
    """The blind index under which an account number is found."""
    return vault().index("account", number)


async def accounts_by_number(store: Store, numbers: set[str], fields: str) -> dict[str, dict[str, Any]]:
    """Accounts by their plain numbers, which the tables hold only as blind indexes."""
    indexes = {account_index(number): number for number in numbers}
    rows = await store.find(
        f"SELECT number_index, {fields} FROM account WHERE", "number_index", list(indexes)
    )
    return {indexes[row["number_index"]]: row for row in rows}


async def load_accounts(file: File) -> None:
    """Load accounts, each with its owner as first holder. Another customer or currency is a fault."""
    places = await institutions(file)
    last = await file.store.fetch("SELECT COALESCE(MAX(serial), 0) AS serial FROM account")
    serial = int(last[0]["serial"])
    for lines in file.lines():
        serial += await _accounts(file, lines, places, serial)


async def _accounts(file: File, lines: list[Line], places: dict[str, Institution], serial: int) -> int:
    store = file.store
    fields = ", ".join(("id", "customer_id", "currency", *_DETAILS))
    held = await accounts_by_number(store, {row["number"] for _, row in lines}, fields)
    customers = await customers_by_number(store, {row["customer_number"] for _, row in lines})
    new: list[tuple[Any, ...]] = []
    came: list[tuple[str, UUID]] = []
    changed: list[tuple[Any, ...]] = []
    for number, row in lines:
        customer, place = customers.get(row["customer_number"]), places.get(row["institution_code"])
        if customer is None:
            file.absent("customers", row["customer_number"], number, "customer_number")
        if place is None:
            file.absent("institutions", row["institution_code"], number, "institution_code")
        if customer is None or place is None:
            continue
        before = held.get(row["number"])
        details = (place.id, row["kind"], row["opened_on"], row["closed_on"])
        if before is None:
            new.append(_account(serial + len(new) + 1, customer, row, details))
            came.append((row["customer_number"], new[-1][0]))
        elif _same_account(file, number, row, customer, before):
            if details == _details(before):
                file.report.unchanged += 1
            else:
                changed.append((*details, as_uuid(before["id"])))
                # From when to when it was open decides what its balances count for.
                file.job.corrections.customers.add(customer)
    file.report.new += len(new)
    file.report.corrected += len(changed)
    if file.writing:
        await store.insert("account", turned(_ACCOUNT, new))
        # The owner is the first holder, so that secrecy towards every holder is one look-up.
        owners = [(uuid4(), row[0], row[5], HolderRole.OWNER.value) for row in new]
        await store.insert("account_holder", turned(_HOLDER, owners))
        merges = await merged(store)
        await merges.write_down(store, "account", came)
        holders = [(number, owner[0]) for (number, _), owner in zip(came, owners, strict=True)]
        await merges.write_down(store, "account_holder", holders)
        await store.update("account", turned({**_DETAILS, "id": Type.UUID}, changed), "id")
    return len(new)


def _account(serial: int, customer: UUID, row: dict[str, Any], details: tuple[Any, ...]) -> tuple[Any, ...]:
    account_id, number = uuid4(), row["number"]
    return (
        account_id,
        serial,
        vault().seal("account", "number_cipher", account_id, number),
        mask_account(number),
        account_index(number),
        customer,
        row["currency"],
        # Until month averages come for it. Marking each account with its first balance would cost as much as those.
        BalanceKind.DAY_END.value,
        *details,
    )


def _details(before: dict[str, Any]) -> tuple[Any, ...]:
    return (
        as_uuid(before["institution_id"]),
        before["kind"],
        as_date(before["opened_on"]),
        as_date(before["closed_on"]),
    )


def _same_account(
    file: File, number: int, row: dict[str, Any], customer: UUID, before: dict[str, Any]
) -> bool:
    if as_uuid(before["customer_id"]) != customer:
        file.fault(
            number,
            "customer_number",
            "ACCOUNT_OWNER_CHANGED",
            "The account belongs to another customer.",
            "Its figures would follow. Close it and open another, or have the customers merged by two people.",
        )
        return False
    if before["currency"] != row["currency"]:
        file.fault(
            number,
            "currency",
            "CURRENCY_CHANGED",
            "The account is kept in another currency.",
            "Its figures would change their meaning. Close it and open another.",
        )
        return False
    return True


async def load_account_holders(file: File) -> None:
    """Load further holders. The owner is the account's customer, and nobody else (NOT_THE_OWNER)."""
    for lines in file.lines():
        await _holders(file, lines)


async def _holders(file: File, lines: list[Line]) -> None:
    store = file.store
    accounts = await accounts_by_number(store, {row["account_number"] for _, row in lines}, "id, customer_id")
    customers = await customers_by_number(store, {row["customer_number"] for _, row in lines})
    rows = await store.find(
        "SELECT id, account_id, customer_id, role FROM account_holder WHERE",
        "account_id",
        {as_uuid(account["id"]) for account in accounts.values()},
        Type.UUID,
    )
    held = {
        (as_uuid(row["account_id"]), as_uuid(row["customer_id"])): (as_uuid(row["id"]), row["role"])
        for row in rows
    }
    new, changed = [], []
    merges, came = await merged(store), []
    twofold = {(account, merges.kept(holder)) for account, holder in held if holder in merges.into}
    for number, row in merges.last(lines):
        account, customer = accounts.get(row["account_number"]), customers.get(row["customer_number"])
        if account is None:
            file.absent("accounts", row["account_number"], number, "account_number")
        if customer is None:
            file.absent("customers", row["customer_number"], number, "customer_number")
        if account is None or customer is None:
            continue
        key = (as_uuid(account["id"]), customer)
        if key in twofold or (row["customer_number"] in merges.numbers and key in held):
            # Merged, he holds it under two numbers, and the stronger role counts.
            file.report.unchanged += 1
            continue
        if (row["role"] == HolderRole.OWNER) != (as_uuid(account["customer_id"]) == customer):
            file.fault(
                number,
                "role",
                "NOT_THE_OWNER",
                "The owner of an account is the customer named in accounts, and nobody else.",
                "Write JOINT or DISPONENT for others, or leave the owner's row out.",
            )
            continue
        if key not in held:
            new.append((uuid4(), *key, row["role"]))
            held[key] = (new[-1][0], row["role"])
            came.append((row["customer_number"], new[-1][0]))
        elif held[key][1] != row["role"]:
            changed.append((row["role"], held[key][0]))
        else:
            file.report.unchanged += 1
    file.report.new += len(new)
    file.report.corrected += len(changed)
    if file.writing:
        await store.insert("account_holder", turned(_HOLDER, new))
        await merges.write_down(store, "account_holder", came)
        await store.update("account_holder", turned({"role": Type.TEXT, "id": Type.UUID}, changed), "id")
