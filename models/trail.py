"""The trail (访问留痕): who saw or did what, on what basis. Never a protected value."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row


class AccessRecord(Row):
    """访问留痕 (Art. 11, domain.md 5.4). Append-only. `record` is the canonical text, `digest` its SHA-256.
    The columns repeat what is searched. Sealing comes later and adds nothing here."""

    at = fields.DatetimeField()
    operation = fields.CharField(max_length=80)
    decision = fields.CharField(max_length=16)
    code = fields.CharField(max_length=40, default="", db_default="")
    staff_id = fields.UUIDField(null=True)
    person_id = fields.UUIDField(null=True)
    actor_path = fields.CharField(max_length=200, default="", db_default="")
    resource = fields.CharField(max_length=24)
    object_id = fields.UUIDField(null=True)
    customer_id = fields.UUIDField(null=True)
    basis = fields.CharField(max_length=16, default="", db_default="")
    purpose = fields.CharField(max_length=40, default="", db_default="")
    policy_version = fields.CharField(max_length=64)
    row_count = fields.IntField(default=0, db_default=0)
    record = fields.TextField()
    digest = fields.CharField(max_length=64)

    class Meta:
        table = "access_record"
        indexes = [
            Index(fields=("at", "id")),
            Index(fields=("staff_id", "at")),
            Index(fields=("customer_id", "at")),
        ]


class IdempotencyKey(Row):
    """幂等键 (decisions.md 20). One key of one person has one effect. Only the outcome's id is kept, no answer."""

    staff_id = fields.UUIDField()
    key = fields.CharField(max_length=255)
    body_digest = fields.CharField(max_length=64)
    operation = fields.CharField(max_length=80)
    outcome_id = fields.UUIDField(null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "idempotency_key"
        unique_together = (("staff_id", "key"),)
