"""The bank's work on the command line: import, standards, screening, filing, people, places and customers."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from api.commands.printing import harmless, shown
from api.commands.screen import HEADER
from models.database import database
from models.filing import Filing
from models.membership import Membership
from models.people import Assignment
from tests.operations.cli import cli, ok, refused
from tests.operations.staff import (
    CHEN,
    HEAD,
    IMPORTER,
    LIN,
    MIANYANG_MANAGER,
    OFFICER,
    POLICY,
    RECORDER,
    execute,
)

SCREEN = ("screen", "--as-of", "2026-10-31", "--standard", "MEASURES")
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠A"]


# Import


async def test_templates_are_what_the_import_reads(nowhere: str, tmp_path: Path) -> None:
    said = await ok(nowhere, "import", "--template", tmp_path / "templates")
    names = {Path(line).name for line in said.splitlines()}
    assert {"customers.csv", "accounts.csv", "README.md"} <= names


async def test_an_import_names_file_row_column_and_remedy(demo: str, tmp_path: Path) -> None:
    file = tmp_path / "holidays.csv"
    file.write_text("day,kind,name\n2027-02-30,HOLIDAY,x\n2027-02-06,FEAST,y\n", encoding="utf-8")
    done = await cli(demo, "import", file, "--as", IMPORTER)
    assert done.code == 1
    assert "holidays.csv, row 2, column day" in done.out
    assert "holidays.csv, row 3, column kind" in done.out
    assert "Nothing of a refused file was written." in done.out


async def test_a_dry_run_and_the_same_file_again_change_nothing(demo: str, tmp_path: Path) -> None:
    file = tmp_path / "holidays.csv"
    file.write_text("day,kind,name\n2027-02-06,HOLIDAY,春节\n", encoding="gb18030")
    assert "nothing was written" in await ok(demo, "import", file, "--dry-run", "--as", IMPORTER)
    assert "DONE" in await ok(demo, "import", file, "--as", IMPORTER)
    assert "UNCHANGED" in await ok(demo, "import", file, "--as", IMPORTER)


async def test_only_the_system_administrator_imports(demo: str, tmp_path: Path) -> None:
    await refused(demo, "FORBIDDEN", "import", tmp_path, "--as", POLICY)


# Standards and screening


async def test_a_standard_is_written_by_one_and_approved_by_another(demo: str) -> None:
    draft = (
        "standard", "draft", "--code", "LOCAL", "--name", "本行标准", "--currency", "CNY", "--savings", "50000.00",
        "--spend", "10000", "--spend-kinds", "card,cash", "--averaging-rule", "month_end_12", "--combine", "ALL",
        "--effective-from", "2026-01-01", "--source", "circular 7",
    )  # fmt: skip
    assert "LOCAL version 1 is written" in await ok(demo, *draft, "--as", POLICY)
    approver = await head_of_policy(demo)
    approve = ("standard", "approve", "--code", "LOCAL", "--as")
    await refused(demo, "WRONG_STATE", *approve, approver)
    assert "is submitted" in await ok(demo, "standard", "submit", "--code", "LOCAL", "--as", POLICY)
    await refused(demo, "FORBIDDEN", *approve, POLICY)
    assert "law from 2026-01-01" in await ok(demo, *approve, approver)
    line = next(it for it in (await ok(demo, "standard", "list", "--as", LIN)).splitlines() if "LOCAL" in it)
    assert "AVERAGE_SAVINGS 50000.00 CNY, SPEND 10000.00 CNY" in line
    assert "EFFECTIVE" in line
    await refused(demo, "BAD_AMOUNT", *draft[:9], "1e5", *draft[10:], "--as", POLICY)
    await refused(demo, "NOT_FOUND", "standard", "approve", "--code", "NONE", "--as", POLICY)
    await ok(demo, *draft, "--as", POLICY)
    await ok(demo, "standard", "submit", "--code", "LOCAL", "--as", POLICY)
    back = (
        "standard",
        "return",
        "--code",
        "LOCAL",
        "--version",
        2,
        "--reason",
        "the amount",
        "--as",
        approver,
    )
    assert "LOCAL version 2 is returned: the amount" in await ok(demo, *back)


async def test_a_campaign_is_written_by_one_and_approved_by_another(demo: str) -> None:
    draft = (
        "campaign", "draft", "--code", "SPRING", "--name", "迎春", "--standard", "MEASURES", "--savings", "400000",
        "--from", "2026-01-01", "--to", "2026-03-31", "--reason", "迎春活动",
    )  # fmt: skip
    await refused(demo, "FORBIDDEN", *draft, "--as", OFFICER)
    assert "Campaign SPRING is written" in await ok(demo, *draft, "--as", POLICY)
    assert "is submitted" in await ok(demo, "campaign", "submit", "--code", "SPRING", "--as", POLICY)
    approver = await head_of_policy(demo)
    said = await ok(demo, "campaign", "approve", "--code", "SPRING", "--as", approver)
    assert "from 2026-01-01 to 2026-03-31 at 24:00" in said
    lines = (await ok(demo, "campaign", "list", "--as", LIN)).splitlines()
    assert "AVERAGE_SAVINGS 400000.00 CNY" in next(line for line in lines if "SPRING" in line)
    await ok(demo, *draft[:3], "SUMMER", *draft[4:], "--as", POLICY)
    await ok(demo, "campaign", "submit", "--code", "SUMMER", "--as", POLICY)
    await refused(demo, "CAMPAIGN_OVERLAPS", "campaign", "approve", "--code", "SUMMER", "--as", approver)
    back = ("campaign", "return", "--code", "SUMMER", "--reason", "too early", "--as", approver)
    assert "Campaign SUMMER is returned: too early" in await ok(demo, *back)


async def head_of_policy(demo: str) -> str:
    async with database(demo):
        return (await Assignment.get(role="hq_policy_appr").prefetch_related("staff")).staff.number


async def test_screening_counts_each_institution(demo: str) -> None:
    said = await ok(demo, *SCREEN, "--as", POLICY)
    rows = [line.split() for line in said.splitlines()]
    start = next(place for place, row in enumerate(rows) if row[:1] == ["institution"]) + 1
    end = next(place for place, row in enumerate(rows) if row[:1] == ["all"])
    counted = [list(map(int, row[2:])) for row in rows[start:end]]
    assert [sum(column) for column in zip(*counted, strict=True)] == list(map(int, rows[end][1:]))
    assert "may see none" in said
    one = await ok(demo, *SCREEN, "--institution", "510700", "--as", POLICY)
    assert "绵阳" in one
    assert "成都" not in one


@pytest.mark.parametrize(
    ("arguments", "who", "code"),
    [
        (SCREEN, LIN, "FORBIDDEN"),
        (SCREEN, OFFICER, "FORBIDDEN"),
        ((*SCREEN[:3], "--standard", "NONE"), POLICY, "NO_STANDARD"),
        (("screen", "--as-of", "2099-01-01", *SCREEN[3:]), POLICY, "BAD_USER_INPUT"),
        ((*SCREEN, "--institution", "999999"), POLICY, "NOT_FOUND"),
    ],
)
async def test_what_screening_refuses(demo: str, arguments: tuple[str, ...], who: str, code: str) -> None:
    await refused(demo, code, *arguments, "--as", who)


async def test_the_csv_holds_what_the_person_sees_and_no_more(demo: str, tmp_path: Path) -> None:
    said = await ok(
        demo, "people", "grant", HEAD, "--role", "pb_officer", "--at", "510100", "--department",
        "PERSONAL_BANKING", "--reason", "two hats", "--as", OFFICER,
    )  # fmt: skip
    await execute(demo, said)
    target = tmp_path / "out" / "chengdu.csv"
    target.parent.mkdir()
    said = await ok(demo, *SCREEN, "--institution", "510100", "--csv", target, "--as", HEAD)
    assert "borderline  " in said
    assert target.stat().st_mode & 0o777 == 0o600
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == HEADER
    by_number = {row["customer_number"]: row for row in rows}
    zhou = by_number["C00000001"]
    assert (zhou["name"], zhou["owner_code"], zhou["passed"], zhou["visibility"]) == (
        "周明",
        "510100",
        "true",
        "VISIBLE",
    )
    assert re.fullmatch(r"[0-9]+\.[0-9]{2}", zhou["average_savings"])
    # He is a customer himself: his own figures are refused to him. Of a branch below he sees who passed, no figure.
    own = by_number["C00000003"]
    assert (own["name"], own["average_savings"], own["reason"]) == ("", "", "RECUSED")
    below = [row for row in rows if row["owner_code"] == "510104"]
    assert below
    assert {(row["name"], row["average_savings"], row["visibility"]) for row in below} == {
        ("", "", "WITHHELD")
    }
    assert {row["owner_code"] for row in rows} == {"510100", "510104"}
    done = await cli(demo, *SCREEN, "--csv", target, "--as", POLICY)
    assert (done.code, "exists" in done.err) == (2, True)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    assert harmless(text) == "'" + text
    assert harmless("周明") == "周明"


def test_no_name_moves_the_cursor() -> None:
    assert shown("a\x1b[2J\u202eb\u2028c\r\n") == "a?[2J?b?c??"


# Filing


async def test_a_customer_is_filed_by_one_and_recorded_by_another(demo: str) -> None:
    register = (
        "filing", "register", "--customer", "C00000001", "--centre", "510100W", "--document", "binder 1",
        "--notice-version", "2026-01",
    )  # fmt: skip
    await refused(demo, "FORBIDDEN", *register, "--as", CHEN)
    assert "APPLIED" in await ok(demo, *register, "--as", LIN)
    await refused(demo, "MEMBERSHIP_EXISTS", *register, "--as", LIN)
    submit = ("filing", "submit", "--customer", "C00000001", "--to", "510100", "--as-of", "2026-10-31")
    assert "SUBMITTED, version 1" in await ok(demo, *submit, "--as", LIN)
    listed = await ok(demo, "filing", "list", "--state", "SUBMITTED", "--as", RECORDER)
    assert listed.splitlines()[1].split() == ["C00000001", "SUBMITTED", "1", "510100", LIN, "-"]
    give_back = ("filing", "return", "--customer", "C00000001", "--version", "1", "--reason", "not signed")
    assert "is returned" in await ok(demo, *give_back, "--as", RECORDER)
    assert "SUBMITTED, version 1" in await ok(demo, *submit[:6], "--as", LIN)
    record = ("filing", "record", "--customer", "C00000001", "--version")
    await refused(demo, "FORBIDDEN", *record, 1, "--as", LIN)
    await refused(demo, "STALE_VERSION", *record, 7, "--as", RECORDER)
    assert "on record as 510100-" in await ok(demo, *record, 1, "--as", RECORDER)
    await refused(demo, "NOT_FOUND", *record, 1, "--as", RECORDER)
    async with database(demo):
        assert await Membership.filter(state="ACTIVE", customer__number="C00000001").count() == 1
        assert await Filing.filter(state="RECORDED", customer__number="C00000001").count() == 1


async def test_a_customer_out_of_reach_is_not_found(demo: str) -> None:
    said = await refused(
        demo,
        "NOT_FOUND",
        "filing",
        "submit",
        "--customer",
        "C00000001",
        "--to",
        "510100",
        "--as",
        MIANYANG_MANAGER,
    )
    absent = await refused(
        demo,
        "NOT_FOUND",
        "filing",
        "submit",
        "--customer",
        "C99999999",
        "--to",
        "510100",
        "--as",
        MIANYANG_MANAGER,
    )
    assert said.replace("C00000001", "") == absent.replace("C99999999", "")


# People, places, customers
