"""The demo bank: the same bytes each time, whole in itself and staffed."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from authz.words import Role
from desk.imports.files import BY_NAME
from desk.imports.sheets import open_sheet
from desk.imports.typed import BlockReader
from examples.demo.bank import write_bank
from examples.demo.cast import CARD_STAFF, CAST, DEMO_PASSWORD, EXTRAS
from examples.demo.days import OutsideTheTables
from examples.demo.sheets import KINDS

Rows = list[dict[str, str]]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("demo")
    write_bank(to)
    return to


@pytest.fixture(scope="module")
def bank(folder: Path) -> dict[str, Rows]:
    tables = {}
    for kind in KINDS:
        with (folder / f"{kind.name}.csv").open(encoding="utf-8", newline="") as file:
            tables[kind.name] = list(csv.DictReader(file))
    return tables


def run(to: Path, *options: str, hash_seed: str = "0") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "examples.demo", "--to", str(to), *options]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_command_says_what_it_wrote(tmp_path: Path) -> None:
    done = run(tmp_path, "--customers", "200", "--cases")
    assert done.returncode == 0, done.stderr
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "200 customers.csv" in lines
    with (tmp_path / "customers.csv").open(encoding="utf-8") as file:
        names = {row["number"]: row["name"] for row in csv.DictReader(file)}
    cases = [line.split(":")[0].split(" ", 1) for line in lines if line.startswith("C0")]
    assert len(cases) == 30
    assert [name for number, name in cases if names[number] != name] == []


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    for name, hash_seed in (("one", "1"), ("two", "2")):
        done = run(tmp_path / name, "--customers", "300", hash_seed=hash_seed)
        assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert set(contents(tmp_path / "one")) == {f"{kind.name}.csv" for kind in KINDS}
    run(tmp_path / "other", "--customers", "300", "--seed", "2")
    assert contents(tmp_path / "other")["customers.csv"] != contents(tmp_path / "one")["customers.csv"]


@pytest.mark.parametrize("as_of", ["2025-12-31", "2027-02-01"], ids=["too early", "too late"])
def test_date_outside_the_tables(tmp_path: Path, as_of: str) -> None:
    done = run(tmp_path / "bank", "--as-of", as_of)
    assert done.returncode == 2
    assert "Choose a date from 2026-01-31 to 2027-01-30." in " ".join(done.stderr.split())
    assert not (tmp_path / "bank").exists()
    with pytest.raises(OutsideTheTables):
        write_bank(tmp_path / "bank", as_of=dt.date.fromisoformat(as_of))


def test_mid_month_date_ends_with_the_month_before(tmp_path: Path) -> None:
    write_bank(tmp_path, customers=200, as_of=dt.date(2026, 3, 30))
    with (tmp_path / "day_end_balances.csv").open(encoding="utf-8") as file:
        days = {row["day"] for row in csv.DictReader(file)}
    assert (min(days), max(days)) == ("2025-01-31", "2026-02-28")


def test_interrupted_run_leaves_no_file(tmp_path: Path) -> None:
    def interrupt(written: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_bank(tmp_path, customers=200, progress=interrupt)
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("name", [kind.name for kind in KINDS])
def test_importer_reads_every_cell(folder: Path, name: str) -> None:
    notes: Counter[tuple[str, str]] = Counter()
    with open_sheet(folder / f"{name}.csv", BY_NAME[name]) as sheet:
        reader = BlockReader(BY_NAME[name], notes)
        blocks = [reader.read(block) for block in sheet.blocks()]
    assert [fault for block in blocks for fault in block.faults] == []
    assert not notes
    assert sum(block.rows_read for block in blocks) > 0


@pytest.mark.parametrize("name", [kind.name for kind in KINDS])
def test_keys_are_unique(bank: dict[str, Rows], name: str) -> None:
    keys = Counter(tuple(row[column] for column in BY_NAME[name].key) for row in bank[name])
    assert [key for key, count in keys.items() if count > 1] == []


def test_counts(bank: dict[str, Rows]) -> None:
    tree = Counter((row["level"], row["kind"]) for row in bank["institutions"])
    assert tree == {
        ("HEAD_OFFICE", "BRANCH"): 1,
        ("TIER1", "BRANCH"): 3,
        ("TIER2", "BRANCH"): 9,
        ("SUB_BRANCH", "BRANCH"): 24,
        ("OUTLET", "BRANCH"): 48,
        ("TIER2", "WEALTH_CENTRE"): 9,
        ("SUB_BRANCH", "WEALTH_CENTRE"): 6,
    }
    assert len(bank["customers"]) == 5000
    size = {name: len(rows) for name, rows in bank.items()}
    assert 110_000 < size["day_end_balances"] < 140_000
    assert 50_000 < size["transactions"] < 70_000
    assert 50_000 < size["spends"] < 70_000
    assert 0 < size["month_average_balances"] < size["day_end_balances"] // 10
    assert len({row["month"] for row in bank["spends"]}) == 13
    assert {row["day"][:4] for row in bank["holidays"]} == {"2025", "2026"}
    assert max(row["published_on"] for row in bank["exchange_rates"]) == "2026-10-30"
    assert {(row["currency"], row["unit"]) for row in bank["exchange_rates"]} == {
        ("USD", "1"),
        ("HKD", "1"),
        ("JPY", "100"),
    }


def luhn(number: str) -> bool:
    doubled = [int(c) * 2 if place % 2 else int(c) for place, c in enumerate(number[::-1])]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def resident(number: str) -> bool:
    # The weight of a place is 2 to the power of its distance from the right, modulo 11.
    values = [10 if c == "X" else int(c) for c in number]
    return len(number) == 18 and sum(v * 2 ** (17 - i) for i, v in enumerate(values)) % 11 == 1


def mod_11_10(number: str) -> bool:
    product = 10
    for digit in number[:-1]:
        product = 2 * (((product + int(digit) - 1) % 10) + 1) % 11
    return (product + int(number[-1])) % 10 == 1


def test_own_checks_agree_with_known_numbers() -> None:
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")
    assert resident("11010519491231002X")
    assert not resident("110105194912310021")
    assert mod_11_10("105100000017")
    assert not mod_11_10("105100000018")


def test_numbers_pass_their_checks(bank: dict[str, Rows]) -> None:
    people = bank["staff"] + bank["customers"]
    residents = [row for row in people if row["identity_kind"] == "RESIDENT_ID"]
    assert len(residents) > 5000
    assert [row for row in residents if not resident(row["identity_number"])] == []
    for row in residents:
        if "gender" in row:
            assert row["identity_number"][6:14] == row["birth_date"].replace("-", "")
            assert row["gender"] == ("MALE" if int(row["identity_number"][16]) % 2 else "FEMALE")
    assert [row for row in bank["accounts"] if not luhn(row["number"]) or len(row["number"]) != 19] == []
    codes = [row["cnaps_code"] for row in bank["institutions"] if row["kind"] == "BRANCH"]
    assert [code for code in codes if len(code) != 12 or not mod_11_10(code)] == []
    mobiles = [row["mobile"] for row in people if row["mobile"]]
    assert [number for number in mobiles if not re.fullmatch(r"1[3-9]\d{9}", number)] == []
    for rows in (bank["staff"], bank["customers"]):
        assert len({(row["identity_kind"], row["identity_number"]) for row in rows}) == len(rows)


REFERENCES = [
    ("institutions", "parent_code", "institutions", "code"),
    ("assignments", "staff_number", "staff", "number"),
    ("assignments", "institution_code", "institutions", "code"),
    ("supervision_lines", "supervisor_number", "staff", "number"),
    ("supervision_lines", "staff_number", "staff", "number"),
    ("customers", "owner_code", "institutions", "code"),
    ("manager_assignments", "customer_number", "customers", "number"),
    ("manager_assignments", "manager_number", "staff", "number"),
    ("accounts", "customer_number", "customers", "number"),
    ("accounts", "institution_code", "institutions", "code"),
    ("account_holders", "account_number", "accounts", "number"),
    ("account_holders", "customer_number", "customers", "number"),
    ("day_end_balances", "account_number", "accounts", "number"),
    ("month_average_balances", "account_number", "accounts", "number"),
    ("transactions", "account_number", "accounts", "number"),
    ("loans", "customer_number", "customers", "number"),
    ("loans", "institution_code", "institutions", "code"),
    ("spends", "account_number", "accounts", "number"),
]


@pytest.mark.parametrize(("file", "column", "target", "key"), REFERENCES)
def test_what_is_named_exists(bank: dict[str, Rows], file: str, column: str, target: str, key: str) -> None:
    known = {row[key] for row in bank[target]}
    assert {row[column] for row in bank[file] if row[column]} - known == set()


def test_every_role_is_staffed_where_it_belongs(bank: dict[str, Rows]) -> None:
    place = {row["code"]: row for row in bank["institutions"]}
    held: dict[str, set[str]] = defaultdict(set)
    for row in bank["assignments"]:
        held[row["institution_code"]].add(row["role"])
    assert {row["role"] for row in bank["assignments"]} == {role.value for role in Role}
    assert set(held) == set(place)
    recorders = [row for row in bank["assignments"] if row["role"] == Role.FILING_RECORDER]
    assert {row["department"] for row in recorders} == {"PERSONAL_BANKING"}
    for code, it in place.items():
        if it["kind"] == "WEALTH_CENTRE":
            assert held[code] == {
                "wc_head",
                "cust_mgr",
                "archive_keeper",
                "card_custodian",
                "card_supervisor",
            }
        elif it["level"] in ("HEAD_OFFICE", "TIER1", "TIER2"):
            assert {"filing_recorder", "complaint_officer", "legal_liaison", "legal_approver"} <= held[code]
            assert ("exc_approver" in held[code]) == (it["level"] == "TIER1")
        elif it["level"] == "OUTLET":
            assert held[code] == {"teller"}
    accounting = [
        row
        for row in bank["assignments"]
        if row["role"] == Role.PARTNER_HEAD and row["department"] == "OPERATIONS"
    ]
    assert [row["institution_code"] for row in accounting] == ["510000"]
    custodians = {row["staff_number"] for row in bank["assignments"] if row["role"] == Role.CARD_CUSTODIAN}
    assert custodians <= {row["staff_number"] for row in bank["supervision_lines"]}


def test_cast_sits_where_it_says(bank: dict[str, Rows]) -> None:
    names = {row["number"]: row["name"] for row in bank["staff"]}
    now = {row["staff_number"]: row for row in bank["assignments"] if not row["valid_to"]}
    for member in CAST + EXTRAS + CARD_STAFF:
        seat = now[member.number]
        assert (names[member.number], seat["role"], seat["institution_code"]) == (
            member.name,
            member.role,
            member.place,
        )
        assert member.name in member.about
    assert len({member.role for member in CAST}) == len(CAST)
    assert len(DEMO_PASSWORD) >= 8


def test_managers_serve_from_a_centre_of_the_owning_branch(bank: dict[str, Rows]) -> None:
    place = {row["code"]: row for row in bank["institutions"]}
    owner = {row["number"]: row["owner_code"] for row in bank["customers"]}
    seats: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in bank["assignments"]:
        if row["role"] == Role.CUST_MGR and row["full_time"] == "true":
            seats[row["staff_number"]].append(row)
    spans: dict[str, list[tuple[str, str]]] = defaultdict(list)
    load: Counter[str] = Counter()
    for row in bank["manager_assignments"]:
        start, end = row["valid_from"], row["valid_to"] or "9999"
        spans[row["customer_number"]].append((start, end))
        load[row["manager_number"]] += end == "9999"
        fitting = [
            seat
            for seat in seats[row["manager_number"]]
            if place[seat["institution_code"]]["parent_code"] == owner[row["customer_number"]]
            and seat["valid_from"] <= start
            and end <= (seat["valid_to"] or "9999")
        ]
        assert len(fitting) == 1, row
    for served in spans.values():
        served.sort()
        assert all(before[1] <= after[0] < after[1] for before, after in itertools.pairwise(served))
    assert 30 <= len(load) <= 45
    assert 100 <= min(load.values()) <= max(load.values()) <= 200
    assert {code for code in owner.values() if place[code]["kind"] != "BRANCH"} == set()
