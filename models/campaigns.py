"""Campaign policies (阶段性政策): head office lowers or raises thresholds for a time (Notice 2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import ClassVar
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.errors import BadInput, Refusal
from models.law import Law
from models.vocabulary import LawState


class CampaignOver(Refusal):
    """What was reached by a campaign's thresholds is filed while it runs."""

    code = "CAMPAIGN_OVER"
    article = "Notice 2"


class CampaignOverlaps(Refusal):
    """Two campaigns for one standard on one day would leave open which one counts."""

    code = "CAMPAIGN_OVERLAPS"
    article = "Notice 2"


class CampaignReplacesNothing(Refusal):
    """A campaign puts other amounts in the place of the standard's; it is no standard of its own."""

    code = "CAMPAIGN_REPLACES_NOTHING"
    article = "Notice 2"


class Campaign(Law):
    """阶段性政策 (Notice 2). Thresholds that stand in for those of a head-office standard, from the first day to 24:00
    of the last one. It lapses by itself, and what was decided under it stays."""

    FAMILY: ClassVar[str] = "standard_code"

    code = fields.CharField(max_length=32, unique=True)
    name = fields.CharField(max_length=120)
    standard_code = fields.CharField(max_length=32)
    combine = fields.CharField(max_length=4, null=True)
    reason = fields.CharField(max_length=400)

    class Meta:
        table = "campaign"
        indexes = [Index(fields=("standard_code", "effective_from"))]

    def must_end(self) -> None:
        """It is for a time, so it has a last day, which is not before its first."""
        if self.effective_to is None or self.effective_to < self.effective_from:
            raise BadInput("The last day is before the first. Correct one of them.", field="effectiveTo")

    def must_replace(self, overridden: Collection[str], criteria: Collection[str]) -> None:
        """Each of its thresholds has one of the standard's to stand in for."""
        strange = sorted(set(overridden) - set(criteria))
        if strange:
            raise CampaignReplacesNothing(
                f"On its first day standard {self.standard_code} has no {', '.join(strange)}. Leave that out.",
                field="thresholds",
            )

    def must_stand_alone(self, others: Iterable[Campaign]) -> None:
        """On every day at most one campaign holds for a standard."""
        for other in others:
            if other.id != self.id and other.state == LawState.APPROVED and self._meets(other):
                raise CampaignOverlaps(
                    f"Campaign {other.code} holds for this standard from {other.effective_from} to "
                    f"{other.effective_to}. Draft one that begins after it, or ends before it.",
                    field="effectiveFrom",
                )

    def _meets(self, other: Campaign) -> bool:
        assert self.effective_to is not None
        assert other.effective_to is not None
        return self.effective_from <= other.effective_to and other.effective_from <= self.effective_to

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
