"""Exceptions (逐一核准): one customer's missed thresholds, before the tier-1 branch above him, decided one by one (Art. 7)."""

from __future__ import annotations

from uuid import UUID

from authz import Action, Kind, Role
from desk.acts import act
from desk.archives import open_archive
from desk.desk import Desk
from desk.filing import evaluator, judged, standing
from desk.membership import take
from desk.membership.renewals import admit, must_be_renewable, renew
from desk.serving import somebody_decides
from desk.standards.rule import rule_under
from desk.standards.shortfalls import shortfalls
from desk.tree import hold_tree
from models.customers import Customer
from models.exceptions import ExceptionCase, ExceptionShortfall
from models.institutions import Institution
from models.membership import Membership, Registration
from models.standards import Evaluation, Screening, Standard
from models.vocabulary import ExceptionCategory, ExceptionState, MembershipState, Tier
from models.wording import worded


@act("submitExceptionCase", ExceptionCase)
async def submit_exception_case(
    desk: Desk,
    *,
    membership_id: UUID,
    evaluation_id: UUID,
    submitted_to_id: UUID,
    category: ExceptionCategory,
    reason: str,
    idempotency_key: str | None = None,
) -> ExceptionCase:
    """The customer's manager asks the tier-1 branch above to take one customer who misses head office's thresholds.

    For an application, or for a member whose term is under review, who stays one until it is decided. WRONG_STATE;
    REASON_REQUIRED; NO_CONSENT (Art. 3); NO_MANAGER, MANAGER_NOT_FULL_TIME (Art. 9); EVALUATION_NOT_HIS,
    EVALUATION_STALE (Art. 6), EXCEPTION_TIER, NOTHING_MISSED, EVALUATION_INCOMPLETE (Art. 7), CAMPAIGN_OVER (Notice 2);
    EVALUATION_BEFORE_REVIEW, RENEWAL_OPEN, TERM_OVER (Art. 16); EXCEPTION_LEVEL, EXCEPTION_NOT_IN_LINE, NO_APPROVER
    (Art. 7).
    """
    await hold_tree(desk)
    membership, customer = await take(desk, Membership, membership_id, Action.SUBMIT, Kind.EXCEPTION)
    evaluation = await desk.open(Evaluation, evaluation_id)
    branch = await desk.open(Institution, submitted_to_id)
    case = ExceptionCase(
        membership_id=membership.id,
        customer_id=customer.id,
        evaluation_id=evaluation.id,
        category=category,
        reason=worded(reason, 1000, "reason"),
        renewal=membership.state == MembershipState.REVIEW_DUE,
        state=ExceptionState.SUBMITTED,
        submitted_at=desk.now,
        submitted_by_id=desk.staff_id,
        submitted_person_id=desk.actor.person_id,
    )
    case.must_say_why()
    consent = await standing(desk, customer, membership)
    standard = await judged(desk, customer, evaluation)
    case.must_be_for(standard)
    missed = await _missed(case, evaluation, standard)
    case.address(branch, customer.owner_path)
    case.must_find_an_approver(await somebody_decides(desk, branch.id, Role.EXC_APPROVER))
    if case.renewal:
        await must_be_renewable(desk, membership, evaluation)
    else:
        await membership.submit_exception(standard.tier, now=desk.now, by=desk.staff_id)
    case.digest = case.bound(
        customer, evaluation, membership, consent.id, desk.policy.version, **case.grounds(missed)
    )
    await case.save()
    await ExceptionShortfall.bulk_create(missed)
    return case


@act("approveExceptionCase", ExceptionCase)
async def approve_exception_case(
    desk: Desk, *, case_id: UUID, version: int, idempotency_key: str | None = None
) -> ExceptionCase:
    """核准: from now on the customer is a VIP customer of head-office tier for one term, with one archive. All of it or
    nothing. For a renewal, the next term follows on the present one.

    By an approver of the personal banking department of that tier-1 branch, another person than who submitted or
    evaluated, who has seen this `version`. STALE_VERSION, WRONG_STATE, EXCEPTION_NOT_PERSONAL_BANKING, SAME_PERSON,
    CONTENT_CHANGED; EXCEPTION_LEVEL, EXCEPTION_NOT_IN_LINE when the tree has changed (Art. 7); NO_CONSENT (Art. 3);
    NO_MANAGER, MANAGER_NOT_FULL_TIME (Art. 9); CENTRE_REQUIRED (Notice 6); TERM_OVER when the term under review has
    ended meanwhile (Art. 16).
    """
    await hold_tree(desk)
    case, customer = await take(desk, ExceptionCase, case_id, Action.APPROVE)
    membership = await _before_him(desk, case, version)
    consent = await standing(desk, customer, membership)
    branch = await Institution.get(id=case.submitted_to_id)
    case.address(branch, customer.owner_path)
    await _must_be_unchanged(desk, case, customer, membership)
    number = await _next_number(desk, branch)
    await case.approve(number, at=desk.now, by=desk.staff_id, person=desk.actor.person_id)
    if case.renewal:
        await renew(desk, membership, Tier.HEAD_OFFICE, exception_id=case.id)
        return case
    await admit(desk, membership, exception_id=case.id)
    registration = await Registration.get(id=membership.registration_id)
    await open_archive(desk, customer, membership, registration, consent, number)
    return case


@act("rejectExceptionCase", ExceptionCase)
async def reject_exception_case(
    desk: Desk, *, case_id: UUID, version: int, reason: str, idempotency_key: str | None = None
) -> ExceptionCase:
    """不予核准, on merit: the application is over. A member under review stays one until his term is decided otherwise.

    By whoever could approve it. REASON_REQUIRED, STALE_VERSION, WRONG_STATE, EXCEPTION_NOT_PERSONAL_BANKING,
    SAME_PERSON, CONTENT_CHANGED (Art. 7).
    """
    case, customer = await take(desk, ExceptionCase, case_id, Action.REJECT)
    why = worded(reason, 400, "reason")
    membership = await _before_him(desk, case, version)
    await _must_be_unchanged(desk, case, customer, membership)
    await case.reject(why, at=desk.now, by=desk.staff_id, person=desk.actor.person_id)
    if not case.renewal:
        await membership.reject(now=desk.now, by=desk.staff_id)
    return case


@act("returnExceptionCase", ExceptionCase)
async def return_exception_case(
    desk: Desk, *, case_id: UUID, version: int, reason: str, idempotency_key: str | None = None
) -> ExceptionCase:
    """退回: send it back for a defect, by whoever could approve it. The manager then submits a corrected one.

    REASON_REQUIRED, STALE_VERSION, WRONG_STATE, EXCEPTION_NOT_PERSONAL_BANKING, SAME_PERSON (Art. 7).
    """
    case, _ = await take(desk, ExceptionCase, case_id, Action.RETURN)
    why = worded(reason, 400, "reason")
    membership = await _before_him(desk, case, version)
    await case.return_for_correction(why, at=desk.now, by=desk.staff_id, person=desk.actor.person_id)
    if not case.renewal:
        await membership.take_back(why, now=desk.now, by=desk.staff_id)
    return case


async def _before_him(desk: Desk, case: ExceptionCase, version: int) -> Membership:
    """The membership that this exception is for, when it is his to decide and as he has seen it."""
    case.must_await(version)
    departments = {
        seat.department
        for seat in desk.actor.seats
        if seat.role is Role.EXC_APPROVER and seat.institution_id == case.submitted_to_id
    }
    case.must_be_decided_by(desk.actor.person_id, departments, await evaluator(case.evaluation_id))
    return await Membership.get(id=case.membership_id)


async def _must_be_unchanged(
    desk: Desk, case: ExceptionCase, customer: Customer, membership: Membership
) -> None:
    evaluation = await Evaluation.get(id=case.evaluation_id)
    registration = await Registration.get(id=membership.registration_id)
    missed = await ExceptionShortfall.filter(case_id=case.id)
    consent_id, policy = registration.consent_id, desk.policy.version
    case.must_still_say(
        case.bound(customer, evaluation, membership, consent_id, policy, **case.grounds(missed))
    )


async def _missed(
    case: ExceptionCase, evaluation: Evaluation, standard: Standard
) -> list[ExceptionShortfall]:
    """The thresholds missed, of the standard or of the campaign that stands in for it (Notice 2)."""
    screening = await Screening.get(id=evaluation.screening_id).prefetch_related("campaign")
    missed = shortfalls(await rule_under(standard, evaluation.as_of, screening.campaign), evaluation)
    case.must_miss(len(missed))
    return [
        ExceptionShortfall(
            case_id=case.id,
            customer_id=case.customer_id,
            short=it.threshold - it.figure,
            **it._asdict(),
        )
        for it in missed
    ]


async def _next_number(desk: Desk, branch: Institution) -> str:
    """核准号: apart from the branch's filing numbers by its letter. Its row is locked, so that no two get the same."""
    await Institution.filter(id=branch.id).select_for_update(no_key=True).get()
    approved = await ExceptionCase.filter(submitted_to_id=branch.id, approval_number__isnull=False).count()
    return f"{branch.code}-{desk.today.year}-E{approved + 1:06}"
