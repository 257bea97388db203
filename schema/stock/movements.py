"""Stock movements (出入库) as the graph shows them: the list, who signed it, and what it hangs on.

Blind count: an arrival that waits holds no numbers, and its `source` is the sender's list, which the receiver's custodian
does not reach. Only between a branch and its own wealth centre he does: the policy takes the two for one place, so what
keeps the count honest there is that four persons sign, and that none of the receiver's two is one of the sender's.
"""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from models.custody import CardCause, MovementKind, MovementState, SignatureStep, StockState
from schema.fields import column, many, one, page, planned
from schema.filters import DateFilter, IdFilter, MomentFilter
from schema.institutions import Institution
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.people import Staff
from schema.stock.words import MovementKindFilter, MovementStateFilter
from schema.wheres import AND, NOT, OR, compare

if TYPE_CHECKING:
    from schema.cards import Card
    from schema.orders import CardOrder
    from schema.products import CardProduct


@strawberry.type(description="出入库单的一行 (Annex 1). Card numbers that go from one state to another.")
class MovementLine(Node):
    TABLE: ClassVar[str] = "movement_line"

    first: str = column(about="Serial of the first card, in twelve digits (Notice 4, 号段).")
    last: str = column(about="Serial of the last card, in twelve digits.")
    quantity: int = column(about="How many cards that is.")
    from_state: StockState | None = column(about="What they are before; null: they come from the maker.")
    to_state: StockState | None = column(about="What they become; null: they go back to the maker.")
    movement: StockMovement | None = one("movement", "stock_movement", about="On which list it stands.")


@strawberry.type(
    description="签字 (Notice 4). Who signed which exact list, and when. An edit of the list voids it, nothing removes it."
)
class Signature(Node):
    TABLE: ClassVar[str] = "signature"

    step: SignatureStep = column(about="Whether he signed or countersigned (Notice 4).")
    signed_at: dt.datetime = column(about="When he signed.")
    voided_at: dt.datetime | None = column(about="When an edit made it void; null: it holds.")
    staff: Staff | None = one("staff", "staff", about="Who signed.")
    for_staff: Staff | None = one(
        "for_staff", "staff", about="In whose seat: his own, or that of whom he stands in for (代班)."
    )


@strawberry.type(
    description="出入库单 (Notice 4, Annex 1). A list of cards that moves them once its designated custodian and his own "
    "business supervisor have signed. POSTED ones never change, and are put right by a reverse movement. Read `lines`, then "
    "sign the `version` that you have read."
)
class StockMovement(Node):
    TABLE: ClassVar[str] = "stock_movement"

    kind: MovementKind = column(about="出入库种类 (Annex 1).")
    state: MovementState = column(about="Nothing moves before POSTED (Notice 4).")
    version: int = column(
        about="Rises with every signature and edit. Who signs names the one that he has read."
    )
    quantity: int = column(about="Cards on the list; of an arrival that waits: cards that were sent.")
    reason: str = column(about="Why, as the custodian wrote it.")
    over_quota_reason: str = column(about="Why more is sent than the quota (核定库存); empty: it is not.")
    cause: CardCause | None = column(about="Of one customer's card that is voided or taken in: why.")
    drafted_at: dt.datetime = column(about="When it was drafted.")
    posted_at: dt.datetime | None = column(about="When it was posted; null: it has moved nothing.")
    posted_on: dt.date | None = column(about="The business day on which it was posted.")
    rejected_at: dt.datetime | None = column(about="When it was rejected, withdrawn, or overtaken.")
    reject_reason: str = column(about="Why; empty: it was not rejected.")
    institution: Institution | None = one("institution", "institution", about="Whose stock it moves.")
    product: Annotated[CardProduct, strawberry.lazy("schema.products")] | None = one(
        "product", "card_product", about="Of which product."
    )
    other: Institution | None = one(
        "other",
        "institution",
        about="调拨: to whom it is sent, or from whom it comes; null: to and from nobody.",
    )
    order: Annotated[CardOrder, strawberry.lazy("schema.orders")] | None = one(
        "order", "card_order", about="Of a receipt: the order that it is of."
    )
    card: Annotated[Card, strawberry.lazy("schema.cards")] | None = one(
        "card", "card", about="Of an issue, a return or a void card: whose card it is, for who reaches it."
    )
    source: StockMovement | None = one(
        "source",
        "stock_movement",
        about="Of an arrival the sender's list, of a reversal the posted one, for who reaches it.",
    )
    drafted_by: Staff | None = one("drafted_by", "staff", about="Who drafted it.")
    rejected_by: Staff | None = one("rejected_by", "staff", about="Who rejected or withdrew it.")
    signatures: list[Signature] = many(
        "signatures", "signature", about="双人签字: who signed and countersigned, void ones too (Notice 4)."
    )

    @strawberry.field(
        description="The card numbers, in order. None on an arrival that nobody has counted yet.",
        metadata=page("lines", "movement_line"),
    )
    def lines(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[MovementLine]:
        return planned()


@strawberry.input(description="Filters stock movements.")
class StockMovementWhere:
    institution_id: IdFilter | None = compare("Whose stock it moves.")
    other_id: IdFilter | None = compare("The other end of a transfer.")
    product_id: IdFilter | None = compare("Of which product.")
    order_id: IdFilter | None = compare("The receipts of which order.")
    source_id: IdFilter | None = compare("The arrival or the reversal of which movement.")
    drafted_by_id: IdFilter | None = compare("Who drafted it.")
    kind: MovementKindFilter | None = compare("出入库种类.")
    state: MovementStateFilter | None = compare("How far it has come.")
    drafted_at: MomentFilter | None = compare("When it was drafted.")
    posted_on: DateFilter | None = compare("The business day on which it was posted.")
    and_: list[StockMovementWhere] | None = compare(AND, name="and")
    or_: list[StockMovementWhere] | None = compare(OR, name="or")
    not_: StockMovementWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How stock movements are ordered.")
class StockMovementOrder(Enum):
    DRAFTED_AT_ASC = "drafted_at asc"
    DRAFTED_AT_DESC = "drafted_at desc"
    POSTED_AT_ASC = "posted_at asc"
    POSTED_AT_DESC = "posted_at desc"
