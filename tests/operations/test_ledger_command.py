"""cards ledger, stock, history, movements, sign and the rest: the daily work of who keeps cards, in the terminal."""

from __future__ import annotations

import csv
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
from models.stock import StockDay
from models.trail import AccessRecord
from tests.cast import build
from tests.conftest import need
from tests.custody import Custody
from tests.databases import Postgres
from tests.operations.cli import cli, ok, refused

NOW = dt.datetime.now(dt.UTC)
TODAY = business_day(NOW)
BEFORE = TODAY - dt.timedelta(days=2)
LEDGER = ("cards", "ledger", "--institution", "SC", "--from", BEFORE, "--to", TODAY)
KU, JIAN, HE, ZHAO, QI, AUDITOR = "S-ku", "S-jian", "S-he", "S-zhao", "S-qi", "S-auditor"


@pytest.fixture(params=["sqlite", "postgres"])
async def url(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path, postgres: Postgres | None
) -> AsyncGenerator[str]:
    """The URL of the named cast with a hundred cards in Sichuan's stock, closed."""
    if request.param == "sqlite":
        yield f"sqlite://{shutil.copy(sqlite_template, tmp_path / 'bank.sqlite3')}"
        return
    server = need(postgres)
    name = await server.borrow()
    try:
        yield server.url(name)
    finally:
        await server.give_back(name)


@pytest.fixture
async def house(url: str, policy: Policy) -> str:
    async with database(url):
        await adopt(policy)
        await (await Custody.begin(await build(NOW), policy)).stocked((0, 99))
    return url


def named(said: str) -> tuple[str, str]:
    """Which movement, and which version, a command says to sign or to list."""
    found = re.search(r"(?:sign|countersign) ([0-9a-f-]{36}) --version ([0-9]+)", said)
    assert found is not None, said
    return found[1], found[2]


async def test_the_ledger_carries_forward_and_all_books_agree(house: str) -> None:
    said = await ok(house, *LEDGER, "--as", KU)
    lines = [line.split() for line in said.splitlines()]
    assert [str(BEFORE), "0", "0", "0", "0", "0"] in lines
    assert [str(TODAY), "0", "100", "0", "100", "1"] in lines
    assert "Opening 0 + in 100 - out 0 = closing 100" in said
    assert "received 100 + came in 0 - went out 0 = 100 in stock" in said
    assert "账实相符" in said
    assert "账实相符" in await ok(house, *LEDGER, "--product", "101", "--as", AUDITOR)
    assert "Received 100," in await ok(house, "cards", "stock", "--as", AUDITOR)


async def test_a_ledger_that_does_not_agree_says_by_how_much(house: str) -> None:
    async with database(house):
        await StockDay.all().update(came_in=103, closing=103)
    for command in (LEDGER, ("cards", "stock")):
        done = await cli(house, *command, "--as", KU)
        assert "DIFFERS: IN_STOCK by account and by days: 100 and 103, a difference of 3" in done.out
        assert (done.code, done.err.partition(":")[0]) == (1, "LEDGER_DIFFERS")


async def test_an_export_is_on_record_and_never_written_over(house: str, tmp_path: Path) -> None:
    target = tmp_path / "ledger.csv"
    await ok(house, *LEDGER, "--csv", target, "--as", KU)
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["institution", "product", "day", "opening", "in", "out", "closing", "movements"]
    assert rows[-1] == ["SC", "101", str(TODAY), "0", "100", "0", "100", "1"]
    assert target.stat().st_mode & 0o077 == 0
    async with database(house):
        record = await AccessRecord.get(operation="exportStockLedger")
        assert (record.resource, record.decision, record.row_count) == ("stock_account", "ALLOW", 3)
    assert (await cli(house, *LEDGER, "--csv", target, "--as", KU)).code == 2
    other = tmp_path / "other.csv"
    await refused(house, "NOT_FOUND", *LEDGER, "--csv", other, "--as", QI)
    assert not other.exists()


async def test_days_that_are_none_are_refused(house: str) -> None:
    tomorrow = TODAY + dt.timedelta(days=2)
    await refused(house, "BAD_PERIOD", *LEDGER[:-1], tomorrow, "--as", KU)
    await refused(house, "BAD_PERIOD", *LEDGER[:5], TODAY, "--to", BEFORE, "--as", KU)
    await refused(house, "NOT_FOUND", *LEDGER, "--product", "999", "--as", KU)


async def test_a_transfer_by_four_persons_in_the_terminal(house: str) -> None:
    draft = (
        "cards", "allocate", "--institution", "SC", "--to", "CDW", "--product", "101", "--cards", "10-19", "--as",
    )  # fmt: skip
    await refused(house, "FORBIDDEN", *draft, JIAN)
    movement, version = named(await ok(house, *draft, KU))
    assert movement in await ok(house, "cards", "movements", "--waiting", "--as", KU)
    said = await ok(house, "cards", "show", movement, "--as", JIAN)
    assert "version: 1" in said
    assert "000000000010  000000000019" in said
    await refused(house, "STALE_VERSION", "cards", "sign", movement, "--version", 9, "--as", KU)
    movement, version = named(await ok(house, "cards", "sign", movement, "--version", version, "--as", KU))
    assert "SIGN: 顾库, in the seat of 顾库" in await ok(house, "cards", "show", movement, "--as", JIAN)
    await refused(house, "FORBIDDEN", "cards", "countersign", movement, "--version", version, "--as", KU)
    await ok(house, "cards", "countersign", movement, "--version", version, "--as", JIAN)

    await refused(house, "NOT_FOUND", "cards", "show", movement, "--as", HE)
    waiting = await ok(house, "cards", "movements", "--waiting", "--as", HE)
    assert "list-arrival" in waiting
    arrival = re.search(r"[0-9a-f-]{36}", waiting)
    assert arrival is not None
    assert "count what has come" in await ok(house, "cards", "show", arrival[0], "--as", HE)
    count = ("cards", "list-arrival", arrival[0], "--version", 1, "--cards")
    await refused(house, "LIST_DIFFERS", *count, "10-18", "--as", HE)
    movement, version = named(await ok(house, *count, "10-14", "--cards", "15-19", "--as", HE))
    movement, version = named(await ok(house, "cards", "sign", movement, "--version", version, "--as", HE))
    said = await ok(house, "cards", "countersign", movement, "--version", version, "--as", ZHAO)
    assert "Posted: 10 cards, ALLOCATE_IN" in said

    said = await ok(house, "cards", "stock", "--as", AUDITOR)
    assert "Received 100, came in 10, went out 10; in all states 100." in said
    said = await ok(house, "cards", "history", "1010000000000121", "--as", AUDITOR)
    assert re.findall(r"RECEIPT|ALLOCATE_OUT|ALLOCATE_IN", said) == ["RECEIPT", "ALLOCATE_OUT", "ALLOCATE_IN"]
    assert "No posted movement" in await ok(house, "cards", "history", "1010000000000121", "--as", QI)


async def test_a_list_is_written_anew_rejected_withdrawn_and_reversed(house: str) -> None:
    change = (
        "cards", "change", "--institution", "SC", "--product", "101", "--cards", "7", "--from", "in_stock", "--to",
        "spoiled", "--reason", "bent", "--as", KU,
    )  # fmt: skip
    movement, version = named(await ok(house, *change))
    edit = ("cards", "edit", movement, "--version", version, "--cards", "7-8", "--as", KU)
    movement, version = named(await ok(house, *edit))
    movement, version = named(await ok(house, "cards", "sign", movement, "--version", version, "--as", KU))
    end = (movement, "--version", version, "--reason", "other card", "--as")
    await refused(house, "FORBIDDEN", "cards", "reject", *end, KU)
    assert "has moved nothing" in await ok(house, "cards", "reject", *end, JIAN)
    await refused(house, "WRONG_STATE", "cards", "countersign", *end[:3], "--as", JIAN)
    movement, version = named(await ok(house, *change))
    end = (movement, "--version", version, "--reason", "other card", "--as")
    assert "has moved nothing" in await ok(house, "cards", "withdraw", *end, KU)
    movement, version = named(await ok(house, *change))
    _, version = named(await ok(house, "cards", "sign", movement, "--version", version, "--as", KU))
    await ok(house, "cards", "countersign", movement, "--version", version, "--as", JIAN)
    said = await ok(house, "cards", "reverse", movement, "--reason", "not bent", "--as", KU)
    assert "REVERSE of 1 cards" in said
    assert movement in await ok(
        house, "cards", "movements", "--kind", "VOID", "--state", "POSTED", "--as", JIAN
    )
