"""Card products, manufacturers and prices: head office designs the cards and agrees what they cost (Notice 4)."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from uuid import UUID

from authz import Action, Facts, Kind
from desk.acts import act
from desk.desk import Desk
from desk.standards.terms import coded
from models.errors import BadInput
from models.money import to_minor
from models.products import (
    BadDesign,
    CardPrice,
    CardProduct,
    Manufacturer,
    ManufacturerExists,
    PriceOfThatDay,
    ProductExists,
)
from models.vocabulary import Tier
from models.wording import worded

LONGEST_NAME = 120
_DESIGN = re.compile(r"[0-9]{2}", re.ASCII)


@act("createCardProduct", CardProduct)
async def create_product(
    desk: Desk, *, tier: Tier, design: str, name: str, idempotency_key: str | None = None
) -> CardProduct:
    """A kind of card, for members of one tier. By head office's policy officer alone; it is never altered.

    `design` is the two digits after the level in every number of it. FORBIDDEN to every branch (N4a); BAD_DESIGN,
    PRODUCT_EXISTS for tier and design together; BAD_USER_INPUT without a name.
    """
    desk.require(Action.PROPOSE, Kind.CARD_PRODUCT, Facts())
    if not _DESIGN.fullmatch(design):
        raise BadDesign("A design is two digits, as they stand in the numbers of its cards.", field="design")
    if await CardProduct.exists(tier=tier, design=design):
        raise ProductExists(
            f"There is a product of the tier {tier} with the design {design}. Choose another design.",
            field="design",
        )
    return await CardProduct.create(
        tier=tier,
        design=design,
        name=worded(name, LONGEST_NAME, "name", required=True),
        created_at=desk.now,
        created_by_id=desk.staff_id,
    )


@act("addManufacturer", Manufacturer)
async def add_manufacturer(
    desk: Desk, *, code: str, name: str, idempotency_key: str | None = None
) -> Manufacturer:
    """Who may make the cards of the whole bank. By head office's policy officer alone.

    FORBIDDEN to every branch (N4b); MANUFACTURER_EXISTS; BAD_USER_INPUT for a code that is none, or without a name.
    It is ordered from once it has a price.
    """
    desk.require(Action.PROPOSE, Kind.CARD_PRODUCT, Facts())
    if await Manufacturer.exists(code=coded(code)):
        raise ManufacturerExists(
            "There is a manufacturer of this code already. Choose another one.", field="code"
        )
    return await Manufacturer.create(
        code=code,
        name=worded(name, LONGEST_NAME, "name", required=True),
        created_at=desk.now,
        created_by_id=desk.staff_id,
    )


@act("setCardPrice", CardPrice)
async def set_price(
    desk: Desk,
    *,
    manufacturer_id: UUID,
    unit_price: str | Decimal,
    effective_from: dt.date,
    currency: str = "CNY",
    idempotency_key: str | None = None,
) -> CardPrice:
    """What one card of a manufacturer costs from a business day on, until the next price. Orders keep theirs.

    By head office's policy officer alone. `unit_price` is an amount of the currency, above 0. FORBIDDEN to every branch
    (N4b); PRICE_IN_THE_PAST before today, PRICE_OF_THAT_DAY; UNKNOWN_CURRENCY, BAD_AMOUNT, TOO_MANY_DECIMALS,
    AMOUNT_TOO_LARGE.
    """
    manufacturer = await desk.open(Manufacturer, manufacturer_id)
    desk.require(Action.PROPOSE, Kind.CARD_PRODUCT, Facts())
    price = CardPrice(
        manufacturer_id=manufacturer.id,
        currency=currency,
        unit_price=to_minor(unit_price, currency),
        effective_from=effective_from,
        recorded_at=desk.now,
        recorded_by_id=desk.staff_id,
    )
    if price.unit_price <= 0:
        raise BadInput("A card costs more than nothing. Correct the price.", field="unitPrice")
    price.must_not_be_past(desk.today)
    if await CardPrice.exists(manufacturer_id=manufacturer.id, effective_from=effective_from):
        raise PriceOfThatDay(
            f"{manufacturer.name} has a price from {effective_from} on already. Let the new one begin on another day.",
            field="effectiveFrom",
        )
    await price.save()
    return price
