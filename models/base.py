"""What every table shares: a random opaque id, and the shape of a fact with a beginning and an end."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.errors import AlreadyEnded


class Row(Model):
    id = fields.UUIDField(primary_key=True, default=uuid4)

    class Meta:
        abstract = True


class Dated(Row):
    """A fact that holds from `valid_from` until `valid_to` or until it is ended, whichever comes first.

    Valid time is when it holds, recorded time is when we were told (decisions.md 21). The row is written once;
    the four `ended` columns are filled once. So what was known on any day can be replayed.
    """

    valid_from = fields.DatetimeField()
    valid_to = fields.DatetimeField(null=True)
    recorded_at = fields.DatetimeField()
    recorded_by_id = fields.UUIDField(null=True)
    ended_at = fields.DatetimeField(null=True)
    ended_recorded_at = fields.DatetimeField(null=True)
    ended_by_id = fields.UUIDField(null=True)
    end_reason = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        abstract = True

    def holds(self, at: dt.datetime) -> bool:
        return (
            self.valid_from <= at
            and (self.valid_to is None or at < self.valid_to)
            and (self.ended_at is None or at < self.ended_at)
        )

    @property
    def ended_at_once(self) -> bool:
        """Ended in the second in which that was recorded: it is over, even for a desk whose clock stands before that."""
        return (
            self.ended_at is not None
            and self.ended_recorded_at is not None
            and self.ended_at <= self.ended_recorded_at
        )

    async def end(self, *, at: dt.datetime, now: dt.datetime, by: UUID | None, reason: str) -> None:
        """End it once. A second end would rewrite what was known, so it is refused."""
        if self.ended_at is not None:
            raise AlreadyEnded("This has already been ended. Nothing was changed.")
        self.ended_at, self.ended_recorded_at, self.ended_by_id, self.end_reason = at, now, by, reason
        await self.save(update_fields=["ended_at", "ended_recorded_at", "ended_by_id", "end_reason"])
