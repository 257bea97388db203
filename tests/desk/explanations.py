"""The bank about which explanations are asked, and those who ask."""

from __future__ import annotations

from uuid import UUID

from authz import Policy
from authz.explanation import Explanation
from authz.policy import POLICY
from desk.desk import Desk, adopt
from desk.explaining import Asked, explain
from models.people import Recusal
from tests.cast import START, Cast
from tests.conftest import NOW
from tests.schema.whole import Whole, build


async def the_whole_bank(bank: Cast) -> Whole:
    """The whole bank; Gao is Qian's relative."""
    found = await build(bank)
    await Recusal.create(
        person_id=bank.staff["gao"].person_id,
        customer_id=bank.customers["qian"].id,
        relation="COUSIN",
        recorded_at=START,
    )
    return found


async def seated(whole: Whole, who: str, more: str = "") -> Desk:
    """At a desk of the shipped policy, or of one with more rules."""
    policy = Policy.of(POLICY.read_text(encoding="utf-8") + more) if more else Policy.load()
    await adopt(policy)
    return await Desk.take(policy, whole.cast.staff[who].id, NOW)


async def told(desk: Desk, asked: Asked, staff_id: UUID | None = None) -> Explanation:
    return (await explain(desk, asked, staff_id)).explanation
