"""Faults of import files on both databases: each leaves nothing of its file, and says what to do."""

import pytest

from desk.imports.loading import in_order, run_import
from models.accounts import Account, AccountHolder, Balance, LoanStanding, Spend, TransactionLine
from models.customers import Customer, ManagerAssignment
from models.imports import ImportFile
from models.indicators import IndicatorFigure
from models.institutions import Institution, SupervisionLine
from models.people import Assignment, Staff
from models.reference import CalendarDay, ExchangeRate
from tests.desk.imports.runs import codes, imported, states
from tests.desk.imports.town import ROWS, TOWN, build, only
from tests.digest import changed, digest

FAULTS = [
    ("institutions", "ZZ,某行,TIER2,BRANCH,NONE,", "parent_code", "UNKNOWN_REFERENCE"),
    ("institutions", "ZZ,某行,HEAD_OFFICE,BRANCH,,", "level", "TWO_HEADS"),
    ("institutions", "ZZ,某行,TIER1,BRANCH,CD,", "parent_code", "NOT_BELOW"),
    ("institutions", "ZZ,某行,SUB_BRANCH,BRANCH,CDW,", "parent_code", "NOT_BELOW"),
    ("institutions", "ZZ,某中心,TIER1,WEALTH_CENTRE,CD,", "level", "CENTRE_LEVEL"),
    ("institutions", "CD,成都分行,TIER2,BRANCH,JS,", "parent_code", "INSTITUTION_MOVED"),
    ("institutions", "CDO,春熙路网点,SUB_BRANCH,BRANCH,CDJ,", "level", "INSTITUTION_MOVED"),
    ("staff", "S-lin,林晓,PASSPORT,E9,", "identity_number", "IDENTITY_CHANGED"),
    ("assignments", "NONE,teller,KMO,OPERATIONS,true,2025-01-01,", "staff_number", "UNKNOWN_REFERENCE"),
    ("assignments", "K3,teller,NONE,OPERATIONS,true,2025-01-01,", "institution_code", "UNKNOWN_REFERENCE"),
    ("assignments", "K1,sec_admin,KM,TECHNOLOGY,true,2025-01-01,", "role", "SECURITY_WITH_BUSINESS"),
    ("assignments", "S-sysadmin,sys_admin,KM,TECHNOLOGY,true,2025-01-01,", "staff_number", "GRANT_TO_SELF"),
    ("supervision_lines", "NONE,K1,2025-01-01,", "supervisor_number", "UNKNOWN_REFERENCE"),
    ("customers", "K9,某,PASSPORT,E9,,,,,NONE,2010-01-01", "owner_code", "UNKNOWN_REFERENCE"),
    ("customers", "K9,某,PASSPORT,E9,,,,,KMW,2010-01-01", "owner_code", "NOT_AN_OWNER"),
    ("customers", "K9,某,PASSPORT,E9,,,,,KMO,2010-01-01", "owner_code", "NOT_AN_OWNER"),
    ("customers", "K9,某,PASSPORT,E1000001,,,,,KM,2010-01-01", "identity_number", "SAME_IDENTITY"),
    ("customers", "C000001,周明,PASSPORT,E9,,,,,CD,2015-01-01", "identity_number", "IDENTITY_CHANGED"),
    (
        "customers",
        "C000001,周明,RESIDENT_ID,11010519491231002X,,,,,MY,2015-01-01",
        "owner_code",
        "OWNER_CHANGED",
    ),
    ("manager_assignments", "NONE,K1,2025-01-01,", "customer_number", "UNKNOWN_REFERENCE"),
    ("manager_assignments", "K00002,NONE,2025-01-01,", "manager_number", "UNKNOWN_REFERENCE"),
    ("manager_assignments", "K00002,K2,2026-01-01,", "valid_from", "TWO_MANAGERS"),
    ("manager_assignments", "C000001,K2,2026-01-01,", "valid_from", "TWO_MANAGERS"),
    ("accounts", "1,NONE,KM,SAVINGS,CNY,2010-01-01,", "customer_number", "UNKNOWN_REFERENCE"),
    ("accounts", "1,K00001,NONE,SAVINGS,CNY,2010-01-01,", "institution_code", "UNKNOWN_REFERENCE"),
    (
        "accounts",
        "6217000010000000001,K00001,CD,SAVINGS,CNY,2015-01-01,",
        "customer_number",
        "ACCOUNT_OWNER_CHANGED",
    ),
    ("accounts", "6217000010000000001,C000001,CD,SAVINGS,USD,2015-01-01,", "currency", "CURRENCY_CHANGED"),
    ("account_holders", "1,K00001,JOINT", "account_number", "UNKNOWN_REFERENCE"),
    ("account_holders", "6217000010000000101,K00001,OWNER", "role", "NOT_THE_OWNER"),
    ("account_holders", "6217000010000000101,K00002,JOINT", "role", "NOT_THE_OWNER"),
    ("day_end_balances", "1,2026-01-31,1.00", "account_number", "UNKNOWN_REFERENCE"),
    ("day_end_balances", "6217000010000000101,2026-02-28,0.5", "amount", "TOO_MANY_DECIMALS"),
    ("day_end_balances", "6217000010000000100,2026-03-31,0.005", "amount", "TOO_MANY_DECIMALS"),
    ("day_end_balances", "6217000010000000100,2026-01-31,1.00", "", "REPEATED_KEY"),
    ("month_average_balances", "6217000010000000100,2026-02,1.00", "account_number", "OTHER_BALANCES"),
    ("transactions", "1,T9,2026-01-15,DEBIT,cash,1200.00,,,", "account_number", "UNKNOWN_REFERENCE"),
    (
        "transactions",
        "6217000010000000101,T9,2026-01-15,DEBIT,cash,1,0.5,,",
        "balance_after",
        "TOO_MANY_DECIMALS",
    ),
    ("transactions", "6217000010000000101,T9,2026-01-15,DEBIT,cash,0,,,", "amount", "WRONG_SIGN"),
    (
        "loans",
        "KL2,NONE,KM,CNY,2024-03-01,1.00,12,2026-01-31,1.00,NORMAL,0",
        "customer_number",
        "UNKNOWN_REFERENCE",
    ),
    (
        "loans",
        "KL1,K00001,KM,CNY,2024-03-01,1500000.01,120,2026-03-31,1.00,NORMAL,0",
        "principal",
        "LOAN_DIFFERS",
    ),
    (
        "loans",
        "KL1,K00002,KM,CNY,2024-03-01,1500000.00,120,2026-03-31,1.00,NORMAL,0",
        "customer_number",
        "LOAN_DIFFERS",
    ),
    ("spends", "6217000010000000100,2026-01,card,1.00", "", "REPEATED_KEY"),
    ("indicator_figures", "SC-PAYROLL,C000001,2026-01-31,CNY,1.00", "", "REPEATED_KEY"),
    ("indicator_figures", "SC-NONE,C000001,2026-01-31,CNY,1.00", "indicator_code", "UNKNOWN_INDICATOR"),
    ("indicator_figures", "SC-PAYROLL,NONE,2026-01-31,CNY,1.00", "customer_number", "UNKNOWN_REFERENCE"),
    (
        "indicator_figures",
        "SC-PAYROLL,C000003,2026-01-31,CNY,1.00",
        "customer_number",
        "INDICATOR_OF_ANOTHER_BRANCH",
    ),
    ("indicator_figures", "SC-PAYROLL,C000002,2026-02-28,USD,1.00", "currency", "OTHER_CURRENCY"),
    ("indicator_figures", "SC-PAYROLL,C000002,2026-02-28,XXX,1.00", "currency", "UNKNOWN_CURRENCY"),
    ("indicator_figures", "SC-PAYROLL,C000002,2026-02-28,CNY,0.005", "amount", "TOO_MANY_DECIMALS"),
    ("exchange_rates", "2026-01-30,EUR,1,CNY,8.3", "", "REPEATED_KEY"),
    ("holidays", "2026-10-01,HOLIDAY,国庆节", "", "REPEATED_KEY"),
]


@pytest.mark.parametrize(("kind", "row", "column", "code"), FAULTS)
async def test_a_fault_leaves_nothing_of_its_file(admin, tmp_path, kind, row, column, code):
    folder = build(tmp_path, **{kind: TOWN[kind] + row + "\n"})
    report = await run_import(admin, [folder])
    place = f"{kind}.csv", ROWS[kind] + 2, column, code
    assert place in codes(report), report.as_text()
    # One fault in the file; what depends on the file waits, and is blamed for nothing.
    assert {found for found in codes(report) if found != place} <= {
        (f"{name}.csv", 0, "", "WAITS_FOR_ANOTHER") for name in ROWS
    }
    assert states(report)[kind] == "REFUSED"
    (file,) = await ImportFile.filter(kind=kind)
    assert (file.state, file.errors, file.rows_new, file.rows_read) == ("REFUSED", 1, 0, ROWS[kind] + 1)
    table, before = {
        "institutions": (Institution, 10),
        "staff": (Staff, 25),
        "assignments": (Assignment, 24),
        "supervision_lines": (SupervisionLine, 1),
        "customers": (Customer, 3),
        "manager_assignments": (ManagerAssignment, 3),
        "accounts": (Account, 3),
        "day_end_balances": (Balance.filter(kind="DAY_END"), 3),
        "month_average_balances": (Balance.filter(kind="MONTH_AVERAGE"), 0),
        "transactions": (TransactionLine, 9),
        "loans": (LoanStanding, 3),
        "spends": (Spend, 3),
        "indicator_figures": (IndicatorFigure, 0),
        "exchange_rates": (ExchangeRate, 0),
        "holidays": (CalendarDay, 0),
        "account_holders": (AccountHolder.filter(role__in=["JOINT", "DISPONENT"]), 0),
    }[kind]
    assert await table.all().count() == before


async def test_the_corrected_file_then_completes_the_import(admin, tmp_path):
    broken = build(tmp_path / "broken", accounts=TOWN["accounts"].replace("JPY", "XXX"))
    report = await run_import(admin, [broken])
    assert ("accounts.csv", 3, "currency", "UNKNOWN_CURRENCY") in codes(report)
    waiting = {"account_holders", "day_end_balances", "month_average_balances", "transactions", "spends"}
    assert {kind for kind, state in states(report).items() if state == "REFUSED"} == waiting | {"accounts"}
    report = await imported(admin, build(tmp_path / "right"))
    assert {kind for kind, state in states(report).items() if state == "DONE"} == waiting | {"accounts"}
    assert await Balance.filter(account_serial__gt=3).count() == 4


async def test_both_forms_of_a_resident_number_are_one_person(admin, tmp_path):
    header = "number,name,identity_kind,identity_number\n"
    rows = "A1,石,RESIDENT_ID,110105491231002\nA2,石,RESIDENT_ID,11010519491231002x\n"
    await imported(admin, only(tmp_path, "staff", header + rows))
    first, second = await Staff.filter(number__in=["A1", "A2"])
    assert first.person_id == second.person_id


async def test_an_end_is_not_rewritten(town, admin, tmp_path):
    for kind, old, new in (
        (
            "assignments",
            "K1,cust_mgr,KMW,WEALTH_CENTRE,true,2025-01-01,",
            "K1,cust_mgr,KMW,WEALTH_CENTRE,true,2025-01-01,2026-01-01",
        ),
        ("supervision_lines", "K2,K1,2025-01-01,", "K2,K1,2025-01-01,2026-01-01"),
        ("manager_assignments", "K00002,K1,2025-01-01,", "K00002,K1,2025-01-01,2026-01-01"),
    ):
        report = await run_import(admin, [only(tmp_path, kind, TOWN[kind].replace(old, new))])
        assert [found[2:] for found in codes(report)] == [("valid_to", "ENDS_OTHERWISE")]


async def test_a_role_that_ended_excludes_nothing(admin, tmp_path):
    header = TOWN["assignments"].splitlines()[0]
    rows = [
        "K1,teller,KMO,OPERATIONS,true,2015-01-01,2020-01-01",
        "K1,auditor,KM,INTERNAL_AUDIT,true,2020-01-01,",
    ]
    await imported(
        admin,
        *[
            build(tmp_path, assignments="\n".join([header, *rows]) + "\n") / f"{kind}.csv"
            for kind in ("institutions", "staff", "assignments")
        ],
    )
    assert await Assignment.filter(role="auditor", institution__code="KM").count() == 1


async def test_a_circle_of_parents_is_found(admin, tmp_path):
    text = "code,name,level,kind,parent_code\nA,甲,TIER2,BRANCH,B\nB,乙,TIER2,BRANCH,A\nC,丙,SUB_BRANCH,BRANCH,B\n"
    report = await run_import(admin, [only(tmp_path, "institutions", text)])
    assert [found[1:] for found in codes(report)] == [
        (2, "parent_code", "CIRCLE"),
        (3, "parent_code", "CIRCLE"),
        (4, "parent_code", "CIRCLE"),
    ]


async def test_figures_over_many_blocks_and_a_late_fault(town, admin, tmp_path):
    rows = [f"6217000010000000100,2020-01-01,T{n},DEBIT,card,{n + 1}.25" for n in range(25_000)]
    header = "account_number,day,reference,direction,kind,amount"
    before = await digest()
    late = only(tmp_path / "late", "transactions", "\n".join([header, *rows, "1,2020-01-01,T,DEBIT,card,1"]))
    report = await run_import(admin, [late])
    assert codes(report) == [("transactions.csv", 25_002, "account_number", "UNKNOWN_REFERENCE")]
    assert changed(before, await digest()) == {"access_record": 1, "import_run": 1, "import_file": 1}
    await imported(admin, only(tmp_path / "right", "transactions", "\n".join([header, *rows])))
    # T1 and T2 of the town are corrected by lines of the same reference.
    assert await TransactionLine.filter(superseded_at=None, account_serial=4).count() == 25_000
    assert await TransactionLine.filter(account_serial=4).exclude(superseded_at=None).count() == 2


async def test_progress_is_told(admin, tmp_path):
    told = []
    await imported(admin, build(tmp_path), progress=lambda *said: told.append(said))
    assert {name for name, _, _ in told} == {f"{name}.csv" for name in ROWS}
    assert all(0 < done <= total for _, done, total in told)


async def test_what_is_no_import_file_is_said(admin, tmp_path):
    (tmp_path / "notes.csv").write_text("a\n")
    (tmp_path / "README.md").write_text("a\n")
    report = await run_import(admin, [tmp_path, tmp_path / "customers.csv"])
    assert codes(report) == [("customers.csv", 0, "", "UNREADABLE"), ("notes.csv", 0, "", "UNKNOWN_KIND")]


def test_files_are_loaded_in_the_order_of_their_kinds(tmp_path):
    for name in (
        "spends.csv",
        "accounts_2.csv",
        "accounts_1.xlsx",
        "staff.csv",
        ".hidden.csv",
        "~$staff.xlsx",
        "x.md",
    ):
        (tmp_path / name).touch()
    assert [path.name for path, _ in in_order([tmp_path, tmp_path / "staff.csv"])] == [
        "staff.csv",
        "accounts_1.xlsx",
        "accounts_2.csv",
        "spends.csv",
    ]
