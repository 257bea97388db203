"""Number segments (号段): who holds which card numbers, and whose a number on a card is (Notice 4)."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Annotated, ClassVar
from uuid import UUID

import strawberry

from desk import segments
from models.custody import IssuerBasis
from schema.context import Info
from schema.fields import META, Show, column, given, one, page, planned
from schema.filters import BooleanFilter, IdFilter
from schema.institutions import Institution
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.people import Staff
from schema.problems import Problem, given_arguments, key, performed
from schema.products import CardProduct
from schema.resolving import by_row_id, listed, single
from schema.wheres import AND, NOT, OR, compare

strawberry.enum(
    IssuerBasis,
    description="By what an issuer is known: a number segment, or where no segment was assigned the movements of the card. "
    "Or why there is none: no card is of that level and design; the number is in no segment and was never received.",
)


@strawberry.type(
    description="号段 (Notice 4). Card numbers held by one institution. Those of one depth never overlap."
)
class NumberSegment(Node):
    TABLE: ClassVar[str] = "number_segment"

    first: str = column(about="The first serial, 12 digits without the check digit.")
    last: str = column(about="The last serial, which belongs to it.")
    depth: int = column(about="0: given by head office; then one more with every division.")
    divided_at: dt.datetime = column(about="Since when it is held.")
    withdrawn: bool = column(about="Whether it was taken back.")
    withdrawn_at: dt.datetime | None = column(about="When it was taken back.")
    institution: Institution | None = one("institution", "institution", about="Who holds it.")
    product: CardProduct | None = one(
        "product", "card_product", about="卡种. Of which product the numbers are."
    )
    divided_by: Staff | None = one("divided_by", "staff", about="Who gave it.")
    withdrawn_by: Staff | None = one("withdrawn_by", "staff", about="Who took it back.")
    parent: Annotated[NumberSegment, strawberry.lazy("schema.segments")] | None = one(
        "parent", "number_segment", about="Of which segment it is a part; null when head office gave it."
    )

    @strawberry.field(
        description="Its parts, those taken back too.", metadata=page("children", "number_segment")
    )
    def children(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Annotated[NumberSegment, strawberry.lazy("schema.segments")]]:
        return planned()


@strawberry.type(
    description="发卡机构 of a card number (Notice 4). The same for a card in a box and one that a customer holds."
)
class CardIssuer:
    basis: IssuerBasis = given("By what it is known, or why there is none.")
    row: strawberry.Private[UUID | None] = None

    @strawberry.field(
        description="The institution; null when the number is nobody's.", metadata={META: Show(given=True)}
    )
    async def institution(self, info: Info) -> Institution | None:
        return await by_row_id(info, "institution", self.row) if self.row is not None else None


NumberSegmentResult = Annotated[
    NumberSegment | Problem,
    strawberry.union("NumberSegmentResult", description="A number segment, or why not."),
]


@strawberry.input(description="Filters number segments.")
class NumberSegmentWhere:
    institution_id: IdFilter | None = compare("Who holds it.")
    product_id: IdFilter | None = compare("Of which product.")
    withdrawn: BooleanFilter | None = compare("Whether it was taken back.")
    and_: list[NumberSegmentWhere] | None = compare(AND, name="and")
    or_: list[NumberSegmentWhere] | None = compare(OR, name="or")
    not_: NumberSegmentWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How number segments are ordered.")
class NumberSegmentOrder(Enum):
    FIRST_ASC = "first asc"
    FIRST_DESC = "first desc"
    DEPTH_ASC = "depth asc"
    DEPTH_DESC = "depth desc"
    DIVIDED_AT_ASC = "divided_at asc"
    DIVIDED_AT_DESC = "divided_at desc"


@strawberry.input(
    description="Card numbers to give: of a product, by head office; or of a segment, by who holds it. One of the two."
)
class DivideNumberSegmentInput:
    institution_id: strawberry.ID = strawberry.field(
        description="Who receives: a tier-1 branch of head office, an institution below of a branch."
    )
    first: str = strawberry.field(
        description="Serial of up to 12 digits, without the check digit, or the whole number on the card."
    )
    last: str = strawberry.field(description="The last one, which belongs to it, in the same way.")
    product_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Of which product, where nobody holds the numbers yet."
    )
    segment_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Of which segment they are a part."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A number segment to take back.")
class WithdrawNumberSegmentInput:
    segment_id: strawberry.ID = strawberry.field(description="Which segment.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="Number segments, by number. Every signed-in person sees them.")
    async def number_segments(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: NumberSegmentWhere | None = None,
        order_by: list[NumberSegmentOrder] | None = None,
    ) -> Connection[NumberSegment]:
        return await listed(info, "number_segment")

    @strawberry.field(description="One number segment. NOT_FOUND when there is none.")
    async def number_segment(self, info: Info, id: strawberry.ID) -> NumberSegment:
        return await single(info, "number_segment", id)

    @strawberry.field(
        description="Whose a card number is (Notice 4): by the deepest segment, else by its movements. For every signed-in "
        "person, and nothing of a customer. BAD_VIP_CARD_NUMBER."
    )
    async def issuer_of(
        self,
        info: Info,
        card_number: Annotated[
            str, strawberry.argument(description="The whole number on the card, 16 digits.")
        ],
    ) -> CardIssuer:
        found = await segments.issuer_of(info.context.desk, card_number)
        return CardIssuer(basis=found.basis, row=found.institution_id)


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="号段. Give card numbers, which then show whose card it is (Notice 4). By head office to "
        "a tier-1 branch, by an officer of who holds them to who is below it. SEGMENT_NOT_HELD, "
        "SEGMENT_NOT_BELOW, INSTITUTION_MERGED, SEGMENT_WITHDRAWN, SEGMENT_OUTSIDE, SEGMENT_OVERLAPS; "
        "SEGMENT_IN_USE when one was issued elsewhere; BAD_RANGE, BAD_VIP_CARD_NUMBER; BAD_USER_INPUT unless "
        "one of product and segment is named."
    )
    async def divide_number_segment(self, info: Info, input: DivideNumberSegmentInput) -> NumberSegmentResult:
        return await performed(
            info, "number_segment", lambda: segments.divide(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Take back a segment that nothing was given of and no card has come by (Notice 4). By "
        "head office or an officer, whichever gave it. SEGMENT_NOT_HELD, SEGMENT_WITHDRAWN, SEGMENT_DIVIDED, "
        "SEGMENT_IN_USE."
    )
    async def withdraw_number_segment(
        self, info: Info, input: WithdrawNumberSegmentInput
    ) -> NumberSegmentResult:
        return await performed(
            info, "number_segment", lambda: segments.withdraw(info.context.desk, **given_arguments(input))
        )
