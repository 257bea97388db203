"""Three monthly runs of the Czech bank with new standards in between: right to a customer, and the past as it was."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.months import counts_by_institution, run_month
from models.history import MembershipEvent
from models.months import COUNTED, WorkItem
from models.people import Staff
from models.standards import Evaluation, Screening, Standard
from tests.pkdd99.bank import now, seat
from tests.pkdd99.expected import STANDARD, THRESHOLDS
from tests.pkdd99.months import (
    FEBRUARY,
    JANUARY,
    MARCH,
    OWN,
    REGION,
    STRICTER,
    Reckoner,
    by,
    file,
    fingerprint,
    found,
    law,
)

pytestmark = pytest.mark.shared
MEMBERS = 12


async def test_three_months_with_new_standards_in_between(czech, policy, handed_in, second):
    # This bank judges in crowns: the Measures' standard in yuan, with which every house begins, is not its law.
    await Standard.filter(code="MEASURES").update(effective_to=dt.date(1990, 1, 1))
    reckoner = Reckoner(handed_in, second)

    january = await month(policy, reckoner, JANUARY, THRESHOLDS)
    passing = {it for it, one in reckoner.judged(FEBRUARY, THRESHOLDS).items() if one.passed}
    stricter = reckoner.judged(FEBRUARY, STRICTER)
    fail_later = sorted(it for it in passing if not stricter[it].passed)
    stay = sorted(it for it in passing if stricter[it].passed)
    for customer in fail_later[: MEMBERS // 2] + stay[: MEMBERS // 2]:
        await file(policy, handed_in, customer)
        reckoner.members.add(customer)
    assert len(reckoner.members) == MEMBERS

    await law(policy, STANDARD, STRICTER, dt.date(1994, 2, 15))
    made = now()
    before = await fingerprint(made)
    february = await month(policy, reckoner, FEBRUARY, STRICTER)
    assert february.no_longer_eligible == MEMBERS // 2
    assert await fingerprint(made) == before

    await law(policy, f"{REGION}-OWN", OWN, dt.date(1994, 3, 1), REGION)
    made = now()
    before = await fingerprint(made)
    march = await month(policy, reckoner, MARCH, STRICTER, OWN)
    assert await fingerprint(made) == before
    # None of the memberships, which run from today, is touched by months that are long past.
    assert [(it.review_due, it.expired) for it in (january, february, march)] == [(0, 0)] * 3
    assert not await MembershipEvent.filter(state__in=["REVIEW_DUE", "EXPIRED"]).exists()

    windows = await Screening.filter(month_run_id__in=[february.id, march.id], standard__code=STANDARD)
    assert {(it.window_from, it.window_to) for it in windows} == {(dt.date(1993, 3, 1), FEBRUARY)}
    assert await figures(february.id) == await figures(march.id)
    states = await WorkItem.all().group_by("run_id", "state").values_list("run_id", "state")
    assert set(states) == {
        (january.id, "SUPERSEDED"),
        (february.id, "SUPERSEDED"),
        (march.id, "OPEN"),
    }
    assert min(january.near_misses, february.near_misses, march.near_misses, january.missing_data) > 0
    assert february.missing_data == 0


async def month(policy, reckoner, as_of, head, own=None):
    """Run one, and hold every list and count of it against the second computation."""
    run = await run_month(await seat(policy, "HQN"), as_of=as_of)
    due, made = list(reckoner.items(as_of, head, own)), await found(run.id)
    assert sorted(made) == sorted(due)
    kinds = by(due, {customer: "" for customer, _, _ in due})
    assert {str(kind): getattr(run, column) for kind, column in COUNTED.items()} == {
        str(kind): kinds["", str(kind)] for kind in COUNTED
    }
    judged = reckoner.judged(as_of, head)
    passing = {it for it, one in judged.items() if one.passed}
    if own is not None:
        there = set(reckoner.files.of_region(REGION))
        passing |= {it for it, one in reckoner.judged(as_of, own).items() if one.passed and it in there}
    assert (run.screened, run.passed, run.unmanaged) == (len(judged), len(passing), 0)

    customers = reckoner.files.customers
    managers = {number: it.manager for number, it in customers.items()}
    rows = await WorkItem.filter(run_id=run.id).prefetch_related("customer")
    numbers = {it.id: it.number for it in await Staff.filter(id__in={it.manager_id for it in rows})}
    assert by(
        [(it.customer.number, it.kind, "") for it in rows],
        {it.customer.number: numbers[it.manager_id] for it in rows},
    ) == by(due, managers)
    branches = {number: it.owner for number, it in customers.items()}
    places = {
        (it.code, kind): n for it in await counts_by_institution(run.id) for kind, n in it.items.items()
    }
    assert places == dict(by(due, branches))
    return run


async def figures(run_id):
    """By customer, what head office's standard found in one run."""
    return {
        row[0]: row[1:]
        for row in await Evaluation.filter(
            screening__month_run_id=run_id, screening__standard__code=STANDARD
        ).values_list("customer_id", "average_savings", "loan_balance", "good_standing", "spend", "passed")
    }
