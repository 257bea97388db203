"""Who a customer is over the years: his identity documents, one after another, and the names he had."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer


class IdentityDocument(Row):
    """证件. A document that a customer had, and has no longer: the one he has stands in his own row. So an old number
    still finds him. Append-only."""

    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="former_documents", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    identity_kind = fields.CharField(max_length=24)
    identity_cipher = fields.BinaryField()
    identity_mask = fields.CharField(max_length=40)
    identity_index = fields.CharField(max_length=64)
    replaced_at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    recorded_by_id = fields.UUIDField(null=True)
    reason = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "identity_document"
        indexes = [Index(fields=("customer_id",)), Index(fields=("identity_index",))]


class FormerName(Row):
    """曾用名. A name that a customer had until a day. Append-only."""

    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="former_names", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    name = fields.CharField(max_length=120)
    until = fields.DateField()
    recorded_at = fields.DatetimeField()
    recorded_by_id = fields.UUIDField(null=True)
    reason = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "former_name"
        indexes = [Index(fields=("customer_id",))]
