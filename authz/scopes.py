"""Scopes: what a grant reaches from one seat, as one clause of plain facts."""

from __future__ import annotations

from authz.reach import EVERYTHING_CLAUSE, Clause
from authz.words import Actor, Basis, Scope


def clause(scope: Scope, path: str | None, actor: Actor, basis: Basis) -> Clause | None:
    """The rows that `scope` reaches from a seat at `path`, when the read rests on `basis`. None: no row.

    `path` is None for what a person has as a member of the staff, without a seat.

    - all: every row;
    - own_branch: rows owned by the seat's branch; branch_and_below: by it or an institution under it;
    - assigned: rows of the seat's branch whose current manager is the actor (basis assignment), or one he
      stands in for (basis delegation); other bases assign nobody;
    - by_basis: rows of the customers whom the actor's authorities of this very basis name;
    - recused: rows of the actor himself or his relatives. For denying only.
    """
    if scope is Scope.ALL:
        return EVERYTHING_CLAUSE
    if scope is Scope.RECUSED:
        return Clause(customers=actor.recused) if actor.recused else None
    if scope is Scope.BY_BASIS:
        customers = frozenset(held.customer_id for held in actor.bases if held.basis is basis)
        return Clause(customers=customers) if customers else None
    if not path:
        return None
    if scope is Scope.OWN_BRANCH:
        return Clause(path=path)
    if scope is Scope.BRANCH_AND_BELOW:
        return Clause.below(path)
    if basis is Basis.ASSIGNMENT:
        return Clause(path=path, managers=frozenset({actor.staff_id}))
    if basis is Basis.DELEGATION and actor.delegated:
        return Clause(path=path, managers=actor.delegated)
    return None
