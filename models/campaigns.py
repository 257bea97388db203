"""Campaign policies (阶段性政策): head office lowers or raises thresholds for a time (Notice 2)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.errors import Refusal
from models.law import Law


class CampaignOver(Refusal):
    """What was reached by a campaign's thresholds is filed while it runs."""

    code = "CAMPAIGN_OVER"
    article = "Notice 2"


class CampaignOverlaps(Refusal):
    """Two campaigns for one standard on one day would leave open which one counts."""

    code = "CAMPAIGN_OVERLAPS"
    article = "Notice 2"


class Campaign(Law):
    """阶段性政策 (Notice 2). Thresholds that stand in for those of a head-office standard, from the first day to 24:00
    of the last one. It lapses by itself, and what was decided under it stays."""

    code = fields.CharField(max_length=32, unique=True)
    name = fields.CharField(max_length=120)
    standard_code = fields.CharField(max_length=32)
    combine = fields.CharField(max_length=4, null=True)
    reason = fields.CharField(max_length=400)

    class Meta:
        table = "campaign"
        indexes = [Index(fields=("standard_code", "effective_from"))]

    def must_still_run(self, today: dt.date) -> None:
        if not self.in_force(today):
            raise CampaignOver(
                "The campaign by whose thresholds he qualified is over. Evaluate him by the standard.",
                field="evaluationId",
            )


class CampaignThreshold(Row):
    """One threshold that a campaign puts in the place of the standard's, in minor units of the standard's currency."""

    campaign: fields.ForeignKeyRelation[Campaign] = fields.ForeignKeyField(
        "models.Campaign", related_name="thresholds", on_delete=fields.RESTRICT
    )
    campaign_id: UUID
    kind = fields.CharField(max_length=24)
    threshold = fields.BigIntField()

    class Meta:
        table = "campaign_threshold"
        unique_together = (("campaign", "kind"),)
