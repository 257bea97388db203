"""Handover (交接): a list of what passes from one person to another, signed by who receives and a witness (4.2)."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer
from models.institutions import Institution
from models.people import Staff


class Handover(Row):
    """交接清单 (domain.md 4.2). Drawn up by the head, signed by receiver and witness (监交人), carried out at its second.
    `digest` binds the signatures to the list."""

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
