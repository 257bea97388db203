"""Delivery lists of the factory: stretches or single numbers, CSV or XLSX, each fault with its row and remedy (Notice 4)."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desk.deliveries import Delivery, Listed, receive
from models.movements import MovementLine, StockMovement
from models.serials import CardNumber, Range
from models.vocabulary import Tier
from tests.desk.stock.test_receiving import whole
from tests.digest import digest, refused

EXAMPLES = Path(__file__).parents[3] / "examples" / "deliveries"


async def read(custody, path: Path, *, who: str = "ku", quantity: int = 100_000, **said: Any) -> Delivery:
    order = await custody.order(quantity)
    return await receive(await custody.desk(who), order_id=order.id, path=path, **said)


def written(folder: Path, text: str, name: str = "list.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def faults(found: Delivery) -> list[tuple[int, str, str]]:
    return [(it.row, it.column, it.code) for it in found.report.troubles]


@pytest.mark.parametrize(
    ("name", "ranges", "defects"),
    [
        ("stretches.csv", [Range(1_000_000, 1_009_999)], [Range(1_005_000, 1_005_009)]),
        ("numbers.csv", [Range(1_000_000, 1_000_011)], [Range(1_000_007, 1_000_007)]),
    ],
)
async def test_the_examples_are_read(custody, name, ranges, defects):
    found = await read(custody, EXAMPLES / name)
    assert (found.report.troubles, found.ranges, found.defects) == ([], ranges, defects)
    receipt = found.movement
    assert receipt is not None
    assert (receipt.state, receipt.kind, receipt.quantity) == ("DRAFT", "RECEIPT", found.quantity)
    sha256 = hashlib.sha256((EXAMPLES / name).read_bytes()).hexdigest()
    assert receipt.reason == f"{name}, SHA-256 {sha256}"
    lines = MovementLine.filter(movement_id=receipt.id, to_state="SPOILED")
    assert [line.range for line in await lines] == defects


async def test_a_draft_of_a_list_is_posted_by_two_persons_as_any_other(custody):
    found = await read(custody, EXAMPLES / "numbers.csv")
    assert await custody.lying() == []
    await custody.posted(found.movement)
    assert await custody.lying() == [
        ("IN_STOCK", 1_000_000, 1_000_006), ("SPOILED", 1_000_007, 1_000_007), ("IN_STOCK", 1_000_008, 1_000_011),
    ]  # fmt: skip


async def test_numbers_in_any_order_and_both_ways_of_writing_come_to_ranges(custody, tmp_path):
    serials = [*range(500), *range(1_000, 1_200)]
    random.Random(7).shuffle(serials)
    rows = [whole(it) if it % 3 else f"{it:012}" if it % 2 else str(it) for it in serials]
    found = await read(custody, written(tmp_path, "number\n" + "\n".join(rows) + "\n"))
    assert found.ranges == [Range(0, 499), Range(1_000, 1_199)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
async def test_a_list_as_a_factory_writes_it(custody, tmp_path, encoding):
    text = "天津环球磁卡公司交货清单;;;\n起始号;终止号;数量;瑕疵\n0;９９;100;\n100;109;10;TRUE\n;;;\n"
    found = await read(custody, written(tmp_path, text, encoding=encoding))
    assert (faults(found), found.ranges, found.defects) == ([], [Range(0, 109)], [Range(100, 109)])
    assert "1 row(s) above the header were left out." in found.report.remarks


async def test_a_workbook(custody, tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["起始号", "终止号", "数量", "瑕疵"],
        ["000000000100", "000000000199", 100, None],
        [200, 209, 10, True],
    ):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    found = await read(custody, tmp_path / "list.xlsx")
    assert (faults(found), found.ranges, found.defects) == ([], [Range(100, 209)], [Range(200, 209)])


async def test_a_spreadsheet_that_rounded_the_numbers_is_refused(custody, tmp_path):
    book = openpyxl.Workbook()
    for value in ("卡号", whole(1), int(whole(2))):
        book.active.append([value])
    book.save(tmp_path / "list.xlsx")
    found = await read(custody, tmp_path / "list.xlsx")
    assert faults(found) == [(3, "卡号", "ROUNDED_NUMBER")]
    assert found.movement is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("first,last,quantity\n9,0,10\n", (2, "last", "BAD_RANGE"), id="backwards"),
        pytest.param("first,last,quantity\n0,9,9\n", (2, "quantity", "WRONG_QUANTITY"), id="quantity"),
        pytest.param("first,last,quantity\n0,9,0\n", (2, "quantity", "WRONG_SIGN"), id="none"),
        pytest.param("first,last,quantity\n0,,1\n", (2, "last", "EMPTY_CELL"), id="half"),
        pytest.param("first,last,quantity\n0,9,10\n9,9,1\n", (3, "first", "NUMBER_TWICE"), id="overlap"),
        pytest.param("first,last,quantity\n5,9,5\n0,99,100\n", (2, "first", "NUMBER_TWICE"), id="inside"),
        pytest.param("起始号,终止号,数量\n0,x,1\n", (2, "终止号", "BAD_DIGITS"), id="letters"),
        pytest.param("起始号,终止号,数量\n合计,0,1\n", (2, "起始号", "BAD_DIGITS"), id="total"),
        pytest.param("起始号,终止号,数量\n0,9,10\n合计,10\n", (3, "", "TOTAL_ROW"), id="short total"),
        pytest.param("number\n7\n8\n7\n", (4, "number", "NUMBER_TWICE"), id="twice"),
        pytest.param(f"number\n7\n{whole(7)}\n", (3, "number", "NUMBER_TWICE"), id="twice in two ways"),
        pytest.param("number\n0000000000001\n", (2, "number", "BAD_CARD_NUMBER"), id="thirteen digits"),
        pytest.param("number\n3010000000000000\n", (2, "number", "BAD_CARD_NUMBER"), id="no level"),
        pytest.param("number\n12345678901234567\n", (2, "number", "TOO_LONG"), id="seventeen digits"),
        pytest.param(f"number\n{whole(7)[:-1]}0\n", (2, "number", "WRONG_CHECK_DIGIT"), id="check digit"),
        pytest.param(f"number\n{whole(7, Tier.BRANCH)}\n", (2, "number", "OTHER_PRODUCT"), id="product"),
        pytest.param(
            f"number\n{CardNumber(Tier.HEAD_OFFICE, '02', 7)}\n", (2, "number", "OTHER_PRODUCT"), id="design"
        ),
        pytest.param("number,defect\n7,scratched\n", (2, "defect", "BAD_BOOLEAN"), id="defect"),
        pytest.param("number\n", (0, "", "EMPTY_LIST"), id="no card"),
        pytest.param("serie\n7\n", (1, "", "NO_HEADER"), id="no header"),
        pytest.param("first,last\n0,9\n", (1, "quantity", "MISSING_COLUMN"), id="no quantity"),
        pytest.param("number,箱号\n7,3\n", (1, "", "UNKNOWN_COLUMN"), id="unknown column"),
        pytest.param("卡号,号码\n7,7\n", (1, "number", "DUPLICATE_COLUMN"), id="a column twice"),
        pytest.param(
            "number\n" + "\n".join(str(2 * it) for it in range(10_001)),
            (0, "", "TOO_MANY_RANGES"),
            id="scattered",
        ),
    ],
)
async def test_a_fault_is_told_with_its_place_and_nothing_is_drafted(custody, tmp_path, text, told):
    order, path = await custody.order(100_000), written(tmp_path, text)
    before = await digest()
    found = await receive(await custody.desk("ku"), order_id=order.id, path=path)
    assert (faults(found), found.movement, found.ranges) == ([told], None, [])
    assert all(it.message and it.remedy for it in found.report.troubles)
    assert await digest() == before


async def test_every_wrong_row_is_told_at_once(custody, tmp_path):
    text = f"number\n{whole(1)[:-1]}9\n5\nx\n{whole(2, Tier.BRANCH)}\n5\n"
    found = await read(custody, written(tmp_path, text))
    assert sorted(faults(found)) == [
        (2, "number", "WRONG_CHECK_DIGIT"), (4, "number", "BAD_DIGITS"), (5, "number", "OTHER_PRODUCT"),
        (6, "number", "NUMBER_TWICE"),
    ]  # fmt: skip


async def test_every_single_wrong_digit_of_a_number_is_found(custody, tmp_path):
    right = whole(123_456_789_012)
    wrong = [right[:at] + str((int(right[at]) + 1) % 10) + right[at + 1 :] for at in range(3, 16)]
    found = await read(custody, written(tmp_path, "number\n" + "\n".join(wrong) + "\n"))
    assert faults(found) == [(row, "number", "WRONG_CHECK_DIGIT") for row in range(2, 15)]
    good = await read(custody, written(tmp_path, f"number\n{right}\n"))
    assert good.ranges == [Range(123_456_789_012, 123_456_789_012)]


async def test_a_dry_run_checks_everything_and_writes_nothing(custody, tmp_path):
    order, path = (
        await custody.order(100),
        written(tmp_path, "first,last,quantity,defect\n0,9,10,\n10,19,10,true\n"),
    )
    before = await digest()
    found = await receive(
        await custody.desk("ku"), order_id=order.id, path=path, defects=[Listed("5")], dry_run=True
    )
    assert (found.movement, found.defects) == (None, [Range(5, 5), Range(10, 19)])
    assert await digest() == before


@pytest.mark.parametrize("dry_run", [True, False])
async def test_what_the_order_refuses_the_list_is_refused_for(custody, tmp_path, dry_run):
    await custody.stocked((0, 9))
    for text, code in (("5,5,1", "NUMBER_KNOWN"), ("10,20,11", "MORE_THAN_ORDERED")):
        order, desk = await custody.order(10), await custody.desk("ku")
        path = written(tmp_path, f"first,last,quantity\n{text}\n")
        if dry_run:
            with pytest.raises(Exception, match=".") as caught:
                await receive(desk, order_id=order.id, path=path, dry_run=True)
            assert getattr(caught.value, "code", "") == code
        else:
            async with refused(code, desk):
                await receive(desk, order_id=order.id, path=path)


async def test_defects_found_at_counting_join_those_of_the_list(custody, tmp_path):
    path = written(tmp_path, "number,defect\n0,\n1,true\n2,false\n3,\n")
    found = await read(custody, path, defects=[Listed("2", whole(3))])
    assert found.defects == [Range(1, 3)]
    order, desk = await custody.order(100), await custody.desk("ku")
    async with refused("DEFECT_NOT_DELIVERED", desk):
        await receive(desk, order_id=order.id, path=path, defects=[Listed("4")])


async def test_a_million_numbers_are_one_draft(custody, tmp_path):
    """Once on each database, in seconds: no card has a row of its own."""
    number = CardNumber(Tier.HEAD_OFFICE, "01", 0)
    text = (
        "number\n"
        + "\n".join(f"{it:012}" for it in range(1_000_000))
        + f"\n{number._replace(serial=2_000_000)}\n"
    )
    found = await read(custody, written(tmp_path, text), quantity=1_000_001)
    assert found.ranges == [Range(0, 999_999), Range(2_000_000, 2_000_000)]
    assert await StockMovement.all().count() == 1
    assert await MovementLine.all().count() == 2
