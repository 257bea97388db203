"""How a text becomes law: put before another person than its writer, who approves it or returns it (Notice 2)."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from authz import Action
from authz.duties import Duty
from desk.desk import Desk
from desk.people.separation import apart
from models.errors import BadInput
from models.institutions import Institution
from models.law import Law
from models.people import Staff
from models.vocabulary import InstitutionKind, LawState, Level
from models.wording import worded

L = TypeVar("L", bound=Law)


async def submit(desk: Desk, table: type[L], id: UUID) -> L:
    """Put a draft before whoever approves it. WRONG_STATE."""
    law = await desk.open(table, id, Action.PROPOSE, lock=True)
    await law.submit(desk.now, desk.staff_id)
    return law


async def give_back(desk: Desk, table: type[L], id: UUID, reason: str) -> L:
    """退回: say what must be changed. WRONG_STATE, RETURN_REASON_REQUIRED, STANDARD_BY_WRITER."""
    law = await desk.open(table, id, Action.APPROVE, lock=True)
    law.must_be_submitted()
    await _by_another(desk, law)
    await law.give_back(worded(reason, 400, "reason"))
    return law


async def before_him(desk: Desk, table: type[L], id: UUID) -> tuple[L, list[L]]:
    """What he is to approve, with its whole family, which nobody else can change until the act ends.

    WRONG_STATE unless it is SUBMITTED; STANDARD_BY_WRITER.
    """
    opened = await desk.open(table, id, Action.APPROVE)
    # In one order for all, and it among them: of two that are approved at once, the second sees the first as law.
    # Not the keys: a screening that runs meanwhile refers to a version of them.
    family = await opened.family().order_by("id").select_for_update(no_key=True)
    (law,) = (version for version in family if version.id == id)
    law.must_be_submitted()
    await _by_another(desk, law)
    return law, family


async def succeed(desk: Desk, table: type[L], id: UUID) -> L:
    """Make it law from its day on; the version before it ends on the day before. EFFECTIVE_TOO_EARLY."""
    law, family = await before_him(desk, table, id)
    approved = [version for version in family if version.state == LawState.APPROVED]
    if approved:
        await law.take_over_from(max(approved, key=lambda version: version.effective_from))
    await law.approve(desk.now, desk.staff_id)
    return law


def must_be_tier1(owner: Institution, what: str) -> None:
    """Branches of their own law are those of tier 1 (domain.md 1.5 no. 8); who is below inherits it."""
    if owner.level != Level.TIER1 or owner.kind != InstitutionKind.BRANCH or owner.merged_into_id is not None:
        raise BadInput(f"{what} of a tier-1 branch. Name it as the owner.", field="ownerId")


async def _by_another(desk: Desk, law: Law) -> None:
    """By another human being than who wrote it, and than who put it forward."""
    for one in (law.drafted_by_id, law.submitted_by_id):
        if one is not None:
            apart(Duty.STANDARD, (await Staff.get(id=one)).person_id, desk.actor.person_id)
