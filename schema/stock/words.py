"""The closed lists of stock in the words of the graph, and how they are compared."""

from __future__ import annotations

import strawberry

from models.custody import MovementKind, MovementState, SignatureStep, StockState
from schema.wheres import compare

for _words, _about in (
    (StockState, "库存状态. Every number that was received is in exactly one of these (Notice 4)."),
    (MovementKind, "出入库种类. What moves cards from one state or holder to another (Annex 1)."),
    (MovementState, "DRAFT, SIGNED by the custodian, POSTED by his own supervisor; or REJECTED (Notice 4)."),
    (
        SignatureStep,
        "双人签字: the designated custodian signs, his business supervisor countersigns (Notice 4).",
    ),
):
    strawberry.enum(_words, description=_about)

OPENLY = "No names, no customer numbers: everyone who sees the movement reads it."
"""Of what is written on a movement: PUBLIC there, while a card's own story tells its reason as SERVICE (authz/classes.py)."""


@strawberry.input(description="Compares a state of cards in stock. An empty `in` matches nothing.")
class StockStateFilter:
    eq: StockState | None = compare("Equal.")
    in_: list[StockState] | None = compare("One of these.", name="in")


@strawberry.input(description="Compares a kind of stock movement. An empty `in` matches nothing.")
class MovementKindFilter:
    eq: MovementKind | None = compare("Equal.")
    in_: list[MovementKind] | None = compare("One of these.", name="in")


@strawberry.input(description="Compares how far a stock movement has come. An empty `in` matches nothing.")
class MovementStateFilter:
    eq: MovementState | None = compare("Equal.")
    in_: list[MovementState] | None = compare("One of these.", name="in")
