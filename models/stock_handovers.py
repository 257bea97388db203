"""Stock handovers (交接): the cards in a custodian's charge pass to another by a list that three persons sign (Notice 4)."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.institutions import Institution
from models.people import Staff
from models.products import CardProduct


class StockHandover(Row):
    """卡片交接清单 (Notice 4). Signed by giver, receiver and a witness (监交人). With the last signature the designation
    passes. `digest` binds the signatures to the very numbers that are there."""

    giver: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="stock_handovers_given", on_delete=fields.RESTRICT
    )
    giver_id: UUID
    receiver: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="stock_handovers_received", on_delete=fields.RESTRICT
    )
    receiver_id: UUID
    witness: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="stock_handovers_witnessed", on_delete=fields.RESTRICT
    )
    witness_id: UUID
    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="stock_handovers", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    quantity = fields.IntField()
    digest = fields.CharField(max_length=64)
    reason = fields.CharField(max_length=200)
    drawn_up_at = fields.DatetimeField()
    drawn_up_by_id = fields.UUIDField()
    giver_signed_at = fields.DatetimeField(null=True)
    receiver_signed_at = fields.DatetimeField(null=True)
    witness_signed_at = fields.DatetimeField(null=True)
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "stock_handover"
        indexes = [
            Index(fields=("institution_id", "state")),
            Index(fields=("giver_id",)),
            Index(fields=("receiver_id",)),
            Index(fields=("witness_id",)),
        ]


class StockHandoverLine(Row):
    """卡片交接清单的一行. Card numbers [first_serial, last_serial] of one product in one state."""

    handover: fields.ForeignKeyRelation[StockHandover] = fields.ForeignKeyField(
        "models.StockHandover", related_name="lines", on_delete=fields.RESTRICT
    )
    handover_id: UUID
    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="handover_lines", on_delete=fields.RESTRICT
    )
    product_id: UUID
    state = fields.CharField(max_length=16)
    first_serial = fields.BigIntField()
    last_serial = fields.BigIntField()
    quantity = fields.IntField()

    class Meta:
        table = "stock_handover_line"
        indexes = [Index(fields=("handover_id",))]
