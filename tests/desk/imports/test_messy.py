"""Real files that were not made for us: for each a line that says what happens to it, and three independent witnesses."""

import csv
import datetime as dt
import itertools
import json

import openpyxl
import pytest

from desk.imports.files import BY_NAME
from desk.imports.limits import LIMITS
from desk.imports.looking import look, widest
from desk.imports.report import FileReport
from desk.imports.scanning import scan
from desk.imports.tables import open_table
from tests.accepting import GOLDEN, accept
from tests.shared_data import shared

pytestmark = pytest.mark.shared

TODAY = dt.date(2026, 11, 25)
SAME_BYTES = {
    "ascii": "utf-8",
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "gb18030": "gb18030",
    "utf-16": "utf-16",
}


@pytest.fixture
def messy():
    return shared("data/messy")


def inventory(folder):
    with (folder / "INVENTORY.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cells(path):
    """The header and every row of a file, as the importer reads them."""
    with open_table(path, widest, None, LIMITS) as table:
        rows = [
            list(row)
            for _, block in table.rows
            for row in (block if isinstance(block, list) else zip(*block, strict=True))
        ]
        return [table.header, *rows]


def test_every_file_is_read_or_refused_as_was_reviewed(messy):
    lines = [
        f"{row['file'].rpartition('/')[0]}\n  {look(messy / row['file']).as_text()}"
        for row in inventory(messy)
    ]
    assert len(lines) == 113
    accept(GOLDEN / "messy.txt", "\n".join(sorted(lines)) + "\n")


def test_encodings_are_those_of_the_inventory(messy):
    seen = 0
    for row in inventory(messy):
        due = SAME_BYTES.get(row["encoding"])
        found = look(messy / row["file"])
        if due and found.refused is None:
            assert found.encoding == due, row["file"]
            seen += 1
    assert seen == 65


def test_csv_spectrum_is_read_as_its_authors_say(messy):
    folder = messy / "csv-spectrum"
    names = sorted(path.stem for path in (folder / "csvs").iterdir())
    assert len(names) == 11
    for name in names:
        header, *rows = cells(folder / "csvs" / f"{name}.csv")
        due = json.loads((folder / "json" / f"{name}.json").read_text(encoding="utf-8"))
        found = [dict(zip(header, row, strict=True)) for row in rows if any(row)]
        # One of the files lost its carriage returns on the way here.
        due = [{key: cell.replace("\r\n", "\n") for key, cell in row.items()} for row in due]
        assert found == due, name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("csvkit/examples/test_utf8.csv", "csvkit/examples/test_utf8_bom.csv"),
        ("csvkit/examples/test_utf16_big.csv", "csvkit/examples/test_utf16_little.csv"),
        ("csv-spectrum/csvs/simple.csv", "csv-spectrum/csvs/simple_crlf.csv"),
    ],
)
def test_the_same_content_in_another_form_is_the_same(messy, one, other):
    assert cells(messy / one) == cells(messy / other)


def test_a_workbook_is_read_as_its_library_reads_it(messy):
    path = messy / "csvkit/examples/realdata/ne_1033_data.xlsx"
    book = openpyxl.load_workbook(path)
    due = list(book.worksheets[0].iter_rows(values_only=True))
    found = cells(path)
    assert (len(found), len(found[0])) == (len(due), len(due[0])) == (1037, 14)
    for line, row in zip(found[1:], due[1:], strict=True):
        assert line[3] == (row[3] or "")
        assert line[8] == format(round(row[8], 4), "f").rstrip("0").rstrip(".")


def test_sixteen_thousand_columns_are_refused_at_once(messy):
    path = messy / "easyexcel/easyexcel-test/src/test/resources/compatibility/t03.xlsx"
    found = look(path)
    assert found.refused is not None
    assert found.refused.fault.code == "TOO_MANY_COLUMNS"


def test_naughty_strings_come_through_untouched_or_are_refused(messy, tmp_path):
    strings = json.loads((messy / "big-list-of-naughty-strings/blns.json").read_text(encoding="utf-8"))
    path = tmp_path / "holidays.csv"
    day = dt.date(2000, 1, 1)
    days = {(day + dt.timedelta(days=place)).isoformat(): text for place, text in enumerate(strings)}
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(BY_NAME["holidays"].header)
        rows.writerows((day, "HOLIDAY", text) for day, text in days.items())
    report = FileReport(path.name)
    read = {row[0].isoformat(): row[2] for block in scan(path, report, today=TODAY) for row in block.rows()}
    refused = {trouble.row - 2 for trouble in report.troubles}
    assert {trouble.code for trouble in report.troubles} == {"BAD_CHARACTER", "EMPTY_CELL", "TOO_LONG"}
    assert len(read) + len(refused) == len(strings) == 515
    untouched = [days[day] == text for day, text in read.items()]
    # Full-width letters and digits were made half-width, and padding was taken off: both are told.
    assert untouched.count(False) == sum(report.normalised.values())
    assert set(itertools.compress(read.values(), untouched)) <= set(strings)
