"""Evidence: what an evaluation rests on, kept so that an auditor can recompute every figure from it.

`Evaluation.evidence` is JSON. All amounts are whole minor units of the currency beside them, so nothing is rounded.

    {"savings": [{"currency": "CNY", "over": 12, "months": [m1, ..., m12], "seen": "2026-01-31"}],
     "loans":   [{"loan": id, "currency": "CNY", "outstanding": n, "as_of": "2026-01-31", "good": true}],
     "spend":   [{"currency": "USD", "kind": "card", "month": "2026-01-31", "amount": n, "seen": "2026-01-01"}],
     "indicators": [{"code": "SC-1", "version": 1, "threshold": n, "currency": "CNY", "amount": n, "as_of": "2026-01-31"}]}

- savings, summed over the customer's accounts of a currency, one number for each month of the window, oldest first.
  Rule `daily_12`: the sum of the balances of all days of the month, so the month's mean is m / days of the month.
  Other rules: the balance at the month-end. The figure is the sum of the 12 (means) / `over`. `over` is 12, or
  under `since_opening` the number of month-ends on or after opening, with an entry for each such number.
- a month is converted at the rate of its month-end, a loan at that of the as-of day: both stand in `screening_rate`.
- spend in the standard's own currency needs no rate and has no `month`.
- indicators, only where the customer has a figure of one in force: what it asked, beside the newest figure. Both are
  in the indicator's own currency and need no rate (Art. 5).
- `seen` is the data date: the day of the newest row behind the numbers; null where there is only an empty account.

The window and the as-of day stand in the screening, the rule and the thresholds in the standard's version, and where the
screening names a campaign, in that. The rows
behind the numbers are never changed: those of the evaluation are those that were current at its `recorded_at`.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

import orjson

NO_DAY_END = "NO_DAY_END"
"""An account has month averages only, and the rule asks for month-ends."""
NO_MONTH_AVERAGE = "NO_MONTH_AVERAGE"
"""An account that has month averages lacks that of a month in which it was open."""
NO_STANDING = "NO_STANDING"
"""A loan was granted, but nothing is known of its balance on or before the as-of day."""


class Savings(TypedDict):
    currency: str
    over: int
    months: list[int]
    seen: str | None


class LoanLine(TypedDict):
    loan: str
    currency: str
    outstanding: int
    as_of: str
    good: bool


class SpendLine(TypedDict):
    currency: str
    kind: str
    month: str | None
    amount: int
    seen: str


class IndicatorLine(TypedDict):
    code: str
    version: int
    threshold: int
    currency: str
    amount: int
    as_of: str


class Evidence(TypedDict):
    savings: list[Savings]
    loans: list[LoanLine]
    spend: list[SpendLine]
    indicators: NotRequired[list[IndicatorLine]]


def to_text(evidence: Evidence) -> str:
    return orjson.dumps(evidence).decode()


def from_text(text: str) -> Evidence:
    evidence: Evidence = orjson.loads(text)
    return evidence
