"""Number segments over drawn histories: inside each other and apart, and whose a number is as a plain walk finds it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.transactions import in_transaction

from authz import Role
from desk.segments import divide, issuer_of, withdraw
from models.errors import Refusal
from models.paths import stands_under
from models.segments import NumberSegment
from tests.custody import Custody, person

pytestmark = pytest.mark.measure("N4h")

DRAWN = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LAST = 30
PLACES = ("SC", "JS", "CD", "MY", "NJ", "CDW", "CDJ", "CDO")
OFFICERS = {"SC": "pan", "CD": "wu", "JS": "pb_js", "MY": "pb_my", "NJ": "pb_nj", "CDJ": "pb_cdj"}

PAIRS = st.tuples(st.integers(0, LAST), st.integers(0, LAST)).map(sorted)
GIVEN = st.tuples(st.just("give"), st.sampled_from(PLACES), PAIRS)
PARTS = st.tuples(st.just("part"), st.sampled_from(PLACES), PAIRS, st.integers(0, 9))
BACK = st.tuples(st.just("back"), st.integers(0, 9))
HISTORIES = st.lists(GIVEN | PARTS | PARTS | BACK, min_size=1, max_size=14)


class Undo(Exception):
    """Nothing of this example stays for the next."""


@dataclass(slots=True)
class Told:
    """What the plain model knows of a segment."""

    id: UUID
    place: str
    first: int
    last: int
    parent: Told | None
    held: bool = True

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else self.parent.depth + 1


class Plain:
    """The rules once more, by walking over everything."""

    def __init__(self, custody: Custody) -> None:
        self.custody = custody
        self.told: list[Told] = []

    def below(self, place: str, above: str) -> bool:
        path, top = self.custody.place(place).path, self.custody.place(above).path
        return path != top and stands_under(path, top)

    def taken(self, depth: int, first: int, last: int) -> bool:
        return any(
            it.held and it.depth == depth and it.first <= last and first <= it.last for it in self.told
        )

    def giving(self, to: str, first: int, last: int) -> str:
        if to not in ("SC", "JS"):
            return "SEGMENT_NOT_BELOW"
        return "SEGMENT_OVERLAPS" if self.taken(0, first, last) else ""

    def parting(self, of: Told, to: str, first: int, last: int) -> str:
        if not self.below(to, of.place):
            return "SEGMENT_NOT_BELOW"
        if not of.held:
            return "SEGMENT_WITHDRAWN"
        if not of.first <= first <= last <= of.last:
            return "SEGMENT_OUTSIDE"
        return "SEGMENT_OVERLAPS" if self.taken(of.depth + 1, first, last) else ""

    def taking_back(self, of: Told) -> str:
        if not of.held:
            return "SEGMENT_WITHDRAWN"
        return "SEGMENT_DIVIDED" if any(it.held and it.parent is of for it in self.told) else ""

    def issuer(self, serial: int) -> UUID | None:
        holding = [it for it in self.told if it.held and it.first <= serial <= it.last]
        deepest = max(holding, key=lambda it: it.depth, default=None)
        return self.custody.place(deepest.place).id if deepest else None


class Written:
    """The same history through the acts."""

    def __init__(self, custody: Custody) -> None:
        self.custody, self.plain = custody, Plain(custody)

    async def step(self, step: tuple) -> None:
        match step:
            case ("give", to, (first, last)):
                await self.give(to, first, last, None)
            case ("part", to, (first, last), nth) if of := self.nth(nth):
                if of.place in OFFICERS:
                    await self.give(to, first, last, of)
            case ("back", nth) if of := self.nth(nth):
                await self.take_back(of)

    def nth(self, nth: int) -> Told | None:
        told = self.plain.told
        return told[nth % len(told)] if told else None

    async def give(self, to: str, first: int, last: int, of: Told | None) -> None:
        plain, custody = self.plain, self.custody
        expected = plain.parting(of, to, first, last) if of else plain.giving(to, first, last)
        desk = await custody.desk(OFFICERS[of.place] if of else "officer")
        named = {"segment_id": of.id} if of else {"product_id": custody.product.id}
        place = custody.place(to).id
        found = await outcome(
            divide(desk, institution_id=place, first=str(first), last=str(last), **named), expected
        )
        if found is not None:
            plain.told.append(Told(found.id, to, first, last, of))

    async def take_back(self, of: Told) -> None:
        desk = await self.custody.desk(OFFICERS[of.parent.place] if of.parent else "officer")
        if await outcome(withdraw(desk, segment_id=of.id), self.plain.taking_back(of)) is not None:
            of.held = False


async def outcome(work, expected: str) -> NumberSegment | None:
    """The segment, or None where the act was refused as the plain model has it."""
    found, code = None, ""
    try:
        found = await work
    except Refusal as refused:
        code = refused.code
    assert code == expected
    return found


async def must_lie_well() -> None:
    held = {row.id: row for row in await NumberSegment.filter(withdrawn_at__isnull=True)}
    for row in held.values():
        if row.parent_id is not None:
            parent = held[row.parent_id]
            assert parent.depth == row.depth - 1
            assert parent.first_serial <= row.first_serial <= row.last_serial <= parent.last_serial
        others = [it for it in held.values() if it.depth == row.depth and it.id != row.id]
        assert all(it.last_serial < row.first_serial or row.last_serial < it.first_serial for it in others)


@pytest.fixture
async def staffed(custody):
    for place, name in OFFICERS.items():
        if name not in custody.bank.staff:
            custody.bank.staff[name] = await person(custody.bank, name, name, Role.PB_OFFICER, place)
    return custody


@DRAWN
@given(history=HISTORIES)
async def test_whatever_is_divided_every_number_has_the_issuer_that_a_walk_finds(staffed, history):
    with contextlib.suppress(Undo):
        async with in_transaction():
            written = Written(staffed)
            for step in history:
                await written.step(step)
            await must_lie_well()
            desk = await staffed.desk("teller")
            for serial in range(LAST + 2):
                found = await issuer_of(desk, staffed.product.number(serial))
                assert found.institution_id == written.plain.issuer(serial), serial
            raise Undo
