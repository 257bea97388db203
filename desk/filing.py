"""Filing (备案): submitted by the manager, recorded or returned by another person at tier-2 or above (Art. 6)."""

from __future__ import annotations

from uuid import UUID

from authz import Action, Kind, Role
from desk.acts import act
from desk.archives import open_archive
from desk.desk import Desk
from desk.membership import take
from desk.membership.renewals import admit, must_be_renewable, renew
from desk.serving import managers_of, somebody_decides
from desk.tree import hold_tree
from models.campaigns import Campaign
from models.customers import Customer
from models.filing import Filing
from models.institutions import Institution
from models.membership import Membership
from models.people import Staff
from models.registration import Consent, Registration, full_time_manager
from models.standards import Evaluation, Screening, Standard
from models.vocabulary import FilingState, MembershipState, Tier
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
    """The customer's manager sends an application, or the renewal of a membership under review, with its evaluation to
    the office that will put it on record. Who is under review stays a member meanwhile (Art. 16).

    WRONG_STATE unless applied for, returned or under review; NO_CONSENT (Art. 3); NO_MANAGER, MANAGER_NOT_FULL_TIME (Art. 9);
    EVALUATION_NOT_HIS, EVALUATION_STALE, EVALUATION_FAILED (Art. 6), STANDARD_OF_ANOTHER_BRANCH (Art. 8);
    CAMPAIGN_OVER when a campaign's thresholds judged him and its last day is past (Notice 2);
    HIGHER_TIER_MET (Art. 2); FILING_LEVEL, NOT_IN_LINE, NO_RECORDER (Art. 6); for a renewal also TERM_OVER,
    EVALUATION_BEFORE_REVIEW, RENEWAL_OPEN (Art. 16).
    """
    await hold_tree(desk)
    membership, customer = await take(desk, Membership, membership_id, Action.SUBMIT, Kind.FILING)
    evaluation = await desk.open(Evaluation, evaluation_id)
    office = await desk.open(Institution, submitted_to_id)
    consent = await standing(desk, customer, membership)
    standard = await judged(desk, customer, evaluation)
    evaluation.must_have_passed()
    filing = Filing(
        membership_id=membership.id,
        customer_id=customer.id,
        evaluation_id=evaluation.id,
        renewal=membership.state == MembershipState.REVIEW_DUE,
        state=FilingState.SUBMITTED,
        submitted_at=desk.now,
        submitted_by_id=desk.staff_id,
        submitted_person_id=desk.actor.person_id,
    )
    filing.address(office, customer.owner_path)
    filing.must_find_a_recorder(await somebody_decides(desk, office.id, Role.FILING_RECORDER))
    filing.must_be_for(standard.tier, await _head_office_met(customer.id))
    if filing.renewal:
        await must_be_renewable(desk, membership, evaluation)
    else:
        await membership.submit(standard.tier, now=desk.now, by=desk.staff_id)
    filing.digest = filing.bound(customer, evaluation, membership, consent.id, desk.policy.version)
    await filing.save()
    return filing


@act("recordFiling", Filing)
async def record_filing(
    desk: Desk, *, filing_id: UUID, version: int, idempotency_key: str | None = None
) -> Filing:
    """Put a filing on record: from now on the customer is a VIP customer, with one archive. All of it or nothing.
    A renewal gives the next term, and the tier of its own evaluation, which may be higher or lower than before.

    By a recorder of the personal banking department it was sent to, another person than its filer, who has seen
    this `version`. STALE_VERSION, WRONG_STATE, NOT_PERSONAL_BANKING, SAME_PERSON, CONTENT_CHANGED (Art. 6);
    FILING_LEVEL, NOT_IN_LINE when the tree has changed; NO_CONSENT (Art. 3); NO_MANAGER, MANAGER_NOT_FULL_TIME
    (Art. 9); CENTRE_REQUIRED (Notice 6); TERM_OVER for a renewal that comes too late (Art. 16).
    """
    await hold_tree(desk)
    filing, customer = await take(desk, Filing, filing_id, Action.RECORD)
    membership = await _before_him(desk, filing, version)
    consent = await standing(desk, customer, membership)
    office = await Institution.get(id=filing.submitted_to_id)
    filing.address(office, customer.owner_path)
    evaluation = await Evaluation.get(id=filing.evaluation_id)
    filing.must_still_say(filing.bound(customer, evaluation, membership, consent.id, desk.policy.version))
    number = await _next_number(desk, office)
    await filing.record(number, at=desk.now, by=desk.staff_id, person=desk.actor.person_id)
    if filing.renewal:
        standard = await Standard.get(id=evaluation.standard_id)
        await renew(desk, membership, standard.tier, filing_id=filing.id)
    else:
        await admit(desk, membership, filing_id=filing.id)
        registration = await Registration.get(id=membership.registration_id)
        await open_archive(desk, customer, membership, registration, consent, number)
    return filing


@act("returnFiling", Filing)
async def return_filing(
    desk: Desk, *, filing_id: UUID, version: int, reason: str, idempotency_key: str | None = None
) -> Filing:
    """退回: send it back for a defect, by whoever could record it. The manager then submits a corrected one.
    Who is under review stays so, until his term's end.

    REASON_REQUIRED, STALE_VERSION, WRONG_STATE, NOT_PERSONAL_BANKING, SAME_PERSON.
    """
    filing, _ = await take(desk, Filing, filing_id, Action.RETURN)
    why = worded(reason, 400, "reason")
    membership = await _before_him(desk, filing, version)
    await filing.return_for_correction(why, at=desk.now, by=desk.staff_id, person=desk.actor.person_id)
    if not filing.renewal:
        await membership.take_back(why, now=desk.now, by=desk.staff_id)
    return filing


async def _before_him(desk: Desk, filing: Filing, version: int) -> Membership:
    """The membership that this filing is for, when it is his to decide and as he has seen it."""
    filing.must_await(version)
    departments = {
        seat.department
        for seat in desk.actor.seats
        if seat.role is Role.FILING_RECORDER and seat.institution_id == filing.submitted_to_id
    }
    filing.must_be_decided_by(desk.actor.person_id, departments, await evaluator(filing.evaluation_id))
    return await Membership.get(id=filing.membership_id)


async def evaluator(evaluation_id: UUID) -> UUID | None:
    """The person who ran the evaluation; None when the house did it by itself."""
    evaluation = await Evaluation.get(id=evaluation_id)
    screening = await Screening.get(id=evaluation.screening_id)
    staff = await Staff.get_or_none(id=screening.started_by_id)
    return staff.person_id if staff else None


async def standing(desk: Desk, customer: Customer, membership: Membership) -> Consent:
    """The consent that the application rests on; the customer wants it, and a full-time manager serves him."""
    registration = await Registration.get(id=membership.registration_id)
    consent = await Consent.get(id=registration.consent_id)
    consent.must_hold(desk.now)
    full_time_manager(await managers_of(desk, customer))
    return consent


async def judged(desk: Desk, customer: Customer, evaluation: Evaluation) -> Standard:
    """The standard that the evaluation was made by, when a decision about this customer may rest on it."""
    standard = await Standard.get(id=evaluation.standard_id)
    versions = await Standard.filter(code=standard.code).values_list("id", flat=True)
    latest = (
        await Evaluation.filter(customer_id=evaluation.customer_id, standard_id__in=versions)
        .order_by("-as_of", "-recorded_at", "id")
        .first()
    )
    evaluation.must_be_current(customer.id, standard, latest.id if latest else evaluation.id)
    owner = await Institution.get(id=standard.owner_id) if standard.owner_id else None
    standard.must_judge(customer.owner_path, owner.path if owner else "/")
    screening = await Screening.get(id=evaluation.screening_id)
    if screening.campaign_id is not None:
        (await Campaign.get(id=screening.campaign_id)).must_still_run(desk.today)
    return standard


async def _head_office_met(customer_id: UUID) -> bool:
    """Whether his latest evaluation by one of head office's standards, then law, was passed."""
    standards = {it.id: it for it in await Standard.filter(tier=Tier.HEAD_OFFICE)}
    found = Evaluation.filter(customer_id=customer_id, standard_id__in=list(standards))
    latest: dict[str, bool] = {}
    for standard_id, as_of, passed in await found.order_by("-as_of", "-recorded_at", "id").values_list(
        "standard_id", "as_of", "passed"
    ):
        standard = standards[standard_id]
        latest.setdefault(standard.code, passed and standard.in_force(as_of))
    return any(latest.values())


async def _next_number(desk: Desk, office: Institution) -> str:
    """备案号: the office's code, the year, and its next number. Its row is locked, so that no two get the same."""
    await Institution.filter(id=office.id).select_for_update(no_key=True).get()
    recorded = await Filing.filter(submitted_to_id=office.id, filing_number__isnull=False).count()
    return f"{office.code}-{desk.today.year}-{recorded + 1:06}"
