"""The closed set of single facts that can open or close a cell, each as a question that the policy can be asked.

A change does not know what it brings about: `authz/explaining.py` makes it and really asks the policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from authz.duties import incompatible
from authz.words import ORDINARY, Actor, Basis, BasisGrant, Facts, Role, Seat

SUPPOSED = UUID(int=0)
"""The id of an authority, an institution or an assignment that is only supposed."""


class Fact(StrEnum):
    """What may be gained or lost, from the least power to the most.

    A purpose gives nothing but a record. PATH: to walk an authority that one has. BASIS: an authority, for one
    customer and one matter. ASSIGNMENT: to be the manager of one customer. DELEGATION: to stand in for a manager, with
    all his customers. OWNER: the customer belongs to one's own branch, and so to all of it. SEAT: a role, with all
    that it reaches. RECUSAL: a duty to abstain, which nobody lifts for the asking.
    """

    PURPOSE = "PURPOSE"
    PATH = "PATH"
    BASIS = "BASIS"
    ASSIGNMENT = "ASSIGNMENT"
    DELEGATION = "DELEGATION"
    OWNER = "OWNER"
    SEAT = "SEAT"
    RECUSAL = "RECUSAL"


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that a decision depends on beside the policy, the kind and the class."""

    actor: Actor
    facts: Facts
    bases: frozenset[Basis]
    purpose_given: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One fact more or one fact less. `sentence` and `chinese` say which, and name neither customer nor value."""

    fact: Fact
    sentence: str
    chinese: str
    make: Callable[[Question], Question] = field(repr=False, compare=False)
    """The same question with this one fact changed."""
    basis: Basis | None = None
    role: Role | None = None
    path: str | None = None
    """For OWNER gained: the branch to which the customer would belong."""
    assignment_id: UUID | None = None
    """For SEAT lost: the assignment that would end."""


_CHINESE = {
    Basis.CASE: "案件",
    Basis.CONSENT: "客户授权",
    Basis.FILING: "备案",
    Basis.LAW: "协助查询",
}
_ENGLISH = {
    Basis.CASE: "an approved case",
    Basis.CONSENT: "a consent",
    Basis.FILING: "an open filing",
    Basis.LAW: "an approved legal request",
}
AUTHORITIES = tuple(sorted(_ENGLISH))
"""The bases that are authorities of their own, beside the ordinary ones."""


def gains(asked: Question) -> Iterator[Change]:
    """Every single fact that the actor does not have, in the order of `Fact`; none for which the row lacks the place.

    A role is left out when it and his own exclude each other (`authz/duties.py`): nobody could be given it.
    """
    actor, facts = asked.actor, asked.facts
    if not asked.purpose_given:
        yield Change(Fact.PURPOSE, "You say what for.", "说明用途。", _with_purpose)
    if not asked.bases >= ORDINARY:
        yield Change(Fact.PATH, "You open it in the ordinary way.", "按一般方式进入。", _ordinarily)
    held = {grant.basis for grant in actor.bases if grant.customer_id == facts.customer_id}
    for basis in AUTHORITIES:
        if basis in held and basis not in asked.bases:
            yield Change(
                Fact.PATH,
                f"You open it from {_ENGLISH[basis]} that you already hold.",
                f"从您已有的{_CHINESE[basis]}事项进入。",
                _walking(basis),
                basis,
            )
    for basis in AUTHORITIES:
        if basis not in held and facts.customer_id is not None:
            yield Change(
                Fact.BASIS,
                f"You hold {_ENGLISH[basis]} that names the customer, and open it from there.",
                f"您持有涉及该客户的{_CHINESE[basis]}，并从该事项进入。",
                _holding(basis, facts.customer_id),
                basis,
            )
    if actor.staff_id not in facts.managers:
        yield Change(Fact.ASSIGNMENT, "You are the customer's manager.", "您是该客户的客户经理。", _assigned)
    if facts.managers and not facts.managers & actor.delegated:
        yield Change(
            Fact.DELEGATION,
            "You stand in for the customer's manager.",
            "您为该客户的客户经理代班。",
            _delegated,
        )
    for path in dict.fromkeys(seat.path for seat in actor.seats):
        if path and path != facts.path:
            yield Change(
                Fact.OWNER,
                "The customer belongs to your branch.",
                "该客户归属您所在机构。",
                _owned_by(path),
                path=path,
            )
    roles = {seat.role for seat in actor.seats}
    at_owner = {seat.role for seat in actor.seats if seat.path == facts.path}
    place = facts.path if facts.path and facts.path.endswith("/") else None  # else it is no institution's
    for role in Role:
        if place and role not in at_owner and incompatible({*roles, role}) is None:
            yield Change(
                Fact.SEAT,
                f"You hold the role '{role}' at the customer's own branch.",
                f"您在该客户归属行任“{role}”岗位。",
                _seated(role, place),
                role=role,
            )
    if facts.customer_id in actor.recused:
        yield Change(
            Fact.RECUSAL,
            "It is not your own or a relative's file.",
            "该资料不属于您本人或亲属。",
            _not_recused,
        )


def losses(asked: Question) -> Iterator[Change]:
    """Every single fact that the actor has, lost, in the order of `Fact`."""
    actor, facts = asked.actor, asked.facts
    if asked.purpose_given:
        yield Change(Fact.PURPOSE, "You do not say what for.", "不说明用途。", _without_purpose)
    for basis in sorted(asked.bases - ORDINARY):
        yield Change(
            Fact.PATH,
            f"You do not open it from {_ENGLISH[basis]}.",
            f"不从{_CHINESE[basis]}事项进入。",
            _not_walking(basis),
            basis,
        )
    for basis in dict.fromkeys(g.basis for g in actor.bases if g.customer_id == facts.customer_id):
        if basis not in ORDINARY:
            yield Change(
                Fact.BASIS,
                f"You no longer hold {_ENGLISH[basis]} that names the customer.",
                f"您不再持有涉及该客户的{_CHINESE[basis]}。",
                _not_holding(basis),
                basis,
            )
    if actor.staff_id in facts.managers:
        yield Change(
            Fact.ASSIGNMENT,
            "You are no longer the customer's manager.",
            "您不再是该客户的客户经理。",
            _not_assigned,
        )
    if facts.managers & actor.delegated:
        yield Change(
            Fact.DELEGATION,
            "You no longer stand in for the customer's manager.",
            "您不再为该客户的客户经理代班。",
            _not_delegated,
        )
    if facts.path:
        yield Change(
            Fact.OWNER,
            "The customer belongs elsewhere.",
            "该客户归属其他机构。",
            lambda asked: replace(asked, facts=replace(asked.facts, path=None)),
        )
    for index, seat in enumerate(actor.seats):
        yield Change(
            Fact.SEAT,
            f"Your role '{seat.role}' ends.",
            f"您的“{seat.role}”岗位终止。",
            _unseated(index),
            role=seat.role,
            assignment_id=seat.assignment_id,
        )


Making = Callable[[Question], Question]


def _with_purpose(asked: Question) -> Question:
    return replace(asked, purpose_given=True)


def _without_purpose(asked: Question) -> Question:
    return replace(asked, purpose_given=False)


def _ordinarily(asked: Question) -> Question:
    return replace(asked, bases=asked.bases | ORDINARY)


def _walking(basis: Basis) -> Making:
    return lambda asked: replace(asked, bases=asked.bases | {basis})


def _not_walking(basis: Basis) -> Making:
    return lambda asked: replace(asked, bases=asked.bases - {basis})


def _holding(basis: Basis, customer_id: UUID) -> Making:
    """An authority is of use to who walks it, so the path comes with it."""

    def make(asked: Question) -> Question:
        held = (*asked.actor.bases, BasisGrant(basis, SUPPOSED, customer_id))
        return replace(asked, actor=replace(asked.actor, bases=held), bases=asked.bases | {basis})

    return make


def _not_holding(basis: Basis) -> Making:
    def make(asked: Question) -> Question:
        lost = (basis, asked.facts.customer_id)
        rest = tuple(g for g in asked.actor.bases if (g.basis, g.customer_id) != lost)
        return replace(asked, actor=replace(asked.actor, bases=rest))

    return make


def _assigned(asked: Question) -> Question:
    managers = asked.facts.managers | {asked.actor.staff_id}
    facts = replace(asked.facts, managers=managers)
    return replace(asked, facts=facts, bases=asked.bases | {Basis.ASSIGNMENT})


def _not_assigned(asked: Question) -> Question:
    managers = asked.facts.managers - {asked.actor.staff_id}
    return replace(asked, facts=replace(asked.facts, managers=managers))


def _delegated(asked: Question) -> Question:
    """From one manager, should there be several."""
    delegated = asked.actor.delegated | {min(asked.facts.managers)}
    actor = replace(asked.actor, delegated=delegated)
    return replace(asked, actor=actor, bases=asked.bases | {Basis.DELEGATION})


def _not_delegated(asked: Question) -> Question:
    delegated = asked.actor.delegated - asked.facts.managers
    return replace(asked, actor=replace(asked.actor, delegated=delegated))


def _owned_by(path: str) -> Making:
    return lambda asked: replace(asked, facts=replace(asked.facts, path=path))


def _seated(role: Role, path: str) -> Making:
    def make(asked: Question) -> Question:
        seats = (*asked.actor.seats, Seat(role, path, SUPPOSED))
        return replace(asked, actor=replace(asked.actor, seats=seats))

    return make


def _unseated(index: int) -> Making:
    def make(asked: Question) -> Question:
        seats = asked.actor.seats[:index] + asked.actor.seats[index + 1 :]
        return replace(asked, actor=replace(asked.actor, seats=seats))

    return make


def _not_recused(asked: Question) -> Question:
    return replace(asked, actor=replace(asked.actor, recused=asked.actor.recused - {asked.facts.customer_id}))
