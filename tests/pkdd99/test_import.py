"""The Czech bank comes in whole, by one run, on both databases; and a second time nothing changes."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.imports.loading import run_import
from models.accounts import Account, AccountHolder, Balance, Loan, LoanStanding, Spend, TransactionLine
from models.customers import Customer, ManagerAssignment
from models.institutions import Institution
from models.people import Assignment, Staff
from tests.digest import changed, digest
from tests.pkdd99.bank import FOUNDERS, seat

pytestmark = pytest.mark.shared
LINES = "trans_19930101_19940331.asc.gz"
ABOUT_THE_RUN = {"access_record", "import_file", "import_run"}


def source(raw: Path, name: str) -> Iterator[list[str]]:
    with gzip.open(raw / name, "rt", encoding="ascii") as stream:
        next(stream)
        for line in stream:
            yield [cell.strip('"') for cell in line.rstrip("\r\n").split(";")]


async def test_counts_and_sums_equal_the_source(czech, raw):
    lines = list(source(raw, LINES))
    accounts, loans = list(source(raw, "account.asc.gz")), list(source(raw, "loan.asc.gz"))
    assert (len(accounts), len(loans), len(lines)) == (4500, 682, 49102)
    assert await Account.all().count() == len(accounts)
    assert await Customer.all().count() == len(list(source(raw, "client.asc.gz"))) == 5369
    assert await Loan.all().count() == await LoanStanding.all().count() == len(loans)
    assert await TransactionLine.all().count() == len(lines)
    holders = [row[3] for row in source(raw, "disp.asc.gz")]
    assert await AccountHolder.filter(role="DISPONENT").count() == holders.count("DISPONENT") == 869
    amounts = await TransactionLine.all().values_list("amount", flat=True)
    assert sum(amounts) == sum(round(float(row[5]) * 100) for row in lines)
    assert sum(await Loan.all().values_list("principal", flat=True)) == 100 * sum(int(row[3]) for row in loans)


async def test_days_that_close_are_balances_and_the_cut_day_is_not(czech, raw):
    days = {(row[1], row[2]) for row in source(raw, LINES)}
    cut = max(day for _, day in days)
    assert cut.startswith("940331")
    assert await Balance.all().count() == sum(day != cut for _, day in days) == 38821


async def test_every_customer_is_where_his_account_is(czech, raw):
    district = {row[0]: f"D{int(row[1]):03}" for row in source(raw, "account.asc.gz")}
    due = {f"K{int(row[1]):06}": district[row[2]] for row in source(raw, "disp.asc.gz")}
    assert dict(await Customer.all().values_list("number", "owner__code")) == due
    lives = {row[0]: f"D{int(row[2]):03}" for row in source(raw, "client.asc.gz")}
    owners = [row for row in source(raw, "disp.asc.gz") if row[3] == "OWNER"]
    assert sum(lives[row[1]] != district[row[2]] for row in owners) == 409


async def test_the_tree_and_its_people(czech):
    assert await Institution.filter(level="TIER1").count() == 8
    assert await Institution.filter(level="TIER2", kind="BRANCH").count() == 77
    assert await Institution.filter(kind="WEALTH_CENTRE").count() == 77
    founders = [number for number, _ in FOUNDERS]
    assert await Staff.exclude(number__in=founders).count() == 768
    # Everybody holds his post, at head office too, where the security officer executed what the import proposed.
    assert await Assignment.exclude(staff__number__in=founders).count() == 768
    assert await ManagerAssignment.all().count() == 5369


async def test_the_same_files_again_change_nothing(czech, policy, folder, tmp_path):
    before = await digest()
    desk = await seat(policy, FOUNDERS[0][0])
    report = await run_import(desk, [folder])
    assert {file.state for file in report.files} == {"UNCHANGED"}
    assert changed(before, await digest()).keys() == ABOUT_THE_RUN - {"import_file"}
    for path in folder.glob("*.csv"):
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        (tmp_path / path.name).write_text("\n".join([head, *reversed(rows), ""]), encoding="utf-8")
    report = await run_import(desk, [tmp_path])
    assert report.errors == 0, report.as_text()
    assert {(file.new, file.corrected, file.proposals) for file in report.files} == {(0, 0, 0)}
    assert changed(before, await digest()).keys() == ABOUT_THE_RUN
    assert await Spend.filter(superseded_at__isnull=False).count() == 0
