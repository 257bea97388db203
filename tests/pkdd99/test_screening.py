"""Screening the Czech bank: the right customers, and amounts right to a cent, by each averaging rule.

A sample here; `python -m tests.pkdd99.accept` screens by more than two hundred triples of thresholds.
"""

from __future__ import annotations

import pytest

from tests.pkdd99 import oracle
from tests.pkdd99.expected import AS_OF
from tests.pkdd99.triples import hold_against, triples

pytestmark = pytest.mark.shared


@pytest.mark.parametrize("rule", oracle.RULES)
async def test_the_right_customers_with_the_right_amounts(czech, policy, second, rule):
    count = 7 if czech.startswith("sqlite") else 3
    different, _ = await hold_against(policy, rule, oracle.figures(second, AS_OF, rule), count)
    assert different >= count - 1


def test_a_threshold_a_cent_away_is_another_set(second):
    """The triples do bite: raising the probed threshold by a cent loses somebody, time and again."""
    figures = oracle.figures(second, AS_OF, "month_end_12")
    lost = 0
    for savings, loans, cash in triples(figures, 60, "month_end_12"):
        met = oracle.passing(figures, *map(oracle.Fraction, (savings, loans, cash)))
        for raised in ((1, 0, 0), (0, 1, 0), (0, 0, 1)):
            higher = [
                oracle.Fraction(line) + oracle.Fraction(cent, 100)
                for line, cent in zip((savings, loans, cash), raised, strict=True)
            ]
            lost += oracle.passing(figures, *higher) != met
    assert lost >= 20
