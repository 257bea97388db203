"""How wealth is spread over the customers: most well below the standard, some near it, about one in twelve above."""

from __future__ import annotations

import dataclasses
import random
from itertools import accumulate

from examples.demo.days import Window
from examples.demo.plans import Deposit, LoanPlan, Plan, Shape, Trouble
from models.vocabulary import AccountKind

_YUAN = 100
_YEAR_AT_THE_STANDARD = 500_000 * 12
"""Twelve month-ends at the standard for savings, in yuan."""

# Of a thousand customers: how many, from and to (yuan), how the balance moves.
_SAVINGS: tuple[tuple[int, int, int, Shape], ...] = (
    (385, 500, 20_000, Shape.LIVELY),
    (305, 20_000, 100_000, Shape.LIVELY),
    (180, 100_000, 300_000, Shape.LIVELY),
    (72, 300_000, 460_000, Shape.LIVELY),
    (12, 475_000, 499_900, Shape.STEADY),
    (9, 500_100, 525_000, Shape.STEADY),
    (27, 530_000, 2_000_000, Shape.LIVELY),
    (10, 2_000_000, 10_000_000, Shape.LIVELY),
)
# Of a thousand card holders: how many, and what they spend in twelve months.
_SPENDING: tuple[tuple[int, int, int], ...] = (
    (640, 6_000, 36_000),
    (270, 36_000, 80_000),
    (35, 80_000, 95_000),
    (12, 95_000, 100_000),
    (8, 100_000, 105_000),
    (35, 105_000, 400_000),
)
# Of a thousand borrowers: how many, and what they borrow.
_BORROWING: tuple[tuple[int, int, int], ...] = (
    (600, 50_000, 300_000),
    (270, 300_000, 900_000),
    (30, 950_000, 1_050_000),
    (100, 1_100_000, 4_000_000),
)
_TROUBLES = (
    *(Trouble.NONE,) * 44,
    *(Trouble.OVERDUE_NOW,) * 3,
    *(Trouble.ONE_MONTH,) * 2,
    Trouble.SUBSTANDARD,
)

FEN_PER_UNIT = {"USD": 700, "HKD": 89}
"""Roughly what one unit costs in fen: enough to size a foreign deposit, never used to convert one."""


def _cumulative(bands: tuple[tuple[int, int, int], ...]) -> tuple[int, ...]:
    return tuple(accumulate(band[0] for band in bands))


_SAVINGS_STEPS = tuple(accumulate(band[0] for band in _SAVINGS))
_SPENDING_STEPS = _cumulative(_SPENDING)
_BORROWING_STEPS = _cumulative(_BORROWING)


def _pick(rng: random.Random, steps: tuple[int, ...]) -> int:
    """The index of the band that a draw falls in."""
    draw = rng.randrange(steps[-1])
    return next(index for index, step in enumerate(steps) if draw < step)


def _between(rng: random.Random, low: int, high: int) -> int:
    return rng.randrange(low * _YUAN, high * _YUAN)


def foreign(fen: int, currency: str) -> int:
    """About as much as `fen`, in minor units of the currency."""
    if currency == "JPY":
        return fen * 2 // 9
    return fen * 100 // FEN_PER_UNIT[currency]


def draw_plan(rng: random.Random, window: Window) -> Plan:
    """One ordinary customer's dealings with the bank."""
    opened = None
    if rng.randrange(50) == 0:
        opened = window.months[rng.randrange(1, 12)].replace(day=rng.randrange(1, 29))
    spend = None
    if rng.randrange(5) < 3:
        _, low, high = _SPENDING[_pick(rng, _SPENDING_STEPS)]
        spend = _between(rng, low, high)
    loans = (_draw_loan(rng),) if opened is None and rng.randrange(100) < 12 else ()
    deposits = tuple(dataclasses.replace(it, opened=opened) for it in _draw_deposits(rng))
    if opened is None and rng.randrange(200) == 0:
        deposits = (Deposit(_between(rng, 500, 5_000)), _draw_mover(rng, window))
    if opened is None and rng.randrange(60) == 0:
        closed = window.months[rng.randrange(2, 12)].replace(day=rng.randrange(2, 28))
        deposits += (Deposit(_between(rng, 1_000, 50_000), closed=closed),)
    return Plan(deposits, spend, loans, opened)


def _draw_deposits(rng: random.Random) -> list[Deposit]:
    _, low, high, shape = _SAVINGS[_pick(rng, _SAVINGS_STEPS)]
    rest = _between(rng, low, high)
    deposits = []
    if rng.randrange(4) == 0:
        term = rest * rng.randrange(40, 71) // 100
        rest -= term
        deposits.append(Deposit(term, Shape.FLAT, AccountKind.TERM_DEPOSIT))
    if rng.randrange(12) == 0:
        part = rest * rng.randrange(10, 41) // 100
        rest -= part
        currency = rng.choice(("USD", "USD", "HKD", "JPY"))
        deposits.append(Deposit(foreign(part, currency), shape, currency=currency))
    return [Deposit(rest, shape, averaged=rng.randrange(10) == 0), *deposits]


def _draw_mover(rng: random.Random, window: Window) -> Deposit:
    """Money that came or went within the year, so that the last month's run decides otherwise than the one before.

    The average over twelve months crosses 500,000 between the two: the run has someone to invite or to review.
    """
    month = rng.randrange(4, 9)
    first = window.months[month]
    if rng.randrange(2):
        level = _between(rng, _YEAR_AT_THE_STANDARD // (13 - month), _YEAR_AT_THE_STANDARD // (12 - month))
        return Deposit(level, Shape.FLAT, AccountKind.TERM_DEPOSIT, opened=first)
    level = _between(rng, _YEAR_AT_THE_STANDARD // month, _YEAR_AT_THE_STANDARD // (month - 1) - 5_000)
    return Deposit(level, Shape.FLAT, AccountKind.TERM_DEPOSIT, closed=first)


def _draw_loan(rng: random.Random) -> LoanPlan:
    _, low, high = _BORROWING[_pick(rng, _BORROWING_STEPS)]
    principal = rng.randrange(low // 1000, high // 1000) * 1000 * _YUAN
    trouble = rng.choice(_TROUBLES)
    ago = rng.randrange(1, 11) if trouble is Trouble.ONE_MONTH else rng.randrange(4)
    return LoanPlan(
        principal,
        term_months=rng.choice((60, 120, 180, 240, 360)),
        age=rng.randrange(1, 60),
        interest_only=rng.randrange(20) == 0,
        trouble=trouble,
        trouble_age=ago,
    )
