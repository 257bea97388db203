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
    "campaign": "campaign",
    "campaign_threshold": "campaign",
    "card": "card",
    "card_back": "card",
    "card_event": "card",
    "card_order": "card_order",
    "card_price": "card_product",
    "card_product": "card_product",
    "card_report": "card_report",
    "criterion": "standard",
    "customer_merge": "customer_merge",
    "delegation": "staff",
    "designation": "designation",
    "destruction_line": "destruction",
    "destruction_list": "destruction",
    "exception_case": "exception",
    "filing": "filing",
    "handover": "handover",
    "implementing_rule": "implementing_rule",
    "import_file": "import",
    "import_run": "import",
    "indicator": "indicator",
    "institution": "institution",
    "manufacturer": "card_product",
    "month_run": "screening",
    "movement_line": "stock_movement",
    "number_segment": "number_segment",
    "proposal": "proposal",
    "screening": "screening",
    "signature": "stock_movement",
    "staff": "staff",
    "standard": "standard",
    "stock_account": "stock",
    "stock_day": "stock",
    "stock_handover": "stock_handover",
    "stock_handover_line": "stock_handover",
    "stock_holding": "stock",
    "stock_movement": "stock_movement",
    "stock_quota": "stock",
    "stocktake": "stocktake",
    "stocktake_line": "stocktake",
    "supervision_line": "staff",
    "what_if": "screening",
    "what_if_line": "screening",
    "work_item": "work_item",
}
"""What the policy calls the rows of a table; a `customer` where it is not here."""
ROW_CLASS = {
    "access_record": "AUDIT",
    "account": "ACCOUNT",
    "account_holder": "ACCOUNT",
    "balance": "ASSET",
    "exception_shortfall": "ASSET",
    "former_name": "NAME",
    "identity_document": "IDENTITY_DOC",
    "loan": "ASSET",
    "transaction_line": "TRANSACTION",
}
"""Rows that are nothing but one class: they exist where it is shown, those of MASKED also where it is masked."""
MASKED = frozenset({"account", "identity_document"})
OFFICES = {"exception_case": Role.EXC_APPROVER, "filing": Role.FILING_RECORDER}
"""Cases, and who decides each where it was sent: he sees what it rests on while it is open before him (5.3)."""
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
        self._policy, self._others = policy, dict[UUID, Rights]()
        self._interpreter: Any = Interpreter(policy)
        self.actor = self._sit(staff_id)
        self._walking: dict[frozenset[UUID], Actor] = {frozenset(): self.actor}
        self._known: dict[object, Any] = {}

    def of(self, staff_id: UUID) -> Rights:
        """Another person's, by the same policy."""
        if staff_id not in self._others:
            self._others[staff_id] = Rights(self.tables, self._policy, staff_id)
        return self._others[staff_id]

    def _sit(self, staff_id: UUID) -> Actor:
        tables = self.tables
        held = [row for row in tables.where("assignment", "staff_id", staff_id) if holds(row, tables.now)]
        seats = tuple(map(self._seat, held))
        given = [row for row in tables.where("delegation", "deputy_id", staff_id) if holds(row, tables.now)]
        seats += tuple(
            seat
            for seat in map(self._seat, filter(None, map(self._covered, given)))
            if any(seat.path.startswith(own.path) for own in seats)
        )
        person = tables.get("staff", staff_id).person_id
        return Actor(
            staff_id,
            person,
            seats,
            frozenset(row.principal_id for row in given if row.role == "cust_mgr"),
            (),
            frozenset(row.customer_id for row in tables.where("recusal", "person_id", person)),
        )

    def _seat(self, held: Any) -> Seat:
        place = self.tables.get("institution", held.institution_id)
        return Seat(Role(held.role), place.acting_path, held.institution_id, held.department)

    def _covered(self, delegation: Any) -> Any:
        """The post that is filled for its holder, while it is his; nothing for a customer manager, who has no such post."""
        post = self.tables.get("assignment", delegation.assignment_id)
        if post is None or (post.staff_id, post.role) != (delegation.principal_id, delegation.role):
            return None
        return post if post.role != "cust_mgr" and holds(post, self.tables.now) else None

    def exists(self, table: str, row: Any, view: View) -> bool:
        """Is there such a row for him? Of who was merged into another there is only the merge, for anybody."""
        about = [self.tables.owner(table, row)] if table != "customer_merge" else []
        if table == "account_holder":
            about.append(self.tables.get("customer", row.customer_id))
        if any(one is not None and one.merged_into_id is not None for one in about):
            return False
        data_class = ROW_CLASS.get(table)
        if data_class is not None:
            also = {"MASKED"} if table in MASKED else set()
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

    def may(self, table: str, act: str, row: Any, path: str | None) -> bool:
        """May he do the act to a row that stands, for this act, at the path?"""
        facts = replace(self.tables.facts(table, row), path=path)
        allowed = self._interpreter.allows(
            self.actor, KIND.get(table, "customer"), "PUBLIC", act, EVERYDAY, facts
        )
        return bool(allowed)

    def below(self, table: str, case: Any, view: View) -> View:
        """The view below a case: an open one before its decider's own office entitles to what it rests on.

        His office is the personal banking department of where it was sent to (Art. 6, 7).
        """
        deciding = (OFFICES[table], "PERSONAL_BANKING")
        seats = {seat.path for seat in self.actor.seats if (seat.role, seat.department) == deciding}
        if case.state != "SUBMITTED" or case.submitted_to_path not in seats:
            return view
        return replace(view, customers=view.customers | {case.customer_id})

    def _actor(self, view: View) -> Actor:
        if view.customers not in self._walking:
            grants = tuple(BasisGrant(Basis.FILING, NOBODY, customer) for customer in view.customers)
            self._walking[view.customers] = replace(self.actor, bases=grants)
        return self._walking[view.customers]


def _bases(view: View) -> frozenset[str]:
    return EVERYDAY | {"filing"} if view.customers else EVERYDAY
