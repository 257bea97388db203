"""Exceptions (逐一核准): a customer who misses the thresholds, and why a tier-1 branch takes him all the same (Art. 7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.cases import Case, ContentChanged, SamePerson
from models.customers import Customer
from models.errors import Refusal
from models.institutions import Institution
from models.membership import Membership, ReasonRequired
from models.paths import stands_under
from models.standards import Evaluation, Standard
from models.vocabulary import ExceptionState, InstitutionKind, Level, Tier


class ExceptionLevel(Refusal):
    """Exceptions are approved by a tier-1 branch, one by one."""

    code = "EXCEPTION_LEVEL"
    article = "7"


class ExceptionNotInLine(Refusal):
    code = "EXCEPTION_NOT_IN_LINE"
    article = "7"


class NoApprover(Refusal):
    code = "NO_APPROVER"
    article = "7"


class NothingMissed(Refusal):
    """Who meets the standard is filed (Art. 6); an exception is for who does not."""

    code = "NOTHING_MISSED"
    article = "7"


class ExceptionTier(Refusal):
    """What is relaxed are head office's thresholds; a branch's own standard is for the branch to change (Art. 8)."""

    code = "EXCEPTION_TIER"
    article = "7"


class NotThatDepartment(Refusal):
    code = "EXCEPTION_NOT_PERSONAL_BANKING"
    article = "7"


class DecidedBySame(SamePerson):
    article = "7"


class CaseChanged(ContentChanged):
    article = "7"


def _why(reason: str) -> str:
    if not reason:
        raise ReasonRequired("Write why, so that whoever reads it can act on it.", field="reason")
    return reason


class ExceptionCase(Case):
    """放宽标准, 逐一核准 (Art. 7). One customer, one category, written reasons, the thresholds missed and by how much.
    Decided at the tier-1 branch above him by another person. `digest` binds it to what was seen."""

    WORD = "exception"
    ELSEWHERE = NotThatDepartment
    SAME = DecidedBySame
    CHANGED = CaseChanged

    membership: fields.ForeignKeyRelation[Membership] = fields.ForeignKeyField(
        "models.Membership", related_name="exceptions", on_delete=fields.RESTRICT
    )
    membership_id: UUID
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="exceptions", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    evaluation: fields.ForeignKeyRelation[Evaluation] = fields.ForeignKeyField(
        "models.Evaluation", related_name="exceptions", on_delete=fields.RESTRICT
    )
    evaluation_id: UUID
    category = fields.CharField(max_length=24)
    reason = fields.CharField(max_length=1000)
    submitted_to: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="exceptions_received", on_delete=fields.RESTRICT
    )
    submitted_to_id: UUID
    approval_number = fields.CharField(max_length=48, null=True, unique=True)
    decision_reason = fields.CharField(max_length=400, default="", db_default="")

    class Meta:
        table = "exception_case"
        indexes = [
            Index(fields=("membership_id",)),
            Index(fields=("customer_id",)),
            Index(fields=("evaluation_id",)),
            Index(fields=("submitted_to_id", "state")),
            Index(fields=("submitted_to_path",)),
        ]

    def must_be_for(self, standard: Standard) -> None:
        """Head office's thresholds are relaxed, for its tier (Art. 6, 7)."""
        if standard.tier != Tier.HEAD_OFFICE:
            raise ExceptionTier(
                "This evaluation is by a branch-tier standard. Evaluate the customer by head office's.",
                field="evaluationId",
            )

    def must_say_why(self) -> None:
        _why(self.reason)

    def must_miss(self, thresholds: int) -> None:
        """At least one threshold: there is something to relax."""
        if not thresholds:
            raise NothingMissed(
                "The customer meets the standard, so there is nothing to relax. Submit a filing (Art. 6).",
                field="evaluationId",
            )

    def address(self, branch: Institution, owner_path: str) -> None:
        """Send it to the tier-1 branch above the customer's owning branch (Art. 7)."""
        if (
            branch.level != Level.TIER1
            or branch.kind != InstitutionKind.BRANCH
            or branch.merged_into_id is not None
        ):
            raise ExceptionLevel(
                "An exception is approved by a tier-1 branch. Choose the customer's.", field="submittedToId"
            )
        if not stands_under(owner_path, branch.path):
            raise ExceptionNotInLine(
                "The owning branch does not stand under this tier-1 branch. Choose the one above it.",
                field="submittedToId",
            )
        self.submitted_to_id, self.submitted_to_path = branch.id, branch.path

    def must_find_an_approver(self, there: bool) -> None:
        if not there:
            raise NoApprover(
                "No other person of its personal banking department can approve exceptions there now. Ask the branch.",
                field="submittedToId",
            )

    def grounds(self, shortfalls: Sequence[ExceptionShortfall]) -> dict[str, object]:
        """What the submission says beside what every case says, for its digest."""
        return {
            "case": [self.category, self.reason],
            "missed": sorted((it.kind, it.indicator_code, it.threshold, it.figure) for it in shortfalls),
        }

    async def approve(self, number: str, *, at: dt.datetime, by: UUID, person: UUID) -> None:
        """核准, under this number."""
        self.approval_number = number
        await self.decide(ExceptionState.APPROVED, "approval_number", at=at, by=by, person=person)

    async def reject(self, reason: str, *, at: dt.datetime, by: UUID, person: UUID) -> None:
        """不予核准, on merit, with a reason."""
        self.decision_reason = _why(reason)
        await self.decide(ExceptionState.REJECTED, "decision_reason", at=at, by=by, person=person)

    async def return_for_correction(self, reason: str, *, at: dt.datetime, by: UUID, person: UUID) -> None:
        """退回, for a defect: it may be submitted again."""
        self.decision_reason = _why(reason)
        await self.decide(ExceptionState.RETURNED, "decision_reason", at=at, by=by, person=person)

    async def lapse(self, at: dt.datetime, why: str) -> None:
        """The membership ended before a decision: nobody decided."""
        self.decision_reason = why
        await self.decide(ExceptionState.WITHDRAWN, "decision_reason", at=at, by=None, person=None)


class ExceptionShortfall(Row):
    """未达标项 (Art. 7). One threshold missed, in minor units: by `threshold - figure`. Written with its case."""

    case: fields.ForeignKeyRelation[ExceptionCase] = fields.ForeignKeyField(
        "models.ExceptionCase", related_name="shortfalls", on_delete=fields.RESTRICT
    )
    case_id: UUID
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="exception_shortfalls", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    kind = fields.CharField(max_length=24)
    indicator_code = fields.CharField(max_length=32, default="", db_default="")
    currency = fields.CharField(max_length=3)
    threshold = fields.BigIntField()
    figure = fields.BigIntField()
    short = fields.BigIntField()

    class Meta:
        table = "exception_shortfall"
        unique_together = (("case", "kind", "indicator_code"),)
        indexes = [Index(fields=("customer_id",))]
