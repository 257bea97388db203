"""Sheets: any form of CSV, headers in any order, and refusals that say where."""

import csv
import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.imports.files import BY_NAME
from desk.imports.limits import Limits
from desk.imports.refusals import FileRefused
from desk.imports.report import FileReport
from desk.imports.scanning import scan
from desk.imports.sheets import BLOCK_ROWS, open_sheet

SPENDS = BY_NAME["spends"]
INSTITUTIONS = BY_NAME["institutions"]
HEADER = "account_number,month,kind,amount"


def written(folder, data, name="spends.csv"):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def cells(path, kind=SPENDS, **options):
    with open_sheet(path, kind, **options) as sheet:
        return [
            (number, row)
            for block in sheet.blocks()
            for number, row in zip(block.numbers, zip(*block.columns, strict=True), strict=True)
        ]


def refused(path, kind=SPENDS, **options):
    with pytest.raises(FileRefused) as found:
        cells(path, kind, **options)
    return found.value


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_usual_form_of_csv_is_read(tmp_path, newline, delimiter, encoding):
    lines = [HEADER.split(","), ["1", "2026-01", "餐饮", "1.50"], ["2", "2026-01", '"a""b"', "2"]]
    text = newline.join(delimiter.join(line) for line in lines) + newline
    path = written(tmp_path, text.encode(encoding))
    assert cells(path) == [(2, ("1", "2026-01", "餐饮", "1.50")), (3, ("2", "2026-01", 'a"b', "2"))]


def test_columns_may_stand_in_any_order_and_optional_ones_be_left_out(tmp_path):
    path = written(tmp_path, "level,name,kind,code\nTIER1,四川,BRANCH,51\n")
    assert cells(path, INSTITUTIONS) == [(2, ("51", "四川", "TIER1", "BRANCH", "", "", ""))]


@pytest.mark.parametrize(
    ("header", "code", "column"),
    [
        ("account_number,month,kind", "MISSING_COLUMN", "amount"),
        (HEADER + ",note", "UNKNOWN_COLUMN", ""),
        (HEADER + ",amount", "DUPLICATE_COLUMN", "amount"),
        ("Account_Number,month,kind,amount", "UNKNOWN_COLUMN", ""),
        ("账号,month,kind,amount", "UNKNOWN_COLUMN", ""),
        ("1,2026-01,card,1", "UNKNOWN_COLUMN", ""),
        ("", "MISSING_COLUMN", "account_number"),
    ],
)
def test_a_wrong_header_is_refused_with_the_right_one(tmp_path, header, code, column):
    found = refused(written(tmp_path, header + "\n1,2026-01,card,1\n"))
    assert (found.fault.code, found.column, found.row) == (code, column, 1)
    assert HEADER in found.fault.remedy


def test_an_unknown_column_is_named(tmp_path):
    found = refused(written(tmp_path, HEADER + ",备注\n"))
    assert found.fault.message == "Unknown column: 备注."


def test_a_file_with_a_header_only_has_no_rows(tmp_path):
    assert cells(written(tmp_path, HEADER)) == []
    assert cells(written(tmp_path, HEADER + "\r\n")) == []


def test_an_empty_file_is_refused(tmp_path):
    assert refused(written(tmp_path, "")).fault.code == "EMPTY_FILE"


def test_blank_rows_are_left_out_and_row_numbers_stay_those_of_the_file(tmp_path):
    path = written(tmp_path, HEADER + "\n\n1,2026-01,card,1\n,,,\n,,,,\n2,2026-01,card,2\n\n\n")
    assert [number for number, _ in cells(path)] == [3, 6]


def test_trailing_empty_columns_are_left_out(tmp_path):
    path = written(tmp_path, HEADER + ",,\n1,2026-01,card,1,,\n")
    assert cells(path) == [(2, ("1", "2026-01", "card", "1"))]


def test_rows_of_another_width_are_faults_of_their_own(tmp_path):
    path = written(
        tmp_path, HEADER + "\n1,2026-01,card,1\n2,2026-01,card\n3,2026-01,card,1,5\n4,2026-01,card,1\n"
    )
    with open_sheet(path, SPENDS) as sheet:
        (block,) = sheet.blocks()
    assert list(block.numbers) == [2, 5]
    assert [(row, fault.code) for row, _, fault in block.faults] == [(3, "ROW_WIDTH"), (4, "ROW_WIDTH")]
    assert block.dropped == 2


@pytest.mark.parametrize("broken", ['1,2026-01,"card,1', '1,2026-01,"ca"rd,1\n9,2026-01,card,1'])
def test_a_broken_quotation_is_refused_with_its_row(tmp_path, broken):
    found = refused(written(tmp_path, HEADER + "\n1,2026-01,card,1\n\n" + broken + "\n"))
    assert (found.fault.code, found.row) == ("BAD_QUOTES", 4)


def test_a_line_end_inside_quotes_is_one_row(tmp_path):
    path = written(tmp_path, HEADER + '\n1,2026-01,"a\nb",1\n2,2026-01,card,1\n')
    assert [(number, row[2]) for number, row in cells(path)] == [(2, "a\nb"), (3, "card")]


def test_an_unclosed_quotation_does_not_swallow_a_large_file(tmp_path):
    path = written(tmp_path, HEADER + '\n1,2026-01,"card,1\n' + "2,2026-01,card,1\n" * 100_000)
    assert refused(path).fault.code == "BAD_QUOTES"


def test_too_many_rows_are_refused(tmp_path):
    path = written(tmp_path, HEADER + "\n" + "1,2026-01,card,1\n" * 11)
    assert refused(path, limits=Limits(rows=10)).fault.code == "TOO_MANY_ROWS"
    assert len(cells(path, limits=Limits(rows=11))) == 11


@pytest.mark.parametrize(
    ("start", "code"), [(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLD_WORKBOOK"), (b"<html><table>", "WEB_PAGE")]
)
def test_an_old_workbook_is_refused_with_the_remedy(tmp_path, start, code):
    found = refused(written(tmp_path, start + b"rest", "spends.xls"))
    assert found.fault.code == code
    assert ".xlsx" in found.fault.remedy
    assert "CSV" in found.fault.remedy


def test_blocks_hold_their_rows_and_numbers_over_the_block_size(tmp_path):
    rows = BLOCK_ROWS + 3
    path = written(tmp_path, HEADER + "\n" + "".join(f"{row},2026-01,card,1\n" for row in range(rows)))
    found = cells(path)
    assert [(number, row[0]) for number, row in found] == [(row + 2, str(row)) for row in range(rows)]


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6)] * 4),
        max_size=20,
    ),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_wrote_is_read_back(tmp_path_factory, rows, quoting, newline):
    path = tmp_path_factory.mktemp("csv") / "spends.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=quoting, lineterminator=newline)
        writer.writerows([HEADER.split(","), *rows])
    assert [row for _, row in cells(path)] == rows


@given(st.binary(max_size=300), st.sampled_from([b"", HEADER.encode() + b"\n", b"PK\x03\x04"]))
def test_no_bytes_make_a_scan_crash(tmp_path_factory, data, start):
    path = tmp_path_factory.mktemp("any") / "spends.csv"
    path.write_bytes(start + data)
    report = FileReport(path.name)
    rows = list(
        itertools.chain.from_iterable(block.rows() for block in scan(path, report, today=dt.date(2026, 1, 1)))
    )
    assert rows or report.errors or report.rows_read == 0
