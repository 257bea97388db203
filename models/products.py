"""Card products, who makes the cards, and for what price: head office's alone (Notice 4)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields

from models.base import Row
from models.errors import BadInput, Refusal
from models.serials import CardNumber
from models.vocabulary import Tier


class ProductExists(Refusal):
    """Tier and design are in every number, so no two products share them."""

    code = "PRODUCT_EXISTS"
    article = "Notice 4"


class ManufacturerExists(Refusal):
    code = "MANUFACTURER_EXISTS"
    article = "Notice 4"


class PriceOfThatDay(Refusal):
    """One price a day: what was ordered by it would else have two."""

    code = "PRICE_OF_THAT_DAY"
    article = "Notice 4"


class PriceInThePast(Refusal):
    """Orders of past days were made by the price of those days."""

    code = "PRICE_IN_THE_PAST"
    article = "Notice 4"


class NoPrice(Refusal):
    """Nothing is ordered for a price that nobody has agreed."""

    code = "NO_PRICE"
    article = "Notice 4"


class BadDesign(BadInput):
    code = "BAD_DESIGN"
    article = "Notice 4"


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

    def must_not_be_past(self, today: dt.date) -> None:
        if self.effective_from < today:
            raise PriceInThePast(
                f"{self.effective_from} is past, and its orders have their price. Give today or a later day.",
                field="effectiveFrom",
            )

    @classmethod
    async def on(cls, manufacturer_id: UUID, day: dt.date) -> CardPrice | None:
        """The price on a day; None before the first."""
        return (
            await cls.filter(manufacturer_id=manufacturer_id, effective_from__lte=day)
            .order_by("-effective_from")
            .first()
        )
