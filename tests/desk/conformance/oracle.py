"""What the interpreter of tests/authz says of the generated bank, row by row, remembered by the facts that matter."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from authz import DataClass, Facts, Kind, Policy
from tests.authz.interpreter import Interpreter
from tests.desk.conformance.cases import Case

Cell = tuple[str, str | None]
"""Visibility and reason."""


class Divergence(AssertionError):
    """Two implementations do not agree."""


class Oracle:
    """One case's expected answers. Rows that differ in no fact that the actor's rights turn on share an answer."""

    def __init__(self, case: Case, policy: Policy) -> None:
        self.case, self.policy = case, policy
        self._interpreter = Interpreter(case.text)
        self._known: dict[object, Any] = {}
        self._alike: dict[object, Facts] = {}
        held: dict[UUID, set[str]] = {}
        for base in case.actor.bases:
            held.setdefault(base.customer_id, set()).add(base.basis)
        self._held = {customer: frozenset(bases) for customer, bases in held.items()}

    def exists(self, kind: Kind, facts: Facts) -> bool:
        row = self._representative(facts)
        key = (kind, row)
        if key not in self._known:
            case = self.case
            self._known[key] = self._interpreter.row(case.actor, kind, list(DataClass), case.bases, row)
        return bool(self._known[key])

    def cell(self, kind: Kind, data_class: DataClass, facts: Facts, purpose: bool) -> Cell:
        """The interpreter's answer; Divergence when the compiled policy, asked in Python, gives another one."""
        row = self._representative(facts)
        key = (kind, data_class, row, purpose)
        if key not in self._known:
            case = self.case
            found = self._interpreter.cell(case.actor, kind, data_class, case.bases, row, purpose)
            told = self.policy.reason(case.actor, kind, data_class, row, case.bases, purpose)[:2]
            if tuple(told) != found:
                raise Divergence(f"Policy.reason says {told}, the interpreter {found}: {key}\n{case}")
            self._known[key] = found
        visibility, reason = self._known[key]
        return visibility, reason

    def _representative(self, facts: Facts) -> Facts:
        customer = facts.customer_id
        recused = customer in self.case.actor.recused
        held = self._held.get(customer) if customer else None
        return self._alike.setdefault((facts.path, facts.managers, customer is None, recused, held), facts)
