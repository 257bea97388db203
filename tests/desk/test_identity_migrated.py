"""The migration that gives customers of 15 digits their 18 characters: found by their new index, sealed for their row."""

from __future__ import annotations

import importlib

from desk.dialect import connection
from desk.identity import look_up_identity
from desk.selection import Purpose
from models.customers import Customer
from models.vault import identity_text, mask_identity, vault
from tests.digest import changed, digest

SHORT, LONG = "110105800101001", "110105198001010016"
COUNTER = Purpose("IDENTITY_CHECK", "at the counter")
migration = importlib.import_module("migrations.models.0005_life_guards")


async def stored(customer: Customer, number: str) -> None:
    """As an import stored it before: the number as the file wrote it."""
    await Customer.filter(id=customer.id).update(
        identity_cipher=vault().seal("customer", "identity_cipher", customer.id, number),
        identity_mask=mask_identity(number),
        identity_index=vault().index("identity", identity_text("RESIDENT_ID", number)),
    )


async def test_a_customer_of_fifteen_digits_is_found_by_both_forms(bank, seat):
    zhou = bank.customers["zhou"]
    await stored(zhou, SHORT)
    before = await digest()
    assert await migration.full_numbers(connection()) == 1
    assert changed(before, await digest()) == {"customer": 0}
    row = await Customer.get(id=zhou.id)
    assert vault().open("customer", "identity_cipher", row.id, bytes(row.identity_cipher)) == LONG
    assert row.identity_mask == "110***********0016"
    luo = await seat(bank.staff["luo"])
    for number in (SHORT, LONG):
        found = await look_up_identity(luo, kind="RESIDENT_ID", number=number, purpose=COUNTER)
        assert found.id == zhou.id


async def test_two_customers_with_one_number_stay_for_two_people_to_merge(bank):
    await stored(bank.customers["zhou"], SHORT)
    await stored(bank.customers["qian"], LONG)
    before = await digest()
    assert await migration.full_numbers(connection()) == 0
    assert changed(before, await digest()) == {}
