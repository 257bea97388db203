"""The conformance check: the compiled policy, pycasbin's enforce() and the interpreter must give one answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from authz import Action, Actor, Basis, DataClass, Facts, Kind, Policy
from tests.authz.interpreter import Interpreter
from tests.authz.worlds import CLASSES, KINDS, World, seeded, worlds

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
ENFORCE_EVERY = 60
HIT = (
    "NULL owner",
    "unknown customer",
    "look-alike path",
    "other case",
    "empty set",
    "deny",
    "inherited role",
    "second seat",
    "ended grant",
    "coming grant",
)
"""What a run must have met; each counts decisions that turn on it, or rows that have it."""


@settings(max_examples=100, deadline=None, database=None, derandomize=True, suppress_health_check=QUIET)
@given(worlds())
def hypothetical(tally: Counter[str], world: World) -> None:
    """Compare on worlds that Hypothesis makes, and shrinks when they diverge."""
    Comparison(world, tally).run()


def conform(decisions: int, tally: Counter[str]) -> None:
    """Compare on seeded worlds until so many decisions were compared; AssertionError at the first divergence."""
    number = 0
    while tally["decisions"] < decisions:
        Comparison(seeded(number), tally).run()
        number += 1


class Comparison:
    """One world. `tally` counts every decision of the compiled policy that the interpreter was asked as well."""

    def __init__(self, world: World, tally: Counter[str]) -> None:
        self.world, self.tally = world, tally
        self.policy, self.oracle = Policy.of(world.text), Interpreter(world.text)
        self.asked = questions(world.text)
        self.cells = sorted({(res, cls) for res, cls, act, _ in self.asked if act is not Action.RECORD})

    def run(self) -> None:
        self.tally["worlds"] += 1
        for row in self.world.rows:
            self.single(row)
            self.several(row)
            self.in_time(row)
            self.meet(row)

    def same(self, question: object, expected: object, answer: object, who: str = "compiled") -> None:
        assert answer == expected, (
            f"{who} says {answer}, the interpreter {expected}\n"
            f"{question}\n{self.world.actor}\n{self.world.text}"
        )
        if who == "compiled":
            self.tally["decisions"] += 1
            self.tally["allows"] += answer is True or (type(answer) is tuple and answer[0] == "VISIBLE")

    def single(self, row: Facts) -> None:
        """One basis, one action: the question that enforce() can answer too; it is asked a sample."""
        actor, tally = self.world.actor, self.tally
        for question in self.asked:
            res, cls, act, basis = question
            found = self.oracle.matching(actor, res, cls, act, basis, row)
            expected = self.oracle.decide(found)
            answer = self.policy.allows(actor, res, cls, act, row, frozenset({basis}))
            self.same((question, row), expected, answer)
            tally["single"] += 1
            if tally["single"] % ENFORCE_EVERY == 0:
                answer = self.policy.enforce(actor, res, cls, act, basis, row)
                self.same((question, row), expected, answer, "enforce()")
                tally["enforce"] += 1
                tally["enforce allows"] += expected
            allowing = [(rule, seat) for rule, seat in found if rule[6] == "allow"]
            tally["deny"] += bool(allowing) and not expected
            seats = [seat for _, seat in allowing if seat]
            if expected and len(seats) == len(allowing):
                tally["inherited role"] += all(rule[0] != seat.role for rule, seat in allowing)
                tally["second seat"] += all(seat is not actor.seats[0] for seat in seats)

    def several(self, row: Facts) -> None:
        """Several bases at once: cells with their reasons, acts, and whether the row exists."""
        policy, oracle, actor, bases = self.policy, self.oracle, self.world.actor, self.world.bases
        for res, cls in self.cells:
            expected = oracle.allows(actor, res, cls, "read", bases, row)
            self.same((res, cls, row), expected, policy.allows(actor, res, cls, Action.READ, row, bases))
            for purpose in (False, True):
                cell = oracle.cell(actor, res, cls, bases, row, purpose)
                answer = policy.reason(actor, res, cls, row, bases, purpose)[:2]
                self.same((res, cls, "cell", purpose, row), cell, answer)
                self.tally[cell[1] or "VISIBLE"] += 1
        for res in KINDS:
            act = Action.RECORD
            expected = oracle.allows(actor, res, CLASSES[0], act, bases, row)
            self.same((res, act, row), expected, policy.allows(actor, res, CLASSES[0], act, row, bases))
            expected = oracle.row(actor, res, CLASSES, bases, row)
            self.same((res, row), expected, policy.rows_reach(actor, res, bases).covers(row))

    def in_time(self, row: Facts) -> None:
        """Before a seat ended, now, and when another one begins: one policy, which must remember no right too long."""
        now = self.world.actor
        for what, seat in (("ended grant", self.world.ended), ("coming grant", self.world.coming)):
            if seat is None:
                continue
            then = replace(now, seats=(*now.seats, seat))
            for res, cls in self.cells:
                had = self._read(then, res, cls, row)
                has = self._read(now, res, cls, row)
                self.tally[what] += had and not has

    def _read(self, actor: Actor, res: Kind, cls: DataClass, row: Facts) -> bool:
        expected = self.oracle.allows(actor, res, cls, "read", self.world.bases, row)
        answer = self.policy.allows(actor, res, cls, Action.READ, row, self.world.bases)
        self.same((actor.seats, res, cls, row), expected, answer)
        return answer

    def meet(self, row: Facts) -> None:
        """What this row is an example of."""
        actor, path = self.world.actor, row.path or ""
        seats = [seat.path for seat in actor.seats if seat.path]
        self.tally["NULL owner"] += row.path is None
        self.tally["unknown customer"] += row.customer_id is None
        self.tally["look-alike path"] += any(
            path.startswith(seat[:-1]) and not path.startswith(seat) for seat in seats
        )
        self.tally["other case"] += any(path != seat and path.lower() == seat.lower() for seat in seats)
        self.tally["empty set"] += not (
            row.managers and actor.seats and actor.delegated and actor.bases and self.world.bases
        )


def questions(text: str) -> list[tuple[Kind, DataClass, Action, Basis]]:
    """What the rules speak of, each with a basis that fits and one that may not, and a class beside it."""
    asked: dict[tuple[Kind, DataClass, Action, Basis], None] = {}
    for number, line in enumerate(text.splitlines()):
        kind, *words = line.split(", ")
        if kind != "p":
            continue
        res, act = Kind(words[2]), Action(words[4])
        fits = Basis.ASSIGNMENT if words[5] == "*" else Basis(words[5])
        for cls in CLASSES[:2] if words[3] == "*" else (DataClass(words[3]),):
            asked[res, cls, act, fits] = None
        if number % 4 == 0:
            asked[res, CLASSES[-1], act, Basis.DELEGATION] = None
    return list(asked)
