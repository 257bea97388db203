"""Designations: who is the person for ordering cards, or for keeping them, at an institution (Notice 4)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Dated
from models.errors import AlreadyEnded, Refusal
from models.institutions import Institution
from models.people import Staff


class AlreadyDesignated(Refusal):
    """One person is designated for one duty once at a time."""

    code = "ALREADY_DESIGNATED"
    article = "Notice 4"


class NotCustodianHere(Refusal):
    """指定人员: of those who hold the custodian's role at this very institution, for as long as it is to last."""

    code = "NOT_CUSTODIAN_HERE"
    article = "Notice 4"


class StockNotHandedOver(Refusal):
    """While cards are there, who has them in his charge changes only by a list that three persons sign (交接)."""

    code = "STOCK_NOT_HANDED_OVER"
    article = "Notice 4"


class Designation(Dated):
    """指定人员 (Notice 4). Beside his role, a custodian needs to be the one whom his institution has named for the duty."""

    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="designations", on_delete=fields.RESTRICT
    )
    staff_id: UUID
    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="designations", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    duty = fields.CharField(max_length=8)
    reason = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "designation"
        indexes = [Index(fields=("staff_id",)), Index(fields=("institution_id", "duty"))]

    @property
    def over_at(self) -> dt.datetime | None:
        """When it is over, by its own term or by its end. None: not in sight."""
        return min((it for it in (self.valid_to, self.ended_at) if it is not None), default=None)

    def overlaps(self, start: dt.datetime, end: dt.datetime | None) -> bool:
        """Does it hold at some moment from `start` until `end`?"""
        over = self.over_at
        return (end is None or self.valid_from < end) and (over is None or max(start, self.valid_from) < over)

    def must_be_open(self, at: dt.datetime) -> None:
        over = self.over_at
        if over is not None and over <= at:
            raise AlreadyEnded("This designation is over. Nothing was changed.")

    async def end(self, *, at: dt.datetime, now: dt.datetime, by: UUID | None, reason: str) -> None:
        """End it. An end that is still to come (his leaving, told ahead) may be brought forward: he hands over before."""
        if self.ended_at is not None and at < self.ended_at:
            self.ended_at = None
        await super().end(at=at, now=now, by=by, reason=reason)
