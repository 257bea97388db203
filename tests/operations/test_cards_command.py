"""cards products, manufacturer, order and receive: from the design of a card to the paid invoice, in the terminal."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from authz import Policy
from desk.clock import business_day
from desk.desk import adopt
from models.database import database
from models.movements import StockMovement
from models.orders import CardOrder
from tests.cast import build
from tests.conftest import need
from tests.custody import Custody
from tests.databases import Postgres
from tests.operations.cli import cli, ok, refused

NOW = dt.datetime.now(dt.UTC)
TODAY = business_day(NOW)
KU, JIAN, PAN, OFFICER = "S-ku", "S-jian", "S-pan", "S-officer"
NUMBER = f"SC-{TODAY.year}-0001"
DRAFT = (
    "cards", "order", "draft", "--institution", "SC", "--product", "101", "--manufacturer", "TJHQ",
    "--quantity", "10000", "--reason", "yearly plan",
)  # fmt: skip
WHY = ("--over-quota", "opening of the centre")


@pytest.fixture(params=["sqlite", "postgres"])
async def house(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    sqlite_template: Path,
    postgres: Postgres | None,
    policy: Policy,
) -> AsyncGenerator[str]:
    """The URL of the named cast, closed. Nobody has ordered a card yet."""
    if request.param == "sqlite":
        url = f"sqlite://{shutil.copy(sqlite_template, tmp_path / 'bank.sqlite3')}"
        await _cast(url, policy)
        yield url
        return
    server = need(postgres)
    name = await server.borrow()
    try:
        await _cast(server.url(name), policy)
        yield server.url(name)
    finally:
        await server.give_back(name)


async def _cast(url: str, policy: Policy) -> None:
    async with database(url):
        await adopt(policy)
        await Custody.begin(await build(NOW), policy)


def delivery(folder: Path, text: str) -> Path:
    path = folder / "list.csv"
    path.write_text(text, encoding="gb18030")
    return path


async def placed(house: str) -> None:
    await ok(house, *DRAFT, *WHY, "--as", KU)
    await ok(house, "cards", "order", "approve", NUMBER, "--as", PAN)
    await ok(house, "cards", "order", "place", NUMBER, "--as", KU)


async def test_products_and_prices(house: str) -> None:
    said = await ok(house, "cards", "products", "--as", KU)
    assert re.findall(r"^ *([12]01) +(HEAD_OFFICE|BRANCH)", said, re.MULTILINE) == [
        ("201", "BRANCH"),
        ("101", "HEAD_OFFICE"),
    ]
    assert "TJHQ  天津环球磁卡公司  1.15 CNY  1990-01-01" in said
    new = ("cards", "products", "create", "--tier", "BRANCH", "--design", "02", "--name", "金卡")
    assert await ok(house, *new, "--as", OFFICER) == "金卡: its numbers begin with 202.\n"
    await refused(house, "PRODUCT_EXISTS", *new, "--as", OFFICER)
    await refused(house, "FORBIDDEN", *new, "--as", PAN)
    assert (await cli(house, "cards", "products")).code == 2


async def test_a_manufacturer_is_added_and_its_price_agreed(house: str) -> None:
    said = await ok(house, "cards", "manufacturer", "add", "SHKC", "--name", "上海卡厂", "--as", OFFICER)
    assert said == "SHKC is added. Next: python -m api cards manufacturer price SHKC\n"
    told = ("cards", "manufacturer", "price", "SHKC", "--unit-price", "1.20")
    said = await ok(house, *told, "--from", TODAY, "--as", OFFICER)
    assert said == f"SHKC: 1.20 CNY a card from {TODAY} on.\n"
    await refused(house, "PRICE_OF_THAT_DAY", *told, "--from", TODAY, "--as", OFFICER)
    yesterday = TODAY - dt.timedelta(days=1)
    await refused(house, "PRICE_IN_THE_PAST", *told, "--from", yesterday, "--as", OFFICER)
    assert "1.20 CNY" in await ok(house, "cards", "products", "--as", KU)


async def test_an_order_from_its_draft_to_its_invoice(house: str, tmp_path: Path) -> None:
    said = await ok(house, *DRAFT, *WHY, "--as", KU)
    assert said == (f"Order {NUMBER}: 10,000 cards at 1.15 are 11,500.00 CNY. Another person approves it.\n")
    assert "places it" in await ok(house, "cards", "order", "approve", NUMBER, "--as", PAN)
    assert f"receive FILE --order {NUMBER}" in await ok(house, "cards", "order", "place", NUMBER, "--as", KU)
    path = delivery(tmp_path, "交货清单,,,\n起始号,终止号,数量,瑕疵\n0,9989,9990,\n9990,9999,10,true\n")
    receive = ("cards", "receive", path, "--order", NUMBER, "--defect", "5", "--defect", "17-19", "--as", KU)
    said = await ok(house, *receive, "--dry-run")
    assert said.splitlines() == [
        "list.csv: 1 row(s) above the header were left out.",
        "10,000 cards in 1 range(s), 14 defective:",
        "  000000000000-000000009999  10,000",
        "Defective:",
        "  000000000005  1",
        "  000000000017-000000000019  3",
        "  000000009990-000000009999  10",
        "No faults. Dry run: nothing was written.",
    ]
    async with database(house):
        assert await StockMovement.all().count() == 0
    said = await ok(house, *receive)
    found = re.search(r"cards sign ([0-9a-f-]{36}) --version 1", said)
    assert found is not None, said
    assert "Then his own business supervisor countersigns it." in said
    await ok(house, "cards", "sign", found[1], "--version", "1", "--as", KU)
    await ok(house, "cards", "countersign", found[1], "--version", "2", "--as", JIAN)
    settle = ("cards", "order", "settle", NUMBER, "--invoice", "F-1", "--as", PAN, "--amount")
    told = await refused(house, "INVOICE_DIFFERS", *settle, "11500.00")
    assert "9986 good cards at 1.15 come to 11483.90 CNY" in told
    said = await ok(house, *settle, "11483.90")
    assert said == f"Order {NUMBER} is settled: 9,986 good cards, 11,483.90 CNY.\n"
    (line,) = (await ok(house, "cards", "order", "list", "--as", PAN)).splitlines()[1:]
    assert re.split(r"  +", line) == [
        NUMBER, "四川省分行", "总行级VIP卡", "SETTLED", "10,000", "10,000", "14", "11,500.00 CNY", "11,483.90",
    ]  # fmt: skip


async def test_faults_of_a_list_are_told_with_their_place_and_nothing_is_written(
    house: str, tmp_path: Path
) -> None:
    await placed(house)
    path = delivery(tmp_path, "起始号,终止号,数量\n0,9,9\n20,10,11\nx,1,1\n")
    done = await cli(house, "cards", "receive", path, "--order", NUMBER, "--as", KU)
    assert done.code == 1
    assert (
        "list.csv, row 2, column 数量: The quantity is not that of first to last, both included." in done.out
    )
    assert "list.csv, row 3, column 终止号: The last number is before the first." in done.out
    assert "list.csv, row 4, column 起始号: The cell must hold digits only." in done.out
    assert "Nothing of a refused file was written." in done.out
    async with database(house):
        assert await StockMovement.all().count() == 0


async def test_what_stands_in_the_way_of_an_order_is_told(house: str, tmp_path: Path) -> None:
    await refused(house, "QUOTA_EXCEEDED", *DRAFT, "--as", KU)
    await refused(house, "FORBIDDEN", *DRAFT, *WHY, "--as", PAN)
    for digits in ("301", "102", "", "1"):
        await refused(house, "NOT_FOUND", *DRAFT[:6], digits, *DRAFT[7:], *WHY, "--as", KU)
    await refused(house, "NOT_FOUND", "cards", "order", "approve", NUMBER, "--as", PAN)
    await ok(house, *DRAFT, *WHY, "--as", KU)
    await refused(house, "WRONG_STATE", "cards", "order", "place", NUMBER, "--as", KU)
    path = delivery(tmp_path, "number\n7\n")
    receive = ("cards", "receive", path, "--order", NUMBER, "--as", KU)
    await refused(house, "WRONG_STATE", *receive)
    assert (await cli(house, *receive, "--defect", "-7")).code == 2
    cancel = ("cards", "order", "cancel", NUMBER, "--reason", "the centre opens later")
    assert await ok(house, *cancel, "--as", PAN) == f"Order {NUMBER} is cancelled.\n"
    async with database(house):
        assert (await CardOrder.get(number=NUMBER)).cancel_reason == "the centre opens later"


async def test_a_long_list_shows_its_first_ranges(house: str, tmp_path: Path) -> None:
    await placed(house)
    path = delivery(tmp_path, "number\n" + "\n".join(str(2 * at) for at in range(25)) + "\n")
    said = (
        await ok(house, "cards", "receive", path, "--order", NUMBER, "--dry-run", "--as", KU)
    ).splitlines()
    assert said[0] == "25 cards in 25 range(s), 0 defective:"
    assert said[20:22] == ["  000000000038  1", "  and 5 more"]
