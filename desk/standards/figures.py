"""From evidence to exact figures in the standard's currency. The same code judges a customer and audits a judgement."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from math import lcm
from operator import mul
from typing import NamedTuple

from desk.standards.evidence import Evidence, LoanLine, Savings, SpendLine
from desk.standards.rates import Rates
from models.windows import Window

_NOTHING = Fraction(0)


class Figures(NamedTuple):
    """Exact amounts in minor units of the standard's currency. `good_standing` is true of who has no loan."""

    average_savings: Fraction
    loan_balance: Fraction
    good_standing: bool
    spend: Fraction


class _Weights(NamedTuple):
    """What each month's whole number is multiplied by, over a common denominator."""

    months: tuple[int, ...]
    denominator: int


class Arithmetic:
    """The computation for one window, rule and set of rates. Whole numbers as far as possible, for its speed."""

    def __init__(self, window: Window, *, as_of: dt.date, daily: bool, rates: Rates) -> None:
        self._window, self._as_of, self._daily, self._rates = window, as_of, daily, rates
        self._weights: dict[tuple[str, int], _Weights] = {}

    def figures(self, evidence: Evidence) -> Figures:
        """NO_RATE when an amount that is not zero has no rate."""
        return Figures(
            self._average(evidence["savings"]),
            self._loans(evidence["loans"]),
            all(loan["good"] for loan in evidence["loans"]),
            self._spend(evidence["spend"]),
        )

    def _average(self, entries: list[Savings]) -> Fraction:
        total = _NOTHING
        for entry in entries:
            currency, months = entry["currency"], entry["months"]
            weights = self._weights_of(currency, entry["over"])
            if currency != self._rates.currency:
                for n, month in enumerate(self._window.months):
                    if months[n]:
                        self._rates.use(currency, month.last)
            amount = Fraction(sum(map(mul, months, weights.months)), weights.denominator)
            total = amount if total is _NOTHING else total + amount
        return total

    def _weights_of(self, currency: str, over: int) -> _Weights:
        found = self._weights.get((currency, over))
        if found is None:
            # A month without a rate weighs nothing here; an amount in it was refused before.
            exact = [
                (self._rates.factor(currency, month.last) or _NOTHING)
                / over
                / (month.days if self._daily else 1)
                for month in self._window.months
            ]
            denominator = lcm(*(weight.denominator for weight in exact))
            whole = tuple(weight.numerator * (denominator // weight.denominator) for weight in exact)
            found = self._weights[currency, over] = _Weights(whole, denominator)
        return found

    def _loans(self, loans: list[LoanLine]) -> Fraction:
        return sum(
            (self._converted(loan["outstanding"], loan["currency"], self._as_of) for loan in loans), _NOTHING
        )

    def _spend(self, lines: list[SpendLine]) -> Fraction:
        total = _NOTHING
        for line in lines:
            day = dt.date.fromisoformat(line["month"]) if line["month"] else self._window.last
            amount = self._converted(line["amount"], line["currency"], day)
            total = amount if total is _NOTHING else total + amount
        return total

    def _converted(self, amount: int, currency: str, day: dt.date) -> Fraction:
        if currency == self._rates.currency or not amount:
            return Fraction(amount)
        self._rates.use(currency, day)
        factor = self._rates.factor(currency, day)
        assert factor is not None  # `use` refuses without a rate
        return amount * factor
