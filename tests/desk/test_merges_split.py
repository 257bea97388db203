"""Splits: a wrong merge is undone exactly, by two people again; and the whole way through the graph."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from desk.customers import assign_manager, transfer_owner
from desk.identity import look_up_identity
from desk.selection import Purpose
from models.accounts import Account, AccountHolder, Loan
from models.customers import ManagerAssignment
from models.people import Assignment
from schema.scalars import global_id
from tests.cast import START
from tests.conftest import NOW
from tests.desk.duplicates import (
    MADE,
    PASSING,
    PASSPORT,
    account,
    dump,
    figure,
    numbers,
)
from tests.digest import changed, digest, refused
from tests.schema.ask import ask

COUNTER = Purpose("IDENTITY_CHECK", "at the counter")
LATER = dt.timedelta(hours=1)


# Splitting


@pytest.mark.parametrize("arrived", [False, True], ids=["nothing else", "new rows in between"])
async def test_a_split_leaves_everything_as_it_was(twins, arrived):
    before = await dump(*PASSING, *MADE)
    merge = await twins.merged()
    later = []
    if arrived:
        new = await account(twins.kept, twins.bank.places["CD"], 20)
        later = [new.id, (await figure(twins.kept, 400, dt.date(2026, 8, 31))).id]
        later.append((await AccountHolder.get(account_id=new.id)).id)
    twins.bank.now = NOW + LATER
    merge = await twins.split(await twins.propose_split(merge), note="two passports")
    assert (merge.state, merge.version, merge.split_by_id, merge.split_note) == (
        "SPLIT",
        4,
        twins.bank.staff["wu"].id,
        "two passports",
    )
    after = await dump(*PASSING, *MADE)
    kept = {
        table: [row for row in rows if not any(str(id) in row.partition("('id', ")[2][:48] for id in later)]
        for table, rows in after.items()
    }
    assert kept == before
    assert sum(map(len, after.values())) - sum(map(len, before.values())) == len(later)
    assert await numbers(await twins.story.desk("lin")) == ["C000001", "C000002", "C000009"]
    assert (await ManagerAssignment.get(customer_id=twins.gone.id)).ended_at == NOW
    luo = await twins.story.desk("luo")
    found = await look_up_identity(luo, kind="PASSPORT", number=PASSPORT, purpose=COUNTER)
    assert found.id == twins.gone.id


async def test_what_left_the_kept_one_is_not_brought_back(twins):
    merge = await twins.merged()
    qian = twins.bank.customers["qian"]
    await Loan.filter(number="L9").update(customer_id=qian.id)
    await twins.split(await twins.propose_split(merge))
    assert (await Loan.get(number="L9")).customer_id == qian.id


async def test_a_refused_split_leaves_them_merged(twins):
    merge = await twins.propose_split(await twins.merged())
    wu = await twins.story.desk("wu")
    async with refused("REASON_REQUIRED", wu):
        await twins.split(merge, approved=False)
    before = await digest()
    merge = await twins.split(merge, approved=False, note="the faces are one")
    assert changed(before, await digest()) == {"access_record": 1, "customer_merge": 0}
    assert (merge.state, merge.version, merge.split_note) == ("MERGED", 4, "the faces are one")
    again = await twins.propose_split(merge, reason="a DNA test")
    assert (again.state, again.split_note, again.split_at, again.split_by_id) == (
        "SPLIT_PROPOSED",
        "",
        None,
        None,
    )
    assert (await twins.split(again)).state == "SPLIT"


async def test_what_is_no_split(twins):
    merge = await twins.propose()
    han = await twins.story.desk("han")
    async with refused("WRONG_STATE", han):
        await twins.propose_split(merge)
    merge = await twins.decide(merge)
    async with refused("STALE_VERSION", han):
        await twins.propose_split(merge, version=1)
    async with refused("REASON_REQUIRED", han):
        await twins.propose_split(merge, reason="")
    for who, code in (
        ("lin", "FORBIDDEN"),
        ("wu", "FORBIDDEN"),
        ("nan", "NOT_FOUND"),
        ("nobody", "NOT_FOUND"),
    ):
        async with refused(code, await twins.story.desk(who)):
            await twins.propose_split(merge, who)
    merge = await twins.propose_split(merge)
    async with refused("WRONG_STATE", han):
        await twins.propose_split(merge)
    for who, code in (("han", "FORBIDDEN"), ("nan", "NOT_FOUND")):
        async with refused(code, await twins.story.desk(who)):
            await twins.split(merge, who)


async def test_merges_are_undone_in_the_opposite_order(twins):
    before = await dump("account", "account_holder", "loan")
    first, qian = await twins.merged(), twins.bank.customers["qian"]
    second = await twins.decide(await twins.propose(kept_id=qian.id, gone_id=twins.kept.id))
    assert await Account.filter(customer_id=qian.id).count() == 3
    lin = await twins.story.desk("luo")
    found = await look_up_identity(lin, kind="PASSPORT", number=PASSPORT, purpose=COUNTER)
    assert found.id == qian.id
    async with refused("MERGED_FURTHER", await twins.story.desk("han")):
        await twins.propose_split(first)
    await twins.split(await twins.propose_split(second))
    await twins.split(await twins.propose_split(first))
    assert await dump("account", "account_holder", "loan") == before


async def test_a_filing_of_the_kept_one_is_decided_before_a_split(twins):
    merge = await twins.propose_split(await twins.merged())
    await twins.story.submitted()
    async with refused("CASE_UNDECIDED", await twins.story.desk("wu")):
        await twins.split(merge)


async def test_a_managers_change_that_is_fixed_for_later_stands(twins):
    han = await twins.story.desk("han")
    lin = twins.bank.staff["lin"].id
    await assign_manager(han, customer_id=twins.gone.id, manager_id=lin, at=NOW + LATER)
    merge = await twins.propose()
    async with refused("CHANGE_SCHEDULED", await twins.story.desk("wu")):
        await twins.decide(merge)


async def test_a_transfer_goes_before_a_merge_across_branches(twins, bank):
    """Han does not see Feng of Nanjing, and learns nothing of him by proposing."""
    han = await twins.story.desk("han")
    for stranger in (bank.customers["feng"].id, UUID(int=7)):
        async with refused("NOT_FOUND", han) as caught:
            await twins.propose(gone_id=stranger)
        assert "冯" not in str(caught.value)
    for who, role in (("deng", "pb_officer"),):
        await Assignment.create(
            staff=bank.staff[who], role=role, institution=bank.places["HQ"], department="PERSONAL_BANKING",
            valid_from=START, recorded_at=START,
        )  # fmt: skip
    await transfer_owner(
        await twins.story.desk("deng"),
        customer_id=bank.customers["feng"].id,
        to_id=bank.places["CD"].id,
        manager_id=bank.staff["lin"].id,
        reason="the same person as C000001",
    )
    assert (await twins.decide(await twins.propose(gone_id=bank.customers["feng"].id))).state == "MERGED"


# The graph

PROPOSE = """mutation ($input: ProposeCustomerMergeInput!) { merge: proposeCustomerMerge(input: $input) { ...it } }"""
DECIDE = (
    """mutation ($input: DecideCustomerMergeInput!) { merge: decideCustomerMerge(input: $input) { ...it } }"""
)
PROPOSE_SPLIT = """mutation ($input: ProposeCustomerSplitInput!) { merge: proposeCustomerSplit(input: $input) { ...it } }"""
SPLIT = (
    """mutation ($input: DecideCustomerMergeInput!) { merge: decideCustomerSplit(input: $input) { ...it } }"""
)
IT = """ fragment it on CustomerMergeResult { ... on Problem { code field article } ... on CustomerMerge {
  id state version goneNumber kept { status { number } } gone { status { number } } proposedBy { number } } }"""


async def test_the_whole_way_through_the_graph(twins):
    han, wu = await twins.story.desk("han"), await twins.story.desk("wu")
    kept, gone = (global_id("customer", it.id) for it in (twins.kept, twins.gone))
    said = {"keptId": kept, "goneId": gone, "reason": "one birthday"}
    data = await ask(han, PROPOSE + IT, input=said | {"goneId": kept})
    assert data["merge"] == {"code": "SAME_CUSTOMER", "field": "goneId", "article": ""}
    merge = (await ask(han, PROPOSE + IT, input=said))["merge"]
    row = merge.pop("id")
    assert merge == {
        "state": "PROPOSED",
        "version": 1,
        "goneNumber": None,
        "kept": {"status": {"number": "C000001"}},
        "gone": {"status": {"number": "C000009"}},
        "proposedBy": {"number": "S-han"},
    }
    decision = {"mergeId": row, "version": 1, "approved": True}
    merge = (await ask(wu, DECIDE + IT, input=decision))["merge"]
    assert (merge["state"], merge["goneNumber"], merge["gone"]) == ("MERGED", "C000009", None)
    listed = "query ($id: ID!) { customer(id: $id) { merges { state goneNumber } } customerMerges(first: 9, where: {state: {eq: MERGED}}) { totalCount } }"
    assert await ask(han, listed, id=kept) == {
        "customer": {"merges": [{"state": "MERGED", "goneNumber": "C000009"}]},
        "customerMerges": {"totalCount": 1},
    }
    merge = (await ask(han, PROPOSE_SPLIT + IT, input={"mergeId": row, "version": 2, "reason": "brothers"}))[
        "merge"
    ]
    assert (merge["state"], merge["version"]) == ("SPLIT_PROPOSED", 3)
    merge = (await ask(wu, SPLIT + IT, input={"mergeId": row, "version": 3, "approved": True}))["merge"]
    assert (merge["state"], merge["goneNumber"]) == ("SPLIT", None)
    assert merge["gone"] == {"status": {"number": "C000009"}}
