"""Holding: a card with its customer's row locked, who must keep his hands off it, and where its plastic lies."""

from __future__ import annotations

from uuid import UUID

from authz import Action
from authz.duties import Duty
from desk.actors import holding
from desk.desk import Desk
from desk.dialect import Statement, as_uuid, fetch, is_postgres
from desk.errors import Forbidden
from desk.membership.holding import take
from desk.people.separation import apart
from desk.stock.holdings import holding_of
from models.cards import Card
from models.custody import MovementState, StockState
from models.customers import Customer
from models.membership import Membership
from models.movements import StockMovement
from models.products import CardProduct
from models.stock import StockHolding

OUT = (StockState.RESERVED, StockState.ISSUED)
"""Where the plastic of a card is until it is taken in or voided."""


async def take_card(desk: Desk, card_id: UUID, action: Action, version: int) -> tuple[Card, Customer]:
    """A card for one act, its customer's row locked, then its own. STALE_VERSION."""
    _, customer = await take(desk, Card, card_id, action)
    card = await held_card(card_id)
    card.must_be_seen(version)
    return card, customer


async def held_card(card_id: UUID | None) -> Card:
    """The card's row, locked until the act ends."""
    return await Card.filter(id=card_id).select_for_update(no_key=True).get()


async def must_be_earned(desk: Desk, card: Card) -> Membership:
    """Notice 4, by the membership as it is now. NOT_A_MEMBER, CARD_OF_OTHER_TIER."""
    membership = await Membership.get(id=card.membership_id)
    card.must_be_earned(membership, await CardProduct.get(id=card.product_id), desk.today)
    return membership


async def of_one_tier(card: Card, other: Card) -> bool:
    """Head office may have designed another card of a tier meanwhile: what counts is the tier."""
    products = await CardProduct.filter(id__in=[card.product_id, other.product_id])
    return len({product.tier for product in products}) == 1


async def must_not_be_his_manager(desk: Desk, card: Card) -> None:
    """4.2: neither who serves the customer nor who requested the card has a hand in its issue, under whatever number.

    CARD_ISSUED_BY_MANAGER; FORBIDDEN for himself and his relatives (回避).
    """
    must_not_be_kin(desk, card)
    for person_id in {card.requested_person_id, *await _managers(desk, card.customer_id)}:
        apart(Duty.CARD_ISSUE, person_id, desk.actor.person_id)


def must_not_be_kin(desk: Desk, card: Card) -> None:
    if card.customer_id in desk.actor.recused:
        raise Forbidden("You must not touch this card. Have a colleague do it.")


async def where_it_lies(card: Card) -> StockHolding | None:
    """The holding that has its number now; None when it is out of the stock's hands."""
    lies = await holding_of(card.product_id, card.serial) if card.serial is not None else None
    return lies if lies is not None and lies.state in OUT else None


async def issue_of(card: Card) -> StockMovement:
    """The movement with which it was signed out for its customer."""
    return await StockMovement.get(
        card_id=card.id, kind="ISSUE", state=MovementState.POSTED, product_id=card.product_id
    )


async def _managers(desk: Desk, customer_id: UUID) -> list[UUID]:
    s = Statement(is_postgres())
    at = s.bind(desk.now)
    rows = await fetch(
        s,
        "SELECT f.person_id FROM manager_assignment m JOIN staff f ON f.id = m.manager_id"
        f" WHERE m.customer_id = {s.bind(customer_id)} AND {holding('m', at)}",
    )
    return [as_uuid(row["person_id"]) for row in rows]
