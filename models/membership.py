"""Membership: the standing that a registration leads to, from the application to whichever end."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.customers import Customer
from models.errors import Refusal
from models.registration import (
    Consent,
    ReasonRequired,
    Registration,
    Serving,
)
from models.standing import Standing
from models.terms import (
    Calendar,
    EvaluationBeforeReview,
    NotDueYet,
    TermOver,
    TermRunning,
    midnight_after,
    next_working_day,
    review_from,
    term_end,
)
from models.vocabulary import MEMBERS, CancellationCause, MembershipState

__all__ = [
    "Consent",
    "Membership",
    "ReasonRequired",
    "Registration",
    "Serving",
]


class MembershipExists(Refusal):
    code = "MEMBERSHIP_EXISTS"
    article = "2"


class CancelledBySuspender(Refusal):
    """Who suspended a membership does not also cancel it: two persons means two human beings."""

    code = "CANCELLED_BY_SUSPENDER"
    article = "16"


class Membership(Standing):
    """会员资格 (Art. 2, 6). A customer has at most one that is not over. ACTIVE only through a recorded filing.
    The approval of an exception stands in for it (Art. 7). `tier` is known once either is submitted."""

    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="memberships", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "models.Registration", related_name="memberships", on_delete=fields.RESTRICT
    )
    registration_id: UUID

    class Meta:
        table = "membership"
        indexes = [
            Index(fields=("customer_id",)),
            Index(fields=("registration_id",)),
            Index(fields=("state", "term_ends")),
        ]

    @classmethod
    async def apply(cls, registration: Registration, *, now: dt.datetime, by: UUID) -> Membership:
        """申请: begun with the registration form, on the day that it was signed."""
        begun = cls(customer_id=registration.customer_id, registration_id=registration.id, version=0)
        await begun._become(MembershipState.APPLIED, at=registration.registered_at, now=now, by=by)
        return begun

    async def submit(self, tier: str, *, now: dt.datetime, by: UUID) -> None:
        """Into filing, for the tier that the evaluation's standard leads to."""
        self._must_be(MembershipState.APPLIED, MembershipState.EVALUATED)
        self.tier = tier
        await self._become(MembershipState.FILING, "tier", now=now, by=by)

    async def submit_exception(self, tier: str, *, now: dt.datetime, by: UUID) -> None:
        """Before the tier-1 branch, for the tier whose thresholds he misses (Art. 7)."""
        self._must_be(MembershipState.APPLIED, MembershipState.EVALUATED)
        self.tier = tier
        await self._become(MembershipState.EXCEPTION_PENDING, "tier", now=now, by=by)

    async def take_back(self, reason: str, *, now: dt.datetime, by: UUID) -> None:
        """Its filing, or its exception, was returned for correction, so that it may be submitted again."""
        self._must_be(MembershipState.FILING, MembershipState.EXCEPTION_PENDING)
        await self._become(MembershipState.EVALUATED, now=now, by=by, reason=reason)

    async def activate(
        self,
        today: dt.date,
        calendar: Calendar,
        *,
        now: dt.datetime,
        by: UUID,
        filing_id: UUID | None = None,
        exception_id: UUID | None = None,
    ) -> None:
        """A VIP customer from today, for one term, by this recorded filing (Art. 6) or approved exception (Art. 7)."""
        self._must_be(MembershipState.FILING if filing_id else MembershipState.EXCEPTION_PENDING)
        self.filing_id, self.exception_id, self.term_starts = filing_id, exception_id, today
        await self._enter_term(term_end(today, calendar), now=now, by=by)

    async def fall_due(self, today: dt.date, calendar: Calendar, *, now: dt.datetime, by: UUID) -> None:
        """重新认定 is due. The end is settled anew by the calendar that is published by now: it may move on to a
        working day (民法典 203), never back. NOT_DUE_YET before `review_from` of that end; WRONG_STATE unless ACTIVE.
        """
        self._must_be(MembershipState.ACTIVE)
        ends = self._last_day(calendar)
        if today < review_from(ends):
            raise NotDueYet(
                f"This membership runs until {ends}. Its review begins on {review_from(ends)}. Wait until then."
            )
        self.term_ends = ends
        await self._become(MembershipState.REVIEW_DUE, "term_ends", now=now, by=by)

    def must_be_renewable(self, as_of: dt.date, today: dt.date, calendar: Calendar) -> None:
        """What a renewal's filing or exception is submitted and decided for, on an evaluation as of this day.

        WRONG_STATE unless due for review, so a suspended one is first resumed; TERM_OVER when the last day has passed;
        EVALUATION_BEFORE_REVIEW.
        """
        self._must_be(MembershipState.REVIEW_DUE)
        self._must_run(today, calendar)
        since = review_from(self._last_day(calendar))
        if as_of < since:
            raise EvaluationBeforeReview(
                f"A renewal rests on an evaluation from the review on. Evaluate him as of {since} or a later day.",
                field="evaluationId",
            )

    async def renew(
        self,
        tier: str,
        today: dt.date,
        calendar: Calendar,
        *,
        now: dt.datetime,
        by: UUID,
        filing_id: UUID | None = None,
        exception_id: UUID | None = None,
    ) -> None:
        """续期 by a recorded filing or an approved exception, of which it names the one that it rests on.

        The new term is counted from the last day of the old one, so that no day is lost or given twice
        (民法典 201), although it is settled before. The tier changes at once: a filing has effect when it is recorded
        (domain.md 1.5 no. 7).
        """
        self._must_be(MembershipState.REVIEW_DUE)
        self._must_run(today, calendar)
        old = self._last_day(calendar)
        self.tier, self.filing_id, self.exception_id = tier, filing_id, exception_id
        self.term_starts = old + dt.timedelta(days=1)
        await self._enter_term(term_end(old, calendar), now=now, by=by)

    async def expire(self, today: dt.date, calendar: Calendar, *, now: dt.datetime, by: UUID) -> None:
        """期满失效 (Art. 16): its last day has passed and nobody renewed it, whether due, suspended or overlooked.

        Over since 24:00 of that day, whenever we come to write it down. TERM_RUNNING until then; WRONG_STATE unless
        a member.
        """
        self._must_be(*MEMBERS)
        self.term_ends = ends = self._last_day(calendar)
        if today <= ends:
            raise TermRunning(f"This membership is valid until 24:00 of {ends}. Let it expire after that.")
        why = f"Its term ended on {ends} and was not renewed."
        await self._end(MembershipState.EXPIRED, why, at=midnight_after(ends), now=now, by=by)

    async def suspend(
        self, cause: CancellationCause, reason: str, *, person: UUID, now: dt.datetime, by: UUID
    ) -> None:
        """暂停 (Art. 16), before anybody decides whether he remains a VIP customer. It says why."""
        self._must_be(MembershipState.ACTIVE, MembershipState.REVIEW_DUE)
        self._must_say(reason, "Write what happened, so that a superior level can judge it.")
        self.suspended_person_id = person
        await self._become(
            MembershipState.SUSPENDED, "suspended_person_id", now=now, by=by, cause=cause, reason=reason
        )

    async def resume(
        self, today: dt.date, calendar: Calendar, reason: str, *, now: dt.datetime, by: UUID
    ) -> None:
        """恢复: nothing came of it. His term has run on meanwhile, so he may be due for review by now."""
        self._must_be(MembershipState.SUSPENDED)
        self._must_run(today, calendar)
        self._must_say(reason, "Write why nothing came of it.")
        due = today >= review_from(self._last_day(calendar))
        self.suspended_person_id = None
        state = MembershipState.REVIEW_DUE if due else MembershipState.ACTIVE
        await self._become(state, "suspended_person_id", now=now, by=by, reason=reason)

    async def cancel(
        self, cause: CancellationCause, reason: str, *, person: UUID, now: dt.datetime, by: UUID
    ) -> None:
        """取消资格 (Art. 16), for good, only of a suspended one, and by another person than who suspended it."""
        self._must_be(MembershipState.SUSPENDED)
        if person == self.suspended_person_id:
            raise CancelledBySuspender(
                "You suspended this membership. Another officer of a superior level decides about cancelling it."
            )
        self._must_say(reason, "Write why he cannot remain a VIP customer.")
        await self._end(MembershipState.CANCELLED, reason, at=now, now=now, by=by, cause=cause)

    async def reject(self, *, now: dt.datetime, by: UUID) -> None:
        """Its exception was not approved, on merit: the application is over. Why, stands in the case, for whom that is for."""
        self._must_be(MembershipState.EXCEPTION_PENDING)
        why = "The tier-1 branch did not approve the exception (Art. 7)."
        await self._end(MembershipState.REJECTED, why, at=now, now=now, by=by)

    async def withdraw(self, reason: str, *, now: dt.datetime, by: UUID) -> None:
        """The customer no longer wants it (Art. 3). Possible at any time, whatever its state, and for good."""
        await self._end(MembershipState.WITHDRAWN, reason, at=now, now=now, by=by)

    async def decease(self, day: dt.date, document: str, *, now: dt.datetime, by: UUID) -> None:
        """身故: over since 24:00 of the day before he died, by the document that says so."""
        at = midnight_after(day - dt.timedelta(days=1))
        await self._end(MembershipState.DECEASED, document, at=at, now=now, by=by)

    def valid_on(self, day: dt.date) -> bool:
        """Whether its holder is served as a VIP customer then: on the last day of the term too, until 24:00.

        Not while suspended. A term that has ended counts no more, even before anybody has written EXPIRED.
        """
        served = self.state in (MembershipState.ACTIVE, MembershipState.REVIEW_DUE)
        return served and self.term_ends is not None and day <= self.term_ends

    def _last_day(self, calendar: Calendar) -> dt.date:
        assert self.term_ends is not None  # every member has a term (ck_membership_active)
        return next_working_day(self.term_ends, calendar)

    def _must_run(self, today: dt.date, calendar: Calendar) -> None:
        ends = self._last_day(calendar)
        if today > ends:
            raise TermOver(f"This membership ended on {ends}. A new one begins with a new registration.")

    async def _enter_term(self, ends: dt.date, *, now: dt.datetime, by: UUID) -> None:
        """ACTIVE until that day, on what `filing_id` or `exception_id` names, one of them."""
        self.term_ends = ends
        changed = ("tier", "filing_id", "exception_id", "term_starts", "term_ends")
        await self._become(MembershipState.ACTIVE, *changed, now=now, by=by)
