"""The policy, compiled: who reaches which rows, and what each cell is to him."""

from __future__ import annotations

from functools import cached_property, reduce
from operator import itemgetter, or_
from pathlib import Path
from typing import NamedTuple

from authz.ladder import Rung, ladder
from authz.model import PolicyError
from authz.reach import EVERYTHING_CLAUSE, NOTHING, Clause, Reach
from authz.reference import Reference
from authz.rules import Rule, Rules, read
from authz.scopes import clause
from authz.words import (
    ANY,
    ORDINARY,
    Action,
    Actor,
    BaseRole,
    Basis,
    DataClass,
    Effect,
    Facts,
    Group,
    Kind,
    ReasonCode,
    Seat,
    Visibility,
)

POLICY = Path(__file__).parent / "policy.csv"
MODEL = Path(__file__).parent / "model.conf"

ACTORS_KEPT = 1024
PROFILES_KEPT = 16384


Index = dict[tuple[Kind, Action, str, str], list[tuple[int, Rule]]]
"""By what a question names: the rules and the lines on which they stand."""


class Grant(NamedTuple):
    """A rule that speaks of the actor, from which of his seats (None: as staff), and the rows; None: no row."""

    rule: Rule
    seat: Seat | None
    clause: Clause | None


class Policy:
    """A policy version. It never changes: a new version is a new Policy, swapped in whole.

    Asking needs no right of its own; the caller is the desk. A seat's scope belongs to the rule that gives
    the action from that seat, never to the union of the actor's roles. Who has no seat has what `staff`
    has: the PUBLIC classes (decisions.md 13).

    Actors are remembered by identity, so a caller gets the speed of a warm decision by keeping the Actor of
    a request, and loses nothing but that by making another.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._about: dict[str, Index] = {}
        self._profiles: dict[tuple[object, ...], tuple[tuple[Rule, int | None], ...]] = {}
        self._actors: dict[int, tuple[Actor, dict[object, Reach], dict[object, tuple[Rung, ...]]]] = {}

    @classmethod
    def load(cls, path: Path = POLICY, model: Path = MODEL) -> Policy:
        """Read a policy file and the model. Raises PolicyError naming file, line, word and what is allowed."""
        try:
            return cls.of(path.read_text(encoding="utf-8"), model.read_text(encoding="utf-8"))
        except (PolicyError, UnicodeDecodeError) as error:
            raise PolicyError(f"{path.name} cannot be used: {error}") from error

    @classmethod
    def of(cls, text: str, model: str | None = None) -> Policy:
        """The policy of a text in the format of policy.csv. Raises PolicyError."""
        return cls(read(text, MODEL.read_text(encoding="utf-8") if model is None else model))

    @property
    def version(self) -> str:
        """sha256 (hex) of the canonical text of model and policy: comments and blanks do not count."""
        return self._rules.version

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, in file order."""
        return tuple(
            self._rules.rule(number)
            for number in sorted(number for numbers in self._rules.spoken.values() for number in numbers)
        )

    def line_of(self, rule: Rule) -> int:
        """The number of the line on which a rule stands, counted from 1. ValueError for a rule of another policy."""
        return self._rules.number(rule)

    def class_of(self, group: Group) -> DataClass:
        """The data class of a field group. KeyError when the policy gives it none."""
        return self._rules.classes[group]

    def allows(
        self,
        actor: Actor,
        res: Kind,
        cls: DataClass,
        act: Action,
        facts: Facts,
        bases: frozenset[Basis] = ORDINARY,
    ) -> bool:
        """May he do this to this row? An act's rules name no class, so any class asks the same."""
        return self.reach(actor, res, cls, act, bases).covers(facts)

    def reach(
        self, actor: Actor, res: Kind, cls: DataClass, act: Action, bases: frozenset[Basis] = ORDINARY
    ) -> Reach:
        """The rows to which he may do this, resting on any one of the bases."""
        known = self._actors.get(id(actor))
        if known is None or known[0] is not actor:
            known = self._remember(actor)
        key = (res, cls, act, bases)
        found = known[1].get(key)
        if found is None:
            parts = (self._reach(actor, res, cls, act, basis) for basis in sorted(bases))
            found = known[1][key] = reduce(or_, parts, NOTHING)
        return found

    def rows_reach(self, actor: Actor, res: Kind, bases: frozenset[Basis] = ORDINARY) -> Reach:
        """The rows that exist for him: some READ or READ_MASKED grant on any class reaches them (decisions.md 12).

        A recusal denies every class but VIP_STATUS, so an own or relative's file stays a row, and its cells
        are refused with RECUSED.
        """
        known = self._actors.get(id(actor))
        if known is None or known[0] is not actor:
            known = self._remember(actor)
        key = (res, bases)
        found = known[1].get(key)
        if found is None:
            parts = (
                self.reach(actor, res, cls, act, bases)
                for cls in DataClass
                for act in (Action.READ, Action.READ_MASKED)
            )
            found = known[1][key] = reduce(or_, parts, NOTHING)
        return found

    def classes_reached(
        self, actor: Actor, res: Kind, act: Action, bases: frozenset[Basis] = ORDINARY
    ) -> frozenset[DataClass]:
        """The classes on which he may do this to some row."""
        return frozenset(cls for cls in DataClass if not self.reach(actor, res, cls, act, bases).nothing)

    def profile(
        self,
        actor: Actor,
        res: Kind,
        cls: DataClass,
        bases: frozenset[Basis] = ORDINARY,
        purpose_given: bool = False,
    ) -> tuple[Rung, ...]:
        """Visibility and reason of a cell as ordered conditions on its row; the last one always holds."""
        known = self._actors.get(id(actor))
        if known is None or known[0] is not actor:
            known = self._remember(actor)
        key = (res, cls, bases, purpose_given)
        found = known[2].get(key)
        if found is None:
            found = known[2][key] = ladder(self, actor, res, cls, bases, purpose_given)
        return found

    def reason(
        self,
        actor: Actor,
        res: Kind,
        cls: DataClass,
        facts: Facts,
        bases: frozenset[Basis] = ORDINARY,
        purpose_given: bool = False,
    ) -> tuple[Visibility, ReasonCode | None, Rule | None]:
        """What a cell of this row is to him, why, and the rule that shows it or would show it."""
        rung = next(r for r in self.profile(actor, res, cls, bases, purpose_given) if r.holds(facts))
        return rung.visibility, rung.reason, rung.rule(facts)

    def enforce(
        self, actor: Actor, res: Kind, grp: Group | DataClass, act: Action, basis: Basis, facts: Facts
    ) -> bool:
        """The reference: the same question to pycasbin, for one basis. For tests and for doubt; about a millisecond."""
        return self._reference.enforce(actor, res, grp, act, basis, facts)

    def grants(self, actor: Actor, res: Kind, cls: DataClass, act: Action, basis: Basis) -> tuple[Grant, ...]:
        """The rules that speak of this, seat by seat, in file order."""
        roles = tuple(seat.role for seat in actor.seats)
        key = (roles, res, cls, act, basis)
        matching = self._profiles.get(key)
        if matching is None:
            if len(self._profiles) >= PROFILES_KEPT:
                self._profiles.clear()
            matching = self._profiles[key] = self._matching(roles, res, cls, act, basis)
        found = []
        for rule, index in matching:
            seat = None if index is None else actor.seats[index]
            found.append(Grant(rule, seat, clause(rule.scope, seat.path if seat else None, actor, basis)))
        return tuple(found)

    def _matching(
        self, roles: tuple[str, ...], res: Kind, cls: DataClass, act: Action, basis: Basis
    ) -> tuple[tuple[Rule, int | None], ...]:
        """The rules that speak of these roles, each with the index of the seat that holds it."""
        seats: dict[str, list[int | None]] = {BaseRole.STAFF: [None]}
        for index, role in enumerate(roles):
            for held in self._rules.held[role]:
                seats.setdefault(held, []).append(index)
        keys = [(res, act, cls_word, basis_word) for cls_word in (cls, ANY) for basis_word in (basis, ANY)]
        found = [
            (number, rule, seat)
            for role, holders in seats.items()
            for key in keys
            for number, rule in self._index(role).get(key, ())
            for seat in holders
        ]
        found.sort(key=itemgetter(0))
        return tuple((rule, seat) for _, rule, seat in found)

    def _index(self, role: str) -> Index:
        """The rules that speak of a role; made when the role is first met, so that a policy loads without it."""
        about = self._about.get(role)
        if about is None:
            about = self._about[role] = {}
            for number in self._rules.spoken[role]:
                rule = self._rules.rule(number)
                about.setdefault((rule.res, rule.act, rule.cls, rule.basis), []).append((number, rule))
        return about

    def _reach(self, actor: Actor, res: Kind, cls: DataClass, act: Action, basis: Basis) -> Reach:
        grants = self.grants(actor, res, cls, act, basis)
        deny = frozenset(g.clause for g in grants if g.clause and g.rule.eft is Effect.DENY)
        if EVERYTHING_CLAUSE in deny:
            return NOTHING
        allow = frozenset(g.clause for g in grants if g.clause and g.rule.eft is Effect.ALLOW)
        return Reach(allow, deny) if allow else NOTHING

    def _remember(self, actor: Actor) -> tuple[Actor, dict[object, Reach], dict[object, tuple[Rung, ...]]]:
        """Keep an actor's answers. The kept reference is what makes id(actor) a safe key."""
        while len(self._actors) >= ACTORS_KEPT:
            self._actors.pop(next(iter(self._actors)), None)
        known = self._actors[id(actor)] = (actor, {}, {})
        return known

    def forget(self, actor: Actor) -> None:
        """Keep no answer of an actor: for one who was only supposed, so that he displaces nobody real."""
        if self._actors.get(id(actor), (None,))[0] is actor:
            del self._actors[id(actor)]

    @cached_property
    def _reference(self) -> Reference:
        return Reference(self._rules)
