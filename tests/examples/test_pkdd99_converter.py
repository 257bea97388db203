"""The converter of the Czech bank: its files against counts taken from the raw data."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from authz.words import Role
from desk.imports.files import BY_NAME, Cell
from desk.imports.report import FileReport
from desk.imports.scanning import scan
from examples.pkdd99 import __main__ as converter
from examples.pkdd99.figures import GOOD_STANDING
from tests.pkdd99 import oracle
from tests.shared_data import shared

RAW = "data/berka/raw"
AS_OF = date(1994, 2, 28)
FILES = (
    "institutions", "staff", "assignments", "supervision_lines", "customers", "manager_assignments", "accounts",
    "account_holders", "day_end_balances", "transactions", "loans", "spends",
)  # fmt: skip

Table = list[dict[str, str]]


def raw_table(name: str) -> Table:
    """A raw file read with nothing of the converter."""
    with gzip.open(shared(RAW) / name, "rt", encoding="ascii", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("pkdd99")
    assert converter.main(["--from", str(shared(RAW)), "--as-of", AS_OF.isoformat(), "--to", str(to)]) == 0
    return to


@pytest.fixture(scope="module")
def bank(directory: Path) -> dict[str, Table]:
    tables = {}
    for name in FILES:
        with (directory / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            tables[name] = list(csv.DictReader(stream))
    return tables


@pytest.mark.shared
def test_every_file_has_its_documented_header_and_words(bank: dict[str, Table], directory: Path) -> None:
    assert sorted(path.stem for path in directory.iterdir()) == sorted(FILES)
    for name in FILES:
        kind = BY_NAME[name]
        assert tuple(bank[name][0]) == kind.header
        keys = Counter(tuple(row[column] for column in kind.key) for row in bank[name])
        assert max(keys.values()) == 1, f"{name}: a key occurs twice"
        for column in kind.columns:
            cells = {row[column.name] for row in bank[name]}
            assert not (column.required and "" in cells), f"{name}.{column.name} is empty somewhere"
            if column.cell is Cell.ENUM:
                assert cells - {""} <= set(column.choices)


@pytest.mark.shared
@pytest.mark.parametrize("name", FILES)
def test_the_importer_finds_nothing_wrong_and_nothing_to_put_right(directory: Path, name: str) -> None:
    report = FileReport(name)
    for _ in scan(directory / f"{name}.csv", report, today=date(2026, 1, 1)):
        pass
    assert (report.errors, report.troubles, report.normalised) == (0, [], {})
    assert report.rows_read > 0


@pytest.mark.shared
def test_two_runs_write_the_same_bytes(directory: Path, tmp_path: Path) -> None:
    list(converter.convert(shared(RAW), AS_OF, tmp_path))
    for name in FILES:
        assert (directory / f"{name}.csv").read_bytes() == (tmp_path / f"{name}.csv").read_bytes()


@pytest.mark.shared
def test_counts_equal_the_source(bank: dict[str, Table]) -> None:
    lines = raw_table("trans_19930101_19940331.asc.gz")
    expected = {
        "customers": len(raw_table("client.asc.gz")),
        "manager_assignments": len(raw_table("client.asc.gz")),
        "accounts": len(raw_table("account.asc.gz")),
        "account_holders": sum(row["type"] == "DISPONENT" for row in raw_table("disp.asc.gz")),
        "loans": len(raw_table("loan.asc.gz")),
        "transactions": len(lines),
        "day_end_balances": len({(r["account_id"], r["date"]) for r in lines if r["date"] != "940331"}),
    }
    assert {name: len(bank[name]) for name in expected} == expected
    assert [expected[n] for n in ("customers", "accounts", "loans", "transactions", "account_holders")] == [
        5369, 4500, 682, 49102, 869,
    ]  # fmt: skip


@pytest.mark.shared
def test_the_tree_is_one_head_office_eight_regions_and_a_centre_in_each_district(
    bank: dict[str, Table],
) -> None:
    kinds = Counter((row["level"], row["kind"]) for row in bank["institutions"])
    assert kinds == {
        ("HEAD_OFFICE", "BRANCH"): 1,
        ("TIER1", "BRANCH"): 8,
        ("TIER2", "BRANCH"): 77,
        ("TIER2", "WEALTH_CENTRE"): 77,
    }
    tree = {row["code"]: row for row in bank["institutions"]}
    for row in bank["institutions"]:
        above = tree[row["parent_code"]]["level"] if row["parent_code"] else None
        below_branch = {"HEAD_OFFICE": None, "TIER1": "HEAD_OFFICE", "TIER2": "TIER1"}[row["level"]]
        assert above == ("TIER2" if row["kind"] == "WEALTH_CENTRE" else below_branch)
    regions = {row["A1"]: row["A3"] for row in raw_table("district.asc.gz")}
    for district, region in regions.items():
        assert tree[tree[f"D{int(district):03d}"]["parent_code"]]["name"].startswith(region)


@pytest.mark.shared
def test_every_role_is_staffed_each_post_by_its_own_person(bank: dict[str, Table]) -> None:
    posts = bank["assignments"]
    assert {row["role"] for row in posts} == {role.value for role in Role}
    assert len({row["staff_number"] for row in posts}) == len(posts) == len(bank["staff"])
    assert len({row["identity_number"] for row in bank["staff"]}) == len(posts)
    at = defaultdict(list)
    for row in posts:
        at[row["institution_code"]].append((row["role"], row["department"]))
    for row in bank["institutions"]:
        here = Counter(at[row["code"]])
        if row["kind"] == "WEALTH_CENTRE":
            assert here[("cust_mgr", "WEALTH_CENTRE")] == 2
            assert here[("wc_head", "WEALTH_CENTRE")] == 1
        else:
            assert here[("filing_recorder", "PERSONAL_BANKING")] == 1
    heads = {(row["supervisor_number"], row["staff_number"]) for row in bank["supervision_lines"]}
    assert {("D001H", "D001M1"), ("D001H", "D001M2"), ("D001S", "D001C")} <= heads


@pytest.mark.shared
def test_the_owning_branch_is_the_district_of_the_account(bank: dict[str, Table]) -> None:
    account_district = {row["account_id"]: int(row["district_id"]) for row in raw_table("account.asc.gz")}
    lives = {row["client_id"]: int(row["district_id"]) for row in raw_table("client.asc.gz")}
    customers = {row["number"]: row for row in bank["customers"]}
    manager = {row["customer_number"]: row["manager_number"] for row in bank["manager_assignments"]}
    elsewhere = 0
    for row in raw_table("disp.asc.gz"):
        customer = customers[f"K{int(row['client_id']):06d}"]
        district = account_district[row["account_id"]]
        assert customer["owner_code"] == f"D{district:03d}"
        assert manager[customer["number"]] in {f"D{district:03d}M1", f"D{district:03d}M2"}
        elsewhere += row["type"] == "OWNER" and lives[row["client_id"]] != district
    assert elsewhere == 409
    loads = Counter(manager.values())
    assert len(loads) == 154
    assert all(abs(loads[f"D{d:03d}M1"] - loads[f"D{d:03d}M2"]) <= 1 for d in range(1, 78))


@pytest.mark.shared
def test_the_document_tells_clients_apart_where_birth_numbers_do_not(bank: dict[str, Table]) -> None:
    births = Counter(row["birth_number"] for row in raw_table("client.asc.gz"))
    assert sum(count > 1 for count in births.values()) == 333
    assert len({row["identity_number"] for row in bank["customers"]}) == 5369
    women = sum(int(row["birth_number"][2:4]) > 50 for row in raw_table("client.asc.gz"))
    assert sum(row["gender"] == "FEMALE" for row in bank["customers"]) == women
    assert all(len(row["mobile"]) == 11 and row["address"] for row in bank["customers"])


@pytest.mark.shared
@pytest.mark.parametrize(
    ("account", "day", "amount", "last_line_states"),
    [
        (485, "1993-03-31", "69568.00", "88836.00"),
        (9337, "1994-01-31", "391.80", "391.90"),
        (9337, "1994-02-28", "33360.40", "33360.40"),
    ],
)
def test_known_days_close_with_the_end_of_their_chain(
    bank: dict[str, Table], account: int, day: str, amount: str, last_line_states: str
) -> None:
    number = f"1999{account:012d}"
    closing = [
        r["amount"] for r in bank["day_end_balances"] if (r["account_number"], r["day"]) == (number, day)
    ]
    lines = [r for r in bank["transactions"] if (r["account_number"], r["day"]) == (number, day)]
    assert closing == [amount]
    assert lines[-1]["balance_after"] == last_line_states


@pytest.mark.shared
def test_balances_move_by_the_sum_of_the_days_lines(bank: dict[str, Table]) -> None:
    """Holds whatever the order of the lines, so it checks the chains without building one."""
    moved: defaultdict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for row in bank["transactions"]:
        sign = 1 if row["direction"] == "CREDIT" else -1
        moved[row["account_number"], row["day"]].append(sign * Decimal(row["amount"]))
    days = [{"account_number": "", "day": "", "amount": "0"}, *bank["day_end_balances"]]
    for before, row in pairwise(days):
        same = before["account_number"] == row["account_number"]
        start = Decimal(before["amount"]) if same else Decimal(0)
        changes = moved[row["account_number"], row["day"]]
        assert abs(start + sum(changes) - Decimal(row["amount"])) <= Decimal("0.10") * len(changes)


@pytest.mark.shared
def test_a_second_computation_that_tries_every_order_closes_each_day_alike(bank: dict[str, Table]) -> None:
    ledgers = oracle.load(shared(RAW)).ledgers
    expected = {
        (f"1999{account:012d}", day.isoformat()): closing
        for account, ledger in ledgers.items()
        for day, closing in zip(ledger.days, ledger.closings, strict=True)
    }
    found = {(r["account_number"], r["day"]): Fraction(r["amount"]) for r in bank["day_end_balances"]}
    assert found == expected


@pytest.mark.shared
def test_the_cut_day_has_lines_but_neither_balances_nor_a_month_of_spend(bank: dict[str, Table]) -> None:
    assert sum(row["day"] == "1994-03-31" for row in bank["transactions"]) == 2105
    assert max(row["day"] for row in bank["day_end_balances"]) == "1994-03-30"
    assert {row["month"] for row in bank["spends"]} == {
        *(f"1993-{month:02d}" for month in range(1, 13)), "1994-01", "1994-02",
    }  # fmt: skip


@pytest.mark.shared
def test_spend_kinds_follow_the_operation_whatever_the_type(bank: dict[str, Table]) -> None:
    kinds = {"VYBER KARTOU": "card", "VYBER": "cash", "PREVOD NA UCET": "transfer"}
    expected: Counter[str] = Counter()
    for row in raw_table("trans_19930101_19940331.asc.gz"):
        if row["date"] < "940301":
            amount = int(row["amount"].replace(".", ""))
            if row["operation"] in kinds:
                expected[kinds[row["operation"]]] += amount
            if row["type"] != "PRIJEM":
                expected["debit_total"] += amount
    found: Counter[str] = Counter()
    for row in bank["spends"]:
        found[row["kind"]] += int(Decimal(row["amount"]) * 100)
    assert found == expected
    old = {row["trans_id"] for row in raw_table("trans_19930101_19940331.asc.gz") if row["type"] == "VYBER"}
    assert len(old) == 651
    assert {row["direction"] for row in bank["transactions"] if row["reference"] in old} == {"DEBIT"}


@pytest.mark.shared
def test_loans_stand_as_of_the_day(bank: dict[str, Table]) -> None:
    loans = {row["number"]: row for row in bank["loans"]}
    wanted = ("outstanding", "classification", "overdue")
    assert [loans["L005314"][c] for c in wanted] == ["40165.00", "SUBSTANDARD", "8033.00"]
    assert [loans["L005316"][c] for c in wanted] == ["133690.00", "NORMAL", "0.00"]
    assert [loans["L006087"][c] for c in wanted] == ["300660.00", "NORMAL", "0.00"]
    statuses = Counter(row["status"] in GOOD_STANDING for row in raw_table("loan.asc.gz"))
    assert Counter(row["classification"] for row in bank["loans"]) == {
        "NORMAL": statuses[True],
        "SUBSTANDARD": statuses[False],
    }
    assert {row["as_of"] for row in bank["loans"]} == {"1994-02-28"}
    assert {row["outstanding"] for row in bank["loans"] if row["granted_on"] > "1994-02-28"} == {"0.00"}


@pytest.mark.shared
def test_the_summary_tells_what_was_counted_left_out_and_met(tmp_path: Path) -> None:
    said = "\n".join(converter.convert(shared(RAW), AS_OF, tmp_path))
    for words in (
        "transactions          49,102",
        "892 cards",
        "6,471 standing orders",
        "1994-03-31, cut mid-day. Its 2,105 lines are kept",
        "409 owners who live elsewhere",
        "651 lines of the old type VYBER",
        "333 birth numbers shared by 683 clients",
        "0.10 worst link",
        "M1 cust_mgr",
    ):
        assert words in said


@pytest.mark.shared
@pytest.mark.parametrize("day", ["1994-03-31", "1992-12-31"])
def test_a_day_outside_the_data_is_refused(
    tmp_path: Path, day: str, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "bank"
    assert converter.main(["--from", str(shared(RAW)), "--as-of", day, "--to", str(to)]) == 2
    assert "the lines run from 1993-01-01 and are cut during 1994-03-31" in capsys.readouterr().err
    assert not to.exists()
