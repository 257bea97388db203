"""Every count of a run is worked out again from rows: in all, for each manager, for each institution."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest

from desk.months import counts_by_institution
from models.customers import Customer
from models.history import MembershipEvent
from models.membership import Membership
from models.months import COUNTED
from models.people import Staff
from models.standards import Evaluation
from tests.conftest import NOW
from tests.desk.months import reckoning
from tests.desk.months.town import AS_OF, BRANCH_ENOUGH, ENOUGH, FAR, NEAR, Town

DAY = dt.timedelta(days=1)
SAVINGS = (ENOUGH, NEAR, FAR, BRANCH_ENOUGH, BRANCH_ENOUGH - 1, None)
PEOPLE = 60


async def grow(town: Town, seed: int) -> None:
    """Sixty customers of three branches, with whatever may have become of each of them."""
    draw = random.Random(seed)
    await town.branch_standard("SC")
    await town.branch_standard("JS", ENOUGH * 2)
    for _ in range(PEOPLE):
        owner = draw.choice(("CD", "NJ", "MY"))
        manager = draw.choice({"CD": ("lin", "luo", None), "NJ": ("tang", None), "MY": ("lin", None)}[owner])
        customer = await town.settle(draw.choice(SAVINGS), owner=owner, manager=manager)
        fate = draw.random()
        if fate < 0.5:
            await member(town, draw, customer)
        elif fate < 0.6:
            await town.declined(customer, AS_OF - draw.choice((10, 179, 180, 181, 400)) * DAY)
        elif fate < 0.65:
            await Customer.filter(id=customer.id).update(merged_into_id=town.bank.customers["zhou"].id)
    await Staff.filter(id=town.bank.staff["luo"].id).update(left_at=NOW)


async def member(town: Town, draw: random.Random, customer: Customer) -> None:
    state = draw.choice(("ACTIVE", "ACTIVE", "REVIEW_DUE", "SUSPENDED", "APPLIED", "WITHDRAWN", "EXPIRED"))
    ends = AS_OF + draw.choice((-40, -1, 0, 1, 59, 60, 61, 300)) * DAY
    if state == "APPLIED":
        more = {"tier": None, "ends": None, "filing_id": None, "term_starts": None}
    elif state in ("WITHDRAWN", "EXPIRED"):
        more = {
            "over": True,
            "over_at": NOW - draw.choice((20, 100, 300)) * DAY,
            "over_reason": "x",
            "ends": ends,
        }
    else:
        more = {"ends": ends, "tier": draw.choice(("HEAD_OFFICE", "BRANCH"))}
        if draw.random() < 0.2:
            more |= {"filing_id": None, "exception_id": customer.owner_id, "tier": "HEAD_OFFICE"}
    await town.member(customer, state=state, **more)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_counts_of_a_run_reconcile_to_rows(town, month, seed):
    await grow(town, seed)
    before = {it.id: it.state for it in await Membership.all()}
    run = await month()
    items, due = await reckoning.actual(run.id), await reckoning.expected(run.id, AS_OF, NOW)
    assert items == due
    assert {str(kind): getattr(run, column) for kind, column in COUNTED.items()} == reckoning.by_kind(due)
    assert all(reckoning.by_kind(due).values()), "the bank has somebody for each list"
    assert run.unmanaged == sum(it.manager is None for it in due) > 0
    managers = reckoning.by_manager(items)
    assert managers == reckoning.by_manager(due)
    assert sum(managers.values()) == sum(getattr(run, column) for column in COUNTED.values())
    places = Counter(
        {(it.code, kind): n for it in await counts_by_institution(run.id) for kind, n in it.items.items()}
    )
    assert places == await reckoning.by_institution(due)
    assert sum(it.unmanaged for it in await counts_by_institution(run.id)) == run.unmanaged

    judged = await Evaluation.filter(screening__month_run_id=run.id).values_list("customer_id", "passed")
    assert run.screened == len({customer for customer, _ in judged}) == PEOPLE + 3
    assert run.passed == len({customer for customer, passed in judged if passed})
    after = {it.id: it.state for it in await Membership.all()}
    moved = Counter(after[id] for id in after if after[id] != before[id])
    assert moved == Counter({"REVIEW_DUE": run.review_due, "EXPIRED": run.expired})
    assert await MembershipEvent.all().count() == run.review_due + run.expired
