"""Invitations (邀请): a manager asks his customer whether he wants to be a VIP, and writes down the answer (Art. 3)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from authz import Action, Kind
from desk.acts import act
from desk.clock import business_day
from desk.desk import Desk
from desk.membership import must_be_past, take
from models.customers import Customer
from models.invitations import CustomerDeceased, Invitation, InvitationOpen, must_be_left_in_peace
from models.membership import Membership, MembershipExists
from models.vocabulary import InvitationState, MembershipState
from models.wording import worded


@act("inviteCustomer", Invitation)
async def invite(
    desk: Desk,
    *,
    customer_id: UUID,
    channel: str,
    invited_at: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Invitation:
    """客户自愿: the customer's manager has asked him, by this channel, now or at a past moment; recorded now.

    Nobody is pressed: one question at a time (INVITATION_OPEN), and none for 180 days after a refusal
    or a withdrawal (DECLINED_LATELY). Not for who applies or is a member already (MEMBERSHIP_EXISTS), or whose death is on record
    (CUSTOMER_DECEASED). A registration needs no invitation: who asks by himself is not asked first. BAD_USER_INPUT.
    """
    await take(desk, Customer, customer_id, Action.REGISTER, Kind.REGISTRATION)
    asked = invited_at or desk.now
    must_be_past(asked, desk.now, "invitedAt")
    if await Membership.exists(customer_id=customer_id, over=False):
        raise MembershipExists(
            "This customer already has a membership or an application. Go on with that one."
        )
    if await Membership.exists(customer_id=customer_id, state=MembershipState.DECEASED):
        raise CustomerDeceased(
            "This customer's death is on record. If that was wrong, register him when he has signed himself."
        )
    if await Invitation.exists(customer_id=customer_id, state=InvitationState.OPEN):
        raise InvitationOpen("The customer has been asked and has not answered yet. Record his answer first.")
    left = (
        await Membership.filter(customer_id=customer_id, state=MembershipState.WITHDRAWN)
        .order_by("-over_at")
        .first()
    )
    if left is not None and left.over_at is not None:
        must_be_left_in_peace("withdrew", business_day(left.over_at), business_day(asked))
    refusals = Invitation.filter(customer_id=customer_id, state=InvitationState.DECLINED)
    refused = await refusals.order_by("-answered_at", "id").first()
    if refused is not None and refused.answered_at is not None:
        must_be_left_in_peace("declined", business_day(refused.answered_at), business_day(asked))
    return await Invitation.create(
        customer_id=customer_id,
        channel=worded(channel, 40, "channel", required=True),
        state=InvitationState.OPEN,
        invited_at=asked,
        invited_by_id=desk.staff_id,
        recorded_at=desk.now,
    )


@act("answerInvitation", Invitation)
async def answer_invitation(
    desk: Desk,
    *,
    invitation_id: UUID,
    accepted: bool,
    words: str = "",
    answered_at: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Invitation:
    """What the customer answered, in his words, recorded by his manager. It is final: WRONG_STATE the second time.

    Whoever accepts is then registered with his signed consent (Art. 3). REASON_REQUIRED when he declined and his
    words are missing; BAD_USER_INPUT for an answer to come, or before the question.
    """
    invitation, _ = await take(desk, Invitation, invitation_id, Action.REGISTER, Kind.REGISTRATION)
    answered = answered_at or desk.now
    must_be_past(answered, desk.now, "answeredAt")
    said = worded(words, 400, "words")
    await invitation.answer(accepted, at=answered, now=desk.now, by=desk.staff_id, words=said)
    return invitation
