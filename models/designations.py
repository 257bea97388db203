"""Designations: who is the person for ordering cards, or for keeping them, at an institution (Notice 4)."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Dated
from models.institutions import Institution
from models.people import Staff


class Designation(Dated):
    """指定人员 (Notice 4). Beside his role, a custodian needs to be the one whom his institution has named for the duty."""

    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="designations", on_delete=fields.RESTRICT
    )
    staff_id: UUID
    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="designations", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    duty = fields.CharField(max_length=8)
    reason = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "designation"
        indexes = [Index(fields=("staff_id",)), Index(fields=("institution_id", "duty"))]
