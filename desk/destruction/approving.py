"""Approving and witnessing (Annex 1): accounting and audit approve the very list, and two who have watched sign for it."""

from __future__ import annotations

from uuid import UUID

from authz import Action
from desk.acts import act
from desk.desk import Desk
from desk.destruction.persons import all_different, must_be_of, witnesses_of
from models.custody import DestructionSide, DestructionState
from models.destruction import DestructionLine, DestructionList
from models.institutions import Institution


@act("approveDestruction", DestructionList)
async def approve(
    desk: Desk,
    *,
    destruction_id: UUID,
    version: int,
    side: DestructionSide,
    idempotency_key: str | None = None,
) -> DestructionList:
    """The head of accounting of the branch, and an auditor at or above it, approve the list as they have read it.

    NOT_OF_THAT_SIDE, DESTRUCTION_BY_ONE, ALREADY_APPROVED; WRONG_STATE unless a DRAFT, STALE_VERSION, DESTRUCTION_CHANGED.
    """
    seen = await desk.open(DestructionList, destruction_id, Action.APPROVE)
    must_be_of(desk, side, await Institution.get(id=seen.institution_id))
    listed = await DestructionList.filter(id=seen.id).select_for_update(no_key=True).get()
    listed.must_be(DestructionState.DRAFT)
    listed.must_be_seen(version)
    listed.must_still_say(await DestructionLine.filter(destruction_id=listed.id))
    held = {
        DestructionSide.ACCOUNTING: listed.accounting_person_id,
        DestructionSide.AUDIT: listed.audit_person_id,
    }
    others = (person for one, person in held.items() if one is not side)
    all_different((desk.actor.person_id, listed.listed_person_id, *others, *await witnesses_of(listed)))
    await listed.approve(side, desk.now, desk.staff_id, desk.actor.person_id)
    return listed


@act("witnessDestruction", DestructionList)
async def witness(
    desk: Desk, *, destruction_id: UUID, version: int, idempotency_key: str | None = None
) -> DestructionList:
    """Each of the two witnesses signs himself that he has watched the cards being cut (剪角), once both sides approved.

    NOT_HIS_TO_WITNESS, ALREADY_WITNESSED; WRONG_STATE unless APPROVED, STALE_VERSION, DESTRUCTION_CHANGED;
    DESTRUCTION_BY_ONE.
    """
    seen = await desk.open(DestructionList, destruction_id)
    seen.may_be_witnessed_by(desk.staff_id)
    listed = await DestructionList.filter(id=seen.id).select_for_update(no_key=True).get()
    listed.may_be_witnessed_by(desk.staff_id)
    listed.must_be_seen(version)
    listed.must_still_say(await DestructionLine.filter(destruction_id=listed.id))
    all_different(
        (
            listed.listed_person_id,
            listed.accounting_person_id,
            listed.audit_person_id,
            *await witnesses_of(listed),
        )
    )
    await listed.witness(desk.staff_id, desk.now)
    return listed
