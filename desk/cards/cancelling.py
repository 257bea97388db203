"""Cancelling (注销): the customer's manager, or the head of the centre, ends a card or a request for one (Annex 1)."""

from __future__ import annotations

from uuid import UUID

from authz import Action
from desk.acts import act
from desk.cards.ending import end, held_with_drafts
from desk.cards.holding import take_card
from desk.desk import Desk
from desk.membership.holding import take
from desk.people.given import reason_of
from models.cards import Card
from models.custody import CardCause
from models.membership import Membership


@act("cancelCard", Card)
async def cancel_card(
    desk: Desk, *, card_id: UUID, version: int, reason: str, idempotency_key: str | None = None
) -> Card:
    """On the holder's wish, or because the membership is over. The plastic is still to be taken in, by draftCardReturn.

    A request that is under way is refused, and what was drafted for it is withdrawn. STALE_VERSION, WRONG_STATE for
    what is over; BAD_USER_INPUT without a reason.
    """
    await take(desk, Card, card_id, Action.CANCEL)
    why = reason_of(reason)
    (card,) = await held_with_drafts(desk, [card_id])
    card.must_be_seen(version)
    membership = await Membership.get(id=card.membership_id)
    cause = CardCause.MEMBERSHIP_OVER if membership.over else CardCause.BY_HOLDER
    await end(desk, card, cause, why)
    return card


@act("expireCard", Card)
async def expire_card(desk: Desk, *, card_id: UUID, version: int, idempotency_key: str | None = None) -> Card:
    """到期失效 (Art. 16), ahead of the monthly run. The card has been the basis of nothing since 24:00 of its last day.

    By the manager or the head. TERM_RUNNING; WRONG_STATE unless ISSUED or LOST, STALE_VERSION.
    """
    card, _ = await take_card(desk, card_id, Action.CANCEL, version)
    await card.expire(desk.today, now=desk.now, by=desk.staff_id)
    return card
