"""A reach as SQL, a ladder as SQL: the only place where permission becomes text.

An empty reach is `1 = 0`. A fact the table lacks reaches nothing in an allow, and everything in a deny, which is
what NULL does to `NOT (...)`.
"""

from __future__ import annotations

from collections.abc import Sequence

from authz import Clause, Reach, Rung
from desk.actors import holding
from desk.dialect import Statement
from desk.sights import Sight

NOTHING = "(1 = 0)"
EVERYTHING = "(1 = 1)"


class Predicates:
    """Writes conditions on one table's rows into one statement."""

    def __init__(self, statement: Statement, sight: Sight, now: object, *, path: str | None = None) -> None:
        self._s = statement
        self._path = path or sight.path
        self._customer = sight.customer
        self._now = now

    def reach(self, reach: Reach) -> str:
        key = (self._path, self._customer, id(reach))
        known = self._s.written.get(key)
        if known is None:
            # The reach is kept beside its text, so that its id stays its own.
            known = self._s.written[key] = (reach, self._reach(reach))
        return known[1]

    def _reach(self, reach: Reach) -> str:
        parts = []
        for part in reach.parts():
            allowed = self._any(part.allow, NOTHING)
            denied = self._any(part.deny, "", deny=True)
            parts.append(f"({allowed} AND NOT {denied})" if denied else allowed)
        return f"({' OR '.join(parts)})" if parts else NOTHING

    def ladder(self, rungs: Sequence[Rung]) -> str:
        """The number of the first rung a row stands on."""
        if not rungs[0].when:
            return "0"
        whens: list[str] = []
        for number, rung in enumerate(rungs):
            if not rung.when:
                return f"CASE {' '.join(whens)} ELSE {number} END"
            together = " AND ".join(self.reach(reach) for reach in rung.when)
            whens.append(f"WHEN {together} THEN {number}")
        raise ValueError("the last rung of a ladder holds for every row")

    def _any(self, clauses: frozenset[Clause], nothing: str, *, deny: bool = False) -> str:
        ordered = clauses if len(clauses) == 1 else sorted(clauses, key=repr)
        found = [self._clause(clause, deny) for clause in ordered]
        return f"({' OR '.join(found)})" if found else nothing

    def _clause(self, clause: Clause, deny: bool) -> str:
        if clause.everything:
            return EVERYTHING
        lacking = "(1 = 1)" if deny else NOTHING
        facts = []
        if clause.path is not None:
            facts.append(f"{self._path} = {self._s.bind(clause.path)}" if self._path else lacking)
        if clause.low is not None and clause.high is not None:
            low, high = self._s.bind(clause.low), self._s.bind(clause.high)
            facts.append(f"({self._path} >= {low} AND {self._path} < {high})" if self._path else lacking)
        if clause.customers is not None:
            facts.append(self._s.any_of(self._customer, clause.customers) if self._customer else lacking)
        if clause.managers is not None:
            facts.append(self.managed_by(clause.managers))
        return f"({' AND '.join(facts)})"

    def managed_by(self, managers: frozenset[object]) -> str:
        """The row's customer is served now by one of these managers. No customer: no managers."""
        if not self._customer:
            return NOTHING
        one_of = self._s.any_of("m.manager_id", managers)
        at = self._s.bind(self._now)
        return (
            f"EXISTS (SELECT 1 FROM manager_assignment m WHERE m.customer_id = {self._customer}"
            f" AND {one_of} AND {holding('m', at)})"
        )
