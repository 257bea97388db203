"""Drafting: how every kind of movement begins, and what voids the signatures on it (Notice 4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from authz import Action, Facts, Kind
from desk.desk import Desk
from desk.stock.seats import must_be_designated
from models.custody import MovementKind, MovementState, StockDuty, StockState
from models.institutions import Institution
from models.movements import MovementLine, Signature, StockMovement
from models.products import CardProduct
from models.serials import Range, compact, quantity, serial, span
from models.vocabulary import Tier

AT_ONCE = 500
Passage = tuple[Range, StockState | None, StockState | None]
"""Numbers, what they are, and what they become. None: not ours before, or not ours after."""


async def ranges_of(product: CardProduct, given: Iterable[Any], field: str = "ranges") -> list[Range]:
    """What a person listed, each `first` and `last` in up to 12 digits or as whole card numbers: compact and in order.

    BAD_RANGE, NUMBER_TWICE, BAD_VIP_CARD_NUMBER.
    """
    tier = Tier(product.tier)
    return compact(
        [
            span(
                serial(one.first, tier, product.design, field),
                serial(one.last or one.first, tier, product.design, field),
                field,
            )
            for one in given
        ],
        field,
    )


async def place_for(desk: Desk, institution_id: UUID) -> Institution:
    """The institution whose stock it is, for the designated custodian: NOT_DESIGNATED otherwise."""
    place = await desk.open(Institution, institution_id)
    desk.require(Action.PROPOSE, Kind.STOCK_MOVEMENT, Facts(path=place.acting_path))
    await must_be_designated(desk, place.id, StockDuty.STOCK)
    place.must_be_in_service()
    return place


async def draft(
    desk: Desk,
    kind: MovementKind,
    place: Institution,
    product_id: UUID,
    passages: Iterable[Passage],
    **more: Any,
) -> StockMovement:
    """A DRAFT with its list. It moves nothing and reserves nothing."""
    listed = list(passages)
    movement = StockMovement(
        kind=kind,
        state=MovementState.DRAFT,
        product_id=product_id,
        institution_id=place.id,
        quantity=quantity(one for one, _, _ in listed),
        drafted_at=desk.now,
        drafted_by_id=desk.staff_id,
        **more,
    )
    lines = lines_of(movement, listed)
    movement.digest = movement.content(lines)
    await movement.save()
    await MovementLine.bulk_create(lines, batch_size=AT_ONCE)
    return movement


def lines_of(movement: StockMovement, passages: Iterable[Passage]) -> list[MovementLine]:
    return [
        MovementLine(
            movement_id=movement.id,
            product_id=movement.product_id,
            first_serial=one.first,
            last_serial=one.last,
            quantity=one.quantity,
            from_state=was or "",
            to_state=becomes or "",
        )
        for one, was, becomes in passages
    ]


async def list_anew(desk: Desk, movement: StockMovement, passages: Iterable[Passage], **more: Any) -> None:
    """Another list in its place. Whatever was signed is void, and it is a DRAFT again."""
    listed = list(passages)
    await Signature.filter(movement_id=movement.id, voided_at__isnull=True).update(voided_at=desk.now)
    movement.state, movement.version = MovementState.DRAFT, movement.version + 1
    movement.quantity = quantity(one for one, _, _ in listed)
    for column, value in more.items():
        setattr(movement, column, value)
    lines = lines_of(movement, listed)
    movement.digest = movement.content(lines)
    await movement.save(update_fields=["state", "version", "quantity", "digest", *more])
    await MovementLine.filter(movement_id=movement.id).delete()
    await MovementLine.bulk_create(lines, batch_size=AT_ONCE)
