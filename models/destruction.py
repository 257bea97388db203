"""Destruction: a permanent list of the cards that were destroyed, with who approved it and who watched (Annex 1)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.custody import DestructionSide, DestructionState
from models.errors import Refusal, StaleVersion, WrongState
from models.institutions import Institution
from models.people import Staff
from models.products import CardProduct
from models.serials import Range


class DestructionChanged(Refusal):
    """Approvals and witnesses are bound to the exact list: no other card is destroyed by it."""

    code = "DESTRUCTION_CHANGED"
    article = "Annex 1"


class SideApproved(Refusal):
    code = "ALREADY_APPROVED"
    article = "Annex 1"


class NotHisToWitness(Refusal):
    """监销人 sign themselves, under the very staff number that the list names."""

    code = "NOT_HIS_TO_WITNESS"
    article = "Annex 1"


class AlreadyWitnessed(Refusal):
    code = "ALREADY_WITNESSED"
    article = "Annex 1"


class NotWitnessed(Refusal):
    """Two have watched, or nothing counts as destroyed."""

    code = "NOT_WITNESSED"
    article = "Annex 1"


class DestructionList(Row):
    """销毁清册 (Annex 1). Listed by the custodian, approved by accounting and by audit, destroyed (剪角) before two
    witnesses (监销人), all of them different persons. Kept for ever."""

    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="destruction_lists", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="destruction_lists", on_delete=fields.RESTRICT
    )
    product_id: UUID
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    quantity = fields.IntField()
    digest = fields.CharField(max_length=64)
    reason = fields.CharField(max_length=200)
    listed_at = fields.DatetimeField()
    listed_by_id = fields.UUIDField()
    listed_person_id = fields.UUIDField()
    accounting_at = fields.DatetimeField(null=True)
    accounting_by_id = fields.UUIDField(null=True)
    accounting_person_id = fields.UUIDField(null=True)
    audit_at = fields.DatetimeField(null=True)
    audit_by_id = fields.UUIDField(null=True)
    audit_person_id = fields.UUIDField(null=True)
    first_witness: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="destructions_first", on_delete=fields.RESTRICT
    )
    first_witness_id: UUID
    second_witness: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="destructions_second", on_delete=fields.RESTRICT
    )
    second_witness_id: UUID
    first_witnessed_at = fields.DatetimeField(null=True)
    second_witnessed_at = fields.DatetimeField(null=True)
    movement_id = fields.UUIDField(null=True)
    destroyed_at = fields.DatetimeField(null=True)
    over_reason = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "destruction_list"
        indexes = [Index(fields=("institution_id", "state"))]

    def content(self, lines: Iterable[DestructionLine]) -> str:
        """SHA-256 of what is approved and watched: which numbers, where, why, and before whom."""
        bound = {
            "institution": self.institution_id,
            "product": self.product_id,
            "reason": self.reason,
            "listed by": self.listed_by_id,
            "witnesses": [self.first_witness_id, self.second_witness_id],
            "lines": sorted((line.first_serial, line.last_serial) for line in lines),
        }
        text = json.dumps(bound, sort_keys=True, default=str, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def must_still_say(self, lines: Iterable[DestructionLine]) -> None:
        if self.content(lines) != self.digest:
            raise DestructionChanged("This list is not what was approved. Call it off, and draft another.")

    def must_be(self, *states: DestructionState) -> None:
        if self.state not in states:
            raise WrongState(
                f"This destruction list is {self.state}; this needs {' or '.join(states)}. Look at it again."
            )

    def must_be_seen(self, version: int) -> None:
        """As it was when it was looked at: nobody signs a list that he has not read."""
        if self.version != version:
            raise StaleVersion(
                "This destruction list has changed since you looked at it. Read it again, then sign.",
                field="version",
            )

    async def approve(self, side: DestructionSide, now: dt.datetime, staff_id: UUID, person_id: UUID) -> None:
        """One of the two approvals. With the second the list is APPROVED."""
        prefix = side.lower()
        if getattr(self, f"{prefix}_at") is not None:
            raise SideApproved(
                f"This list is approved for {side} already. The other side is still to approve.", field="side"
            )
        for column, value in (("at", now), ("by_id", staff_id), ("person_id", person_id)):
            setattr(self, f"{prefix}_{column}", value)
        if self.accounting_at is not None and self.audit_at is not None:
            self.state = DestructionState.APPROVED
        await self.change(f"{prefix}_at", f"{prefix}_by_id", f"{prefix}_person_id")

    def may_be_witnessed_by(self, staff_id: UUID) -> None:
        """After both approvals, and by whom the list names: NOT_HIS_TO_WITNESS, ALREADY_WITNESSED, WRONG_STATE."""
        if staff_id not in (self.first_witness_id, self.second_witness_id):
            raise NotHisToWitness("The two witnesses whom the list names sign that they have watched.")
        first = staff_id == self.first_witness_id
        if (self.first_witnessed_at if first else self.second_witnessed_at) is not None:
            raise AlreadyWitnessed("You have signed that you watched. Nothing was changed.")
        self.must_be(DestructionState.APPROVED)

    async def witness(self, staff_id: UUID, now: dt.datetime) -> None:
        if staff_id == self.first_witness_id:
            self.first_witnessed_at = now
        else:
            self.second_witnessed_at = now
        await self.change("first_witnessed_at", "second_witnessed_at")

    def must_be_witnessed(self) -> None:
        """Approved twice and watched twice: WRONG_STATE, NOT_WITNESSED."""
        self.must_be(DestructionState.APPROVED)
        if self.first_witnessed_at is None or self.second_witnessed_at is None:
            raise NotWitnessed(
                "Both witnesses sign that they have watched, then it is booked. One has not yet."
            )

    async def change(self, *changed: str) -> None:
        self.version += 1
        await self.save(update_fields=["state", "version", *changed])


class DestructionLine(Row):
    """销毁清册的一行. Card numbers [first_serial, last_serial]."""

    destruction: fields.ForeignKeyRelation[DestructionList] = fields.ForeignKeyField(
        "models.DestructionList", related_name="lines", on_delete=fields.RESTRICT
    )
    destruction_id: UUID
    first_serial = fields.BigIntField()
    last_serial = fields.BigIntField()
    quantity = fields.IntField()

    class Meta:
        table = "destruction_line"
        indexes = [Index(fields=("destruction_id",))]

    @property
    def range(self) -> Range:
        return Range(self.first_serial, self.last_serial)
