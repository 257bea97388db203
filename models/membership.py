"""Membership: the customer's own wish, the registration form, and the standing it leads to."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Dated, Row
from models.customers import Customer
from models.institutions import Institution
from models.people import Staff


class Consent(Dated):
    """客户同意. VOLUNTARY (Art. 3): he wants to be a VIP. DISCLOSURE (Art. 11): he allows a disclosure."""

    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="consents", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    kind = fields.CharField(max_length=16)
    form = fields.CharField(max_length=16)
    document = fields.CharField(max_length=120)
    notice_version = fields.CharField(max_length=32)

    class Meta:
        table = "consent"
        indexes = [Index(fields=("customer_id", "kind"))]


class Registration(Row):
    """登记表 (Notice 6, Annex 2). What the manager wrote down with the customer before evaluation and filing."""

    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="registrations", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    manager: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="registrations", on_delete=fields.RESTRICT
    )
    manager_id: UUID
    consent: fields.ForeignKeyRelation[Consent] = fields.ForeignKeyField(
        "models.Consent", related_name="registrations", on_delete=fields.RESTRICT
    )
    consent_id: UUID
    centre: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="registrations", on_delete=fields.RESTRICT
    )
    centre_id: UUID
    servicing: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="serviced_registrations", on_delete=fields.RESTRICT
    )
    servicing_id: UUID
    servicing_reason = fields.CharField(max_length=200, default="", db_default="")
    service_needs = fields.CharField(max_length=400, default="", db_default="")
    contact_preference = fields.CharField(max_length=80, default="", db_default="")
    registered_at = fields.DatetimeField()
    registered_by_id = fields.UUIDField()

    class Meta:
        table = "registration"
        indexes = [
            Index(fields=("customer_id",)),
            Index(fields=("manager_id",)),
            Index(fields=("consent_id",)),
            Index(fields=("centre_id",)),
            Index(fields=("servicing_id",)),
        ]


class Membership(Row):
    """会员资格 (Art. 2, 6). A customer has at most one that is not over. ACTIVE only through a recorded filing."""

    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="memberships", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "models.Registration", related_name="memberships", on_delete=fields.RESTRICT
    )
    registration_id: UUID
    tier = fields.CharField(max_length=16)
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    filing_id = fields.UUIDField(null=True)
    term_starts = fields.DateField(null=True)
    term_ends = fields.DateField(null=True)
    over = fields.BooleanField(default=False, db_default=False)
    over_at = fields.DatetimeField(null=True)
    over_reason = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "membership"
        indexes = [
            Index(fields=("customer_id",)),
            Index(fields=("registration_id",)),
            Index(fields=("state",)),
        ]
