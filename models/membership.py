"""Membership: the customer's own wish, the registration form, and the standing it leads to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Dated, Row
from models.customers import Customer
from models.errors import Refusal, WrongState
from models.institutions import Institution
from models.people import Staff
from models.terms import two_years_from
from models.vocabulary import ConsentKind, MembershipState


class NoConsent(Refusal):
    """Nobody becomes a VIP customer without having said that he wants to (客户自愿)."""

    code = "NO_CONSENT"
    article = "3"


class ConsentExists(Refusal):
    """A second voluntary consent beside one that holds would leave open which one counts."""

    code = "CONSENT_EXISTS"
    article = "3"


class MembershipExists(Refusal):
    code = "MEMBERSHIP_EXISTS"
    article = "2"


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


class Membership(Row):
    """会员资格 (Art. 2, 6). A customer has at most one that is not over. ACTIVE only through a recorded filing.
    `tier` is known once an evaluation is filed. `version` rises with every change of state."""

    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="memberships", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "models.Registration", related_name="memberships", on_delete=fields.RESTRICT
    )
    registration_id: UUID
    tier = fields.CharField(max_length=16, null=True)
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    filing_id = fields.UUIDField(null=True)
    exception_id = fields.UUIDField(null=True)
    term_starts = fields.DateField(null=True)
    term_ends = fields.DateField(null=True)
    over = fields.BooleanField(default=False, db_default=False)
    over_at = fields.DatetimeField(null=True)
    over_reason = fields.CharField(max_length=200, default="", db_default="")
    suspended_person_id = fields.UUIDField(null=True)

    class Meta:
        table = "membership"
        indexes = [
            Index(fields=("customer_id",)),
            Index(fields=("registration_id",)),
            Index(fields=("state", "term_ends")),
        ]

    async def submit(self, tier: str) -> None:
        """Into filing, for the tier that the evaluation's standard leads to."""
        self._must_be(MembershipState.APPLIED, MembershipState.EVALUATED)
        self.tier = tier
        await self._become(MembershipState.FILING, "tier")

    async def take_back(self) -> None:
        """Its filing was returned for correction, so that it may be submitted again."""
        self._must_be(MembershipState.FILING)
        await self._become(MembershipState.EVALUATED)

    async def activate(self, filing_id: UUID, today: dt.date) -> None:
        """A VIP customer from today, for one term, by this recorded filing (Art. 6)."""
        self._must_be(MembershipState.FILING)
        self.filing_id = filing_id
        self.term_starts, self.term_ends = today, two_years_from(today)
        await self._become(MembershipState.ACTIVE, "filing_id", "term_starts", "term_ends")

    async def withdraw(self, at: dt.datetime, reason: str) -> None:
        """The customer no longer wants it (Art. 3). Possible at any time, and for good."""
        if self.over:
            raise WrongState("This membership is already over. A new one begins with a new registration.")
        self.over, self.over_at, self.over_reason = True, at, reason
        await self._become(MembershipState.WITHDRAWN, "over", "over_at", "over_reason")

    def _must_be(self, *states: MembershipState) -> None:
        if self.state not in states:
            raise WrongState(
                f"This membership is {self.state}; this needs {' or '.join(states)}. Look again."
            )

    async def _become(self, state: MembershipState, *changed: str) -> None:
        self.state = state
        self.version += 1
        await self.save(update_fields=["state", "version", *changed])
