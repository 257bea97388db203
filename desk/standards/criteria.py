"""Whether figures meet a standard: `>=` on exact amounts (以上, 民法典 1259), one criterion or all of them.

An extra indicator of the customer's branch (Art. 5) is one more way to the standard: who meets it passes, under ANY
and under ALL alike. It is never one more requirement, so a branch's indicator cannot shut out whom the standard lets in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from desk.standards.evidence import NO_DAY_END, NO_MONTH_AVERAGE, NO_STANDING, IndicatorLine
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
    """`met` has the word INDICATOR where one is met, and `indicators` their codes."""

    met: tuple[CriterionKind, ...]
    passed: bool
    borderline: bool
    indicators: tuple[str, ...] = ()


def judge(
    rule: Rule, figures: Figures, missing: tuple[str, ...] = (), extras: Iterable[IndicatorLine] = ()
) -> Judgement:
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
    passed = bool(met) and len(met) >= enough
    codes: list[str] = []
    for line in extras:
        over = line["amount"] - line["threshold"]
        if over >= 0:
            codes.append(line["code"])
        if abs(over) * NEAR <= line["threshold"]:
            borderline = True
    if codes:
        met.append(CriterionKind.INDICATOR)
    return Judgement(tuple(met), passed or bool(codes), borderline, tuple(codes))
