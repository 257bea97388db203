"""Shortfalls: which thresholds an evaluation missed and by how much, in whole minor units as they are stored (Art. 7)."""

from __future__ import annotations

from typing import NamedTuple

from desk.standards.criteria import SPOILS
from desk.standards.evidence import from_text
from desk.standards.rule import Rule
from models.errors import Refusal
from models.standards import Evaluation
from models.vocabulary import CriterionKind


class EvaluationIncomplete(Refusal):
    """An exception says by how much a threshold was missed, so the figure must be known."""

    code = "EVALUATION_INCOMPLETE"
    article = "7"


class Missed(NamedTuple):
    """One threshold that was not reached. `indicator_code` for an extra indicator, which has a currency of its own."""

    kind: CriterionKind
    currency: str
    threshold: int
    figure: int
    indicator_code: str = ""


def shortfalls(rule: Rule, evaluation: Evaluation) -> list[Missed]:
    """The criteria that were not met, and the extra indicators that the customer has a figure of; none when he passed.

    A loan that is not in good standing counts as nothing (Art. 6, 2). Figures were compared exactly and stored rounded,
    so one that misses by less than half a minor unit is short by 0. EVALUATION_INCOMPLETE when a figure is not known.
    """
    if evaluation.passed:
        return []
    met, missing = evaluation.criteria_met.split(","), set(evaluation.missing.split(","))
    counted = {
        CriterionKind.AVERAGE_SAVINGS: evaluation.average_savings,
        CriterionKind.LOAN_BALANCE: evaluation.loan_balance if evaluation.good_standing else 0,
        CriterionKind.SPEND: evaluation.spend,
    }
    found = []
    for kind, threshold in rule.thresholds.items():
        if kind in met:
            continue
        if not SPOILS[kind].isdisjoint(missing):
            raise EvaluationIncomplete(
                "A figure that he misses is not known. Have the missing data imported, and evaluate him again.",
                field="evaluationId",
            )
        found.append(Missed(kind, evaluation.currency, threshold, counted[kind]))
    return found + [
        Missed(CriterionKind.INDICATOR, line["currency"], line["threshold"], line["amount"], line["code"])
        for line in from_text(evaluation.evidence).get("indicators", ())
    ]
