"""An import that is broken off, repeated, or run twice at once ends as if it had run once."""

import asyncio
import csv
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from desk.imports.loading import run_import
from models.accounts import Balance, TransactionLine
from models.imports import ImportFile, ImportRun
from models.people import Assignment
from tests.desk.imports.town import ROWS, TOWN, build, only
from tests.digest import digest

ROOT = Path(__file__).parents[3]

DIES = """
import asyncio, datetime, os, signal, sys
from pathlib import Path
from uuid import UUID
from authz import Policy
from desk.desk import Desk
from desk.imports.loading import run_import
from models import vault
from models.database import database

async def main(url, staff, folder, file):
    vault.install(vault.Keys({1: bytes(range(32))}, 1, bytes(range(32, 64))))
    def die(name, done, total):
        if name == file:
            os.kill(os.getpid(), signal.SIGKILL)
    async with database(url):
        now = datetime.datetime(2026, 11, 25, 2, tzinfo=datetime.UTC)
        desk = await Desk.take(Policy.load(), UUID(staff), now)
        await run_import(desk, [Path(folder)], progress=die)

asyncio.run(main(*sys.argv[1:]))
"""


async def figures():
    """What the figures' tables hold, without ids and times."""
    balances = await Balance.all().values_list("account_serial", "kind", "day", "amount", "version")
    lines = await TransactionLine.all().values_list("account_serial", "reference", "amount", "version")
    return sorted(map(repr, balances)), sorted(map(repr, lines))


@pytest.mark.parametrize("file", ["assignments.csv", "day_end_balances.csv", "transactions.csv"])
async def test_a_killed_import_is_resumed_by_running_it_again(admin, db, tmp_path, file):
    rows = "".join(f"6217000010000000100,N{n},2020-01-01,DEBIT,card,1.00,,,\n" for n in range(12_000))
    folder = build(tmp_path, transactions=TOWN["transactions"] + rows)
    # The progress of the second block is told when the first one has been written.
    killed = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", DIES, db, str(admin.staff_id), str(folder), file],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    done = set(await ImportFile.all().values_list("kind", flat=True))
    assert done == set(list(ROWS)[: list(ROWS).index(file.removesuffix(".csv"))])
    assert await ImportRun.all().values_list("state", flat=True) == ["RUNNING"]
    report = await run_import(admin, [folder])
    assert report.errors == 0, report.as_text()
    assert {it.kind for it in report.files if it.state == "UNCHANGED"} == done
    assert set(await ImportRun.all().values_list("state", flat=True)) == {"INTERRUPTED", "DONE"}
    assert await Assignment.filter(institution__code="KMW").count() == 2
    assert await TransactionLine.filter(account_serial=4).count() == 12_002
    assert await Balance.filter(account_serial__gt=3).count() == 4


async def test_two_imports_at_once_are_one(admin, tmp_path):
    folder = build(tmp_path)
    first, second = await asyncio.gather(run_import(admin, [folder]), run_import(admin, [folder]))
    assert first.errors + second.errors == 0, first.as_text() + second.as_text()
    for one, other in zip(first.files, second.files, strict=True):
        assert sorted([one.state, other.state]) == ["DONE", "UNCHANGED"]
    assert await Balance.filter(account_serial__gt=3).count() == 4


async def test_a_workbook_is_the_same_as_its_csv(admin, tmp_path):
    await run_import(admin, [build(tmp_path / "csv")])
    before = await figures()
    folder = tmp_path / "xlsx"
    folder.mkdir()
    for kind, text in TOWN.items():
        book = openpyxl.Workbook()
        for row in csv.reader(io.StringIO(text)):
            book.active.append(row)
        book.save(folder / f"{kind}.xlsx")
    report = await run_import(admin, [folder])
    assert report.errors == 0, report.as_text()
    assert {it.kind: it.unchanged for it in report.files} == ROWS
    assert {it.encoding for it in report.files} == {"xlsx"}
    assert await figures() == before


async def test_an_account_has_balances_of_one_kind(admin, tmp_path):
    town = build(tmp_path / "town")
    assert (await run_import(admin, [town])).ok
    days = "account_number,day,amount\n6217000010000000102,2026-03-31,1.00\n"
    months = "account_number,month,amount\n6217000010000000100,2026-03,1.00\n"
    for kind, text in (("day_end_balances", days), ("month_average_balances", months)):
        before = await digest()
        report = await run_import(admin, [only(tmp_path, kind, text)])
        (trouble,) = report.files[0].troubles
        assert (trouble.row, trouble.column, trouble.code) == (2, "account_number", "OTHER_BALANCES")
        assert (await digest())["balance"] == before["balance"]
    more = "account_number,month,amount\n6217000010000000102,2026-03,1.00\n"
    assert (await run_import(admin, [only(tmp_path / "more", "month_average_balances", more)])).ok


async def test_a_correction_and_a_repeated_key_in_one_file_are_told_apart(admin, tmp_path):
    assert (await run_import(admin, [build(tmp_path / "town")])).ok
    before = await figures()
    text = (
        TOWN["spends"].replace("8800.00", "1.00")
        + "6217000010000000100,2026-01,card,2.00\n1,2026-01,card,2.00\n"
    )
    report = await run_import(admin, [only(tmp_path, "spends", text)])
    assert sorted((it.row, it.code) for it in report.files[0].troubles) == [
        (4, "REPEATED_KEY"),
        (5, "UNKNOWN_REFERENCE"),
    ]
    assert await figures() == before


async def test_corrections_over_many_blocks(admin, tmp_path):
    assert (await run_import(admin, [build(tmp_path / "town")])).ok
    header = "account_number,reference,day,direction,kind,amount"

    def lines(amount):
        return [f"6217000010000000100,N{n},2020-01-01,DEBIT,card,{amount(n)}" for n in range(25_000)]

    first = only(tmp_path / "1", "transactions", "\n".join([header, *lines(lambda n: "1.00")]))
    assert (await run_import(admin, [first])).ok
    second = only(
        tmp_path / "2", "transactions", "\n".join([header, *lines(lambda n: "1.00" if n % 2 else "2.50")])
    )
    (about,) = (await run_import(admin, [second])).files
    assert (about.new, about.unchanged, about.corrected, about.errors) == (0, 12_500, 12_500, 0)
    current = TransactionLine.filter(superseded_at=None, reference__startswith="N")
    assert await current.filter(amount=250, version=2).count() == 12_500
    assert await current.filter(amount=100, version=1).count() == 12_500
    assert await TransactionLine.filter(reference__startswith="N").count() == 37_500
