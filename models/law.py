"""Law: what one person drafts, submits, and another approves, and what then holds between two days (Notice 2)."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self
from uuid import UUID

from tortoise import fields
from tortoise.queryset import QuerySet

from models.base import Row
from models.errors import Refusal, WrongState
from models.vocabulary import LawPhase, LawState

ONE_DAY = dt.timedelta(days=1)


class ReturnReasonRequired(Refusal):
    """Who sends a draft back says what must be changed."""

    code = "RETURN_REASON_REQUIRED"
    article = "Notice 2"


class EffectiveTooEarly(Refusal):
    """A version takes over from its predecessor; it cannot begin before it."""

    code = "EFFECTIVE_TOO_EARLY"
    article = "Notice 2"


class Law(Row):
    """One version of a text that binds. Written once; a change is the next version. Its last day counts to 24:00."""

    FAMILY: ClassVar[str] = "code"
    """The column that all versions of one text share. No two of them are law on one day."""

    state = fields.CharField(max_length=16)
    effective_from = fields.DateField()
    effective_to = fields.DateField(null=True)
    drafted_by_id = fields.UUIDField(null=True)
    submitted_at = fields.DatetimeField(null=True)
    submitted_by_id = fields.UUIDField(null=True)
    approved_by_id = fields.UUIDField(null=True)
    approved_at = fields.DatetimeField(null=True)
    return_reason = fields.CharField(max_length=400, default="", db_default="")

    class Meta:
        abstract = True

    def family(self) -> QuerySet[Self]:
        """It and every other version of the same text."""
        return type(self).filter(**{self.FAMILY: getattr(self, self.FAMILY)})

    def in_force(self, on: dt.date) -> bool:
        """Approved, and law on this day; its last day counts to midnight (Notice 2)."""
        return (
            self.state == LawState.APPROVED
            and self.effective_from <= on
            and (self.effective_to is None or on <= self.effective_to)
        )

    def phase(self, on: dt.date) -> LawPhase:
        """What it is on a day: approved ones are EFFECTIVE between their days, and SUPERSEDED after them."""
        if self.state != LawState.APPROVED:
            return LawPhase(self.state)
        if on < self.effective_from:
            return LawPhase.APPROVED
        return LawPhase.EFFECTIVE if self.in_force(on) else LawPhase.SUPERSEDED

    async def submit(self, at: dt.datetime, by: UUID) -> None:
        """Before whoever approves. Only a draft is submitted, and only once."""
        if self.state != LawState.DRAFT:
            raise WrongState(f"This is {self.state}; only a DRAFT is submitted. Draft it anew.")
        self.state, self.submitted_at, self.submitted_by_id = LawState.SUBMITTED, at, by
        await self.save(update_fields=["state", "submitted_at", "submitted_by_id"])

    def must_be_submitted(self) -> None:
        if self.state != LawState.SUBMITTED:
            raise WrongState(
                f"This is {self.state}; only what is SUBMITTED is approved or returned. Look at its state."
            )

    async def take_over_from(self, former: Law) -> None:
        """The version that was law until now ends on the day before. What was decided by it stays."""
        if self.effective_from <= former.effective_from:
            raise EffectiveTooEarly(
                f"The version before it is law from {former.effective_from.isoformat()}. "
                "Draft one that begins later.",
                field="effectiveFrom",
            )
        former.effective_to = self.effective_from - ONE_DAY
        await former.save(update_fields=["effective_to"])

    async def approve(self, at: dt.datetime, by: UUID) -> None:
        """Law from its first day on. Another person than its writer has said so."""
        self.must_be_submitted()
        self.state, self.approved_by_id, self.approved_at = LawState.APPROVED, by, at
        await self.save(update_fields=["state", "approved_by_id", "approved_at"])

    async def give_back(self, reason: str) -> None:
        """退回. It stays as it is, for the record; its correction is drafted anew."""
        self.must_be_submitted()
        if not reason:
            raise ReturnReasonRequired(
                "Write what must be changed before it is drafted anew.", field="reason"
            )
        self.state, self.return_reason = LawState.RETURNED, reason
        await self.save(update_fields=["state", "return_reason"])
