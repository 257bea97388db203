"""What-if: a draft over the real book before it is law. Nothing is kept of it but counts, to
the nearest five."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.campaigns import Campaign
from models.institutions import Institution
from models.standards import Standard


class WhatIf(Row):
    """测算. Who would enter and who would leave by a draft standard or campaign, against the law of the day."""

    standard: fields.ForeignKeyNullableRelation[Standard] = fields.ForeignKeyField(
        "models.Standard", related_name="what_ifs", null=True, on_delete=fields.RESTRICT
    )
    standard_id: UUID | None
    campaign: fields.ForeignKeyNullableRelation[Campaign] = fields.ForeignKeyField(
        "models.Campaign", related_name="what_ifs", null=True, on_delete=fields.RESTRICT
    )
    campaign_id: UUID | None
    baseline_id = fields.UUIDField(null=True)
    as_of = fields.DateField()
    scope_path = fields.CharField(max_length=200, default="/", db_default="/")
    asked_by_id = fields.UUIDField()
    made_at = fields.DatetimeField()
    evaluated = fields.IntField(default=0, db_default=0)
    passing = fields.IntField(default=0, db_default=0)
    entering = fields.IntField(default=0, db_default=0)
    leaving = fields.IntField(default=0, db_default=0)
    borderline = fields.IntField(default=0, db_default=0)
    incomplete = fields.IntField(default=0, db_default=0)

    class Meta:
        table = "what_if"
        indexes = [
            Index(fields=("standard_id",)),
            Index(fields=("campaign_id",)),
            Index(fields=("scope_path",)),
        ]


class WhatIfLine(Row):
    """The counts of one owning branch. `moved` is entering plus leaving: the largest moves come first."""

    what_if: fields.ForeignKeyRelation[WhatIf] = fields.ForeignKeyField(
        "models.WhatIf", related_name="lines", on_delete=fields.RESTRICT
    )
    what_if_id: UUID
    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="what_if_lines", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    evaluated = fields.IntField()
    passing = fields.IntField()
    entering = fields.IntField()
    leaving = fields.IntField()
    borderline = fields.IntField()
    incomplete = fields.IntField()
    moved = fields.IntField()

    class Meta:
        table = "what_if_line"
        unique_together = (("what_if", "institution"),)
        indexes = [Index(fields=("institution_id",))]
