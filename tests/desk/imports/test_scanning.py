"""Scanning a whole file: row rules, repeated keys, and a report that names place, fault and remedy."""

import datetime as dt
import json
import tracemalloc

import pytest

from desk.imports.cells import FULL_WIDTH, PADDING
from desk.imports.columns import Cell
from desk.imports.files import FILES, kind_of
from desk.imports.report import KEPT, FileReport, Report
from desk.imports.scanning import scan
from desk.imports.templates import describe, write_templates
from tests.shared_data import shared

TODAY = dt.date(2026, 1, 31)


def scanned(path, **options):
    report = FileReport(path.name)
    rows = [row for block in scan(path, report, today=TODAY, **options) for row in block.rows()]
    return rows, report


def codes(report):
    return [(it.row, it.column, it.code) for it in report.troubles]


def written(folder, name, *lines, encoding="utf-8"):
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def test_every_template_is_itself_a_right_file(tmp_path):
    paths = write_templates(tmp_path / "new" / "folder")
    assert [path.name for path in paths] == [*(f"{kind.name}.csv" for kind in FILES), "README.md"]
    for path in paths[:-1]:
        rows, report = scanned(path)
        assert report.troubles == []
        assert (len(rows), report.rows_read, report.encoding) == (1, 1, "utf-8-sig")
        assert not report.normalised
    assert paths[-1].read_text(encoding="utf-8") == describe()


def test_the_description_names_every_column():
    text = describe()
    for kind in FILES:
        section = text.split(f". {kind.name}\n")[1].split("\n## ")[0]
        for column in kind.columns:
            assert f"| `{column.name}` |" in section
            assert all(f"`{choice}`" in section for choice in column.choices)
            assert column.cell is not Cell.ENUM or column.choices


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("customers.csv", "customers"),
        ("Customers_2026-01.XLSX", "customers"),
        ("accounts2.csv", "accounts"),
        ("account_holders.csv", "account_holders"),
        ("staffing.csv", None),
        ("balances.csv", None),
        ("", None),
    ],
)
def test_the_name_says_the_kind(name, kind):
    found = kind_of(name)
    assert (found.name if found else None) == kind


def test_a_file_of_no_kind_is_refused_with_the_kinds(tmp_path):
    rows, report = scanned(written(tmp_path, "data.csv", "a,b"))
    assert rows == []
    assert codes(report) == [(0, "", "UNKNOWN_KIND")]
    assert "day_end_balances" in report.troubles[0].remedy


ROW_RULES = [
    (
        "institutions",
        "code,name,level,kind,parent_code",
        "1,总行,HEAD_OFFICE,BRANCH,2",
        "parent_code",
        "HEAD_OFFICE_PARENT",
    ),
    (
        "institutions",
        "code,name,level,kind,parent_code",
        "1,中心,HEAD_OFFICE,WEALTH_CENTRE,",
        "parent_code",
        "NO_PARENT",
    ),
    (
        "institutions",
        "code,name,level,kind,parent_code",
        "1,分行,TIER1,BRANCH,1",
        "parent_code",
        "OWN_PARENT",
    ),
    (
        "institutions",
        "code,name,level,kind,cnaps_code",
        "1,总行,HEAD_OFFICE,BRANCH,105100000018",
        "cnaps_code",
        "BAD_CNAPS_CODE",
    ),
    (
        "institutions",
        "code,name,level,kind,admin_code",
        "1,总行,HEAD_OFFICE,BRANCH,0510",
        "admin_code",
        "BAD_ADMIN_CODE",
    ),
    (
        "staff",
        "number,name,identity_kind,identity_number",
        "S1,林,RESIDENT_ID,110105194912310021",
        "identity_number",
        "BAD_RESIDENT_ID",
    ),
    (
        "staff",
        "number,name,identity_kind,identity_number,mobile",
        "S1,林,PASSPORT,E1,10000000000",
        "mobile",
        "BAD_MOBILE",
    ),
    (
        "assignments",
        "staff_number,role,institution_code,department,full_time,valid_from",
        "S1,boss,1,OPERATIONS,true,2025-01-01",
        "role",
        "UNKNOWN_ROLE",
    ),
    (
        "assignments",
        "staff_number,role,institution_code,department,full_time,valid_from,valid_to",
        "S1,teller,1,OPERATIONS,true,2025-01-01,2025-01-01",
        "valid_to",
        "ENDS_EARLY",
    ),
    (
        "supervision_lines",
        "supervisor_number,staff_number,valid_from",
        "S1,S1,2025-01-01",
        "supervisor_number",
        "OWN_SUPERVISOR",
    ),
    (
        "customers",
        "number,name,identity_kind,identity_number,owner_code,opened_on,birth_date",
        "C1,周,RESIDENT_ID,11010519491231002X,1,2010-01-01,1950-12-31",
        "birth_date",
        "ID_SAYS_OTHERWISE",
    ),
    (
        "customers",
        "number,name,identity_kind,identity_number,owner_code,opened_on,gender",
        "C1,周,RESIDENT_ID,11010519491231002X,1,2010-01-01,MALE",
        "gender",
        "ID_SAYS_OTHERWISE",
    ),
    (
        "manager_assignments",
        "customer_number,manager_number,valid_from,valid_to",
        "C1,S1,2025-01-02,2025-01-01",
        "valid_to",
        "ENDS_EARLY",
    ),
    (
        "accounts",
        "number,customer_number,institution_code,kind,currency,opened_on,closed_on",
        "1,C1,1,SAVINGS,CNY,2010-01-02,2010-01-01",
        "closed_on",
        "CLOSED_EARLY",
    ),
    (
        "accounts",
        "number,customer_number,institution_code,kind,currency,opened_on",
        "1,C1,1,SAVINGS,RMB,2010-01-02",
        "currency",
        "UNKNOWN_CURRENCY",
    ),
    (
        "loans",
        "number,customer_number,institution_code,currency,granted_on,principal,term_months,as_of,outstanding,classification,overdue",
        "L1,C1,1,JPY,2024-03-01,1500000,120,2026-01-31,0.5,NORMAL,0",
        "outstanding",
        "TOO_MANY_DECIMALS",
    ),
    (
        "exchange_rates",
        "published_on,currency,unit,quote_currency,rate",
        "2026-01-30,CNY,1,CNY,1",
        "quote_currency",
        "SAME_CURRENCY",
    ),
    (
        "exchange_rates",
        "published_on,currency,unit,quote_currency,rate",
        "2026-01-30,EUR,1,CNY,0",
        "rate",
        "WRONG_SIGN",
    ),
]


@pytest.mark.parametrize(("kind", "header", "row", "column", "code"), ROW_RULES)
def test_what_must_hold_within_a_row(tmp_path, kind, header, row, column, code):
    rows, report = scanned(written(tmp_path, f"{kind}.csv", header, row))
    assert rows == []
    assert codes(report) == [(2, column, code)]
    assert report.troubles[0].remedy.endswith(".")


def test_right_rows_beside_wrong_ones_are_still_yielded(tmp_path):
    path = written(
        tmp_path,
        "spends.csv",
        "account_number,month,kind,amount",
        "1,2026-01,card,1.5",
        "2,x,card,y",
        "3,2026-01,,1",
        "4,2026-01,card,2",
    )
    rows, report = scanned(path)
    assert [row[0] for row in rows] == ["1", "4"]
    assert codes(report) == [
        (3, "month", "BAD_MONTH"),
        (3, "amount", "BAD_AMOUNT"),
        (4, "kind", "EMPTY_CELL"),
    ]
    assert report.rows_read == 4


def test_a_repeated_key_is_a_fault_on_every_row_but_the_first(tmp_path):
    lines = [f"{n},2026-01,card,1" for n in range(20_000)]
    lines[15_000] = "7,2026-01,card,2"
    lines[19_000] = "７,2026/1,card,3"
    _, report = scanned(written(tmp_path, "spends.csv", "account_number,month,kind,amount", *lines))
    assert codes(report) == [(15_002, "", "REPEATED_KEY"), (19_002, "", "REPEATED_KEY")]
    assert report.troubles[0].message == "Row 9 has the same account_number, month, kind."
    assert report.normalised == {("account_number", FULL_WIDTH): 1, ("month", "day written as YYYY-MM-DD"): 1}


def test_many_keys_are_checked_in_little_memory(tmp_path):
    path = tmp_path / "spends.csv"
    with path.open("w") as file:
        file.write("account_number,month,kind,amount\n")
        file.writelines(f"{n // 12},2025-{n % 12 + 1:02d},card,1\n" for n in range(100_000))
    tracemalloc.start()
    report = FileReport(path.name)
    assert sum(len(block.numbers) for block in scan(path, report, today=TODAY)) == 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert report.errors == 0
    assert peak < 32 << 20


def test_the_encoding_is_found_said_and_can_be_overridden(tmp_path):
    path = written(tmp_path, "holidays.csv", "day,kind,name", "2026-10-01,HOLIDAY,国庆节", encoding="gb18030")
    rows, report = scanned(path)
    assert (rows[0][2], report.encoding) == ("国庆节", "gb18030")
    _, report = scanned(path, encoding="utf-8")
    assert codes(report) == [(0, "", "WRONG_ENCODING")]


def test_faults_beyond_the_cap_are_counted(tmp_path):
    _, report = scanned(written(tmp_path, "holidays.csv", "day,kind,name", *["x,HOLIDAY,a"] * (KEPT + 5)))
    assert (report.errors, len(report.troubles)) == (KEPT + 5, KEPT)


def test_the_report_reads_well_and_is_json(tmp_path):
    _, wrong = scanned(
        written(
            tmp_path,
            "holidays.csv",
            "day,kind,name",
            "2026-10-41,HOLIDAY,国庆节",
            " 2026-10-02,HOLIDAY,国庆节",
        )
    )
    wrong.state = "REFUSED"
    right = FileReport("节假日.csv", "holidays", "gb18030", "DONE", 2, 1, 1, 0, proposals=3)
    report = Report(files=[wrong, right], flips=["C00000001 would no longer pass"])
    assert report.as_text() == (
        "file          kind      encoding  rows  new  same  corrected  errors  result\n"
        "holidays.csv  holidays  utf-8        2    0     0          0       1  REFUSED\n"
        "节假日.csv    holidays  gb18030      2    1     1          0       0  DONE\n"
        "\n"
        "holidays.csv, row 2, column day: There is no such day in the calendar. Correct year, month or day. [NO_SUCH_DAY]\n"
        "holidays.csv, column day: padding removed in 1 cell(s).\n"
        "\n"
        "节假日.csv: 3 role(s) proposed, to be executed by sec_admin.\n"
        "\n"
        "1 decision(s) would be different with the corrected figures:\n"
        "  C00000001 would no longer pass\n"
        "\n"
        "1 of 2 file(s) refused, 1 fault(s). Nothing of a refused file was written.\n"
    )
    data = json.loads(json.dumps(report.as_json()))
    assert (data["ok"], data["errors"]) == (False, 1)
    assert data["files"][0]["normalised"] == [{"column": "day", "what": PADDING, "cells": 1}]
    assert data["files"][0]["troubles"][0]["row"] == 2


def test_a_report_without_faults_says_what_happened():
    right = FileReport("holidays.csv", "holidays")
    assert Report(files=[right]).as_text().endswith("1 file(s) imported, no faults.\n")
    assert Report(dry_run=True, files=[right]).as_text().endswith("Dry run: nothing was written.\n")


@pytest.mark.shared
def test_messy_files_from_outside_are_refused_politely(tmp_path):
    files = sorted(
        path for path in shared("data/messy").rglob("*") if path.suffix in (".csv", ".xls", ".xlsx", ".txt")
    )
    assert len(files) > 90
    for path in files:
        report = FileReport(path.name)
        copy = tmp_path / f"customers{path.suffix}"
        copy.write_bytes(path.read_bytes())
        assert list(scan(copy, report, today=TODAY)) == []
        (trouble,) = report.troubles
        assert trouble.message.endswith(".")
        assert trouble.remedy
