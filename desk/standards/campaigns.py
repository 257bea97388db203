"""Campaigns (阶段性政策): other thresholds for a time, by head office alone; they lapse by themselves (Notice 2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from uuid import UUID

from authz import Action, Facts, Kind
from desk import law
from desk.acts import act
from desk.desk import Desk
from desk.standards.terms import coded, thresholds_of
from desk.standards.versions import standard_in_force
from models.campaigns import Campaign, CampaignThreshold
from models.errors import BadInput
from models.standards import Criterion, Standard
from models.vocabulary import Combine, CriterionKind, LawState
from models.wording import worded


@act("draftCampaign", Campaign)
async def draft_campaign(
    desk: Desk,
    *,
    code: str,
    name: str,
    standard_code: str,
    thresholds: Mapping[CriterionKind, str | Decimal],
    effective_from: dt.date,
    effective_to: dt.date,
    reason: str,
    combine: Combine | None = None,
    idempotency_key: str | None = None,
) -> Campaign:
    """Write a campaign: amounts that stand in for those of a head-office standard, from its first day to its last.

    By head office's policy officer, and by no branch (Notice 2). The last day counts to 24:00 in Shanghai. Amounts
    are in the standard's currency. `combine`, where given, stands in for the standard's. NO_STANDARD when the
    standard is not law on the first day; CAMPAIGN_REPLACES_NOTHING for a criterion that the standard does not have.
    """
    desk.require(Action.PROPOSE, Kind.CAMPAIGN, Facts())
    campaign = Campaign(
        code=coded(code),
        name=worded(name, 120, "name", required=True),
        standard_code=standard_code,
        combine=combine,
        reason=worded(reason, 400, "reason", required=True),
        state=LawState.DRAFT,
        effective_from=effective_from,
        effective_to=effective_to,
        drafted_by_id=desk.staff_id,
    )
    campaign.must_end()
    standard = await _stands_in_for(campaign, thresholds.keys())
    amounts = thresholds_of(thresholds, standard.currency)
    if await Campaign.exists(code=code):
        raise BadInput("There is a campaign of this code already. Choose another one.", field="code")
    await campaign.save()
    for kind, threshold in amounts.items():
        await CampaignThreshold.create(campaign_id=campaign.id, kind=kind, threshold=threshold)
    return campaign


@act("submitCampaign", Campaign)
async def submit_campaign(desk: Desk, *, campaign_id: UUID, idempotency_key: str | None = None) -> Campaign:
    """Put a draft before head office's head of policy. By its policy officer. WRONG_STATE."""
    return await law.submit(desk, Campaign, campaign_id)


@act("returnCampaign", Campaign)
async def return_campaign(
    desk: Desk, *, campaign_id: UUID, reason: str, idempotency_key: str | None = None
) -> Campaign:
    """退回: the head of policy says what a new draft must say otherwise.

    WRONG_STATE, STANDARD_BY_WRITER, RETURN_REASON_REQUIRED.
    """
    return await law.give_back(desk, Campaign, campaign_id, reason)


@act("approveCampaign", Campaign)
async def approve_campaign(desk: Desk, *, campaign_id: UUID, idempotency_key: str | None = None) -> Campaign:
    """Let a submitted campaign hold from its first day to its last. Evaluations made stay as they are.

    By head office's head of policy, another person than the writer, else STANDARD_BY_WRITER. WRONG_STATE;
    CAMPAIGN_OVERLAPS when another one holds for this standard on one of its days; NO_STANDARD and
    CAMPAIGN_REPLACES_NOTHING when the standard has changed since it was drafted.
    """
    campaign, others = await law.before_him(desk, Campaign, campaign_id)
    campaign.must_stand_alone(others)
    kinds = await CampaignThreshold.filter(campaign_id=campaign.id).values_list("kind", flat=True)
    await _stands_in_for(campaign, {CriterionKind(str(kind)) for kind in kinds})
    await campaign.approve(desk.now, desk.staff_id)
    return campaign


async def _stands_in_for(campaign: Campaign, kinds: Collection[CriterionKind]) -> Standard:
    """The standard whose thresholds it replaces: head office's, law on the first day, with these criteria."""
    standard = await standard_in_force(campaign.standard_code, campaign.effective_from)
    if standard.owner_id is not None:
        raise BadInput(
            "A campaign changes head office's standard for a time, not a branch's own. Name head office's.",
            field="standardCode",
        )
    criteria = await Criterion.filter(standard_id=standard.id)
    campaign.must_replace(kinds, [criterion.kind for criterion in criteria])
    return standard
