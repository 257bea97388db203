"""Thresholds to screen by, made of real figures, and the product's screening held against the second computation."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tortoise.transactions import in_transaction

from authz import Policy
from desk.standards import screen
from models.standards import Evaluation
from tests.pkdd99.bank import make_standard, seat
from tests.pkdd99.expected import AS_OF, to_cents
from tests.pkdd99.oracle import CASH, Figures, passing

CENT = Decimal("0.01")
STEPS = (Decimal(0), CENT, -CENT)
Triple = tuple[Decimal, Decimal, Decimal]


def triples(figures: Mapping[int, Figures], count: int, seed: str) -> Iterator[Triple]:
    """Savings, loans, cash. One of the three in turn is a real figure, exactly, a cent above or a cent below.

    The two others are out of everybody's reach every other time, so that the one decides alone, else real figures
    too. Averages that are whole cents and averages that are not take turns: what is rounded up to a threshold
    does not meet it.
    """
    draw = random.Random(seed)
    averages = [found.average for found in figures.values() if found.average > 0]
    whole = [it for it in averages if (it * 100).denominator == 1]
    loans = [found.outstanding for found in figures.values() if found.good_standing and found.outstanding > 0]
    cash = [found.spend[CASH] for found in figures.values() if found.spend[CASH] > 0]
    for turn in range(count):
        kinds = (whole if whole and turn % 2 else averages, loans, cash)
        real = [to_cents(draw.choice(kind)) for kind in kinds]
        probed = turn % 3
        if turn // 3 % 2:
            real = [to_cents(max(kind)) + 1 for kind in kinds]
            real[probed] = to_cents(draw.choice(kinds[probed]))
        real[probed] = max(CENT, real[probed] + STEPS[turn // 6 % 3])
        yield real[0], real[1], real[2]


class _Undo(Exception):
    pass


@asynccontextmanager
async def undone() -> AsyncIterator[None]:
    """Whatever is done inside is taken back, so that two hundred screenings leave the bank as it was."""
    try:
        async with in_transaction():
            yield
            raise _Undo
    except _Undo:
        pass


async def screened(policy: Policy, rule: str, triple: Triple) -> dict[int, tuple[Any, ...]]:
    """By client: stored average, loans, standing and cash, and whether he passed; by the product's own screening."""
    savings, loans, cash = (str(amount) for amount in triple)
    async with undone():
        await make_standard(policy, "TRIPLE", (savings, loans, cash), rule)
        run = await screen(await seat(policy, "HQN"), as_of=AS_OF, standard_code="TRIPLE")
        rows = await Evaluation.filter(screening_id=run.id).values_list(
            "customer__number", "average_savings", "loan_balance", "good_standing", "spend", "passed"
        )
        assert (run.evaluated, run.passed) == (len(rows), sum(bool(row[-1]) for row in rows))
    return {
        int(number[1:]): (*cells[:2], bool(cells[2]), cells[3], bool(cells[4])) for number, *cells in rows
    }


def due(figures: Mapping[int, Figures], triple: Triple) -> dict[int, tuple[Any, ...]]:
    """The same by the second computation: amounts in cents, rounded half up after they were compared."""
    met = passing(dict(figures), *(Fraction(amount) for amount in triple))
    return {
        client: (
            int(to_cents(found.average) * 100),
            int(to_cents(found.outstanding) * 100),
            found.good_standing,
            int(to_cents(found.spend[CASH]) * 100),
            client in met,
        )
        for client, found in figures.items()
    }


async def hold_against(
    policy: Policy, rule: str, figures: Mapping[int, Figures], count: int
) -> tuple[int, int]:
    """Screen by `count` triples of one averaging rule. How many sets of customers there were, and how large in all."""
    sets: set[frozenset[int]] = set()
    for triple in triples(figures, count, rule):
        found, wanted = await screened(policy, rule, triple), due(figures, triple)
        if found != wanted:
            wrong = {
                client: (found.get(client), wanted[client])
                for client in wanted
                if found.get(client) != wanted[client]
            }
            raise AssertionError(
                f"{rule} by {triple}: {len(wrong)} differ (found, due): {dict(list(wrong.items())[:5])}"
            )
        sets.add(frozenset(client for client, cells in found.items() if cells[-1]))
    return len(sets), sum(map(len, sets))
