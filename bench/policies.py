"""Measure what the number of rules costs: compiling a policy, and a decision of an actor it knows and of one it does not.

`python -m bench.policies` prints, for 10, 1,000 and 10,000 rules, the best of seven. Compiled is a policy of that many
rules drawn from all that can be said; decisions are asked of the shipped policy with rules of other roles up to that many.
`role met`: the first decision about a role after the policy was loaded; `cold`: the first of an actor; `warm`: the next.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from authz import ORDINARY, Actor, DataClass, Facts, Kind, Policy, Role, Seat
from bench.rulebooks import generated, policy_of

SIZES = (10, 1_000, 10_000)
BEST_OF = 7


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
    others = policy_of(size)
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
