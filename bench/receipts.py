"""What a receipt costs a read: `python -m bench.receipts [PostgreSQL URL]`.

Readers file one receipt after another, one reader alone and 32 at once: through the filing clerk, who commits together
what has gathered, and each by a transaction of its own, as acts write theirs.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from uuid import uuid4

from tortoise.transactions import in_transaction

from bench.houses import SERVER, postgres_house, sqlite_house
from desk.dialect import connection
from desk.receipts import file
from desk.trail import ALLOW, Entry, Record, insert, record_of

RECEIPTS = 3_200
ROUNDS = 3
NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)


def receipt() -> Record:
    """Of the size that a list of 20 customers leaves."""
    more = {
        "cells": {"ASSET.VISIBLE": 20, "NAME.VISIBLE": 20, "VIP_STATUS.VISIBLE": 20},
        "tables": {"account": 60, "customer": 20},
        "rows": 80,
        "rows_digest": "0" * 64,
        "basis": "ASSIGNED",
        "basis_ids": [],
        "purpose": "ADVICE",
        "purposes": [["ADVICE", "quarterly talk"]],
        "query": "0" * 64,
    }
    entry = Entry("customers", ALLOW, "customer", more=more)
    return record_of(entry, sitter=None, session_id=uuid4(), now=NOW, policy_version="0" * 64)


async def by_itself(record: Record) -> None:
    async with in_transaction():
        await insert(connection(), (record,))


async def measured(readers: int, put: Callable[[Record], Awaitable[None]]) -> tuple[float, float, float]:
    """For each receipt, in microseconds: the time that passed, the time of this process, the median wait."""
    each = RECEIPTS // max(readers, 4)  # a lone reader takes so long over each that fewer will do
    waits: list[float] = []

    async def reader() -> None:
        for _ in range(each):
            began = time.perf_counter()
            await put(receipt())
            waits.append(time.perf_counter() - began)

    await reader()
    waits.clear()
    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(reader() for _ in range(readers)))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return wall / len(waits) * 1e6, cpu / len(waits) * 1e6, statistics.median(waits) * 1e6


async def compare(name: str) -> None:
    for readers in (1, 32):
        for put in (file, by_itself):
            rounds = [await measured(readers, put) for _ in range(ROUNDS)]
            wall, cpu, wait = (statistics.median(numbers) for numbers in zip(*rounds, strict=True))
            print(
                f"{name:10} {readers:2} readers  {put.__name__:9} {wall:6.0f} us a receipt"
                f" ({cpu:4.0f} us of this process), a reader waits {wait:6.0f} us"
            )


async def main(server: str) -> None:
    async with postgres_house(server):
        await compare("PostgreSQL")
    async with sqlite_house():
        await compare("SQLite")
    began = time.process_time()
    for _ in range(RECEIPTS):
        receipt()
    print(f"making the record of an entry: {(time.process_time() - began) / RECEIPTS * 1e6:.0f} us of it")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else SERVER))
