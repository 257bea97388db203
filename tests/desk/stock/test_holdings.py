"""Holdings in ranges, against a book that has a line for every number: taken, laid and joined in any order."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.transactions import in_transaction

from authz import Policy
from desk.stock.holdings import NotInStock, Place, first_known, must_be_there, put, take
from models.comparing import without
from models.custody import StockState
from models.database import database
from models.serials import Range, compact, joined
from models.stock import StockHolding
from tests.conftest import NOW, need
from tests.copies import Place as Copies
from tests.copies import on_postgres, on_sqlite
from tests.custody import Custody
from tests.databases import Postgres
from tests.desk.stock.machine_model import runs

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "30"))
FAR = 900_000
"""Numbers of which nothing is tried."""
PLACES = 5
numbers = st.sets(st.integers(0, 30), min_size=1, max_size=9)
steps = st.lists(
    st.tuples(st.sampled_from(["put", "put", "take"]), st.integers(0, PLACES - 1), numbers), max_size=14
)


class Undone(Exception):
    """Every example begins with the same bank."""


class Naive:
    """Which number is where, one by one."""

    def __init__(self, custody: Custody, movements: list[Any]) -> None:
        branch, centre = custody.place("SC").id, custody.place("CDW").id
        self.product_id = custody.product.id
        self.movements = movements
        self.places = [
            Place(branch, StockState.IN_STOCK),
            Place(branch, StockState.SPOILED),
            Place(centre, StockState.IN_STOCK),
            *(Place(branch, StockState.IN_TRANSIT, "IN_STOCK", centre, one) for one in movements),
        ]
        self.lies: dict[int, Place] = {}

    async def put(self, place: Place, wanted: set[int]) -> None:
        wanted = wanted - self.lies.keys()
        if wanted:
            by = place.movement_id or self.movements[0]
            await put(self.product_id, ranges(wanted), place, movement_id=by, now=NOW)
            self.lies |= dict.fromkeys(wanted, place)

    async def take(self, place: Place, wanted: set[int]) -> None:
        there = {number for number, lies in self.lies.items() if lies == place}
        wanted = wanted & there or wanted
        missing = sorted(wanted - there)
        for act in (must_be_there, take):
            with pytest.raises(NotInStock) if missing else contextlib.nullcontext() as refused:
                await act(self.product_id, ranges(wanted), place)
            assert not missing or f"{missing[0]:012}" in str(refused.value)
        self.lies = {number: lies for number, lies in self.lies.items() if missing or number not in wanted}

    async def agrees(self) -> None:
        """Number by number, and in as few ranges as it takes, save for what is under way."""
        held = await StockHolding.filter(product_id=self.product_id, first_serial__lt=FAR)
        found: dict[int, Place] = {}
        for row in held:
            under_way = row.state == StockState.IN_TRANSIT
            by = row.movement_id if under_way else None
            place = Place(row.institution_id, StockState(row.state), row.was, row.to_institution_id, by)
            assert row.quantity == row.last_serial - row.first_serial + 1
            found |= dict.fromkeys(range(row.first_serial, row.last_serial + 1), place)
        assert found == self.lies
        assert sum(row.quantity for row in held) == len(found)
        ends = {(row.institution_id, row.state, row.last_serial + 1) for row in held}
        begins = {(row.institution_id, row.state, row.first_serial) for row in held}
        assert not {one for one in ends & begins if one[1] != StockState.IN_TRANSIT}


def ranges(wanted: set[int]) -> list[Range]:
    """One by one, so that the joining is theirs to do."""
    return [Range(number, number) for number in wanted]


async def prepared(place: Copies, stack: AsyncExitStack) -> tuple[Custody, list[Any]]:
    url = await place.copy()
    stack.push_async_callback(place.drop, url)
    await stack.enter_async_context(database(url, pool=2))
    custody = await Custody.begin(place.story.bank, place.story.policy)
    return custody, [(await custody.stocked((FAR + n, FAR + n))).id for n in range(2)]


async def in_vain(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with contextlib.suppress(Undone):
        async with in_transaction():
            await work()
            raise Undone


def drive(place: Copies, examples: int) -> None:
    stack = AsyncExitStack()
    custody, movements = place.runner.run(prepared(place, stack))

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps, numbers)
    def tried(told: list[tuple[str, int, set[int]]], asked: set[int]) -> None:
        naive = Naive(custody, movements)

        async def work() -> None:
            for act, at, wanted in told:
                await getattr(naive, act)(naive.places[at], wanted)
                await naive.agrees()
            known = min(asked & naive.lies.keys(), default=None)
            assert await first_known(naive.product_id, ranges(asked)) == known

        place.runner.run(in_vain(work))

    try:
        tried()
    finally:
        place.runner.run(stack.aclose())


@pytest.fixture
def sqlite(policy: Policy, sqlite_template: Path, tmp_path: Path) -> Iterator[Copies]:
    with on_sqlite(policy, sqlite_template, tmp_path) as place:
        yield place


@pytest.mark.measure("N4d")
def test_every_number_is_where_it_was_laid_on_sqlite(sqlite: Copies) -> None:
    drive(sqlite, 3 * EXAMPLES)


@pytest.mark.postgres
@pytest.mark.measure("N4d")
def test_every_number_is_where_it_was_laid_on_postgres(policy: Policy, postgres: Postgres | None) -> None:
    with on_postgres(policy, need(postgres)) as place:
        drive(place, EXAMPLES)


@given(st.sets(st.integers(0, 60), min_size=1), st.sets(st.integers(0, 60), min_size=1))
def test_lists_joined_and_taken_out_of_each_other_are_what_they_are_by_number(
    one: set[int], other: set[int]
) -> None:
    assert joined(ranges(one)) == [Range(*run) for run in runs(one)]
    assert without(compact(ranges(one)), compact(ranges(other))) == [Range(*run) for run in runs(one - other)]
