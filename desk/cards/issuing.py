"""Issuing (发卡): the custodian takes a number out of his stock for a request, and two persons sign it out (Notice 4)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from authz import Action
from desk.acts import act
from desk.cards.holding import held_card, must_be_earned, must_not_be_his_manager, take_card
from desk.desk import Desk
from desk.stock.drafting import draft, place_for
from desk.stock.holdings import Place, must_be_there
from desk.stock.numbering import must_show_issuer
from models.cards import Card, CardOfOtherTier
from models.custody import CardState, MovementKind, StockState
from models.errors import Refusal
from models.institutions import Institution
from models.movements import MovementChanged, MovementLine, StockMovement
from models.products import CardProduct
from models.serials import Range, card_number


class NumberUsed(Refusal):
    """A number is one card, once, for ever."""

    code = "NUMBER_USED"
    article = "Notice 4"


@act("draftCardIssue", Card)
async def draft_card_issue(
    desk: Desk, *, card_id: UUID, version: int, number: str, idempotency_key: str | None = None
) -> Card:
    """The designated custodian of the issuer takes a card out of his stock for a request. Two signatures follow.

    NOT_DESIGNATED; CARD_ISSUED_BY_MANAGER; WRONG_STATE unless REQUESTED, STALE_VERSION; NOT_A_MEMBER; CARD_OF_OTHER_TIER
    when the number or the card is of another tier; NUMBER_OF_ANOTHER by its segment; NUMBER_USED; NOT_IN_STOCK for one that is not there as a good card;
    BAD_VIP_CARD_NUMBER.
    """
    card, _ = await take_card(desk, card_id, Action.ISSUE, version)
    card.must_be(CardState.REQUESTED)
    place = await place_for(desk, card.issuer_id)
    await must_not_be_his_manager(desk, card)
    await must_be_earned(desk, card)
    given = card_number(number)
    # Of whichever design of his tier is in stock.
    product = await CardProduct.get_or_none(tier=given.tier, design=given.design)
    if product is None or product.tier != (await CardProduct.get(id=card.product_id)).tier:
        raise CardOfOtherTier(
            "This number is of the other kind of card. Take one of his tier.", field="number"
        )
    await must_show_issuer(product.id, given.serial, place)
    if await Card.exists(number=str(given)):
        raise NumberUsed("This number was given to a customer before. Take another card.", field="number")
    one = Range(given.serial, given.serial)
    await must_be_there(product.id, [one], Place(place.id, StockState.IN_STOCK))
    passage = (one, StockState.IN_STOCK, StockState.RESERVED)
    movement = await draft(desk, MovementKind.ISSUE, place, product.id, [passage], card_id=card.id)
    await card.take_number(
        product.id, given.serial, str(given), movement_id=movement.id, now=desk.now, by=desk.staff_id
    )
    return card


async def before(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    """Neither signature is the manager's or a relative's, and the customer still gets a card of this tier."""
    card = await card_of(movement, lines)
    card.must_be(CardState.DRAFTED)
    await must_not_be_his_manager(desk, card)
    await must_be_earned(desk, card)
    await must_show_issuer(
        movement.product_id, lines[0].first_serial, await Institution.get(id=movement.institution_id)
    )
    await must_be_there(
        movement.product_id, [lines[0].range], Place(movement.institution_id, StockState.IN_STOCK)
    )


async def after(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    card = await card_of(movement, lines)
    await card.reserve(movement_id=movement.id, now=desk.now, by=desk.staff_id)


async def refused(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    """Rejected or withdrawn: the card goes back into the stock, where it never left, and the request waits."""
    card = await card_of(movement, lines)
    await card.give_number_back(
        movement.reject_reason, movement_id=movement.id, now=desk.now, by=desk.staff_id
    )


async def card_of(movement: StockMovement, lines: Sequence[MovementLine]) -> Card:
    """The one card that a movement is about, locked, and that its list is this card and no other."""
    card = await held_card(movement.card_id)
    if card.serial is None or [line.range for line in lines] != [Range(card.serial, card.serial)]:
        raise MovementChanged("This list is not the card that it is for. Withdraw it, and draft another.")
    return card
