"""Card custody in its full size: a million cards received, allotted to 200 institutions, 100,000 issued, on both databases.

    .venv/bin/python -m bench.custody [--cards 1000000] [--institutions 200] [--issued 100000] [--clerks 4]
        [--only sqlite|postgres]

Every step is the very act that a person does, with desks that are warm as the server keeps them: a receipt in one list (draft,
two signatures), an allotment for each institution (out and in, six acts, four signatures), a card issued (request, draft, two
signatures, handed out: five acts), of numbers chosen at random, so that the stock falls to pieces as it would. On PostgreSQL
four clerks issue at once, each card after card. Then a receipt of 10,000 single numbers of which no two lie side by side. At the
end the book is added up. Memory is this process's peak: all of SQLite, on PostgreSQL the client only.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from tortoise.connection import get_connection

from api.heap import settle
from authz import Policy
from bench.houses import postgres_house, sqlite_house
from bench.vaults import Vaults
from desk.desk import adopt
from models import vault

SINGLES = 10_000
TOLD = 10_000
"""Cards from one line of progress to the next."""
SAMPLE = 500
"""Cards at the beginning and at the end of the issue, of which each is told what it took."""


class Clock:
    def __init__(self, title: str) -> None:
        self.title = title

    @asynccontextmanager
    async def phase(self, name: str, cards: int, acts: int) -> AsyncGenerator[None]:
        start, cpu = time.perf_counter(), time.process_time()
        yield
        seconds, busy = time.perf_counter() - start, time.process_time() - cpu
        print(
            f"  {name:<38} {seconds:9.2f} s {1e6 * seconds / cards:10.1f} us a card {1e3 * seconds / acts:8.1f} ms an act"
            f" ({busy:.1f} s CPU of this process)",
            flush=True,
        )


async def measure(
    title: str,
    house: Callable[[], AbstractAsyncContextManager[str]],
    cards: int,
    institutions: int,
    issued: int,
    clerks: int,
) -> None:
    policy = Policy.load()
    share, each = cards // institutions, -(-issued // institutions)
    async with house():
        await adopt(policy)
        start = time.perf_counter()
        vaults = await Vaults.begin(policy, institutions, each)
        await get_connection("default").execute_script("ANALYZE")
        settle()
        print(
            f"\n{title}: {institutions} institutions with their people in {time.perf_counter() - start:.0f} s"
        )
        clock, numbers = Clock(title), random.Random(5)
        async with clock.phase(f"{cards:,} received in one list", cards, 3):
            await vaults.receive([(0, cards - 1)])
        async with clock.phase(f"allotted to {institutions}", share * institutions, 6 * institutions):
            for at in range(institutions):
                await vaults.allot(at, at * share, (at + 1) * share - 1)
        chosen = sorted(
            (turn, at, at * share + number)
            for at in range(institutions)
            for turn, number in enumerate(numbers.sample(range(share), each))
        )
        took: list[float] = []

        async def clerk(number: int) -> None:
            """Issues for his share of the institutions, one card after another, so that no two clerks meet in one stock."""
            for turn, at, serial in chosen:
                if at % clerks != number:
                    continue
                begun = time.perf_counter()
                await vaults.issue(at, turn, serial)
                took.append(time.perf_counter() - begun)
                if len(took) % TOLD == 0:
                    print(f"    {len(took):,} issued", flush=True)

        async with clock.phase(f"{len(chosen):,} issued by {clerks} at once", len(chosen), 5 * len(chosen)):
            await asyncio.gather(*(clerk(number) for number in range(clerks)))
        sample = min(SAMPLE, len(took))
        first, last = (1e3 * sum(part) / sample for part in (took[:sample], took[-sample:]))
        print(f"    the first {sample} took {first:.1f} ms each, the last {sample} {last:.1f} ms")
        async with clock.phase(f"{SINGLES:,} single numbers received", SINGLES, 3):
            await vaults.receive([(cards + 2 * n, cards + 2 * n) for n in range(SINGLES)])
        async with clock.phase("the book added up", cards + SINGLES, 1):
            print(f"    {await added_up(cards + SINGLES)}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  peak memory {peak:.0f} MB")


async def added_up(received: int) -> str:
    """Conservation, by plain SQL: in the accounts, in the holdings, and between the two. Ends the bench when it fails."""
    ask = get_connection("default").execute_query_dict
    states = (
        "in_stock",
        "in_transit",
        "reserved",
        "issued",
        "returned",
        "spoiled",
        "to_destroy",
        "destroyed",
        "missing",
    )
    (all_,) = await ask(
        f"SELECT sum(received) AS received, sum({' + '.join(states)}) AS there FROM stock_account"
    )
    (held,) = await ask(
        "SELECT count(*) AS holdings, sum(last_serial - first_serial + 1) AS there FROM stock_holding"
    )
    (overlaps,) = await ask(
        "SELECT count(*) AS many FROM (SELECT first_serial, lag(last_serial) OVER (PARTITION BY product_id"
        " ORDER BY first_serial) AS before FROM stock_holding) o WHERE o.before >= o.first_serial"
    )
    differing = 0
    for state in states:
        (found,) = await ask(
            f"SELECT count(*) AS many FROM stock_account a WHERE a.{state} <> COALESCE((SELECT sum(h.quantity)"
            " FROM stock_holding h WHERE h.institution_id = a.institution_id AND h.product_id = a.product_id"
            f" AND h.state = '{state.upper()}'), 0)"
        )
        differing += found["many"]
    if not int(all_["received"]) == int(all_["there"]) == int(held["there"]) == received:
        raise SystemExit(f"The book does not balance: {all_}, {held}, {received} received.")
    if overlaps["many"] or differing:
        raise SystemExit(
            f"{overlaps['many']} numbers are held twice, {differing} accounts differ from what lies there."
        )
    return f"{received:,} received, all of them in {held['holdings']:,} holdings, and every account agrees"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cards", type=int, default=1_000_000)
    parser.add_argument("--institutions", type=int, default=200)
    parser.add_argument("--issued", type=int, default=100_000)
    parser.add_argument(
        "--clerks", type=int, default=4, help="who issue at once on PostgreSQL; on SQLite one does"
    )
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    given = parser.parse_args()
    vault.install(vault.Keys({1: bytes(32)}, 1, bytes(32)))
    houses = {"postgres": postgres_house, "sqlite": sqlite_house}
    for name in [given.only] if given.only else houses:
        asyncio.run(
            measure(
                name,
                houses[name],
                given.cards,
                given.institutions,
                given.issued,
                given.clerks if name == "postgres" else 1,
            )
        )


if __name__ == "__main__":
    main()
