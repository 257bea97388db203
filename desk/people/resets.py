"""Password reset and unlock: proposed by the person's head, executed by the security administrator (4.2)."""

from __future__ import annotations

from uuid import UUID

from authz import Action
from desk.acts import act
from desk.desk import Desk
from desk.errors import Forbidden
from desk.people.given import open_after, reason_of
from desk.people.grants import must_head
from desk.people.passwords import hashed, one_time_password, store
from desk.people.proposals import must_decide
from desk.people.separation import not_himself
from models.errors import WrongState
from models.people import Assignment, Proposal, Staff
from models.vocabulary import ProposalKind, ProposalState


@act("proposePasswordReset", Proposal)
async def propose_reset(
    desk: Desk, *, staff_id: UUID, reason: str, idempotency_key: str | None = None
) -> Proposal:
    """A head proposes a new password for somebody who holds a role in his subtree. SELF_GRANT, STAFF_HAS_LEFT."""
    return await _propose(desk, ProposalKind.PASSWORD_RESET, staff_id, reason)


@act("proposeUnlock", Proposal)
async def propose_unlock(
    desk: Desk, *, staff_id: UUID, reason: str, idempotency_key: str | None = None
) -> Proposal:
    """A head proposes that the account of somebody in his subtree is opened after too many wrong passwords.

    Executed by `execute_proposal`. SELF_GRANT, STAFF_HAS_LEFT.
    """
    return await _propose(desk, ProposalKind.UNLOCK, staff_id, reason)


async def execute_reset(desk: Desk, *, proposal_id: UUID) -> tuple[Proposal, str]:
    """The security administrator executes a password reset: the proposal, and the password, told this once.

    It opens no session before it is changed, and is good for 24 hours. The person's sessions end. Lost, it is
    proposed anew. PASSWORD_RESET_BY_ONE, SELF_GRANT, WRONG_STATE.
    """
    password = one_time_password()
    return await _execute(desk, proposal_id=proposal_id, password_hash=await hashed(password)), password


@act("executePasswordReset", Proposal)
async def _execute(desk: Desk, *, proposal_id: UUID, password_hash: str) -> Proposal:
    proposal = await desk.open(Proposal, proposal_id, Action.EXECUTE)
    if proposal.kind != ProposalKind.PASSWORD_RESET:
        raise WrongState("This is no password reset. Execute it as the proposal that it is.")
    staff = await must_decide(desk, proposal)
    staff.must_work_here()
    await store(staff, password_hash, desk.now, must_change=True)
    await proposal.decide(ProposalState.EXECUTED, at=desk.now, by=desk.staff_id, note="")
    return proposal


async def _propose(desk: Desk, kind: ProposalKind, staff_id: UUID, reason: str) -> Proposal:
    staff = await desk.open(Staff, staff_id)
    not_himself(desk.actor.person_id, staff.person_id)
    staff.must_work_here()
    return await Proposal.create(
        kind=kind,
        staff_id=staff.id,
        institution_id=await _place(desk, staff),
        valid_from=desk.now,
        reason=reason_of(reason),
        state=ProposalState.PROPOSED,
        proposed_by_id=desk.staff_id,
        proposed_person_id=desk.actor.person_id,
        proposed_at=desk.now,
    )


async def _place(desk: Desk, staff: Staff) -> UUID:
    """Where he holds a role in this head's subtree. Forbidden when he holds none there."""
    held = await Assignment.filter(open_after(desk.now), staff_id=staff.id).order_by("id")
    for row in held:
        if row.holds(desk.now):
            try:
                return (await must_head(desk, row.institution_id)).id
            except Forbidden:
                continue
    raise Forbidden("This person holds no role in your charge. Ask the head of his institution.")
