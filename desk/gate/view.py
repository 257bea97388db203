"""Who looks, when, on which bases: what a compiled read depends on besides the Selection."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from authz import ORDINARY, Actor, Basis, Policy
from desk.actors import HOUSE_ID, Sitter
from desk.clock import business_day
from desk.dialect import Statement
from desk.gate.profile import Fact, value_of
from desk.gate.slots import Mark, Now, Source, Today


@dataclass(frozen=True, slots=True)
class View:
    policy: Policy
    sitter: Sitter
    actor: Actor
    now: dt.datetime
    session_id: UUID | None
    bases: frozenset[Basis] = ORDINARY

    def value(self, source: Source | Any) -> Any:
        """What a source of the statement is for this view; whatever is no source of a view stands for itself."""
        match source:
            case Fact():
                return value_of(source, self.actor)
            case Mark(name):
                return self.session_id if name == "session_id" else getattr(self.sitter, name)
            case Now():
                return self.now
            case Today():
                return business_day(self.now)
        return source

    def fence(self, s: Statement) -> str:
        """The fence with this view's own values, for statements that are not compiled Selections."""
        return fence(_Filled(s, self), self.session_id is not None)


@dataclass(slots=True)
class _Filled:
    """Binds what a view knows in place of the sources of it."""

    statement: Statement
    view: View

    def bind(self, source: Any) -> str:
        return self.statement.bind(self.view.value(source))


def fence(s: Any, in_session: bool) -> str:
    """SQL: nothing has changed since the view was made (decisions.md 7). A stale view sees no row at all."""
    conditions = [
        f"f.id = {s.bind(Fact('me'))}",
        f"f.epoch = {s.bind(Mark('epoch'))}",
        f"h.id = {s.bind(HOUSE_ID)}",
        f"h.tree_epoch = {s.bind(Mark('tree_epoch'))}",
        f"h.policy_version = {s.bind(Mark('policy_version'))}",
    ]
    if in_session:
        at = s.bind(Now())
        conditions.append(
            f"EXISTS (SELECT 1 FROM session n WHERE n.id = {s.bind(Mark('session_id'))}"
            f" AND n.staff_id = f.id AND n.ended_at IS NULL AND {at} < n.expires_at)"
        )
    return f"EXISTS (SELECT 1 FROM staff f, house h WHERE {' AND '.join(conditions)})"
