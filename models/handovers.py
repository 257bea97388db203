"""Handover (交接): a list of what passes from one person to another, signed by who receives and a witness (4.2)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer, ManagerAssignment
from models.errors import Refusal, WrongState
from models.institutions import Institution
from models.people import Staff
from models.vocabulary import HandoverState


class HandoverOpen(Refusal):
    """Two lists of one giver would leave open which one counts."""

    code = "HANDOVER_OPEN"
    article = "4.2"


class HandoverChanged(Refusal):
    """What would pass is no longer what the list says, so that nobody signs for it, and no signature of it counts."""

    code = "HANDOVER_CHANGED"
    article = "4.2"


class NothingToHandOver(Refusal):
    code = "NOTHING_TO_HAND_OVER"
    article = "4.2"


class NotHisToSign(Refusal):
    """Receiver and witness (监交人) sign themselves, under the very staff number that the list names."""

    code = "NOT_HIS_TO_SIGN"
    article = "4.2"


class AlreadySigned(Refusal):
    code = "ALREADY_SIGNED"
    article = "4.2"


class Handover(Row):
    """交接清单 (domain.md 4.2). Drawn up by the head, signed by receiver and witness (监交人), carried out at its second.
    `digest` binds the signatures to the list. `done_at` is the second in which it takes effect, told ahead or not."""

    giver: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="handovers_given", on_delete=fields.RESTRICT
    )
    giver_id: UUID
    receiver: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="handovers_received", on_delete=fields.RESTRICT
    )
    receiver_id: UUID
    witness: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="handovers_witnessed", on_delete=fields.RESTRICT
    )
    witness_id: UUID
    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="handovers", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    at = fields.DatetimeField()
    reason = fields.CharField(max_length=200)
    digest = fields.CharField(max_length=64)
    drawn_up_by_id = fields.UUIDField()
    drawn_up_at = fields.DatetimeField()
    receiver_signed_at = fields.DatetimeField(null=True)
    witness_signed_at = fields.DatetimeField(null=True)
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "handover"
        indexes = [
            Index(fields=("giver_id",)),
            Index(fields=("receiver_id",)),
            Index(fields=("witness_id",)),
            Index(fields=("institution_id", "state")),
        ]

    @property
    def is_signed(self) -> bool:
        return self.receiver_signed_at is not None and self.witness_signed_at is not None

    def content(self, passing: Iterable[ManagerAssignment]) -> str:
        """SHA-256 of what is signed: who gives to whom, when, and the very assignments that pass."""
        bound = {
            "giver": self.giver_id,
            "receiver": self.receiver_id,
            "witness": self.witness_id,
            "institution": self.institution_id,
            "at": self.at.astimezone(dt.UTC),
            "passing": sorted((str(row.customer_id), str(row.id)) for row in passing),
        }
        text = json.dumps(bound, sort_keys=True, default=str, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def takes_effect_at(self, now: dt.datetime) -> dt.datetime:
        """At its second; when it is signed late, in the second of the last signature: access never changes backwards."""
        return max(self.at, now)

    def must_still_say(self, passing: Iterable[ManagerAssignment]) -> None:
        if self.content(passing) != self.digest:
            raise HandoverChanged(
                "The customers of this list have changed since it was drawn up. Have the head call it off, and draw it up anew."
            )

    def may_be_signed_by(self, staff_id: UUID) -> None:
        """Undecided, and his to sign: NOT_HIS_TO_SIGN, ALREADY_SIGNED, WRONG_STATE."""
        if staff_id not in (self.receiver_id, self.witness_id):
            raise NotHisToSign("A handover list is signed by the receiver and the witness that it names.")
        signed = self.receiver_signed_at if staff_id == self.receiver_id else self.witness_signed_at
        if signed is not None:
            raise AlreadySigned("You have signed this list already. Nothing was changed.")
        if self.state != HandoverState.DRAWN_UP:
            raise WrongState(f"This handover is {self.state}; only a DRAWN_UP one is signed.")

    async def sign(self, staff_id: UUID, now: dt.datetime) -> None:
        """One of the two signatures. With the second it is fixed, and takes effect at its moment."""
        if staff_id == self.receiver_id:
            self.receiver_signed_at = now
        else:
            self.witness_signed_at = now
        if self.is_signed:
            self.done_at = self.takes_effect_at(now)
            self.state = HandoverState.DONE if self.done_at <= now else HandoverState.SIGNED
        await self._change("receiver_signed_at", "witness_signed_at", "done_at")

    def must_be_before_it(self, now: dt.datetime) -> None:
        """Only what has not taken effect is called off."""
        ahead = self.done_at is not None and self.done_at > now
        if self.state != HandoverState.DRAWN_UP and not (self.state == HandoverState.SIGNED and ahead):
            raise WrongState("This handover has been carried out or called off. Draw up another one.")

    async def call_off(self) -> None:
        self.state, self.done_at = HandoverState.CALLED_OFF, None
        await self._change("done_at")

    async def _change(self, *changed: str) -> None:
        self.version += 1
        await self.save(update_fields=["state", "version", *changed])

    @classmethod
    async def settle(cls, giver_id: UUID, now: dt.datetime) -> None:
        """A signed list whose second is past is done. Whoever reads it is told so by his own clock (desk/sights/months.py)."""
        await cls.filter(giver_id=giver_id, state=HandoverState.SIGNED, done_at__lte=now).update(
            state=HandoverState.DONE
        )


class HandoverLine(Row):
    """One customer on a handover list."""

    handover: fields.ForeignKeyRelation[Handover] = fields.ForeignKeyField(
        "models.Handover", related_name="lines", on_delete=fields.RESTRICT
    )
    handover_id: UUID
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="handover_lines", on_delete=fields.RESTRICT
    )
    customer_id: UUID

    class Meta:
        table = "handover_line"
        unique_together = (("handover", "customer"),)
        indexes = [Index(fields=("customer_id",))]
