"""Card products, who makes the cards, and for what price: head office's alone (Notice 4)."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Annotated, ClassVar

import strawberry

from desk import products
from models.vocabulary import Tier
from schema.context import Info
from schema.fields import amount_of, column, page, planned
from schema.filters import TextFilter
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.problems import Problem, given_arguments, key, performed
from schema.resolving import listed, single
from schema.scalars import Amount, Money
from schema.wheres import AND, NOT, OR, TierFilter, compare


@strawberry.type(
    description="卡种 (Notice 4). A kind of VIP card that head office designed. It is never altered."
)
class CardProduct(Node):
    TABLE: ClassVar[str] = "card_product"

    tier: Tier = column(about="Of which tier its holders are; the first digit of every number says it.")
    design: str = column(about="Two digits, the second and third of every number.")
    name: str = column(about="Name.")
    created_at: dt.datetime = column(about="When head office created it.")


@strawberry.type(description="单价 (Notice 4). What one card costs from a day on, until the next price.")
class CardPrice(Node):
    TABLE: ClassVar[str] = "card_price"

    unit_price: Money | None = amount_of("unit_price", about="For one card.")
    effective_from: dt.date = column(about="First day.")
    recorded_at: dt.datetime = column(about="When it was recorded.")


@strawberry.type(description="卡厂 (Notice 4). Who makes the cards of the whole bank.")
class Manufacturer(Node):
    TABLE: ClassVar[str] = "manufacturer"

    code: str = column(about="Code.")
    name: str = column(about="Name.")

    @strawberry.field(
        description="单价. All its prices, past and agreed ones, by their first day (Notice 4).",
        metadata=page("prices", "card_price"),
    )
    def prices(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[CardPrice]:
        return planned()


@strawberry.input(description="Filters card products.")
class CardProductWhere:
    tier: TierFilter | None = compare("VIP级别.")
    design: TextFilter | None = compare("Design.")
    and_: list[CardProductWhere] | None = compare(AND, name="and")
    or_: list[CardProductWhere] | None = compare(OR, name="or")
    not_: CardProductWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How card products are ordered.")
class CardProductOrder(Enum):
    TIER_ASC = "tier asc"
    TIER_DESC = "tier desc"
    DESIGN_ASC = "design asc"
    DESIGN_DESC = "design desc"


CardProductResult = Annotated[
    CardProduct | Problem, strawberry.union("CardProductResult", description="A card product, or why not.")
]
ManufacturerResult = Annotated[
    Manufacturer | Problem, strawberry.union("ManufacturerResult", description="A manufacturer, or why not.")
]
CardPriceResult = Annotated[
    CardPrice | Problem, strawberry.union("CardPriceResult", description="A price, or why not.")
]


@strawberry.input(description="A card product to create.")
class CreateCardProductInput:
    tier: Tier = strawberry.field(description="For members of which tier.")
    design: str = strawberry.field(description="Two digits that no product of this tier has yet.")
    name: str = strawberry.field(description="Name.")
    idempotency_key: str | None = key()


@strawberry.input(description="A manufacturer to add.")
class AddManufacturerInput:
    code: str = strawberry.field(description="Code, of up to 32 capitals, digits, _ and -.")
    name: str = strawberry.field(description="Name.")
    idempotency_key: str | None = key()


@strawberry.input(description="A price to set.")
class SetCardPriceInput:
    manufacturer_id: strawberry.ID = strawberry.field(description="Whose price.")
    unit_price: Amount = strawberry.field(description="For one card.")
    currency: str = strawberry.field(default="CNY", description="ISO 4217 code.")
    effective_from: dt.date = strawberry.field(description="First day: today, or a later one.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="卡种 (Notice 4). Every signed-in person sees them.")
    async def card_products(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: CardProductWhere | None = None,
        order_by: list[CardProductOrder] | None = None,
    ) -> Connection[CardProduct]:
        return await listed(info, "card_product")

    @strawberry.field(description="One card product (Notice 4). NOT_FOUND when absent.")
    async def card_product(self, info: Info, id: strawberry.ID) -> CardProduct:
        return await single(info, "card_product", id)

    @strawberry.field(description="卡厂 (Notice 4), each with its prices. Every signed-in person sees them.")
    async def manufacturers(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Manufacturer]:
        return await listed(info, "manufacturer")


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Create a kind of card, which is never altered (Notice 4). By head office's policy "
        "officer; FORBIDDEN to every branch. BAD_DESIGN, PRODUCT_EXISTS; BAD_USER_INPUT without a name."
    )
    async def create_card_product(self, info: Info, input: CreateCardProductInput) -> CardProductResult:
        return await performed(
            info,
            "card_product",
            lambda: products.create_product(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="Add who may make the bank's cards; ordered from once it has a price (Notice 4). By "
        "head office's policy officer; FORBIDDEN to every branch. MANUFACTURER_EXISTS; BAD_USER_INPUT for a "
        "code that is none, or without a name."
    )
    async def add_manufacturer(self, info: Info, input: AddManufacturerInput) -> ManufacturerResult:
        return await performed(
            info,
            "manufacturer",
            lambda: products.add_manufacturer(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="Set what a card costs from a day on; orders keep their price (Notice 4). By head "
        "office's policy officer; FORBIDDEN to every branch. PRICE_IN_THE_PAST, PRICE_OF_THAT_DAY, "
        "UNKNOWN_CURRENCY, BAD_AMOUNT, TOO_MANY_DECIMALS, AMOUNT_TOO_LARGE; BAD_USER_INPUT for a price of "
        "nothing."
    )
    async def set_card_price(self, info: Info, input: SetCardPriceInput) -> CardPriceResult:
        return await performed(
            info, "card_price", lambda: products.set_price(info.context.desk, **given_arguments(input))
        )
