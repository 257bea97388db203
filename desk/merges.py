"""Merges: duplicates become one customer by the hands of two people, and two again if that was wrong (decisions.md 27)."""

from __future__ import annotations

from uuid import UUID

from authz import Action, Facts, Kind
from desk.acts import act
from desk.customers import cease_serving
from desk.desk import Desk
from desk.errors import Forbidden
from desk.membership import hold
from models.customers import Customer
from models.merges import CustomerMerge
from models.moving import give_back, pass_over
from models.people import Staff
from models.vocabulary import MergeState
from models.wording import worded

LONGEST = 400


@act("proposeCustomerMerge", CustomerMerge)
async def propose_customer_merge(
    desk: Desk, *, kept_id: UUID, gone_id: UUID, reason: str, idempotency_key: str | None = None
) -> CustomerMerge:
    """客户合并: the head of a wealth centre says that `gone` is the same person as `kept`, a customer of his branch.

    He sees both. A duplicate of another branch that he does not see is transferred to his branch first (transferOwner),
    so that nobody learns of another branch's customer by proposing. Nothing is merged yet. SAME_CUSTOMER,
    REASON_REQUIRED, MERGE_OF_MEMBER and CASE_UNDECIDED (Art. 6), MERGE_PENDING; NOT_FOUND when one was merged away.
    """
    await _both(desk, kept_id, gone_id)
    merge = CustomerMerge(
        kept_id=kept_id,
        gone_id=gone_id,
        state=MergeState.PROPOSED,
        reason=worded(reason, LONGEST, "reason"),
        proposed_at=desk.now,
        proposed_by_id=desk.staff_id,
        proposed_person_id=desk.actor.person_id,
    )
    merge.must_be_two()
    kept, gone = await _hold(merge)
    # Once more now that they are held: whose customers they are may have changed while we waited.
    await _both(desk, kept_id, gone_id)
    await merge.must_be_mergeable(kept, gone)
    await merge.save()
    return merge


@act("decideCustomerMerge", CustomerMerge)
async def decide_customer_merge(
    desk: Desk,
    *,
    merge_id: UUID,
    version: int,
    approved: bool,
    note: str = "",
    idempotency_key: str | None = None,
) -> CustomerMerge:
    """Another person, an officer above both customers' branches, merges them or refuses with a note.

    Accounts, loans, holdings, indicator figures and recusals of `gone` pass to `kept`, each written down; its manager's
    access ends; from then on it is not seen, and its number and documents find `kept`. What was decided about it stays
    with it, unchanged. MERGE_BY_ONE, WRONG_STATE, STALE_VERSION, REASON_REQUIRED; MERGE_OF_MEMBER and CASE_UNDECIDED
    (Art. 6), MERGED_FURTHER.
    """
    merge, kept, gone = await _take(desk, merge_id, Action.MERGE)
    why = worded(note, LONGEST, "note")
    merge.must_await(MergeState.PROPOSED, version)
    merge.must_be_decided_by(desk.actor.person_id)
    state = MergeState.MERGED if approved else MergeState.REFUSED
    if approved:
        await merge.must_be_mergeable(kept, gone)
    await merge.decide(state, why, at=desk.now, by=desk.staff_id, person=desk.actor.person_id)
    if approved:
        await cease_serving(desk, gone.id, desk.now, f"merged into {kept.number}")
        await _rights_changed(await pass_over(merge))
        await gone.merge_into(kept.id)
    return merge


@act("proposeCustomerSplit", CustomerMerge)
async def propose_customer_split(
    desk: Desk, *, merge_id: UUID, version: int, reason: str, idempotency_key: str | None = None
) -> CustomerMerge:
    """The head of a wealth centre of the branch of `kept` says that the merge was wrong. Nothing is split yet.

    WRONG_STATE unless MERGED, STALE_VERSION, REASON_REQUIRED, MERGE_PENDING; MERGED_FURTHER when `kept` was merged too.
    """
    merge, kept, _ = await _take(desk, merge_id, Action.PROPOSE)
    why = worded(reason, LONGEST, "reason")
    merge.must_await(MergeState.MERGED, version)
    await merge.propose_split(kept, why, at=desk.now, by=desk.staff_id, person=desk.actor.person_id)
    return merge


@act("decideCustomerSplit", CustomerMerge)
async def decide_customer_split(
    desk: Desk,
    *,
    merge_id: UUID,
    version: int,
    approved: bool,
    note: str = "",
    idempotency_key: str | None = None,
) -> CustomerMerge:
    """Another person, an officer above both branches, splits them again or refuses with a note.

    What came from `gone` and is still with `kept` goes back, and `gone` is seen again, without a manager until its head
    assigns one (Art. 9): access is given by a decision, never given back by a correction. What arrived in between
    stays with `kept`. MERGE_BY_ONE, WRONG_STATE, STALE_VERSION, REASON_REQUIRED; CASE_UNDECIDED (Art. 6).
    """
    merge, kept, gone = await _take(desk, merge_id, Action.MERGE)
    why = worded(note, LONGEST, "note")
    merge.must_await(MergeState.SPLIT_PROPOSED, version)
    merge.must_be_decided_by(desk.actor.person_id)
    state = MergeState.SPLIT if approved else MergeState.MERGED
    if approved:
        await merge.must_be_splittable(kept)
    await merge.decide_split(state, why, at=desk.now, by=desk.staff_id, person=desk.actor.person_id)
    if approved:
        await _rights_changed(await give_back(merge))
        await gone.merge_into(None)
    return merge


async def _both(desk: Desk, kept_id: UUID, gone_id: UUID) -> None:
    """He may propose for the one, and sees the other, from which he is not recused."""
    await desk.open(Customer, kept_id, Action.PROPOSE, kind=Kind.CUSTOMER_MERGE)
    gone = await desk.open(Customer, gone_id)
    if gone.id in desk.actor.recused:
        raise Forbidden


async def _take(desk: Desk, merge_id: UUID, action: Action) -> tuple[CustomerMerge, Customer, Customer]:
    """A merge for one act, with both customers held; who decides is above both of them."""
    merge = await desk.open(CustomerMerge, merge_id, action)
    kept, gone = await _hold(merge)
    if action is Action.MERGE:
        above = Facts(path=gone.owner_path, customer_id=gone.id)
        desk.require(action, Kind.CUSTOMER_MERGE, above)
    return await desk.open(CustomerMerge, merge_id, action), kept, gone


async def _hold(merge: CustomerMerge) -> tuple[Customer, Customer]:
    """Both rows, locked in the order of their ids, so that two acts on them do not wait in a circle."""
    held = {id: await hold(id) for id in sorted((merge.kept_id, merge.gone_id))}
    return held[merge.kept_id], held[merge.gone_id]


async def _rights_changed(persons: set[UUID]) -> None:
    if persons:
        await Staff.rights_changed([it.id for it in await Staff.filter(person_id__in=list(persons))])
