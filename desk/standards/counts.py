"""What a screening found, as counts and ids. Names and amounts are read through the gate by whoever may see them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from desk.dialect import Statement, as_uuid, fetch, is_postgres


@dataclass(frozen=True, slots=True)
class OwnerCount:
    """One owning branch's customers in one screening."""

    owner_id: UUID
    evaluated: int
    passed: int
    borderline: int
    incomplete: int


async def counts_by_owner(screening_id: UUID) -> list[OwnerCount]:
    """Counts for each owning branch, in the order of the tree. A customer counts where he is owned today."""
    s = Statement(is_postgres())
    rows = await fetch(
        s,
        "SELECT c.owner_id, COUNT(*) AS evaluated, SUM(CASE WHEN e.passed THEN 1 ELSE 0 END) AS passed,"
        " SUM(CASE WHEN e.borderline THEN 1 ELSE 0 END) AS borderline,"
        " SUM(CASE WHEN e.missing <> '' THEN 1 ELSE 0 END) AS incomplete"
        " FROM evaluation e JOIN customer c ON c.id = e.customer_id"
        f" WHERE e.screening_id = {s.bind(screening_id)} GROUP BY c.owner_id, c.owner_path ORDER BY c.owner_path",
    )
    return [
        OwnerCount(
            as_uuid(row["owner_id"]), row["evaluated"], row["passed"], row["borderline"], row["incomplete"]
        )
        for row in rows
    ]


async def borderline_customers(screening_id: UUID) -> list[UUID]:
    """The customers with a figure within 5 % of a threshold, in the order of branch and customer number."""
    s = Statement(is_postgres())
    rows = await fetch(
        s,
        "SELECT e.customer_id FROM evaluation e JOIN customer c ON c.id = e.customer_id"
        f" WHERE e.screening_id = {s.bind(screening_id)} AND e.borderline ORDER BY c.owner_path, c.number",
    )
    return [as_uuid(row["customer_id"]) for row in rows]
