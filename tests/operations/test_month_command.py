"""The monthly run on the command line: its counts, repeated and refused; nothing about a customer but counts."""

from __future__ import annotations

from pathlib import Path

from models.database import database
from models.months import COUNTED, MonthRun, WorkItem
from tests.operations.cli import cli, ok, refused

IMPORTER, MANAGER, OFFICER, POLICY = "D000001", "S100001", "S100006", "S100013"
MONTH = ("month", "--as-of", "2026-10-31", "--as", POLICY)


async def test_a_month_prints_the_counts_of_every_institution_and_nobodys_name(demo: str) -> None:
    done = await cli(demo, *MONTH)
    assert done.code == 0, done.err
    rows = [line.split() for line in done.out.splitlines()]
    start = next(place for place, row in enumerate(rows) if row[:1] == ["institution"]) + 1
    end = next(place for place, row in enumerate(rows) if row[:1] == ["all"])
    told = [row[2:] for row in rows[start:end]]
    assert not {word for row in told for word in row[:-1]} & {"1", "2", "3", "4"}
    whole = list(map(int, rows[end][1:]))
    for number, total in enumerate(whole):
        column = [row[number] for row in told]
        least = sum(1 if word == "<5" else int(word) for word in column)
        assert least <= total <= least + 3 * column.count("<5")
    async with database(demo):
        run = await MonthRun.get()
        assert whole == [*(getattr(run, column) for column in COUNTED.values()), run.unmanaged]
        assert sum(whole[:-1]) == await WorkItem.all().count() > 0
        names = await WorkItem.all().values_list("customer__name", "customer__number")
    assert not [word for pair in names for word in pair if word in done.out + done.err]
    assert f"{run.screened:,} screened" in done.out
    assert "MEASURES customers: 100 %" in done.err
    assert "worklist: 100 %" in done.err


async def test_a_month_that_is_repeated_says_that_it_was_done(demo: str) -> None:
    first = await ok(demo, *MONTH)
    again = await ok(demo, *MONTH)
    assert "The month as of 2026-10-31 was done on" in again
    assert again.splitlines()[1:] == first.splitlines()
    async with database(demo):
        assert await MonthRun.all().count() == 1


async def test_who_may_not_run_a_month(demo: str, tmp_path: Path) -> None:
    for who in (MANAGER, OFFICER, IMPORTER):
        said = await refused(demo, "FORBIDDEN", *MONTH[:-1], who)
        assert "head office's policy officer" in said
    await refused(demo, "FORBIDDEN", *MONTH, "--import", tmp_path, "--import-as", POLICY)
    await refused(demo, "NO_STANDARD", "month", "--as-of", "1980-01-31", "--as", POLICY)
    assert (await cli(demo, *MONTH, "--import", tmp_path)).code == 2
    assert (await cli(demo, *MONTH, "--import-as", IMPORTER)).code == 2


async def test_a_month_begins_with_its_import(demo: str, tmp_path: Path) -> None:
    file = tmp_path / "holidays.csv"
    file.write_text("day,kind,name\n2027-02-30,HOLIDAY,x\n", encoding="utf-8")
    whole = (*MONTH, "--import", tmp_path, "--import-as", IMPORTER)
    stopped = await cli(demo, *whole)
    assert stopped.code == 1
    assert "holidays.csv, row 2, column day" in stopped.out
    assert stopped.err.splitlines()[-1].startswith("MONTH_IMPORT_REFUSED")
    file.write_text("day,kind,name\n2027-02-06,HOLIDAY,x\n", encoding="utf-8")
    assert "all" in await ok(demo, *whole)
    assert "was done on" in await ok(demo, *whole)
