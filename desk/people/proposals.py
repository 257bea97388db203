"""Proposals decided: the security administrator executes or refuses what a head has proposed (decisions.md 8)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from authz import Action, Role
from authz.duties import Duty
from desk.acts import act
from desk.desk import Desk
from desk.people.attempts import forget_account
from desk.people.cover import deputies_of
from desk.people.given import reason_of
from desk.people.grants import must_suit
from desk.people.handover import must_strand_nobody, stranded
from desk.people.posts import must_belong
from desk.people.separation import apart, not_himself
from desk.tree import hold_tree
from models.errors import WrongState
from models.institutions import Institution
from models.people import Assignment, Credential, Person, Proposal, Staff
from models.vocabulary import ProposalKind, ProposalState


@act("executeProposal", Proposal)
async def execute_proposal(
    desk: Desk, *, proposal_id: UUID, note: str = "", idempotency_key: str | None = None
) -> Proposal:
    """The security administrator does what a head proposed, another person than proposer and beneficiary.

    It takes effect with the next read of every worker: the person's epoch rises. A grant begins at its date, or
    now when that is past: no right is older than its execution. GRANT_BY_ONE, SELF_GRANT, WRONG_STATE; whatever
    the proposal itself could be refused for, by what is true now; HANDOVER_REQUIRED while customers would be
    left behind by an end or a transfer. A password reset is executed by `execute_reset`.
    """
    proposal = await desk.open(Proposal, proposal_id, Action.EXECUTE)
    if proposal.kind == ProposalKind.PASSWORD_RESET:
        raise WrongState(
            "A password reset is executed by an act of its own, which shows the new password once."
        )
    staff = await must_decide(desk, proposal)
    if proposal.kind == ProposalKind.UNLOCK:
        await _unlock(staff)
    else:
        await Staff.rights_changed({staff.id, *await deputies_of([staff.id], desk.now)})
        await hold_tree(desk)
        await _change(desk, proposal, staff)
    await proposal.decide(
        ProposalState.EXECUTED, at=desk.now, by=desk.staff_id, note=reason_of(note, "note") if note else ""
    )
    return proposal


@act("refuseProposal", Proposal)
async def refuse_proposal(
    desk: Desk, *, proposal_id: UUID, note: str, idempotency_key: str | None = None
) -> Proposal:
    """The security administrator refuses a proposal and says why. Nothing else changes. Refuses like execution."""
    proposal = await desk.open(Proposal, proposal_id, Action.RETURN)
    await must_decide(desk, proposal)
    await proposal.decide(ProposalState.REFUSED, at=desk.now, by=desk.staff_id, note=reason_of(note, "note"))
    return proposal


async def must_decide(desk: Desk, proposal: Proposal) -> Staff:
    """Whom an undecided proposal is about, with his person locked, so that his roles change one after another.

    GRANT_BY_ONE for the proposer, SELF_GRANT for the beneficiary, WRONG_STATE once it is decided.
    """
    staff = await Staff.get(id=proposal.staff_id)
    await Person.filter(id=staff.person_id).select_for_update(no_key=True).get()
    await Proposal.filter(id=proposal.id).select_for_update(no_key=True).get()
    await proposal.refresh_from_db()
    proposal.must_be_undecided()
    duty = Duty.PASSWORD_RESET if proposal.kind in PASSWORD_KINDS else Duty.GRANT
    apart(duty, proposal.proposed_person_id, desk.actor.person_id)
    not_himself(desk.actor.person_id, staff.person_id)
    await staff.refresh_from_db()
    return staff


async def _change(desk: Desk, proposal: Proposal, staff: Staff) -> None:
    start = max(proposal.valid_from, desk.now)
    before = await stranded([staff.id], start)
    if proposal.assignment_id is not None:
        await _end(desk, proposal.assignment_id, start, proposal.reason)
    if proposal.kind != ProposalKind.END:
        staff.must_work_here()
        await _grant(desk, proposal, staff, start)
    must_strand_nobody(before, await stranded([staff.id], start))


async def _end(desk: Desk, assignment_id: UUID, at: dt.datetime, reason: str) -> None:
    old = await Assignment.get(id=assignment_id)
    old.must_be_open(at)
    await old.end(at=max(at, old.valid_from), now=desk.now, by=desk.staff_id, reason=reason)


async def _grant(desk: Desk, proposal: Proposal, staff: Staff, start: dt.datetime) -> None:
    if proposal.valid_to is not None and proposal.valid_to <= start:
        raise WrongState("The term of this proposal has run out. Refuse it; a new one may be proposed.")
    place = await Institution.get(id=proposal.institution_id)
    place.must_be_in_service()
    role = Role(proposal.role)
    must_belong(role, place)
    # An assignment that was just ended no longer overlaps, so it needs no mention.
    await must_suit(staff.person_id, role, place.id, start, proposal.valid_to)
    await Assignment.create(
        staff_id=staff.id,
        role=role,
        institution_id=place.id,
        department=proposal.department,
        full_time=proposal.full_time,
        valid_from=start,
        valid_to=proposal.valid_to,
        recorded_at=desk.now,
        recorded_by_id=desk.staff_id,
    )


async def _unlock(staff: Staff) -> None:
    staff.must_work_here()
    await Credential.filter(staff_id=staff.id).update(locked_at=None)
    await forget_account(staff.number)


PASSWORD_KINDS = frozenset({ProposalKind.PASSWORD_RESET, ProposalKind.UNLOCK})
