"""Ladders in a statement: which rung each row stands on, and what a cell then says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from authz import Actor, Basis, DataClass, Kind, Policy, Rung, Visibility
from desk.gate.predicates import EVERYTHING, NOTHING, Predicates


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
    place: str = ""

    def standing_on(self, *visibilities: Visibility) -> list[int]:
        return [number for number, rung in enumerate(self.rungs) if rung.visibility in visibilities]

    def choose(self, said: Callable[[Rung], str]) -> str:
        """SQL: what is said of the rung that the row stands on."""
        numbers: dict[str, list[int]] = {}
        for number, rung in enumerate(self.rungs):
            numbers.setdefault(said(rung), []).append(number)
        if len(numbers) == 1:
            return next(iter(numbers))
        *others, (last, _) = sorted(numbers.items(), key=lambda item: (len(item[1]), item[1]))
        whens = " ".join(f"WHEN {among(self.place, found)} THEN {text}" for text, found in others)
        return f"CASE {whens} ELSE {last} END"


def among(place: str, numbers: list[int]) -> str:
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
