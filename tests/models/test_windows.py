"""The 12 full months that end at the last month-end on or before a day."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.windows import Month, Window, is_month_end, months_before

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))


@pytest.mark.parametrize(
    ("as_of", "first", "last"),
    [
        pytest.param("1994-02-28", "1993-03-01", "1994-02-28", id="a month-end counts its own month"),
        pytest.param("1994-03-30", "1993-03-01", "1994-02-28", id="the day before a month-end does not"),
        pytest.param("1994-03-31", "1993-04-01", "1994-03-31", id="31 March"),
        pytest.param(
            "2024-02-28", "2023-02-01", "2024-01-31", id="28 February of a leap year is no month-end"
        ),
        pytest.param("2024-02-29", "2023-03-01", "2024-02-29", id="29 February is"),
        pytest.param("2025-02-28", "2024-03-01", "2025-02-28", id="the year after a leap day"),
        pytest.param("2026-01-01", "2025-01-01", "2025-12-31", id="new year"),
    ],
)
def test_window(as_of: str, first: str, last: str) -> None:
    window = Window.ending(dt.date.fromisoformat(as_of))
    assert (window.first.isoformat(), window.last.isoformat()) == (first, last)


def test_a_leap_february_has_29_days() -> None:
    window = Window.ending(dt.date(2024, 3, 1))
    assert window.months[-1] == Month(dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    assert [month.days for month in window.months] == [31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29]


@given(DAYS)
def test_the_months_tile_the_window(as_of: dt.date) -> None:
    window = Window.ending(as_of)
    assert len(window.months) == 12
    assert (window.months[0].first, window.months[-1].last) == (window.first, window.last)
    for month in window.months:
        assert month.first.day == 1
        assert month.days == monthrange(month.first.year, month.first.month)[1]
    for earlier, later in zip(window.months, window.months[1:], strict=False):
        assert later.first - earlier.last == dt.timedelta(days=1)


@given(DAYS)
def test_the_window_ends_at_the_last_month_end_on_or_before_the_day(as_of: dt.date) -> None:
    window = Window.ending(as_of)
    assert is_month_end(window.last)
    assert window.last <= as_of
    assert not any(
        is_month_end(window.last + dt.timedelta(days=n)) for n in range(1, (as_of - window.last).days + 1)
    )


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-02-28", 24, "2024-02-29"),
        ("2026-03-30", 1, "2026-02-28"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-02-29", 12, "2023-02-28"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-01-15", 0, "2026-01-15"),
        ("2026-01-31", 13, "2024-12-31"),
    ],
)
def test_months_before(day: str, months: int, expected: str) -> None:
    assert months_before(dt.date.fromisoformat(day), months).isoformat() == expected


def month_ends_after(start: dt.date, day: dt.date) -> int:
    return sum(is_month_end(start + dt.timedelta(days=n)) for n in range(1, (day - start).days + 1))


@given(DAYS, st.integers(0, 120))
def test_exactly_n_month_ends_lie_between_a_month_end_and_n_months_before(day: dt.date, months: int) -> None:
    end = Window.ending(day).last
    start = months_before(end, months)
    assert is_month_end(start)
    assert month_ends_after(start, end) == months


@given(DAYS.filter(lambda day: not is_month_end(day)), st.integers(1, 120))
def test_another_day_keeps_its_number_unless_the_month_is_too_short(day: dt.date, months: int) -> None:
    start = months_before(day, months)
    assert (day.year - start.year) * 12 + day.month - start.month == months
    assert start.day == day.day or (start.day < day.day and is_month_end(start))
