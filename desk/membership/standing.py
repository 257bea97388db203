"""Standing: a membership is suspended, resumed or cancelled (取消资格, Art. 16), or ends with its holder's death."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from authz import Action
from desk.acts import act
from desk.desk import Desk
from desk.holidays import calendar_for
from desk.membership.holding import close, take
from models.errors import BadInput
from models.membership import Membership
from models.vocabulary import CancellationCause
from models.wording import worded

LONGEST_REASON = 400
LONGEST_END = 200


@act("suspendMembership", Membership)
async def suspend_membership(
    desk: Desk,
    *,
    membership_id: UUID,
    cause: CancellationCause,
    reason: str,
    idempotency_key: str | None = None,
) -> Membership:
    """暂停: the head of the wealth centre stops priority and discount at once, for one of the causes of Article 16.

    Of an ACTIVE or REVIEW_DUE membership. Meanwhile its term runs on: the customer may withdraw, be transferred to
    another branch or given another manager; a renewal is neither submitted nor recorded, and what was submitted
    before is void (CONTENT_CHANGED) and is returned. WRONG_STATE, REASON_REQUIRED.
    """
    membership, _ = await take(desk, Membership, membership_id, Action.SUSPEND)
    why = worded(reason, LONGEST_REASON, "reason")
    await membership.suspend(cause, why, person=desk.actor.person_id, now=desk.now, by=desk.staff_id)
    return membership


@act("resumeMembership", Membership)
async def resume_membership(
    desk: Desk, *, membership_id: UUID, reason: str, idempotency_key: str | None = None
) -> Membership:
    """恢复: nothing came of it. By the head, with a reason. ACTIVE again, or REVIEW_DUE when his review has begun.

    WRONG_STATE unless suspended, TERM_OVER when its term ended meanwhile, REASON_REQUIRED.
    """
    membership, _ = await take(desk, Membership, membership_id, Action.SUSPEND)
    why = worded(reason, LONGEST_REASON, "reason")
    calendar = await calendar_for(membership, desk.today)
    await membership.resume(desk.today, calendar, why, now=desk.now, by=desk.staff_id)
    return membership


@act("cancelMembership", Membership)
async def cancel_membership(
    desk: Desk,
    *,
    membership_id: UUID,
    cause: CancellationCause,
    reason: str,
    idempotency_key: str | None = None,
) -> Membership:
    """取消资格 (Art. 16): malicious overdraft, loan arrears or other harm to the bank, proved. For good.

    By an officer of the personal banking department of the owning branch or above it, and only of a suspended
    membership: another person than who suspended it judges what he said. WRONG_STATE, CANCELLED_BY_SUSPENDER,
    REASON_REQUIRED.
    """
    membership, _ = await take(desk, Membership, membership_id, Action.CANCEL)
    why = worded(reason, LONGEST_END, "reason")
    await membership.cancel(cause, why, person=desk.actor.person_id, now=desk.now, by=desk.staff_id)
    await close(desk, membership, "The membership was cancelled (Art. 16).")
    return membership


@act("recordDeath", Membership)
async def record_death(
    desk: Desk, *, membership_id: UUID, died_on: dt.date, document: str, idempotency_key: str | None = None
) -> Membership:
    """身故: his manager records the day of the customer's death and the document that proves it.

    The membership or application is over since the beginning of that day. BAD_USER_INPUT for a day to come or
    without a document; WRONG_STATE once over.
    """
    membership, _ = await take(desk, Membership, membership_id, Action.WITHDRAW)
    if died_on > desk.today:
        raise BadInput("This day is still to come. Give the day that the document says.", field="diedOn")
    proof = worded(document, LONGEST_END, "document", required=True)
    await membership.decease(died_on, proof, now=desk.now, by=desk.staff_id)
    await close(desk, membership, "The customer has died.")
    return membership
