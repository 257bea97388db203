"""Renewals (重新认定, Art. 16): a membership falls due for review, is renewed by a filing, or expires.

The acts are for one membership at a time. A monthly run has the customers locked already and calls `fall_due` and
`expire` of this module for each, with its as-of day and the calendar that it has read once for many.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from authz import Action, Kind
from desk.acts import act
from desk.desk import Desk
from desk.holidays import calendar_for
from desk.membership.holding import close, take
from models.exceptions import ExceptionCase
from models.filing import Filing, RenewalOpen
from models.membership import Membership
from models.standards import Evaluation
from models.terms import Calendar
from models.vocabulary import ExceptionState, FilingState


@act("beginReview", Membership)
async def begin_review(desk: Desk, *, membership_id: UUID, idempotency_key: str | None = None) -> Membership:
    """The customer's manager opens the review of one membership whose time has come, ahead of the monthly run.

    Under review the customer is a member as before: he is served, may withdraw, be transferred to another branch,
    given another manager, suspended. WRONG_STATE unless ACTIVE; NOT_DUE_YET until 60 days before its term's end.
    """
    membership, _ = await take(desk, Membership, membership_id, Action.SUBMIT, Kind.FILING)
    await fall_due(desk, membership, desk.today, await calendar_for(membership, desk.today))
    return membership


@act("expireMembership", Membership)
async def expire_membership(
    desk: Desk, *, membership_id: UUID, idempotency_key: str | None = None
) -> Membership:
    """期满失效: the customer's manager closes one membership whose term has ended, ahead of the monthly run.

    WRONG_STATE unless a member; TERM_RUNNING until 24:00 of its last day.
    """
    membership, _ = await take(desk, Membership, membership_id, Action.WITHDRAW)
    await expire(desk, membership, desk.today, await calendar_for(membership, desk.today))
    return membership


async def fall_due(desk: Desk, membership: Membership, today: dt.date, calendar: Calendar) -> None:
    """Within an act or a job that holds the customer's row. NOT_DUE_YET, WRONG_STATE."""
    await membership.fall_due(today, calendar, now=desk.now, by=desk.staff_id)


async def expire(desk: Desk, membership: Membership, today: dt.date, calendar: Calendar) -> None:
    """Within an act or a job that holds the customer's row: over, its undecided renewal lapsed, its archive closed.

    TERM_RUNNING, WRONG_STATE.
    """
    await membership.expire(today, calendar, now=desk.now, by=desk.staff_id)
    await close(desk, membership, "The term ended before this was decided (Art. 16).")


async def must_be_renewable(desk: Desk, membership: Membership, evaluation: Evaluation) -> None:
    """What a renewal's filing or exception needs beside what every one needs, when it is submitted.

    WRONG_STATE unless REVIEW_DUE, TERM_OVER, EVALUATION_BEFORE_REVIEW; RENEWAL_OPEN while another one is undecided.
    """
    calendar = await calendar_for(membership, desk.today)
    membership.must_be_renewable(evaluation.as_of, desk.today, calendar)
    undecided = await Filing.exists(membership_id=membership.id, state=FilingState.SUBMITTED) or (
        await ExceptionCase.exists(membership_id=membership.id, state=ExceptionState.SUBMITTED)
    )
    if undecided:
        raise RenewalOpen("This renewal is already before somebody who decides it. Wait for the decision.")


async def admit(
    desk: Desk, membership: Membership, *, filing_id: UUID | None = None, exception_id: UUID | None = None
) -> None:
    """Within the act that records an application's filing or approves its exception: a member from today. WRONG_STATE."""
    await membership.activate(
        desk.today,
        await calendar_for(membership, desk.today),
        now=desk.now,
        by=desk.staff_id,
        filing_id=filing_id,
        exception_id=exception_id,
    )


async def renew(
    desk: Desk,
    membership: Membership,
    tier: str,
    *,
    filing_id: UUID | None = None,
    exception_id: UUID | None = None,
) -> None:
    """Within the act that records a renewal's filing or approves its exception. The archive stays as it is.

    WRONG_STATE unless REVIEW_DUE, TERM_OVER.
    """
    calendar = await calendar_for(membership, desk.today)
    await membership.renew(
        tier,
        desk.today,
        calendar,
        now=desk.now,
        by=desk.staff_id,
        filing_id=filing_id,
        exception_id=exception_id,
    )
