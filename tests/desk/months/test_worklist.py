"""Who is on the list of a month, for which reason, by which tier, and on whose list."""

from __future__ import annotations

import datetime as dt

import pytest

from models.customers import Customer
from models.membership import Membership
from models.months import WorkItem
from models.people import Staff
from models.reference import CalendarDay
from models.standards import Evaluation
from models.terms import QUIET_DAYS, REVIEW_DAYS
from tests.conftest import NOW
from tests.desk.months.town import AS_OF, BRANCH_ENOUGH, ENOUGH, FAR, NEAR, listed

HEAD, BRANCH = "HEAD_OFFICE", "BRANCH"
DAY = dt.timedelta(days=1)
OVER = {"over": True, "over_at": NOW - 300 * DAY, "over_reason": "it ended"}


async def kinds(customer: Customer) -> list[tuple[str, str | None]]:
    return (await listed(customer_id=customer.id)).get(customer.number, [])


async def test_who_passes_and_is_nobodys_member_is_newly_eligible(town, month):
    fresh, back = await town.settle(ENOUGH), await town.settle(ENOUGH)
    await town.member(back, state="EXPIRED", **OVER)
    member, applicant, gone = [await town.settle(ENOUGH) for _ in range(3)]
    await town.member(member)
    await town.member(applicant, state="APPLIED", ends=None, tier=None, filing_id=None, term_starts=None)
    await Customer.filter(id=gone.id).update(merged_into_id=fresh.id)
    await month()
    assert [await kinds(it) for it in (fresh, back)] == [[("NEWLY_ELIGIBLE", HEAD)]] * 2
    assert [await kinds(it) for it in (member, applicant, gone)] == [[], [], []]


@pytest.mark.parametrize(
    ("days", "savings", "kind"),
    [
        pytest.param(QUIET_DAYS, ENOUGH, None, id="the last day of peace"),
        pytest.param(QUIET_DAYS + 1, ENOUGH, "NEWLY_ELIGIBLE", id="the day after it"),
        pytest.param(QUIET_DAYS, NEAR, None, id="a near miss is not pressed either"),
        pytest.param(QUIET_DAYS + 1, NEAR, "NEAR_MISS", id="a near miss after it"),
        pytest.param(-5, ENOUGH, None, id="declined since the as-of day"),
    ],
)
async def test_who_declined_is_left_in_peace(town, month, days, savings, kind):
    customer = await town.settle(savings)
    await town.declined(customer, AS_OF - days * DAY)
    await month()
    assert await kinds(customer) == ([(kind, HEAD)] if kind else [])


async def test_who_withdrew_is_left_in_peace_as_well(town, month):
    late, long_ago = await town.settle(ENOUGH), await town.settle(ENOUGH)
    for customer, at in ((late, NOW - 30 * DAY), (long_ago, NOW - 300 * DAY)):
        await town.member(customer, state="WITHDRAWN", over=True, over_at=at, over_reason="his wish")
    await month()
    assert [await kinds(late), await kinds(long_ago)] == [[], [("NEWLY_ELIGIBLE", HEAD)]]


async def test_head_offices_tier_wins_and_no_branchs_standard_judges_another(town, month):
    await town.branch_standard("SC")
    both, branch_only, other = [
        await town.settle(savings, owner=owner)
        for savings, owner in ((ENOUGH, "CD"), (BRANCH_ENOUGH, "CD"), (BRANCH_ENOUGH, "NJ"))
    ]
    run = await month()
    assert await kinds(both) == [("NEWLY_ELIGIBLE", HEAD)]
    assert await kinds(branch_only) == [("NEWLY_ELIGIBLE", BRANCH)]
    assert await kinds(other) == []
    items = await WorkItem.filter(customer_id__in=[both.id, branch_only.id])
    for item in items:
        evaluation = await Evaluation.get(id=item.evaluation_id).prefetch_related("screening__standard")
        assert (evaluation.passed, evaluation.screening.standard.tier) == (True, item.tier)
    assert (run.screened, run.passed) == (6, 5)


async def test_a_near_miss_passes_nowhere_and_is_nobodys_member(town, month):
    await town.branch_standard("SC", NEAR)
    near, beyond, passes_his_branch, member = [
        await town.settle(savings, owner=owner)
        for savings, owner in ((NEAR, "NJ"), (ENOUGH * 95 // 100 - 1, "NJ"), (NEAR, "CD"), (NEAR, "NJ"))
    ]
    await town.member(member)
    edge = await town.settle(ENOUGH * 95 // 100, owner="NJ")
    await month()
    assert await kinds(near) == [("NEAR_MISS", HEAD)]
    assert await kinds(edge) == [("NEAR_MISS", HEAD)]
    assert await kinds(beyond) == []
    assert await kinds(passes_his_branch) == [("NEWLY_ELIGIBLE", BRANCH)]
    assert await kinds(member) == [("NO_LONGER_ELIGIBLE", HEAD)]


async def test_a_member_who_fails_by_his_own_tier_is_no_longer_eligible(town, month):
    await town.branch_standard("SC")
    cases = {
        "fails": (FAR, {}),
        "fails, suspended": (FAR, {"state": "SUSPENDED"}),
        "passes": (ENOUGH, {}),
        "head office's, passes his branch's only": (BRANCH_ENOUGH, {}),
        "his branch's, passes it": (BRANCH_ENOUGH, {"tier": BRANCH}),
        "his branch's, fails": (FAR, {"tier": BRANCH}),
        "by an exception": (FAR, {"filing_id": None, "exception_id": town.bank.places["SC"].id}),
        "over": (FAR, {"state": "EXPIRED", **OVER}),
    }
    people = {}
    for name, (savings, standing) in cases.items():
        people[name] = await town.settle(savings)
        await town.member(people[name], **standing)
    await month()
    assert {name: await kinds(it) for name, it in people.items()} == {
        "fails": [("NO_LONGER_ELIGIBLE", HEAD)],
        "fails, suspended": [("NO_LONGER_ELIGIBLE", HEAD)],
        "passes": [],
        "head office's, passes his branch's only": [("NO_LONGER_ELIGIBLE", HEAD)],
        "his branch's, passes it": [],
        "his branch's, fails": [("NO_LONGER_ELIGIBLE", BRANCH)],
        "by an exception": [],
        "over": [],
    }
    fails = await Membership.get(customer_id=people["fails"].id)
    item = await WorkItem.get(customer_id=people["fails"].id)
    assert (item.membership_id, (await Evaluation.get(id=item.evaluation_id)).passed) == (fails.id, False)


async def test_a_member_of_a_branchs_tier_is_judged_by_that_branchs_standard_alone(town, month):
    await town.branch_standard("SC")
    await town.branch_standard("JS", ENOUGH * 2)
    here, there = await town.settle(BRANCH_ENOUGH), await town.settle(ENOUGH, owner="NJ")
    for customer in (here, there):
        await town.member(customer, tier=BRANCH)
    await month()
    assert [await kinds(here), await kinds(there)] == [[], [("NO_LONGER_ELIGIBLE", BRANCH)]]


async def test_whose_review_is_due_is_on_the_list_until_his_term_ends(town, month):
    soon, later, not_yet = [await town.settle(ENOUGH) for _ in range(3)]
    await town.member(soon, ends=dt.date(2026, 11, 30))
    await town.member(later, ends=AS_OF + REVIEW_DAYS * DAY)
    await town.member(not_yet, ends=AS_OF + REVIEW_DAYS * DAY + DAY)
    run = await month()
    assert [await kinds(it) for it in (soon, later, not_yet)] == [[("TERM_ENDING", HEAD)]] * 2 + [[]]
    assert (run.review_due, run.terms_ending) == (2, 2)
    days = {item.customer_id: item.due_on for item in await WorkItem.filter(kind="TERM_ENDING")}
    # Twenty working days from Wednesday 2026-11-25 on, or the term's last day where that is sooner.
    assert days == {soon.id: dt.date(2026, 11, 30), later.id: dt.date(2026, 12, 23)}
    assert all(item.evaluation_id for item in await WorkItem.filter(kind="TERM_ENDING"))


async def test_whose_figures_are_missing_is_on_the_list_member_or_not(town, month):
    stranger, member = await town.settle(None), await town.settle(None)
    membership = await town.member(member)
    await month()
    assert await kinds(stranger) == [("MISSING_DATA", HEAD)]
    assert await kinds(member) == [("MISSING_DATA", HEAD), ("NO_LONGER_ELIGIBLE", HEAD)]
    item = await WorkItem.get(customer_id=member.id, kind="MISSING_DATA")
    assert item.membership_id == membership.id


async def test_an_item_is_on_the_list_of_who_serves_the_customer_now(town, month):
    bank = town.bank
    of_lin, nobodys, of_one_who_left, of_a_strangers = [
        await town.settle(ENOUGH, manager=manager) for manager in ("lin", None, "luo", "tang")
    ]
    await Staff.filter(id=bank.staff["luo"].id).update(left_at=NOW)
    run = await month()
    managers = dict(await WorkItem.all().values_list("customer_id", "manager_id"))
    assert managers[of_lin.id] == bank.staff["lin"].id
    # Tang works for Nanjing: she holds no post for the branch that owns this one.
    assert [managers[it.id] for it in (nobodys, of_one_who_left, of_a_strangers)] == [None] * 3
    assert managers[bank.customers["feng"].id] == bank.staff["tang"].id
    assert run.unmanaged == 4  # Qian's manager was Luo as well


async def test_deadlines_are_working_days_after_the_list_was_made(town, month):
    for day, kind in ((26, "HOLIDAY"), (27, "IN_LIEU"), (28, "WORKING_DAY_SWAP")):
        await CalendarDay.create(day=dt.date(2026, 11, day), kind=kind, name="x")
    await town.settle(None)
    await month()
    # 25 November is a Wednesday: the 26th and 27th are closed, Saturday the 28th is worked.
    assert (await WorkItem.get(kind="MISSING_DATA")).due_on == dt.date(2026, 12, 10)


async def test_a_new_list_replaces_what_is_open_of_the_old_one_and_nothing_else(town, month):
    done, left = await town.settle(ENOUGH), await town.settle(ENOUGH)
    first = await month(dt.date(2026, 9, 30))
    await WorkItem.filter(customer_id=done.id).update(state="DONE")
    second = await month(AS_OF)
    states = {
        (item.run_id, item.customer_id): item.state
        for item in await WorkItem.filter(customer_id__in=[done.id, left.id])
    }
    assert states == {
        (first.id, done.id): "DONE",
        (first.id, left.id): "SUPERSEDED",
        (second.id, done.id): "OPEN",
        (second.id, left.id): "OPEN",
    }


async def test_a_past_month_that_is_run_later_takes_nobodys_work_away(town, month):
    customer = await town.settle(ENOUGH)
    now = await month(AS_OF)
    past = await month(dt.date(2026, 8, 31))
    states = dict(await WorkItem.filter(customer_id=customer.id).values_list("run_id", "state"))
    assert states == {now.id: "OPEN", past.id: "SUPERSEDED"}
    assert (past.newly_eligible, now.newly_eligible) == (4, 4)
