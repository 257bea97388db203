"""Archives (客户档案): one for every VIP, kept by a wealth management centre."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer
from models.institutions import Institution
from models.membership import Membership


class Archive(Row):
    """客户档案 (Art. 10). Opened with the membership, always in a wealth centre's custody (Notice 6). `gaps` lists
    what is still missing, as codes, because nothing may be omitted (不得遗漏)."""

    number = fields.CharField(max_length=40, unique=True)
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="archives", on_delete=fields.RESTRICT, unique=True
    )
    customer_id: UUID
    membership: fields.ForeignKeyRelation[Membership] = fields.ForeignKeyField(
        "models.Membership", related_name="archives", on_delete=fields.RESTRICT
    )
    membership_id: UUID
    custody_centre: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="archives", on_delete=fields.RESTRICT
    )
    custody_centre_id: UUID
    servicing: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="serviced_archives", on_delete=fields.RESTRICT
    )
    servicing_id: UUID
    servicing_reason = fields.CharField(max_length=200, default="", db_default="")
    state = fields.CharField(max_length=16)
    gaps = fields.CharField(max_length=400, default="", db_default="")
    opened_at = fields.DatetimeField()
    opened_by_id = fields.UUIDField()

    class Meta:
        table = "archive"
        indexes = [
            Index(fields=("membership_id",)),
            Index(fields=("custody_centre_id",)),
            Index(fields=("servicing_id",)),
        ]
