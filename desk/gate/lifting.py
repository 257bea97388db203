"""Values leave the Selection: what is left is its form, which is compiled once for all values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from desk.selection import (
    AllOf,
    AnyOf,
    Child,
    Condition,
    Filter,
    Not,
    Page,
    Param,
    Purpose,
    Section,
    Selection,
)


@dataclass(slots=True)
class Values:
    """The values of one list of them, as they are taken out."""

    ask: int = 0
    taken: list[Any] = field(default_factory=list)

    def take(self, value: Any) -> Param:
        place = Param(self.ask, len(self.taken))
        self.taken.append(value)
        return place


def lifted(selection: Selection, values: Values) -> Selection:
    """The Selection with a Param for every value, all the way down."""
    ids = selection.ids
    return replace(
        selection,
        ids=None if ids is None else tuple(values.take(one) for one in ids),
        where=where_lifted(selection.where, values),
        page=page_lifted(selection.page, values),
        purpose=purpose_lifted(selection.purpose, values),
        sections=tuple(_section(section, values) for section in selection.sections),
        children=_children(selection.children, values),
    )


def where_lifted(where: Filter | None, values: Values) -> Filter | None:
    match where:
        case Condition(name, op, value):
            return where if value is None else Condition(name, op, values.take(value))
        case AllOf(conditions):
            return AllOf(_all(conditions, values))
        case AnyOf(conditions):
            return AnyOf(_all(conditions, values))
        case Not(condition):
            found = where_lifted(condition, values)
            assert found is not None
            return Not(found)
    return None


def _all(conditions: Sequence[Filter], values: Values) -> tuple[Filter, ...]:
    found = (where_lifted(condition, values) for condition in conditions)
    return tuple(condition for condition in found if condition is not None)


def page_lifted(page: Page | None, values: Values) -> Page | None:
    if page is None or page.cursor is None:
        return page
    cursor = values.take(page.cursor)
    return replace(page, before=cursor) if page.backwards else replace(page, after=cursor)


def purpose_lifted(purpose: Purpose | Param | None, values: Values) -> Purpose | Param | None:
    return values.take(purpose) if isinstance(purpose, Purpose) else purpose


def _section(section: Section, values: Values) -> Section:
    return replace(
        section, children=_children(section.children, values), purpose=purpose_lifted(section.purpose, values)
    )


def _children(children: tuple[Child, ...], values: Values) -> tuple[Child, ...]:
    return tuple(replace(child, selection=lifted(child.selection, values)) for child in children)
