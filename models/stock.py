"""Stock: which numbers are where, in ranges; how many that makes; and what each day brought (Notice 4, Annex 1)."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.custody import StockState
from models.institutions import Institution
from models.products import CardProduct

COUNTS: dict[StockState, str] = {state: state.value.lower() for state in StockState}
"""The column of a stock account that counts each state."""


class StockHolding(Row):
    """库存. Card numbers [first_serial, last_serial] that are in one state with one holder. No number is in two holdings.

    While IN_TRANSIT the sender holds them, `to_institution` is where they go, and `was` what they are under way as.
    """

    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="holdings", on_delete=fields.RESTRICT
    )
    product_id: UUID
    first_serial = fields.BigIntField()
    last_serial = fields.BigIntField()
    quantity = fields.IntField()
    state = fields.CharField(max_length=16)
    was = fields.CharField(max_length=16, default="", db_default="")
    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="holdings", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    to_institution: fields.ForeignKeyNullableRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="holdings_coming", null=True, on_delete=fields.RESTRICT
    )
    to_institution_id: UUID | None
    movement_id = fields.UUIDField()
    since = fields.DatetimeField()

    class Meta:
        table = "stock_holding"
        indexes = [
            Index(fields=("product_id", "first_serial")),
            Index(fields=("institution_id", "product_id", "state", "first_serial")),
        ]


class StockAccount(Row):
    """卡片登记簿. Of one institution and product: how many cards came and went, and how many are in each state. What came
    less what went is what is there, and the database holds it to that. Whoever posts holds this row."""

    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="stock_accounts", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="accounts", on_delete=fields.RESTRICT
    )
    product_id: UUID
    received = fields.IntField(default=0, db_default=0)
    came_in = fields.IntField(default=0, db_default=0)
    went_out = fields.IntField(default=0, db_default=0)
    in_stock = fields.IntField(default=0, db_default=0)
    in_transit = fields.IntField(default=0, db_default=0)
    reserved = fields.IntField(default=0, db_default=0)
    issued = fields.IntField(default=0, db_default=0)
    returned = fields.IntField(default=0, db_default=0)
    spoiled = fields.IntField(default=0, db_default=0)
    to_destroy = fields.IntField(default=0, db_default=0)
    destroyed = fields.IntField(default=0, db_default=0)
    missing = fields.IntField(default=0, db_default=0)
    counted_on = fields.DateField(null=True)

    class Meta:
        table = "stock_account"
        unique_together = (("institution", "product"),)


class StockDay(Row):
    """日结. What is IN_STOCK of one institution and product on a day: opening, in, out, closing. Days on which nothing
    moved have no row: their closing is the last one's."""

    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="stock_days", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="days", on_delete=fields.RESTRICT
    )
    product_id: UUID
    day = fields.DateField()
    opening = fields.IntField()
    came_in = fields.IntField(default=0, db_default=0)
    went_out = fields.IntField(default=0, db_default=0)
    closing = fields.IntField()
    movements = fields.IntField(default=0, db_default=0)

    class Meta:
        table = "stock_day"
        unique_together = (("institution", "product", "day"),)
