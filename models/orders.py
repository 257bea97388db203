"""Card orders: a branch orders from the manufacturer directly, and settles with it directly (Notice 4)."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.institutions import Institution
from models.products import CardProduct, Manufacturer


class CardOrder(Row):
    """订购单 (Notice 4). Drafted by who is designated for ordering, approved by another person, placed, received under
    two signatures, settled with the manufacturer's invoice. `amount` is quantity times the price of the drafting day."""

    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="card_orders", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="orders", on_delete=fields.RESTRICT
    )
    product_id: UUID
    manufacturer: fields.ForeignKeyRelation[Manufacturer] = fields.ForeignKeyField(
        "models.Manufacturer", related_name="orders", on_delete=fields.RESTRICT
    )
    manufacturer_id: UUID
    number = fields.CharField(max_length=48, unique=True)
    quantity = fields.IntField()
    currency = fields.CharField(max_length=3)
    unit_price = fields.BigIntField()
    amount = fields.BigIntField()
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    reason = fields.CharField(max_length=200)
    received = fields.IntField(default=0, db_default=0)
    defective = fields.IntField(default=0, db_default=0)
    drafted_at = fields.DatetimeField()
    drafted_by_id = fields.UUIDField()
    drafted_person_id = fields.UUIDField()
    approved_at = fields.DatetimeField(null=True)
    approved_by_id = fields.UUIDField(null=True)
    approved_person_id = fields.UUIDField(null=True)
    placed_at = fields.DatetimeField(null=True)
    placed_by_id = fields.UUIDField(null=True)
    invoice_number = fields.CharField(max_length=64, default="", db_default="")
    invoiced = fields.BigIntField(null=True)
    settled_at = fields.DatetimeField(null=True)
    settled_by_id = fields.UUIDField(null=True)
    cancel_reason = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "card_order"
        indexes = [Index(fields=("institution_id", "state"))]
