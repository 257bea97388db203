"""Customers as the core system goes on writing them: 15 digits, former documents and names, and merged numbers."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.imports.loading import run_import
from models.accounts import Account, AccountHolder, Loan
from models.customers import Customer, ManagerAssignment
from models.identity import FormerName, IdentityDocument
from models.indicators import IndicatorFigure
from models.merges import CustomerMerge, MergedRow
from models.moving import give_back, pass_over
from models.people import Recusal, Staff
from models.vault import vault
from models.vocabulary import IdentityKind, MergeState
from tests.conftest import NOW
from tests.desk.imports.runs import codes, imported
from tests.desk.imports.town import TOWN, build, only

HEAD = "number,name,identity_kind,identity_number,gender,birth_date,mobile,address,owner_code,opened_on\n"
LONG, SHORT = "110105198001010016", "110105800101001"
FIRST, SECOND = TOWN["customers"].splitlines()[1:]


def customers(folder, *rows: str):
    return only(folder, "customers", HEAD + "\n".join(rows) + "\n")


def of(report):
    (file,) = report.files
    return (file.new, file.unchanged, file.corrected)


async def renewed(number: str, kind: IdentityKind, document: str, by) -> Customer:
    customer = await Customer.get(number=number)
    await IdentityDocument.replace(
        customer, kind, document, since=NOW, now=NOW, by=by.staff_id, reason="renewed"
    )
    return customer


# Documents


async def test_fifteen_digits_are_kept_as_eighteen(town, admin, tmp_path):
    report = await imported(admin, customers(tmp_path, FIRST.replace(LONG, SHORT), SECOND))
    assert of(report) == (0, 2, 0)
    new = "K00003,王五,RESIDENT_ID,440524800101003,,,,,KM,2012-05-04"
    await imported(admin, customers(tmp_path / "a", new))
    row = await Customer.get(number="K00003")
    assert (
        vault().open("customer", "identity_cipher", row.id, bytes(row.identity_cipher))
        == "44052419800101003X"
    )
    again = await imported(
        admin, customers(tmp_path / "b", new.replace("440524800101003", "44052419800101003X"))
    )
    assert of(again) == (0, 1, 0)


@pytest.mark.parametrize("digits", [LONG, SHORT])
async def test_one_person_is_not_two_customers(town, admin, tmp_path, digits):
    report = await run_import(
        admin, [customers(tmp_path, f"K00003,李雷,RESIDENT_ID,{digits},,,,,KM,2012-05-04")]
    )
    assert codes(report) == [("customers.csv", 2, "identity_number", "SAME_IDENTITY")]


async def test_one_person_in_both_forms_in_one_file_is_told(town, admin, tmp_path):
    rows = [
        f"K0000{n},王五,RESIDENT_ID,{digits},,,,,KM,2012-05-04"
        for n, digits in ((3, "440524800101003"), (4, "44052419800101003X"))
    ]
    report = await run_import(admin, [customers(tmp_path, *rows)])
    assert codes(report) == [("customers.csv", 3, "identity_number", "SAME_IDENTITY")]
    assert not await Customer.exists(number="K00003")


async def test_a_file_with_the_former_document_lags_and_another_document_is_a_fault(town, admin, tmp_path):
    li = await renewed("K00001", IdentityKind.PASSPORT, "E7777777", admin)
    report = await imported(admin, customers(tmp_path, FIRST))
    assert of(report) == (0, 1, 0)
    assert report.files[0].notes == ["1 row(s) with a document that was replaced here. The newer one stays."]
    assert (await Customer.get(number="K00001")).identity_index == li.identity_index
    for n, row in enumerate(
        (
            FIRST.replace(f"RESIDENT_ID,{LONG}", "PASSPORT,E8888888"),
            FIRST.replace("K00001", "K00003"),
            FIRST.replace("K00001", "K00003").replace(f"RESIDENT_ID,{LONG}", "PASSPORT,E7777777"),
        )
    ):
        report = await run_import(admin, [customers(tmp_path / str(n), row)])
        code = "SAME_IDENTITY" if n else "IDENTITY_CHANGED"
        assert codes(report) == [("customers.csv", 2, "identity_number", code)]


async def test_staff_are_recused_by_a_former_document_too(town, admin, tmp_path):
    """K3's passport was Li's until he renewed it; and Han, who was merged into Li, is K1."""
    await renewed("K00001", IdentityKind.PASSPORT, "E1000003", admin)
    await renewed("K00001", IdentityKind.PASSPORT, "E9999999", admin)
    await merged("K00001", "K00002", admin)
    await imported(admin, customers(tmp_path, FIRST.replace("云南省", "云南")))
    staff = {row.person_id: row.number for row in await Staff.all()}
    li = await Customer.get(number="K00001")
    assert {staff[row.person_id] for row in await Recusal.filter(customer_id=li.id)} == {"K1", "K3"}


# Names


async def test_a_name_that_changed_is_kept_as_a_former_one(town, admin, tmp_path):
    married = FIRST.replace("李雷", "李磊")
    assert of(await imported(admin, customers(tmp_path / "a", married))) == (0, 0, 1)
    row = await FormerName.get()
    assert (row.name, row.until, row.recorded_by_id, row.reason) == (
        "李雷",
        dt.date(2026, 11, 25),
        admin.staff_id,
        "imported",
    )
    report = await imported(admin, customers(tmp_path / "b", married, SECOND))
    assert of(report) == (0, 2, 0)
    assert await FormerName.all().count() == 1


async def test_a_file_with_the_former_name_lags_and_does_not_undo_it(town, admin, tmp_path):
    li = await Customer.get(number="K00001")
    await FormerName.rename(
        li, "李磊", until=dt.date(2026, 11, 1), now=NOW, by=admin.staff_id, reason="married"
    )
    report = await imported(admin, customers(tmp_path, FIRST.replace("13900139001", "13900139002")))
    assert of(report) == (0, 0, 1)
    assert report.files[0].notes == ["1 row(s) with a name that was changed here. The newer one stays."]
    li = await Customer.get(number="K00001")
    assert (li.name, li.mobile_mask) == ("李磊", "139****9002")
    assert await FormerName.all().count() == 1


@pytest.mark.parametrize("dot", list("•・‧∙⋅･·") + [" · "])
async def test_a_minority_name_is_written_in_one_way(town, admin, tmp_path, dot):
    name = f"阿卜杜{dot}𬱖热合曼"
    report = await imported(admin, customers(tmp_path, f"K00003,{name},PASSPORT,E5555555,,,,,KM,2012-05-04"))
    assert (await Customer.get(number="K00003")).name == "阿卜杜·𬱖热合曼"
    told = {what for column, what in report.files[0].normalised if column == "name"}
    assert told == (set() if dot == "·" else {"dots of a name written as U+00B7"})


# Merges


async def merged(kept: str, gone: str, desk) -> CustomerMerge:
    """What two people do; tests/desk/test_merges.py has their acts."""
    he, she = await Customer.get(number=kept), await Customer.get(number=gone)
    merge = await CustomerMerge.create(
        kept=he,
        gone=she,
        state=MergeState.MERGED,
        reason="one person",
        proposed_at=NOW,
        proposed_by_id=desk.staff_id,
        proposed_person_id=desk.actor.person_id,
    )
    await pass_over(merge)
    await she.merge_into(he.id)
    return merge


async def whose() -> dict[str, dict[str, list[str]]]:
    """By customer number: the rows that are his now."""
    numbers = {row.id: row.number for row in await Customer.filter(number__startswith="K")}
    found: dict[str, dict[str, list[str]]] = {}
    for name, model, key in (
        ("accounts", Account, "number_mask"),
        ("loans", Loan, "number"),
        ("figures", IndicatorFigure, "as_of"),
        ("holders", AccountHolder, "role"),
    ):
        for row in await model.filter(customer_id__in=list(numbers)):
            held = found.setdefault(numbers[row.customer_id], {})
            held[name] = sorted([*held.get(name, []), str(getattr(row, key))])
    return found


async def test_the_same_files_after_a_merge_change_nothing(town, admin, tmp_path):
    """Every number of the one that went is the kept one's; the core system need not know of the merge."""
    await merged("K00001", "K00002", admin)
    before = await whose()
    report = await imported(admin, build(tmp_path, **{name: text + "\n" for name, text in TOWN.items()}))
    files = {file.kind: file for file in report.files}
    assert {
        kind: (file.new, file.corrected) for kind, file in files.items() if file.new or file.corrected
    } == {}
    assert files["customers"].notes == [
        "1 row(s) under the number of a customer who was merged. His details are those of the kept one."
    ]
    assert await whose() == before
    assert before["K00001"]["accounts"] == [
        "621700*********0100",
        "621700*********0101",
        "621700*********0102",
    ]
    assert before["K00001"]["holders"] == ["OWNER", "OWNER", "OWNER"]
    assert before["K00002"] == {"holders": ["DISPONENT"]}


MORE = {
    "accounts": "number,customer_number,institution_code,kind,currency,opened_on,closed_on\n"
    "6217000010000000200,K00002,KM,SAVINGS,CNY,2026-05-04,\n",
    "account_holders": "account_number,customer_number,role\n6217000010000000001,K00002,JOINT\n",
    "loans": "number,customer_number,institution_code,currency,granted_on,principal,term_months,as_of,"
    "outstanding,classification,overdue\n"
    "KL2,K00002,KM,CNY,2026-03-01,100.00,12,2026-05-31,90.00,NORMAL,0\n",
    "manager_assignments": "customer_number,manager_number,valid_from,valid_to\nK00002,K2,2026-06-01,\n",
}


async def test_what_comes_under_a_merged_number_is_the_kept_ones_and_goes_back_with_a_split(
    town, admin, tmp_path
):
    served = await ManagerAssignment.all().count()
    before = await whose()
    merge = await merged("K00001", "K00002", admin)
    for name, text in MORE.items():
        await imported(admin, only(tmp_path / name, name, text))
    assert (await whose())["K00001"]["loans"] == ["KL1", "KL2"]
    assert len((await whose())["K00001"]["accounts"]) == 4
    assert await ManagerAssignment.all().count() == served
    assert await MergedRow.filter(merge_id=merge.id, table_name="loan").count() == 1
    await give_back(merge)
    gone = await Customer.get(number="K00002")
    await gone.merge_into(None)
    await CustomerMerge.filter(id=merge.id).update(state=MergeState.SPLIT)
    after = await whose()
    assert after["K00001"] == before["K00001"]
    assert after["K00002"] == {
        "accounts": [*before["K00002"]["accounts"], "621700*********0200"],
        "loans": ["KL2"],
        "holders": ["DISPONENT", "JOINT", "OWNER", "OWNER", "OWNER"],
    }
    for name in ("accounts", "account_holders", "loans"):
        report = await imported(admin, only(tmp_path / f"{name}-again", name, MORE[name] + "\n"))
        assert of(report) == (0, 1, 0)


async def test_an_indicator_that_he_has_by_his_own_number_is_not_overwritten_by_the_other(
    bank, town, admin, tmp_path
):
    twin = "C000009,周明,PASSPORT,E4444444,,,,,CD,2018-05-04"
    await imported(admin, customers(tmp_path / "c", twin))
    merge = await merged("C000001", "C000009", admin)
    text = (
        "indicator_code,customer_number,as_of,currency,amount\n"
        "SC-PAYROLL,C000009,2026-01-31,CNY,1.00\n"
        "SC-PAYROLL,C000009,2026-03-31,CNY,2.00\n"
        "SC-PAYROLL,C000009,2026-04-30,CNY,4.00\n"
        "SC-PAYROLL,C000001,2026-04-30,CNY,3.00\n"
    )
    report = await imported(admin, only(tmp_path, "indicator_figures", text))
    assert of(report) == (2, 2, 0)
    zhou = bank.customers["zhou"].id
    rows = await IndicatorFigure.filter(customer_id=zhou, as_of__gt=dt.date(2026, 3, 1)).order_by("as_of")
    assert [(row.as_of.month, row.amount) for row in rows] == [(3, 2_00), (4, 3_00)]
    assert [row.row_id for row in await MergedRow.filter(merge_id=merge.id)] == [rows[0].id]
