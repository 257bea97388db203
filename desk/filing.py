"""Filing (备案): submitted by the manager, recorded or returned by another person at tier-2 or above (Art. 6)."""

from __future__ import annotations

from uuid import UUID

from authz import Action, Kind, Role
from desk.acts import act
from desk.archives import open_archive
from desk.desk import Desk
from desk.membership import take
from desk.serving import managers_of, somebody_records
from desk.tree import hold_tree
from models.customers import Customer
from models.filing import Filing
from models.institutions import Institution
from models.membership import Consent, Membership, Registration, full_time_manager
from models.people import Staff
from models.standards import Evaluation, Screening, Standard
from models.vocabulary import FilingState
from models.wording import worded


@act("submitFiling", Filing)
async def submit_filing(
    desk: Desk,
    *,
    membership_id: UUID,
    evaluation_id: UUID,
    submitted_to_id: UUID,
    idempotency_key: str | None = None,
) -> Filing:
    """The customer's manager sends an application with its evaluation to the office that will put it on record.

    WRONG_STATE unless applied for or returned; NO_CONSENT (Art. 3); NO_MANAGER, MANAGER_NOT_FULL_TIME (Art. 9);
    EVALUATION_NOT_HIS, EVALUATION_STALE, EVALUATION_FAILED (Art. 6), STANDARD_OF_ANOTHER_BRANCH (Art. 8);
    FILING_LEVEL, NOT_IN_LINE, NO_RECORDER (Art. 6).
    """
    await hold_tree(desk)
    membership, customer = await take(desk, Membership, membership_id, Action.SUBMIT, Kind.FILING)
    evaluation = await desk.open(Evaluation, evaluation_id)
    office = await desk.open(Institution, submitted_to_id)
    consent = await _standing(desk, customer, membership)
    standard = await _judged(customer, evaluation)
    filing = Filing(
        membership_id=membership.id,
        customer_id=customer.id,
        evaluation_id=evaluation.id,
        state=FilingState.SUBMITTED,
        submitted_at=desk.now,
        submitted_by_id=desk.staff_id,
        submitted_person_id=desk.actor.person_id,
    )
    filing.address(office, customer.owner_path)
    filing.must_find_a_recorder(await somebody_records(desk, office.id))
    await membership.submit(standard.tier)
    filing.digest = filing.content(customer, evaluation, membership, consent.id, desk.policy.version)
    await filing.save()
    return filing


@act("recordFiling", Filing)
async def record_filing(
    desk: Desk, *, filing_id: UUID, version: int, idempotency_key: str | None = None
) -> Filing:
    """Put a filing on record: from now on the customer is a VIP customer, with one archive. All of it or nothing.

    By a recorder of the personal banking department it was sent to, another person than its filer, who has seen
    this `version`. STALE_VERSION, WRONG_STATE, NOT_PERSONAL_BANKING, SAME_PERSON, CONTENT_CHANGED (Art. 6);
    FILING_LEVEL, NOT_IN_LINE when the tree has changed; NO_CONSENT (Art. 3); NO_MANAGER, MANAGER_NOT_FULL_TIME
    (Art. 9); CENTRE_REQUIRED (Notice 6).
    """
    await hold_tree(desk)
    filing, customer = await take(desk, Filing, filing_id, Action.RECORD)
    membership = await _before_him(desk, filing, version)
    consent = await _standing(desk, customer, membership)
    office = await Institution.get(id=filing.submitted_to_id)
    filing.address(office, customer.owner_path)
    evaluation = await Evaluation.get(id=filing.evaluation_id)
    filing.must_still_say(filing.content(customer, evaluation, membership, consent.id, desk.policy.version))
    number = await _next_number(desk, office)
    await filing.record(number, at=desk.now, by=desk.staff_id, person=desk.actor.person_id)
    await membership.activate(filing.id, desk.today)
    registration = await Registration.get(id=membership.registration_id)
    await open_archive(desk, customer, membership, registration, consent, number)
    return filing


@act("returnFiling", Filing)
async def return_filing(
    desk: Desk, *, filing_id: UUID, version: int, reason: str, idempotency_key: str | None = None
) -> Filing:
    """退回: send it back for a defect, by whoever could record it. The manager then submits a corrected one.

    REASON_REQUIRED, STALE_VERSION, WRONG_STATE, NOT_PERSONAL_BANKING, SAME_PERSON.
    """
    filing, _ = await take(desk, Filing, filing_id, Action.RETURN)
    why = worded(reason, 400, "reason")
    membership = await _before_him(desk, filing, version)
    await filing.return_for_correction(why, at=desk.now, by=desk.staff_id, person=desk.actor.person_id)
    await membership.take_back()
    return filing


async def _before_him(desk: Desk, filing: Filing, version: int) -> Membership:
    """The membership that this filing is for, when it is his to decide and as he has seen it."""
    filing.must_await(version)
    departments = {
        seat.department
        for seat in desk.actor.seats
        if seat.role is Role.FILING_RECORDER and seat.institution_id == filing.submitted_to_id
    }
    filing.must_be_decided_by(desk.actor.person_id, departments, await _evaluator(filing))
    return await Membership.get(id=filing.membership_id)


async def _evaluator(filing: Filing) -> UUID | None:
    """The person who ran the evaluation; None when the house did it by itself."""
    evaluation = await Evaluation.get(id=filing.evaluation_id)
    screening = await Screening.get(id=evaluation.screening_id)
    staff = await Staff.get_or_none(id=screening.started_by_id)
    return staff.person_id if staff else None


async def _standing(desk: Desk, customer: Customer, membership: Membership) -> Consent:
    """The consent that the application rests on; the customer wants it, and a full-time manager serves him."""
    registration = await Registration.get(id=membership.registration_id)
    consent = await Consent.get(id=registration.consent_id)
    consent.must_hold(desk.now)
    full_time_manager(await managers_of(desk, customer))
    return consent


async def _judged(customer: Customer, evaluation: Evaluation) -> Standard:
    """The standard that the evaluation was made by, when a filing of this customer may rest on it."""
    standard = await Standard.get(id=evaluation.standard_id)
    versions = await Standard.filter(code=standard.code).values_list("id", flat=True)
    latest = (
        await Evaluation.filter(customer_id=evaluation.customer_id, standard_id__in=versions)
        .order_by("-as_of", "-recorded_at", "id")
        .first()
    )
    evaluation.must_support(customer.id, standard, latest.id if latest else evaluation.id)
    owner = await Institution.get(id=standard.owner_id) if standard.owner_id else None
    standard.must_judge(customer.owner_path, owner.path if owner else "/")
    return standard


async def _next_number(desk: Desk, office: Institution) -> str:
    """备案号: the office's code, the year, and its next number. Its row is locked, so that no two get the same."""
    await Institution.filter(id=office.id).select_for_update(no_key=True).get()
    recorded = await Filing.filter(submitted_to_id=office.id, filing_number__isnull=False).count()
    return f"{office.code}-{desk.today.year}-{recorded + 1:06}"
