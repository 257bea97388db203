"""Running a compiled Selection: rows, their sections and children, and the count of what was released."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from authz import Basis, BasisGrant, DataClass, Role, Rung, Visibility
from desk.dialect import as_uuid, connection, is_postgres
from desk.errors import Stale
from desk.gate.columns import Column
from desk.gate.compiling import Compiled, Compiler
from desk.gate.cursors import seal
from desk.gate.view import View
from desk.selection import Answer, Child, Section, Selection
from desk.sights import SIGHTS, Relation
from models.vault import vault
from models.vocabulary import FilingState

SECRET = frozenset(
    {
        DataClass.ACCOUNT,
        DataClass.ASSET,
        DataClass.CONTACT,
        DataClass.IDENTITY_DOC,
        DataClass.NAME,
        DataClass.PERSONAL,
        DataClass.SERVICE,
        DataClass.TRANSACTION,
    }
)
"""C2 classes (domain.md 5.2): a read that shows one of their cells leaves a receipt before it is answered."""


@dataclass(slots=True)
class Release:
    """What one root read gave out: cells by class and visibility, rows by table, and on which bases."""

    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    rows: dict[str, set[str]] = field(default_factory=dict)
    customers: set[str] = field(default_factory=set)
    bases: set[tuple[str, str]] = field(default_factory=set)
    purposes: set[tuple[str, str]] = field(default_factory=set)

    @property
    def confidential(self) -> bool:
        return any(
            visibility == Visibility.VISIBLE and DataClass(name) in SECRET
            for (name, visibility), count in self.cells.items()
            if count
        )


async def run(selection: Selection, view: View, release: Release) -> Answer:
    """The rows of a root Selection. Stale when the fence closed between two looks."""
    answer = Answer()
    if selection.count:
        counted = await _fetch(Compiler(selection, view, is_postgres()).count())
        answer.total = sum(row["n"] for row in counted if row["n"] is not None)
    if selection.rows:
        groups = await _read(selection, view, release, None, ())
        found = groups.get(None, Answer())
        answer.rows, answer.has_next, answer.has_previous = found.rows, found.has_next, found.has_previous
    return answer


async def _fetch(compiled: Compiled) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await connection().execute_query_dict(compiled.text, compiled.values)
    if not rows:
        raise Stale
    return rows


async def _read(
    selection: Selection, view: View, release: Release, relation: Relation | None, parents: Iterable[Any]
) -> dict[Any, Answer]:
    """Rows grouped by the parent they belong to; under None at the root."""
    compiler = Compiler(selection, view, is_postgres(), relation, parents)
    compiled = compiler.rows()
    raw = [row for row in await _fetch(compiled) if row["id"] is not None]
    by_parent: dict[Any, list[dict[str, Any]]] = {}
    for row in raw:
        by_parent.setdefault(_key(row["l"]) if relation else None, []).append(row)
    groups: dict[Any, Answer] = {}
    kept: list[dict[str, Any]] = []
    for parent, rows in by_parent.items():
        groups[parent] = _paged(selection, compiled, rows)
        kept += [row for row in rows if "row" in row]
    for row in kept:
        _fill(selection, compiled, row, release)
    _note(selection, kept, release)
    for child in selection.children:
        await _attach(child, selection, compiled, view, release, kept, None)
    for section in selection.sections:
        for child in section.children:
            await _attach(child, selection, compiled, view, release, kept, section)
    return groups


def _key(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)


def _paged(selection: Selection, compiled: Compiled, rows: list[dict[str, Any]]) -> Answer:
    """Cut the row that only tells that there are more, turn a backward page round, and give each row its cursor."""
    page = selection.page
    answer = Answer()
    size = compiled.limit - 1
    more = len(rows) > size
    backwards = page is not None and page.last is not None
    rows = rows[:size]
    if backwards:
        rows = rows[::-1]
        answer.has_previous, answer.has_next = more, bool(page and page.before)
    else:
        answer.has_next, answer.has_previous = more, bool(page and page.after)
    for row in rows:
        row["row"] = {"id": row["id"] if isinstance(row["id"], int) else as_uuid(row["id"])}
        if page is not None:
            values = [col.value(row[f"k{n}"]) for n, col in enumerate(compiled.key_types)]
            row["row"]["cursor"] = seal(values, compiled.bound_to)
        answer.rows.append(row["row"])
    return answer


def _fill(selection: Selection, compiled: Compiled, raw: dict[str, Any], release: Release) -> None:
    row = raw["row"]
    standings: list[Rung] = [rungs[raw[f"v{n}"]] for n, (_, _, rungs) in enumerate(compiled.rungs)]
    for section in selection.sections:
        rung = standings[compiled.section_ladders[section.alias]]
        row[section.alias] = {"visibility": rung.visibility, "reason": rung.reason}
        release.cells[(section.data_class, rung.visibility)] += 1
        if section.purpose or selection.purpose:
            purpose = section.purpose or selection.purpose
            assert purpose is not None
            release.purposes.add((purpose.code, purpose.text))
    for (place, name), cell in compiled.cells.items():
        visibility = standings[cell.ladder].visibility
        target = row[place] if place else row
        if visibility is Visibility.VISIBLE:
            target[name] = _visible(selection.table, cell.column, raw, cell.value)
        elif visibility is Visibility.MASKED and cell.mask:
            target[name] = raw[cell.mask]
        else:
            target[name] = None
        if not place:
            release.cells[(cell.column.data_class, visibility)] += 1


def _visible(table: str, col: Column, raw: dict[str, Any], place: str) -> Any:
    value = raw.get(place)
    if col.sealed and value is not None:
        return vault().open(table, col.sealed, as_uuid(raw["id"]), bytes(value))
    return col.value(value)


def _note(selection: Selection, kept: list[dict[str, Any]], release: Release) -> None:
    ids = {str(row["id"]) for row in kept}
    release.rows.setdefault(selection.table, set()).update(ids)
    if selection.table == "customer":
        release.customers |= ids


async def _attach(
    child: Child,
    selection: Selection,
    compiled: Compiled,
    view: View,
    release: Release,
    kept: list[dict[str, Any]],
    section: Section | None,
) -> None:
    """Read the child rows of all these rows at once, and hang them under their parents."""
    relation = SIGHTS[selection.table].relations[child.relation]
    asked = child.selection
    if asked.purpose is None and (inherited := (section.purpose if section else None) or selection.purpose):
        asked = replace(asked, purpose=inherited)
    link = compiled.links[child.relation]
    hidden = {Visibility.WITHHELD} if section else set()
    open_rows = [
        row for row in kept if section is None or row["row"][section.alias]["visibility"] not in hidden
    ]
    groups: dict[Any, Answer] = {}
    totals: dict[Any, int] = {}
    for walked, rows in _walk(selection, view, open_rows, release):
        parents = {_key(row[link]) for row in rows if row[link] is not None}
        if not parents:
            continue
        keys = [key if isinstance(key, int) else as_uuid(key) for key in sorted(parents, key=str)]
        if asked.rows:
            found = await _read(asked, walked, release, relation, keys)
            groups |= {(id(walked), key): answer for key, answer in found.items()}
        if asked.count:
            counted = await _fetch(Compiler(asked, walked, is_postgres(), relation, keys).count())
            totals |= {(id(walked), _key(row["l"])): row["n"] for row in counted if row["l"] is not None}
        for row in rows:
            row["walked"] = id(walked)
    for row in kept:
        place = row["row"] if section is None else row["row"][section.alias]
        key = (row.pop("walked", None), _key(row[link]) if row[link] is not None else None)
        answer = groups.get(key) or Answer()
        if not relation.many:
            place[child.alias] = answer.rows[0] if answer.rows else None
        else:
            total = totals.get(key, 0) if asked.count else None
            place[child.alias] = Answer(answer.rows, total, answer.has_next, answer.has_previous)


def _walk(
    selection: Selection, view: View, rows: list[dict[str, Any]], release: Release
) -> list[tuple[View, list[dict[str, Any]]]]:
    """The views below these rows: an open filing before its recorder is a basis for what it rests on (5.3)."""
    if selection.table != "filing":
        return [(view, rows)]
    seats = {seat.path for seat in view.actor.seats if seat.role is Role.FILING_RECORDER}
    before_me = [row for row in rows if row["b_state"] == FilingState.SUBMITTED and row["b_path"] in seats]
    if not before_me:
        return [(view, rows)]
    grants = tuple(
        BasisGrant(Basis.FILING, as_uuid(row["id"]), as_uuid(row["b_customer"])) for row in before_me
    )
    release.bases |= {(grant.basis.value, str(grant.basis_id)) for grant in grants}
    rest = [row for row in rows if row not in before_me]
    return [(view.on(Basis.FILING, grants), before_me), (view, rest)]


__all__ = ["SECRET", "Release", "run"]
