"""Comparing a book with a count says of every number what sets of single numbers say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.comparing import common, minus, without
from models.serials import MOST_RANGES, Range

NUMBERS = st.sets(st.integers(0, 40), max_size=30)
STATES = ("IN_STOCK", "SPOILED")


def ranges(numbers: set[int]) -> list[Range]:
    """In order, and as long as they can be."""
    found: list[Range] = []
    for number in sorted(numbers):
        if found and found[-1].last == number - 1:
            found[-1] = Range(found[-1].first, number)
        else:
            found.append(Range(number, number))
    return found


def single(found: list[tuple[Range, str]]) -> list[tuple[int, str]]:
    return [(number, label) for one, label in found for number in range(one.first, one.last + 1)]


@given(NUMBERS, NUMBERS, NUMBERS)
def test_what_is_left_and_what_is_common(good: set[int], void: set[int], taken: set[int]) -> None:
    book = sorted(
        [(one, STATES[0]) for one in ranges(good - void)] + [(one, STATES[1]) for one in ranges(void)]
    )
    every = single(book)
    assert single(minus(book, ranges(taken))) == [pair for pair in every if pair[0] not in taken]
    assert single(common(book, ranges(taken))) == [pair for pair in every if pair[0] in taken]


@given(NUMBERS, NUMBERS)
def test_what_is_taken_out_is_gone_and_nothing_else(numbers: set[int], taken: set[int]) -> None:
    assert without(ranges(numbers), ranges(taken)) == ranges(numbers - taken)


def test_the_longest_lists_are_compared_at_once() -> None:
    """Each is gone over once: ten thousand ranges against ten thousand are not a hundred million steps."""
    odd = [Range(4 * one, 4 * one) for one in range(MOST_RANGES)]
    even = [Range(4 * one + 2, 4 * one + 2) for one in range(MOST_RANGES)]

    class Counted(list[Range]):
        looks = 0

        def __getitem__(self, place):
            Counted.looks += 1
            return super().__getitem__(place)

    assert without(odd, Counted(even)) == odd
    assert Counted.looks <= 5 * MOST_RANGES
