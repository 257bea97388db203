"""Requesting: the customer's manager asks for a card, by the form that the customer signed (Notice 4, Annex 1)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from authz import Action, Kind
from desk.acts import act
from desk.cards.holding import of_one_tier
from desk.clock import business_day
from desk.desk import Desk
from desk.membership.holding import take
from models.cards import UNDER_WAY, Card, CardOfOtherTier, NotAMember
from models.custody import CardState
from models.customers import Customer
from models.errors import BadInput, Refusal
from models.institutions import Institution
from models.membership import Membership, Registration
from models.products import CardProduct
from models.terms import NotDueYet, review_from
from models.wording import worded

LONGEST_FORM = 64
LIVE = (CardState.ISSUED, CardState.LOST, CardState.EXPIRED)
REPLACED = (CardState.ISSUED, CardState.LOST, CardState.RETURNED, CardState.CANCELLED, CardState.VOIDED)
"""What a new card may stand in for while its term runs: damaged, lost, taken in, given up, or with a wrong back."""


class CardExists(Refusal):
    """A customer has one card. Another one stands in for it, or renews it."""

    code = "CARD_EXISTS"
    article = "Notice 4"


class CardUnderWay(Refusal):
    code = "CARD_UNDER_WAY"
    article = "Notice 4"


class FormUsed(Refusal):
    """One signature of the customer is for one card."""

    code = "FORM_USED"
    article = "Notice 4"


class IssuerNotOfBranch(Refusal):
    """A card is issued by the owning branch, at its wealth centre or another institution of it."""

    code = "ISSUER_NOT_OF_BRANCH"
    article = "Notice 4"


class NotReplaceable(Refusal):
    code = "NOT_REPLACEABLE"
    article = "Notice 4"


class NotRenewed(Refusal):
    """On expiry the qualification is verified anew, and only who still has it gets a new card."""

    code = "QUALIFICATION_NOT_RENEWED"
    article = "16"


@act("requestCard", Card)
async def request_card(
    desk: Desk,
    *,
    customer_id: UUID,
    issuer_id: UUID,
    form_number: str,
    form_signed_on: dt.date,
    replaces_id: UUID | None = None,
    renews: bool = False,
    idempotency_key: str | None = None,
) -> Card:
    """领卡申请: the manager of a member asks for his first card, for another in place of one, or for the next term's.

    Only of a member within his term, so after filing or approval: NOT_A_MEMBER. The card is of his tier. With
    `replaces_id` it stands in for a card that is lost, damaged or void and keeps its last day: NOT_REPLACEABLE,
    CARD_OF_OTHER_TIER, TERM_OVER. With `renews` too it follows that card: NOT_DUE_YET before its last 60 days,
    QUALIFICATION_NOT_RENEWED until the membership runs longer than it; at once when the tier has changed.
    CARD_EXISTS, CARD_UNDER_WAY, FORM_USED, ISSUER_NOT_OF_BRANCH, INSTITUTION_MERGED; BAD_USER_INPUT for a form signed
    in the future or before the registration.
    """
    _, customer = await take(desk, Customer, customer_id, Action.PROPOSE, Kind.CARD)
    issuer = await desk.open(Institution, issuer_id)
    membership = await Membership.get_or_none(customer_id=customer.id, over=False)
    if membership is None or membership.tier is None:
        raise NotAMember("Only a VIP customer gets a card, after filing or approval. Register him first.")
    product = await CardProduct.filter(tier=membership.tier).order_by("-created_at", "design").first()
    assert product is not None  # head office's two products are seeded
    card = Card(
        customer_id=customer.id,
        membership_id=membership.id,
        product_id=product.id,
        issuer_id=issuer.id,
        renews=renews,
        form_number=worded(form_number, LONGEST_FORM, "formNumber", required=True),
        form_signed_on=form_signed_on,
        requested_at=desk.now,
        requested_by_id=desk.staff_id,
        requested_person_id=desk.actor.person_id,
    )
    card.must_be_earned(membership, product, desk.today)
    _must_be_of_branch(issuer, customer)
    await _must_be_signed(card, membership, desk.today)
    if await Card.exists(customer_id=customer.id, state__in=UNDER_WAY):
        raise CardUnderWay(
            "A card is under way for this customer already. Go on with that one, or cancel it first."
        )
    card.replaces_id = await _stands_in_for(desk, card, membership, replaces_id)
    await card.request(now=desk.now, by=desk.staff_id)
    return card


def _must_be_of_branch(issuer: Institution, customer: Customer) -> None:
    issuer.must_be_in_service()
    if issuer.acting_path != customer.owner_path:
        raise IssuerNotOfBranch(
            f"{issuer.name} does not belong to the customer's owning branch. Choose the wealth centre of that branch.",
            field="issuerId",
        )


async def _must_be_signed(card: Card, membership: Membership, today: dt.date) -> None:
    registration = await Registration.get(id=membership.registration_id)
    if not business_day(registration.registered_at) <= card.form_signed_on <= today:
        raise BadInput(
            "The form is signed on a day from the registration until today. Look at the customer's signature.",
            field="formSignedOn",
        )
    used = Card.filter(customer_id=card.customer_id, form_number=card.form_number, issued_at__isnull=False)
    if await used.exists():
        raise FormUsed(
            "This form was for a card that was issued. Have the customer sign a form for the new one.",
            field="formNumber",
        )


async def _stands_in_for(
    desk: Desk, card: Card, membership: Membership, replaces_id: UUID | None
) -> UUID | None:
    """The card before it, if any, and that there is no other one beside it."""
    if replaces_id is None:
        last = Card.filter(membership_id=membership.id, issued_at__isnull=False).order_by("-issued_at")
        found = await last.first()
        if card.renews or (found is not None and await _goes_on(card, found, desk.today)):
            raise CardExists(
                "Name the card that this one replaces or renews, for the customer has or had one.",
                field="replacesId",
            )
        return None
    old = await desk.open(Card, replaces_id)
    if old.customer_id != card.customer_id or not old.was_issued:
        raise NotReplaceable("This is not a card that the customer has had. Look again.", field="replacesId")
    if card.renews:
        await _must_be_renewable(card, old, membership, desk.today)
    else:
        await _must_be_replaceable(card, old, desk.today)
    if await Card.filter(customer_id=card.customer_id, state=CardState.ISSUED).exclude(id=old.id).exists():
        raise CardExists("The customer has another card that is valid. Name that one.", field="replacesId")
    return old.id


async def _goes_on(card: Card, last: Card, today: dt.date) -> bool:
    """Is it replaced or renewed? So is what was taken in, given up or voided while its term runs: another card has the same term."""
    if last.state in LIVE:
        return True
    assert last.term_ends is not None  # it was issued
    return last.state in REPLACED and today <= last.term_ends and await of_one_tier(card, last)


async def _must_be_replaceable(card: Card, old: Card, today: dt.date) -> None:
    if old.membership_id != card.membership_id or old.state not in REPLACED:
        raise NotReplaceable(
            f"This card is {old.state}, or of an earlier membership, so none stands in for it.",
            field="replacesId",
        )
    if not await of_one_tier(card, old):
        raise CardOfOtherTier(
            "The customer's tier has changed since. Request a renewal, which is of his tier of today.",
            field="renews",
        )
    old.must_run(today)


async def _must_be_renewable(card: Card, old: Card, membership: Membership, today: dt.date) -> None:
    if old.membership_id != membership.id or old.state not in LIVE:
        raise NotReplaceable(f"This card is {old.state}, or of an earlier membership, and is not renewed.")
    if not await of_one_tier(card, old):
        return  # his tier has changed, and it serves him no more
    assert old.term_ends is not None  # it was issued
    assert membership.term_ends is not None  # he was admitted
    if today < review_from(old.term_ends):
        raise NotDueYet(
            f"This card is valid until {old.term_ends}. Its renewal begins on {review_from(old.term_ends)}."
        )
    if membership.term_ends <= old.term_ends:
        raise NotRenewed(
            "His membership does not run longer than this card. Have it renewed first, by a filing or an exception."
        )
