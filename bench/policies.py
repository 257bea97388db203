"""Measure what the number of rules costs: compiling a policy, and a decision of an actor it knows and of one it does not.

`python -m bench.policies` prints, for 10, 1,000 and 10,000 rules, the best of seven. Compiled is a policy of that many
rules drawn from all that can be said; decisions are asked of the shipped policy with rules of other roles up to that many.
`role met`: the first decision about a role after the policy was loaded; `cold`: the first of an actor; `warm`: the next.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from uuid import UUID

from authz import ORDINARY, Actor, DataClass, Facts, Kind, Policy, Role, Seat
from authz.policy import POLICY
from authz.rules import endings

SIZES = (10, 1_000, 10_000)
BEST_OF = 7
ONE_RULE = "p, cust_mgr, own_branch, customer, NAME, read, *, allow"


def generated(size: int, seed: int = 1) -> str:
    """A policy of `size` distinct rules, drawn from all that the vocabulary can say, in random order.

    The first rule is always the same one, so that a decision that rests on it can be compared between sizes.
    """
    rng = random.Random(seed)
    places = [
        (role, scope, sorted(ends)) for role, scopes in endings().items() for scope, ends in scopes.items()
    ]
    kinds = list(Kind)
    lines = {ONE_RULE: None}
    while len(lines) < size:
        role, scope, ends = rng.choice(places)
        lines[f"p, {role}, {scope}, {rng.choice(kinds)}, {rng.choice(ends)}"] = None
    return "\n".join(lines)


def about_others(size: int, seed: int = 1) -> str:
    """The shipped policy, and generated rules up to `size` that speak of roles the measured actor does not hold."""
    lines = dict.fromkeys(
        line for line in POLICY.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"
    )
    mine = ("p, cust_mgr,", "p, staff,", "p, officer,")
    more = (line for line in generated(2 * size, seed).splitlines() if not line.startswith(mine))
    for line in more:
        if len(lines) >= size:
            break
        lines[line] = None
    return "\n".join(lines)


def best(measured: Callable[[], object], times: int = BEST_OF) -> float:
    """The shortest of several runs, in seconds."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        measured()
        found.append(time.perf_counter() - started)
    return min(found)


def main() -> None:
    print(f"{'rules':>7}  {'compile':>9}  {'role met':>9}  {'cold':>9}  {'warm':>9}")
    for size in SIZES:
        print(f"{size:>7,}  " + "  ".join(f"{figure:>9}" for figure in figures(size)))


def figures(size: int) -> list[str]:
    text = generated(size)
    compiled = best(lambda: Policy.of(text))
    others = about_others(size)
    fresh = [Policy.of(others) for _ in range(BEST_OF)]
    met = best(lambda: decide(fresh.pop(), somebody()))
    policy, known = Policy.of(others), somebody()
    decide(policy, known)
    strangers = [somebody() for _ in range(BEST_OF)]
    cold = best(lambda: decide(policy, strangers.pop()))
    warm = best(lambda: decide(policy, known), 1000)
    return [
        f"{1e3 * compiled:.2f} ms",
        *(f"{1e6 * seconds:.1f} µs" for seconds in (met, cold, warm)),
    ]


def decide(policy: Policy, actor: Actor) -> object:
    """What one read asks: which rows, and how a cell of one class stands."""
    row = Facts("/1/12/", UUID(int=5), frozenset({actor.staff_id}))
    return (
        policy.rows_reach(actor, Kind.CUSTOMER).covers(row),
        policy.reason(actor, Kind.CUSTOMER, DataClass.ASSET, row, ORDINARY, True),
    )


def somebody() -> Actor:
    return Actor(UUID(int=1), UUID(int=1), (Seat(Role.CUST_MGR, "/1/12/", UUID(int=2)),))


if __name__ == "__main__":
    main()
