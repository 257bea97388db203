"""Joint accounts and disponents (decisions.md 27): the figure is the owner's, and secrecy is owed to every holder."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.standards.screening import NothingToEvaluate, evaluate_one, run_screening
from models.accounts import Account, AccountHolder, Balance, Loan
from models.customers import Customer
from models.standards import Evaluation, Standard
from schema.scalars import global_id
from tests.cast import IMPORT, START
from tests.conftest import NOW
from tests.digest import refused
from tests.schema.ask import ask
from tests.schema.ask import refused as turned_away

AS_OF = dt.date(2026, 10, 31)
READ = """query ($id: ID!) { customer(id: $id) {
  accounts(purpose: {code: ADVICE}) { visibility nodes { id number holders { role customer { name { value } } } } }
  assets(purpose: {code: ADVICE}) { visibility balances { accountNumber balance { amount } } }
  transactions(first: 9, purpose: {code: ADVICE}) { visibility totalCount }
} }"""
NODE = """query ($id: ID!) { node(id: $id, purpose: {code: ADVICE}) { ... on Account {
  number currency holders { role customer { name { value } } } } } }"""


@pytest.fixture
async def joint(bank):
    """Zhou's account is held by Qian too, and Feng of Nanjing may dispose of it."""
    account = bank.accounts["zhou"]
    await AccountHolder.create(account=account, customer=bank.customers["qian"], role="JOINT")
    await AccountHolder.create(account=account, customer=bank.customers["feng"], role="DISPONENT")
    return bank


async def read(bank, seat, who: str, customer: str) -> dict:
    return (
        await ask(await seat(bank.staff[who]), READ, id=global_id("customer", bank.customers[customer].id))
    )["customer"]


async def test_who_serves_the_owner_reads_the_account_and_its_holders(joint, seat):
    """A holder of another branch is a role without a name: whose customer he is, is not the reader's to know."""
    data = await read(joint, seat, "lin", "zhou")
    (account,) = data["accounts"]["nodes"]
    assert account["number"] == "6217000010000000001"
    assert account["holders"] == [
        {"role": "DISPONENT", "customer": None},
        {"role": "JOINT", "customer": {"name": {"value": "钱芳"}}},
        {"role": "OWNER", "customer": {"name": {"value": "周明"}}},
    ]
    assert [it["balance"]["amount"] for it in data["assets"]["balances"]] == ["600000.01"]
    assert data["transactions"] == {"visibility": "VISIBLE", "totalCount": 3}


@pytest.mark.measure("A11b")
async def test_the_manager_of_a_co_holder_does_not_read_the_owners_account_by_it(joint, seat):
    """Luo serves Qian: among her accounts is her own only, and of Zhou's he sees what any colleague does."""
    data = await read(joint, seat, "luo", "qian")
    (account,) = data["accounts"]["nodes"]
    assert (account["number"], [it["role"] for it in account["holders"]]) == (
        "6217000010000000002",
        ["OWNER"],
    )
    assert [it["balance"]["amount"] for it in data["assets"]["balances"]] == ["600000.02"]
    assert data["transactions"]["totalCount"] == 3
    data = await read(joint, seat, "luo", "zhou")
    (account,) = data["accounts"]["nodes"]
    assert (data["accounts"]["visibility"], account["number"], account["holders"]) == (
        "MASKED",
        "621700*********0001",
        [],
    )
    assert data["assets"] == {"visibility": "MASKED", "balances": []}
    assert data["transactions"] == {"visibility": "WITHHELD", "totalCount": 0}


@pytest.mark.measure("A11b")
async def test_the_manager_of_a_holder_in_another_branch_sees_no_such_account(joint, seat):
    tang = await seat(joint.staff["tang"])
    (account,) = (await read(joint, seat, "tang", "feng"))["accounts"]["nodes"]
    assert account["number"] == "6217000010000000003"
    assert await turned_away(tang, NODE, id=global_id("account", joint.accounts["zhou"].id)) == "NOT_FOUND"
    data = await ask(await seat(joint.staff["luo"]), NODE, id=global_id("account", joint.accounts["zhou"].id))
    assert data["node"] == {"number": "621700*********0001", "currency": None, "holders": []}


async def test_the_figure_is_the_owners_alone(joint):
    for day in (dt.date(2025, 10, 31), AS_OF):
        await Balance.create(
            account_serial=1, kind="DAY_END", day=day, amount=900_000_00, import_id=IMPORT, recorded_at=START
        )
    screening = await run_screening(
        standard=await Standard.get(code="MEASURES", version=1),
        as_of=AS_OF,
        started_by=joint.staff["officer"].id,
        now=NOW,
    )
    found = {
        row.customer_id: row.average_savings for row in await Evaluation.filter(screening_id=screening.id)
    }
    ids = {who: joint.customers[who].id for who in ("zhou", "qian", "feng")}
    assert found == {ids["zhou"]: 900_000_00, ids["qian"]: 600_000_02, ids["feng"]: 600_000_03}


async def test_a_disponent_without_an_account_of_his_own_is_a_customer_and_is_not_evaluated(joint, seat):
    qian = joint.customers["qian"]
    await Account.filter(customer_id=qian.id).update(customer_id=joint.customers["zhou"].id)
    await Loan.filter(customer_id=qian.id).update(customer_id=joint.customers["zhou"].id)
    luo = await seat(joint.staff["luo"])
    data = await read(joint, seat, "luo", "qian")
    assert data["accounts"] == {"visibility": "VISIBLE", "nodes": []}
    async with refused(NothingToEvaluate.code, luo):
        await evaluate_one(luo, customer_id=qian.id, as_of=AS_OF, standard_code="MEASURES")
    assert await Customer.filter(id=qian.id).exists()
