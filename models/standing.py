"""Standing: the columns that say how a membership stands, and the one way in which they change."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields

from models.base import Row
from models.errors import WrongState
from models.history import MembershipEvent
from models.registration import ReasonRequired
from models.vocabulary import MembershipState


class Standing(Row):
    """What a membership is now. Every change is also an event, so that the story can be told from its beginning."""

    customer_id: UUID
    tier = fields.CharField(max_length=16, null=True)
    state = fields.CharField(max_length=20)
    version = fields.IntField(default=1, db_default=1)
    filing_id = fields.UUIDField(null=True)
    exception_id = fields.UUIDField(null=True)
    term_starts = fields.DateField(null=True)
    term_ends = fields.DateField(null=True)
    over = fields.BooleanField(default=False, db_default=False)
    over_at = fields.DatetimeField(null=True)
    over_reason = fields.CharField(max_length=200, default="", db_default="")
    suspended_person_id = fields.UUIDField(null=True)

    class Meta:
        abstract = True

    def _must_say(self, reason: str, otherwise: str) -> None:
        if not reason:
            raise ReasonRequired(otherwise, field="reason")

    def _must_be(self, *states: MembershipState) -> None:
        if self.state not in states:
            raise WrongState(
                f"This membership is {self.state}; this needs {' or '.join(states)}. Look again."
            )

    async def _end(
        self,
        state: MembershipState,
        reason: str,
        *,
        at: dt.datetime,
        now: dt.datetime,
        by: UUID,
        cause: str = "",
    ) -> None:
        """Over for good, since `at`. Whoever calls this also closes what hangs on it (desk.membership.close)."""
        if self.over:
            raise WrongState("This membership is already over. A new one begins with a new registration.")
        self.over, self.over_at, self.over_reason = True, at, reason
        changed = ("over", "over_at", "over_reason", "term_ends")
        await self._become(state, *changed, at=at, now=now, by=by, cause=cause, reason=reason)

    async def _become(
        self,
        state: MembershipState,
        *changed: str,
        now: dt.datetime,
        by: UUID,
        at: dt.datetime | None = None,
        cause: str = "",
        reason: str = "",
    ) -> None:
        """The one place where a state changes: the row as it is from now on, and the event that tells it for ever."""
        self.state = state
        self.version += 1
        await self.save(update_fields=["state", "version", *changed] if self._saved_in_db else None)
        await MembershipEvent.create(
            membership_id=self.pk,
            customer_id=self.customer_id,
            state=state,
            tier=self.tier,
            version=self.version,
            at=at or now,
            recorded_at=now,
            by_id=by,
            cause=cause,
            reason=reason,
            filing_id=self.filing_id,
            exception_id=self.exception_id,
            term_ends=self.term_ends,
        )
