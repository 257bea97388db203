"""Generated questions to the gate: a policy, an actor, his bases and a moment. Seeded, with the words of tests/authz."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from authz import Actor, Basis, BasisGrant, DataClass, Seat
from tests.authz.worlds import ACTS, ANY_BASIS, BASES_OF, CLASSES, CUSTOMERS, PATHS, ROLES, STAFF
from tests.desk.conformance.bank import MOMENTS, customer_ids

SEED = 20
SPOKEN_OF = (*CLASSES * 2, *DataClass, *"*" * 10)
"""Classes of the rules; those in which purposes matter come more often."""
SCOPES = (
    "own_branch",
    "branch_and_below",
    "branch_and_below",
    "assigned",
    "assigned",
    "by_basis",
    "all",
    "all",
)
SEATS = (*PATHS, "/1/", "/1/", "/1/12/", "")
WALKED = (
    frozenset({Basis.ASSIGNMENT, Basis.DELEGATION}),
    frozenset({Basis.ASSIGNMENT, Basis.DELEGATION}),
    frozenset({Basis.ASSIGNMENT, Basis.DELEGATION, Basis.FILING}),
    frozenset({Basis.ASSIGNMENT, Basis.DELEGATION, Basis.CASE}),
    frozenset({Basis.ASSIGNMENT}),
    frozenset({Basis.FILING}),
    frozenset(),
)


@dataclass(frozen=True)
class Case:
    text: str
    actor: Actor
    bases: frozenset[Basis]
    now: dt.datetime
    seed: int

    @property
    def rng(self) -> random.Random:
        return random.Random(self.seed)


def cases() -> Iterator[Case]:
    """Without end; the same in every run and for every database."""
    seed = SEED
    while True:
        rng = random.Random(seed)
        actor = _actor(rng)
        case = Case(_policy(rng, actor), actor, rng.choice(WALKED), rng.choice(MOMENTS), seed)
        yield case
        if seed % 4 == 0:
            # The same questions from a colleague: of the same profile, or nearly, so that statements are shared.
            yield replace(case, actor=_colleague(rng, actor), now=rng.choice(MOMENTS))
        seed += 1


def _colleague(rng: random.Random, actor: Actor) -> Actor:
    """Somebody with the same roles elsewhere, who stands in for others and must not touch others."""
    seats = tuple(replace(seat, path=rng.choice(SEATS) if seat.path else "") for seat in actor.seats)
    other = _actor(rng)
    recused = other.recused if actor.recused else frozenset()
    return Actor(STAFF[1], UUID(int=96), seats, other.delegated - {STAFF[1]}, actor.bases, recused)


def _actor(rng: random.Random) -> Actor:
    """Every base and recusal is for a tenth of the bank, not for one customer in two hundred."""
    seats = [
        Seat(rng.choice(ROLES), rng.choice(SEATS), UUID(int=99))
        for _ in range(rng.choice([0, 1, 2, 2, 3, 3]))
    ]
    bases = [
        BasisGrant(rng.choice(list(Basis)), UUID(int=98), customer)
        for like in rng.sample(CUSTOMERS, rng.randint(0, 3))
        for customer in customer_ids(like)
    ]
    recused = customer_ids(rng.choice(CUSTOMERS)) if rng.random() < 0.4 else []
    delegated = rng.sample(STAFF[1:], rng.randint(0, 2))
    return Actor(STAFF[0], UUID(int=97), tuple(seats), frozenset(delegated), tuple(bases), frozenset(recused))


def _policy(rng: random.Random, actor: Actor) -> str:
    order = [*ROLES[:3], "officer"]
    links = [f"g, {a}, {b}" for n, a in enumerate(order) for b in order[n + 1 :]]
    held = [seat.role.value for seat in actor.seats]
    rules = [_rule(rng, held) for _ in range(rng.choice([2, 8, 14, 20, 26]))]
    return "\n".join(dict.fromkeys([*rng.sample(links, rng.randint(0, 3)), *rules]))


def _rule(rng: random.Random, held: list[str]) -> str:
    kind = rng.choice(["customer", "customer", "customer", "proposal"])
    act = rng.choice(ACTS)
    cls = "*" if act == "record" else rng.choice(SPOKEN_OF)
    if rng.random() < 0.12:
        role, scope = rng.choice(
            [("staff", "recused"), (rng.choice(ROLES).value, "recused"), ("officer", "all")]
        )
        return f"p, {role}, {scope}, {kind}, {cls}, {act}, {rng.choice(ANY_BASIS)}, deny"
    role = rng.choice([*held, *held, rng.choice(ROLES).value, "officer"])
    scope = rng.choice(SCOPES)
    if rng.random() < 0.08:
        role, scope = "staff", rng.choice(["all", "by_basis"])
    basis = rng.choice(BASES_OF.get(scope, ANY_BASIS))
    return f"p, {role}, {scope}, {kind}, {cls}, {act}, {basis}, allow"
