"""Mapping profiles: data that says what a bank's own file means, checked itself, and never guessing."""

import datetime as dt
import io

import openpyxl
import pytest

from desk.imports.profiles import read_profile
from desk.imports.refusals import FileRefused
from desk.imports.report import FileReport
from desk.imports.scanning import scan

TODAY = dt.date(2026, 11, 25)
SPENDS = """
file = "spends"
names = ["bank_*.csv", "bank_*.xlsx"]
[columns]
account_number = "账号"
month = "月份"
kind = "种类"
amount = "金额"
"""


def profile(folder, text=SPENDS):
    path = folder / "bank.toml"
    path.write_text(text, encoding="utf-8")
    return read_profile(path)


def read(folder, data, text=SPENDS, name="bank_1.csv"):
    """The rows of a bank's file as texts, its faults by row and header, and the report."""
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    report = FileReport(name)
    said = profile(folder, text)
    rows = [row for block in scan(path, report, today=TODAY, profile=said) for row in block.rows()]
    faults = [(it.row, it.column, it.code) for it in report.troubles]
    return [tuple(map(str, row)) for row in rows], faults, report


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("file = ", 1, "not TOML"),
        ("file = 'spend'\nnames = ['*']", 1, "There is no import file spend"),
        (SPENDS.replace('names = ["bank_*.csv", "bank_*.xlsx"]', ""), 0, "for which files"),
        (SPENDS.replace("amount =", "sum ="), 8, "spends has no column sum"),
        (SPENDS.replace('amount = "金额"', ""), 4, "Nothing stands for amount"),
        (SPENDS.replace('"金额"', "5"), 8, "amount is not a list of texts"),
        (SPENDS.replace('"金额"', '""'), 8, "amount has no header"),
        (SPENDS + "[constants]\namount = '1'", 8, "is a column and a constant"),
        (SPENDS + "[amounts]\nunit = '百元'", 10, "is no unit"),
        (SPENDS + "[amounts]\ndecimal = ','\ngrouping = ','", 11, "One mark cannot be both"),
        (SPENDS + "[amounts]\nsign = 'lose'", 10, "lose is not known"),
        (SPENDS + "[amounts]\ncurrency = 'CNY'", 10, "[amounts] has no currency"),
        ("dates = 'DD/MM'\n" + SPENDS, 1, "does not say where year, month and day stand"),
        (SPENDS + "[values.kind]\ncard = 1", 10, "card is missing or not a text"),
        (SPENDS + "[values.sum]\ncard = 'x'", 9, "has no column sum"),
        (SPENDS + "[[skip]]\nheader = '种类'", 9, "must say one thing"),
        (SPENDS + "[[skip]]\nempty = true", 10, "empty needs a header"),
        (SPENDS + "[[skip]]\nlike = '合'", 10, "[skip] has no like"),
        ("sheets = 'x'\n" + SPENDS, 1, "A profile has no sheets"),
        (SPENDS.replace("spends", "customers"), 5, "customers has no column account_number"),
        (
            "file = 'holidays'\nnames = ['*']\n[columns]\nday = 'd'\nkind = 'k'\nname = 'n'\n[values.kind]\n'休' = 'FREE'",
            8,
            "kind has no word FREE",
        ),
    ],
)
def test_a_wrong_profile_is_refused_with_its_line(tmp_path, text, line, message):
    with pytest.raises(FileRefused) as found:
        profile(tmp_path, text)
    assert (found.value.fault.code, found.value.row) == ("BAD_PROFILE", line)
    assert message in found.value.fault.message
    assert found.value.fault.remedy


def test_the_banks_own_headers_are_read_and_the_rest_is_told(tmp_path):
    data = "消费汇总\n序号,种类,账号,金额,月份\n1,card,62,8800.00,2026-01\n"
    rows, faults, report = read(tmp_path, data)
    assert (rows, faults) == ([("62", "2026-01-01", "card", "8800.00")], [])
    assert list(report.remarks) == [
        "1 row(s) above the header were left out.",
        "It was read with the profile bank.",
        "Columns that the profile does not use: 序号.",
    ]


def test_every_complaint_names_the_banks_row_and_header(tmp_path):
    data = "账号,月份,种类,金额\n62,2026-13,card,1\n62,2026-01,,1\n62,2026-01,card,1\n62,2026-01,card,2\n62,2026-01\n"
    _, faults, report = read(tmp_path, data)
    assert sorted(faults) == [
        (2, "月份", "NO_SUCH_DAY"),
        (3, "种类", "EMPTY_CELL"),
        (5, "", "REPEATED_KEY"),
        (6, "", "ROW_WIDTH"),
    ]
    assert "Row 4 has the same 账号, 月份, 种类." in [trouble.message for trouble in report.troubles]


@pytest.mark.parametrize(
    ("header", "code", "column"),
    [("账号,月份,种类", "MISSING_COLUMN", "金额"), ("账号,月份,种类,金额,金额", "DUPLICATE_COLUMN", "金额")],
)
def test_a_header_that_does_not_suit_the_profile_is_refused(tmp_path, header, code, column):
    _, faults, _ = read(tmp_path, f"{header}\n1,2026-01,card,1\n")
    assert faults == [(1, column, code)]


@pytest.mark.parametrize(
    ("amounts", "cell", "value"),
    [
        ("unit = '万元'", "1.5", "15000"),
        ("unit = '亿元'", "0.00000001", "1"),
        ("unit = '万元'", " １.５ ", "15000"),
        ("grouping = ','", "1,234,567.80", "1234567.80"),
        ("decimal = ','\ngrouping = '.'", "1.234,5", "1234.5"),
        ("currency_sign = '¥'", "¥28.16", "28.16"),
        ("grouping = ','", "+5", "5"),
        ("sign = 'drop'", "-5.00", "-5.00"),
        ("decimal = ','", "1.50", None),
        ("grouping = ','", "1,23", None),
        ("unit = '万元'", "x", None),
    ],
)
def test_amounts_are_what_the_profile_says_or_a_fault(tmp_path, amounts, cell, value):
    data = f'账号,月份,种类,金额\n62,2026-01,card,"{cell}"\n'
    rows, faults, _ = read(tmp_path, data, SPENDS + "[amounts]\n" + amounts)
    assert [row[3] for row in rows] == ([value] if value else [])
    assert faults == ([] if value else [(2, "金额", "BAD_AMOUNT")])


@pytest.mark.parametrize(
    ("dates", "cell", "day"),
    [
        ("DD/MM/YYYY", "09/04/2025", "2025-04-09"),
        ("D.M.YYYY", "9.4.2025", "2025-04-09"),
        ("YYYYMMDD", "20250409", "2025-04-09"),
        ("YYYY年MM月DD日", "2025年04月09日", "2025-04-09"),
        ("YYYY-MM-DD*", "2025-04-09 12:45:27", "2025-04-09"),
        ("DD/MM/YYYY", "2025-04-09", "2025-04-09"),
        ("DD/MM/YYYY", "2025-04-09 12:45:27", "2025-04-09"),
        ("DD/MM/YYYY", "2026-01-3199", None),
        ("DD/MM/YYYY", "2026-01-31 bis 2026-03-01", None),
        ("DD/MM/YYYY", "04092025", None),
        ("DD/MM/YYYY", "31/02/2025", None),
        ("MM/DD/YYYY", "31/01/2025", None),
    ],
)
def test_days_are_what_the_profile_says_or_a_fault(tmp_path, dates, cell, day):
    text = f"dates = '{dates}'\nfile = 'holidays'\nnames = ['*']\n[columns]\nday = '日'\nname = '名'\n[constants]\nkind = 'HOLIDAY'"
    rows, faults, _ = read(tmp_path, f"日,名\n{cell},节\n", text)
    assert [row[0] for row in rows] == ([day] if day else [])
    assert [fault[:2] for fault in faults] == ([] if day else [(2, "日")])


def test_words_are_translated_by_the_longest_beginning_and_never_guessed(tmp_path):
    text = """
file = "holidays"
names = ["*"]
[columns]
day = "日"
name = "名"
kind = "类"
[values.kind]
"休*" = "HOLIDAY"
"休班*" = "WORKING_DAY_SWAP"
"" = "HOLIDAY"
"""
    rows, faults, report = read(
        tmp_path, "日,名,类\n2026-01-01,a,休息\n2026-01-02,b,休班\n2026-01-03,c,\n2026-01-04,d,班\n", text
    )
    assert [row[1] for row in rows] == ["HOLIDAY", "WORKING_DAY_SWAP", "HOLIDAY"]
    assert faults == [(5, "类", "UNTRANSLATED")]
    assert "[values.kind]" in report.troubles[0].remedy


def test_rows_that_are_no_records_are_skipped_and_counted(tmp_path):
    skips = "[[skip]]\nbegins = '合计'\n[[skip]]\nheader = '种类'\nempty = true\n[[skip]]\nheader = '账号'\nis = '0'\n"
    data = "账号,月份,种类,金额\n62,2026-01,card,1\n0,2026-01,card,1\n63,2026-01,,1\n ,合计\n"
    rows, faults, report = read(tmp_path, data, SPENDS + skips)
    assert ([row[0] for row in rows], faults) == (["62"], [])
    assert [remark for remark in report.remarks if "skipped" in remark] == [
        "1 row(s) were skipped, as the profile says: the first cell begins with 合计.",
        "1 row(s) were skipped, as the profile says: 种类 is empty.",
        "1 row(s) were skipped, as the profile says: 账号 is 0.",
    ]


def test_of_several_headers_one_cell_is_filled(tmp_path):
    text = SPENDS.replace('"金额"', '["收入", "支出"]').replace("file", "empty = ['-']\nfile")
    data = "账号,月份,种类,收入,支出\n1,2026-01,card,5,\n2,2026-01,card,-,6\n3,2026-01,card,7,8\n"
    rows, faults, _ = read(tmp_path, data, text)
    assert [row[3] for row in rows] == ["5", "6"]
    assert faults == [(4, "收入 / 支出", "SEVERAL_VALUES")]


def test_the_sheet_that_the_profile_names_is_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["账号"])
    named = book.create_sheet("明细")
    for line in (["账号", "月份", "种类", "金额"], ["62", dt.date(2026, 1, 1), "card", 1.5]):
        named.append(line)
    stream = io.BytesIO()
    book.save(stream)
    rows, faults, _ = read(tmp_path, stream.getvalue(), "sheet = '明细'\n" + SPENDS, "bank_1.xlsx")
    assert (rows, faults) == ([("62", "2026-01-01", "card", "1.5")], [])
    _, faults, _ = read(tmp_path, stream.getvalue(), "sheet = '汇总'\n" + SPENDS, "bank_1.xlsx")
    assert faults == [(0, "", "NO_SUCH_SHEET")]
