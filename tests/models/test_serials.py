"""Card numbers (domain.md 7): sixteen digits, of which the last proves the others, and lists of them as ranges."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.serials import (
    LAST_SERIAL,
    MOST_RANGES,
    BadRange,
    BadVipCardNumber,
    CardNumber,
    NumberTwice,
    Range,
    card_number,
    check_digit,
    compact,
    quantity,
    serial,
    span,
)
from models.vocabulary import Tier

NUMBERS = st.builds(
    CardNumber,
    st.sampled_from(Tier),
    st.integers(0, 99).map(lambda design: f"{design:02}"),
    st.integers(0, LAST_SERIAL),
)
SETS = st.sets(st.integers(0, 60))


def ranges_of(numbers: set[int]) -> list[Range]:
    return compact([Range(one, one) for one in numbers]) if numbers else []


def numbers_of(ranges: list[Range]) -> set[int]:
    return {one for it in ranges for one in range(it.first, it.last + 1)}


@pytest.mark.parametrize(
    ("body", "digit"), [("7992739871", "3"), ("411111111111111", "1"), ("0", "0"), ("101000000000000", "6")]
)
def test_the_check_digit_is_luhns(body, digit):
    assert check_digit(body) == digit


@given(NUMBERS)
def test_a_number_reads_as_it_is_written(number):
    assert len(str(number)) == 16
    assert card_number(str(number)) == number


@given(NUMBERS, st.integers(0, 15), st.integers(1, 9))
def test_every_single_wrong_digit_shows(number, place, by):
    text = str(number)
    wrong = f"{text[:place]}{(int(text[place]) + by) % 10}{text[place + 1 :]}"
    with pytest.raises(BadVipCardNumber):
        card_number(wrong)


@given(NUMBERS, st.integers(0, 14))
def test_neighbours_that_changed_places_show_save_for_0_and_9(number, place):
    """What Luhn is known to miss, and nothing else."""
    text = str(number)
    one, other = text[place : place + 2]
    swapped = text[:place] + other + one + text[place + 2 :]
    if one == other or (place > 0 and {one, other} == {"0", "9"}):
        assert card_number(swapped).serial >= 0
    else:
        with pytest.raises(BadVipCardNumber):
            card_number(swapped)


@pytest.mark.parametrize(
    "text",
    [
        "", "1", "101000000000000", "10100000000000070", "3010000000000003", "0010000000000009",
        " 1010000000000006", "1010000000000006 ", "1010000000000006\n", "1010 0000 0000 0006", "10100000000000O6",
        "١٠١٠٠٠٠٠٠٠٠٠٠٠٠٦", "１０１０００００００００００００６", "-101000000000006", "1" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused(text):
    with pytest.raises(BadVipCardNumber) as refused:
        card_number(text, "cardNumber")
    assert (refused.value.code, refused.value.field) == ("BAD_VIP_CARD_NUMBER", "cardNumber")


def test_numbers_of_every_serial_are_in_the_order_of_their_serials():
    """So that a stretch of serials is a stretch of numbers as texts."""
    serials = [0, 1, 9, 10, 99, 10**6, LAST_SERIAL - 1, LAST_SERIAL]
    texts = [str(CardNumber(Tier.BRANCH, "01", one)) for one in serials]
    assert texts == sorted(texts)


def test_a_serial_is_given_alone_or_as_the_whole_number():
    tier, design = Tier.HEAD_OFFICE, "01"
    assert serial("42", tier, design, "first") == 42
    assert serial("000000000042", tier, design, "first") == 42
    assert serial(str(CardNumber(tier, design, 42)), tier, design, "first") == 42
    for other in (CardNumber(Tier.BRANCH, design, 42), CardNumber(tier, "02", 42)):
        with pytest.raises(BadRange) as refused:
            serial(str(other), tier, design, "first")
        assert refused.value.field == "first"
    for text in ("", "-1", "1.0", "0000000000042", "4 2", "٤٢"):
        with pytest.raises(BadVipCardNumber):
            serial(text, tier, design, "first")


@pytest.mark.parametrize(("first", "last"), [(1, 0), (-1, 0), (0, LAST_SERIAL + 1), (-2, -1)])
def test_what_is_no_range_is_refused(first, last):
    with pytest.raises(BadRange):
        span(first, last)


def test_the_widest_range_is_one():
    assert span(0, LAST_SERIAL).quantity == 10**12
    assert str(span(7, 7)) == "000000000007"
    assert str(span(7, 8)) == "000000000007-000000000008"


@given(SETS.filter(bool))
def test_a_list_is_as_few_ranges_as_it_takes(numbers):
    found = ranges_of(numbers)
    assert numbers_of(found) == numbers
    assert quantity(found) == len(numbers)
    assert found == sorted(found)
    assert all(one.last + 1 < other.first for one, other in pairwise(found))


@given(SETS.filter(bool), st.data())
def test_a_number_is_named_once(numbers, data):
    again = data.draw(st.sampled_from(sorted(numbers)))
    with pytest.raises(NumberTwice):
        compact([*ranges_of(numbers), Range(again, again)])


def test_a_list_names_something_and_not_too_much():
    with pytest.raises(BadRange):
        compact([])
    most = [Range(2 * one, 2 * one) for one in range(MOST_RANGES)]
    assert compact(most) == most
    with pytest.raises(BadRange):
        compact([*most, Range(2 * MOST_RANGES, 2 * MOST_RANGES)])
