"""Plans: a Selection without its values, and the statements that were compiled of it, a bounded number in all."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakValueDictionary

from desk.dialect import connection, is_postgres
from desk.errors import Stale
from desk.gate.compiling import Program, compiled
from desk.gate.cursors import open_cursor
from desk.gate.lifting import Values, lifted
from desk.gate.plain import shaped
from desk.gate.profile import Profile, profile_of
from desk.gate.release import Reading, Release
from desk.gate.slots import Place, Slot, Written, adapted
from desk.gate.view import View
from desk.selection import Param, Selection

PROGRAMS_KEPT = 2048
TEXT_KEPT = 32 * 1024 * 1024
"""Characters of all statements together."""
WRITTEN_KEPT = 256
VALUES_KEPT = 1024
"""Parameters that the statements of one profile share, before they begin anew."""
CONDITIONS_KEPT = 4096
"""Conditions that they share, and ladders. The policy makes those of an actor anew whenever it has forgotten him."""


@dataclass(frozen=True, eq=False)
class Plan:
    """One form of a question. Its identity is its key: whoever asks often keeps it."""

    selection: Selection

    @cached_property
    def told(self) -> str:
        """What is asked, in words of ours and without a value: for the digest in a receipt."""
        return repr(self.selection)


class Programs:
    """The statements of all plans, the least recently used ones dropped."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[Any, ...], tuple[Plan, Profile, Program]] = OrderedDict()
        self._written: OrderedDict[tuple[Any, ...], tuple[Profile, Written]] = OrderedDict()
        self._length = 0

    def plans(self) -> list[Plan]:
        """The plans that have a statement, the least recently used first."""
        return [plan for plan, _, _ in self._found.values()]

    def clear(self) -> None:
        """Compile everything anew."""
        self._found.clear()
        self._written.clear()
        self._length = 0

    def of(self, plan: Plan, view: View, postgres: bool) -> Program:
        """The statement of a plan for this view's profile and policy. Raises what `compiled` raises, and keeps none."""
        profile = profile_of(view.actor)
        in_session = view.session_id is not None
        key = (id(plan), id(profile), view.bases, view.policy.version, in_session, postgres)
        known = self._found.get(key)
        if known is not None:
            self._found.move_to_end(key)
            return known[2]
        written = self._written_for(profile, view.policy.version, postgres)
        program = compiled(
            plan.selection,
            view.policy,
            profile,
            view.bases,
            written,
            in_session=in_session,
            postgres=postgres,
        )
        # Plan and profile are kept beside it, so that their ids stay theirs.
        self._found[key] = (plan, profile, program)
        self._length += len(program.text)
        while len(self._found) > PROGRAMS_KEPT or (self._length > TEXT_KEPT and len(self._found) > 1):
            _, (_, _, dropped) = self._found.popitem(last=False)
            self._length -= len(dropped.text)
        return program

    def _written_for(self, profile: Profile, version: str, postgres: bool) -> Written:
        """What earlier statements of the profile have already written."""
        key = (id(profile), version, postgres)
        known = self._written.get(key)
        if known is None or known[1].outgrew(VALUES_KEPT, CONDITIONS_KEPT):
            known = self._written[key] = (profile, Written())
            while len(self._written) > WRITTEN_KEPT:
                self._written.popitem(last=False)
        self._written.move_to_end(key)
        return known[1]


PROGRAMS = Programs()


class _Form:
    """A form as a key. What it says is deep, and is gone through once."""

    __slots__ = ("_hash", "_said")

    def __init__(self, said: Selection) -> None:
        self._said, self._hash = said, hash(said)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Form) and self._said == other._said


_PLANS: WeakValueDictionary[_Form, Plan] = WeakValueDictionary()
"""By form, while somebody keeps them: a recipe, or the statements above."""


def plan_of(selection: Selection) -> tuple[Plan, list[list[Any]]]:
    """The plan of a Selection with values in it, and those values."""
    values = Values()
    return plan_of_form(lifted(selection, values)), [values.taken]


def plan_of_form(form: Selection) -> Plan:
    """The plan of a Selection without values: one for all that ask the same, in however many documents."""
    key = _Form(form)
    plan = _PLANS.get(key)
    if plan is None:
        plan = _PLANS[key] = Plan(form if form.shape is not None else shaped(form))
    return plan


async def run(plan: Plan, view: View, values: Sequence[Sequence[Any]]) -> tuple[str | None, Release]:
    """The answer's JSON, or None where the one row that was asked is not there; and what it shows.

    Stale when the fence has closed since the view was made. FilterRefused and BadCursor as the question deserves.
    """
    program = PROGRAMS.of(plan, view, is_postgres())
    reading = Reading(program, view, values)
    values_in_order = arguments(program, reading)
    if program.searches:
        rows = await _planned_anew(program.text, values_in_order)
    else:
        rows = await connection().execute_query_dict(program.text, values_in_order)
    if not rows:
        raise Stale
    text = rows[0]["j"]
    return (None if text is None else reading.told(text)), reading.release


async def _planned_anew(text: str, values: list[Any]) -> Sequence[Mapping[str, Any]]:
    """A statement that PostgreSQL plans for these values. It keeps one plan for all values after five executions,
    and a search for a common character takes another way than one for a rare name (docs/performance.md)."""
    async with connection().acquire_connection() as driver:
        statement = await driver.prepare(text, name="")
        rows: Sequence[Mapping[str, Any]] = await statement.fetch(*values)
        return rows


def arguments(program: Program, reading: Reading) -> list[Any]:
    """The values of the statement's parameters, in the driver's own form."""
    values, view = reading.values, reading.view
    places = _cursor_places(program, reading)
    found = []
    for slot in program.slots:
        if not isinstance(slot, Slot):
            found.append(slot)
            continue
        source = slot.source
        if isinstance(source, Param):
            value = values[source.ask][source.place]
        elif isinstance(source, Place):
            value = places[source.level][source.key]
        else:
            value = view.value(source)
        found.append(adapted(value, slot, program.postgres))
    return found


def _cursor_places(program: Program, reading: Reading) -> dict[int, list[Any]]:
    """What the cursors of the question say, level by level. BadCursor for one that is not of its list."""
    found = {}
    for number, floor in enumerate(program.floors):
        if floor.cursor is not None:
            cursor = reading.values[floor.cursor.ask][floor.cursor.place]
            found[number] = open_cursor(cursor, reading.bound_to(floor), [col.type for col in floor.keys])
    return found
