"""A profile: what of an actor shapes a statement. Everything else of him is a value of it.

The policy is asked about a stand-in of the same profile, whose places, names and customers are symbols; so all people
of one profile share one text, and what tells them apart is only ever a parameter.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from authz import Actor, Basis, BasisGrant, Role, Seat
from desk.value import value
from models.vocabulary import Department

ME = UUID(int=1)
DELEGATED, RECUSED = UUID(int=2), UUID(int=3)
_GRANTED = {basis: UUID(int=16 + number) for number, basis in enumerate(Basis)}
_ROW_BASIS = 1 << 20
"""Stand-in customers from here on are those of a row that the reader is walking through (desk/gate/levels.py)."""


@value
class Fact:
    """A fact of the actor that a statement takes as a value: which one, and which of several."""

    name: str
    which: str | int = ""


@dataclass(frozen=True, eq=False)
class Profile:
    """One of each kind is kept (`profile_of`), so that identity is equality."""

    actor: Actor
    facts: dict[object, Fact] = field(default_factory=dict)
    """Each symbol of the stand-in, with the fact that it stands for."""
    levels: dict[str, tuple[str, Fact]] = field(default_factory=dict)
    """Of a place's symbol: on which level its institution is, and which one it is."""
    walking: dict[tuple[int, ...], Actor] = field(default_factory=dict)

    def through(self, rows: tuple[int, ...]) -> Actor:
        """The stand-in where open cases that were walked through are a basis; one for each row walked."""
        known = self.walking.get(rows)
        if known is None:
            if len(self.walking) >= WALKING_KEPT:
                self.walking.clear()
            grants = tuple(BasisGrant(Basis.FILING, UUID(int=0), row_customer(row)) for row in rows)
            known = self.walking[rows] = replace(self.actor, bases=(*self.actor.bases, *grants))
        return known

    def has_seat(self, role: Role) -> bool:
        return any(seat.role is role for seat in self.actor.seats)


_PROFILES: dict[tuple[Any, ...], Profile] = {}
_OF_ACTORS: dict[int, tuple[Actor, Profile, list[str]]] = {}
"""The actor is kept beside his profile and his places, so that his id stays his own."""
PROFILES_KEPT = 4096
WALKING_KEPT = 64


def row_customer(row: int) -> UUID:
    """The symbol of the customer of a row that is walked through."""
    return UUID(int=_ROW_BASIS + row)


def profile_of(actor: Actor) -> Profile:
    """The profile of an actor: roles, how his places lie to one another, and which facts he has at all.

    Actors are remembered by identity, as the policy does: whoever keeps an actor keeps his profile.
    """
    return _known(actor)[1]


def places_of(actor: Actor) -> list[str]:
    """The actor's places, each once, shortest first: the numbers of `Fact("path", ...)`."""
    return _known(actor)[2]


def _known(actor: Actor) -> tuple[Actor, Profile, list[str]]:
    known = _OF_ACTORS.get(id(actor))
    if known is None or known[0] is not actor:
        while len(_OF_ACTORS) >= PROFILES_KEPT:
            _OF_ACTORS.pop(next(iter(_OF_ACTORS)))
        places = sorted({seat.path for seat in actor.seats if seat.path}, key=lambda path: (len(path), path))
        known = _OF_ACTORS[id(actor)] = (actor, _found(actor, places), places)
    return known


def _found(actor: Actor, places: list[str]) -> Profile:
    symbols = _symbols(places)
    key = (
        tuple((seat.role, symbols.get(seat.path, ""), seat.level) for seat in actor.seats),
        bool(actor.delegated),
        bool(actor.recused),
        frozenset(grant.basis for grant in actor.bases),
    )
    known = _PROFILES.get(key)
    if known is None:
        if len(_PROFILES) >= PROFILES_KEPT:
            _PROFILES.clear()
        known = _PROFILES[key] = _profile(key, places, symbols)
    return known


def _symbols(places: list[str]) -> dict[str, str]:
    """A symbol for each place that lies within another's symbol exactly when the place does."""
    symbols: dict[str, str] = {}
    for number, place in enumerate(places):
        above = next((other for other in reversed(places[:number]) if place.startswith(other)), None)
        symbols[place] = f"{symbols[above] if above else '/'}#{number}/"
    return symbols


def _profile(key: tuple[Any, ...], places: list[str], symbols: dict[str, str]) -> Profile:
    seats, delegated, recused, bases = key
    facts: dict[object, Fact] = {ME: Fact("me")}
    for number, place in enumerate(places):
        symbol = symbols[place]
        facts[symbol] = Fact("path", number)
        facts[symbol[:-1] + "0"] = Fact("path_end", number)
    if delegated:
        facts[DELEGATED] = Fact("delegated")
    if recused:
        facts[RECUSED] = Fact("recused")
    for basis in bases:
        facts[_GRANTED[basis]] = Fact("granted", basis.value)
    actor = Actor(
        ME,
        UUID(int=0),
        tuple(Seat(role, symbol, UUID(int=0)) for role, symbol, _ in seats),
        frozenset({DELEGATED}) if delegated else frozenset(),
        tuple(BasisGrant(basis, UUID(int=0), _GRANTED[basis]) for basis in sorted(bases)),
        frozenset({RECUSED}) if recused else frozenset(),
    )
    numbers = {symbols[place]: number for number, place in enumerate(places)}
    levels = {
        symbol: (level, Fact("institution", numbers[symbol]))
        for _, symbol, level in seats
        if symbol and level
    }
    return Profile(actor, facts, levels)


def value_of(fact: Fact, actor: Actor) -> Any:
    """What a fact is for this very actor; a list where it is a set."""
    match fact.name:
        case "me":
            return actor.staff_id
        case "path":
            return places_of(actor)[int(fact.which)]
        case "path_end":
            return places_of(actor)[int(fact.which)][:-1] + "0"
        case "institution":
            place = places_of(actor)[int(fact.which)]
            return next(seat.institution_id for seat in actor.seats if seat.path == place and seat.level)
        case "paths":
            return sorted({seat.path for seat in actor.seats})
        case "paths_deciding":
            # Whoever decides a case does so in the personal banking department that it was sent to (Art. 6, 7).
            return sorted(
                {
                    seat.path
                    for seat in actor.seats
                    if seat.role == fact.which and seat.department == Department.PERSONAL_BANKING
                }
            )
        case "delegated":
            return sorted(actor.delegated)
        case "recused":
            return sorted(actor.recused)
        case "granted":
            return sorted({grant.customer_id for grant in actor.bases if grant.basis == fact.which})
    raise KeyError(fact.name)


SETS = frozenset({"delegated", "recused", "granted", "paths", "paths_deciding"})
