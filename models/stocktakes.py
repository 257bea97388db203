"""Stocktakes: what the book says is held against what two persons count (Notice 4, Annex 1)."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.institutions import Institution
from models.people import Staff
from models.products import CardProduct


class Stocktake(Row):
    """盘点 (Annex 1). Monthly, or by surprise. Two persons count, and the custodian is never the only one. While it is open
    nothing of that stock moves. A difference is explained, or the cards are MISSING by a signed movement."""

    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="stocktakes", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="stocktakes", on_delete=fields.RESTRICT
    )
    product_id: UUID
    kind = fields.CharField(max_length=8)
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    book_quantity = fields.IntField()
    counted_quantity = fields.IntField(null=True)
    digest = fields.CharField(max_length=64, default="", db_default="")
    first_counter: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="stocktakes_first", on_delete=fields.RESTRICT
    )
    first_counter_id: UUID
    second_counter: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="stocktakes_second", on_delete=fields.RESTRICT
    )
    second_counter_id: UUID
    opened_at = fields.DatetimeField()
    opened_by_id = fields.UUIDField()
    counted_at = fields.DatetimeField(null=True)
    counted_by_id = fields.UUIDField(null=True)
    confirmed_at = fields.DatetimeField(null=True)
    confirmed_by_id = fields.UUIDField(null=True)
    closed_at = fields.DatetimeField(null=True)
    closed_by_id = fields.UUIDField(null=True)
    note = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "stocktake"
        indexes = [Index(fields=("institution_id", "state"))]


class StocktakeLine(Row):
    """盘点表的一行. Numbers by the book, as counted, missing or too many, and how a difference came about."""

    stocktake: fields.ForeignKeyRelation[Stocktake] = fields.ForeignKeyField(
        "models.Stocktake", related_name="lines", on_delete=fields.RESTRICT
    )
    stocktake_id: UUID
    finding = fields.CharField(max_length=8)
    state = fields.CharField(max_length=16, default="", db_default="")
    """What the book says of these numbers, empty for what the book does not place here."""
    first_serial = fields.BigIntField()
    last_serial = fields.BigIntField()
    quantity = fields.IntField()
    explanation = fields.CharField(max_length=400, default="", db_default="")
    explained_at = fields.DatetimeField(null=True)
    explained_by_id = fields.UUIDField(null=True)
    movement_id = fields.UUIDField(null=True)

    class Meta:
        table = "stocktake_line"
        indexes = [Index(fields=("stocktake_id",))]
