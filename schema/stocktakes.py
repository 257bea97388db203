"""Stocktakes (盘点): what the book says held against what two persons count, and how it differs (Notice 4, Annex 1)."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Annotated, ClassVar

import strawberry

from desk.stocktakes import counting, differences, opening
from models.custody import StockState, StocktakeFinding, StocktakeKind, StocktakeState
from schema.context import Info
from schema.fields import column, one, page, planned
from schema.filters import IdFilter, MomentFilter
from schema.institutions import Institution
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.people import Staff
from schema.problems import Problem, given_arguments, key, performed
from schema.products import CardProduct
from schema.ranges import NumberRangeInput
from schema.resolving import listed, single
from schema.stock.acts import StockMovementResult
from schema.stock.movements import StockMovement
from schema.wheres import AND, NOT, OR, compare

for _words, _about in (
    (StocktakeKind, "按月盘点, or a surprise check (Annex 1)."),
    (
        StocktakeState,
        "盘点. OPEN: nothing moves. COUNTED: the book is right. DIFFERENCE, until all is EXPLAINED; CLOSED or CALLED_OFF.",
    ),
    (
        StocktakeFinding,
        "BOOK: by the book at the opening. COUNTED: what was there. MISSING and EXTRA: how they differ (Annex 1).",
    ),
):
    strawberry.enum(_words, description=_about)

WHICH = "Which stocktake."
SEEN = "The version that you have read; STALE_VERSION when the stocktake has changed since."


@strawberry.type(description="盘点表的一行 (Annex 1). Numbers by the book, as counted, missing or too many.")
class StocktakeLine(Node):
    TABLE: ClassVar[str] = "stocktake_line"

    finding: StocktakeFinding = column(about="By the book, counted, missing, or too many (Annex 1).")
    state: StockState | None = column(
        about="What the book said of these numbers at this institution; null: nothing."
    )
    first: str = column(about="Serial of the first card, in twelve digits (Notice 4, 号段).")
    last: str = column(about="Serial of the last card, in twelve digits.")
    quantity: int = column(about="How many cards that is.")
    explanation: str = column(about="How the difference came about; empty: nobody has said.")
    explained_at: dt.datetime | None = column(about="When that was written.")
    explained_by: Staff | None = one("explained_by", "staff", about="Who wrote it; not who keeps the cards.")
    movement: StockMovement | None = one(
        "movement",
        "stock_movement",
        about="What books these numbers MISSING under two signatures (Notice 4).",
    )


@strawberry.type(
    description="盘点 (Annex 1). Opened by who does not keep the cards; one counter lists what is there, the other signs that "
    "very list. It is closed when every difference is explained, or booked MISSING by a signed movement."
)
class Stocktake(Node):
    TABLE: ClassVar[str] = "stocktake"

    kind: StocktakeKind = column(about="Monthly, once a month, or by surprise.")
    state: StocktakeState = column(about="How far it has come.")
    version: int = column(
        about="Rises with everything that is done to it. Who signs names the one that he has read."
    )
    book_quantity: int = column(about="Cards that were there by the book at the opening.")
    counted_quantity: int | None = column(about="Cards that were counted; null: none is listed yet.")
    opened_at: dt.datetime = column(about="When the book was frozen.")
    counted_at: dt.datetime | None = column(about="When the first counter last listed what is there.")
    confirmed_at: dt.datetime | None = column(about="When the second counter signed that list.")
    closed_at: dt.datetime | None = column(about="When it was closed or called off.")
    note: str = column(about="A word at its end; why it was called off.")
    institution: Institution | None = one("institution", "institution", about="Whose stock.")
    product: CardProduct | None = one("product", "card_product", about="Of which product.")
    first_counter: Staff | None = one("first_counter", "staff", about="Who lists what is there.")
    second_counter: Staff | None = one("second_counter", "staff", about="Who counts with him, and signs.")
    opened_by: Staff | None = one("opened_by", "staff", about="Who had it counted.")
    closed_by: Staff | None = one("closed_by", "staff", about="Who closed it, or called it off.")

    @strawberry.field(
        description="Of the book, of the count, and how they differ.",
        metadata=page("lines", "stocktake_line"),
    )
    def lines(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[StocktakeLine]:
        return planned()

    @strawberry.field(
        description="盘盈盘亏: only what is missing or too many.",
        metadata=page("differences", "stocktake_line"),
    )
    def differences(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[StocktakeLine]:
        return planned()


StocktakeResult = Annotated[
    Stocktake | Problem, strawberry.union("StocktakeResult", description="A stocktake, or why not.")
]


@strawberry.input(description="Compares a stocktake's state. An empty `in` matches nothing.")
class StocktakeStateFilter:
    eq: StocktakeState | None = compare("Equal.")
    in_: list[StocktakeState] | None = compare("One of these.", name="in")


@strawberry.input(description="Compares a kind of stocktake. An empty `in` matches nothing.")
class StocktakeKindFilter:
    eq: StocktakeKind | None = compare("Equal.")
    in_: list[StocktakeKind] | None = compare("One of these.", name="in")


@strawberry.input(description="Filters stocktakes.")
class StocktakeWhere:
    institution_id: IdFilter | None = compare("Whose stock.")
    product_id: IdFilter | None = compare("Of which product.")
    kind: StocktakeKindFilter | None = compare("Monthly or by surprise.")
    state: StocktakeStateFilter | None = compare("How far it has come.")
    opened_at: MomentFilter | None = compare("When the book was frozen.")
    and_: list[StocktakeWhere] | None = compare(AND, name="and")
    or_: list[StocktakeWhere] | None = compare(OR, name="or")
    not_: StocktakeWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How stocktakes are ordered.")
class StocktakeOrder(Enum):
    OPENED_AT_ASC = "opened_at asc"
    OPENED_AT_DESC = "opened_at desc"


@strawberry.input(description="A stock that two persons are to count.")
class OpenStocktakeInput:
    institution_id: strawberry.ID = strawberry.field(description="Whose stock.")
    product_id: strawberry.ID = strawberry.field(description="Of which product.")
    kind: StocktakeKind = strawberry.field(description="Monthly or by surprise.")
    first_counter_id: strawberry.ID = strawberry.field(description="Who lists what is there.")
    second_counter_id: strawberry.ID = strawberry.field(
        description="Another person, who counts with him and signs; not both keep the cards (Annex 1)."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="What was counted.")
class RecordCountInput:
    stocktake_id: strawberry.ID = strawberry.field(description=WHICH)
    version: int = strawberry.field(description=SEEN)
    ranges: list[NumberRangeInput] = strawberry.field(
        description="Which cards are there, each named once; an empty list: none is."
    )
    adding: bool = strawberry.field(
        default=False,
        description="Beside what is listed already, for a list that is longer than one input may be.",
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A count that the second counter signs.")
class ConfirmCountInput:
    stocktake_id: strawberry.ID = strawberry.field(description=WHICH)
    version: int = strawberry.field(description=SEEN)
    idempotency_key: str | None = key()


@strawberry.input(description="How a difference came about.")
class ExplainDifferenceInput:
    stocktake_line_id: strawberry.ID = strawberry.field(description="A line that is missing or too many.")
    explanation: str = strawberry.field(
        description="Where the cards are, or whence they come; at most 400 characters."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="Cards that are nowhere.")
class DraftMissingInput:
    stocktake_line_id: strawberry.ID = strawberry.field(description="A line that is missing.")
    idempotency_key: str | None = key()


@strawberry.input(description="A stocktake to close.")
class CloseStocktakeInput:
    stocktake_id: strawberry.ID = strawberry.field(description=WHICH)
    version: int = strawberry.field(description=SEEN)
    note: str = strawberry.field(default="", description="A word on it.")
    idempotency_key: str | None = key()


@strawberry.input(description="A stocktake that is not gone through with.")
class CallOffStocktakeInput:
    stocktake_id: strawberry.ID = strawberry.field(description=WHICH)
    version: int = strawberry.field(description=SEEN)
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="盘点 of the institutions whose stock the caller reaches (Annex 1).")
    async def stocktakes(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: StocktakeWhere | None = None,
        order_by: list[StocktakeOrder] | None = None,
    ) -> Connection[Stocktake]:
        return await listed(info, "stocktake")

    @strawberry.field(description="One stocktake. NOT_FOUND when absent or out of reach.")
    async def stocktake(self, info: Info, id: strawberry.ID) -> Stocktake:
        return await single(info, "stocktake", id)


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Have a stock counted; nothing of it moves meanwhile (Annex 1). By a supervisor, the "
        "head, or an officer at or above the branch, none of whom keeps it. STOCK_COUNTED_BY_KEEPER, "
        "COUNTER_NOT_HERE, STOCKTAKE_OPEN, COUNTED_THIS_MONTH."
    )
    async def open_stocktake(self, info: Info, input: OpenStocktakeInput) -> StocktakeResult:
        return await performed(
            info, "stocktake", lambda: opening.open_stocktake(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="List what is there, counted blind (Annex 1). By the first counter. NOT_HIS_TO_COUNT, "
        "STALE_VERSION; WRONG_STATE unless it is open; BAD_RANGE, NUMBER_TWICE, BAD_VIP_CARD_NUMBER."
    )
    async def record_count(self, info: Info, input: RecordCountInput) -> StocktakeResult:
        return await performed(
            info, "stocktake", lambda: counting.record_count(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Sign that very list; it is held against the book (Annex 1). By the second counter. "
        "NOT_HIS_TO_COUNT, STOCK_COUNTED_BY_KEEPER, STALE_VERSION, COUNT_CHANGED; WRONG_STATE before "
        "anything is listed."
    )
    async def confirm_count(self, info: Info, input: ConfirmCountInput) -> StocktakeResult:
        return await performed(
            info, "stocktake", lambda: counting.confirm_count(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Write how a difference came about (Annex 1). By who may open a count. "
        "STOCK_COUNTED_BY_KEEPER, NO_DIFFERENCE; WRONG_STATE unless two have signed and it is not closed; "
        "BAD_USER_INPUT without a word."
    )
    async def explain_difference(self, info: Info, input: ExplainDifferenceInput) -> StocktakeResult:
        return await performed(
            info, "stocktake", lambda: differences.explain(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="盘亏. Draft what books cards MISSING, to be signed by two (Annex 1). By the designated "
        "custodian. NOT_DESIGNATED, NO_DIFFERENCE, WRONG_STATE, ALREADY_BOOKED, NOT_IN_STOCK."
    )
    async def draft_missing(self, info: Info, input: DraftMissingInput) -> StockMovementResult:
        return await performed(
            info,
            "stock_movement",
            lambda: differences.draft_missing(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="Close a count of which nothing is left open (Annex 1). By who may open one. "
        "STOCK_COUNTED_BY_KEEPER, STALE_VERSION, DIFFERENCE_UNEXPLAINED; WRONG_STATE before two have signed."
    )
    async def close_stocktake(self, info: Info, input: CloseStocktakeInput) -> StocktakeResult:
        return await performed(
            info, "stocktake", lambda: differences.close(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Call an open stocktake off, and let the stock move again (Annex 1). By who may open "
        "one. STOCK_COUNTED_BY_KEEPER, STALE_VERSION; WRONG_STATE once two have signed; BAD_USER_INPUT "
        "without a reason."
    )
    async def call_off_stocktake(self, info: Info, input: CallOffStocktakeInput) -> StocktakeResult:
        return await performed(
            info, "stocktake", lambda: opening.call_off(info.context.desk, **given_arguments(input))
        )
