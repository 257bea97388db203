"""Stock movements: cards move only by a list that two persons have signed, and what was posted stays (Notice 4)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.custody import MovementState
from models.errors import Refusal, StaleVersion, WrongState
from models.institutions import Institution
from models.people import Staff
from models.products import CardProduct
from models.serials import Range


class MovementChanged(Refusal):
    """Signatures are bound to the exact list: what is no longer that list is not carried out."""

    code = "MOVEMENT_CHANGED"
    article = "Notice 4"


class StockMovement(Row):
    """出入库单 (Notice 4, Annex 1). Signed by the designated custodian and countersigned by his own business supervisor.
    `digest` is of the exact content, and any edit voids the signatures. Once POSTED it is never changed: what was wrong
    is put right by a movement that reverses it."""

    kind = fields.CharField(max_length=16)
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="movements", on_delete=fields.RESTRICT
    )
    product_id: UUID
    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="movements", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    other: fields.ForeignKeyNullableRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="movements_with", null=True, on_delete=fields.RESTRICT
    )
    other_id: UUID | None
    quantity = fields.IntField()
    digest = fields.CharField(max_length=64)
    reason = fields.CharField(max_length=200, default="", db_default="")
    over_quota_reason = fields.CharField(max_length=200, default="", db_default="")
    cause = fields.CharField(max_length=24, default="", db_default="")
    """Of one customer's card that is voided or taken in: why (models/custody.CardCause)."""
    order_id = fields.UUIDField(null=True)
    card_id = fields.UUIDField(null=True)
    source_id = fields.UUIDField(null=True)
    stocktake_id = fields.UUIDField(null=True)
    destruction_id = fields.UUIDField(null=True)
    drafted_at = fields.DatetimeField()
    drafted_by_id = fields.UUIDField()
    posted_at = fields.DatetimeField(null=True)
    posted_on = fields.DateField(null=True)
    rejected_at = fields.DatetimeField(null=True)
    rejected_by_id = fields.UUIDField(null=True)
    reject_reason = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "stock_movement"
        indexes = [
            Index(fields=("institution_id", "state")),
            Index(fields=("source_id",)),
            Index(fields=("order_id",)),
            Index(fields=("card_id",)),
        ]

    def content(self, lines: Iterable[MovementLine]) -> str:
        """SHA-256 of what is signed: which numbers go from what to what, where, for whom and why."""
        bound = {
            "kind": self.kind,
            "product": self.product_id,
            "institution": self.institution_id,
            "other": self.other_id,
            "reason": self.reason,
            "over quota": self.over_quota_reason,
            "cause": self.cause,
            "for": [self.order_id, self.card_id, self.source_id, self.stocktake_id, self.destruction_id],
            "lines": sorted(
                (line.first_serial, line.last_serial, line.from_state, line.to_state) for line in lines
            ),
        }
        text = json.dumps(bound, sort_keys=True, default=str, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def must_still_say(self, lines: Iterable[MovementLine]) -> None:
        if self.content(lines) != self.digest:
            raise MovementChanged("This list has changed since it was signed. Have it signed anew.")

    def must_be(self, *states: MovementState) -> None:
        if self.state not in states:
            raise WrongState(
                f"This movement is {self.state}; this needs {' or '.join(states)}. Look at it again."
            )

    def must_be_seen(self, version: int) -> None:
        """As it was when it was looked at: nobody signs a list that he has not read."""
        if self.version != version:
            raise StaleVersion(
                "This movement has changed since you looked at it. Read its list again, then sign.",
                field="version",
            )

    async def reject(self, reason: str, *, now: dt.datetime, by: UUID) -> None:
        """Over, and it has moved nothing: its list was wrong, or what it was for is over."""
        self.state, self.version = MovementState.REJECTED, self.version + 1
        self.reject_reason, self.rejected_at, self.rejected_by_id = reason, now, by
        await self.save(update_fields=["state", "version", "reject_reason", "rejected_at", "rejected_by_id"])


class MovementLine(Row):
    """出入库单的一行. Card numbers [first_serial, last_serial] that go from one state to another. `from_state` is empty on receipt."""

    movement: fields.ForeignKeyRelation[StockMovement] = fields.ForeignKeyField(
        "models.StockMovement", related_name="lines", on_delete=fields.RESTRICT
    )
    movement_id: UUID
    product_id = fields.UUIDField()
    first_serial = fields.BigIntField()
    last_serial = fields.BigIntField()
    quantity = fields.IntField()
    from_state = fields.CharField(max_length=16, default="", db_default="")
    to_state = fields.CharField(max_length=16)

    class Meta:
        table = "movement_line"
        indexes = [Index(fields=("movement_id",)), Index(fields=("product_id", "first_serial"))]

    @property
    def range(self) -> Range:
        return Range(self.first_serial, self.last_serial)


class Signature(Row):
    """签字 (Notice 4). Who signed which exact list, in whose seat, when. Voided by an edit, never removed."""

    movement: fields.ForeignKeyRelation[StockMovement] = fields.ForeignKeyField(
        "models.StockMovement", related_name="signatures", on_delete=fields.RESTRICT
    )
    movement_id: UUID
    step = fields.CharField(max_length=16)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="signatures", on_delete=fields.RESTRICT
    )
    staff_id: UUID
    person_id = fields.UUIDField()
    for_staff_id = fields.UUIDField()
    """In whose seat: his own, or whom he stands in for (代班)."""
    institution_id = fields.UUIDField()
    digest = fields.CharField(max_length=64)
    signed_at = fields.DatetimeField()
    session_id = fields.UUIDField(null=True)
    voided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "signature"
        indexes = [Index(fields=("movement_id",)), Index(fields=("staff_id",))]
