"""Ranges of card numbers as a person lists them: the first and the last of what lies in a row (domain.md 7)."""

from __future__ import annotations

import strawberry

from models.serials import BadRange

MOST_LISTED = 1_000
"""Ranges in one list of an input. What the factory delivers in more pieces is read from its file."""


@strawberry.input(
    description="号码区间. Card numbers from `first` to `last`, both included, in a list of at most 1000 of them."
)
class NumberRangeInput:
    first: str = strawberry.field(
        description="Serial of up to 12 digits, without the check digit, or the whole number on the card."
    )
    last: str | None = strawberry.field(
        default=None, description="The same of the last card; left out: one card only."
    )


def must_be_listable(name: str, value: object) -> None:
    """BAD_RANGE for a list that nobody can have written by hand. Other values pass."""
    if isinstance(value, list) and len(value) > MOST_LISTED and isinstance(value[0], NumberRangeInput):
        raise BadRange(
            f"This list has {len(value)} ranges, at most {MOST_LISTED} go into one. Divide it, or read the factory's list "
            "from its file: python -m api cards receive",
            field=name,
        )
