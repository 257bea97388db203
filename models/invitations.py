"""Invitations: whom his manager asked to become a VIP customer, and what he answered (客户自愿, Art. 3)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer
from models.errors import BadInput, Refusal, WrongState
from models.registration import ReasonRequired
from models.terms import quiet_until
from models.vocabulary import InvitationState


class InvitationOpen(Refusal):
    """He has been asked already and has not answered yet. One question at a time."""

    code = "INVITATION_OPEN"
    article = "3"


class DeclinedLately(Refusal):
    """Who has declined is left in peace for a while: nobody is pressed into it (客户自愿)."""

    code = "DECLINED_LATELY"
    article = "3"


class CustomerDeceased(Refusal):
    """The dead are not asked, nor are their families in their place."""

    code = "CUSTOMER_DECEASED"
    article = "3"


def must_be_left_in_peace(did: str, on: dt.date, asked: dt.date) -> None:
    """Who declined, or withdrew, on a business day is not asked again too soon."""
    until = quiet_until(on)
    if asked <= until:
        raise DeclinedLately(
            f"The customer {did} on {on}. Do not ask him again before {until + dt.timedelta(days=1)}."
        )


class Invitation(Row):
    """邀请 (Art. 3). Written down when it was made, and once more when he answered."""

    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="invitations", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    channel = fields.CharField(max_length=40)
    state = fields.CharField(max_length=16)
    invited_at = fields.DatetimeField()
    invited_by_id = fields.UUIDField()
    recorded_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)
    answered_recorded_at = fields.DatetimeField(null=True)
    answered_by_id = fields.UUIDField(null=True)
    words = fields.CharField(max_length=400, default="", db_default="")

    class Meta:
        table = "invitation"
        indexes = [Index(fields=("customer_id", "invited_at"))]

    async def answer(
        self, accepted: bool, *, at: dt.datetime, now: dt.datetime, by: UUID, words: str
    ) -> None:
        """What he said, once. A refusal keeps his words, so that nobody asks again too soon."""
        if self.state != InvitationState.OPEN:
            raise WrongState(f"This invitation is {self.state} already. Nothing was changed.")
        if at < self.invited_at:
            raise BadInput("He cannot answer before he was asked. Correct the time.", field="answeredAt")
        if not accepted and not words:
            raise ReasonRequired("Write what the customer said when he declined.", field="words")
        self.state = InvitationState.ACCEPTED if accepted else InvitationState.DECLINED
        self.answered_at, self.answered_recorded_at, self.answered_by_id, self.words = at, now, by, words
        await self.save(
            update_fields=["state", "answered_at", "answered_recorded_at", "answered_by_id", "words"]
        )
