"""Notice 6: central management and statistics. A month is run, its worklists are worked off, its counts reconcile."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from desk.months import run_month
from models.archives import Archive
from models.filing import Filing
from models.history import MembershipEvent
from models.membership import Membership
from models.months import MonthRun, WorkItem
from models.people import Delegation, Recusal
from models.standards import Evaluation
from schema.scalars import global_id
from tests.cast import START
from tests.conftest import NOW
from tests.digest import changed, digest
from tests.schema import ask as graph
from tests.schema.ask import ask

pytestmark = pytest.mark.measure("N6d")
AS_OF = dt.date(2026, 10, 31)
ITEMS = (
    "query ($where: WorkItemWhere, $portfolio: Portfolio! = REACH) { workItems(first: 20, where: $where,"
    " portfolio: $portfolio) { totalCount nodes { id kind tier state dueOn note customer { status { number } }"
    " manager { number } evaluation { passed } membership { state } run { asOf } } } }"
)
RUNS = "{ monthRuns(first: 5) { totalCount nodes { asOf step screened passed newlyEligible unmanaged finishedAt } } }"
CLOSE = (
    "mutation ($input: CloseWorkItemInput!) { closeWorkItem(input: $input) { __typename"
    " ... on WorkItem { id state note doneBy { number } } ... on Problem { code field } } }"
)


async def month(story, as_of: dt.date = AS_OF) -> MonthRun:
    return await run_month(await story.desk("officer"), as_of=as_of)


async def seen(story, who: str, portfolio: str = "REACH", **where: Any) -> list[dict[str, Any]]:
    answer = await ask(await story.desk(who), ITEMS, where=where, portfolio=portfolio)
    assert answer["workItems"]["totalCount"] == len(answer["workItems"]["nodes"])
    return answer["workItems"]["nodes"]


def numbers(items: list[dict[str, Any]]) -> list[str]:
    return sorted(item["customer"]["status"]["number"] for item in items)


async def test_each_manager_finds_his_own_customers_on_his_list_and_the_head_the_branchs(story):
    await month(story)
    assert numbers(await seen(story, "lin")) == ["C000001"]
    assert numbers(await seen(story, "luo")) == ["C000002"]
    assert numbers(await seen(story, "tang")) == ["C000003"]
    assert numbers(await seen(story, "han")) == ["C000001", "C000002"]
    assert numbers(await seen(story, "han", "MINE")) == []
    for who in ("officer", "wu", "bai", "gao", "sysadmin", "auditor", "nobody"):
        assert await seen(story, who) == []
    (item,) = await seen(story, "lin")
    del item["id"]
    assert item == {
        "kind": "NEWLY_ELIGIBLE",
        "tier": "HEAD_OFFICE",
        "state": "OPEN",
        "dueOn": "2026-12-16",
        "note": "",
        "customer": {"status": {"number": "C000001"}},
        "manager": {"number": "S-lin"},
        "evaluation": {"passed": True},
        "membership": None,
        "run": None,
    }


async def test_a_list_is_filtered_by_kind_state_and_day(story):
    await month(story)
    due = "2026-12-16"
    for where, found in (
        ({"kind": {"eq": "NEWLY_ELIGIBLE"}}, 1),
        ({"kind": {"in": ["NEAR_MISS", "MISSING_DATA"]}}, 0),
        ({"state": {"eq": "OPEN"}}, 1),
        ({"state": {"eq": "DONE"}}, 0),
        ({"dueOn": {"le": due}}, 1),
        ({"dueOn": {"le": "2026-12-15"}}, 0),
    ):
        assert len(await seen(story, "lin", **where)) == found, where


async def test_runs_are_for_who_runs_them(story):
    await month(story)
    answer = await ask(await story.desk("officer"), RUNS)
    assert answer["monthRuns"] == {
        "totalCount": 1,
        "nodes": [
            {
                "asOf": "2026-10-31",
                "step": "DONE",
                "screened": 3,
                "passed": 3,
                "newlyEligible": 3,
                "unmanaged": 0,
                "finishedAt": "2026-11-25T02:00:00+00:00",
            }
        ],
    }
    for who in ("lin", "han", "wu", "sysadmin", "nobody"):
        assert (await ask(await story.desk(who), RUNS))["monthRuns"]["totalCount"] == 0


async def of_zhou() -> WorkItem:
    return await WorkItem.get(customer__number="C000001")


async def close(story, who: str, item: WorkItem, note: str = "he will think about it", **more: Any) -> Any:
    given = {"workItemId": global_id("work_item", item.id), "note": note, **more}
    return (await ask(await story.desk(who), CLOSE, input=given))["closeWorkItem"]


@pytest.mark.parametrize("who", ["lin", "han", "luo"])
async def test_an_item_is_closed_by_manager_head_or_deputy(story, who):
    await month(story)
    bank, item = story.bank, await of_zhou()
    await Delegation.create(
        principal=bank.staff["lin"],
        deputy=bank.staff["luo"],
        reason="leave",
        valid_from=START,
        recorded_at=START,
    )
    done = await close(story, who, item)
    assert (done["state"], done["note"], done["doneBy"]) == (
        "DONE", "he will think about it", {"number": f"S-{who}"},
    )  # fmt: skip
    kept = await of_zhou()
    assert (kept.state, kept.done_at, kept.done_by_id) == ("DONE", NOW, bank.staff[who].id)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        pytest.param("luo", "NOT_FOUND", id="another manager of the branch"),
        pytest.param("tang", "NOT_FOUND", id="another branch's manager"),
        pytest.param("nan", "NOT_FOUND", id="another branch's head"),
        pytest.param("officer", "NOT_FOUND", id="who ran the month"),
        pytest.param("wu", "NOT_FOUND", id="a superior level"),
        pytest.param("sysadmin", "NOT_FOUND", id="the administrator"),
        pytest.param("han", "NOT_FOUND", id="a head who is recused"),
    ],
)
async def test_nobody_else_closes_an_item(story, who, code):
    await month(story)
    item = await of_zhou()
    if who == "han":
        await Recusal.create(
            person_id=story.bank.staff[who].person_id,
            customer_id=item.customer_id,
            relation="BROTHER",
            recorded_at=NOW,
        )
    before = await digest()
    given = {"workItemId": global_id("work_item", item.id), "note": "x"}
    assert await graph.refused(await story.desk(who), CLOSE, input=given) == code
    assert changed(before, await digest()) == {"access_record": 1}


@pytest.mark.parametrize(
    ("state", "note", "problem"),
    [
        pytest.param("OPEN", "", {"code": "REASON_REQUIRED", "field": "note"}, id="without a word"),
        pytest.param("OPEN", " \n", {"code": "REASON_REQUIRED", "field": "note"}, id="only blanks"),
        pytest.param("OPEN", "x" * 401, {"code": "BAD_USER_INPUT", "field": "note"}, id="too long"),
        pytest.param("DONE", "x", {"code": "WRONG_STATE", "field": ""}, id="closed already"),
        pytest.param("SUPERSEDED", "x", {"code": "WRONG_STATE", "field": ""}, id="of an earlier month"),
    ],
)
async def test_when_an_item_is_not_closed(story, state, note, problem):
    await month(story)
    item = await of_zhou()
    await WorkItem.filter(id=item.id).update(state=state)
    before = await digest()
    assert await close(story, "lin", item, note) == {"__typename": "Problem", **problem}
    assert changed(before, await digest()) == {"access_record": 1}
    assert (await close(story, "lin", item, "x" * 400))["__typename"] == (
        "WorkItem" if state == "OPEN" else "Problem"
    )


async def test_an_item_is_closed_once_for_a_key(story):
    await month(story)
    item = await of_zhou()
    first, second = [await close(story, "lin", item, idempotencyKey="k") for _ in range(2)]
    assert first == second
    assert (await close(story, "lin", item, "otherwise", idempotencyKey="k"))[
        "code"
    ] == "IDEMPOTENCY_CONFLICT"


async def test_three_months_at_the_end_of_a_term(story):
    """Zhou becomes a member on 2026-11-25, so until Monday 2028-11-27, for the 25th is a Saturday (民法典 203)."""
    await story.recorded()
    assert (await Membership.get()).term_ends == dt.date(2028, 11, 27)
    story.bank.now = dt.datetime(2028, 9, 28, 2, tzinfo=dt.UTC)
    early = await month(story, dt.date(2028, 9, 27))
    assert (early.review_due, early.terms_ending) == (0, 0)
    due = await month(story, dt.date(2028, 9, 28))
    assert (due.review_due, due.expired, due.terms_ending) == (1, 0, 1)
    membership = await Membership.get()
    assert membership.state == "REVIEW_DUE"
    (item,) = await seen(story, "lin", kind={"eq": "TERM_ENDING"}, state={"eq": "OPEN"})
    assert (item["membership"], item["evaluation"]) == ({"state": "REVIEW_DUE"}, {"passed": True})

    evidence = (await WorkItem.get(kind="TERM_ENDING", state="OPEN")).evaluation_id
    story.bank.now = dt.datetime(2028, 11, 27, 2, tzinfo=dt.UTC)
    renewal = await story.submit(membership, await Evaluation.get(id=evidence))
    assert (renewal.renewal, renewal.state) == (True, "SUBMITTED")
    last = await month(story, dt.date(2028, 11, 27))
    assert (last.review_due, last.expired, last.terms_ending) == (0, 0, 1)

    story.bank.now = dt.datetime(2028, 11, 28, 2, tzinfo=dt.UTC)
    over = await month(story, dt.date(2028, 11, 28))
    assert (over.expired, over.terms_ending, over.newly_eligible) == (1, 0, 3)
    ended = await Membership.get()
    assert (ended.state, ended.over, ended.over_at) == (
        "EXPIRED", True, dt.datetime(2028, 11, 27, 16, tzinfo=dt.UTC),
    )  # fmt: skip
    assert (await Filing.get(id=renewal.id)).state == "WITHDRAWN"
    assert (await Archive.get()).state == "CLOSED"
    states = (
        await MembershipEvent.filter(membership_id=ended.id)
        .order_by("version")
        .values_list("state", flat=True)
    )
    assert list(states)[-2:] == ["REVIEW_DUE", "EXPIRED"]
    assert {item.state for item in await WorkItem.filter(kind="TERM_ENDING")} == {"SUPERSEDED"}


async def test_a_member_who_is_renewed_stays_one(story):
    await story.recorded()
    story.bank.now = dt.datetime(2028, 11, 1, 2, tzinfo=dt.UTC)
    await month(story, dt.date(2028, 10, 31))
    item = await WorkItem.get(kind="TERM_ENDING")
    renewal = await story.submit(await Membership.get(), await Evaluation.get(id=item.evaluation_id))
    await story.record(renewal)
    story.bank.now = dt.datetime(2028, 12, 1, 2, tzinfo=dt.UTC)
    run = await month(story, dt.date(2028, 11, 30))
    assert (run.review_due, run.expired, run.terms_ending) == (0, 0, 0)
    member = await Membership.get()
    assert (member.state, member.term_ends) == ("ACTIVE", dt.date(2030, 11, 27))
