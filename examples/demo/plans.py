"""What one customer has with the bank, before it is spelled out into rows: deposits, spend and loans."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum, auto

from models.vocabulary import AccountKind


class Shape(Enum):
    """How a balance moves around its level."""

    FLAT = auto()
    STEADY = auto()
    """Within one per cent: the average stays near a threshold."""
    LIVELY = auto()
    """Within a tenth."""
    PULSE = auto()
    """Nine times the level inside the month, the level at its end: averaging rules disagree."""


class Trouble(Enum):
    """How a loan is repaid."""

    NONE = auto()
    ONE_MONTH = auto()
    """Overdue in one month of the past, paid up since."""
    OVERDUE_NOW = auto()
    SUBSTANDARD = auto()


@dataclass(frozen=True, slots=True)
class Deposit:
    """A savings or term account. `level` is in minor units of its currency."""

    level: int
    shape: Shape = Shape.LIVELY
    kind: AccountKind = AccountKind.SAVINGS
    currency: str = "CNY"
    averaged: bool = False
    """The bank hands in the month's average instead of day-end balances."""
    opened: dt.date | None = None
    """None: long before the months told of."""
    closed: dt.date | None = None
    at: str = ""
    """Where the account sits; empty: some outlet of the owning branch."""


@dataclass(frozen=True, slots=True)
class LoanPlan:
    """A loan granted `age` months before the last month. Repaid in equal parts unless `interest_only`."""

    principal: int
    term_months: int
    age: int
    interest_only: bool = False
    trouble: Trouble = Trouble.NONE
    trouble_age: int = 0
    """Months before the last one in which the trouble began."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`card_spend` is what twelve months add up to exactly; None: no card. `opened`: day of the first account."""

    deposits: tuple[Deposit, ...] = ()
    card_spend: int | None = None
    loans: tuple[LoanPlan, ...] = ()
    opened: dt.date | None = None
