"""Reads over a growing bank and a growing policy, beside a bare handler with hand-written SQL on the same tables.

    .venv/bin/python -m bench.growth [--customers 2000,20000,200000] [--rules 10,0,1000,10000] [--rounds 3] [--seconds 2]
    .venv/bin/python -m bench.growth --customers 2000 --rules 10,10000 --rounds 1 --seconds 0.2    a first look in a minute

All houses and servers stand at once and take turns of a tenth of a second, so that a ratio never spans two moments of
the machine: product and bare handler (bench/bare.py), sizes, and policies (0: the shipped one). Both have one worker,
ten connections, the same cookie, session look-up and rows. Before anything is timed, answers to every reader are
compared. p50 at one connection, answers a second at 32. The product writes its receipts and log lines, the bare handler
none. The bank has no filings, holders, loans or spend; one manager in ten has customers with transaction lines.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import platform
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import uvloop

from authz import Policy
from bench.houses import SERVER, raze
from bench.measuring import Run, Target
from bench.questions import QUESTIONS
from bench.readers import House, copy_of, make_house, must_agree
from bench.reporting import LOADED, RULED, report
from bench.rulebooks import SHIPPED, policy_of
from bench.serving import Server, bare, served, shipped, under
from models import vault


def say(text: str) -> None:
    print(f"[{time.perf_counter() - BEGUN:6.1f} s] {text}", flush=True)


BEGUN = time.perf_counter()


async def growth(run: Run, sizes: list[int], rules: list[int], made: list[str], keys: str, also: str) -> None:
    policy = Policy.load()
    houses = []
    for size in sizes:
        house = await make_house(size, policy, made, also, lambda what, size=size: say(f"{size:,}: {what}"))  # type: ignore[misc]
        say(f"{size:,} customers: {house.rows:,} rows")
        houses.append(house)
    async with AsyncExitStack() as stack:
        ruled = await policies(stack, houses[0], rules, made, keys) if rules else {}
        sized = []
        for house in houses:
            ours = await stack.enter_async_context(served(*shipped(house.url, keys)))
            theirs = await stack.enter_async_context(served(*bare(house.url, keys)))
            sized.append(Target(f"{house.customers:,}", house, ours, theirs))
        by_rules = [Target(label, house, ours, sized[0].bare) for label, (house, ours) in ruled.items()]
        for target in (*sized, *by_rules):
            alike = [
                await must_agree(it, target.house, target.ours.address, target.bare.address)
                for it in run.questions
            ]
            say(f"{target.label}: {sum(alike)} answers to {len(alike)} questions are the same")
        await run.latency(sized, run.questions)
        await run.latency(by_rules, [it for it in run.questions if it.name in RULED])
        await run.load(sized[-1], [it for it in run.questions if it.name in LOADED])
        report(run, sized, by_rules)


async def policies(
    stack: AsyncExitStack, house: House, rules: list[int], made: list[str], keys: str
) -> dict[str, tuple[House, Server]]:
    """A copy of the house under each policy, and a server on it."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guibin-bench-")))
    found = {}
    for many in rules:
        path = folder / f"{many}.csv"
        path.write_text(policy_of(many), encoding="utf-8")
        begun = time.perf_counter()
        policy = Policy.load(path)
        took = (time.perf_counter() - begun) * 1000
        label = f"{len(policy.rules):,} rules" + (" (shipped)" if many == SHIPPED else "")
        say(f"{label}: read and compiled in {took:.1f} ms")
        copy = await copy_of(house, policy, made)
        found[label] = (copy, await stack.enter_async_context(served(*under(path, copy.url, keys))))
    return found


async def machine() -> str:
    connection = await asyncpg.connect(SERVER)
    try:
        version = await connection.fetchval("SHOW server_version")
        memory = await connection.fetchval("SHOW shared_buffers")
    finally:
        await connection.close()
    return (
        f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()},"
        f" PostgreSQL {version} on the same machine with shared_buffers {memory}"
    )


def numbers(given: str) -> list[int]:
    return [int(number) for number in given.replace(" ", "").split(",") if number]


async def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--customers", type=numbers, default=[2_000, 20_000, 200_000])
    parser.add_argument(
        "--rules", type=numbers, default=[10, SHIPPED, 1_000, 10_000], help="0: the shipped policy"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each cell in each round")
    parser.add_argument("--only", default="", help="questions, such as Q1,Q3")
    parser.add_argument("--also", default="", help="SQL to run in every house first, such as an index to try")
    parser.add_argument("--keep", action="store_true", help="leave the databases, and print their URLs")
    given = parser.parse_args(arguments)
    chosen = tuple(it for it in QUESTIONS if not given.only or it.name in given.only.split(","))
    key = base64.b64encode(bytes(32)).decode()
    vault.install(vault.Keys({1: bytes(32)}, 1, bytes(32)))
    say(await machine())
    made: list[str] = []
    try:
        run = Run(given.rounds, given.seconds, chosen, say)
        keys = json.dumps({"current": 1, "encryption": {"1": key}, "index": key})
        await growth(run, given.customers, given.rules, made, keys, given.also)
    finally:
        for url in made:
            if given.keep:
                say(f"kept: {url}")
            else:
                await raze(url)


if __name__ == "__main__":
    uvloop.run(main())
