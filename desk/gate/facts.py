"""The facts of one row that a decision needs, for asking the policy in Python. They stay in the desk, values do not come.

Who is told of the row, and what, is for the caller to decide by the policy: facts are had of a row that exists for nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from authz import Facts
from desk.actors import holding
from desk.dialect import Statement, as_uuid, fetch, is_postgres
from desk.errors import Stale
from desk.gate.cases import CASES
from desk.gate.view import View
from desk.sights import SIGHTS, Sight


@dataclass(frozen=True, slots=True)
class OfCase:
    """A filing or an exception about the row's customer, which may be walked to it."""

    table: str
    id: UUID
    open: bool
    path: str


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What a decision needs to know of a row, and the cases about its customer that may be walked."""

    sight: Sight
    facts: Facts
    cases: tuple[OfCase, ...] = ()


_CASES = " UNION ALL ".join(
    f"SELECT '{table}' AS kind, '{case.state}' AS open_state, id, customer_id, state, submitted_to_path FROM {table}"
    for table, case in sorted(CASES.items())
)


async def facts_of(
    table: str, row_id: UUID, view: View, also: View | None = None, *, walked: UUID | None = None
) -> RowFacts | None:
    """The facts of a row, with the open cases about its customer and the one that is `walked`; None when it is absent.

    One statement behind the fence of `view`, and of `also`. Stale when one of them is closed.
    """
    sight = SIGHTS.get(table)
    if sight is None:
        return None
    s = Statement(is_postgres())
    fences = [each.fence(s) for each in (view, also) if each is not None]
    at = s.bind(view.now)
    current = "".join(f" AND {condition}" for condition in (sight.current, sight.alive) if condition)
    nobody = "CAST(NULL AS uuid)" if s.postgres else "NULL"
    or_walked = f" OR w.id = {s.bind(walked)}" if walked else ""
    found = await fetch(
        s,
        f"WITH g AS (SELECT 1 AS open WHERE {' AND '.join(fences)}),"
        f" q AS (SELECT t.id AS id, {sight.path or 'NULL'} AS path, {sight.customer or nobody} AS customer_id"
        f" FROM {table} t {sight.joins} WHERE t.id = {s.bind(row_id)}{current})"
        " SELECT q.id, q.path, q.customer_id, m.manager_id, w.id AS case_id, w.kind AS case_table,"
        " w.state, w.submitted_to_path"
        " FROM g LEFT JOIN q ON 1 = 1"
        f" LEFT JOIN manager_assignment m ON m.customer_id = q.customer_id AND {holding('m', at)}"
        f" LEFT JOIN ({_CASES}) w ON w.customer_id = q.customer_id AND (w.state = w.open_state{or_walked})",
    )
    if not found:
        raise Stale
    return _gathered(sight, found) if found[0]["id"] is not None else None


def _gathered(sight: Sight, found: list[dict[str, Any]]) -> RowFacts:
    """One row of the statement for each manager and each case."""
    first = found[0]
    customer = as_uuid(first["customer_id"]) if first["customer_id"] is not None else None
    managers = frozenset(as_uuid(one["manager_id"]) for one in found if one["manager_id"] is not None)
    cases = {
        as_uuid(one["case_id"]): OfCase(
            one["case_table"],
            as_uuid(one["case_id"]),
            one["state"] == CASES[one["case_table"]].state,
            one["submitted_to_path"],
        )
        for one in found
        if one["case_id"] is not None
    }
    return RowFacts(sight, Facts(first["path"], customer, managers), tuple(cases.values()))
