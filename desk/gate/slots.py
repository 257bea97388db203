"""A statement whose values are still to come: each parameter is a slot that says where its value is taken from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

import orjson

from desk.dialect import CASTS, Statement, as_uuid, plain
from desk.gate.ladders import Rungs
from desk.gate.profile import SETS, Fact, Profile
from desk.selection import Param
from desk.sights.searching import characters_of
from desk.sights.sight import NOW, TODAY
from desk.value import value


@value
class Now:
    """The moment of the desk."""


@value
class Today:
    """The business day of the desk."""


@value
class Mark:
    """What the fence compares: epoch, tree_epoch, policy_version, session_id."""

    name: str


@value
class Place:
    """A value of a cursor: of which level, and which of its order columns."""

    level: int
    key: int


Source: TypeAlias = Fact | Now | Today | Mark | Param | Place
SOURCES = (Fact, Now, Today, Mark, Param, Place)
POSTGRES_PLACE, SQLITE_PLACE = re.compile(r"\$([0-9]+)"), re.compile(r"\?([0-9]+)")
MARK_CASTS = {"session_id": "uuid", "policy_version": "text", "epoch": "bigint", "tree_epoch": "bigint"}


@value
class Slot:
    """One parameter: where its value comes from; `many` of them as one array, or the characters of a text as one."""

    source: Source
    many: bool = False
    characters: bool = False


@dataclass(slots=True)
class Written:
    """What statements of one profile and policy have in common: conditions, and the parameters that these name.

    A statement is written on from where the one before it ended, and takes along what it names (`Slots.used_in`).
    """

    values: list[Slot | Any] = field(default_factory=list)
    places: dict[tuple[Slot | Any, str], str] = field(default_factory=dict)
    bound: dict[tuple[type, Any, str], str] = field(default_factory=dict)
    conditions: dict[Any, tuple[Any, str]] = field(default_factory=dict)
    rungs: dict[int, Rungs] = field(default_factory=dict)
    """By the id of the policy's own tuple, which is kept in it, so that it stays its own."""

    def outgrew(self, values: int, conditions: int) -> bool:
        """Whether it is more than so much of either, so that it should begin anew."""
        return len(self.values) > values or max(len(self.conditions), len(self.rungs)) > conditions


class Slots(Statement):
    """Writes parameters for sources, and for the symbols of a profile's stand-in."""

    def __init__(self, postgres: bool, profile: Profile, written: Written) -> None:
        super().__init__(postgres)
        self.profile = profile
        self.texts: dict[object, str] = {}
        """Symbols that stand for a column of a row further out, in place of a value."""
        self.values, self.written = written.values, written.conditions
        self._slots, self._bound = written.places, written.bound

    def bind(self, value: Any, cast: str = "") -> str:
        key = (type(value), value, cast)
        found = self._bound.get(key)
        if found is None:
            found = self._bound[key] = self._bind(value, cast)
        return found

    def _bind(self, value: Any, cast: str) -> str:
        source = value if isinstance(value, SOURCES) else self.profile.facts.get(value)
        if source is not None:
            return self.slot(Slot(source), cast or _cast(source))
        # One value for all, such as the id of the house, is there in the form that the driver takes.
        given = _one(value, self.postgres)
        return self.slot(given, cast or CASTS.get(type(given), "text"))

    def slot(self, slot: Slot | Any, cast: str) -> str:
        place = self._slots.get((slot, cast))
        if place is None:
            self.values.append(slot)
            number = len(self.values)
            place = f"${number}::{cast}" if self.postgres else f"?{number}"
            self._slots[slot, cast] = place
        return place

    def stand_for(self, symbol: object, text: str) -> None:
        """From here on the symbol is a column of this very statement: what is written now is good for no other."""
        self.texts[symbol] = text
        self.written = dict(self.written)

    def used_in(self, text: str) -> tuple[str, tuple[Any, ...]]:
        """The finished text and its parameters, numbered anew as they come in it, whatever was written beside it.

        Derived columns say NOW where they mean the moment of the desk, and TODAY where its business day: these become
        the parameters that they are elsewhere.
        """
        for said, source in ((NOW, Now()), (TODAY, Today())):
            if said in text:
                text = text.replace(said, self.bind(source))
        mark, place = ("$", POSTGRES_PLACE) if self.postgres else ("?", SQLITE_PLACE)
        pieces = place.split(text)
        numbers: dict[str, int] = {}
        for at in range(1, len(pieces), 2):
            pieces[at] = f"{mark}{numbers.setdefault(pieces[at], len(numbers) + 1)}"
        return "".join(pieces), tuple(self.values[int(number) - 1] for number in numbers)

    def among(self, column: str, source: Source, cast: str) -> str:
        """`column` is one of the values of a source that is a list."""
        if self.postgres:
            return f"{column} = ANY({self.slot(Slot(source, many=True), f'{cast}[]')})"
        return f"{column} IN (SELECT value FROM json_each({self.slot(Slot(source, many=True), '')}))"

    def any_of(self, column: str, values: Iterable[Any], cast: str = "uuid") -> str:
        given = list(values)
        found = [
            self._is(column, value, cast) for value in (given if len(given) < 2 else sorted(given, key=str))
        ]
        if not found:
            return "(1 = 0)"
        return found[0] if len(found) == 1 else f"({' OR '.join(found)})"

    def _is(self, column: str, value: Any, cast: str) -> str:
        if value in self.texts:
            return f"{column} = {self.texts[value]}"
        source = value if isinstance(value, SOURCES) else self.profile.facts.get(value)
        if isinstance(source, Fact) and source.name in SETS:
            return self.among(column, source, cast)
        return f"{column} = {self.bind(value, cast)}"


def _cast(source: Source) -> str:
    match source:
        case Now():
            return "timestamptz"
        case Today():
            return "date"
        case Mark(name):
            return MARK_CASTS[name]
        case Fact("me" | "institution"):
            return "uuid"
    return "text"


def adapted(value: Any, slot: Slot, postgres: bool) -> Any:
    """A value in the form that each database's driver takes."""
    if slot.characters:
        return characters_of(value)
    if slot.many:
        found = [_one(item, postgres) for item in value]
        return found if postgres else orjson.dumps(found).decode()
    return _one(value, postgres)


def _one(value: Any, postgres: bool) -> Any:
    if not postgres:
        return plain(value)
    return as_uuid(value) if isinstance(value, UUID) else value
