"""Registering: the form that a full-time manager fills in with the customer, with which an application begins."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from authz import Action, Kind
from desk.acts import act
from desk.desk import Desk
from desk.membership.holding import must_be_past, take
from desk.serving import managers_of
from desk.tree import hold_tree
from models.archives import must_keep_archives
from models.customers import Customer
from models.institutions import Institution
from models.membership import Membership, MembershipExists
from models.registration import Consent, NoConsent, Registration, full_time_manager
from models.wording import worded


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
    return await Membership.apply(registration, now=desk.now, by=desk.staff_id)


async def _consent(customer_id: UUID, consent_id: UUID | None) -> Consent:
    """One answer for none, an unknown one and another customer's."""
    found = await Consent.get_or_none(id=consent_id, customer_id=customer_id) if consent_id else None
    if found is None:
        raise NoConsent(
            "A registration rests on the customer's own voluntary consent. Record his consent first.",
            field="consentId",
        )
    return found
