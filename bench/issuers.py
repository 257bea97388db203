"""Whose a card number is: `issuerOf` over 10,000,000 numbers, in segments and in holdings, and with 100 times fewer of them.

    .venv/bin/python -m bench.issuers [--rounds 5] [--questions 2000] [--only postgresql|sqlite]

31 tier-1 branches, 310 tier-2 branches and 4,960 centres hold 10,000,000 numbers. In the small house each centre has one
segment, in the large one 100; in a second pair of houses nobody has a segment, and as many holdings tell. The database
writes all of it, with every guard in force. A question is a number drawn anew, which the desk answers for a person without
a role. The two houses take turns, so that other work meets both, and their ratio is taken inside each round.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import random
import statistics
import tempfile
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from uuid import UUID

from tortoise.connection import get_connection

from authz import Policy
from bench import houses
from bench.screening import Writer
from bench.tables import spread, table
from desk.desk import Desk, adopt
from desk.segments import issuer_of
from models import vault
from models.database import database, migrate
from models.people import Person, Staff
from models.serials import CardNumber
from models.vocabulary import Tier

NOW = dt.datetime(2026, 2, 3, 2, 0, tzinfo=dt.UTC)
AT = "'2026-02-01 00:00:00+00:00'"
SOMEBODY = UUID("00000000-0000-4000-8000-0000000000bb")
PRODUCT = UUID("00000000-0000-4000-8000-000000000010")
TIER1, TIER2, CENTRES = 31, 310, 4_960
NUMBERS = 10_000_000
TIMES = 100
UNCOUNTED = 20
PLACES = "id, number, code, name, level, kind, parent_id, path, acting_path"
SEGMENTS = (
    "id, product_id, first_serial, last_serial, institution_id, parent_id, depth, divided_at, divided_by_id"
)
HOLDINGS = "id, product_id, first_serial, last_serial, quantity, state, institution_id, movement_id, since"
IN_SEGMENTS, IN_HOLDINGS = "segments", "holdings"
POSTGRES, SQLITE = "PostgreSQL", "SQLite"


@dataclass(slots=True)
class Built:
    """A house, and what the questions of each round took, in milliseconds."""

    url: str
    rows: int
    staff_id: UUID
    took: list[list[float]] = field(default_factory=list)

    def at(self, percent: int) -> float:
        return statistics.quantiles(chain.from_iterable(self.took), n=100)[percent - 1]


def level(w: Writer, part: int, whole: int) -> str:
    """SQL: of `whole` that lie in a row below `part` others, under which one the n-th is."""
    return f"(({w.n} - 1) / {whole // part} + 1)"


async def places(w: Writer) -> None:
    head = w.id(1, "1")
    await w.write(
        "institution", PLACES, f"{head}, 1, 'HQ', 'HQ', 'HEAD_OFFICE', 'BRANCH', NULL, '/1/', '/1/'", 1
    )
    path = "'/1/' || (n + 1) || '/'"
    await w.write(
        "institution",
        PLACES,
        f"{w.id(2, w.n)}, n + 1, 'A' || n, 'A', 'TIER1', 'BRANCH', {head}, {path}, {path}",
        TIER1,
    )
    above = level(w, TIER1, TIER2)
    path = f"'/1/' || ({above} + 1) || '/' || (n + 1000) || '/'"
    await w.write(
        "institution",
        PLACES,
        f"{w.id(3, w.n)}, n + 1000, 'B' || n, 'B', 'TIER2', 'BRANCH', {w.id(2, above)}, {path}, {path}",
        TIER2,
    )
    branch, first = level(w, TIER2, CENTRES), level(w, TIER1, CENTRES)
    acting = f"'/1/' || ({first} + 1) || '/' || ({branch} + 1000) || '/'"
    await w.write(
        "institution",
        PLACES,
        f"{w.id(4, w.n)}, n + 10000, 'C' || n, 'C', 'TIER2', 'WEALTH_CENTRE', {w.id(3, branch)},"
        f" {acting} || (n + 10000) || '/', {acting}",
        CENTRES,
    )


def stretch(w: Writer, many: int) -> str:
    """SQL: first and last of the n-th of so many stretches of all numbers."""
    return f"(({w.n} - 1) * {NUMBERS} / {many}), ({w.n} * {NUMBERS} / {many} - 1)"


async def segments(w: Writer, each: int) -> None:
    """Three levels of them, `each` for a centre."""
    by = f"{AT}, '{SOMEBODY}'"
    for depth, (many, whose) in enumerate(
        ((TIER1, w.n), (TIER2, w.n), (CENTRES * each, level(w, CENTRES, CENTRES * each)))
    ):
        parent = "NULL" if depth == 0 else w.id(5 + depth - 1, level(w, (TIER1, TIER2)[depth - 1], many))
        await w.write(
            "number_segment",
            SEGMENTS,
            f"{w.id(5 + depth, w.n)}, '{PRODUCT}', {stretch(w, many)}, {w.id(2 + depth, whose)}, {parent}, {depth}, {by}",
            many,
        )
        # Else PostgreSQL keeps for its guard the plan that was right for a handful of rows.
        await w.analyse()


async def holdings(w: Writer, each: int) -> None:
    """As many stretches, in stock at the centres; neighbours at different ones, as after years of allotting."""
    many = CENTRES * each
    await w.write(
        "stock_holding",
        HOLDINGS,
        f"{w.id(8, w.n)}, '{PRODUCT}', {stretch(w, many)}, ({w.n} * {NUMBERS} / {many} - ({w.n} - 1) * {NUMBERS} / {many}),"
        f" 'IN_STOCK', {w.id(4, f'({w.n} % {CENTRES} + 1)')}, '{SOMEBODY}', {AT}",
        many,
    )


async def reader() -> UUID:
    """Somebody without a role."""
    person = await Person.create(
        identity_kind="OTHER", identity_cipher=b"x", identity_mask="*", identity_index="x"
    )
    return (await Staff.create(number="S1", name="S", person=person)).id


@contextlib.asynccontextmanager
async def empty(name: str) -> AsyncGenerator[str]:
    """The URL of a new database that nobody has open, gone afterwards: two houses take turns."""
    if name == SQLITE:
        with tempfile.TemporaryDirectory(prefix="guibin-bench-") as folder:
            yield f"sqlite://{Path(folder) / 'bank.sqlite3'}"
        return
    url = await houses.build()
    try:
        yield url
    finally:
        await houses.raze(url)


async def build(url: str, what: str, each: int, policy: Policy) -> Built:
    async with database(url):
        await migrate(url)
        w = Writer(get_connection("default"))
        started = time.perf_counter()
        await places(w)
        before = w.rows
        await (segments if what == IN_SEGMENTS else holdings)(w, each)
        await w.analyse()
        await adopt(policy)
        print(f"  {w.rows - before:,} {what} written in {time.perf_counter() - started:.0f} s", flush=True)
        return Built(url, w.rows - before, await reader())


async def ask(built: Built, policy: Policy, questions: int, drawn: random.Random) -> None:
    """One round. Its first questions prepare the statement and do not count."""
    async with database(built.url):
        desk = await Desk.take(policy, built.staff_id, NOW)
        took = []
        for _ in range(questions + UNCOUNTED):
            number = str(CardNumber(Tier.HEAD_OFFICE, "01", drawn.randrange(NUMBERS)))
            started = time.perf_counter()
            found = await issuer_of(desk, number)
            took.append(1e3 * (time.perf_counter() - started))
            assert found.institution_id is not None
        built.took.append(took[UNCOUNTED:])


async def measure(name: str, what: str, policy: Policy, rounds: int, questions: int) -> list[str]:
    """A small and a large house of one kind, and what their questions took."""
    print(f"\n{name}, {what}", flush=True)
    async with contextlib.AsyncExitStack() as stack:
        built = [
            await build(await stack.enter_async_context(empty(name)), what, each, policy)
            for each in (1, TIMES)
        ]
        drawn = random.Random(7)
        for _ in range(rounds):
            for one in built:
                await ask(one, policy, questions // rounds, drawn)
    small, large = built
    ratios = [
        statistics.median(after) / statistics.median(before)
        for before, after in zip(small.took, large.took, strict=True)
    ]
    return [
        f"{name}, {large.rows:,} {what}",
        *(f"{one.at(percent):.2f}" for one in (small, large) for percent in (50, 99)),
        spread(ratios),
    ]


async def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--questions", type=int, default=2_000)
    parser.add_argument("--only", choices=(POSTGRES.lower(), SQLITE.lower()))
    options = parser.parse_args()
    vault.install(vault.Keys({1: bytes(range(32))}, 1, bytes(range(32, 64))))
    policy, rows = Policy.load(), []
    for name in (POSTGRES, SQLITE):
        if options.only in (None, name.lower()):
            for what in (IN_SEGMENTS, IN_HOLDINGS):
                rows.append(await measure(name, what, policy, options.rounds, options.questions))
    print(f"\n## issuerOf over {NUMBERS:,} numbers, in ms\n")
    head = ["", f"p50 of 1/{TIMES}", f"p99 of 1/{TIMES}", "p50", "p99", "ratio of p50"]
    print(table(head, rows))


if __name__ == "__main__":
    asyncio.run(main())
