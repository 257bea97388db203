"""Wishes: the customer's consent, and the end of it or of his membership when he no longer wants it (Art. 3)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from authz import Action, Kind
from desk.acts import act
from desk.desk import Desk
from desk.membership.holding import close, must_be_past, take
from models.customers import Customer
from models.membership import Membership
from models.registration import Consent, ConsentExists, ReasonRequired
from models.vocabulary import ConsentForm, ConsentKind
from models.wording import worded


@act("giveConsent", Consent)
async def give_consent(
    desk: Desk,
    *,
    customer_id: UUID,
    form: ConsentForm,
    document: str,
    notice_version: str,
    given_at: dt.datetime,
    idempotency_key: str | None = None,
) -> Consent:
    """客户自愿 (Art. 3): the customer's manager records that he wants to be a VIP customer.

    `document` says where the signed consent is kept, `notice_version` which notice he was given, `given_at` when
    he signed; it is recorded now. CONSENT_EXISTS while another one holds; BAD_USER_INPUT.
    """
    await take(desk, Customer, customer_id, Action.REGISTER, Kind.REGISTRATION)
    must_be_past(given_at, desk.now, "givenAt")
    consent = Consent(
        customer_id=customer_id,
        kind=ConsentKind.VOLUNTARY,
        form=form,
        document=worded(document, 120, "document", required=True),
        notice_version=worded(notice_version, 32, "noticeVersion", required=True),
        valid_from=given_at,
        recorded_at=desk.now,
        recorded_by_id=desk.staff_id,
    )
    earlier = await Consent.filter(customer_id=customer_id, kind=ConsentKind.VOLUNTARY)
    if any(held.holds(desk.now) for held in earlier):
        raise ConsentExists("The customer's voluntary consent is already on file and in force. Use that one.")
    await consent.save()
    return consent


@act("withdrawConsent", Consent)
async def withdraw_consent(
    desk: Desk, *, consent_id: UUID, reason: str = "", idempotency_key: str | None = None
) -> Consent:
    """The customer takes his consent back, by his manager, at any time and without having to say why (Art. 3).

    With a voluntary consent ends the membership, or the application, that rests on it. ALREADY_ENDED the second time.
    """
    consent, _ = await take(desk, Consent, consent_id, Action.WITHDRAW)
    why = worded(reason, 200, "reason")
    await consent.end(at=desk.now, now=desk.now, by=desk.staff_id, reason=why)
    membership = await Membership.get_or_none(customer_id=consent.customer_id, over=False)
    if consent.kind == ConsentKind.VOLUNTARY and membership is not None:
        await end_on_his_wish(desk, membership, why or "The customer withdrew his consent.")
    return consent


@act("withdrawMembership", Membership)
async def withdraw_membership(
    desk: Desk, *, membership_id: UUID, reason: str, idempotency_key: str | None = None
) -> Membership:
    """The customer no longer wants it, from now on (Art. 3), by his manager. REASON_REQUIRED; WRONG_STATE once over."""
    membership, _ = await take(desk, Membership, membership_id, Action.WITHDRAW)
    why = worded(reason, 200, "reason")
    if not why:
        raise ReasonRequired("Write what the customer said when he withdrew.", field="reason")
    await end_on_his_wish(desk, membership, why)
    return membership


async def end_on_his_wish(desk: Desk, membership: Membership, reason: str) -> None:
    """The customer withdraws, whatever the state his membership is in."""
    await membership.withdraw(reason, now=desk.now, by=desk.staff_id)
    await close(desk, membership, "The customer withdrew (Art. 3).")
