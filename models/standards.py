"""Quantitative standards as versioned law, and the evaluations made by them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.campaigns import Campaign
from models.customers import Customer
from models.errors import Refusal
from models.institutions import Institution
from models.law import Law
from models.paths import stands_under


class EvaluationNotHis(Refusal):
    code = "EVALUATION_NOT_HIS"
    article = "6"


class EvaluationFailed(Refusal):
    """None of the criteria that the standard asks for was met."""

    code = "EVALUATION_FAILED"
    article = "6"


class EvaluationStale(Refusal):
    """There is a later one, or its standard was not law on its day."""

    code = "EVALUATION_STALE"
    article = "6"


class StandardOfAnotherBranch(Refusal):
    """A branch's own standard is never used for another branch's customers."""

    code = "STANDARD_OF_ANOTHER_BRANCH"
    article = "8"


class Standard(Law):
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
    source = fields.CharField(max_length=200)

    class Meta:
        table = "standard"
        unique_together = (("code", "version"),)
        indexes = [Index(fields=("owner_id",))]

    def must_judge(self, owner_path: str, standard_path: str) -> None:
        """A branch's own standard is for its subtree (Art. 8), head office's, at "/", for every branch."""
        if not stands_under(owner_path, standard_path):
            raise StandardOfAnotherBranch(
                "This standard is another branch's own. Evaluate the customer by head office's, or by his branch's.",
                field="evaluationId",
            )


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
    campaign: fields.ForeignKeyNullableRelation[Campaign] = fields.ForeignKeyField(
        "models.Campaign", related_name="screenings", null=True, on_delete=fields.RESTRICT
    )
    campaign_id: UUID | None
    month_run_id = fields.UUIDField(null=True)
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
        indexes = [
            Index(fields=("standard_id",)),
            Index(fields=("as_of",)),
            Index(fields=("campaign_id",)),
            Index(fields=("month_run_id",)),
        ]


class ScreeningRate(Row):
    """折算汇率. The rate one screening used for one currency at one month-end: `numerator/denominator` per unit."""

    screening: fields.ForeignKeyRelation[Screening] = fields.ForeignKeyField(
        "models.Screening", related_name="rates", on_delete=fields.RESTRICT
    )
    screening_id: UUID
    currency = fields.CharField(max_length=3)
    month_end = fields.DateField()
    published_on = fields.DateField()
    rate = fields.CharField(max_length=100)
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
    indicators_met = fields.TextField(default="", db_default="")
    passed = fields.BooleanField()
    borderline = fields.BooleanField()
    missing = fields.CharField(max_length=120, default="", db_default="")
    evidence = fields.TextField()
    recorded_at = fields.DatetimeField()

    class Meta:
        table = "evaluation"
        unique_together = (("screening", "customer"),)
        indexes = [Index(fields=("customer_id", "as_of")), Index(fields=("standard_id",))]

    def must_be_current(self, customer_id: UUID, standard: Standard, latest_id: UUID) -> None:
        """A decision may rest on it: this customer's, the latest by that standard, which was law on its day."""
        if self.customer_id != customer_id:
            raise EvaluationNotHis(
                "This evaluation is another customer's. Choose his own.", field="evaluationId"
            )
        if self.id != latest_id:
            raise EvaluationStale(
                "There is a later evaluation by this standard. Choose that one.", field="evaluationId"
            )
        if not standard.in_force(self.as_of):
            raise EvaluationStale(
                "The standard was not in force on the evaluation's day. Evaluate him by the one that is.",
                field="evaluationId",
            )

    def must_have_passed(self) -> None:
        if not self.passed:
            raise EvaluationFailed(
                "The customer does not meet the standard, so there is nothing to file (Art. 7 is for exceptions).",
                field="evaluationId",
            )

    def figures(self) -> list[Any]:
        """What the outcome rests on and says, for the digest of a filing."""
        return [
            self.id,
            self.standard_id,
            self.as_of,
            self.currency,
            self.average_savings,
            self.loan_balance,
            self.good_standing,
            self.spend,
            self.criteria_met,
            self.indicators_met,
            self.passed,
            self.evidence,
        ]
