"""Customers who were merged: the core system goes on sending their numbers, and what comes under them is the kept one's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from desk.dialect import as_uuid
from desk.imports.job import Line
from desk.imports.store import Store, Type, turned

_ROW = {"id": Type.UUID, "merge_id": Type.UUID, "table_name": Type.TEXT, "row_id": Type.UUID}


@dataclass(slots=True)
class Merged:
    """The merges that stand. `numbers` are those of the customers who went."""

    numbers: dict[str, UUID] = field(default_factory=dict)
    into: dict[UUID, UUID] = field(default_factory=dict)
    merges: dict[UUID, UUID] = field(default_factory=dict)

    def kept(self, customer: UUID) -> UUID:
        """The customer that this one is now: himself, or whom he was merged into, however often."""
        while customer in self.into:
            customer = self.into[customer]
        return customer

    def last(self, lines: list[Line]) -> list[Line]:
        """The rows with merged numbers after the others, so that what the kept one has by his own number counts."""
        if not self.numbers:
            return lines
        return sorted(lines, key=lambda line: line[1]["customer_number"] in self.numbers)

    async def write_down(self, store: Store, table: str, came: Iterable[tuple[str, UUID]]) -> None:
        """Rows that came under a merged number, as (number, row): a split gives them back like what the merge moved."""
        rows = []
        for number, row_id in came:
            customer = self.numbers.get(number)
            while customer in self.into:
                rows.append((uuid4(), self.merges[customer], table, row_id))
                customer = self.into[customer]
        await store.insert("merged_row", turned(_ROW, rows))


async def merged(store: Store) -> Merged:
    """The merges that stand; they are few."""
    found = Merged()
    for row in await store.fetch(
        "SELECT m.id, m.kept_id, m.gone_id, g.number FROM customer_merge m JOIN customer g ON g.id = m.gone_id"
        " WHERE m.state IN ('MERGED', 'SPLIT_PROPOSED')"
    ):
        gone = as_uuid(row["gone_id"])
        found.numbers[row["number"]] = gone
        found.into[gone] = as_uuid(row["kept_id"])
        found.merges[gone] = as_uuid(row["id"])
    return found


async def customers_by_number(store: Store, numbers: set[str]) -> dict[str, UUID]:
    """The ids of the customers with these numbers; of a merged customer's number, that of the one who was kept."""
    rows = await store.find("SELECT id, number, merged_into_id FROM customer WHERE", "number", numbers)
    found = {row["number"]: as_uuid(row["id"]) for row in rows}
    if any(row["merged_into_id"] is not None for row in rows):
        merges = await merged(store)
        found = {number: merges.kept(customer) for number, customer in found.items()}
    return found


async def owners_by_number(store: Store, numbers: set[str]) -> dict[str, tuple[UUID, str]]:
    """The same with the paths of their owning branches."""
    customers = await customers_by_number(store, numbers)
    rows = await store.find(
        "SELECT id, owner_path FROM customer WHERE", "id", set(customers.values()), Type.UUID
    )
    paths = {as_uuid(row["id"]): row["owner_path"] for row in rows}
    return {number: (customer, paths[customer]) for number, customer in customers.items()}
