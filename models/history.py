"""The history of a membership: every change of its state, and every term, written once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer

if TYPE_CHECKING:
    from models.membership import Membership


class MembershipEvent(Row):
    """会员资格沿革. One change of state: when it held from, when we were told, by whom, and what it rests on.
    Append-only."""

    membership: fields.ForeignKeyRelation[Membership] = fields.ForeignKeyField(
        "models.Membership", related_name="events", on_delete=fields.RESTRICT
    )
    membership_id: UUID
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="membership_events", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    state = fields.CharField(max_length=20)
    tier = fields.CharField(max_length=16, null=True)
    version = fields.IntField()
    at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    by_id = fields.UUIDField(null=True)
    cause = fields.CharField(max_length=24, default="", db_default="")
    reason = fields.CharField(max_length=400, default="", db_default="")
    filing_id = fields.UUIDField(null=True)
    exception_id = fields.UUIDField(null=True)
    term_ends = fields.DateField(null=True)

    class Meta:
        table = "membership_event"
        unique_together = (("membership", "version"),)
        indexes = [Index(fields=("customer_id", "recorded_at"))]
