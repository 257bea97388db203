"""Who looks, when, on which bases: what a compiled read depends on besides the Selection."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from uuid import UUID

from authz import ORDINARY, Actor, Basis, BasisGrant, DataClass, Kind, Policy, Rung
from desk.actors import HOUSE_ID, Sitter
from desk.dialect import Statement


@dataclass(frozen=True, slots=True)
class View:
    policy: Policy
    sitter: Sitter
    actor: Actor
    now: dt.datetime
    session_id: UUID | None
    bases: frozenset[Basis] = ORDINARY

    def on(self, basis: Basis, grants: tuple[BasisGrant, ...]) -> View:
        """The same person, walking a path that is a permission: the basis, and the customers it concerns."""
        return replace(
            self,
            actor=replace(self.actor, bases=(*self.actor.bases, *grants)),
            bases=self.bases | {basis},
        )

    def ladder(self, kind: Kind, data_class: DataClass, purposeful: bool) -> tuple[Rung, ...]:
        return self.policy.profile(self.actor, kind, data_class, self.bases, purposeful)

    def fence(self, s: Statement) -> str:
        """SQL: nothing has changed since this view was made (decisions.md 7). A stale view sees no row at all."""
        sitter = self.sitter
        conditions = [
            f"f.id = {s.bind(self.actor.staff_id)}",
            f"f.epoch = {s.bind(sitter.epoch)}",
            f"h.id = {s.bind(HOUSE_ID)}",
            f"h.tree_epoch = {s.bind(sitter.tree_epoch)}",
            f"h.policy_version = {s.bind(sitter.policy_version)}",
        ]
        if self.session_id is not None:
            at = s.bind(self.now)
            conditions.append(
                f"EXISTS (SELECT 1 FROM session n WHERE n.id = {s.bind(self.session_id)}"
                f" AND n.staff_id = f.id AND n.ended_at IS NULL AND {at} < n.expires_at)"
            )
        return f"EXISTS (SELECT 1 FROM staff f, house h WHERE {' AND '.join(conditions)})"
