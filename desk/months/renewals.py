"""The renewals of a month: whose review has begun falls due, whose term has ended without one expires, and so does a
card (Art. 16).

All is told by the as-of day, not by today, so that a month says the same whenever it is run.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from desk.acts import act
from desk.desk import Desk
from desk.holidays import calendar_since
from desk.membership.renewals import expire, fall_due
from desk.months.cards import expire_cards
from desk.months.steps import Progress, held
from desk.trail import ALLOW, Entry
from models.customers import Customer
from models.membership import Membership
from models.months import MonthRun
from models.terms import REVIEW_DAYS, Calendar, next_working_day, review_from
from models.vocabulary import MEMBERS, MembershipState, MonthStep

BATCH = 200
"""Memberships of one transaction: nobody waits long for their customers' rows, and memory stays flat."""


async def renew_all(desk: Desk, run_id: UUID, progress: Progress) -> None:
    """Batch by batch, each in its own transaction with its counts: what was cut off goes on with who is left."""
    run = await MonthRun.get(id=run_id)
    total, done = await _at_issue(run.as_of).count(), 0
    after: UUID | None = None
    progress("renewals", 0, total)
    while batch := await _batch(run.as_of, after):
        await _renew(desk, batch, run_id=run_id)
        after, done = batch[-1], done + len(batch)
        progress("renewals", min(done, total), total)
    await expire_cards(desk, run_id, progress)
    await _renewed(desk, run_id=run_id)


def _at_issue(as_of: dt.date) -> QuerySet[Membership]:
    """Members of whom it is worth while to look closer: the calendar may still put a term's end off."""
    return Membership.filter(
        Q(state=MembershipState.ACTIVE, term_ends__lte=as_of + dt.timedelta(days=REVIEW_DAYS))
        | Q(state__in=list(MEMBERS), term_ends__lt=as_of)
    )


async def _batch(as_of: dt.date, after: UUID | None) -> list[UUID]:
    found = _at_issue(as_of)
    if after is not None:
        found = found.filter(id__gt=after)
    ids: Any = await found.order_by("id").limit(BATCH).values_list("id", flat=True)
    return list(ids)


@act("runMonthRenewals", MonthRun)
async def _renew(desk: Desk, batch: list[UUID], /, *, run_id: UUID) -> MonthRun:
    run = await held(desk, run_id, MonthStep.RENEWALS)
    customers = await Membership.filter(id__in=batch).values_list("customer_id", flat=True)
    # In one order for all, so that two who hold several customers do not wait in a circle.
    await Customer.filter(id__in=list(customers)).order_by("id").select_for_update(no_key=True)
    found = await Membership.filter(id__in=batch).order_by("id")
    ends = [membership.term_ends for membership in found if membership.term_ends is not None]
    calendar = await calendar_since(min(ends, default=run.as_of))
    for membership in found:
        await _look_at(desk, run, membership, calendar)
    await run.save(update_fields=["review_due", "expired"])
    return run


async def _look_at(desk: Desk, run: MonthRun, membership: Membership, calendar: Calendar) -> None:
    """One membership, its customer locked: over, due for review, or neither yet."""
    if membership.state not in MEMBERS or membership.term_ends is None:
        return  # it has ended since the batch was drawn
    ends = next_working_day(membership.term_ends, calendar)
    if ends < run.as_of:
        await expire(desk, membership, run.as_of, calendar)
        await _on_record(desk, "expireMembership", membership)
        run.expired += 1
    elif membership.state == MembershipState.ACTIVE and run.as_of >= review_from(ends):
        await fall_due(desk, membership, run.as_of, calendar)
        await _on_record(desk, "beginReview", membership)
        run.review_due += 1


async def _on_record(desk: Desk, operation: str, membership: Membership) -> None:
    """What became of this customer, in the trail of this customer."""
    await desk.record(
        Entry(operation, ALLOW, "membership", object_id=membership.id, customer_id=membership.customer_id)
    )


@act("runMonthRenewed", MonthRun)
async def _renewed(desk: Desk, *, run_id: UUID) -> MonthRun:
    run = await held(desk, run_id, MonthStep.RENEWALS)
    await run.pass_step(MonthStep.RENEWALS)
    return run
