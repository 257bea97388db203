"""What a month's lists hold, as counts for each owning branch. Names are read through the gate by whoever may see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from desk.dialect import Statement, fetch, is_postgres

FEW = 5


@dataclass(slots=True)
class InstitutionCount:
    """One owning branch's items of one run, by kind; `unmanaged`: those that are on nobody's list."""

    code: str
    name: str
    items: dict[str, int] = field(default_factory=dict)
    unmanaged: int = 0

    def told(self, kind: str) -> str:
        """The count for whoever does not see the customers: of fewer than five only that there are some (decisions.md 6)."""
        count = self.items.get(kind, 0)
        return str(count) if count == 0 or count >= FEW else f"<{FEW}"


async def counts_by_institution(run_id: UUID) -> list[InstitutionCount]:
    """In the order of the tree. A customer counts where he is owned today."""
    s = Statement(is_postgres())
    rows = await fetch(
        s,
        "SELECT i.code, i.name, w.kind, COUNT(*) AS n,"
        " SUM(CASE WHEN w.manager_id IS NULL THEN 1 ELSE 0 END) AS nobodys"
        " FROM work_item w JOIN customer c ON c.id = w.customer_id JOIN institution i ON i.id = c.owner_id"
        f" WHERE w.run_id = {s.bind(run_id)} GROUP BY i.path, i.code, i.name, w.kind ORDER BY i.path, w.kind",
    )
    found: dict[str, InstitutionCount] = {}
    for row in rows:
        one = found.setdefault(row["code"], InstitutionCount(row["code"], row["name"]))
        one.items[row["kind"]] = int(row["n"])
        one.unmanaged += int(row["nobodys"])
    return list(found.values())
