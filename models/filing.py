"""Filing (备案): a membership is put on record by a personal banking department of tier-2 or above."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.cases import Case
from models.customers import Customer
from models.errors import Refusal
from models.institutions import FILING_LEVELS, Institution
from models.membership import Membership, ReasonRequired
from models.paths import stands_under
from models.standards import Evaluation
from models.vocabulary import FilingState, InstitutionKind, Tier


class FilingLevel(Refusal):
    """Filing is with a branch of tier-2 or above, never a sub-branch, an outlet or a centre."""

    code = "FILING_LEVEL"
    article = "6"


class NotInLine(Refusal):
    code = "NOT_IN_LINE"
    article = "6"


class NoRecorder(Refusal):
    code = "NO_RECORDER"
    article = "6"


class NotPersonalBanking(Refusal):
    code = "NOT_PERSONAL_BANKING"
    article = "6"


class HigherTierMet(Refusal):
    """Head-office tier wins: who meets its standard is not filed for less (domain.md 1.5 no. 9)."""

    code = "HIGHER_TIER_MET"
    article = "2"


class RenewalOpen(Refusal):
    """A review is decided by one filing or one exception at a time."""

    code = "RENEWAL_OPEN"
    article = "16"


class Filing(Case):
    """备案 (Art. 6). Recorded or returned by another person than its filer. `digest` binds it to what was seen.
    A returned filing stays as it is and its correction is a new filing, so that every decision is kept. A `renewal` is
    of a member under review, who stays one while it is open (Art. 16)."""

    WORD = "filing"
    ELSEWHERE = NotPersonalBanking

    membership: fields.ForeignKeyRelation[Membership] = fields.ForeignKeyField(
        "models.Membership", related_name="filings", on_delete=fields.RESTRICT
    )
    membership_id: UUID
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="filings", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    evaluation: fields.ForeignKeyRelation[Evaluation] = fields.ForeignKeyField(
        "models.Evaluation", related_name="filings", on_delete=fields.RESTRICT
    )
    evaluation_id: UUID
    submitted_to: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="filings_received", on_delete=fields.RESTRICT
    )
    submitted_to_id: UUID
    filing_number = fields.CharField(max_length=48, null=True, unique=True)
    return_reason = fields.CharField(max_length=400, default="", db_default="")

    class Meta:
        table = "filing"
        indexes = [
            Index(fields=("membership_id",)),
            Index(fields=("customer_id",)),
            Index(fields=("evaluation_id",)),
            Index(fields=("submitted_to_id", "state")),
            Index(fields=("submitted_to_path",)),
        ]

    def address(self, office: Institution, owner_path: str) -> None:
        """Send it to an office: a branch of tier-2 or above, the customer's own or one above it (Art. 6)."""
        if (
            office.level not in FILING_LEVELS
            or office.kind != InstitutionKind.BRANCH
            or office.merged_into_id is not None
        ):
            raise FilingLevel(
                "Filing is with a branch of tier-2 or above. Choose one of the customer's line.",
                field="submittedToId",
            )
        if not stands_under(owner_path, office.path):
            raise NotInLine(
                "The owning branch does not stand under this institution. Choose it or one above it.",
                field="submittedToId",
            )
        self.submitted_to_id, self.submitted_to_path = office.id, office.path

    def must_be_for(self, tier: str, head_office_met: bool) -> None:
        """For head-office tier wherever that is met, of an application and of a renewal alike."""
        if tier == Tier.BRANCH and head_office_met:
            raise HigherTierMet(
                "The customer's latest evaluation by head office's standard is passed. File that one, or evaluate anew.",
                field="evaluationId",
            )

    def must_find_a_recorder(self, there: bool) -> None:
        """Nobody may let a filing lie where no one can record it."""
        if not there:
            raise NoRecorder(
                "No other person of its personal banking department can record filings there now. Choose an institution above.",
                field="submittedToId",
            )

    async def record(self, number: str, *, at: dt.datetime, by: UUID, person: UUID) -> None:
        """备案: on record from this moment, under this number."""
        self.filing_number = number
        await self.decide(FilingState.RECORDED, "filing_number", at=at, by=by, person=person)

    async def return_for_correction(self, reason: str, *, at: dt.datetime, by: UUID, person: UUID) -> None:
        """退回. For a defect, never on merit, so it says which."""
        if not reason:
            raise ReasonRequired("Write what must be corrected before it is submitted again.", field="reason")
        self.return_reason = reason
        await self.decide(FilingState.RETURNED, "return_reason", at=at, by=by, person=person)

    async def lapse(self, at: dt.datetime, why: str) -> None:
        """The membership ended before a decision: nobody decided, and nobody has it before him any more."""
        self.return_reason = why
        await self.decide(FilingState.WITHDRAWN, "return_reason", at=at, by=None, person=None)
