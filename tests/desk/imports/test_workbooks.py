"""Workbooks: what a spreadsheet shows is what is read, and bombs are refused quickly in little memory."""

import datetime as dt
import io
import time
import tracemalloc
import zipfile

import openpyxl
import pytest

from desk.imports.files import BY_NAME
from desk.imports.limits import LIMITS, Limits
from desk.imports.refusals import FileRefused
from desk.imports.report import FileReport
from desk.imports.scanning import scan
from desk.imports.sheets import open_sheet
from desk.imports.workbooks import rows, text_of

SPENDS = BY_NAME["spends"]
HEADER = ["account_number", "month", "kind", "amount"]
TODAY = dt.date(2026, 1, 31)


def book(*lines, title="Sheet", more=()):
    made = openpyxl.Workbook()
    made.active.title = title
    for line in lines:
        made.active.append(line)
    for name in more:
        made.create_sheet(name)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def repacked(data, changes, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", compression) as target:
        for part in source.infolist():
            if part.filename not in changes:
                target.writestr(part, source.read(part))
        for name, content in changes.items():
            target.writestr(name, content)
    return out.getvalue()


def refused(data, limits=LIMITS):
    with pytest.raises(FileRefused) as found:
        list(rows(io.BytesIO(data), "spends", limits))
    return found.value.fault.code


SHEET = "xl/worksheets/sheet1.xml"
XML = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


def test_cells_are_read_as_they_are_shown(tmp_path):
    path = tmp_path / "spends.xlsx"
    path.write_bytes(
        book(
            HEADER,
            ["6217000010000000017", dt.date(2026, 1, 1), "card", 512345.67],
            [622848, "2026-02", "cash", 0.1 + 0.2],
            [],
            [1, dt.datetime.fromisoformat("2026-03-01"), "餐饮", 100],
        )
    )
    with open_sheet(path, SPENDS) as sheet:
        (block,) = sheet.blocks()
        assert (sheet.encoding, sheet.name, len(sheet.digest)) == ("xlsx", "spends.xlsx", 64)
    assert list(block.numbers) == [2, 3, 5]
    assert list(zip(*block.columns, strict=True)) == [
        ("6217000010000000017", "2026-01-01", "card", "512345.67"),
        ("622848", "2026-02", "cash", "0.3"),
        ("1", "2026-03-01", "餐饮", "100"),
    ]


@pytest.mark.parametrize(
    ("value", "data_type", "text"),
    [
        (None, "n", ""),
        (True, "b", "true"),
        (5.0, "n", "5"),
        (-0.5, "n", "-0.5"),
        (1e-7, "n", "0.0000001"),
        (100.0, "n", "100"),
        (512345.67000000004, "n", "512345.67"),
        (999999999999999, "n", "999999999999999"),
        (6217000010000000017, "n", "\0rounded"),
        (6.217e18, "n", "\0rounded"),
        (float("inf"), "n", "\0rounded"),
        ("=A1", "f", "\0formula"),
        ("=A1", "s", "=A1"),
        ("#N/A", "e", "\0error"),
        (dt.datetime.fromisoformat("2026-01-31T12:30"), "d", "2026-01-31 12:30:00"),
        (dt.time(1, 2), "d", "01:02:00"),
    ],
)
def test_the_text_of_a_cell(value, data_type, text):
    assert text_of(value, data_type) == text


def test_formulas_errors_and_rounded_numbers_are_faults_with_their_place(tmp_path):
    path = tmp_path / "spends.xlsx"
    path.write_bytes(
        book(
            HEADER,
            ["1", "2026-01", "card", "=1+1"],
            ["#N/A", "2026-01", "card", 1],
            [10**18, "2026-01", "card", 1],
        )
    )
    report = FileReport(path.name)
    assert [list(block.numbers) for block in scan(path, report, today=TODAY)] == [[]]
    assert [(it.row, it.column, it.code) for it in report.troubles] == [
        (2, "amount", "FORMULA"),
        (3, "account_number", "CELL_ERROR"),
        (4, "account_number", "ROUNDED_NUMBER"),
    ]


def test_the_sheet_of_the_kind_is_taken_or_the_only_one(tmp_path):
    assert list(rows(io.BytesIO(book(HEADER)), "spends", LIMITS)) == [(1, HEADER)]
    assert list(rows(io.BytesIO(book(HEADER, title="Spends ", more=["x"])), "spends", LIMITS)) == [
        (1, HEADER)
    ]
    assert list(rows(io.BytesIO(book(HEADER, title="a", more=["empty"])), "spends", LIMITS)) == [(1, HEADER)]
    assert refused(book(title="a", more=["b"])) == "WHICH_SHEET"
    two = openpyxl.load_workbook(io.BytesIO(book(HEADER, title="a", more=["b"])))
    two["b"].append(HEADER)
    stream = io.BytesIO()
    two.save(stream)
    assert refused(stream.getvalue()) == "WHICH_SHEET"


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\0" * 100,
        book(HEADER)[:-30],
        repacked(book(HEADER), {SHEET: b"<no"}),
        repacked(book(HEADER), {SHEET: b""}),
        repacked(book(HEADER), {"xl/workbook.xml": b"<workbook/>"}),
        repacked(book(HEADER), {"[Content_Types].xml": b"<Types/>"}),
        repacked(book(HEADER), {SHEET: XML.format('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')}),
        repacked(book(HEADER), {SHEET: XML.format('<row r="x"><c r="?"><v>1</v></c></row>')}),
    ],
)
def test_a_broken_workbook_is_refused(data):
    assert refused(data) == "BROKEN_WORKBOOK"


def entities():
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{lol}]>' + XML.format(
        "<row><c><v>&l9;</v></c></row>"
    )


BOMBS = {
    "zeros": lambda: repacked(book(HEADER), {SHEET: b" " * (200 << 20)}),
    "many parts": lambda: repacked(book(HEADER), {f"xl/x{part}.xml": b"" for part in range(1_001)}),
    "shared strings": lambda: repacked(
        book(HEADER), {"xl/sharedStrings.xml": b"<sst>" + b"<si><t>abcdef</t></si>" * 4_000_000}
    ),
    "styles": lambda: repacked(
        book(HEADER), {"xl/styles.xml": b"0123456789" * 1_000_000}, zipfile.ZIP_STORED
    ),
    "entities": lambda: repacked(book(HEADER), {SHEET: entities()}),
    "entities in UTF-16": lambda: repacked(
        book(HEADER), {SHEET: entities().replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")}
    ),
    "entities in shared strings": lambda: repacked(book(HEADER), {"xl/sharedStrings.xml": entities()}),
    "hidden prologue": lambda: repacked(book(HEADER), {SHEET: "<!--" + "x" * (1 << 17) + "-->" + entities()}),
    "last corner": lambda: repacked(
        book(HEADER), {SHEET: XML.format('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}
    ),
    "wide row": lambda: repacked(
        book(HEADER), {SHEET: XML.format('<row r="1"><c r="XFD1"><v>1</v></c></row>')}
    ),
    "empty rows": lambda: repacked(book(HEADER), {SHEET: XML.format("<row/>" * 1_000_000)}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_within_a_second_and_64_mib(name):
    data = BOMBS[name]()
    tracemalloc.start()
    begun = time.process_time()
    code = refused(data)
    took = time.process_time() - begun
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert code in ("UNSAFE_WORKBOOK", "TOO_MANY_ROWS", "TOO_MANY_COLUMNS", "TOO_MANY_BLANK_ROWS")
    assert peak < 64 << 20
    assert took < 1


def test_a_password_is_refused():
    data = bytearray(book(HEADER))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.start_dir
    data[start + 8] |= 1
    assert refused(bytes(data)) == "ENCRYPTED"


def test_caps_are_the_given_ones():
    small = Limits(workbook_rows=2, workbook_blank_rows=1, columns=4)
    lines = [HEADER, ["1", "2026-01", "card", 1]]
    assert len(list(rows(io.BytesIO(book(*lines)), "spends", small))) == 2
    assert refused(book(*lines, lines[1]), small) == "TOO_MANY_ROWS"
    assert refused(book([*HEADER, "x"]), small) == "TOO_MANY_COLUMNS"
    assert refused(book(HEADER), Limits(workbook_file=100)) == "UNSAFE_WORKBOOK"
