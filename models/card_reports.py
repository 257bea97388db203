"""Reports of cards: lost by who held them, or found and brought in, at any institution (Annex 1)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.custody import CardReportOutcome
from models.errors import WrongState
from models.institutions import Institution


class CardReport(Row):
    """挂失 / 拾获. A card that somebody lost, or brought in, at any institution, also one of another bank. Who reports
    sees only what he wrote himself, never whose card it is."""

    kind = fields.CharField(max_length=8)
    number = fields.CharField(max_length=32)
    card_id = fields.UUIDField(null=True)
    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="card_reports", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    identity_kind = fields.CharField(max_length=24, default="", db_default="")
    """Which document was shown by who lost it."""
    note = fields.CharField(max_length=200)
    outcome = fields.CharField(max_length=16)
    reported_at = fields.DatetimeField()
    reported_by_id = fields.UUIDField()
    closed_at = fields.DatetimeField(null=True)
    closed_by_id = fields.UUIDField(null=True)
    closing_note = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "card_report"
        indexes = [Index(fields=("institution_id", "reported_at")), Index(fields=("card_id",))]

    def must_be_open(self) -> None:
        if self.closed_at is not None:
            raise WrongState("This report is closed. Write another one if the card has turned up again.")

    async def close(self, outcome: CardReportOutcome, note: str, *, now: dt.datetime, by: UUID) -> None:
        """What became of the card. It is final."""
        self.must_be_open()
        self.outcome, self.closing_note = outcome, note
        self.closed_at, self.closed_by_id = now, by
        await self.save(update_fields=["outcome", "closing_note", "closed_at", "closed_by_id"])
