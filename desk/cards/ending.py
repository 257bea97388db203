"""Ending (注销): a card is cancelled on its holder's wish, runs out, or ends with the membership it rests on (Art. 16)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from desk.desk import Desk
from desk.dialect import as_uuid
from models.cards import Card
from models.custody import CardCause, CardState, MovementKind, MovementState
from models.membership import Membership
from models.movements import StockMovement

REQUESTS = (CardState.REQUESTED, CardState.DRAFTED)
HELD = (CardState.RESERVED, CardState.ISSUED, CardState.LOST)
NO_LONGER_WANTED = "The request that it was for is over."
"""All that the stock is told: why a customer gets no card stands in the card's own story, for who reads his services."""


async def end_cards(desk: Desk, membership: Membership, why: str) -> None:
    """With a membership that has just ended, within the act that ends it and holds the customer's row.

    Its card is cancelled, or expired where its own term ended first; what was requested is refused, and what was drafted
    for it withdrawn, so that no number leaves the stock for who is no member.
    """
    ids = await Card.filter(membership_id=membership.id, state__in=[*REQUESTS, *HELD]).values_list(
        "id", flat=True
    )
    if not ids:
        return
    for card in await held_with_drafts(desk, [as_uuid(one) for one in ids]):
        if card.state in HELD and card.term_ends is not None and card.term_ends < desk.today:
            await card.expire(desk.today, now=desk.now, by=desk.staff_id)
        else:
            await end(desk, card, CardCause.MEMBERSHIP_OVER, why)


async def held_with_drafts(desk: Desk, card_ids: Sequence[UUID]) -> list[Card]:
    """The cards, locked, and the issues that are drafted for them withdrawn.

    Movements before cards: whoever signs one holds it first, and its card after it.
    """
    drafts = StockMovement.filter(
        card_id__in=list(card_ids),
        kind=MovementKind.ISSUE,
        state__in=[MovementState.DRAFT, MovementState.SIGNED],
    )
    for movement in await drafts.order_by("id").select_for_update(no_key=True):
        await movement.reject(NO_LONGER_WANTED, now=desk.now, by=desk.staff_id)
    return await Card.filter(id__in=list(card_ids)).order_by("id").select_for_update(no_key=True)


async def end(desk: Desk, card: Card, cause: CardCause, why: str) -> None:
    """A request is refused, a card cancelled. WRONG_STATE for what is over."""
    if card.state in REQUESTS:
        await card.refuse(cause, why, now=desk.now, by=desk.staff_id)
    else:
        await card.cancel(cause, why, now=desk.now, by=desk.staff_id)
