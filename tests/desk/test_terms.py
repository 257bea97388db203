"""Terms by the calendar of 民法典 201-203: matching days, month ends, weekends, holidays, and the day a review begins."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.holidays import calendar_for, calendar_since
from models.membership import Membership
from models.reference import CalendarDay
from models.terms import (
    is_working_day,
    midnight_after,
    next_working_day,
    quiet_until,
    review_from,
    term_end,
    two_years_from,
)

pytestmark = pytest.mark.measure("A16a")
DAY = dt.timedelta(days=1)
GOLDEN_WEEK = {dt.date(2028, 10, 1) + n * DAY: "HOLIDAY" for n in range(3)} | {
    dt.date(2028, 10, 4): "IN_LIEU",
    dt.date(2028, 10, 5): "IN_LIEU",
    dt.date(2028, 10, 6): "IN_LIEU",
    dt.date(2028, 10, 8): "WORKING_DAY_SWAP",
}
"""1 October 2028 is a Sunday; Saturday the 7th is closed as ever, Sunday the 8th is worked in exchange."""


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("began", "ends"),
    [
        pytest.param("2026-02-28", "2028-02-28", id="matching day, not month end"),
        pytest.param("2028-02-29", "2030-02-28", id="no matching day"),
        pytest.param("2026-11-25", "2028-11-25", id="ordinary"),
        pytest.param("2027-12-31", "2029-12-31", id="year end"),
        pytest.param("2098-02-28", "2100-02-28", id="a century without a 29th"),
    ],
)
def test_two_years_end_on_the_matching_day(began, ends):
    assert two_years_from(day(began)) == day(ends)


@pytest.mark.parametrize(
    ("began", "ends"),
    [
        pytest.param("2026-02-28", "2028-02-28", id="a Monday"),
        pytest.param("2028-02-29", "2030-02-28", id="29 February, a Thursday"),
        pytest.param("2026-11-25", "2028-11-27", id="a Saturday becomes Monday"),
        pytest.param("2026-11-26", "2028-11-27", id="a Sunday becomes Monday"),
        pytest.param("2026-11-27", "2028-11-27", id="the Monday itself"),
        pytest.param("2026-09-29", "2028-09-29", id="the last Friday before the holidays"),
        pytest.param("2026-09-30", "2028-10-08", id="a Saturday before them runs into them"),
        pytest.param("2026-10-01", "2028-10-08", id="the first holiday"),
        pytest.param("2026-10-06", "2028-10-08", id="a weekday in lieu"),
        pytest.param("2026-10-07", "2028-10-08", id="to a Sunday that is worked"),
        pytest.param("2026-10-08", "2028-10-08", id="that Sunday itself"),
    ],
)
def test_a_term_ends_on_a_working_day(began, ends):
    assert term_end(day(began), GOLDEN_WEEK) == day(ends)


@pytest.mark.parametrize(
    ("what", "works"),
    [
        ("2028-09-29", True),
        ("2028-09-30", False),
        ("2028-10-02", False),
        ("2028-10-04", False),
        ("2028-10-08", True),
        ("2028-10-15", False),
    ],
)
def test_the_published_calendar_outweighs_the_weekday(what, works):
    assert is_working_day(day(what), GOLDEN_WEEK) is works
    assert (next_working_day(day(what), GOLDEN_WEEK) == day(what)) is works


def test_a_review_begins_sixty_days_before_the_end():
    assert review_from(day("2028-02-29")) == day("2027-12-31")
    assert review_from(day("2028-11-27")) == day("2028-09-28")


def test_the_last_day_ends_at_midnight_in_shanghai():
    assert midnight_after(day("2028-02-29")) == dt.datetime(2028, 2, 29, 16, 0, tzinfo=dt.UTC)


def test_a_refusal_is_respected_for_a_hundred_and_eighty_days():
    assert quiet_until(day("2026-01-01")) == day("2026-06-30")


async def test_the_calendar_is_read_from_a_day_on(db):
    for number, kind in enumerate(("HOLIDAY", "IN_LIEU", "WORKING_DAY_SWAP")):
        await CalendarDay.create(day=day("2028-10-01") + number * DAY, kind=kind, name="国庆节")
    assert await calendar_since(day("2028-10-02")) == {
        day("2028-10-02"): "IN_LIEU",
        day("2028-10-03"): "WORKING_DAY_SWAP",
    }
    past = Membership(term_ends=day("2028-10-03"))
    assert set(await calendar_for(past, day("2028-12-01"))) == {day("2028-10-03")}
    assert len(await calendar_for(Membership(), day("2028-10-01"))) == 3
