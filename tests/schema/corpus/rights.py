"""What one person may see of each row, by the interpreter of tests/authz: which rows exist, and what each cell is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from authz import Actor, Basis, BasisGrant, DataClass, Facts, Role, Seat
from tests.authz.interpreter import Interpreter
from tests.schema.corpus.tables import Tables, holds

KIND = {
    "access_record": "access_record",
    "archive": "archive",
    "assignment": "staff",
    "criterion": "standard",
    "delegation": "staff",
    "filing": "filing",
    "import_file": "import",
    "import_run": "import",
    "institution": "institution",
    "proposal": "proposal",
    "screening": "screening",
    "staff": "staff",
    "standard": "standard",
}
"""What the policy calls the rows of a table; a `customer` where it is not here."""
ROW_CLASS = {
    "access_record": "AUDIT",
    "account": "ACCOUNT",
    "balance": "ASSET",
    "loan": "ASSET",
    "transaction_line": "TRANSACTION",
}
"""Rows that are nothing but one class: they exist where it is shown, an account also where it is masked."""
EVERYDAY = frozenset({"assignment", "delegation"})
NOBODY = UUID(int=0)
Cell = tuple[str, str | None]
"""Visibility and reason."""


@dataclass(frozen=True)
class View:
    """How a row was come to: with a purpose or without, and below whose open filing before the person."""

    purposeful: bool = False
    customers: frozenset[UUID] = frozenset()

    def with_purpose(self, given: bool) -> View:
        return replace(self, purposeful=self.purposeful or given)


class Rights:
    """The answers of one person, remembered by the facts that they turn on."""

    def __init__(self, tables: Tables, policy: str, staff_id: UUID) -> None:
        self.tables, self.staff_id = tables, staff_id
        self._interpreter: Any = Interpreter(policy)
        self.actor = self._sit(staff_id)
        self._walking: dict[frozenset[UUID], Actor] = {frozenset(): self.actor}
        self._known: dict[object, Any] = {}

    def _sit(self, staff_id: UUID) -> Actor:
        tables = self.tables
        held = [row for row in tables.where("assignment", "staff_id", staff_id) if holds(row, tables.now)]
        seats = tuple(
            Seat(
                Role(row.role), tables.get("institution", row.institution_id).acting_path, row.institution_id
            )
            for row in held
        )
        given = [row for row in tables.where("delegation", "deputy_id", staff_id) if holds(row, tables.now)]
        person = tables.get("staff", staff_id).person_id
        return Actor(
            staff_id,
            person,
            seats,
            frozenset(row.principal_id for row in given),
            (),
            frozenset(row.customer_id for row in tables.where("recusal", "person_id", person)),
        )

    def exists(self, table: str, row: Any, view: View) -> bool:
        """Is there such a row for him?"""
        data_class = ROW_CLASS.get(table)
        if data_class is not None:
            also = {"MASKED"} if table == "account" else set()
            return self.cell(table, data_class, row, view)[0] in {"VISIBLE"} | also
        actor, facts = self._actor(view), self.tables.facts(table, row)
        key = (KIND.get(table, "customer"), facts, view.customers)
        if key not in self._known:
            self._known[key] = self._interpreter.row(actor, key[0], list(DataClass), _bases(view), facts)
        return bool(self._known[key])

    def cell(self, table: str, data_class: str, row: Any, view: View) -> Cell:
        """What the cells of one class of this row are to him."""
        return self._cell(KIND.get(table, "customer"), data_class, self.tables.facts(table, row), view)

    def _cell(self, kind: str, data_class: str, facts: Facts, view: View) -> Cell:
        key = (kind, data_class, facts, view)
        if key not in self._known:
            self._known[key] = self._interpreter.cell(
                self._actor(view), kind, data_class, _bases(view), facts, view.purposeful
            )
        visibility, reason = self._known[key]
        return visibility, reason

    def could_see(self, table: str, data_class: str, view: View) -> bool:
        """Might some row of such a table show him the class? By his rights alone, whatever rows there are."""
        managers = frozenset({self.staff_id, *self.actor.delegated})
        supposed = [Facts(None, NOBODY)]
        supposed += [Facts(seat.path, NOBODY, managers) for seat in self.actor.seats]
        kind = KIND.get(table, "customer")
        return any(self._cell(kind, data_class, facts, view)[0] == "VISIBLE" for facts in supposed)

    def below(self, filing: Any, view: View) -> View:
        """The view below a filing: an open one before its recorder's own office entitles to what it rests on."""
        seats = {seat.path for seat in self.actor.seats if seat.role is Role.FILING_RECORDER}
        if filing.state != "SUBMITTED" or filing.submitted_to_path not in seats:
            return view
        return replace(view, customers=view.customers | {filing.customer_id})

    def _actor(self, view: View) -> Actor:
        if view.customers not in self._walking:
            grants = tuple(BasisGrant(Basis.FILING, NOBODY, customer) for customer in view.customers)
            self._walking[view.customers] = replace(self.actor, bases=grants)
        return self._walking[view.customers]


def _bases(view: View) -> frozenset[str]:
    return EVERYDAY | {"filing"} if view.customers else EVERYDAY
