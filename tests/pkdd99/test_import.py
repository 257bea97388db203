"""The Czech bank comes in whole, by one run, on both databases; and a second time nothing changes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from desk.imports.loading import run_import
from models.accounts import Account, Balance
from models.customers import Customer
from tests.digest import changed, digest
from tests.pkdd99.bank import FOUNDERS, seat
from tests.pkdd99.counting import LINES, count_against_source, source

pytestmark = pytest.mark.shared
ABOUT_THE_RUN = {"access_record", "import_file", "import_run"}


async def test_counts_and_sums_equal_the_source(czech, raw):
    assert len(await count_against_source(raw)) == 14


async def test_the_traps(czech, raw):
    """Days out of order, the cut day, owners who live elsewhere, birth numbers that several clients share."""
    # Account 485 on 1993-03-31: the last line of the file says another balance than the end of the chain does.
    owner = next(row[1] for row in source(raw, "disp.asc.gz") if row[2:] == ["485", "OWNER"])
    account = await Account.get(customer__number=f"K{int(owner):06}")
    assert (await Balance.get(account_serial=account.serial, day="1993-03-31")).amount == 69568_00
    said = [row[6] for row in source(raw, LINES) if row[1] == "485" and row[2].startswith("930331")]
    assert Decimal(said[-1]) != 69568
    assert max(row[2] for row in source(raw, LINES)).startswith("940331")
    assert (await Balance.all().order_by("-day").first()).day.isoformat() == "1994-03-30"
    lives = {row[0]: row[2] for row in source(raw, "client.asc.gz")}
    at = {row[0]: row[1] for row in source(raw, "account.asc.gz")}
    owners = [row for row in source(raw, "disp.asc.gz") if row[3] == "OWNER"]
    assert sum(lives[row[1]] != at[row[2]] for row in owners) == 409
    births = [row[1] for row in source(raw, "client.asc.gz")]
    assert len(births) - len(set(births)) == 683 - 333
    # Each of them is a customer of his own all the same.
    documents = await Customer.all().values_list("identity_index", flat=True)
    assert len(set(documents)) == 5369


async def test_the_same_files_again_change_nothing(czech, policy, folder, tmp_path):
    before = await digest()
    desk = await seat(policy, FOUNDERS[0][0])
    report = await run_import(desk, [folder])
    assert {file.state for file in report.files} == {"UNCHANGED"}
    for path in folder.glob("*.csv"):
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        (tmp_path / path.name).write_text("\n".join([head, *reversed(rows), ""]), encoding="utf-8")
    report = await run_import(desk, [tmp_path])
    assert report.errors == 0, report.as_text()
    assert {(file.new, file.corrected, file.proposals) for file in report.files} == {(0, 0, 0)}
    assert changed(before, await digest()).keys() == ABOUT_THE_RUN
