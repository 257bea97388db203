"""Filing (备案): a membership is put on record by a personal banking department of tier-2 or above."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer
from models.institutions import Institution
from models.membership import Membership
from models.standards import Evaluation


class Filing(Row):
    """备案 (Art. 6). Recorded or returned by another person than its filer. `digest` binds it to what was seen."""

    membership: fields.ForeignKeyRelation[Membership] = fields.ForeignKeyField(
        "models.Membership", related_name="filings", on_delete=fields.RESTRICT
    )
    membership_id: UUID
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="filings", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    evaluation: fields.ForeignKeyRelation[Evaluation] = fields.ForeignKeyField(
        "models.Evaluation", related_name="filings", on_delete=fields.RESTRICT
    )
    evaluation_id: UUID
    submitted_to: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="filings_received", on_delete=fields.RESTRICT
    )
    submitted_to_id: UUID
    submitted_to_path = fields.CharField(max_length=200)
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    digest = fields.CharField(max_length=64)
    submitted_at = fields.DatetimeField()
    submitted_by_id = fields.UUIDField()
    submitted_person_id = fields.UUIDField()
    filing_number = fields.CharField(max_length=40, null=True, unique=True)
    decided_at = fields.DatetimeField(null=True)
    decided_by_id = fields.UUIDField(null=True)
    decided_person_id = fields.UUIDField(null=True)
    return_reason = fields.CharField(max_length=400, default="", db_default="")

    class Meta:
        table = "filing"
        indexes = [
            Index(fields=("membership_id",)),
            Index(fields=("customer_id",)),
            Index(fields=("evaluation_id",)),
            Index(fields=("submitted_to_id", "state")),
            Index(fields=("submitted_to_path",)),
        ]
