"""Whom a screening is about: the whole bank, one subtree of it, or named customers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from desk.dialect import Statement

WHOLE = "/"


@dataclass(frozen=True, slots=True)
class Scope:
    """`path` is the path of an institution, '/' for the whole bank. `customers` narrows it to these few."""

    path: str = WHOLE
    customers: tuple[UUID, ...] | None = None

    @property
    def everybody(self) -> bool:
        return self.path == WHOLE and self.customers is None

    def where(self, s: Statement, column: str) -> str:
        """` AND ...` on a column that holds customer ids; empty for everybody."""
        text = ""
        if self.customers is not None:
            text += f" AND {s.any_of(column, self.customers)}"
        if self.path != WHOLE:
            text += f" AND {column} IN (SELECT w.id FROM customer w WHERE 1 = 1{self._under(s)})"
        return text

    def owners(self, s: Statement) -> str:
        """Every customer with his owning branch, in order of id."""
        text = "SELECT w.id, w.owner_id FROM customer w WHERE 1 = 1"
        if self.customers is not None:
            text += f" AND {s.any_of('w.id', self.customers)}"
        return f"{text}{self._under(s)} ORDER BY w.id"

    def _under(self, s: Statement) -> str:
        if self.path == WHOLE:
            return ""
        # '0' follows '/', so the range holds /1/12/ and all below it, and not /1/120/.
        return f" AND w.owner_path >= {s.bind(self.path)} AND w.owner_path < {s.bind(self.path[:-1] + '0')}"

    def population(self, s: Statement) -> str:
        """Every customer who owns an account or a loan. A disponent without either is not evaluated."""
        return (
            f"SELECT a.customer_id FROM account a WHERE 1 = 1{self.where(s, 'a.customer_id')}"
            f" UNION SELECT l.customer_id FROM loan l WHERE 1 = 1{self.where(s, 'l.customer_id')}"
        )

    def currencies(self, s: Statement) -> str:
        """The currencies of their accounts and loans."""
        return (
            f"SELECT a.currency FROM account a WHERE 1 = 1{self.where(s, 'a.customer_id')}"
            f" UNION SELECT l.currency FROM loan l WHERE 1 = 1{self.where(s, 'l.customer_id')}"
        )
