"""Merges: two customers become one by two people, and nothing of the past changes (decisions.md 27)."""

from __future__ import annotations

from uuid import uuid4

import orjson
import pytest

from authz import DataClass
from desk.customers import assign_manager
from desk.identity import look_up_identity, rename_customer, replace_identity_document
from desk.selection import Page, Purpose, Section, Selection
from models.accounts import Account, AccountHolder, Loan
from models.customers import ManagerAssignment
from models.filing import Filing
from models.indicators import IndicatorFigure
from models.merges import CustomerMerge, MergedRow
from models.people import Assignment, Recusal
from models.trail import AccessRecord
from models.vocabulary import IdentityKind
from tests.cast import START
from tests.conftest import NOW
from tests.desk.duplicates import (
    MADE,
    PASSPORT,
    dump,
    numbers,
    owned,
)
from tests.digest import digest, refused

COUNTER = Purpose("IDENTITY_CHECK", "at the counter")


# Merging


async def test_a_merge_takes_two_people_and_moves_what_carries_figures_and_secrecy(twins):
    bank, lin, luo = twins.bank, await twins.story.desk("lin"), await twins.story.desk("luo")
    made = await dump(*MADE)
    merge = await twins.propose()
    assert (merge.state, merge.version, merge.proposed_by_id) == ("PROPOSED", 1, bank.staff["han"].id)
    assert await numbers(lin) == ["C000001", "C000002", "C000009"]
    merge = await twins.decide(merge, note="seen the passport")
    assert (merge.state, merge.version, merge.decided_by_id, merge.decision_note) == (
        "MERGED",
        2,
        bank.staff["wu"].id,
        "seen the passport",
    )
    for model, kept, gone in ((Account, 2, 0), (Loan, 2, 0), (IndicatorFigure, 2, 1), (Recusal, 2, 1)):
        assert (await owned(model, twins.kept), await owned(model, twins.gone)) == (kept, gone)
    held = {(row.account_id, row.customer_id): row.role for row in await AccountHolder.all()}
    own, other, qians = (bank.accounts[who].id for who in ("zhou", "twin", "qian"))
    assert held == {
        (own, twins.kept.id): "OWNER",
        (own, twins.gone.id): "JOINT",
        (other, twins.kept.id): "OWNER",
        (other, twins.gone.id): "DISPONENT",
        (qians, bank.customers["qian"].id): "OWNER",
        (qians, twins.kept.id): "JOINT",
        (bank.accounts["feng"].id, bank.customers["feng"].id): "OWNER",
    }
    assert await MergedRow.filter(merge_id=merge.id).count() == 6
    assert await dump(*MADE) == made
    assert await numbers(lin) == await numbers(luo) == ["C000001", "C000002"]


async def test_the_manager_of_the_one_that_goes_has_no_access_any_more(twins):
    await twins.merged()
    row = await ManagerAssignment.get(customer_id=twins.gone.id)
    assert (row.ended_at, row.end_reason) == (NOW, "merged into C000001")
    selection = Selection(
        "account", page=Page(first=9), purpose=Purpose("ADVICE"),
        sections=(Section("cells", DataClass.ACCOUNT, ("number",)),),
    )  # fmt: skip
    seen = {
        who: [row["cells"]["number"] for row in (await (await twins.story.desk(who)).read(selection)).rows]
        for who in ("lin", "luo")
    }
    assert seen["lin"] == ["6217000010000000001", "621700*********0002", "6217000010000000109"]
    assert seen["luo"] == ["621700*********0001", "6217000010000000002", "621700*********0109"]


async def test_who_is_recused_from_the_one_is_recused_from_both_at_once(twins):
    """Bo's running desk: his brother came under another number."""
    bank = twins.bank
    await Assignment.create(
        staff=bank.staff["bo"], role="cust_mgr", institution=bank.places["CDW"], department="WEALTH_CENTRE",
        valid_from=START, recorded_at=START,
    )  # fmt: skip
    bo = await twins.story.desk("bo")
    look = Selection(
        "customer", ("number",), page=Page(first=9), sections=(Section("name", DataClass.NAME, ("name",)),)
    )

    async def shown() -> dict[str, str]:
        return {row["number"]: row["name"]["visibility"].value for row in (await bo.read(look)).rows}

    assert await shown() == {"C000001": "VISIBLE", "C000002": "VISIBLE", "C000009": "WITHHELD"}
    merge = await twins.merged()
    assert await shown() == {"C000001": "WITHHELD", "C000002": "VISIBLE"}
    await twins.split(await twins.propose_split(merge))
    assert await shown() == {"C000001": "VISIBLE", "C000002": "VISIBLE", "C000009": "WITHHELD"}


async def test_its_number_and_documents_find_the_kept_one(twins):
    await replace_identity_document(
        await twins.story.desk("luo"),
        customer_id=twins.gone.id,
        kind=IdentityKind.PASSPORT,
        number="P8888888",
        reason="renewed",
    )
    await twins.merged()
    luo = await twins.story.desk("luo")
    for number in (PASSPORT, "P8888888"):
        found = await look_up_identity(luo, kind="PASSPORT", number=number, purpose=COUNTER)
        assert found.id == twins.kept.id
    records = await AccessRecord.filter(operation="lookUpIdentity")
    assert [orjson.loads(row.record)["document"] for row in records] == ["MERGED", "MERGED"]
    lin = await twins.story.desk("lin")
    async with refused("DOCUMENT_TAKEN", lin):
        await replace_identity_document(
            lin, customer_id=twins.kept.id, kind=IdentityKind.PASSPORT, number=PASSPORT, reason="his second"
        )


async def test_nothing_is_done_to_a_customer_who_was_merged(twins):
    await twins.merged()
    han, luo, zhou = twins.bank.staff["han"], twins.bank.staff["luo"], twins.gone.id
    desk = await twins.story.desk("han")
    async with refused("NOT_FOUND", desk):
        await assign_manager(desk, customer_id=zhou, manager_id=luo.id)
    for kept, gone in ((twins.gone.id, twins.bank.customers["qian"].id), (twins.kept.id, twins.gone.id)):
        async with refused("NOT_FOUND", desk):
            await twins.propose(kept_id=kept, gone_id=gone)
    desk = await twins.story.desk("luo")
    async with refused("NOT_FOUND", desk):
        await rename_customer(desk, customer_id=zhou, name="周亮", reason="married")
    assert han.number == "S-han"


@pytest.mark.measure("A6c")
async def test_a_member_is_the_one_that_is_kept(twins):
    story = twins.story
    await story.recorded("luo", "twin")
    made = await dump(*MADE)
    async with refused("MERGE_OF_MEMBER", await story.desk("han")):
        await twins.propose()
    merge = await twins.propose(kept_id=twins.gone.id, gone_id=twins.kept.id)
    await twins.decide(merge)
    assert await dump(*MADE) == made
    assert (await Account.filter(customer_id=twins.gone.id).count(), (await Filing.get()).state) == (
        2,
        "RECORDED",
    )


@pytest.mark.measure("A6c")
async def test_what_is_before_somebody_is_decided_first(twins):
    story = twins.story
    merge = await twins.propose()
    filing = await story.submitted()
    desk = await story.desk("wu")
    async with refused("CASE_UNDECIDED", desk):
        await twins.decide(merge)
    await story.record(filing)
    merge = await twins.propose_split(await twins.decide(merge))
    assert merge.state == "SPLIT_PROPOSED"


@pytest.mark.measure("A6c")
async def test_an_application_of_the_one_that_goes_stands_in_the_way_at_the_decision_too(twins):
    merge = await twins.propose()
    await twins.story.applied("luo", "twin")
    async with refused("MERGE_OF_MEMBER", await twins.story.desk("wu")):
        await twins.decide(merge)


async def test_what_is_no_merge(twins):
    han = await twins.story.desk("han")
    for said, code in (
        ({"gone_id": twins.kept.id}, "SAME_CUSTOMER"),
        ({"reason": " "}, "REASON_REQUIRED"),
        ({"reason": "x" * 401}, "BAD_USER_INPUT"),
        ({"gone_id": twins.bank.customers["feng"].id}, "NOT_FOUND"),
        ({"kept_id": twins.bank.customers["feng"].id}, "NOT_FOUND"),
        ({"gone_id": uuid4()}, "NOT_FOUND"),
    ):
        async with refused(code, han):
            await twins.propose(**said)


async def test_one_question_at_a_time(twins):
    merge, qian = await twins.propose(), twins.bank.customers["qian"]
    han = await twins.story.desk("han")
    for kept, gone in (
        (twins.kept, twins.gone),
        (twins.gone, twins.kept),
        (qian, twins.kept),
        (twins.gone, qian),
    ):
        async with refused("MERGE_PENDING", han):
            await twins.propose(kept_id=kept.id, gone_id=gone.id)
    await twins.decide(merge, approved=False, note="two brothers")
    again = await twins.propose(kept_id=twins.gone.id, gone_id=twins.kept.id)
    assert (again.state, (await CustomerMerge.get(id=merge.id)).state) == ("PROPOSED", "REFUSED")


async def test_only_what_was_seen_is_decided_and_a_refusal_says_why(twins):
    merge = await twins.propose()
    wu = await twins.story.desk("wu")
    async with refused("STALE_VERSION", wu):
        await twins.decide(merge, version=2)
    async with refused("REASON_REQUIRED", wu):
        await twins.decide(merge, approved=False, note=" ")
    with pytest.raises(Exception, match="only|needs") as caught:
        await twins.split(merge)
    assert caught.value.code == "WRONG_STATE"
    merge = await twins.decide(merge)
    async with refused("WRONG_STATE", wu):
        await twins.decide(merge)
    assert await digest()
