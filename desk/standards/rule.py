"""What one version of a standard asks on a day, as plain facts that a computation can hold without the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from models.campaigns import Campaign, CampaignThreshold
from models.indicators import Indicator
from models.institutions import Institution
from models.standards import Criterion, Standard
from models.vocabulary import AveragingRule, Combine, CriterionKind, LawState, Tier


@dataclass(frozen=True, slots=True)
class Extra:
    """其他指标 (Art. 5). One approved indicator: `threshold` in minor units of its own `currency`, for the customers
    under `owner_path` only."""

    code: str
    version: int
    threshold: int
    currency: str
    owner_path: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A standard's terms. `thresholds` are minor units of `currency`; `owner_path` bounds a branch's own standard.

    Under a campaign `thresholds` and `combine` are the campaign's, and `campaign_id` says so.
    """

    standard_id: UUID
    currency: str
    combine: Combine
    averaging: AveragingRule
    spend_kinds: tuple[str, ...]
    look_back_months: int
    thresholds: Mapping[CriterionKind, int]
    owner_path: str = "/"
    campaign_id: UUID | None = None
    extras: tuple[Extra, ...] = ()

    @property
    def daily(self) -> bool:
        """Whether savings are averaged over days; else over month-ends."""
        return self.averaging is AveragingRule.DAILY_12


async def rule_of(standard: Standard, on: dt.date) -> Rule:
    """A standard as it judges on a day: under the campaign that runs then, with the indicators in force then."""
    return await rule_under(standard, on, await campaign_of(standard, on))


async def rule_under(standard: Standard, on: dt.date, campaign: Campaign | None) -> Rule:
    """A standard under this campaign, whether or not it runs on that day, or under none.

    A campaign puts its thresholds in the place of those that the standard has; it adds none, for under ALL a further
    one would be a further requirement (Notice 2). A branch's own standard knows neither campaign nor indicator.
    """
    owner = await Institution.get(id=standard.owner_id) if standard.owner_id else None
    thresholds, combine = await _criteria(standard), Combine(standard.combine)
    extras: tuple[Extra, ...] = ()
    if standard.tier != Tier.HEAD_OFFICE:
        campaign = None
    else:
        extras = await _extras(on)
    if campaign is not None:
        named = await CampaignThreshold.filter(campaign_id=campaign.id).order_by("kind")
        thresholds |= {kind: it.threshold for it in named if (kind := CriterionKind(it.kind)) in thresholds}
        combine = Combine(campaign.combine) if campaign.combine else combine
    return Rule(
        standard_id=standard.id,
        currency=standard.currency,
        combine=combine,
        averaging=AveragingRule(standard.averaging_rule),
        spend_kinds=tuple(kind.strip() for kind in standard.spend_kinds.split(",") if kind.strip()),
        look_back_months=standard.loan_look_back_months,
        thresholds=thresholds,
        owner_path=owner.path if owner else "/",
        campaign_id=campaign.id if campaign else None,
        extras=extras,
    )


async def campaign_of(standard: Standard, on: dt.date) -> Campaign | None:
    """The campaign that runs for a standard on a day, its last one included; none ever for a branch's own (Art. 8)."""
    if standard.tier != Tier.HEAD_OFFICE:
        return None
    begun = await Campaign.filter(
        standard_code=standard.code, state=LawState.APPROVED, effective_from__lte=on
    ).order_by("-effective_from", "code")
    return next((campaign for campaign in begun if campaign.in_force(on)), None)


async def _criteria(standard: Standard) -> dict[CriterionKind, int]:
    criteria = await Criterion.filter(standard_id=standard.id).order_by("kind")
    return {CriterionKind(criterion.kind): criterion.threshold for criterion in criteria}


async def _extras(on: dt.date) -> tuple[Extra, ...]:
    """The indicators in force, in the order of their codes, each in its newest version."""
    found: dict[str, Extra] = {}
    approved = Indicator.filter(state=LawState.APPROVED, effective_from__lte=on)
    for it in await approved.order_by("code", "version").prefetch_related("owner"):
        if it.in_force(on):
            found[it.code] = Extra(it.code, it.version, it.threshold, it.currency, it.owner.path)
    return tuple(found.values())
