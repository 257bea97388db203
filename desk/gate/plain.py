"""The desk's own shape of an answer, for whoever reads in Python: rows as dictionaries, with Python's own values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from authz import ReasonCode, Visibility
from desk.dialect import as_uuid
from desk.gate.columns import column
from desk.selection import Answer, Child, Selection
from desk.shape import (
    Below,
    Cell,
    Constant,
    Cursor,
    Each,
    HasNext,
    HasPrevious,
    Id,
    Node,
    Object,
    One,
    Part,
    Standing,
    Total,
    Why,
)
from desk.sights import SIGHTS, Relation

REASONS = tuple((code.value, f'"{code.value}"') for code in ReasonCode)
STANDING = (("visibility", Standing()), ("reason", Why(REASONS)))
NO_TOTAL = Constant("null")


def shaped(selection: Selection, relation: Relation | None = None) -> Selection:
    """The Selection with the desk's own shape, made of its columns, sections and children."""
    row = _row(selection)
    if relation is not None and not relation.many:
        return replace(selection, shape=One(row))
    return replace(
        selection,
        shape=Object(
            (
                ("rows", Each(row) if selection.rows else Constant("[]")),
                ("total", Total() if selection.count else NO_TOTAL),
                ("has_next", HasNext() if selection.rows and selection.page else Constant("false")),
                ("has_previous", HasPrevious() if selection.rows and selection.page else Constant("false")),
            )
        ),
    )


def _row(selection: Selection) -> Object:
    entries: list[tuple[str, Node]] = [("id", Id(opaque=False))]
    if selection.page is not None:
        entries.append(("cursor", Cursor()))
    for section in selection.sections:
        content = Object((*STANDING, *_cells(section.columns), *_below(selection, section.children)))
        entries.append((section.alias, Part(section.data_class, section.purpose, content)))
    entries += _cells(selection.columns)
    entries += _below(selection, selection.children)
    return Object(tuple(entries))


def _cells(columns: tuple[str, ...]) -> list[tuple[str, Node]]:
    return [(name, Cell(name)) for name in columns]


def _below(selection: Selection, children: tuple[Child, ...]) -> list[tuple[str, Node]]:
    found: list[tuple[str, Node]] = []
    for child in children:
        relation = SIGHTS[selection.table].relations[child.relation]
        found.append((child.alias, Below(child.relation, shaped(child.selection, relation))))
    return found


def answer_of(selection: Selection, text: str) -> Answer:
    """The answer that a text in the desk's own shape tells."""
    return _answer(selection, orjson.loads(text))


def _answer(selection: Selection, told: dict[str, Any]) -> Answer:
    rows = [_filled(selection, row) for row in told["rows"]]
    return Answer(rows, told["total"], told["has_next"], told["has_previous"])


def _filled(selection: Selection, row: dict[str, Any]) -> dict[str, Any]:
    row["id"] = _key(row["id"])
    _values(selection, selection.columns, row)
    _children(selection, selection.children, row)
    for section in selection.sections:
        part = row[section.alias]
        part["visibility"] = Visibility(part["visibility"])
        part["reason"] = ReasonCode(part["reason"]) if part["reason"] else None
        _values(selection, section.columns, part)
        _children(selection, section.children, part)
    return row


def _key(raw: Any) -> Any:
    return raw if isinstance(raw, int) else as_uuid(raw)


def _values(selection: Selection, columns: tuple[str, ...], place: dict[str, Any]) -> None:
    for name in columns:
        place[name] = column(selection.table, name).value(place[name])


def _children(selection: Selection, children: tuple[Child, ...], place: dict[str, Any]) -> None:
    for child in children:
        found = place[child.alias]
        if SIGHTS[selection.table].relations[child.relation].many:
            place[child.alias] = _answer(child.selection, found)
        elif found is not None:
            place[child.alias] = _filled(child.selection, found)
