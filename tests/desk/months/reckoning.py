"""A month's lists worked out a second time, in plain Python over rows: shares no code with desk/months."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import NamedTuple
from uuid import UUID

from models.customers import Customer, ManagerAssignment
from models.institutions import Institution
from models.invitations import Invitation
from models.membership import Membership
from models.months import WorkItem
from models.people import Assignment, Staff, Suspension
from models.standards import Evaluation, Screening, Standard

PEACE = 180
KINDS = ("NEWLY_ELIGIBLE", "NO_LONGER_ELIGIBLE", "NEAR_MISS", "TERM_ENDING", "MISSING_DATA")


class Item(NamedTuple):
    customer: UUID
    kind: str
    tier: str | None
    manager: UUID | None


async def expected(run_id: UUID, as_of: dt.date, now: dt.datetime) -> set[Item]:
    """The items that the run must have made of the rows as they are after it."""
    tiers = {it.id: it.tier for it in await Standard.all()}
    found = defaultdict(list)
    for screening in await Screening.filter(month_run_id=run_id):
        for it in await Evaluation.filter(screening_id=screening.id):
            found[it.customer_id].append((tiers[screening.standard_id], it))
    open_ones = {it.customer_id: it for it in await Membership.filter(over=False)}
    quiet = await _left_in_peace(as_of)
    managers = await _managers(now)
    items: set[Item] = set()
    for customer in await Customer.filter(merged_into_id__isnull=True):
        judged, member = found[customer.id], open_ones.get(customer.id)
        for kind, tier in _kinds(judged, member, as_of, customer.id in quiet):
            items.add(Item(customer.id, kind, tier, managers.get(customer.id)))
    return items


def _kinds(judged, member, as_of, quiet):
    """Each reason to be on the list, with its tier."""
    passing = {tier for tier, it in judged if it.passed}
    if member is None and not quiet:
        if passing:
            yield "NEWLY_ELIGIBLE", _best(passing)
        elif near := {tier for tier, it in judged if it.borderline}:
            yield "NEAR_MISS", _best(near)
    if member is not None and member.state in ("ACTIVE", "REVIEW_DUE", "SUSPENDED"):
        own = [it.passed for tier, it in judged if tier == member.tier]
        if own and not any(own) and member.exception_id is None:
            yield "NO_LONGER_ELIGIBLE", member.tier
        if member.state == "REVIEW_DUE" and (member.term_ends - as_of).days <= 60:
            yield "TERM_ENDING", member.tier
    if missing := {tier for tier, it in judged if it.missing}:
        yield "MISSING_DATA", _best(missing)


def _best(tiers: set[str]) -> str:
    return "HEAD_OFFICE" if "HEAD_OFFICE" in tiers else "BRANCH"


async def _left_in_peace(as_of: dt.date) -> set[UUID]:
    def lately(at: dt.datetime) -> bool:
        day = (at + dt.timedelta(hours=8)).date()
        return day + dt.timedelta(days=PEACE) >= as_of

    asked = await Invitation.filter(state="DECLINED")
    left = await Membership.filter(state="WITHDRAWN")
    return {it.customer_id for it in asked if lately(it.answered_at)} | {
        it.customer_id for it in left if lately(it.over_at)
    }


async def _managers(now: dt.datetime) -> dict[UUID, UUID]:
    gone = {it.id for it in await Staff.all() if it.left_at is not None and it.left_at <= now}
    gone |= {it.staff_id for it in await Suspension.all() if it.holds(now)}
    places = {it.id: it.acting_path for it in await Institution.all()}
    posts = {
        (it.staff_id, places[it.institution_id])
        for it in await Assignment.filter(role="cust_mgr")
        if it.holds(now) and it.staff_id not in gone
    }
    paths = {it.id: it.owner_path for it in await Customer.all()}
    return {
        it.customer_id: it.manager_id
        for it in await ManagerAssignment.all()
        if it.holds(now) and (it.manager_id, paths[it.customer_id]) in posts
    }


async def actual(run_id: UUID) -> set[Item]:
    """The items that the run made; no two of them are the same."""
    rows = await WorkItem.filter(run_id=run_id)
    found = {Item(it.customer_id, it.kind, it.tier, it.manager_id) for it in rows}
    assert len(found) == len(rows)
    return found


def by_kind(items: set[Item]) -> dict[str, int]:
    count = Counter(it.kind for it in items)
    return {kind: count[kind] for kind in KINDS}


def by_manager(items: set[Item]) -> Counter[tuple[UUID | None, str]]:
    return Counter((it.manager, it.kind) for it in items)


async def by_institution(items: set[Item]) -> Counter[tuple[str, str]]:
    """By the code of the owning branch."""
    owners = {
        it.id: it.owner.code
        for it in await Customer.filter(id__in=[it.customer for it in items]).prefetch_related("owner")
    }
    return Counter((owners[it.customer], it.kind) for it in items)
