"""Stock quotas (核定库存): how many cards a superior institution lets an institution keep (Notice 4)."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.errors import BadInput, Refusal
from models.institutions import Institution
from models.products import CardProduct

MOST = 100_000_000
"""Of one product, at one institution: more is a slip of the pen."""


class QuotaOfOwnStock(Refusal):
    """核定 is done from above: nobody says himself how many cards he may keep."""

    code = "QUOTA_OF_OWN_STOCK"
    article = "Notice 4"


class StockQuota(Row):
    """核定库存 (Notice 4). How many cards an institution may keep, as a superior institution approved it. Append-only."""

    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="stock_quotas", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="quotas", on_delete=fields.RESTRICT
    )
    product_id: UUID
    quantity = fields.IntField()
    reason = fields.CharField(max_length=200)
    set_at = fields.DatetimeField()
    set_by_id = fields.UUIDField()

    class Meta:
        table = "stock_quota"
        indexes = [Index(fields=("institution_id", "product_id", "set_at"))]

    @classmethod
    async def last_of(cls, institution_id: UUID, product_id: UUID) -> StockQuota | None:
        """The one that counts now. None where none was ever approved."""
        rows = cls.filter(institution_id=institution_id, product_id=product_id)
        return await rows.order_by("-set_at", "-id").first()


def quantity_of(given: int) -> int:
    """A number of cards that may be kept. BAD_USER_INPUT for less than none, or for more than there could be."""
    if not 0 <= given <= MOST:
        raise BadInput(f"A quota is 0 to {MOST} cards. Write how many may be kept.", field="quantity")
    return given
