"""What one version of a standard asks, as plain facts that a computation can hold without the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from models.institutions import Institution
from models.standards import Criterion, Standard
from models.vocabulary import AveragingRule, Combine, CriterionKind


@dataclass(frozen=True, slots=True)
class Rule:
    """A standard's terms. `thresholds` are minor units of `currency`; `owner_path` bounds a branch's own standard."""

    standard_id: UUID
    currency: str
    combine: Combine
    averaging: AveragingRule
    spend_kinds: tuple[str, ...]
    look_back_months: int
    thresholds: Mapping[CriterionKind, int]
    owner_path: str = "/"

    @property
    def daily(self) -> bool:
        """Whether savings are averaged over days; else over month-ends."""
        return self.averaging is AveragingRule.DAILY_12


async def rule_of(standard: Standard) -> Rule:
    """Read the criteria of a standard, and the path of the branch that set it (Art. 8)."""
    criteria = await Criterion.filter(standard_id=standard.id).order_by("kind")
    owner = await Institution.get(id=standard.owner_id) if standard.owner_id else None
    return Rule(
        standard_id=standard.id,
        currency=standard.currency,
        combine=Combine(standard.combine),
        averaging=AveragingRule(standard.averaging_rule),
        spend_kinds=tuple(kind.strip() for kind in standard.spend_kinds.split(",") if kind.strip()),
        look_back_months=standard.loan_look_back_months,
        thresholds={CriterionKind(criterion.kind): criterion.threshold for criterion in criteria},
        owner_path=owner.path if owner else "/",
    )
