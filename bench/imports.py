"""Import of day-end balances with full validation, against the database's own COPY or .import of the same file.

    .venv/bin/python -m bench.imports [--rows 1000000] [--only sqlite|postgres]

The house gets its institutions, customers and accounts through the import too. Then one file of balances is imported as
new, once more as known (nothing changes), and the database's own loader takes the same file into a bare table of three
text, date and numeric columns, and into one that has keys as balances have. Ratios are of rows per second; peak memory is this process's.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import datetime as dt
import resource
import subprocess
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import asyncpg

from authz import Policy, Role
from bench.houses import postgres_house, sqlite_house
from desk.desk import Desk, adopt
from desk.imports.files import BY_NAME
from desk.imports.loading import run_import
from desk.people.founding import create_admin
from models import vault

FIRST = dt.date(2024, 1, 1)
DAYS = 100
House = Callable[[], AbstractAsyncContextManager[str]]
Loader = Callable[[str, Path, bool], Awaitable[float]]


def write(folder: Path, name: str, rows: Sequence[Sequence[object]], *, quoted: bool = False) -> Path:
    """One file. The same rows quoted are another file to the import, so that it compares them with what it has."""
    path = folder / f"{name}{'_quoted' if quoted else ''}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
        out.writerow(BY_NAME[name].header)
        out.writerows(rows)
    return path


def bank(folder: Path, accounts: int) -> list[Path]:
    """The files that must be there before balances are: one branch, its customers and their accounts."""
    customers = [
        (f"C{n:08}", "客户", "OTHER", f"BENCH{n:08}", "", "", "", "", "", "", "", "CD", "2020-01-01")
        for n in range(accounts)
    ]
    owned = [
        (f"62901800{n:011}", f"C{n:08}", "CD", "SAVINGS", "CNY", "2020-01-01", "") for n in range(accounts)
    ]
    places = [
        ("HQ", "总行", "HEAD_OFFICE", "BRANCH", "", "", ""),
        ("SC", "四川分行", "TIER1", "BRANCH", "HQ", "", ""),
        ("CD", "成都分行", "TIER2", "BRANCH", "SC", "", ""),
    ]
    return [
        write(folder, "institutions", places),
        write(folder, "customers", customers),
        write(folder, "accounts", owned),
    ]


def balances(folder: Path, accounts: int, *, quoted: bool) -> Path:
    rows = [
        (f"62901800{n:011}", (FIRST + dt.timedelta(days=day)).isoformat(), f"{10_000 + n}.{day % 100:02}")
        for n in range(accounts)
        for day in range(DAYS)
    ]
    return write(folder, "day_end_balances", rows, quoted=quoted)


async def importer(policy: Policy) -> Desk:
    now = dt.datetime.now(dt.UTC)
    staff = await create_admin(
        number="B1",
        name="Bench",
        identity_kind="OTHER",
        identity_number="BENCH-1",
        role=Role.SYS_ADMIN.value,
        password="bench only, in a house that is thrown away",
        now=now,
    )
    return await Desk.take(policy, staff.id, now)


async def timed(desk: Desk, paths: list[Path]) -> float:
    begun = time.perf_counter()
    report = await run_import(desk, paths)
    if not report.ok:
        raise SystemExit(report.as_text())
    return time.perf_counter() - begun


async def own_copy(url: str, path: Path, keyed: bool) -> float:
    """PostgreSQL's own COPY of the file into a bare table, or into one with the two keys that balances have."""
    connection = await asyncpg.connect(url)
    keys = ", id bigserial PRIMARY KEY, UNIQUE (account, day)" if keyed else ""
    columns = ("account", "day", "amount")
    try:
        await connection.execute("DROP TABLE IF EXISTS bare")
        await connection.execute(f"CREATE TABLE bare (account text, day date, amount numeric{keys})")
        begun = time.perf_counter()
        await connection.copy_to_table("bare", source=path, columns=columns, format="csv", header=True)
        return time.perf_counter() - begun
    finally:
        await connection.close()


async def own_import(url: str, path: Path, keyed: bool) -> float:
    """The .import of the sqlite3 shell into such a table, in a file beside the house."""
    beside = url.removeprefix("sqlite://") + (".keyed" if keyed else ".bare")
    keys = ", UNIQUE (account, day)" if keyed else ""
    script = (
        f"CREATE TABLE bare (account TEXT, day TEXT, amount NUMERIC{keys});\n"
        f".import --csv --skip 1 '{path}' bare\n"
    )
    begun = time.perf_counter()
    done = await asyncio.to_thread(
        subprocess.run, ["sqlite3", beside], input=script, text=True, capture_output=True, check=True
    )
    if done.stderr:
        raise SystemExit(done.stderr)
    return time.perf_counter() - begun


async def measure(name: str, house: House, own: Loader, rows: int) -> AsyncGenerator[str]:
    accounts = rows // DAYS
    policy = Policy.load()
    with tempfile.TemporaryDirectory(prefix="guibin-bench-") as place:
        folder = Path(place)
        first, figures = bank(folder, accounts), balances(folder, accounts, quoted=False)
        again = balances(folder, accounts, quoted=True)
        async with house() as url:
            await adopt(policy)
            desk = await importer(policy)
            yield f"{name}: {accounts:,} customers and accounts in {await timed(desk, first):.1f} s"
            new = await timed(desk, [figures])
            known = await timed(desk, [again])
            bare, keyed = [await own(url, figures, keyed) for keyed in (False, True)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for label, seconds in (
        ("new", new),
        ("known", known),
        ("the database's own loader, bare", bare),
        ("the same, keyed", keyed),
    ):
        yield f"{name}: {rows:,} balances, {label}: {seconds:.1f} s, {rows / seconds:,.0f} rows/s"
    yield (
        f"{name}: new at {bare / new:.2f} of the bare loader and {keyed / new:.2f} of the keyed one,"
        f" peak memory {peak:.0f} MB"
    )


async def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    given = parser.parse_args(arguments)
    vault.install(vault.Keys({1: bytes(32)}, 1, bytes(32)))
    if given.only != "postgres":
        async for line in measure("SQLite", sqlite_house, own_import, given.rows):
            print(line, flush=True)
    if given.only != "sqlite":
        async for line in measure("PostgreSQL", postgres_house, own_copy, given.rows):
            print(line, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
