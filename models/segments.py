"""Number segments: which institution each stretch of card numbers belongs to (Notice 4)."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.institutions import Institution
from models.products import CardProduct


class NumberSegment(Row):
    """号段 (Notice 4). Card numbers [first_serial, last_serial] held by one institution, so that a card shows its issuer. Serials
    without the check digit. Segments of one depth never overlap and each lies inside its parent."""

    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="segments", on_delete=fields.RESTRICT
    )
    product_id: UUID
    first_serial = fields.BigIntField()
    last_serial = fields.BigIntField()
    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="segments", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    parent: fields.ForeignKeyNullableRelation[NumberSegment] = fields.ForeignKeyField(
        "models.NumberSegment", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    parent_id: UUID | None
    depth = fields.IntField()
    divided_at = fields.DatetimeField()
    divided_by_id = fields.UUIDField()
    withdrawn_at = fields.DatetimeField(null=True)
    withdrawn_by_id = fields.UUIDField(null=True)

    class Meta:
        table = "number_segment"
        indexes = [Index(fields=("institution_id",)), Index(fields=("parent_id",))]
