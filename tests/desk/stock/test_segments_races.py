"""Two who divide or take back numbers at once come out as if one had come after the other, on every connection."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from uuid import uuid4

import asyncpg
import pytest

from authz import Role
from desk.dialect import is_postgres
from desk.segments import divide, issuer_of, withdraw
from models.segments import NumberSegment
from tests.custody import Custody, person
from tests.desk.stock.dividing import given, line, part, taken_back
from tests.desk.test_people_races import ROUNDS, together

pytestmark = pytest.mark.measure("N4h")


async def live() -> list[tuple[int, int, int]]:
    rows = await NumberSegment.filter(withdrawn_at__isnull=True).order_by("depth", "first_serial")
    return [(row.depth, row.first_serial, row.last_serial) for row in rows]


async def of_product(custody: Custody, who: str, to: str, first: int, last: int):
    desk = await custody.desk(who)
    return divide(
        desk,
        institution_id=custody.place(to).id,
        first=str(first),
        last=str(last),
        product_id=custody.product.id,
    )


async def of_segment(custody: Custody, who: str, segment: NumberSegment, to: str, first: int, last: int):
    desk = await custody.desk(who)
    return divide(
        desk,
        institution_id=custody.place(to).id,
        first=str(first),
        last=str(last),
        segment_id=segment.id,
    )


@pytest.mark.parametrize("turn", ROUNDS)
async def test_overlapping_numbers_are_not_given_to_two_tier1_branches(custody, turn):
    custody.bank.staff["second"] = await person(custody.bank, "second", "第二", Role.HQ_POLICY, "HQ")
    codes = await together(
        await of_product(custody, "officer", "SC", 0, 60), await of_product(custody, "second", "JS", 40, 99)
    )
    assert codes == ["SEGMENT_OVERLAPS"]
    assert await live() in ([(0, 0, 60)], [(0, 40, 99)])


@pytest.mark.parametrize("turn", ROUNDS)
async def test_many_parts_of_one_segment_at_once_stay_apart(custody, turn):
    """Ten that each overlap the next: whoever comes out, no two of them share a number."""
    top = await given(custody, 0, 999)
    acts = [
        await of_segment(custody, "pan", top, ("CD", "MY")[one % 2], 10 * one, 10 * one + 14)
        for one in range(10)
    ]
    codes = await together(*acts)
    parts = [it for it in await live() if it[0] == 1]
    assert set(codes) == {"SEGMENT_OVERLAPS"}
    assert len(parts) + len(codes) == 10
    assert all(one[2] < other[1] for one, other in pairwise(parts))


@pytest.mark.parametrize("turn", ROUNDS)
async def test_parts_that_share_no_number_are_given_side_by_side(custody, turn):
    top = await given(custody, 0, 999)
    assert (
        await together(
            await of_segment(custody, "pan", top, "CD", 0, 99),
            await of_segment(custody, "pan", top, "MY", 100, 199),
        )
        == []
    )


@pytest.mark.parametrize("turn", ROUNDS)
async def test_a_segment_is_not_divided_while_it_is_taken_back(custody, turn):
    top = await given(custody, 0, 999)
    branch = await part(custody, top, 0, 99)
    pan = await custody.desk("pan")
    codes = await together(
        await of_segment(custody, "wu", branch, "CDW", 0, 9), withdraw(pan, segment_id=branch.id)
    )
    assert codes in (["SEGMENT_WITHDRAWN"], ["SEGMENT_DIVIDED"])
    assert await live() == [(0, 0, 999), *([] if "SEGMENT_WITHDRAWN" in codes else [(1, 0, 99), (2, 0, 9)])]


@pytest.mark.parametrize("turn", ROUNDS)
async def test_a_segment_is_taken_back_once(custody, turn):
    top = await given(custody, 0, 999)
    acts = [withdraw(await custody.desk("officer"), segment_id=top.id) for _ in range(3)]
    assert await together(*acts) == ["SEGMENT_WITHDRAWN"] * 2


@pytest.mark.parametrize("turn", ROUNDS)
async def test_the_issuer_is_told_while_numbers_change_hands(custody, turn):
    """Before or after, and never nobody: a segment is there or its parent is."""
    _, _, centre = await line(custody)
    number = custody.product.number(2_500)
    desks = [await custody.desk("lin") for _ in range(12)]
    found, _ = await asyncio.gather(
        asyncio.gather(*[issuer_of(desk, number) for desk in desks]), taken_back(custody, centre, "wu")
    )
    assert {one.institution_id for one in found} <= {custody.place("CDW").id, custody.place("CD").id}


INSERT = (
    "INSERT INTO number_segment (id, product_id, first_serial, last_serial, institution_id, parent_id, depth, divided_at,"
    " divided_by_id) VALUES ($1, $2, $3, $4, $5, $6, $7, now(), $8)"
)
WITHDRAW = "UPDATE number_segment SET withdrawn_at = now() WHERE id = $1"


class Hands:
    """Two connections that know nothing of the acts and their locks: here the database alone has to hold it."""

    def __init__(self, custody: Custody, top: NumberSegment) -> None:
        self.custody, self.top = custody, top

    def child(self, first: int, last: int) -> tuple[object, ...]:
        place, by = self.custody.place("CD").id, self.custody.bank.staff["pan"].id
        return (uuid4(), self.top.product_id, first, last, place, self.top.id, 1, by)


@pytest.fixture
async def two(db, custody):
    if not is_postgres():
        pytest.skip("SQLite writes one transaction at a time")
    one, other = await asyncpg.connect(db), await asyncpg.connect(db)
    yield one, other
    await one.close()
    await other.close()


async def waits_then(first: asyncpg.Connection, second) -> str:
    """The second statement waits for the first transaction; what comes of it when that commits."""
    waiting = asyncio.ensure_future(second)
    await asyncio.sleep(0.2)
    assert not waiting.done()
    await first.execute("COMMIT")
    (outcome,) = await asyncio.gather(waiting, return_exceptions=True)
    return "" if isinstance(outcome, str) else str(outcome)


async def test_the_database_lets_nobody_divide_what_is_being_withdrawn(custody, two):
    one, other = two
    hands = Hands(custody, await given(custody, 0, 999))
    await one.execute("BEGIN")
    await one.execute(WITHDRAW, hands.top.id)
    assert await waits_then(one, other.execute(INSERT, *hands.child(0, 9))) == "ck_segment_inside"
    assert await live() == []


async def test_the_database_lets_nobody_withdraw_what_is_being_divided(custody, two):
    one, other = two
    hands = Hands(custody, await given(custody, 0, 999))
    await one.execute("BEGIN")
    await one.execute(INSERT, *hands.child(0, 9))
    assert await waits_then(one, other.execute(WITHDRAW, hands.top.id)) == "ck_segment_stays"
    assert await live() == [(0, 0, 999), (1, 0, 9)]


async def test_the_database_lets_no_two_hold_one_number(custody, two):
    one, other = two
    hands = Hands(custody, await given(custody, 0, 999))
    await one.execute("BEGIN")
    await one.execute(INSERT, *hands.child(0, 9))
    assert "ex_one_segment" in await waits_then(one, other.execute(INSERT, *hands.child(9, 20)))
    await other.execute(INSERT, *hands.child(10, 20))
    assert await live() == [(0, 0, 999), (1, 0, 9), (1, 10, 20)]


async def test_an_act_that_meets_an_uncommitted_part_is_refused_and_never_fails(custody, two):
    """The one thing that the act cannot see is there before it: it waits, and answers CONFLICT."""
    one, _ = two
    hands = Hands(custody, await given(custody, 0, 999))
    await one.execute("BEGIN")
    await one.execute(INSERT, *hands.child(0, 9))
    waiting = asyncio.ensure_future(
        together(await of_segment(custody, "pan", hands.top, "CD", 5, 20)),
    )
    await asyncio.sleep(0.3)
    await one.execute("COMMIT")
    assert await waiting in (["SEGMENT_OVERLAPS"], ["CONFLICT"])
    assert await live() == [(0, 0, 999), (1, 0, 9)]
