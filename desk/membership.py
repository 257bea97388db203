"""Membership: the customer's consent and registration, and the end of both when he wishes it (Art. 3, 9)."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar
from uuid import UUID

from authz import Action, Kind
from desk.acts import act
from desk.archives import close_archive
from desk.desk import Desk
from desk.serving import managers_of
from desk.tree import hold_tree
from models.archives import must_keep_archives
from models.customers import Customer
from models.errors import BadInput
from models.filing import Filing
from models.institutions import Institution
from models.membership import (
    Consent,
    ConsentExists,
    Membership,
    MembershipExists,
    NoConsent,
    ReasonRequired,
    Registration,
    full_time_manager,
)
from models.vocabulary import ConsentForm, ConsentKind, FilingState, MembershipState
from models.wording import worded

M = TypeVar("M", Customer, Consent, Membership, Filing)


async def hold(customer_id: UUID) -> Customer:
    """The customer's row, locked until the act ends: acts on one customer's standing come one after another.

    Not FOR UPDATE, which would also keep a screening from writing evaluations that refer to him.
    """
    return await Customer.filter(id=customer_id).select_for_update(no_key=True).get()


async def take(
    desk: Desk, table: type[M], id: UUID, action: Action, kind: Kind | None = None
) -> tuple[M, Customer]:
    """A row for one act, and its customer's row locked.

    Permission is asked once more under the lock: whose customer he is may have changed while we waited for it.
    """
    seen = await desk.open(table, id, action, kind=kind)
    customer = await hold(id if isinstance(seen, Customer) else seen.customer_id)
    return await desk.open(table, id, action, kind=kind), customer


def must_be_past(moment: dt.datetime, now: dt.datetime, field: str) -> None:
    """What was signed was signed already. Valid time may lie back as far as it does (decisions.md 26)."""
    if moment > now:
        raise BadInput("This lies in the future. Give the time when it was signed.", field=field)


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


@act("registerCustomer", Membership)
async def register(
    desk: Desk,
    *,
    customer_id: UUID,
    consent_id: UUID | None,
    centre_id: UUID,
    servicing_id: UUID | None = None,
    servicing_reason: str = "",
    service_needs: str = "",
    contact_preference: str = "",
    registered_at: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Membership:
    """登记 (Notice 6, Annex 2): the customer's full-time manager fills in the form, and the application begins.

    `registered_at` is when the form was signed, now if not given; it is recorded now (decisions.md 26).
    MEMBERSHIP_EXISTS, NO_CONSENT (Art. 3), NO_MANAGER, MANAGER_NOT_FULL_TIME (Art. 9), CENTRE_REQUIRED and
    SERVICING_REASON_REQUIRED (Notice 6), BAD_USER_INPUT.
    """
    await hold_tree(desk)
    _, customer = await take(desk, Customer, customer_id, Action.REGISTER, Kind.REGISTRATION)
    centre = await desk.open(Institution, centre_id)
    servicing = centre if servicing_id is None else await desk.open(Institution, servicing_id)
    signed_at = registered_at or desk.now
    must_be_past(signed_at, desk.now, "registeredAt")
    if await Membership.exists(customer_id=customer_id, over=False):
        raise MembershipExists(
            "This customer already has a membership or an application. Go on with that one."
        )
    consent = await _consent(customer_id, consent_id)
    consent.must_hold(signed_at)
    consent.must_hold(desk.now)
    manager_id = full_time_manager(await managers_of(desk, customer))
    must_keep_archives(centre, customer.owner_path)
    registration = Registration(
        customer_id=customer_id,
        manager_id=manager_id,
        consent_id=consent.id,
        centre_id=centre.id,
        servicing_id=servicing.id,
        servicing_reason=worded(servicing_reason, 200, "servicingReason"),
        service_needs=worded(service_needs, 400, "serviceNeeds"),
        contact_preference=worded(contact_preference, 80, "contactPreference"),
        registered_at=signed_at,
        registered_by_id=desk.staff_id,
        recorded_at=desk.now,
    )
    registration.must_say_why()
    await registration.save()
    return await Membership.create(
        customer_id=customer_id, registration_id=registration.id, state=MembershipState.APPLIED
    )


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
    """Membership over, an undecided filing out of its recorder's hands, the archive closed: all or none."""
    await membership.withdraw(desk.now, reason)
    filing = await Filing.get_or_none(membership_id=membership.id, state=FilingState.SUBMITTED)
    if filing is not None:
        await filing.lapse(desk.now)
    await close_archive(membership)


async def _consent(customer_id: UUID, consent_id: UUID | None) -> Consent:
    """One answer for none, an unknown one and another customer's."""
    found = await Consent.get_or_none(id=consent_id, customer_id=customer_id) if consent_id else None
    if found is None:
        raise NoConsent(
            "A registration rests on the customer's own voluntary consent. Record his consent first.",
            field="consentId",
        )
    return found
