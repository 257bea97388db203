"""The import job on both databases: everything arrives, twice is once, and a fault leaves nothing behind."""

import datetime as dt

from desk.errors import Forbidden
from desk.imports.loading import run_import
from models.accounts import Account, AccountHolder, Balance, Loan, LoanStanding, Spend, TransactionLine
from models.customers import Customer, ManagerAssignment, Ownership
from models.imports import ImportFile, ImportRun
from models.indicators import IndicatorFigure
from models.institutions import Institution, Placement, SupervisionLine
from models.people import Assignment, Proposal, Recusal, Staff
from models.reference import CalendarDay, ExchangeRate
from models.trail import AccessRecord
from models.vault import vault
from tests.desk.imports.runs import imported, states
from tests.desk.imports.town import ROWS, TOWN, build, only
from tests.digest import changed, digest, refused


async def test_everything_arrives(admin, tmp_path):
    report = await imported(admin, build(tmp_path))
    assert {file.kind: file.rows_read for file in report.files} == ROWS
    assert set(states(report).values()) == {"DONE"}
    assert {
        file.kind: (file.new, file.unchanged, file.corrected, file.proposals) for file in report.files
    } == {
        **{name: (rows, 0, 0, 0) for name, rows in ROWS.items()},
        "assignments": (2, 0, 0, 1),
        "account_holders": (1, 1, 0, 0),
    }
    run = await ImportRun.get()
    assert (run.state, run.started_by_id, run.finished_at) == ("DONE", admin.staff_id, admin.now)
    assert {(file.kind, file.state, file.rows_read) for file in await ImportFile.all()} == {
        (name, "DONE", rows) for name, rows in ROWS.items()
    }


async def test_institutions_stand_where_the_file_says(town):
    places = {place.code: place for place in await Institution.all()}
    # Numbers follow the codes: KM 11, KMO 12, KMS 13, KMW 14, YN 15 after the ten of the cast.
    assert places["YN"].path == "/1/15/"
    assert places["KM"].path == "/1/15/11/"
    assert places["KMO"].path == "/1/15/11/13/12/"
    assert places["KMO"].acting_path == places["KMS"].path == "/1/15/11/13/"
    assert places["KMW"].acting_path == places["KM"].path
    assert places["KM"].cnaps_code == "105100000017"
    placement = await Placement.get(institution_id=places["KMS"].id)
    assert (placement.parent_id, placement.path) == (places["KM"].id, "/1/15/11/13/")


async def test_people_hold_their_roles_or_are_proposed(town, bank, admin):
    held = {row.staff_id: row for row in await Assignment.filter(institution__code="KMW").all()}
    staff = {person.number: person for person in await Staff.filter(number__startswith="K")}
    assert held[staff["K1"].id].role == "cust_mgr"
    assert held[staff["K1"].id].valid_from == dt.datetime(2024, 12, 31, 16, tzinfo=dt.UTC)
    assert (staff["K1"].epoch, staff["K3"].epoch) == (1, 0)
    assert staff["K1"].mobile_mask == "138****8000"
    assert vault().open("staff", "mobile_cipher", staff["K1"].id, staff["K1"].mobile_cipher) == "13800138000"
    proposal = await Proposal.get()
    assert (proposal.staff_id, proposal.role, proposal.state, proposal.kind) == (
        staff["K3"].id,
        "teller",
        "PROPOSED",
        "GRANT",
    )
    assert (proposal.proposed_by_id, proposal.full_time) == (admin.staff_id, False)
    assert await SupervisionLine.filter(supervisor_id=staff["K2"].id, staff_id=staff["K1"].id).count() == 1


async def test_customers_are_owned_sealed_and_served(town):
    customer = await Customer.get(number="K00001").prefetch_related("owner")
    places = {place.code: place for place in await Institution.all()}
    assert (customer.owner.code, customer.owner_path) == ("KM", "/1/15/11/")
    assert (customer.tier1_id, customer.tier2_id) == (places["YN"].id, places["KM"].id)
    assert (customer.name, customer.gender, customer.birth_date) == ("李雷", "MALE", dt.date(1980, 1, 1))
    assert customer.identity_mask == "110***********0016"
    assert (
        vault().open("customer", "identity_cipher", customer.id, customer.identity_cipher)
        == "110105198001010016"
    )
    assert (
        vault().open("customer", "address_cipher", customer.id, customer.address_cipher)
        == "云南省昆明市五华区某路1号"
    )
    assert customer.mobile_index == vault().index("mobile", "13900139001")
    assert (await Customer.get(number="K00002")).tier2_id == places["KM"].id
    ownership = await Ownership.get(customer_id=customer.id)
    assert (ownership.owner_id, ownership.valid_from) == (
        places["KM"].id,
        dt.datetime(2010, 5, 3, 16, tzinfo=dt.UTC),
    )
    assert await ManagerAssignment.filter(customer_id=customer.id).count() == 2


async def test_staff_who_are_customers_are_recused_from_their_own_files(town):
    customer, staff = await Customer.get(number="K00002"), await Staff.get(number="K1")
    recusal = await Recusal.get(person_id=staff.person_id)
    assert (recusal.customer_id, recusal.relation) == (customer.id, "SELF")


async def test_figures_are_exact_minor_units(town):
    accounts = {account.number_mask[-3:]: account for account in await Account.filter(serial__gt=3)}
    assert {mask: account.balance_kind for mask, account in accounts.items()} == {
        "100": "DAY_END",
        "101": "DAY_END",
        "102": "MONTH_AVERAGE",
    }
    balances = await Balance.filter(account_serial__gt=3).values_list(
        "account_serial", "kind", "day", "amount"
    )
    serials = {mask: account.serial for mask, account in accounts.items()}
    assert set(balances) == {
        (serials["100"], "DAY_END", dt.date(2026, 1, 31), 51234567),
        (serials["100"], "DAY_END", dt.date(2026, 2, 28), -150),
        (serials["101"], "DAY_END", dt.date(2026, 1, 31), 100000),
        (serials["102"], "MONTH_AVERAGE", dt.date(2026, 2, 28), 49800000),
    }
    line = await TransactionLine.get(account_serial=serials["100"], reference="T1")
    assert (line.amount, line.balance_after, line.summary, line.counterparty_bank) == (
        120000,
        51114567,
        '取款 \\ "急"',
        None,
    )
    assert (line.version, line.superseded_at) == (1, None)
    file = await ImportFile.get(kind="transactions")
    assert line.import_id == file.id
    assert await Spend.filter(account_serial=serials["100"]).values_list("kind", "amount") == [
        ("card", 880000),
        ("cash", -500),
    ]
    holders = await AccountHolder.filter(account_id=accounts["100"].id).values_list("role", flat=True)
    assert sorted(holders) == ["DISPONENT", "OWNER"]
    loan = await Loan.get(number="KL1")
    assert (loan.principal, loan.term_months) == (150000000, 120)
    standings = (
        await LoanStanding.filter(loan_id=loan.id).order_by("as_of").values_list("outstanding", flat=True)
    )
    assert standings == [120000000, 119000000]
    figures = await IndicatorFigure.filter(customer__number="C000001").order_by("as_of")
    assert [(it.as_of, it.currency, it.amount, it.version) for it in figures] == [
        (dt.date(2026, 1, 31), "CNY", 38_000_00, 1),
        (dt.date(2026, 2, 28), "CNY", 38_500_00, 1),
    ]
    assert figures[0].import_id == (await ImportFile.get(kind="indicator_figures")).id
    assert await ExchangeRate.filter(currency="JPY").values_list("unit", "rate") == [(100, "4.5")]
    assert (await CalendarDay.get()).name == "国庆节"


async def test_the_same_files_again_change_nothing(town, admin):
    before = await digest()
    report = await imported(admin, town)
    assert set(states(report).values()) == {"UNCHANGED"}
    assert changed(before, await digest()) == {"access_record": 1, "import_run": 1}


async def test_the_same_rows_in_other_bytes_change_nothing(town, admin, tmp_path):
    before = await digest()
    folder = build(tmp_path / "again", **{name: text.replace("\n", "\r\n") for name, text in TOWN.items()})
    report = await imported(admin, folder)
    assert {file.kind: (file.new, file.corrected, file.proposals) for file in report.files} == dict.fromkeys(
        ROWS, (0, 0, 0)
    )
    assert {file.kind: file.unchanged for file in report.files} == ROWS
    assert changed(before, await digest()) == {"access_record": 1, "import_run": 1, "import_file": len(ROWS)}


async def test_a_dry_run_says_the_same_and_writes_nothing(admin, tmp_path):
    before = await digest()
    report = await run_import(admin, [build(tmp_path)], dry_run=True)
    assert report.errors == 0
    assert set(states(report).values()) == {"CHECKED"}
    assert {file.kind: file.new + file.unchanged + file.proposals for file in report.files} == ROWS
    assert changed(before, await digest()) == {"access_record": 1}


async def test_one_trail_record_names_the_person_and_no_value(town, admin):
    record = await AccessRecord.get(operation="import")
    assert (record.staff_id, record.decision, record.resource) == (admin.staff_id, "ALLOW", "import_run")
    assert "spends" in record.record
    assert "李雷" not in record.record


async def test_whoever_may_not_import_is_refused_and_recorded(bank, seat, tmp_path):
    desk = await seat(bank.staff["lin"])
    async with refused(Forbidden.code, desk):
        await run_import(desk, [build(tmp_path)])


async def test_a_corrected_figure_is_a_new_version(town, admin, tmp_path):
    seen = []

    async def flips(corrections):
        seen.append(corrections)
        return ["K00001 would no longer pass"]

    later = build(
        tmp_path / "later",
        day_end_balances=TOWN["day_end_balances"].replace("512345.67", "499999.99")
        + "6217000010000000100,2026-03-31,1.00\n",
        spends=TOWN["spends"].replace("8800.00", "8800.01"),
        transactions=TOWN["transactions"].replace("T2,2026-01-16", "T2,2026-01-17"),
        loans=TOWN["loans"].replace("1190000.00,NORMAL", "1190000.00,DOUBTFUL"),
        indicator_figures=TOWN["indicator_figures"].replace("38500.00", "38500.01"),
        exchange_rates=TOWN["exchange_rates"].replace("8.2134", "8.2135").replace("4.5", "4.50"),
    )
    report = await imported(admin, later, flips=flips)
    counts = {file.kind: (file.new, file.unchanged, file.corrected) for file in report.files}
    assert counts["day_end_balances"] == (1, 2, 1)
    assert counts["spends"] == counts["loans"] == counts["exchange_rates"] == (0, 1, 1)
    assert counts["transactions"] == (0, 2, 1)
    assert counts["indicator_figures"] == (0, 2, 1)
    corrected = set(await Customer.filter(number__in=["K00001", "C000001"]).values_list("id", flat=True))
    assert [(it.customers, it.rates) for it in seen] == [(corrected, True)]
    assert report.flips == ["K00001 would no longer pass"]
    versions = await Balance.filter(day=dt.date(2026, 1, 31), amount__in=[51234567, 49999999]).order_by(
        "version"
    )
    assert [(it.version, it.amount, it.superseded_at is None) for it in versions] == [
        (1, 51234567, False),
        (2, 49999999, True),
    ]
    assert versions[0].superseded_at == admin.now
    assert versions[0].import_id != versions[1].import_id
    assert await LoanStanding.filter(superseded_at=None, loan__number="KL1").order_by("as_of").values_list(
        "version", flat=True
    ) == [1, 2]
    figures = await IndicatorFigure.filter(as_of=dt.date(2026, 2, 28)).order_by("version")
    assert [(it.version, it.amount, it.superseded_at) for it in figures] == [
        (1, 38_500_00, admin.now),
        (2, 38_500_01, None),
    ]
    again = only(tmp_path / "third", "day_end_balances", TOWN["day_end_balances"].replace("512345.67", "0"))
    await imported(admin, again)
    assert sorted(await Balance.filter(day=dt.date(2026, 1, 31)).values_list("version", flat=True)) == [
        1,
        1,
        2,
        3,
    ]


async def test_changed_details_are_corrected_in_place(town, admin, tmp_path):
    later = build(
        tmp_path / "later",
        institutions=TOWN["institutions"].replace("翠湖网点", "翠湖北路网点"),
        staff=TOWN["staff"].replace("13800138000", "13800138001"),
        customers=TOWN["customers"].replace("某路1号", "某路2号"),
        accounts=TOWN["accounts"].replace("2011-05-04,\n", "2011-05-04,2026-06-30\n"),
        account_holders=TOWN["account_holders"].replace("DISPONENT", "JOINT"),
        holidays=TOWN["holidays"].replace("国庆节", "国庆节、中秋节"),
    )
    seen = []

    async def flips(corrections):
        seen.extend(corrections.customers)
        return []

    report = await imported(admin, later, flips=flips)
    # An account that was open for another time counts for other averages.
    assert seen == [(await Customer.get(number="K00002")).id]
    changed_kinds = {file.kind: file.corrected for file in report.files if file.corrected}
    assert changed_kinds == dict.fromkeys(
        ["institutions", "staff", "customers", "accounts", "account_holders", "holidays"], 1
    )
    customer = await Customer.get(number="K00001")
    assert (
        vault().open("customer", "address_cipher", customer.id, customer.address_cipher).endswith("某路2号")
    )
    assert customer.mobile_index == vault().index("mobile", "13900139001")
    assert (await Institution.get(code="KMO")).name == "翠湖北路网点"
    assert (await Account.get(closed_on=dt.date(2026, 6, 30))).currency == "JPY"
