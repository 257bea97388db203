"""Handing out (领卡): the holder shows who he is, the back is written once, he signs, and the card is his (Notice 4)."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID

from authz import Action
from desk.acts import act
from desk.cards.holding import (
    held_card,
    issue_of,
    must_be_earned,
    must_not_be_his_manager,
    of_one_tier,
    take_card,
)
from desk.desk import Desk
from desk.holidays import calendar_since
from desk.people.given import word
from desk.serving import managers_of
from desk.stock.drafting import place_for
from desk.stock.holdings import Place
from desk.stock.posting import Move, post
from models.cards import Card, CardBack
from models.custody import CardCause, CardState, StockState
from models.customers import Customer
from models.errors import BadInput, Refusal
from models.identity import document_number
from models.institutions import Institution
from models.people import Staff
from models.products import CardProduct
from models.registration import full_time_manager
from models.serials import Range
from models.vault import identity_text, vault
from models.vocabulary import IdentityKind
from models.wording import worded

LONGEST_NUMBER = 40
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,38}", re.ASCII)


class IdentityDiffers(Refusal):
    """A card is handed to its holder in person, by the document that is on file. What is on file is not said."""

    code = "IDENTITY_DIFFERS"
    article = "Notice 4"


class BackIncomplete(Refusal):
    """要素清晰: every element stands on the back, or the card is not handed out."""

    code = "BACK_INCOMPLETE"
    article = "Notice 4"


@act("handOutCard", Card)
async def hand_out_card(
    desk: Desk,
    *,
    card_id: UUID,
    version: int,
    identity_kind: IdentityKind,
    identity_number: str,
    manager_phone: str,
    customer_signed_on: dt.date | None,
    idempotency_key: str | None = None,
) -> Card:
    """The designated custodian of the issuer hands a signed-out card to its holder, who has signed on its back today.

    The number of the document that he shows is compared with what is on file, and not kept: IDENTITY_DIFFERS. The back
    is made of what the house knows and what the clerk says, once and for ever; an error on it voids the card:
    BACK_INCOMPLETE without the manager's telephone or the holder's signature, NO_MANAGER, MANAGER_NOT_FULL_TIME. The
    term is told by the calendar (民法典 201-203). The card that this one replaces or renews is void from now on.
    NOT_DESIGNATED, CARD_ISSUED_BY_MANAGER, NOT_A_MEMBER, CARD_OF_OTHER_TIER; TERM_OVER for a replacement too late;
    WRONG_STATE unless RESERVED, STALE_VERSION; STOCK_BEING_COUNTED; BAD_DOCUMENT, BAD_RESIDENT_ID, BAD_USER_INPUT.
    """
    card, customer = await take_card(desk, card_id, Action.ISSUE, version)
    card.must_be(CardState.RESERVED)
    place = await place_for(desk, card.issuer_id)
    await must_not_be_his_manager(desk, card)
    await must_be_earned(desk, card)
    shown = word(IdentityKind, identity_kind, "identityKind")
    signed_on = _must_be_signed(customer_signed_on, desk.today)
    old = await held_card(card.replaces_id) if card.replaces_id else None
    calendar = await calendar_since(min(desk.today, (old and old.term_ends) or desk.today))
    # A card of another tier serves him no more, so that the one after it begins today.
    goes_on = old is not None and (not card.renews or await of_one_tier(card, old))
    term = card.term(old if goes_on else None, desk.today, calendar)
    back = await _back(desk, card, customer, place, term[1], signed_on, manager_phone)
    if old is not None:
        await _give_way(desk, old, card)
    await card.hand_out(term, shown, now=desk.now, by=desk.staff_id)
    await back.save()
    movement = await issue_of(card)
    assert card.serial is not None  # it has had its number since its issue was drafted
    move = Move(
        (Range(card.serial, card.serial),),
        Place(place.id, StockState.RESERVED),
        Place(place.id, StockState.ISSUED),
    )
    await post(card.product_id, [move], movement_id=movement.id, now=desk.now, today=desk.today)
    # Last of all: who guesses at the number on file has handed the card out when he is right, and is on record when not.
    _must_be_his(customer, shown, identity_number, desk.today)
    return card


async def _give_way(desk: Desk, old: Card, new: Card) -> None:
    """One card at a time. What is over already stays what it is."""
    if old.state not in (CardState.ISSUED, CardState.LOST):
        return
    if old.term_ends is not None and desk.today > old.term_ends:
        await old.expire(desk.today, now=desk.now, by=desk.staff_id)
    else:
        cause = CardCause.RENEWED if new.renews else CardCause.REPLACED
        await old.cancel(cause, "", now=desk.now, by=desk.staff_id)


async def _back(
    desk: Desk,
    card: Card,
    customer: Customer,
    place: Institution,
    valid_until: dt.date,
    signed_on: dt.date,
    phone: str,
) -> CardBack:
    """What stands on the back (domain.md 3.3), not saved yet. No identity number and no balance is on it."""
    manager = await Staff.get(id=full_time_manager(await managers_of(desk, customer)))
    product = await CardProduct.get(id=card.product_id)
    return CardBack(
        card_id=card.id,
        customer_id=customer.id,
        holder_name=customer.name,
        number=card.number,
        tier=product.tier,
        issuer_name=place.name,
        issued_on=desk.today,
        valid_until=valid_until,
        customer_signed_on=signed_on,
        manager_name=manager.name,
        manager_phone=_telephone(phone),
        clerk_id=desk.staff_id,
        written_at=desk.now,
    )


def _must_be_his(customer: Customer, kind: IdentityKind, number: str, today: dt.date) -> None:
    """By the blind index: the document on file is not opened, and what was shown is not kept."""
    text = document_number(kind, worded(number, LONGEST_NUMBER, "identityNumber", required=True), today)
    if vault().index("identity", identity_text(kind, text)) != customer.identity_index:
        raise IdentityDiffers(
            "The document is not the one that is on file for the holder of this card. If he has a new one, have his manager "
            "record it first.",
            field="identityNumber",
        )


def _must_be_signed(signed_on: dt.date | None, today: dt.date) -> dt.date:
    if signed_on is None:
        raise BackIncomplete(
            "The holder has not signed on the back. Have him sign before he gets the card.",
            field="customerSignedOn",
        )
    if signed_on != today:
        raise BadInput(
            "The holder signs when he is handed the card, which is today.", field="customerSignedOn"
        )
    return signed_on


def _telephone(text: str) -> str:
    phone = worded(text, LONGEST_NUMBER, "managerPhone")
    if not phone:
        raise BackIncomplete(
            "The manager's telephone number stands on the back. Write it.", field="managerPhone"
        )
    if not _PHONE.fullmatch(phone):
        raise BadInput(
            "A telephone number has 6 digits or more. Write it as it is dialled.", field="managerPhone"
        )
    return phone
