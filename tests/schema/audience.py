"""Who asks the twins: the cast, and people whose rights come and go, come from others, or are taken from them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from authz import Role
from models.customers import ManagerAssignment
from models.people import Assignment, Delegation, Recusal
from models.vocabulary import Department
from tests.cast import START, staff_member
from tests.conftest import NOW
from tests.schema.crowd import crowd
from tests.schema.whole import Whole

ACTORS = (
    "lin",  # a manager, recused from one of his own customers
    "tang",  # a manager of the other tier-1 branch
    "deputy",  # a manager with no customers, who stands in for Luo
    "former",  # a manager of Chengdu until yesterday, its head from next month on, today a manager at Nanjing
    "han",  # a centre's head, recused from one customer of her branch
    "nan",  # the head of the other centre
    "gao",  # an archive keeper, whose delegations are over
    "he",  # keeps the cards of the centre, and is recused from one holder's
    "ku",  # keeps those of the branch above it
    "teller",
    "wu",  # an officer of the branch
    "bai",  # records filings; one is open before her
    "bo",  # does so too in another department, and is recused from that customer
    "twice",  # a manager at Nanjing and a recorder at Chengdu
    "cheng",  # a recorder one level up
    "officer",  # head office
    "deng",  # approves exceptions; one is open before him
    "compliance",
    "auditor",  # reads the trail
    "secadmin",
    "nobody",  # no seat at all
)
POOR = frozenset({"compliance", "auditor", "he", "ku", "secadmin", "teller", "nobody"})
"""To whom most lists are empty."""
YESTERDAY, NEXT_MONTH = NOW - dt.timedelta(days=1), NOW + dt.timedelta(days=30)


async def gather(whole: Whole) -> None:
    """The crowd at two branches, and everybody's seats, in an open database that holds the whole bank."""
    for place, managers in (("CD", ("lin", "luo")), ("MY", ("luo",))):
        made = await crowd(whole, place, managers, 10)
        whole.ids.setdefault("customer", {}).update({one.number: one.id for one in made})
    customers = whole.ids["customer"]
    await _sit(whole, "deputy", (Role.CUST_MGR, "CDW", {}))
    await _sit(
        whole,
        "former",
        (Role.CUST_MGR, "CDW", {"valid_to": YESTERDAY}),
        (Role.WC_HEAD, "CDW", {"valid_from": NEXT_MONTH}),
        (Role.CUST_MGR, "NJW", {}),
    )
    await _sit(whole, "twice", (Role.CUST_MGR, "NJW", {}), (Role.FILING_RECORDER, "CD", {}))
    await _managed(whole, "former", customers["CD00004"])
    await Delegation.create(
        principal=whole.cast.staff["luo"],
        deputy=whole.cast.staff["deputy"],
        reason="leave",
        valid_from=START,
        recorded_at=START,
    )
    for who, customer in (("lin", "CD00002"), ("han", "CD00003"), ("he", "CD00004"), ("bo", "qian")):
        await Recusal.create(
            person_id=whole.cast.staff[who].person_id,
            customer_id=customers[customer],
            relation="BROTHER",
            recorded_at=NOW,
        )


async def _sit(whole: Whole, key: str, *seats: tuple[Role, str, dict[str, Any]]) -> None:
    staff = whole.cast.staff[key] = await staff_member(key, key)
    for role, place, dates in seats:
        told = {"valid_from": START, "recorded_at": START} | dates
        await Assignment.create(
            staff=staff,
            role=role,
            institution=whole.cast.places[place],
            department=Department.PERSONAL_BANKING
            if role is Role.FILING_RECORDER
            else Department.WEALTH_CENTRE,
            **told,
        )


async def _managed(whole: Whole, who: str, customer_id: Any) -> None:
    """Before the manager of today, who began at START: two at once cannot be."""
    await ManagerAssignment.create(
        customer_id=customer_id,
        manager=whole.cast.staff[who],
        valid_from=START - dt.timedelta(days=365),
        valid_to=START,
        recorded_at=START,
    )
