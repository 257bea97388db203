"""A customer's cards in the graph: how each stands, what is on its back, and its story (Notice 4, Art. 3)."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from authz import DataClass
from models.custody import CardCause, CardState, CardVerdict
from models.vocabulary import Tier
from schema.cards.words import CardStateFilter
from schema.fields import column, many, one, planned, renamed, section
from schema.filters import DateFilter, IdFilter, TextFilter
from schema.institutions import Institution
from schema.node import Node
from schema.people import Staff
from schema.problems import Problem
from schema.sections import Confidential, PurposeArgument, Section
from schema.wheres import AND, NOT, OR, compare

if TYPE_CHECKING:
    from schema.customers import Customer
    from schema.membership import Membership
    from schema.products import CardProduct
    from schema.stock import StockMovement


@strawberry.type(
    description="Whose card it is.", directives=[Confidential(class_=DataClass.NAME, article="11")]
)
class HolderSection(Section):
    value: str | None = renamed("holder_name", about="The holder's name.")


@strawberry.type(
    description="Why a card changed, in the words of who changed it.",
    directives=[Confidential(class_=DataClass.SERVICE, article="11")],
)
class CardReasonSection(Section):
    value: str | None = renamed("reason", about="His words; empty where none were needed.")


@strawberry.type(
    description="卡片背面 (Notice 4, 不得涂改). What is written on the back, once. No identity number, no balance."
)
class CardBack(Node):
    TABLE: ClassVar[str] = "card_back"

    number: str = column(about="VIP卡号.")
    tier: Tier = column(about="VIP级别.")
    issuer_name: str = column(about="发卡机构.")
    issued_on: dt.date = column(about="Issued on.")
    valid_until: dt.date = column(about="Valid until 24:00 of this day.")
    customer_signed_on: dt.date = column(about="When the holder signed.")
    manager_name: str = column(about="客户经理.")
    manager_phone: str = column(about="His telephone number.")
    written_at: dt.datetime = column(about="When it was written, for ever.")
    clerk: Staff | None = one("clerk", "staff", about="经办. Who handed the card out.")

    @strawberry.field(description="The holder's name on it.", metadata=section(DataClass.NAME))
    def holder(self, purpose: PurposeArgument = None) -> HolderSection:
        return planned()


@strawberry.type(description="VIP卡沿革. One change of a card, written once.")
class CardEvent(Node):
    TABLE: ClassVar[str] = "card_event"

    state: CardState = column(about="What it became.")
    cause: CardCause | None = column(about="Why, where it was not by its issue.")
    version: int = column(about="The version that this change made.")
    at: dt.datetime = column(about="Since when it holds.")
    recorded_at: dt.datetime = column(about="When we were told.")
    by: Staff | None = one("by", "staff", about="Who did it.")

    @strawberry.field(description="Why.", metadata=section(DataClass.SERVICE))
    def reason(self, purpose: PurposeArgument = None) -> CardReasonSection:
        return planned()


@strawberry.type(
    description="VIP卡 (Notice 4, Art. 3). The basis of service, of one customer, with one number for ever."
)
class Card(Node):
    TABLE: ClassVar[str] = "card"

    number: str | None = column(about="VIP卡号, 16 digits; null until its issue is drafted.")
    state: CardState = column(about="What was done with it last.")
    verdict: CardVerdict = column(about="What it is worth at this moment (Art. 3).")
    version: int = column(about="Give it back with an act, so that nothing unseen is acted on.")
    renews: bool = column(about="Whether it begins another term (Art. 16), after the card that it replaces.")
    form_number: str = column(about="领卡申请表. The number of the form that the customer signed.")
    form_signed_on: dt.date = column(about="When he signed it.")
    requested_at: dt.datetime = column(about="When his manager requested it.")
    term_starts: dt.date | None = column(
        about="First day of its two-year term (Art. 16); ahead of its issue after an early renewal."
    )
    term_ends: dt.date | None = column(about="Last day of its term, valid until 24:00 (民法典 203).")
    issued_at: dt.datetime | None = column(about="When it was handed to its holder.")
    over_at: dt.datetime | None = column(about="Since when it is over for good.")
    customer: Annotated[Customer, strawberry.lazy("schema.customers")] | None = one(
        "customer", "customer", about="Whose, for who reaches the customer."
    )
    membership: Annotated[Membership, strawberry.lazy("schema.membership")] | None = one(
        "membership", "membership", about="会员资格 that it rests on."
    )
    product: Annotated[CardProduct, strawberry.lazy("schema.products")] | None = one(
        "product", "card_product", about="Which kind of card."
    )
    issuer: Institution | None = one("issuer", "institution", about="发卡机构.")
    replaces: Card | None = one("replaces", "card", about="The card that it stands in for, or renews.")
    requested_by: Staff | None = one("requested_by", "staff", about="Who requested it.")
    issued_by: Staff | None = one("issued_by", "staff", about="Who handed it out; never the manager.")
    back: CardBack | None = one(
        "back", "card_back", about="What is written on its back; null before its issue."
    )
    events: list[CardEvent] = many("events", "card_event", about="VIP卡沿革, oldest first.")
    movements: list[Annotated[StockMovement, strawberry.lazy("schema.stock")]] = many(
        "movements", "stock_movement", about="出入库: its issue and its return, for who sees the stock."
    )

    @strawberry.field(description="Whose card it is.", metadata=section(DataClass.NAME))
    def holder(self, purpose: PurposeArgument = None) -> HolderSection:
        return planned()


CardResult = Annotated[Card | Problem, strawberry.union("CardResult", description="A card, or why not.")]


@strawberry.input(description="Filters cards.")
class CardWhere:
    number: TextFilter | None = compare("VIP卡号.")
    state: CardStateFilter | None = compare("What was done with it last.")
    customer_id: IdFilter | None = compare("Whose.")
    issuer_id: IdFilter | None = compare("发卡机构.")
    product_id: IdFilter | None = compare("Of which product.")
    term_ends: DateFilter | None = compare("Last day of its term, so those that end before a day.")
    and_: list[CardWhere] | None = compare(AND, name="and")
    or_: list[CardWhere] | None = compare(OR, name="or")
    not_: CardWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How cards are ordered.")
class CardListOrder(Enum):
    REQUESTED_AT_ASC = "requested_at asc"
    REQUESTED_AT_DESC = "requested_at desc"
    TERM_ENDS_ASC = "term_ends asc"
    TERM_ENDS_DESC = "term_ends desc"
    NUMBER_ASC = "number asc"
    NUMBER_DESC = "number desc"
