"""Keepers: who keeps a stock, so that he does not count it alone, nor judge what the count has found (4.2)."""

from __future__ import annotations

from uuid import UUID

from authz import Role
from authz.duties import Duty, DutyRefused
from desk.desk import Desk
from desk.people.given import open_after
from desk.people.separation import DutyBroken
from models.custody import StockDuty
from models.designations import Designation
from models.people import Delegation, Staff

ARTICLE = "Annex 1"


async def keepers_of(desk: Desk, institution_id: UUID) -> set[UUID]:
    """The persons whom the institution has designated for its stock now, and those who stand in for them (代班)."""
    held = (open_after(desk.now),)
    named = await Designation.filter(
        *held, institution_id=institution_id, duty=StockDuty.STOCK, valid_from__lte=desk.now
    ).values_list("staff_id", flat=True)
    deputies = await Delegation.filter(
        *held, principal_id__in=list(named), role=Role.CARD_CUSTODIAN, valid_from__lte=desk.now
    ).values_list("deputy_id", flat=True)
    staff = await Staff.filter(id__in=[*named, *deputies])
    return {one.person_id for one in staff}


async def must_not_keep(desk: Desk, institution_id: UUID) -> None:
    """STOCK_COUNTED_BY_KEEPER for who keeps this stock under whatever staff number."""
    if desk.actor.person_id in await keepers_of(desk, institution_id):
        raise _by_keeper(
            "You keep these cards, so another opens their count, explains what differs, and closes it. Ask the supervisor."
        )


async def must_not_all_keep(desk: Desk, institution_id: UUID, *counters: UUID) -> None:
    """STOCK_COUNTED_BY_KEEPER when all who count keep the stock: with a custodian goes one who is none."""
    if set(counters) <= await keepers_of(desk, institution_id):
        raise _by_keeper(
            "Both counters keep these cards. Name at least one who does not, such as the supervisor or the head."
        )


def _by_keeper(message: str) -> DutyBroken:
    return DutyBroken(DutyRefused(Duty.STOCKTAKE, message, ARTICLE))
