"""A case: what one person puts before an office, and another one decides, as it was seen (Art. 6, 7)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any, ClassVar
from uuid import UUID

from tortoise import fields

from models.base import Row
from models.customers import Customer
from models.errors import Refusal, StaleVersion, WrongState
from models.membership import Membership
from models.standards import Evaluation
from models.vocabulary import Department, FilingState


class SamePerson(Refusal):
    """Two persons means two human beings, however many staff numbers they have."""

    code = "SAME_PERSON"
    article = "6"


class ContentChanged(Refusal):
    """What would be decided is no longer what was submitted."""

    code = "CONTENT_CHANGED"
    article = "6"


class Case(Row):
    """Decided once, by another person of the personal banking department that it was sent to. `digest` binds it to what
    was seen, and `version` to when. Its OPEN state is the same word for all."""

    WORD: ClassVar[str]
    """What it is called in a sentence."""
    OPEN: ClassVar[str] = FilingState.SUBMITTED.value
    ELSEWHERE: ClassVar[type[Refusal]]
    SAME: ClassVar[type[Refusal]] = SamePerson
    CHANGED: ClassVar[type[Refusal]] = ContentChanged

    submitted_to_id: UUID
    submitted_to_path = fields.CharField(max_length=200)
    renewal = fields.BooleanField(default=False, db_default=False)
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    digest = fields.CharField(max_length=64)
    submitted_at = fields.DatetimeField()
    submitted_by_id = fields.UUIDField()
    submitted_person_id = fields.UUIDField()
    decided_at = fields.DatetimeField(null=True)
    decided_by_id = fields.UUIDField(null=True)
    decided_person_id = fields.UUIDField(null=True)

    class Meta:
        abstract = True

    def bound(
        self,
        customer: Customer,
        evaluation: Evaluation,
        membership: Membership,
        consent_id: UUID,
        policy: str,
        **more: Any,
    ) -> str:
        """SHA-256 of what submitter and decider agree on. Any change of it voids the submission."""
        said: Mapping[str, Any] = {
            "customer": [customer.id, customer.number, customer.name, customer.identity_index],
            "owner": customer.owner_id,
            "evaluation": evaluation.figures(),
            "membership": [membership.id, membership.version, membership.tier, membership.registration_id],
            "consent": consent_id,
            "renewal": self.renewal,
            "submitted_to": self.submitted_to_id,
            "policy": policy,
            **more,
        }
        text = json.dumps(said, sort_keys=True, default=str, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def must_await(self, version: int) -> None:
        """Undecided, and as it was when it was looked at."""
        if self.version != version:
            raise StaleVersion(
                f"This {self.WORD} has changed since you looked at it. Look again, then decide.",
                field="version",
            )
        if self.state != self.OPEN:
            raise WrongState(f"This {self.WORD} is {self.state}; only a {self.OPEN} one is decided.")

    def must_be_decided_by(
        self, person_id: UUID, departments: Collection[str], evaluator: UUID | None
    ) -> None:
        """By the personal banking department it was sent to; neither its submitter nor who evaluated (domain.md 4.2)."""
        if Department.PERSONAL_BANKING not in departments:
            raise self.ELSEWHERE(
                f"A {self.WORD} is decided by the personal banking department that it was sent to. Ask a colleague there."
            )
        if person_id in (self.submitted_person_id, evaluator):
            raise self.SAME(
                f"Who evaluated the customer or submitted the {self.WORD} does not decide it. Ask another person."
            )

    def must_still_say(self, digest: str) -> None:
        if digest != self.digest:
            raise self.CHANGED(
                f"What was submitted has changed since. Return the {self.WORD}, so that it is submitted anew."
            )

    async def decide(
        self, state: str, *changed: str, at: dt.datetime, by: UUID | None, person: UUID | None
    ) -> None:
        """Decided, with the columns that say how. Nobody (None) when it lapsed."""
        self.state, self.decided_at, self.decided_by_id, self.decided_person_id = state, at, by, person
        self.version += 1
        await self.save(
            update_fields=["state", "version", "decided_at", "decided_by_id", "decided_person_id", *changed]
        )
