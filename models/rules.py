"""Implementing rules (实施细则): what each tier-1 branch adds to the Measures for itself (Notice 1)."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from tortoise import fields

from models.institutions import Institution
from models.law import Law


class ImplementingRule(Law):
    """实施细则 (Notice 1). One version of one tier-1 branch's rules. Issued when approved by another person."""

    FAMILY: ClassVar[str] = "owner_id"

    owner: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="implementing_rules", on_delete=fields.RESTRICT
    )
    owner_id: UUID
    version = fields.IntField()
    title = fields.CharField(max_length=120)
    document = fields.CharField(max_length=120)
    summary = fields.CharField(max_length=1000, default="", db_default="")

    class Meta:
        table = "implementing_rule"
        unique_together = (("owner", "version"),)
