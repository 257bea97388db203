"""Merges: two customer rows that are one person, and the way back if they were not (decisions.md 27)."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer


class CustomerMerge(Row):
    """客户合并. Proposed by one person, decided by another, and a wrong one is split the same way. `gone` is no longer seen."""

    kept: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="merges_kept", on_delete=fields.RESTRICT
    )
    kept_id: UUID
    gone: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="merges_gone", on_delete=fields.RESTRICT
    )
    gone_id: UUID
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    reason = fields.CharField(max_length=400)
    proposed_at = fields.DatetimeField()
    proposed_by_id = fields.UUIDField()
    proposed_person_id = fields.UUIDField()
    decided_at = fields.DatetimeField(null=True)
    decided_by_id = fields.UUIDField(null=True)
    decided_person_id = fields.UUIDField(null=True)
    decision_note = fields.CharField(max_length=400, default="", db_default="")
    split_reason = fields.CharField(max_length=400, default="", db_default="")
    split_proposed_at = fields.DatetimeField(null=True)
    split_proposed_by_id = fields.UUIDField(null=True)
    split_proposed_person_id = fields.UUIDField(null=True)
    split_at = fields.DatetimeField(null=True)
    split_by_id = fields.UUIDField(null=True)

    class Meta:
        table = "customer_merge"
        indexes = [Index(fields=("kept_id",)), Index(fields=("gone_id",))]


class MergedRow(Row):
    """A row that passed from `gone` to `kept`, so that a split gives back exactly what came."""

    merge: fields.ForeignKeyRelation[CustomerMerge] = fields.ForeignKeyField(
        "models.CustomerMerge", related_name="rows", on_delete=fields.RESTRICT
    )
    merge_id: UUID
    table_name = fields.CharField(max_length=40)
    row_id = fields.UUIDField()

    class Meta:
        table = "merged_row"
        unique_together = (("merge", "table_name", "row_id"),)
