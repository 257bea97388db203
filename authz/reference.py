"""The reference: pycasbin's own enforce() over the same model and rules, one decision at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import casbin
from casbin.model import Model
from casbin.persist.adapters.string_adapter import StringAdapter

from authz.model import MODEL
from authz.scopes import clause
from authz.words import Actor, BaseRole, Basis, Facts, Scope

if TYPE_CHECKING:
    from authz.rules import Rules


class Reference:
    """A Casbin enforcer that is built once, never reloaded and never switched off. About 1000 times slower."""

    def __init__(self, rules: Rules) -> None:
        model = Model()
        for pairs in MODEL.values():
            for key, value in pairs.items():
                model.add_def(key[0], key, value)
        self._enforcer = casbin.Enforcer(model, StringAdapter("\n".join(rules.lines)))
        self._enforcer.add_function("holds", self._holds)
        self._roles = self._enforcer.get_role_manager()

    def enforce(self, actor: Actor, res: str, grp: str, act: str, basis: Basis, facts: Facts) -> bool:
        """Casbin's answer. `grp` is a field group or a data class."""
        return bool(self._enforcer.enforce(actor, facts, str(res), str(grp), str(act), basis))

    def _holds(self, actor: Actor, role: str, scope: str, basis: Basis, facts: Facts) -> bool:
        """Does the actor hold `role`, himself or by inheritance, from a place from which `scope` reaches the row?"""
        paths = [seat.path for seat in actor.seats if self._roles.has_link(str(seat.role), role)]
        places: list[str | None] = [*paths, None] if role == BaseRole.STAFF else [*paths]
        for path in places:
            reached = clause(Scope(scope), path, actor, basis)
            # A recusal denies also when the row does not say whose it is: unknown must not become allowed.
            if reached and (reached.may_cover(facts) if scope == Scope.RECUSED else reached.covers(facts)):
                return True
        return False
