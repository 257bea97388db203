"""Five persons and the two who sign: who lists cards to be destroyed, approves, watches, and books it (4.2)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from authz import Role
from authz.duties import Duty, DutyRefused
from desk.desk import Desk
from desk.people.separation import DutyBroken
from models.custody import DestructionSide
from models.destruction import DestructionList
from models.errors import Refusal
from models.institutions import Institution
from models.paths import stands_under
from models.people import Staff
from models.vocabulary import Department

ARTICLE = "Annex 1"


class NotOfThatSide(Refusal):
    """For accounting approves the head of accounting (会计结算) of the branch, for audit an auditor at or above it."""

    code = "NOT_OF_THAT_SIDE"
    article = ARTICLE


def all_different(persons: Iterable[UUID | None]) -> None:
    """DESTRUCTION_BY_ONE when one human being has two parts, under whatever staff numbers. Empty parts are nobody's."""
    found = [person for person in persons if person is not None]
    if len(set(found)) < len(found):
        raise DutyBroken(
            DutyRefused(
                Duty.DESTRUCTION,
                "Who lists cards to be destroyed, who approves for accounting and for audit, and the two witnesses are five "
                "persons, and those who sign for the movement are no approvers and no witnesses. Ask another person.",
                ARTICLE,
            )
        )


async def witnesses_of(listed: DestructionList) -> list[UUID]:
    """The persons of both witnesses."""
    found = await Staff.filter(id__in=[listed.first_witness_id, listed.second_witness_id])
    return [one.person_id for one in found]


def must_be_of(desk: Desk, side: DestructionSide, place: Institution) -> None:
    """NOT_OF_THAT_SIDE unless one of his seats is of that side for this branch."""
    if not any(_is_of(seat.role, seat.department, seat.path, side, place) for seat in desk.actor.seats):
        raise NotOfThatSide(
            "For accounting the head of accounting of this branch approves, for audit an auditor at or above it. Approve "
            "for your own side.",
            field="side",
        )


def _is_of(role: Role, department: str, path: str, side: DestructionSide, place: Institution) -> bool:
    if side is DestructionSide.ACCOUNTING:
        return role is Role.PARTNER_HEAD and department == Department.OPERATIONS and path == place.acting_path
    return role is Role.AUDITOR and stands_under(place.acting_path, path)
