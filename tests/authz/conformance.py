"""The conformance check: the compiled policy, pycasbin's enforce() and the interpreter must give one answer."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings

from authz import Action, Basis, DataClass, Kind, Policy
from tests.authz.interpreter import Interpreter
from tests.authz.worlds import CLASSES, KINDS, World, worlds

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def conform(examples: int, casbin_every: int, tally: Counter[str], *, shrink: bool = True) -> None:
    """Compare on generated worlds; AssertionError at the first divergence. `tally` counts what was tried."""
    phases = (Phase.explicit, Phase.generate, Phase.shrink) if shrink else (Phase.generate,)

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=phases,
        suppress_health_check=QUIET,
        print_blob=False,
    )
    @given(worlds())
    def run(world: World) -> None:
        compare(world, casbin_every, tally)

    run()


def compare(world: World, casbin_every: int, tally: Counter[str]) -> None:
    policy, oracle, actor = Policy.of(world.text), Interpreter(world.text), world.actor
    asked = 0
    for row in world.rows:
        for res, cls, act, basis in questions(world.text):
            expected = oracle.one(actor, res, cls, act, basis, row)
            compiled = policy.allows(actor, res, cls, act, row, frozenset({basis}))
            same(world, (res, cls, act, basis, row), "compiled", expected, compiled)
            asked += 1
            tally["allows"] += expected
            if asked % casbin_every == 0:
                answer = policy.enforce(actor, res, cls, act, basis, row)
                same(world, (res, cls, act, basis, row), "enforce()", expected, answer)
                tally["enforce"] += 1
                tally["enforce allows"] += expected
        for res in KINDS:
            for cls in CLASSES:
                expected = oracle.allows(actor, res, cls, "read", world.bases, row)
                compiled = policy.allows(actor, res, cls, Action.READ, row, world.bases)
                same(world, (res, cls, "read", row), "compiled for several bases", expected, compiled)
                for purpose in (False, True):
                    cell = oracle.cell(actor, res, cls, world.bases, row, purpose)
                    found = policy.reason(actor, res, cls, row, world.bases, purpose)[:2]
                    same(world, (res, cls, "cell", purpose, row), "ladder", cell, found)
                    tally[cell[1] or "VISIBLE"] += 1
                    tally["cells"] += 1
            act = Action.RECORD
            expected = oracle.allows(actor, res, CLASSES[0], act, world.bases, row)
            compiled = policy.allows(actor, res, CLASSES[0], act, row, world.bases)
            same(world, (res, act, row), "compiled act", expected, compiled)
            expected = oracle.row(actor, res, CLASSES, world.bases, row)
            same(world, (res, row), "rows", expected, policy.rows_reach(actor, res, world.bases).covers(row))
    tally["decisions"] += asked


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


def same(world: World, question: object, who: str, expected: object, answer: object) -> None:
    assert answer == expected, (
        f"{who} says {answer}, the interpreter {expected}\n{question}\n{world.actor}\n{world.text}"
    )
