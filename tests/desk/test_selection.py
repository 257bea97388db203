"""A Selection in another shape is the same Selection."""

from __future__ import annotations

from dataclasses import fields, replace

from desk.selection import Selection
from desk.shape import Total


def test_another_shape_is_all_that_changes() -> None:
    """A field that is added to Selection and forgotten there would show more rows than were asked."""
    every = Selection(**{each.name: f"the {each.name}" for each in fields(Selection)})  # type: ignore[arg-type]
    assert every.shown_as(Total()) == replace(every, shape=Total())
