"""Ladders in a statement: which rung each row stands on, and what a cell then says."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from authz import Actor, Basis, DataClass, Kind, Policy, ReasonCode, Rung, Visibility
from desk.gate.predicates import EVERYTHING, NOTHING, Predicates
from desk.value import value

T = TypeVar("T")
Called: TypeAlias = Callable[[str], str]
"""What a column's SQL is called in the place where it is written."""
PLACE, HOLES = "\x01", ("\x02", "\x03")
"""What stands in a text for the number of a row's rung, and for its columns, until it is put into a statement."""
BLANKS_KEPT = 1024


@dataclass(frozen=True, slots=True)
class Shares(Generic[T]):
    """What the rungs of a ladder say, those together that say the same."""

    said: tuple[T, ...]
    numbers: tuple[tuple[int, ...], ...]
    """The rungs of each."""
    order: tuple[int, ...]
    """Which is asked for first: the fewest rungs. The last is what remains."""
    tests: tuple[str, ...]
    """SQL that a rung's number is one of these, without the number."""

    @staticmethod
    def of(by_rung: Iterable[T]) -> Shares[T]:
        """By rung, what it says; the shares are in the order of the first rung of each."""
        found: dict[T, list[int]] = {}
        for number, said in enumerate(by_rung):
            found.setdefault(said, []).append(number)
        numbers = tuple([tuple(each) for each in found.values()])
        order = sorted(range(len(numbers)), key=lambda share: (len(numbers[share]), numbers[share]))
        return Shares(tuple(found), numbers, tuple(order), tuple([among("", each) for each in numbers]))

    def choose(self, place: str, written: Callable[[T], str]) -> str:
        """SQL: what is written of the share that the number in `place` belongs to."""
        texts = [written(said) for said in self.said]
        if len(texts) == 1:
            return texts[0]
        if len(set(texts)) < len(texts):
            by_rung = {
                number: text for text, each in zip(texts, self.numbers, strict=True) for number in each
            }
            return Shares.of([by_rung[number] for number in sorted(by_rung)]).choose(place, lambda text: text)
        *others, last = self.order
        whens = " ".join([f"WHEN {place}{self.tests[share]} THEN {texts[share]}" for share in others])
        return f"CASE {whens} ELSE {texts[last]} END"


@value
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
class Rungs:
    """The rungs of a class, and what was reckoned of them once for all statements of a profile."""

    each: tuple[Rung, ...]
    shows: Shares[Visibility]
    whole: Shares[bool]
    """Whether the value itself is shown."""
    some: Shares[bool]
    """Whether it is, or its mask."""
    why: Shares[ReasonCode | None]
    blanks: dict[Hashable, tuple[str, tuple[str, ...]]] = field(default_factory=dict, compare=False)
    """What was written of them already: texts with holes, and the columns that these stand for."""

    @staticmethod
    def of(each: tuple[Rung, ...]) -> Rungs:
        shows = [rung.visibility for rung in each]
        return Rungs(
            each,
            Shares.of(shows),
            Shares.of([visibility is Visibility.VISIBLE for visibility in shows]),
            Shares.of([visibility is not Visibility.WITHHELD for visibility in shows]),
            Shares.of([rung.reason for rung in each]),
        )


@value
class Ladder:
    """The rungs of a class for the rows of one level; `place` is SQL for the number of a row's rung, if it varies."""

    rungs: Rungs
    place: str = ""

    def shows(self) -> bool:
        """Whether some row of the level shows something of the class, be it masked."""
        return self.rungs.some.said != (False,)

    def once(
        self,
        key: Hashable,
        write: Callable[[Ladder, Called], str],
        called: Called,
    ) -> str:
        """What `write` makes of a ladder and of what columns are called, for all statements of the profile at once."""
        blank = self.rungs.blanks.get(key)
        if blank is None:
            columns: list[str] = []

            def hole(sql: str) -> str:
                if sql not in columns:
                    columns.append(sql)
                return HOLES[columns.index(sql)]

            if len(self.rungs.blanks) >= BLANKS_KEPT:
                self.rungs.blanks.clear()
            blank = self.rungs.blanks[key] = write(Ladder(self.rungs, PLACE), hole), tuple(columns)
        text, names = blank
        for number, sql in enumerate(names):
            text = text.replace(HOLES[number], called(sql))
        return text.replace(PLACE, self.place)

    def choose(self, said: Callable[[Visibility], str]) -> str:
        """SQL: what is said of the visibility of the rung that the row stands on."""
        return self.rungs.shows.choose(self.place, said)

    def whole_or(self, value: Callable[[], str], otherwise: str) -> str:
        """SQL: a value that has no mask, where the row's rung shows it."""
        return self.rungs.whole.choose(self.place, lambda shown: value() if shown else otherwise)

    def some_or(self, found: str, otherwise: str) -> str:
        """SQL: what was found, where the row's rung shows anything of it."""
        return self.rungs.some.choose(self.place, lambda shown: found if shown else otherwise)

    def choose_reason(self, said: Callable[[ReasonCode | None], str]) -> str:
        """SQL: what is said of the rung's reason."""
        return self.rungs.why.choose(self.place, said)


def among(place: str, numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"{place} = {numbers[0]}"
    return f"{place} IN ({', '.join(map(str, numbers))})"


def first_that_applies(pairs: Sequence[tuple[str, str]]) -> str:
    """SQL by outlook: one text where all say the same."""
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
