"""Quantitative standards as versioned law, and the evaluations made by them."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer
from models.institutions import Institution


class Standard(Row):
    """量化标准 (Art. 5, 6, 8). One version of one standard. A new version never changes a past decision."""

    code = fields.CharField(max_length=32)
    version = fields.IntField()
    name = fields.CharField(max_length=120)
    tier = fields.CharField(max_length=16)
    owner: fields.ForeignKeyNullableRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="standards", null=True, on_delete=fields.RESTRICT
    )
    owner_id: UUID | None
    currency = fields.CharField(max_length=3)
    combine = fields.CharField(max_length=4)
    averaging_rule = fields.CharField(max_length=16)
    spend_kinds = fields.CharField(max_length=200)
    loan_look_back_months = fields.IntField()
    state = fields.CharField(max_length=16)
    effective_from = fields.DateField()
    effective_to = fields.DateField(null=True)
    source = fields.CharField(max_length=200)
    drafted_by_id = fields.UUIDField(null=True)
    approved_by_id = fields.UUIDField(null=True)
    approved_at = fields.DatetimeField(null=True)

    class Meta:
        table = "standard"
        unique_together = (("code", "version"),)
        indexes = [Index(fields=("owner_id",))]


class Criterion(Row):
    """达标项. One threshold of a standard, in minor units of the standard's currency, met by `>=`."""

    standard: fields.ForeignKeyRelation[Standard] = fields.ForeignKeyField(
        "models.Standard", related_name="criteria", on_delete=fields.RESTRICT
    )
    standard_id: UUID
    kind = fields.CharField(max_length=24)
    threshold = fields.BigIntField()

    class Meta:
        table = "criterion"
        unique_together = (("standard", "kind"),)


class Screening(Row):
    """达标筛查. One run of a standard over customers as of a day."""

    standard: fields.ForeignKeyRelation[Standard] = fields.ForeignKeyField(
        "models.Standard", related_name="screenings", on_delete=fields.RESTRICT
    )
    standard_id: UUID
    as_of = fields.DateField()
    window_from = fields.DateField()
    window_to = fields.DateField()
    scope_path = fields.CharField(max_length=200, default="/", db_default="/")
    customer_id = fields.UUIDField(null=True)
    state = fields.CharField(max_length=16)
    started_by_id = fields.UUIDField()
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)
    evaluated = fields.IntField(default=0, db_default=0)
    passed = fields.IntField(default=0, db_default=0)
    borderline = fields.IntField(default=0, db_default=0)
    incomplete = fields.IntField(default=0, db_default=0)

    class Meta:
        table = "screening"
        indexes = [Index(fields=("standard_id",)), Index(fields=("as_of",))]


class ScreeningRate(Row):
    """折算汇率. The rate one screening used for one currency at one month-end: `numerator/denominator` per unit."""

    screening: fields.ForeignKeyRelation[Screening] = fields.ForeignKeyField(
        "models.Screening", related_name="rates", on_delete=fields.RESTRICT
    )
    screening_id: UUID
    currency = fields.CharField(max_length=3)
    month_end = fields.DateField()
    published_on = fields.DateField()
    rate = fields.CharField(max_length=80)
    route = fields.CharField(max_length=120)

    class Meta:
        table = "screening_rate"
        unique_together = (("screening", "currency", "month_end"),)


class Evaluation(Row):
    """评估 (Art. 6). One customer's figures and outcome in one screening. Amounts in minor units of the standard's
    currency, rounded HALF_UP after an exact comparison. `evidence` holds the monthly figures in their own currencies."""

    screening: fields.ForeignKeyRelation[Screening] = fields.ForeignKeyField(
        "models.Screening", related_name="evaluations", on_delete=fields.RESTRICT
    )
    screening_id: UUID
    standard_id = fields.UUIDField()
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="evaluations", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    as_of = fields.DateField()
    currency = fields.CharField(max_length=3)
    average_savings = fields.BigIntField()
    loan_balance = fields.BigIntField()
    good_standing = fields.BooleanField()
    spend = fields.BigIntField()
    criteria_met = fields.CharField(max_length=80)
    passed = fields.BooleanField()
    borderline = fields.BooleanField()
    missing = fields.CharField(max_length=120, default="", db_default="")
    evidence = fields.TextField()
    recorded_at = fields.DatetimeField()

    class Meta:
        table = "evaluation"
        unique_together = (("screening", "customer"),)
        indexes = [Index(fields=("customer_id", "as_of")), Index(fields=("standard_id",))]
