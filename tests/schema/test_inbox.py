"""待办: everybody's inbox holds what waits for him, and nothing that he did himself, may not decide, or is decided."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from authz import Policy
from models.campaigns import Campaign
from models.customers import ManagerAssignment
from models.filing import Filing
from models.handovers import Handover
from models.indicators import Indicator
from models.merges import CustomerMerge
from models.months import MonthRun, WorkItem
from models.people import Assignment, Delegation, Proposal, Recusal, Staff
from models.rules import ImplementingRule
from models.standards import Standard
from tests.cast import START, Cast, staff_member
from tests.conftest import NOW
from tests.schema.ask import ask
from tests.schema.statements import statements
from tests.story import Story

LISTS = (
    "filingsToRecord", "exceptionsToDecide", "standardsToApprove", "campaignsToApprove", "indicatorsToApprove",
    "implementingRulesToApprove", "proposalsToExecute", "customerMergesToDecide", "handoversToSign", "workItemsToDo",
)  # fmt: skip
INBOX = "{ " + " ".join(f"{name}(first: 5) {{ totalCount nodes {{ id }} }}" for name in LISTS) + " }"
WAITS = {
    "bai": {"filingsToRecord": 1},
    "deng": {"exceptionsToDecide": 1, "implementingRulesToApprove": 1, "standardsToApprove": 1},
    "approver": {"standardsToApprove": 2, "campaignsToApprove": 1, "indicatorsToApprove": 1},
    "secadmin": {"proposalsToExecute": 1},
    "wu": {"customerMergesToDecide": 1, "handoversToSign": 1},
    "luo": {"handoversToSign": 1},
    "lin": {"workItemsToDo": 1},
    "han": {"workItemsToDo": 1},
}
"""Of the whole cast: for everybody else nothing waits."""


@pytest.fixture
def story(bank: Cast, policy: Policy) -> Story:
    return Story(bank, policy)


@pytest.fixture
async def busy(story: Story) -> Story:
    """One of everything that can wait, and of each something that waits for nobody any more."""
    bank = story.bank
    await story.submitted()
    await story.asked("luo", "qian")
    await story.draw_up()
    await _law(bank)
    staff = {"staff": bank.staff["nobody"], "institution": bank.places["CD"], "valid_from": NOW}
    by = {"proposed_by_id": bank.staff["wu"].id, "proposed_person_id": bank.staff["wu"].person_id}
    for state in ("PROPOSED", "EXECUTED"):
        await Proposal.create(kind="GRANT", role="teller", state=state, proposed_at=NOW, **staff, **by)
    await _merge(bank, "zhou", "qian", "PROPOSED")
    await _work(bank)
    return story


async def _law(bank: Cast) -> None:
    sichuan, by = bank.places["SC"], {"drafted_by_id": bank.staff["officer"].id, "submitted_at": NOW}
    terms: dict[str, Any] = {
        "currency": "CNY", "combine": "ANY", "averaging_rule": "daily_12", "spend_kinds": "card",
        "loan_look_back_months": 24, "source": "s",
    }  # fmt: skip
    begins = {"effective_from": dt.date(2027, 1, 1)}
    for version, state in enumerate(("DRAFT", "RETURNED", "SUBMITTED"), start=2):
        about: dict[str, Any] = {"name": "n", "state": state, **begins, **by}
        await Standard.create(code="MEASURES", version=version, tier="HEAD_OFFICE", **about, **terms)
        await Standard.create(code="SC-OWN", version=version, tier="BRANCH", owner=sichuan, **about, **terms)
        await Campaign.create(code=f"SPRING{version}", standard_code="MEASURES", reason="r", **about)
        await Indicator.create(
            code="GOLD", version=version, owner=sichuan, currency="CNY", threshold=1, reason="r", **about
        )
        await ImplementingRule.create(
            version=version, owner=sichuan, title="t", document="d", state=state, **begins, **by
        )


async def _merge(bank: Cast, kept: str, gone: str, state: str, **more: Any) -> CustomerMerge:
    return await CustomerMerge.create(
        kept=bank.customers[kept], gone=bank.customers[gone], state=state, reason="one person", proposed_at=NOW,
        proposed_by_id=bank.staff["han"].id, proposed_person_id=bank.staff["han"].person_id, **more,
    )  # fmt: skip


async def _work(bank: Cast) -> None:
    """Zhou is Lin's and Qian nobody's any more; of each one item is open and one is not."""
    await ManagerAssignment.filter(customer_id=bank.customers["qian"].id).update(ended_at=NOW)
    run = await MonthRun.create(
        as_of=dt.date(2026, 10, 31), started_by_id=bank.staff["officer"].id, started_at=NOW
    )
    for customer in ("zhou", "qian"):
        for kind, state in (("NEAR_MISS", "OPEN"), ("MISSING_DATA", "DONE"), ("TERM_ENDING", "SUPERSEDED")):
            await WorkItem.create(
                run=run,
                customer=bank.customers[customer],
                kind=kind,
                state=state,
                due_on=dt.date(2026, 12, 9),
            )


async def waits(story: Story, who: str) -> dict[str, int]:
    """How many rows of each list that has any; and the page has as many."""
    answer = await ask(await story.desk(who), INBOX)
    assert all(len(answer[name]["nodes"]) == answer[name]["totalCount"] for name in LISTS)
    return {name: answer[name]["totalCount"] for name in LISTS if answer[name]["totalCount"]}


async def test_everybody_is_told_what_waits_for_him_and_nothing_else(busy):
    found = {who: await waits(busy, who) for who in busy.bank.staff}
    assert {who: counts for who, counts in found.items() if counts} == WAITS


async def test_an_inbox_is_one_statement_for_each_list(busy):
    desk = await busy.desk("bai")
    await ask(desk, INBOX)
    with statements() as sent:
        await ask(desk, INBOX)
    assert len([text for text, _ in sent if "access_record" not in text]) == len(LISTS)


@pytest.mark.parametrize("why", ["her own", "her other post's", "her own evaluation", "another department"])
async def test_a_recorder_is_not_shown_what_she_could_not_record(story, why):
    bank = story.bank
    bai = bank.staff["bai"]
    membership = await story.applied()
    evaluation = await story.evaluation(by="bai" if why == "her own evaluation" else "officer")
    filing = await story.submit(membership, evaluation)
    if why == "her own":
        await Filing.filter(id=filing.id).update(submitted_by_id=bai.id, submitted_person_id=bai.person_id)
    elif why == "her other post's":
        other = await staff_member("bai2", "白露", await bai.person)
        await Filing.filter(id=filing.id).update(submitted_by_id=other.id, submitted_person_id=bai.person_id)
    elif why == "another department":
        await Assignment.filter(staff_id=bai.id).update(department="OPERATIONS")
    assert await waits(story, "bai") == {}


async def test_what_is_recorded_or_returned_waits_no_longer(story):
    filing = await story.submitted()
    assert await waits(story, "bai") == {"filingsToRecord": 1}
    await story.give_back(filing)
    assert await waits(story, "bai") == {}


async def test_a_recused_recorder_is_not_shown_the_filing(story):
    await story.submitted()
    await Recusal.create(
        person_id=story.bank.staff["bai"].person_id,
        customer_id=story.bank.customers["zhou"].id,
        relation="BROTHER",
        recorded_at=NOW,
    )
    assert await waits(story, "bai") == {}


async def test_nobody_approves_his_own_law_nor_executes_what_is_about_himself(busy):
    bank = busy.bank
    approver, secadmin = bank.staff["approver"], bank.staff["secadmin"]
    for table in (Standard, Campaign, Indicator):
        await table.filter(state="SUBMITTED").update(drafted_by_id=approver.id)
    await Proposal.filter(state="PROPOSED").update(staff_id=secadmin.id)
    assert (await waits(busy, "approver"), await waits(busy, "secadmin")) == ({}, {})
    await Proposal.filter(state="PROPOSED").update(
        staff_id=bank.staff["nobody"].id, proposed_person_id=secadmin.person_id
    )
    assert await waits(busy, "secadmin") == {}


@pytest.mark.parametrize(
    ("state", "split_by", "there"),
    [
        pytest.param("MERGED", None, False, id="decided"),
        pytest.param("SPLIT_PROPOSED", "han", True, id="a split that another person proposed"),
        pytest.param("SPLIT_PROPOSED", "wu", False, id="a split that he proposed"),
        pytest.param("SPLIT", "han", False, id="split again"),
    ],
)
async def test_a_split_waits_like_a_merge(story, state, split_by, there):
    person = story.bank.staff[split_by].person_id if split_by else None
    await _merge(story.bank, "zhou", "qian", state, split_proposed_person_id=person)
    assert await waits(story, "wu") == ({"customerMergesToDecide": 1} if there else {})


@pytest.mark.parametrize("why", ["another branch's", "his brother's"])
async def test_a_merge_waits_for_who_may_decide_about_both(story, why):
    bank = story.bank
    await _merge(bank, "zhou", "feng" if why == "another branch's" else "qian", "PROPOSED")
    if why == "his brother's":
        assert await waits(story, "wu") == {"customerMergesToDecide": 1}
        await Recusal.create(
            person_id=bank.staff["wu"].person_id,
            customer_id=bank.customers["qian"].id,
            relation="BROTHER",
            recorded_at=NOW,
        )
    assert await waits(story, "wu") == {}


async def test_a_handover_waits_for_whose_signature_is_missing(story):
    handover = await story.draw_up()
    await story.sign(handover, "luo")
    assert [await waits(story, who) for who in ("luo", "wu")] == [{}, {"handoversToSign": 1}]
    await story.sign(await Handover.get(), "wu")
    assert [await waits(story, who) for who in ("luo", "wu")] == [{}, {}]


async def test_whoever_stands_in_for_a_manager_has_her_work_to_do(busy):
    bank = busy.bank
    delegation = await Delegation.create(
        principal=bank.staff["lin"],
        deputy=bank.staff["luo"],
        reason="leave",
        valid_from=START,
        recorded_at=START,
    )
    assert await waits(busy, "luo") == {"handoversToSign": 1, "workItemsToDo": 1}
    await Delegation.filter(id=delegation.id).update(ended_at=NOW)
    assert await waits(busy, "luo") == {"handoversToSign": 1}


async def test_the_work_of_a_manager_who_is_not_there_waits_for_the_head(busy):
    await Staff.filter(number="S-lin").update(left_at=NOW)
    assert await waits(busy, "han") == {"workItemsToDo": 2}
    await Staff.filter(number="S-lin").update(left_at=None)
    await Assignment.filter(staff__number="S-lin").update(ended_at=NOW)
    assert (await waits(busy, "han"), await waits(busy, "lin")) == ({"workItemsToDo": 2}, {})


async def test_an_inbox_is_paged_like_any_list(busy):
    desk, seen, after = await busy.desk("approver"), [], None
    while True:
        page = (
            await ask(
                desk,
                "query ($after: String) { standardsToApprove(first: 1, after: $after)"
                " { nodes { code } pageInfo { hasNextPage endCursor } } }",
                after=after,
            )
        )["standardsToApprove"]
        seen += [node["code"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == ["MEASURES", "SC-OWN"]
