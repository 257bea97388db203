"""Monthly runs of a generated bank: time by step, items and memory, flat per customer, on both databases.

    .venv/bin/python -m bench.months [--customers 20000 200000] [--only sqlite|postgres]

The bank is that of bench/screening.py with what a month looks at beside figures: a head-office standard and a branch's
own for one tier-1 branch over all, one manager for each branch, one customer in twelve a member, of whom one in ten has
a review that begins and one in twenty a term that has ended, one in forty who has declined. Each size has a process of
its own, so that its memory is its own peak: all of SQLite, on PostgreSQL the client only.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import resource
import subprocess
import sys
import time

from tortoise.connection import get_connection

from authz import Policy
from bench.houses import postgres_house, sqlite_house
from bench.screening import AS_OF, BRANCHES, Writer, money, people
from desk.desk import Desk, adopt
from desk.months import run_month
from models.institutions import Institution
from models.months import COUNTED, MonthRun
from models.people import Assignment, Person, Staff

NOW = dt.datetime(2026, 2, 3, 2, 0, tzinfo=dt.UTC)
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
SINCE = "'2020-01-01 00:00:00+00:00'"
MEMBER, DUE, ENDED, DECLINED = 12, 10, 20, 40
SIZES = (20_000, 200_000)


async def officer(policy: Policy) -> Desk:
    """Head office's policy officer, at his desk."""
    place = await Institution.create(
        number=BRANCHES + 1,
        code="HQ",
        name="HQ",
        level="HEAD_OFFICE",
        kind="BRANCH",
        path="/",
        acting_path="/",
    )
    person = await Person.create(
        identity_kind="OTHER", identity_cipher=b"x", identity_mask="*", identity_index="o"
    )
    staff = await Staff.create(number="OFFICER", name="O", person=person)
    await Assignment.create(
        staff=staff, role="hq_policy", institution=place, department="PERSONAL_BANKING",
        valid_from=LONG_AGO, recorded_at=LONG_AGO,
    )  # fmt: skip
    return await Desk.take(policy, staff.id, NOW)


async def managers(w: Writer, customers: int) -> None:
    """One for each branch; one customer in fifty has none."""
    await w.write(
        "person",
        "id, identity_kind, identity_cipher, identity_mask, identity_index",
        f"{w.id(6, w.n)}, 'OTHER', {w.blob}, '*', 'p' || n",
        BRANCHES,
    )
    await w.write(
        "staff", "id, number, name, person_id", f"{w.id(7, w.n)}, 'S' || n, 'S', {w.id(6, w.n)}", BRANCHES
    )
    await w.write(
        "assignment",
        "id, staff_id, role, institution_id, department, valid_from, recorded_at",
        f"{w.id(8, w.n)}, {w.id(7, w.n)}, 'cust_mgr', {w.id(1, w.n)}, 'WEALTH_CENTRE', {SINCE}, {SINCE}",
        BRANCHES,
    )
    served = f"({w.n} + {w.n} / 50)"
    await w.write(
        "manager_assignment",
        "id, customer_id, manager_id, valid_from, recorded_at",
        f"{w.id(9, w.n)}, {w.id(2, served)}, {w.id(7, f'({served} % {BRANCHES} + 1)')}, {SINCE}, {SINCE}",
        customers * 49 // 50 - 1,
    )


async def members(w: Writer, customers: int) -> None:
    """Every twelfth customer: his consent, form, membership and archive. Their terms end on whichever day of two years."""
    who, many = w.id(2, f"({w.n} * {MEMBER})"), customers // MEMBER
    manager = w.id(7, f"({w.n} * {MEMBER} % {BRANCHES} + 1)")
    place = w.id(1, f"({w.n} * {MEMBER} % {BRANCHES} + 1)")
    await w.write(
        "consent",
        "id, customer_id, kind, form, document, notice_version, valid_from, recorded_at",
        f"{w.id(10, w.n)}, {who}, 'VOLUNTARY', 'WRITTEN', 'b', '1', {SINCE}, {SINCE}",
        many,
    )
    await w.write(
        "registration",
        "id, customer_id, manager_id, consent_id, centre_id, servicing_id, registered_at, registered_by_id, recorded_at",
        f"{w.id(11, w.n)}, {who}, {manager}, {w.id(10, w.n)}, {place}, {place}, {SINCE}, {manager}, {SINCE}",
        many,
    )
    ends = f"CASE WHEN n % {ENDED} = 0 THEN '2026-01-15' WHEN n % {DUE} = 1 THEN '2026-03-20' ELSE '2027-06-30' END"
    day = f"CAST({ends} AS date)" if w.blob.endswith("bytea") else ends
    await w.write(
        "membership",
        "id, customer_id, registration_id, tier, state, filing_id, term_starts, term_ends",
        f"{w.id(12, w.n)}, {who}, {w.id(11, w.n)}, CASE WHEN n % 3 = 0 THEN 'BRANCH' ELSE 'HEAD_OFFICE' END, 'ACTIVE',"
        f" {w.id(13, w.n)}, '2025-01-01', {day}",
        many,
    )
    await w.write(
        "invitation",
        "id, customer_id, channel, state, invited_at, invited_by_id, recorded_at, answered_at",
        f"{w.id(14, w.n)}, {w.id(2, f'({w.n} * {DECLINED})')}, 'telephone', 'DECLINED', '2025-12-01 00:00:00+00:00',"
        f" {w.id(7, '1')}, {SINCE}, '2025-12-01 00:00:00+00:00'",
        customers // DECLINED,
    )


async def branch_standard(w: Writer) -> None:
    """The standard of the tier-1 branch that stands over all branches of bench/screening.py."""
    top = await Institution.create(
        number=BRANCHES + 2, code="T1", name="T1", level="TIER1", kind="BRANCH", path="/1/", acting_path="/1/"
    )
    await get_connection("default").execute_script(
        "INSERT INTO standard (id, code, version, name, tier, owner_id, currency, combine, averaging_rule, spend_kinds,"
        f" loan_look_back_months, state, effective_from, source) VALUES ({w.id(15, '1')}, 'T1-OWN', 1, 'T1', 'BRANCH',"
        f" '{top.id}', 'CNY', 'ANY', 'daily_12', 'card', 24, 'APPROVED', '2020-01-01', 'bench')"
    )
    await get_connection("default").execute_script(
        "INSERT INTO criterion (id, kind, threshold, standard_id)"
        f" VALUES ({w.id(16, '1')}, 'AVERAGE_SAVINGS', 30000000, {w.id(15, '1')})"
    )


class Steps:
    """How long each step took, told by the run's own progress."""

    def __init__(self) -> None:
        self.began = {"SCREEN": time.perf_counter()}

    def step(self, label: str, done: int, total: int) -> None:
        name = {"renewals": "RENEWALS", "worklist": "WORKLIST"}.get(label)
        if name is not None:
            self.began.setdefault(name, time.perf_counter())

    def durations(self) -> dict[str, float]:
        ends = [*list(self.began.values())[1:], time.perf_counter()]
        return {name: end - start for (name, start), end in zip(self.began.items(), ends, strict=True)}


async def measure(kind: str, customers: int) -> None:
    policy = Policy.load()
    house = postgres_house if kind == "postgres" else sqlite_house
    async with house():
        await adopt(policy)
        w, start = Writer(get_connection("default")), time.perf_counter()
        await people(w, customers)
        await money(w, customers, 1)
        await managers(w, customers)
        await members(w, customers)
        await branch_standard(w)
        await w.analyse()
        desk = await officer(policy)
        print(
            f"\n{kind}, {customers:,} customers: {w.rows:,} rows written in {time.perf_counter() - start:.0f} s"
        )
        before, start, steps = _peak(), time.perf_counter(), Steps()
        run = await run_month(desk, as_of=AS_OF, progress=steps.step)
        total = time.perf_counter() - start
        for name, seconds in steps.durations().items():
            print(f"  {name:<10} {seconds:8.1f} s {1e6 * seconds / customers:10.0f} us for each customer")
        print(f"  {'in all':<10} {total:8.1f} s {1e6 * total / customers:10.0f} us for each customer")
        print(f"  peak memory {_peak():.0f} MB, of it {_peak() - before:.0f} MB since the bank was written")
        print("  " + told(run), flush=True)


def told(run: MonthRun) -> str:
    items = ", ".join(f"{column} {getattr(run, column):,}" for column in COUNTED.values())
    return (
        f"{run.screened:,} screened, {run.passed:,} pass; {run.review_due:,} due, {run.expired:,} expired; {items};"
        f" on nobody's list {run.unmanaged:,}"
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--customers", type=int, nargs="+", default=SIZES)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    parser.add_argument("--here", action="store_true", help="Measure one size in this very process.")
    options = parser.parse_args()
    kinds = [options.only] if options.only else ["postgres", "sqlite"]
    if options.here:
        asyncio.run(measure(kinds[0], options.customers[0]))
        return
    for kind in kinds:
        for customers in options.customers:
            again = ["--here", "--only", kind, "--customers", str(customers)]
            subprocess.run([sys.executable, "-m", "bench.months", *again], check=True)


if __name__ == "__main__":
    main()
