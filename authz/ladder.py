"""The ladder of a cell: conditions on the row from the best answer down; the first that holds decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from authz.purposes import needed
from authz.reach import EVERYTHING, EVERYTHING_CLAUSE, NOTHING, Clause, Reach
from authz.words import Action, Actor, Basis, DataClass, Effect, Facts, Kind, ReasonCode, Scope, Visibility

if TYPE_CHECKING:
    from authz.policy import Grant, Policy
    from authz.rules import Rule

PLACED = {Scope.ASSIGNED, Scope.BRANCH_AND_BELOW, Scope.OWN_BRANCH}
"""Scopes that reach from the place of a seat."""


@dataclass(frozen=True, slots=True)
class Rung:
    """If every reach of `when` covers the row, the cell has this visibility for this reason.

    An empty `when` always holds, and is the last rung of every ladder. `sources` tell which rule speaks:
    the first one whose reach covers the row.
    """

    when: tuple[Reach, ...]
    visibility: Visibility
    reason: ReasonCode | None
    sources: tuple[tuple[Rule, Reach], ...] = ()

    def holds(self, facts: Facts) -> bool:
        """Does the row stand on this rung?"""
        return all(reach.covers(facts) for reach in self.when)

    def rule(self, facts: Facts) -> Rule | None:
        """The rule behind the answer, if one is."""
        return next((rule for rule, reach in self.sources if reach.covers(facts)), None)


def ladder(
    policy: Policy, actor: Actor, res: Kind, cls: DataClass, bases: frozenset[Basis], purpose_given: bool
) -> tuple[Rung, ...]:
    """What a cell of `cls` on `res` is to the actor, as data: SQL and Python walk the same rungs.

    VISIBLE by a READ grant that needs no purpose, or has one. Else MASKED where READ_MASKED reaches, else
    WITHHELD, for the first reason that applies in the order of ReasonCode. RECUSED: a deny for recusal
    covers the row; every other deny is ROLE_WITHOUT_ACCESS. PURPOSE_REQUIRED: READ reaches, nobody said
    why. NOT_ASSIGNED: the row is at the seat's own branch and he would see it as its manager.
    BASIS_REQUIRED: he would see it with a filing, case, consent or legal request. OTHER_BRANCH: he would
    see it at his own place. AGGREGATES_ONLY: it counts in his totals.
    """
    shown: list[tuple[Rule, Reach]] = []
    unexplained: list[tuple[Rule, Reach]] = []
    recusals: list[tuple[Rule, Reach]] = []
    denials: list[tuple[Rule, Reach]] = []
    for basis in sorted(bases):
        grants = policy.grants(actor, res, cls, Action.READ, basis)
        denied = frozenset(g.clause for g in grants if g.clause and g.rule.eft is Effect.DENY)
        for grant in grants:
            if grant.clause is None:
                continue
            one = frozenset({grant.clause})
            if grant.rule.eft is Effect.ALLOW:
                if EVERYTHING_CLAUSE in denied:
                    continue
                silent = purpose_given or not needed(cls, grant.seat.role if grant.seat else None)
                (shown if silent else unexplained).append((grant.rule, Reach(one, denied)))
            elif grant.rule.scope is Scope.RECUSED:
                recusals.append((grant.rule, Reach(one)))
            else:
                denials.append((grant.rule, Reach(one)))
    would = [
        (basis, grant)
        for basis in Basis
        for grant in policy.grants(actor, res, cls, Action.READ, basis)
        if grant.rule.eft is Effect.ALLOW
    ]
    reasons = (
        (ReasonCode.RECUSED, recusals),
        (ReasonCode.ROLE_WITHOUT_ACCESS, denials),
        (ReasonCode.PURPOSE_REQUIRED, unexplained),
        (ReasonCode.NOT_ASSIGNED, _at_own_branch(grant for _, grant in would)),
        (ReasonCode.BASIS_REQUIRED, _on_another_basis(would, bases)),
        (
            ReasonCode.OTHER_BRANCH,
            [(g.rule, EVERYTHING) for _, g in would if g.seat and g.rule.scope in PLACED],
        ),
        (ReasonCode.AGGREGATES_ONLY, [(None, policy.reach(actor, res, cls, Action.AGGREGATE, bases))]),
        (ReasonCode.ROLE_WITHOUT_ACCESS, [(None, EVERYTHING)]),
    )
    masked = policy.reach(actor, res, cls, Action.READ_MASKED, bases)
    rungs: list[Rung] = []
    _step(rungs, _union(shown), Visibility.VISIBLE, None, shown)
    for code, sources in reasons:
        told = [(rule, reach) for rule, reach in sources if rule is not None]
        when = _union(sources)
        if not masked.nothing:
            _step(rungs, when, Visibility.MASKED, code, told, masked)
        _step(rungs, when, Visibility.WITHHELD, code, told)
    return tuple(rungs)


def _step(
    rungs: list[Rung],
    when: Reach,
    visibility: Visibility,
    reason: ReasonCode | None,
    sources: Iterable[tuple[Rule, Reach]],
    also: Reach = EVERYTHING,
) -> None:
    """Add a rung unless no row can stand on it; a condition that always holds is left out."""
    conditions = tuple(dict.fromkeys(reach for reach in (also, when) if not reach.everything))
    if when.nothing or any(set(rung.when) <= set(conditions) for rung in rungs):
        return
    rungs.append(Rung(conditions, visibility, reason, tuple(dict.fromkeys(sources))))


def _union(sources: Iterable[tuple[Rule | None, Reach]]) -> Reach:
    return reduce(or_, (reach for _, reach in sources), NOTHING)


def _at_own_branch(grants: Iterable[Grant]) -> list[tuple[Rule, Reach]]:
    return [
        (grant.rule, Reach(frozenset({Clause(path=grant.seat.path)})))
        for grant in grants
        if grant.rule.scope is Scope.ASSIGNED and grant.seat and grant.seat.path
    ]


def _on_another_basis(would: list[tuple[Basis, Grant]], bases: frozenset[Basis]) -> list[tuple[Rule, Reach]]:
    found = []
    for basis, grant in would:
        if grant.rule.scope is Scope.BY_BASIS:
            found.append((grant.rule, EVERYTHING))
        elif basis not in bases and grant.clause:
            found.append((grant.rule, Reach(frozenset({grant.clause}))))
    return found
