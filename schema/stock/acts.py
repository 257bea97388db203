"""What is done to stock: a list is drafted, signed, countersigned, or not (Notice 4, Annex 1)."""

from __future__ import annotations

from typing import Annotated

import strawberry

from desk.stock import correcting, reversing, signing, transfers
from models.custody import StockState
from schema.context import Info
from schema.problems import Problem, given_arguments, key, performed
from schema.ranges import NumberRangeInput
from schema.stock.movements import StockMovement
from schema.stock.words import OPENLY

WHICH = "Which movement."
SEEN = "The version that you have read; STALE_VERSION when the list has changed since."
NUMBERS = "Which cards, each named once."

StockMovementResult = Annotated[
    StockMovement | Problem, strawberry.union("StockMovementResult", description="A movement, or why not.")
]


@strawberry.input(description="调拨: a transfer to an institution above or below.")
class DraftAllocationInput:
    institution_id: strawberry.ID = strawberry.field(description="Out of whose stock.")
    to_id: strawberry.ID = strawberry.field(
        description="To whom; above, below, or the centre of the same branch."
    )
    product_id: strawberry.ID = strawberry.field(description="Of which product.")
    ranges: list[NumberRangeInput] = strawberry.field(description=NUMBERS)
    state: StockState = strawberry.field(
        default=StockState.IN_STOCK, description="What they are: good, or SPOILED or RETURNED and handed up."
    )
    reason: str = strawberry.field(default="", description="Why.")
    over_quota_reason: str = strawberry.field(
        default="", description="Why more is sent than the receiver's quota allows (核定库存)."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="What the receiver has counted, without having seen the sender's list.")
class ListArrivalInput:
    movement_id: strawberry.ID = strawberry.field(description="Which arrival.")
    version: int = strawberry.field(description=SEEN)
    ranges: list[NumberRangeInput] = strawberry.field(description="Which cards have come, each named once.")
    idempotency_key: str | None = key()


@strawberry.input(description="Cards that become something else where they lie.")
class DraftStockChangeInput:
    institution_id: strawberry.ID = strawberry.field(description="In whose stock.")
    product_id: strawberry.ID = strawberry.field(description="Of which product.")
    ranges: list[NumberRangeInput] = strawberry.field(description=NUMBERS)
    from_state: StockState = strawberry.field(description="What they are.")
    to_state: StockState = strawberry.field(description="What they become.")
    reason: str = strawberry.field(description=f"Why. {OPENLY}")
    idempotency_key: str | None = key()


@strawberry.input(description="冲正: the reverse of a posted movement, whole.")
class DraftReversalInput:
    movement_id: strawberry.ID = strawberry.field(description="Which posted movement.")
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str | None = key()


@strawberry.input(description="Another list in place of the one that was drafted.")
class EditStockMovementInput:
    movement_id: strawberry.ID = strawberry.field(description=WHICH)
    version: int = strawberry.field(description=SEEN)
    ranges: list[NumberRangeInput] = strawberry.field(description=NUMBERS)
    idempotency_key: str | None = key()


@strawberry.input(description="A list to sign, as you have read it.")
class SignStockMovementInput:
    movement_id: strawberry.ID = strawberry.field(description=WHICH)
    version: int = strawberry.field(description=SEEN)
    idempotency_key: str | None = key()


@strawberry.input(description="A signed list to countersign, as you have read it.")
class CountersignStockMovementInput:
    movement_id: strawberry.ID = strawberry.field(description=WHICH)
    version: int = strawberry.field(description=SEEN)
    idempotency_key: str | None = key()


@strawberry.input(description="A list that is not countersigned.")
class RejectStockMovementInput:
    movement_id: strawberry.ID = strawberry.field(description=WHICH)
    version: int = strawberry.field(description=SEEN)
    reason: str = strawberry.field(description=f"Why. {OPENLY}")
    idempotency_key: str | None = key()


@strawberry.input(description="A list that is taken back.")
class WithdrawStockMovementInput:
    movement_id: strawberry.ID = strawberry.field(description=WHICH)
    version: int = strawberry.field(description=SEEN)
    reason: str = strawberry.field(description=f"Why. {OPENLY}")
    idempotency_key: str | None = key()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="调拨. List what is sent to an institution above or below, to be signed by two (Notice "
        "4). By the sender's designated custodian. NOT_DESIGNATED, NOT_IN_LINE_OF_STOCK, INSTITUTION_MERGED, "
        "NOT_IN_STOCK; QUOTA_EXCEEDED unless overQuotaReason says why; BAD_RANGE, NUMBER_TWICE."
    )
    async def draft_allocation(self, info: Info, input: DraftAllocationInput) -> StockMovementResult:
        return await performed(
            info,
            "stock_movement",
            lambda: transfers.draft_allocation(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="List what has come, counted blind; it must equal the sender's list (Notice 4, Annex "
        "1). By the receiver's designated custodian. NOT_DESIGNATED, WRONG_STATE, STALE_VERSION; "
        "LIST_DIFFERS unless it is number by number what was sent."
    )
    async def list_arrival(self, info: Info, input: ListArrivalInput) -> StockMovementResult:
        return await performed(
            info,
            "stock_movement",
            lambda: transfers.list_arrival(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="List cards that are void (作废), set aside to be destroyed, missing, or found, to be "
        "signed by two (Notice 4, Annex 1). By the designated custodian. NOT_DESIGNATED, NOT_IN_STOCK, "
        "BAD_RANGE, NUMBER_TWICE; BAD_USER_INPUT for a change that is none, or without a reason."
    )
    async def draft_stock_change(self, info: Info, input: DraftStockChangeInput) -> StockMovementResult:
        return await performed(
            info,
            "stock_movement",
            lambda: correcting.draft_change(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="冲正. Draft the reverse of a posted movement, whole, to be signed as it was (Notice 4). "
        "By the designated custodian of that stock. NOT_DESIGNATED; WRONG_STATE unless it is posted, or once "
        "its order is settled; NOT_REVERSIBLE for its kind, once it was taken in, or when it is reversed "
        "already."
    )
    async def draft_reversal(self, info: Info, input: DraftReversalInput) -> StockMovementResult:
        return await performed(
            info,
            "stock_movement",
            lambda: reversing.draft_reversal(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="Write a list anew before it is posted; what was signed is void (Notice 4). By the "
        "designated custodian. NOT_DESIGNATED, WRONG_STATE, STALE_VERSION, NOT_IN_STOCK, BAD_RANGE, "
        "NUMBER_TWICE; BAD_USER_INPUT for a list that follows from something else."
    )
    async def edit_stock_movement(self, info: Info, input: EditStockMovementInput) -> StockMovementResult:
        return await performed(
            info, "stock_movement", lambda: correcting.edit(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="双人签字. Sign a list as it was read; nothing moves yet (Notice 4). By the designated "
        "custodian. NOT_DESIGNATED, STALE_VERSION, MOVEMENT_CHANGED; WRONG_STATE unless it is a draft; and "
        "what its kind refuses."
    )
    async def sign_stock_movement(self, info: Info, input: SignStockMovementInput) -> StockMovementResult:
        return await performed(
            info, "stock_movement", lambda: signing.sign(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="双人签字. Countersign a list as it was read, which posts it (Notice 4). By the signer's "
        "own business supervisor. NOT_HIS_SUPERVISOR, MOVEMENT_SIGNED_BY_ONE, STALE_VERSION, "
        "MOVEMENT_CHANGED; WRONG_STATE unless it is signed; NOT_IN_STOCK, STOCK_BEING_COUNTED, and what its "
        "kind refuses."
    )
    async def countersign_stock_movement(
        self, info: Info, input: CountersignStockMovementInput
    ) -> StockMovementResult:
        return await performed(
            info, "stock_movement", lambda: signing.countersign(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Refuse a list before it is posted; it has moved nothing (Notice 4). By a supervisor of "
        "the institution. STALE_VERSION; WRONG_STATE once it is posted or rejected; BAD_USER_INPUT without a "
        "reason."
    )
    async def reject_stock_movement(self, info: Info, input: RejectStockMovementInput) -> StockMovementResult:
        return await performed(
            info, "stock_movement", lambda: signing.reject(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Take a list back before it is posted (Notice 4). By the designated custodian. "
        "NOT_DESIGNATED, STALE_VERSION; WRONG_STATE once it is posted or rejected; BAD_USER_INPUT without a "
        "reason."
    )
    async def withdraw_stock_movement(
        self, info: Info, input: WithdrawStockMovementInput
    ) -> StockMovementResult:
        return await performed(
            info, "stock_movement", lambda: signing.withdraw(info.context.desk, **given_arguments(input))
        )
