"""Profiles at work: the examples read real exports into both databases, and a profile is part of what a file is."""

import csv

import pytest

from desk.imports.loading import run_import
from desk.imports.profiles import read_profile
from models.accounts import TransactionLine
from models.imports import ImportFile
from tests.desk.imports.runs import codes, imported
from tests.desk.imports.test_profiles import SPENDS
from tests.desk.imports.test_profiles import profile as spends_profile
from tests.digest import changed, digest
from tests.shared_data import ROOT, shared

EXAMPLES = ROOT / "examples" / "profiles"


def bank_file(name):
    return shared(f"data/messy/double-entry-generator/example/{name}/example-{name}-records.csv")


@pytest.mark.shared
async def test_an_export_of_bocom_becomes_transactions(town, admin, tmp_path):
    path = bank_file("bocom_debit")
    report = await run_import(admin, [path], profiles=[read_profile(EXAMPLES / "bocom_debit.toml")])
    assert report.errors == 0, report.as_text()
    with path.open(encoding="utf-8", newline="") as file:
        due = {
            (row["序号"], row["交易日期"], row["借贷"][:1], row["交易金额"].replace(".", ""), row["余额"])
            for row in csv.DictReader(file)
        }
    lines = await TransactionLine.filter(reference__in=[row[0] for row in due])
    assert len(lines) == len(due) == 6
    assert {
        (
            line.reference,
            line.day.isoformat(),
            {"CREDIT": "贷", "DEBIT": "借"}[line.direction],
            str(line.amount).zfill(3),
            f"{line.balance_after // 100}.{line.balance_after % 100:02}",
        )
        for line in lines
    } == {(row[0], row[1], row[2], row[3].lstrip("0").zfill(3), row[4]) for row in due}


@pytest.mark.shared
async def test_an_export_of_abc_is_refused_for_its_short_row_and_read_when_it_is_whole(town, admin, tmp_path):
    before = await digest()
    said = [read_profile(EXAMPLES / "abc_debit.toml")]
    report = await run_import(admin, [bank_file("abc_debit")], profiles=said)
    name = "example-abc_debit-records.csv"
    assert codes(report) == [(name, 4, "", "ROW_WIDTH")]
    assert set(changed(before, await digest())) == {"import_run", "import_file", "access_record"}
    path = tmp_path / name
    text = bank_file("abc_debit").read_text(encoding="utf-8").replace("111222333", "111222333,,")
    path.write_text(text, encoding="utf-8")
    report = await imported(admin, path, profiles=said)
    assert (report.files[0].rows_read, report.files[0].new) == (4, 4)
    lines = await TransactionLine.filter(reference__startswith="369").order_by("reference")
    assert [(line.direction, line.amount, line.balance_after, line.day.isoformat()) for line in lines] == [
        ("DEBIT", 1000, 1100000, "2024-01-02"),
        ("CREDIT", 1000000, 1100000, "2024-01-01"),
    ]


async def test_the_same_bytes_under_another_profile_are_another_file(town, admin, tmp_path):
    path = tmp_path / "bank_1.csv"
    path.write_text("账号,月份,种类,金额\n6217000010000000102,2025-01,card,1\n", encoding="utf-8")
    one, other = spends_profile(tmp_path), spends_profile(tmp_path, SPENDS + "[amounts]\nunit = '万元'\n")
    states = []
    for said in (one, one, other):
        report = await run_import(admin, [path], profiles=[said])
        states += [(file.state, file.new, file.corrected) for file in report.files]
    assert states == [("DONE", 1, 0), ("UNCHANGED", 0, 0), ("DONE", 0, 1)]
    assert await ImportFile.filter(name="bank_1.csv", state="DONE").count() == 2


async def test_one_file_may_be_read_with_two_profiles(town, admin, tmp_path):
    (tmp_path / "bank_1.csv").write_text(
        "账号,月份,种类,金额,余额\n6217000010000000102,2025-01,card,1,5\n", encoding="utf-8"
    )
    averages = (
        SPENDS.replace("spends", "month_average_balances")
        .replace("金额", "余额")
        .replace('kind = "种类"', "")
    )
    report = await run_import(
        admin,
        [tmp_path / "bank_1.csv"],
        profiles=[spends_profile(tmp_path), spends_profile(tmp_path, averages)],
    )
    assert [(file.kind, file.new, file.errors) for file in report.files] == [
        ("month_average_balances", 1, 0),
        ("spends", 1, 0),
    ]


def test_every_example_profile_is_right():
    assert [read_profile(path).kind.name for path in sorted(EXAMPLES.glob("*.toml"))] == [
        "transactions",
        "transactions",
        "institutions",
    ]
