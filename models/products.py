"""Card products, who makes the cards, and for what price: head office's alone (Notice 4)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields

from models.base import Row
from models.serials import CardNumber
from models.vocabulary import Tier


class CardProduct(Row):
    """卡种 (Notice 4). A kind of VIP card, designed by head office: its tier and design are in every number."""

    tier = fields.CharField(max_length=16)
    design = fields.CharField(max_length=2)
    name = fields.CharField(max_length=120)
    created_at = fields.DatetimeField()
    created_by_id = fields.UUIDField(null=True)

    class Meta:
        table = "card_product"
        unique_together = (("tier", "design"),)

    def number(self, serial: int) -> str:
        """The whole number on the card with this serial."""
        return str(CardNumber(Tier(self.tier), self.design, serial))


class Manufacturer(Row):
    """卡厂 (Notice 4). Who makes the cards for the whole bank."""

    code = fields.CharField(max_length=32, unique=True)
    name = fields.CharField(max_length=120)
    created_at = fields.DatetimeField()
    created_by_id = fields.UUIDField(null=True)

    class Meta:
        table = "manufacturer"


class CardPrice(Row):
    """单价 (Notice 4). What one card costs from a day on. Append-only: the next price is another row."""

    manufacturer: fields.ForeignKeyRelation[Manufacturer] = fields.ForeignKeyField(
        "models.Manufacturer", related_name="prices", on_delete=fields.RESTRICT
    )
    manufacturer_id: UUID
    currency = fields.CharField(max_length=3)
    unit_price = fields.BigIntField()
    effective_from = fields.DateField()
    recorded_at = fields.DatetimeField()
    recorded_by_id = fields.UUIDField(null=True)

    class Meta:
        table = "card_price"
        unique_together = (("manufacturer", "effective_from"),)

    @classmethod
    async def on(cls, manufacturer_id: UUID, day: dt.date) -> CardPrice | None:
        """The price on a day; None before the first."""
        return (
            await cls.filter(manufacturer_id=manufacturer_id, effective_from__lte=day)
            .order_by("-effective_from")
            .first()
        )
