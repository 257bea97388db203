"""Two worker processes on one PostgreSQL, forty attempts at the same moment, round after round: 0 violations (Notice 4).

RACE_ROUNDS is how many rounds, shared out among the contests; each has all forty at one thing. Whoever comes second is refused, and nothing else: no error that nobody
foresaw, no deadlock that somebody sees. At the end every row of the stock is read and must balance.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import AsyncGenerator
from itertools import pairwise
from uuid import UUID

import pytest

from authz import Policy, Role
from desk.desk import adopt
from models.cards import Card
from models.custody import MovementKind, StocktakeState
from models.database import database
from models.movements import StockMovement
from models.segments import NumberSegment
from models.serials import Range
from models.stock import StockHolding
from models.stocktakes import Stocktake, StocktakeLine
from tests.cast import build, staff_member
from tests.conftest import NOW, need
from tests.custody import Custody, line, person, post
from tests.databases import Postgres
from tests.desk.stock import machine_checks as checks
from tests.desk.stock.races_prepared import Arena
from tests.desk.stock.racing import Outcome, Racers
from tests.story import Story
from tests.summary import RecordProperty

CONTESTS = 10
ROUNDS = -(-int(os.environ.get("RACE_ROUNDS", "100")) // CONTESTS)
pytestmark = pytest.mark.postgres
SECOND = dt.timedelta(seconds=1)
WIDTH = 16
"""Numbers of one round."""
RANGES = 8
"""Contests that have cards which the branch has received."""
BEHIND = {"WRONG_STATE", "STALE_VERSION"}
"""Too late: somebody else has signed, posted, altered or ended it."""
VOID, ADJUST, OUT, RECEIPT = (
    MovementKind.VOID,
    MovementKind.ADJUST,
    MovementKind.ALLOCATE_OUT,
    MovementKind.RECEIPT,
)


@pytest.fixture(scope="module")
async def arena(policy: Policy, postgres: Postgres | None) -> AsyncGenerator[Arena]:
    server = need(postgres)
    name = await server.create()
    try:
        async with database(server.url(name)):
            await adopt(policy)
            custody = await Custody.begin(await build(NOW), policy)
            await people(custody)
            racers = await Racers.start(server.url(name))
            arena = Arena(custody, racers, lambda name, value: None)
            try:
                yield arena
            finally:
                await racers.close()
            await checks.check(await checks.read_book())
    finally:
        await server.drop(name)


@pytest.fixture(autouse=True)
def counted(arena: Arena, record_property: RecordProperty) -> None:
    """What each test runs, for the last lines of the whole run."""
    arena.ran = arena.racers.attempts = 0
    arena.record = record_property


async def people(custody: Custody) -> None:
    """Ku's second number, a second supervisor of his, two members, and cards at the branch and its centre."""
    bank = custody.bank
    bank.staff["ku2"] = await staff_member("ku2", "顾库", await bank.staff["ku"].person)
    await post(bank, bank.staff["ku2"], Role.CARD_SUPERVISOR, "SC")
    bank.staff["xu"] = await person(bank, "xu", "许副", Role.CARD_SUPERVISOR, "SC")
    for supervisor in ("ku2", "xu"):
        await line(bank, supervisor, "ku")
    for customer in ("zhou", "qian"):
        member = await Story(bank, custody.policy).member(customer)
        member.tier = custody.product.tier
        await member.save()
    many = ROUNDS * WIDTH
    await custody.stocked((0, RANGES * many - 1), quantity=RANGES * many)
    bank.now += SECOND
    sent = await custody.sent((0, 3 * many - 1))
    bank.now += SECOND
    await custody.posted(await custody.counted(sent, (0, 3 * many - 1)), ("he", "zhao"))


def numbers(contest: int, turn: int, first: int = 0, last: int = WIDTH - 1) -> Range:
    """Those of one round of one contest. The first three are of the centre's stock, the others of the branch's."""
    at = (contest * ROUNDS + turn) * WIDTH
    return Range(at + first, at + last)


def codes(outcomes: list[Outcome], *expected: str) -> int:
    """How many were done. All others were refused for a reason that is expected."""
    found = Counter(outcome.code for outcome in outcomes)
    assert found.keys() <= {"OK", *BEHIND, *expected}, found
    return found["OK"]


@pytest.mark.measure("N4d", "N4f")
async def test_one_number_is_not_moved_by_two_lists(arena: Arena) -> None:
    parts = ((VOID, 0, 9), (OUT, 5, 14), (ADJUST, 3, 12), (VOID, 9, 9))
    to = {"other_id": arena.custody.place("CDW").id}
    made = [
        await arena.papers(
            kind,
            [numbers(3, turn, first, last) for turn in range(ROUNDS)],
            **(to if kind is OUT else {"reason": "race"}),
        )
        for kind, first, last in parts
    ]
    for papers in zip(*made, strict=True):
        done = codes(
            await arena.race(
                [arena.signing("countersign", "jian", paper) for paper in papers for _ in range(10)]
            ),
            "NOT_IN_STOCK",
        )
        assert done == 1
        assert await StockMovement.filter(id__in=[paper.id for paper in papers], state="POSTED").count() == 1


@pytest.mark.measure("N4d", "N4i")
async def test_one_number_is_not_issued_to_two_customers(arena: Arena) -> None:
    for turn in range(ROUNDS):
        number = arena.custody.product.number(numbers(0, turn).first)
        attempts = [
            arena.attempt("draft_card_issue", "he", card_id=card.id, version=card.version, number=number)
            for card in await arena.requests()
            for _ in range(20)
        ]
        assert codes(await arena.race(attempts), "NUMBER_USED", "CONFLICT") == 1
        assert await Card.filter(number=number).count() == 1


@pytest.mark.measure("N4f")
async def test_one_list_is_not_posted_twice(arena: Arena) -> None:
    for paper in await arena.papers(VOID, [numbers(4, turn) for turn in range(ROUNDS)], reason="race"):
        before = (await arena.custody.account()).spoiled
        attempts = [arena.signing("countersign", who, paper) for who in ("jian", "xu") for _ in range(20)]
        assert codes(await arena.race(attempts)) == 1
        assert (await arena.custody.account()).spoiled == before + WIDTH


@pytest.mark.measure("N4f")
async def test_nobody_approves_himself_under_another_number(arena: Arena) -> None:
    papers = await arena.papers(
        VOID, [numbers(5, turn) for turn in range(ROUNDS)], reason="race", signed=False
    )
    for paper in papers:
        seen = {"movement_id": paper.id}
        attempts = [arena.signing("sign", "ku", paper) for _ in range(14)]
        attempts += [arena.attempt("countersign", "ku2", **seen, version=1 + n % 2) for n in range(26)]
        assert codes(await arena.race(attempts), "MOVEMENT_SIGNED_BY_ONE") == 1
        assert (await StockMovement.get(id=paper.id)).state == "SIGNED"


@pytest.mark.measure("N4d")
async def test_one_number_is_not_received_twice(arena: Arena) -> None:
    made = []
    for who, place, first, last in (("ku", "SC", 0, 9), ("qi", "NJW", 5, 14), ("ku", "SC", 9, 9)):
        order = await arena.custody.order(ROUNDS * WIDTH, place)
        lists = [numbers(RANGES, turn, first, last) for turn in range(ROUNDS)]
        made.append(await arena.papers(RECEIPT, lists, place, who, order_id=order.id))
    for papers in zip(*made, strict=True):
        attempts = [
            arena.signing("countersign", who, paper)
            for who, paper in zip(("jian", "yue", "jian"), papers, strict=True)
            for _ in range(13)
        ]
        assert codes(await arena.race([*attempts, attempts[0]]), "NUMBER_KNOWN") == 1


@pytest.mark.measure("N4f")
async def test_a_transfer_is_taken_in_once_or_reversed_once(arena: Arena) -> None:
    lists = [numbers(6, turn) for turn in range(ROUNDS)]
    papers = await arena.papers(OUT, lists, other_id=arena.custody.place("CDW").id)
    sent = [await arena.custody.countersign(paper) for paper in papers]
    arrivals, reversals = await arena.arrivals(sent), await arena.reversals(sent)
    for arrival, back in zip(arrivals, reversals, strict=True):
        attempts = [arena.signing("countersign", "zhao", arrival) for _ in range(20)]
        attempts += [arena.signing("countersign", "jian", back) for _ in range(20)]
        assert codes(await arena.race(attempts), "NOT_REVERSIBLE") == 1


@pytest.mark.measure("N4f")
async def test_what_is_edited_is_not_posted_as_it_was(arena: Arena) -> None:
    lists = [numbers(7, turn) for turn in range(ROUNDS)]
    for one, paper in zip(lists, await arena.papers(VOID, lists, reason="race"), strict=True):
        anew = [[str(one.first), str(one.first)]]
        attempts = [arena.signing("edit", "ku", paper, ranges=anew) for _ in range(20)]
        attempts += [arena.signing("countersign", "jian", paper) for _ in range(20)]
        assert codes(await arena.race(attempts)) == 1
        row = await StockMovement.get(id=paper.id)
        assert (row.state, row.quantity) in (("POSTED", WIDTH), ("DRAFT", 1))


@pytest.mark.measure("N4f")
async def test_transfers_that_cross_each_other_both_arrive(arena: Arena) -> None:
    down = await arena.papers(
        OUT, [numbers(3, turn, 15, 15) for turn in range(ROUNDS)], other_id=arena.custody.place("CDW").id
    )
    up = await arena.papers(
        OUT, [numbers(1, turn) for turn in range(ROUNDS)], "CDW", "he", other_id=arena.custody.place("SC").id
    )
    for papers in zip(down, up, strict=True):
        attempts = [
            arena.signing("countersign", who, paper)
            for who, paper in zip(("jian", "zhao"), papers, strict=True)
            for _ in range(20)
        ]
        assert codes(await arena.race(attempts)) == 2


@pytest.mark.measure("N4k")
async def test_nothing_moves_between_the_book_and_the_count(arena: Arena) -> None:
    lists = [[numbers(2, turn, part, part) for turn in range(ROUNDS)] for part in range(4)]
    made = [await arena.papers(VOID, one, "CDW", "he", reason="race") for one in lists]
    counted = {
        "institution_id": arena.custody.place("CDW").id,
        "product_id": arena.custody.product.id,
        "kind": "SURPRISE",
        "first_counter_id": arena.person("han").id,
        "second_counter_id": arena.person("he").id,
    }
    for papers in zip(*made, strict=True):
        attempts = [arena.signing("countersign", "zhao", paper) for paper in papers for _ in range(8)]
        attempts += [arena.attempt("open_stocktake", "wu", **counted) for _ in range(8)]
        outcomes = await arena.race(attempts)
        done = codes(outcomes, "STOCK_BEING_COUNTED", "STOCKTAKE_OPEN")
        opened = [UUID(it.id) for it in outcomes[32:] if it.code == "OK"]
        assert len(opened) == 1
        assert await StockMovement.filter(id__in=[it.id for it in papers], state="POSTED").count() == done - 1
        written = await StocktakeLine.filter(stocktake_id=opened[0]).values_list(
            "first_serial", "last_serial"
        )
        held = StockHolding.filter(institution_id=counted["institution_id"]).exclude(state="IN_TRANSIT")
        assert sorted(written) == sorted(await held.values_list("first_serial", "last_serial"))
        await Stocktake.filter(id=opened[0]).update(state=StocktakeState.CALLED_OFF)


@pytest.mark.measure("N4h")
async def test_segments_do_not_overlap(arena: Arena) -> None:
    told = {"institution_id": arena.custody.place("SC").id, "product_id": arena.custody.product.id}
    for turn in range(ROUNDS):
        attempts = [
            arena.attempt(
                "divide",
                "officer",
                **told,
                first=str(1_000 * turn + 7 * n),
                last=str(1_000 * turn + 7 * n + 15),
            )
            for n in range(40)
        ]
        done = codes(await arena.race(attempts), "SEGMENT_OVERLAPS", "SEGMENT_IN_USE")
        rows = await NumberSegment.filter(first_serial__gte=1_000 * turn).order_by("first_serial")
        assert len(rows) == done >= 1
        assert all(one.last_serial < other.first_serial for one, other in pairwise(rows))
