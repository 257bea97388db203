"""Who serves whom in the bank of the corpus: managers of every kind, members, and who sits in whose seat."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.customers import Customer, ManagerAssignment
from models.filing import Filing
from models.membership import Membership
from models.people import Assignment, Delegation, Proposal, Suspension
from tests.cast import START, staff_member
from tests.conftest import NOW
from tests.schema.whole import Whole

DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
TODAY = NOW.date()


async def managers(whole: Whole) -> None:
    """Managers of Mianyang who work half the day, are suspended, have left, or have two posts; one at Chengdu on paper."""
    cast = whole.cast
    for key, customer, posts, left in (
        ("half", "MY00000", (("MY", False),), None),
        ("barred", "MY00001", (("MY", True),), None),
        ("gone", "MY00002", (("MY", True),), NOW),
        ("both", "CD00005", (("CDW", False), ("CD", True)), NOW + DAY),
    ):
        staff = cast.staff[key] = await staff_member(key, key)
        if left:
            staff.left_at = left
            await staff.save()
        for place, full_time in posts:
            await Assignment.create(
                staff=staff, role="cust_mgr", institution=cast.places[place], department="WEALTH_CENTRE",
                full_time=full_time, valid_from=START, valid_to=NOW + DAY, recorded_at=START,
            )  # fmt: skip
        served = await Customer.get(number=customer)
        await ManagerAssignment.filter(customer_id=served.id).update(
            ended_at=NOW - DAY, ended_recorded_at=NOW
        )
        await ManagerAssignment.create(
            customer=served, manager=staff, valid_from=NOW - DAY, valid_to=NOW + SECOND, recorded_at=NOW
        )
    for key, valid_to in (("barred", None), ("half", NOW)):
        await Suspension.create(
            staff=cast.staff[key],
            reason="looked into",
            valid_from=START,
            valid_to=valid_to,
            recorded_at=START,
        )


async def members() -> None:
    """Members of every kind: to be reviewed, suspended, and of Mianyang, whom four managers serve, or nobody."""
    for number, state, tier in (
        ("CD00001", "REVIEW_DUE", "HEAD_OFFICE"),
        ("CD00005", "ACTIVE", "HEAD_OFFICE"),
        ("MY00000", "ACTIVE", "BRANCH"),
        ("MY00001", "SUSPENDED", "BRANCH"),
        ("MY00002", "REVIEW_DUE", "HEAD_OFFICE"),
        ("NJ00000", "ACTIVE", "HEAD_OFFICE"),
        ("NJ00001", "SUSPENDED", "BRANCH"),
    ):
        customer = await Customer.get(number=number)
        filing = await Filing.get(customer_id=customer.id)
        await Membership.filter(customer_id=customer.id).update(
            state=state,
            tier=tier,
            filing_id=filing.id,
            term_starts=TODAY,
            term_ends=dt.date(2028, 2, 29),
            version=4,
        )
    unserved = await Customer.get(number="NJ00000")
    await ManagerAssignment.filter(customer_id=unserved.id).update(ended_at=NOW, ended_recorded_at=NOW)


async def covers(whole: Whole) -> None:
    """Cheng sits in Han's seat today; nobody sits in one of another branch, nor in one of another role, nor in an ended one."""
    cast = whole.cast
    posts = {who: await Assignment.get(staff_id=cast.staff[who].id) for who in ("han", "he")}
    common: dict[str, Any] = {"valid_from": START, "recorded_at": START, "reason": "ill"}
    for principal, deputy, role, post, valid_to in (
        ("han", "cheng", "wc_head", "han", NOW + DAY),
        ("han", "nan", "wc_head", "han", None),
        ("he", "gao", "wc_head", "he", None),
        ("he", "wu", "card_custodian", "he", NOW),
        ("tang", "officer", "cust_mgr", None, None),
    ):
        await Delegation.create(
            principal=cast.staff[principal], deputy=cast.staff[deputy], role=role, assignment_id=posts[post].id if post else None,
            valid_to=valid_to, **common,
        )  # fmt: skip
    await Proposal.create(
        kind="GRANT", staff=cast.staff["secadmin"], role="teller", institution=cast.places["CD"], valid_from=NOW,
        reason="himself", state="PROPOSED", proposed_by_id=cast.staff["wu"].id,
        proposed_person_id=cast.staff["wu"].person_id, proposed_at=NOW,
    )  # fmt: skip
