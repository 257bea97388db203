"""Registration: the customer's own wish, and the form that his manager fills in with him (Art. 3, Notice 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Dated, Row
from models.customers import Customer
from models.errors import Refusal
from models.institutions import Institution
from models.people import Staff
from models.vocabulary import ConsentKind


class NoConsent(Refusal):
    """Nobody becomes a VIP customer without having said that he wants to (客户自愿)."""

    code = "NO_CONSENT"
    article = "3"


class ConsentExists(Refusal):
    """A second voluntary consent beside one that holds would leave open which one counts."""

    code = "CONSENT_EXISTS"
    article = "3"


class NoManager(Refusal):
    code = "NO_MANAGER"
    article = "9"


class ManagerNotFullTime(Refusal):
    code = "MANAGER_NOT_FULL_TIME"
    article = "9"


class ServicingReasonRequired(Refusal):
    """VIP customers are served in the centre as far as possible; elsewhere is the exception and says why."""

    code = "SERVICING_REASON_REQUIRED"
    article = "Notice 6"


class ReasonRequired(Refusal):
    code = "REASON_REQUIRED"


@dataclass(frozen=True, slots=True)
class Serving:
    """A manager who serves a customer now, and one customer manager's post that he holds for the owning branch."""

    manager_id: UUID
    full_time: bool


def full_time_manager(serving: Sequence[Serving]) -> UUID:
    """Who serves the customer. NO_MANAGER, or MANAGER_NOT_FULL_TIME when none of his posts is full-time (专职)."""
    if not serving:
        raise NoManager(
            "No customer manager of the owning branch serves this customer now. Have the head assign one."
        )
    for post in serving:
        if post.full_time:
            return post.manager_id
    raise ManagerNotFullTime(
        "This customer's manager works part-time. Have the head assign a full-time customer manager."
    )


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

    def must_hold(self, at: dt.datetime) -> None:
        """The customer wants to be a VIP at this moment."""
        if self.kind != ConsentKind.VOLUNTARY or not self.holds(at):
            raise NoConsent(
                "The customer's voluntary consent is not in force. Ask him, and record his consent first.",
                field="consentId",
            )


class Registration(Row):
    """登记表 (Notice 6, Annex 2). What the manager wrote down with the customer before evaluation and filing.
    `registered_at` is when the form was signed, `recorded_at` when we were told (decisions.md 26)."""

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
    recorded_at = fields.DatetimeField()

    class Meta:
        table = "registration"
        indexes = [
            Index(fields=("customer_id",)),
            Index(fields=("manager_id",)),
            Index(fields=("consent_id",)),
            Index(fields=("centre_id",)),
            Index(fields=("servicing_id",)),
        ]

    def must_say_why(self) -> None:
        """Served elsewhere than in the centre that keeps the archive: only with a reason."""
        if self.servicing_id != self.centre_id and not self.servicing_reason:
            raise ServicingReasonRequired(
                "The customer is to be served outside the wealth centre. Write why, or choose the centre.",
                field="servicingReason",
            )
