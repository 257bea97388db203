"""Archives (客户档案): one for every VIP, kept by a wealth management centre."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer
from models.errors import Refusal
from models.institutions import Institution
from models.membership import Consent, Membership, Registration
from models.vocabulary import ArchiveState, InstitutionKind

REQUIRED = (
    ("NAME", "name"),
    ("GENDER", "gender"),
    ("NATIONALITY", "nationality"),
    ("IDENTITY_KIND", "identity_kind"),
    ("IDENTITY_NUMBER", "identity_cipher"),
    ("BIRTH_DATE", "birth_date"),
    ("MOBILE", "mobile_cipher"),
    ("ADDRESS", "address_cipher"),
    ("EMPLOYER", "employer"),
    ("OCCUPATION", "occupation"),
)
"""Annex 2: the starred fields of the registration form that the customer's own row holds, by code."""


class CentreRequired(Refusal):
    """The archive is always kept by the wealth centre, even when another outlet serves the customer."""

    code = "CENTRE_REQUIRED"
    article = "Notice 6"


def must_keep_archives(centre: Institution, owner_path: str) -> None:
    """A wealth management centre in service, of the customer's owning branch."""
    if (
        centre.kind != InstitutionKind.WEALTH_CENTRE
        or centre.acting_path != owner_path
        or centre.merged_into_id is not None
    ):
        raise CentreRequired(
            "The archive is kept by a wealth management centre of the owning branch. Choose one.",
            field="centreId",
        )


def gaps_of(customer: Customer, consent: Consent) -> str:
    """Codes of what the registration form still lacks, for nothing may be omitted (不得遗漏). Empty: nothing."""
    missing = [code for code, column in REQUIRED if not getattr(customer, column)]
    missing += ["CONSENT_SIGNATURE"] if not consent.document else []
    missing += ["NOTICE_VERSION"] if not consent.notice_version else []
    return ",".join(missing)


class Archive(Row):
    """客户档案 (Art. 10). Opened with the membership, always in a wealth centre's custody (Notice 6). `gaps` lists
    what is still missing, as codes, because nothing may be omitted (不得遗漏). A customer who comes back gets his
    own archive back, so that there is never a second one."""

    number = fields.CharField(max_length=48, unique=True)
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

    async def begin(
        self,
        membership: Membership,
        registration: Registration,
        gaps: str,
        *,
        at: dt.datetime,
        by: UUID,
    ) -> None:
        """建档, anew or again: building, in the custody that the registration names."""
        self.membership_id = membership.id
        self.custody_centre_id = registration.centre_id
        self.servicing_id = registration.servicing_id
        self.servicing_reason = registration.servicing_reason
        self.state, self.gaps = ArchiveState.BUILDING, gaps
        self.opened_at, self.opened_by_id = at, by
        await self.save()

    async def close(self) -> None:
        """The relationship has ended. Nothing is removed: retention begins."""
        self.state = ArchiveState.CLOSED
        await self.save(update_fields=["state"])
