"""Voiding (作废): a back that is wrong is never altered, the card is voided under two signatures (Notice 4, 不得涂改)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from authz import Action
from desk.acts import act
from desk.cards.holding import must_not_be_kin, take_card, where_it_lies
from desk.cards.issuing import card_of
from desk.desk import Desk
from desk.people.given import reason_of, word
from desk.stock.drafting import draft, place_for
from desk.stock.holdings import NotInStock
from models.cards import Card
from models.custody import CardCause, CardState, MovementKind, StockState
from models.errors import BadInput
from models.movements import MovementLine, StockMovement
from models.serials import Range

CAUSES = (CardCause.WRONG_BACK, CardCause.DAMAGED)


@act("draftCardVoid", Card)
async def draft_card_void(
    desk: Desk,
    *,
    card_id: UUID,
    version: int,
    cause: CardCause,
    reason: str,
    idempotency_key: str | None = None,
) -> Card:
    """The designated custodian voids a card whose back is wrong, or that is damaged, RESERVED or handed out already.

    A card that was handed out is first taken from its holder, over the counter. It is SPOILED once two persons have
    signed, and another card with another number is requested. NOT_DESIGNATED; WRONG_STATE unless RESERVED or ISSUED,
    STALE_VERSION; NOT_IN_STOCK when it lies elsewhere; BAD_USER_INPUT without a reason, or for another cause.
    """
    card, _ = await take_card(desk, card_id, Action.ISSUE, version)
    card.must_be(CardState.RESERVED, CardState.ISSUED)
    place = await place_for(desk, card.issuer_id)
    why = word(CardCause, cause, "cause")
    if why not in CAUSES:
        raise BadInput(f"cause is one of: {', '.join(CAUSES)}.", field="cause")
    lies = await where_it_lies(card)
    if lies is None or lies.institution_id != place.id:
        raise NotInStock("This card does not lie with its issuer. Look where it is.")
    assert card.serial is not None  # it has had its number since its issue was drafted
    await draft(
        desk,
        MovementKind.VOID,
        place,
        card.product_id,
        [(Range(card.serial, card.serial), StockState(lies.state), StockState.SPOILED)],
        card_id=card.id,
        cause=why,
        reason=reason_of(reason),
    )
    return card


async def before(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    """A VOID of cards in stock is nobody's; of a customer's card it is that card's alone."""
    if movement.card_id is not None:
        card = await card_of(movement, lines)
        must_not_be_kin(desk, card)
        card.must_be(CardState.RESERVED, CardState.ISSUED)


async def after(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    if movement.card_id is not None:
        card = await card_of(movement, lines)
        await card.void(
            CardCause(movement.cause),
            movement.reason,
            movement_id=movement.id,
            now=desk.now,
            by=desk.staff_id,
        )
