"""Extra indicators (Art. 5): what a tier-1 branch measures beside the three criteria, once head office has approved it."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer
from models.institutions import Institution
from models.law import Law


class Indicator(Law):
    """其他指标 (Art. 5). One version. Met by `>=` of the newest figure on or before the as-of day and within the window,
    by the customers of the branch that proposed it only. An unapproved one is ignored."""

    code = fields.CharField(max_length=32)
    version = fields.IntField()
    name = fields.CharField(max_length=120)
    owner: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="indicators", on_delete=fields.RESTRICT
    )
    owner_id: UUID
    currency = fields.CharField(max_length=3)
    threshold = fields.BigIntField()
    reason = fields.CharField(max_length=400)

    class Meta:
        table = "indicator"
        unique_together = (("code", "version"),)
        indexes = [Index(fields=("owner_id",))]


class IndicatorFigure(Row):
    """One customer's figure of an indicator on a day, in minor units of the indicator's currency. A correction is a new
    version."""

    indicator_code = fields.CharField(max_length=32)
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="indicator_figures", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    as_of = fields.DateField()
    currency = fields.CharField(max_length=3)
    amount = fields.BigIntField()
    version = fields.IntField(default=1, db_default=1)
    recorded_at = fields.DatetimeField()
    import_id = fields.UUIDField()
    superseded_at = fields.DatetimeField(null=True)

    class Meta:
        table = "indicator_figure"
        indexes = [Index(fields=("customer_id", "indicator_code", "as_of"))]
