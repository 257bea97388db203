"""待办: a merge waits for an officer above both customers, as who decides it must be (decisions.md 27)."""

from __future__ import annotations

import pytest

from authz import Policy
from desk.desk import Desk
from models.customers import Customer
from models.merges import CustomerMerge
from models.people import Assignment, Recusal
from tests.cast import START, Cast, staff_member
from tests.conftest import NOW
from tests.schema.ask import ask

WAITING = (
    "{ customerMergesToDecide(first: 5) { totalCount nodes { id } } customerMerges(first: 5) { totalCount } }"
)


async def waits(bank: Cast, policy: Policy, who: str) -> tuple[int, int]:
    """How many wait for him, and how many he sees."""
    answer = await ask(await Desk.take(policy, bank.staff[who].id, NOW), WAITING)
    assert len(answer["customerMergesToDecide"]["nodes"]) == answer["customerMergesToDecide"]["totalCount"]
    return answer["customerMergesToDecide"]["totalCount"], answer["customerMerges"]["totalCount"]


@pytest.fixture
async def across(bank: Cast) -> Cast:
    """Qian has come to Mianyang and is to be merged into Zhou of Chengdu; there is an officer at Sichuan above both."""
    mianyang, han = bank.places["MY"], bank.staff["han"]
    await Customer.filter(id=bank.customers["qian"].id).update(
        owner_id=mianyang.id, owner_path=mianyang.path, tier1_id=mianyang.parent_id, tier2_id=mianyang.id
    )
    await CustomerMerge.create(
        kept=bank.customers["zhou"], gone=bank.customers["qian"], state="PROPOSED", reason="one person", proposed_at=NOW,
        proposed_by_id=han.id, proposed_person_id=han.person_id,
    )  # fmt: skip
    above = bank.staff["above"] = await staff_member("above", "上官")
    await Assignment.create(
        staff=above, role="pb_officer", institution=bank.places["SC"], department="PERSONAL_BANKING", valid_from=START,
        recorded_at=START,
    )  # fmt: skip
    return bank


async def test_a_merge_of_two_branches_waits_above_both_of_them(across: Cast, policy: Policy) -> None:
    assert await waits(across, policy, "wu") == (0, 1)  # of Chengdu: he sees it, and may not decide it
    assert await waits(across, policy, "above") == (1, 1)


async def test_it_does_not_wait_for_a_relative_of_who_goes(across: Cast, policy: Policy) -> None:
    await Recusal.create(
        person_id=across.staff["above"].person_id,
        customer_id=across.customers["qian"].id,
        relation="SISTER",
        recorded_at=NOW,
    )
    assert await waits(across, policy, "above") == (0, 1)
