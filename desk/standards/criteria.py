"""Whether figures meet a standard: `>=` on exact amounts (以上, 民法典 1259), one criterion or all of them."""

from __future__ import annotations

from typing import NamedTuple

from desk.standards.evidence import NO_DAY_END, NO_MONTH_AVERAGE, NO_STANDING
from desk.standards.figures import Figures
from desk.standards.rule import Rule
from models.vocabulary import Combine, CriterionKind

NEAR = 20
"""A figure within a 20th (5 %) of its threshold, on either side, is borderline."""

SPOILS = {
    CriterionKind.AVERAGE_SAVINGS: {NO_DAY_END, NO_MONTH_AVERAGE},
    CriterionKind.LOAN_BALANCE: {NO_STANDING},
    CriterionKind.SPEND: set[str](),
}
"""What makes a criterion's figure unknown. An unknown figure meets nothing and is near nothing."""


class Judgement(NamedTuple):
    met: tuple[CriterionKind, ...]
    passed: bool
    borderline: bool


def judge(rule: Rule, figures: Figures, missing: tuple[str, ...] = ()) -> Judgement:
    """Hold figures against a standard. A loan balance counts in good standing only. No criteria: nobody passes."""
    met: list[CriterionKind] = []
    borderline = False
    for kind, threshold in rule.thresholds.items():
        if missing and not SPOILS[kind].isdisjoint(missing):
            continue
        if kind is CriterionKind.AVERAGE_SAVINGS:
            amount = figures.average_savings
        elif kind is CriterionKind.SPEND:
            amount = figures.spend
        elif figures.good_standing:
            amount = figures.loan_balance
        else:
            continue
        # Whole numbers: a fraction's own comparison would do the same work several times as slowly.
        ahead = amount.numerator - threshold * amount.denominator
        if ahead >= 0:
            met.append(kind)
        if abs(ahead) * NEAR <= threshold * amount.denominator:
            borderline = True
    enough = len(rule.thresholds) if rule.combine is Combine.ALL else 1
    return Judgement(tuple(met), bool(met) and len(met) >= enough, borderline)
