"""Cells: what is read, what is put right and said, and what is refused with a remedy."""

import contextlib
import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.imports import cells
from desk.imports.cells import CellRefused, Read, parse
from desk.imports.columns import Cell, Column, Sign
from desk.imports.typed import ColumnReader


def column(cell, required=True, choices=(), longest=120, sign=Sign.ANY):
    return Column("it", cell, "", "", required, choices, longest, sign)


def refusal(of, text):
    with pytest.raises(CellRefused) as refused:
        parse(of, text)
    fault = refused.value.fault
    assert fault.message.endswith(".")
    assert fault.remedy.endswith(".")
    return fault.code


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        (Cell.BOOLEAN, "true", True),
        (Cell.BOOLEAN, "false", False),
        (Cell.CODE, "510100W", "510100W"),
        (Cell.CODE, "debit_total", "debit_total"),
        (Cell.DATE, "2026-01-31", dt.date(2026, 1, 31)),
        (Cell.DATE, "2024-02-29", dt.date(2024, 2, 29)),
        (Cell.DIGITS, "007", "007"),
        (Cell.INTEGER, "-120", -120),
        (Cell.MONEY, "512345.67", Decimal("512345.67")),
        (Cell.MONEY, "-0.5", Decimal("-0.5")),
        (Cell.MONTH, "2026-01", dt.date(2026, 1, 1)),
        (Cell.RATE, "8.2134", Decimal("8.2134")),
        (Cell.TEXT, "某公司（北京）", "某公司（北京）"),
        (Cell.TEXT, "𠮷㐀", "𠮷㐀"),
        (Cell.TEXT, "O'Brien, née Łukasz", "O'Brien, née Łukasz"),
    ],
)
def test_a_right_cell_is_read_and_nothing_is_noted(cell, text, value):
    assert parse(column(cell), text) == Read(value)


@pytest.mark.parametrize(
    ("cell", "text", "value", "note"),
    [
        (Cell.CODE, "\t6217 ".strip(" ") + " ", "6217", cells.PADDING),
        (Cell.CODE, "６２１７", "6217", cells.FULL_WIDTH),
        (Cell.MONEY, "１２３．４５", Decimal("123.45"), cells.FULL_WIDTH),
        (Cell.MONEY, "\u3000123.45\u00a0", Decimal("123.45"), cells.PADDING),
        (Cell.DATE, "2026/1/5", dt.date(2026, 1, 5), cells.DAY_SPELLING),
        (Cell.DATE, "20260105", dt.date(2026, 1, 5), cells.DAY_SPELLING),
        (Cell.MONTH, "202601", dt.date(2026, 1, 1), cells.DAY_SPELLING),
        (Cell.MONTH, "2026-01-01", dt.date(2026, 1, 1), cells.DAY_SPELLING),
        (Cell.MONTH, "2026/1", dt.date(2026, 1, 1), cells.DAY_SPELLING),
        (Cell.BOOLEAN, "TRUE", True, cells.LETTER_CASE),
        (Cell.TEXT, "１号楼（Ａ）", "1号楼（A）", cells.FULL_WIDTH),
        (Cell.TEXT, "e\u0301", "é", cells.COMPOSED),
        (Cell.TEXT, " 周明\t", "周明", cells.PADDING),
    ],
)
def test_what_is_put_right_is_noted(cell, text, value, note):
    assert parse(column(cell), text) == Read(value, (note,))


@pytest.mark.parametrize(
    ("cell", "text", "code"),
    [
        (Cell.BOOLEAN, "yes", "BAD_BOOLEAN"),
        (Cell.CODE, "a b", "BAD_CODE"),
        (Cell.CODE, "-1", "BAD_CODE"),
        (Cell.CODE, "客户1", "BAD_CODE"),
        (Cell.CODE, "=1+1", "BAD_CODE"),
        (Cell.DATE, "2026-02-30", "NO_SUCH_DAY"),
        (Cell.DATE, "31.01.2026", "BAD_DATE"),
        (Cell.DATE, "01/31/2026", "BAD_DATE"),
        (Cell.DATE, "2026-01-31 00:00:01", "BAD_DATE"),
        (Cell.DATE, "0026-01-31", "DAY_OUT_OF_RANGE"),
        (Cell.DATE, "٢٠٢٦-01-31", "BAD_DATE"),
        (Cell.MONTH, "2026-13", "NO_SUCH_DAY"),
        (Cell.MONTH, "2026-01-31", "BAD_MONTH"),
        (Cell.DIGITS, "12a", "BAD_DIGITS"),
        (Cell.DIGITS, "٣", "BAD_DIGITS"),
        (Cell.INTEGER, "1.0", "BAD_INTEGER"),
        (Cell.INTEGER, "1e3", "BAD_INTEGER"),
        (Cell.MONEY, "1,234.50", "BAD_AMOUNT"),
        (Cell.MONEY, "1234,50", "BAD_AMOUNT"),
        (Cell.MONEY, "¥12", "BAD_AMOUNT"),
        (Cell.MONEY, "NaN", "BAD_AMOUNT"),
        (Cell.MONEY, "1E+30", "BAD_AMOUNT"),
        (Cell.MONEY, "1234567890123456", "BAD_AMOUNT"),
        (Cell.MONEY, "0.1234567", "BAD_AMOUNT"),
        (Cell.RATE, "N/A", "BAD_RATE"),
        (Cell.RATE, "-1", "BAD_RATE"),
        (Cell.TEXT, "a\u202eb", "BAD_CHARACTER"),
        (Cell.TEXT, "a\u200bb", "BAD_CHARACTER"),
        (Cell.TEXT, "a\nb", "BAD_CHARACTER"),
        (Cell.TEXT, "a\x00b", "BAD_CHARACTER"),
        (Cell.TEXT, "a\ue000b", "BAD_CHARACTER"),
        (Cell.TEXT, "a\ufffdb", "BAD_CHARACTER"),
        (Cell.TEXT, chr(0xD800), "BAD_CHARACTER"),
        (Cell.TEXT, "a\U0002ffffb", "BAD_CHARACTER"),
        (Cell.TEXT, "长" * 121, "TOO_LONG"),
        (Cell.CODE, "1" * 121, "TOO_LONG"),
        (Cell.TEXT, "", "EMPTY_CELL"),
        (Cell.MONEY, " \u3000", "EMPTY_CELL"),
    ],
)
def test_a_wrong_cell_is_refused(cell, text, code):
    assert refusal(column(cell), text) == code


def test_the_words_of_an_enum():
    level = column(Cell.ENUM, choices=("TIER1", "TIER2"))
    assert parse(level, "TIER1") == Read("TIER1")
    assert parse(level, "tier1") == Read("TIER1", (cells.LETTER_CASE,))
    assert refusal(level, "TIER3") == "UNKNOWN_WORD"
    assert refusal(level, "tıer1") == "UNKNOWN_WORD"


def test_signs():
    positive, counted = column(Cell.MONEY, sign=Sign.POSITIVE), column(Cell.MONEY, sign=Sign.NOT_NEGATIVE)
    assert refusal(positive, "0.00") == "WRONG_SIGN"
    assert refusal(counted, "-0.01") == "WRONG_SIGN"
    assert parse(counted, "0") == Read(Decimal(0))


def test_an_optional_cell_may_be_empty():
    assert parse(column(Cell.DATE, required=False), "") == Read(None)
    assert parse(column(Cell.DATE, required=False), "\u3000") == Read(None)


@pytest.mark.parametrize("mark", sorted(cells.UNREADABLE))
@pytest.mark.parametrize("cell", list(Cell))
def test_a_cell_that_a_workbook_could_not_give_is_refused_whatever_it_should_hold(cell, mark):
    assert refusal(column(cell), mark) == cells.UNREADABLE[mark].code


CELLS = st.sampled_from(
    [
        column(cell, required, ("TIER1", "A"), 5, sign)
        for cell in Cell
        for required in (True, False)
        for sign in (Sign.ANY, Sign.POSITIVE)
    ]
)
TEXTS = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.text("0123456789.-/ \nAa一龥\u3000１é", max_size=8),
        st.sampled_from(["", "2026-01-31", "2026-01", "1.50", "0", "TIER1", "true", *cells.UNREADABLE]),
        st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
    ),
    max_size=12,
)


@given(CELLS, TEXTS)
def test_a_column_reads_exactly_as_its_cells_do(it, texts):
    counted = Counter()
    values, faults = ColumnReader(it, counted).read(texts)
    expected = Counter()
    for place, text in enumerate(texts):
        try:
            read = parse(it, text)
        except CellRefused as refused:
            same = faults.pop(place) == refused.fault
            assert same
            continue
        assert values[place] == read.value
        assert type(values[place]) is type(read.value)
        expected.update((it.name, note) for note in read.notes)
    assert not faults
    assert counted == expected


@given(st.sampled_from(list(Cell)), st.text())
def test_no_text_makes_a_cell_crash(cell, text):
    with contextlib.suppress(CellRefused):
        assert parse(column(cell), text).value is not None
