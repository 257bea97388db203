"""Ladders in a statement: which rung each row stands on, and what a cell then says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from authz import Actor, Basis, DataClass, Kind, Policy, ReasonCode, Rung, Visibility
from desk.gate.predicates import EVERYTHING, NOTHING, Predicates

Shares: TypeAlias = tuple[tuple[Visibility, tuple[int, ...]], ...]
"""The rungs of a ladder by number, those together that show the same."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whose eyes, resting on what; `when` is SQL about a row further out, empty for always.

    Outlooks come in order and the first that applies decides; the last always applies. There is more than one only
    below an open case, which is a basis for who decides it (domain.md 5.3).
    """

    when: str
    actor: Actor
    bases: frozenset[Basis]

    def ladder(self, policy: Policy, kind: Kind, data_class: DataClass, purposeful: bool) -> tuple[Rung, ...]:
        return policy.profile(self.actor, kind, data_class, self.bases, purposeful)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of a class for the rows of one level; `place` is SQL for the number of a row's rung, if it varies."""

    rungs: tuple[Rung, ...]
    shares: Shares
    place: str = ""

    def shows(self) -> bool:
        """Whether some row of the level shows something of the class, be it masked."""
        return any(visibility is not Visibility.WITHHELD for visibility, _ in self.shares)

    def choose(self, said: Callable[[Visibility], str]) -> str:
        """SQL: what is said of the visibility of the rung that the row stands on."""
        if len(self.shares) == 1:
            return said(self.shares[0][0])
        return self._chosen([(said(visibility), numbers) for visibility, numbers in self.shares])

    def choose_reason(self, said: Callable[[ReasonCode | None], str]) -> str:
        """SQL: what is said of the rung's reason."""
        return self._chosen([(said(rung.reason), (number,)) for number, rung in enumerate(self.rungs)])

    def _chosen(self, said: list[tuple[str, tuple[int, ...]]]) -> str:
        numbers: dict[str, tuple[int, ...]] = {}
        for text, found in said:
            numbers[text] = tuple(sorted((*numbers[text], *found))) if text in numbers else found
        if len(numbers) == 1:
            return said[0][0]
        *others, (last, _) = sorted(numbers.items(), key=_fewest_first)
        whens = " ".join([f"WHEN {among(self.place, found)} THEN {text}" for text, found in others])
        return f"CASE {whens} ELSE {last} END"


def shares_of(rungs: tuple[Rung, ...]) -> Shares:
    """The numbers of the rungs by what they show, in the order of the first of each."""
    found: dict[Visibility, list[int]] = {}
    for number, rung in enumerate(rungs):
        found.setdefault(rung.visibility, []).append(number)
    return tuple([(visibility, tuple(numbers)) for visibility, numbers in found.items()])


def _fewest_first(said: tuple[str, tuple[int, ...]]) -> tuple[int, tuple[int, ...]]:
    return len(said[1]), said[1]


def among(place: str, numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"{place} = {numbers[0]}"
    return f"{place} IN ({', '.join(map(str, numbers))})"


def first_that_applies(found: Iterable[tuple[str, str]]) -> str:
    """SQL by outlook: one text where all say the same."""
    pairs = list(found)
    if len(pairs) == 1 or len({text for _, text in pairs}) == 1:
        return pairs[0][1]
    *others, (_, last) = pairs
    whens = " ".join(f"WHEN {when} THEN {text}" for when, text in others)
    return f"CASE {whens} ELSE {last} END"


def stands_on(predicates: Predicates, rungs: tuple[Rung, ...], wanted: list[int]) -> str:
    """SQL: the row stands on one of these rungs."""
    if not wanted:
        return NOTHING
    if len(wanted) == len(rungs):
        return EVERYTHING
    if wanted == list(range(len(wanted))):
        # The first so many rungs: one of them holds. Written so that an index can find the rows.
        alternatives = [
            " AND ".join(predicates.reach(reach) for reach in rungs[number].when) for number in wanted
        ]
        return f"({' OR '.join(alternatives)})"
    return among(f"({predicates.ladder(rungs)})", wanted)


def visible(rungs: tuple[Rung, ...], *also: Visibility) -> list[int]:
    wanted = {Visibility.VISIBLE, *also}
    return [number for number, rung in enumerate(rungs) if rung.visibility in wanted]
