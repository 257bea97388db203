"""A statement whose values are still to come: each parameter is a slot that says where its value is taken from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import orjson

from desk.dialect import Statement, as_uuid, plain
from desk.gate.profile import SETS, Fact, Profile
from desk.selection import Param
from desk.sights.searching import characters_of
from desk.sights.sight import NOW, TODAY


@dataclass(frozen=True, slots=True)
class Now:
    """The moment of the desk."""


@dataclass(frozen=True, slots=True)
class Today:
    """The business day of the desk."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the fence compares: epoch, tree_epoch, policy_version, session_id."""

    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A value of a cursor: of which level, and which of its order columns."""

    level: int
    key: int


Source: TypeAlias = Fact | Now | Today | Mark | Param | Place
SOURCES = (Fact, Now, Today, Mark, Param, Place)
POSTGRES_PLACE, SQLITE_PLACE = re.compile(r"\$([0-9]+)"), re.compile(r"\?([0-9]+)")
MARK_CASTS = {"session_id": "uuid", "policy_version": "text", "epoch": "bigint", "tree_epoch": "bigint"}


@dataclass(frozen=True, slots=True)
class Slot:
    """One parameter: where its value comes from; `many` of them as one array, or the characters of a text as one."""

    source: Source
    many: bool = False
    characters: bool = False


class Slots(Statement):
    """Writes parameters for sources, and for the symbols of a profile's stand-in."""

    def __init__(self, postgres: bool, profile: Profile) -> None:
        super().__init__(postgres)
        self.profile = profile
        self.texts: dict[object, str] = {}
        """Symbols that stand for a column of a row further out, in place of a value."""
        self._slots: dict[tuple[Slot, str], str] = {}

    def bind(self, value: Any, cast: str = "") -> str:
        source = value if isinstance(value, SOURCES) else self.profile.facts.get(value)
        if source is not None:
            return self.slot(Slot(source), cast or _cast(source))
        return super().bind(value, cast)

    def slot(self, slot: Slot, cast: str) -> str:
        place = self._slots.get((slot, cast))
        if place is None:
            self.values.append(slot)
            number = len(self.values)
            place = f"${number}::{cast}" if self.postgres else f"?{number}"
            self._slots[slot, cast] = place
        return place

    def used_in(self, text: str) -> tuple[str, tuple[Any, ...]]:
        """The finished text and its parameters, numbered anew without those of conditions that were left out.

        Derived columns say NOW where they mean the moment of the desk, and TODAY where its business day: these become
        the parameters that they are elsewhere.

        Both databases refuse a parameter that no place of the text takes.
        """
        for said, source in ((NOW, Now()), (TODAY, Today())):
            if said in text:
                text = text.replace(said, self.bind(source))
        place = POSTGRES_PLACE if self.postgres else SQLITE_PLACE
        used = sorted({int(number) for number in place.findall(text)})
        if len(used) < len(self.values):
            numbers = {old: new for new, old in enumerate(used, start=1)}
            text = place.sub(lambda found: f"{found[0][0]}{numbers[int(found[1])]}", text)
        return text, tuple(self.values[number - 1] for number in used)

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
