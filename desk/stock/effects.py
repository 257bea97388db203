"""Effects: what each kind of movement means for the stock, and what hangs on it besides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from desk.cards import issuing, returning, voiding
from desk.desk import Desk
from desk.destruction import booking
from desk.stock import receiving, reversing, transfers
from desk.stock.holdings import Place
from desk.stock.posting import Move
from desk.stocktakes import differences
from models.custody import MovementKind, StockState
from models.movements import MovementLine, StockMovement

Lines = Sequence[MovementLine]
Hook = Callable[[Desk, StockMovement, Lines], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Effect:
    """`moves` says what moves. `before` refuses what must not be posted, `after` does what follows from it, in the same
    transaction; `refused` what follows when it is rejected or withdrawn. `edited`: its list may be written anew."""

    moves: Callable[[StockMovement, Lines], list[Move]]
    before: Hook | None = None
    after: Hook | None = None
    refused: Hook | None = None
    edited: bool = True


def within(movement: StockMovement, lines: Lines) -> list[Move]:
    """From one state to another, at one institution."""
    return [
        Move(
            (line.range,),
            Place(movement.institution_id, StockState(line.from_state)),
            Place(movement.institution_id, StockState(line.to_state)),
        )
        for line in lines
    ]


EFFECTS: dict[MovementKind, Effect] = {
    MovementKind.RECEIPT: Effect(receiving.moves, receiving.before, receiving.after),
    MovementKind.ALLOCATE_OUT: Effect(transfers.moves_out, transfers.before_out, transfers.after_out),
    MovementKind.ALLOCATE_IN: Effect(transfers.moves_in, transfers.before_in, edited=False),
    MovementKind.ISSUE: Effect(within, issuing.before, issuing.after, issuing.refused, edited=False),
    MovementKind.RETURN_IN: Effect(returning.moves, returning.before, returning.after, edited=False),
    MovementKind.VOID: Effect(within, voiding.before, voiding.after),
    MovementKind.ADJUST: Effect(within, differences.before, differences.after, differences.refused),
    MovementKind.DESTROY: Effect(within, booking.before, booking.after, booking.refused, edited=False),
    MovementKind.REVERSE: Effect(reversing.moves, reversing.before, reversing.after, edited=False),
}
