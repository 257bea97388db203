"""The renewals of a month: to the day by the as-of day, members only, each once, with what was undecided."""

from __future__ import annotations

import datetime as dt

import pytest

from models.archives import Archive
from models.history import MembershipEvent
from models.membership import Membership
from models.reference import CalendarDay
from models.terms import REVIEW_DAYS
from tests.desk.months.town import AS_OF, ENOUGH

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("ends", "state", "becomes"),
    [
        pytest.param(AS_OF + (REVIEW_DAYS + 1) * DAY, "ACTIVE", "ACTIVE", id="the day before its review"),
        pytest.param(AS_OF + REVIEW_DAYS * DAY, "ACTIVE", "REVIEW_DUE", id="the day of its review"),
        pytest.param(AS_OF, "ACTIVE", "REVIEW_DUE", id="it ends that Saturday, so on Monday"),
        pytest.param(AS_OF - DAY, "ACTIVE", "EXPIRED", id="it ended on the Friday before"),
        pytest.param(AS_OF - DAY, "REVIEW_DUE", "EXPIRED", id="it was due and nobody renewed it"),
        pytest.param(AS_OF - DAY, "SUSPENDED", "EXPIRED", id="it was suspended"),
        pytest.param(AS_OF + 30 * DAY, "SUSPENDED", "SUSPENDED", id="suspended ones do not fall due"),
    ],
)
async def test_terms_are_compared_with_the_as_of_day(town, month, ends, state, becomes):
    """2026-10-31 is a Saturday: a term whose last day it is runs to the Monday after it (民法典 203)."""
    member = await town.member(await town.settle(ENOUGH), ends=ends, state=state)
    run = await month()
    assert (await Membership.get(id=member.id)).state == becomes
    due = becomes == "REVIEW_DUE"
    assert (run.review_due, run.expired) == (int(due), int(becomes == "EXPIRED"))
    events = await MembershipEvent.filter(membership_id=member.id)
    assert [event.state for event in events] == ([] if becomes == state else [becomes])


async def test_a_term_that_ends_on_a_holiday_runs_to_the_next_working_day(town, month):
    saturday = await town.member(await town.settle(ENOUGH), ends=AS_OF - DAY)
    await CalendarDay.create(day=AS_OF - DAY, kind="HOLIDAY", name="a holiday on a Friday")
    run = await month()
    assert ((await Membership.get(id=saturday.id)).state, run.expired) == ("REVIEW_DUE", 0)


async def test_a_past_month_ends_nothing_that_runs_on_after_it(town, month):
    member = await town.member(await town.settle(ENOUGH), ends=dt.date(2026, 9, 25))
    run = await month(dt.date(2026, 6, 30))
    assert ((await Membership.get(id=member.id)).state, run.expired, run.review_due) == ("ACTIVE", 0, 0)
    assert (await month()).expired == 1
    found = await Membership.get(id=member.id)
    assert (found.state, found.over) == ("EXPIRED", True)


async def test_more_than_one_batch_and_each_only_once(town, month, monkeypatch):
    monkeypatch.setattr("desk.months.renewals.BATCH", 2)
    members = [
        await town.member(await town.settle(ENOUGH), ends=AS_OF - 30 * DAY if n % 2 else AS_OF + 20 * DAY)
        for n in range(7)
    ]
    run = await month()
    assert (run.review_due, run.expired) == (4, 3)
    assert await MembershipEvent.all().count() == len(members)
    again = await month(AS_OF + DAY)
    assert (again.review_due, again.expired) == (0, 0)
    assert await Archive.filter(state="ACTIVE").count() == 0
