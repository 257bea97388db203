"""Screening of a generated bank by the Measures' standard: time by phase, rows and memory, on both databases.

    .venv/bin/python -m bench.screening [--customers 200000] [--days-per-month 1] [--only sqlite|postgres]

The bank is written by the database itself: two accounts a customer (one in fifty in USD), day-end balances on so many
days of each of the 12 months and one before them, card spend of 12 months, a loan with 12 standings for one customer
in ten, weekly USD rates, 200 branches. Memory is this process's peak: all of SQLite, on PostgreSQL the client only.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import resource
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from bench.houses import postgres_house, sqlite_house
from desk.standards import run_screening, standard_in_force
from models.windows import Window

AS_OF = dt.date(2026, 1, 31)
NOW = dt.datetime(2026, 2, 3, 2, 0, tzinfo=dt.UTC)
SOMEBODY = UUID("00000000-0000-4000-8000-0000000000bb")
STAMP = f"1, '{SOMEBODY}', '2026-02-01 00:00:00+00:00'"
STAMPED = "version, import_id, recorded_at"
BRANCHES = 200


class Writer:
    """Writes the bank by INSERT ... SELECT over a series of numbers, so that no row passes through Python."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client
        self._postgres = client.capabilities.dialect == "postgres"
        self.blob = "'x'::bytea" if self._postgres else "x'00'"
        self.n = "n::bigint" if self._postgres else "n"
        self.rows = 0

    def id(self, tag: int, n: str) -> str:
        """An id whose order has nothing to do with `n`, as random ids have none."""
        scattered = f"(({n} * 2654435761) & 4294967295)"
        if self._postgres:
            return f"(lpad(to_hex({scattered}), 8, '0') || '-0000-4000-8000-{tag:02x}' || lpad(to_hex({n}), 10, '0'))::uuid"
        return f"printf('%08x-0000-4000-8000-{tag:02x}%010x', {scattered}, {n})"

    async def write(self, table: str, columns: str, values: str, many: int) -> None:
        series = (
            f"generate_series(1, {many}) AS s(n)"
            if self._postgres
            else f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {many}) SELECT n FROM s) s"
        )
        await self._client.execute_script(f"INSERT INTO {table} ({columns}) SELECT {values} FROM {series}")
        self.rows += many

    async def analyse(self) -> None:
        await self._client.execute_script("ANALYZE")


async def people(w: Writer, customers: int) -> None:
    branch = f"({w.n} % {BRANCHES} + 1)"
    await w.write(
        "institution",
        "id, number, code, name, level, kind, path, acting_path",
        f"{w.id(1, w.n)}, n, 'I' || n, 'I', 'TIER2', 'BRANCH', '/1/' || n || '/', '/1/' || n || '/'",
        BRANCHES,
    )
    await w.write(
        "customer",
        "id, number, name, identity_kind, identity_cipher, identity_mask, identity_index, opened_on, owner_id, owner_path",
        f"{w.id(2, w.n)}, 'C' || n, 'C', 'OTHER', {w.blob}, '*', 'i' || n, '2010-01-01', {w.id(1, branch)},"
        f" '/1/' || {branch} || '/'",
        customers,
    )
    await w.write(
        "account",
        "id, number_cipher, number_mask, number_index, customer_id, institution_id, kind, currency, opened_on,"
        " balance_kind, serial",
        f"{w.id(3, w.n)}, {w.blob}, '*', 'a' || n, {w.id(2, f'(({w.n} - 1) % {customers} + 1)')}, {w.id(1, branch)},"
        " 'SAVINGS', CASE WHEN n % 50 = 0 THEN 'USD' ELSE 'CNY' END, '2012-03-04', 'DAY_END', n",
        2 * customers,
    )


async def money(w: Writer, customers: int, days_per_month: int) -> None:
    window = Window.ending(AS_OF)
    days = [window.first - dt.timedelta(days=17)]
    for month in window.months:
        days += [
            month.first + dt.timedelta(days=month.days * n // days_per_month) for n in range(days_per_month)
        ]
    for place, day in enumerate(days):
        await w.write(
            "balance",
            f"account_serial, kind, day, amount, {STAMPED}",
            f"n, 'DAY_END', '{day}', ({w.n} * 7919 + {place * 104729}) % 60000000, {STAMP}",
            2 * customers,
        )
    for month in window.months:
        await w.write(
            "spend",
            f"account_serial, kind, month, amount, {STAMPED}",
            f"n, 'card', '{month.first}', ({w.n} * 7919) % 1000000, {STAMP}",
            customers,
        )
    await w.write(
        "loan",
        "id, number, customer_id, institution_id, currency, granted_on, principal, term_months",
        f"{w.id(4, w.n)}, 'L' || n, {w.id(2, f'({w.n} * 10)')}, {w.id(1, f'({w.n} % {BRANCHES} + 1)')}, 'CNY',"
        " '2020-01-01', 200000000, 240",
        customers // 10,
    )
    for month in window.months:
        await w.write(
            "loan_standing",
            f"loan_id, as_of, outstanding, classification, overdue, {STAMPED}",
            f"{w.id(4, w.n)}, '{month.last}', ({w.n} * 7919) % 200000000,"
            f" CASE WHEN n % 40 = 0 THEN 'LOSS' ELSE 'NORMAL' END, 0, {STAMP}",
            customers // 10,
        )
    for week in range(60):
        await w.write(
            "exchange_rate",
            "id, published_on, currency, unit, quote_currency, rate, import_id, recorded_at",
            f"{w.id(5, str(week))}, '{AS_OF - dt.timedelta(weeks=week)}', 'USD', 100, 'CNY', '7{week:02}.34',"
            f" {w.id(5, '1')}, '2026-02-01 00:00:00+00:00'",
            1,
        )


class Phases:
    """When each phase began, told by the screening's own progress."""

    def __init__(self) -> None:
        self.began: dict[str, float] = {"population": time.perf_counter()}

    def step(self, phase: str, done: int, total: int) -> None:
        self.began.setdefault(phase, time.perf_counter())

    def durations(self) -> dict[str, float]:
        ends = [*list(self.began.values())[1:], time.perf_counter()]
        return {name: end - start for (name, start), end in zip(self.began.items(), ends, strict=True)}


async def measure(
    title: str, house: Callable[[], AbstractAsyncContextManager[str]], customers: int, days: int
) -> None:
    async with house():
        writer = Writer(get_connection("default"))
        start = time.perf_counter()
        await people(writer, customers)
        await money(writer, customers, days)
        await writer.analyse()
        print(f"\n{title}: {writer.rows:,} rows written in {time.perf_counter() - start:.0f} s", flush=True)
        standard = await standard_in_force("MEASURES", AS_OF)
        start, cpu, phases = time.perf_counter(), time.process_time(), Phases()
        run = await run_screening(
            standard=standard, as_of=AS_OF, started_by=SOMEBODY, now=NOW, progress=phases.step
        )
        total = time.perf_counter() - start
        for name, seconds in phases.durations().items():
            print(f"  {name:<20} {seconds:8.1f} s")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"  {'in all':<20} {total:8.1f} s   (of it {time.process_time() - cpu:.1f} s CPU of this process)"
        )
        print(
            f"  {run.evaluated:,} customers, {run.passed:,} passed, {run.borderline:,} borderline;"
            f" {run.evaluated / total:,.0f} customers/s, {writer.rows / total:,.0f} rows/s; peak memory {peak:.0f} MB"
        )
        start = time.perf_counter()
        branch = await run_screening(
            standard=standard, as_of=AS_OF, scope_path="/1/7/", started_by=SOMEBODY, now=NOW
        )
        middle = time.perf_counter()
        print(f"  one branch of {branch.evaluated:,} customers: {middle - start:.2f} s", flush=True)


async def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--days-per-month", type=int, default=1, choices=range(1, 29), metavar="1..28")
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    options = parser.parse_args()
    # PostgreSQL first: its peak is the client's, and the process's peak never falls.
    for name, house in (("postgres", postgres_house), ("sqlite", sqlite_house)):
        if options.only in (None, name):
            await measure(name, house, options.customers, options.days_per_month)


if __name__ == "__main__":
    asyncio.run(main())
