"""Destruction: a permanent list of the cards that were destroyed, with who approved it and who watched (Annex 1)."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.institutions import Institution
from models.people import Staff
from models.products import CardProduct


class DestructionList(Row):
    """销毁清册 (Annex 1). Listed by the custodian, approved by accounting and by audit, destroyed (剪角) before two
    witnesses (监销人), all of them different persons. Kept for ever."""

    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="destruction_lists", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="destruction_lists", on_delete=fields.RESTRICT
    )
    product_id: UUID
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    quantity = fields.IntField()
    digest = fields.CharField(max_length=64)
    reason = fields.CharField(max_length=200)
    listed_at = fields.DatetimeField()
    listed_by_id = fields.UUIDField()
    listed_person_id = fields.UUIDField()
    accounting_at = fields.DatetimeField(null=True)
    accounting_by_id = fields.UUIDField(null=True)
    accounting_person_id = fields.UUIDField(null=True)
    audit_at = fields.DatetimeField(null=True)
    audit_by_id = fields.UUIDField(null=True)
    audit_person_id = fields.UUIDField(null=True)
    first_witness: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="destructions_first", on_delete=fields.RESTRICT
    )
    first_witness_id: UUID
    second_witness: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="destructions_second", on_delete=fields.RESTRICT
    )
    second_witness_id: UUID
    first_witnessed_at = fields.DatetimeField(null=True)
    second_witnessed_at = fields.DatetimeField(null=True)
    movement_id = fields.UUIDField(null=True)
    destroyed_at = fields.DatetimeField(null=True)
    over_reason = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "destruction_list"
        indexes = [Index(fields=("institution_id", "state"))]


class DestructionLine(Row):
    """销毁清册的一行. Card numbers [first_serial, last_serial]."""

    destruction: fields.ForeignKeyRelation[DestructionList] = fields.ForeignKeyField(
        "models.DestructionList", related_name="lines", on_delete=fields.RESTRICT
    )
    destruction_id: UUID
    first_serial = fields.BigIntField()
    last_serial = fields.BigIntField()
    quantity = fields.IntField()

    class Meta:
        table = "destruction_line"
        indexes = [Index(fields=("destruction_id",))]
