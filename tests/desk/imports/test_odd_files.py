"""What clerks' spreadsheets do to a file: each oddity is read and told, or refused with the row, the column and the remedy."""

import datetime as dt
import io
import time
import zipfile

import openpyxl
import pytest

from desk.imports.looking import look
from desk.imports.report import FileReport
from desk.imports.scanning import scan

TODAY = dt.date(2026, 11, 25)
HEADER = "account_number,month,kind,amount"
ROW = "6217000010000000017,2026-01,card,8800.00"
READ = [("6217000010000000017", dt.date(2026, 1, 1), "card", "8800.00")]


def scanned(folder, data, name="spends.csv"):
    """The rows that are right, as texts of their amounts, and the report."""
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    report = FileReport(name)
    rows = [row for block in scan(path, report, today=TODAY) for row in block.rows()]
    return [(*row[:3], str(row[3])) for row in rows], report


def faults(report):
    return [(it.row, it.column, it.code) for it in report.troubles]


def book(*lines, merged=(), sheets=()):
    made = openpyxl.Workbook()
    for line in lines:
        made.active.append(line)
    for area in merged:
        made.active.merge_cells(area)
    for name in sheets:
        made.create_sheet(name)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def repacked(data, part, old, new):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            content = source.read(item)
            if item.filename == part:
                assert old in content
                content = content.replace(old, new)
            target.writestr(item, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_what_stands_above_the_header_is_left_out_and_told(tmp_path):
    rows, report = scanned(tmp_path, f"某银行 消费汇总\n\n打印日期: 2026-02-01,,\n{HEADER}\n{ROW}\n")
    assert rows == READ
    assert list(report.remarks) == ["3 row(s) above the header were left out."]


def test_rows_keep_the_numbers_of_the_file_below_a_preamble(tmp_path):
    _, report = scanned(tmp_path, f"汇总\n\n{HEADER}\n{ROW}\n1,2026-13,card,1\n")
    assert faults(report) == [(5, "month", "NO_SUCH_DAY")]


def test_a_quotation_mark_astray_above_the_header_hides_nothing(tmp_path):
    assert scanned(tmp_path, f'"某银行 "消费" 汇总\n{HEADER}\n{ROW}\n')[0] == READ


def test_the_nearest_header_is_the_one_complained_of(tmp_path):
    _, report = scanned(tmp_path, f"汇总,,,\n{HEADER.replace('amount', 'amont')}\n{ROW}\n")
    (trouble,) = report.troubles
    assert (trouble.row, trouble.code, trouble.message) == (2, "UNKNOWN_COLUMN", "Unknown column: amont.")


def test_padded_headers_and_cells_are_read(tmp_path):
    header = ",".join(f"\u3000{name} \t" for name in HEADER.split(","))
    rows, report = scanned(tmp_path, f"{header}\n" + ",".join(f" {cell}\t" for cell in ROW.split(",")) + "\n")
    assert rows == READ
    assert {what for _, what in report.normalised} == {"padding removed"}


def test_a_total_below_the_rows_is_named_as_one(tmp_path):
    rows, report = scanned(tmp_path, f"{HEADER}\n{ROW}\n \t\n合计,8800.00\n")
    assert rows == READ
    assert faults(report) == [(4, "", "TOTAL_ROW")]
    assert report.troubles[0].remedy == "Delete the row, or have a profile skip it ([[skip]])."


def test_ragged_rows_are_faults_and_padding_beyond_the_header_is_not(tmp_path):
    rows, report = scanned(tmp_path, f"{HEADER}\n{ROW},\t,\n{ROW},x\n1,2026-01\n")
    assert rows == READ
    assert faults(report) == [(3, "", "ROW_WIDTH"), (4, "", "ROW_WIDTH")]


def test_padding_behind_a_closing_quotation_mark_is_no_fault(tmp_path):
    quoted = '"6217000010000000017"\t,"2026-01" ,card,"8800.00"\t\n'
    assert scanned(tmp_path, f"{HEADER}\n{quoted}")[0] == READ
    _, report = scanned(tmp_path, f'{HEADER}\n"62"17,2026-01,card,1\n')
    assert faults(report) == [(2, "", "BAD_QUOTES")]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_a_text_that_calls_itself_a_workbook_is_read_as_text(tmp_path, encoding):
    wrapped = "\t".join(f'="{cell}"' for cell in ROW.replace("card", "餐饮").split(","))
    text = f"{HEADER}\n{wrapped}\n".replace(",", "\t")
    _, report = scanned(tmp_path, text.encode(encoding), "spends.xls")
    assert report.encoding == encoding
    assert list(report.remarks) == ["The name ends in .xls, but the file is text. It was read as text."]
    # The wrapping of the spreadsheet is off; the kind is complained of, for it is no code.
    assert faults(report) == [(2, "kind", "BAD_CODE")]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "spends.csv", "EMPTY_FILE"),
        (b"\n\n", "spends.csv", "NO_HEADER"),
        (b"<html><table><tr><td>1", "spends.xls", "WEB_PAGE"),
        (b"account\0number", "spends.csv", "NUL_BYTES"),
        (HEADER.encode("utf-16-le"), "spends.csv", "NUL_BYTES"),
        (f"{HEADER}\n{ROW}\n".encode() + b"\xa9", "spends.csv", "UNKNOWN_ENCODING"),
        (b"[1]", "spends.json", "NOT_A_TABLE"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "spends.xls", "OLD_WORKBOOK"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "spends.xlsx",
            "ENCRYPTED",
        ),
        (book([*HEADER.split(","), "amount"]), "spends.xlsx", "DUPLICATE_COLUMN"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_remedy(tmp_path, data, name, code):
    rows, report = scanned(tmp_path, data, name)
    (trouble,) = report.troubles
    assert (rows, trouble.code) == ([], code)
    assert trouble.message.endswith(".")
    assert trouble.remedy


def test_a_formula_is_read_by_its_saved_result_and_told(tmp_path):
    data = book(HEADER.split(","), ["1", "2026-01", "card", "=4400*2"], ["2", "2026-01", "card", "=1+1"])
    saved = repacked(data, SHEET, b"<f>4400*2</f><v />", b"<f>4400*2</f><v>8800</v>")
    rows, report = scanned(tmp_path, saved, "spends.xlsx")
    assert rows == [("1", dt.date(2026, 1, 1), "card", "8800")]
    assert faults(report) == [(3, "amount", "FORMULA")]
    assert list(report.remarks) == ["1 cell(s) hold formulas. The results saved with them were read."]


def test_a_merged_cell_is_never_an_empty_one(tmp_path):
    lines = [
        ["消费汇总"],
        HEADER.split(","),
        ["1", "2026-01", "card", 1],
        ["2", None, "card", 2],
        ["3", "2026-01", "card", 3],
    ]
    rows, report = scanned(tmp_path, book(*lines, merged=["A1:D1", "B3:B4"]), "spends.xlsx")
    assert [row[0] for row in rows] == ["1", "3"]
    assert faults(report) == [(4, "month", "MERGED_CELL")]


def test_merged_cells_below_the_table_and_across_blank_rows_are_no_fault(tmp_path):
    lines = [HEADER.split(","), ["1", "2026-01", "card", 1], [None] * 4, ["2", "2026-01", "card", 2]]
    rows, report = scanned(tmp_path, book(*lines, merged=["A2:A3", "B2:B3", "C2:C3", "D2:D3"]), "spends.xlsx")
    assert ([row[0] for row in rows], report.errors) == (["1", "2"], 0)


def test_the_only_sheet_with_content_is_read_and_the_others_are_told(tmp_path):
    data = book(HEADER.split(","), ["1", "2026-01", "card", 1], sheets=["Sheet2", "Sheet3"])
    rows, report = scanned(tmp_path, data, "spends.xlsx")
    assert len(rows) == 1
    assert list(report.remarks) == ["The sheet Sheet was read, 2 other(s) were not."]


def test_escaped_characters_of_a_workbook_are_the_characters(tmp_path):
    data = repacked(book(["姓名", "SH_Z"], ["x", "y"]), SHEET, b"SH_Z", b"SH_x005f_x000D_Z")
    path = tmp_path / "any.xlsx"
    path.write_bytes(data)
    assert look(path).headers == ("姓名", "SH_x000D_Z")


BOMBS = {
    "zeros": lambda: repacked(
        book(HEADER.split(",")), SHEET, b"<sheetData>", b" " * (32 << 20) + b"<sheetData>"
    ),
    "wide": lambda: repacked(
        book(HEADER.split(",")),
        SHEET,
        b"</sheetData>",
        b'<row r="2"><c r="XFD2"><v>1</v></c></row></sheetData>',
    ),
    "merges": lambda: repacked(
        book(HEADER.split(","), merged=["A9:B9"]),
        SHEET,
        b"</mergeCells>",
        b'<mergeCell ref="A1:XFD1048576"/>' * 20_000 + b"</mergeCells>",
    ),
    "formulas": lambda: book(HEADER.split(","), *(["1", "2026-01", "card", "=1+1"] for _ in range(500))),
}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("zeros", "UNSAFE_WORKBOOK"),
        ("wide", "TOO_MANY_COLUMNS"),
        ("merges", "TOO_MANY_MERGED"),
        ("formulas", "FORMULA"),
    ],
)
def test_what_might_hang_is_refused_in_a_moment(tmp_path, name, code):
    data = BOMBS[name]()
    begun = time.process_time()
    _, report = scanned(tmp_path, data, "spends.xlsx")
    assert {trouble.code for trouble in report.troubles} == {code}
    assert time.process_time() - begun < 5
