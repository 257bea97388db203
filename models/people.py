"""People: persons, staff, the roles they hold, who stands in for whom, and how they sign in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from tortoise import fields
from tortoise.expressions import F
from tortoise.indexes import Index

from models.base import Dated, Row
from models.errors import AlreadyEnded, Refusal, WrongState
from models.institutions import Institution
from models.vocabulary import ProposalState


class HasLeft(Refusal):
    """Who has left holds nothing any more, and comes back under a new staff number."""

    code = "STAFF_HAS_LEFT"


class Person(Row):
    """自然人. One human being, told apart by identity document, however many accounts he has."""

    identity_kind = fields.CharField(max_length=24)
    identity_cipher = fields.BinaryField()
    identity_mask = fields.CharField(max_length=40)
    identity_index = fields.CharField(max_length=64, unique=True)

    class Meta:
        table = "person"


class Staff(Row):
    """员工. A person's post in the bank. `epoch` rises with every change of what he may do."""

    number = fields.CharField(max_length=32, unique=True)
    name = fields.CharField(max_length=120)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="posts", on_delete=fields.RESTRICT
    )
    person_id: UUID
    mobile_cipher = fields.BinaryField(null=True)
    mobile_mask = fields.CharField(max_length=40, null=True)
    epoch = fields.IntField(default=0, db_default=0)
    left_at = fields.DatetimeField(null=True)

    class Meta:
        table = "staff"
        indexes = [Index(fields=("person_id",))]

    def must_work_here(self) -> None:
        if self.left_at is not None:
            raise HasLeft("This person has left, or is about to. A person who comes back gets a new number.")

    async def leave(self, at: dt.datetime) -> None:
        """Gone from this moment on, and for good."""
        self.must_work_here()
        self.left_at = at
        await self.save(update_fields=["left_at"])

    @classmethod
    async def rights_changed(cls, staff_ids: Iterable[UUID]) -> None:
        """What these people may do has changed: every view made before sees nothing (decisions.md 7)."""
        ids = sorted(set(staff_ids), key=str)
        # Locked one after another in key order, so that two acts on the same people do not wait in a circle.
        await cls.filter(id__in=ids).order_by("id").select_for_update(no_key=True)
        await cls.filter(id__in=ids).update(epoch=F("epoch") + 1)


class Assignment(Dated):
    """任职. A role held at an institution from a moment to a moment."""

    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="assignments", on_delete=fields.RESTRICT
    )
    staff_id: UUID
    role = fields.CharField(max_length=32)
    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="assignments", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    department = fields.CharField(max_length=24)
    full_time = fields.BooleanField(default=True, db_default=True)

    class Meta:
        table = "assignment"
        indexes = [Index(fields=("staff_id",)), Index(fields=("institution_id", "role"))]

    @property
    def over_at(self) -> dt.datetime | None:
        """When it is over, by its own term or by its end; None: not in sight."""
        return min((it for it in (self.valid_to, self.ended_at) if it is not None), default=None)

    def overlaps(self, start: dt.datetime, end: dt.datetime | None) -> bool:
        """Does it hold at some moment from `start` until `end`?"""
        over = self.over_at
        return (end is None or self.valid_from < end) and (over is None or max(start, self.valid_from) < over)

    def must_be_open(self, at: dt.datetime) -> None:
        """Not over at `at`, and not ended ahead of it either: an end is said once."""
        if self.ended_at is not None or (self.valid_to is not None and self.valid_to <= at):
            raise AlreadyEnded("This assignment is over, or its end is already fixed. Nothing was changed.")


class Delegation(Dated):
    """代班. While it holds, `deputy` does the work of `principal` in this role: for a customer manager that is to see
    what is assigned to him (domain.md 5.3), for a supervisor or custodian to hold his post (`assignment_id`)."""

    principal: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="delegations_given", on_delete=fields.RESTRICT
    )
    principal_id: UUID
    deputy: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="delegations_held", on_delete=fields.RESTRICT
    )
    deputy_id: UUID
    role = fields.CharField(max_length=32, default="cust_mgr", db_default="cust_mgr")
    assignment_id = fields.UUIDField(null=True)
    reason = fields.CharField(max_length=200)

    class Meta:
        table = "delegation"
        indexes = [Index(fields=("principal_id",)), Index(fields=("deputy_id",))]


class Suspension(Dated):
    """停职. While it holds, the person holds no role at all."""

    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="suspensions", on_delete=fields.RESTRICT
    )
    staff_id: UUID
    reason = fields.CharField(max_length=200)

    class Meta:
        table = "suspension"
        indexes = [Index(fields=("staff_id",))]


class Recusal(Row):
    """回避. A person must not touch this customer's file: his own, or a relative's."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="recusals", on_delete=fields.RESTRICT
    )
    person_id: UUID
    customer_id = fields.UUIDField()
    relation = fields.CharField(max_length=24)
    recorded_at = fields.DatetimeField()
    recorded_by_id = fields.UUIDField(null=True)

    class Meta:
        table = "recusal"
        unique_together = (("person", "customer_id"),)
        indexes = [Index(fields=("customer_id",))]


class Proposal(Row):
    """任职动议. What a head proposes for a person and sec_admin executes or refuses (decisions.md 8)."""

    kind = fields.CharField(max_length=24)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="proposals", on_delete=fields.RESTRICT
    )
    staff_id: UUID
    role = fields.CharField(max_length=32, default="", db_default="")
    institution: fields.ForeignKeyNullableRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="proposals", null=True, on_delete=fields.RESTRICT
    )
    institution_id: UUID | None
    department = fields.CharField(max_length=24, default="", db_default="")
    full_time = fields.BooleanField(default=True, db_default=True)
    valid_from = fields.DatetimeField()
    valid_to = fields.DatetimeField(null=True)
    assignment_id = fields.UUIDField(null=True)
    reason = fields.CharField(max_length=200, default="", db_default="")
    state = fields.CharField(max_length=16)
    proposed_by_id = fields.UUIDField()
    proposed_person_id = fields.UUIDField()
    proposed_at = fields.DatetimeField()
    decided_by_id = fields.UUIDField(null=True)
    decided_at = fields.DatetimeField(null=True)
    decision_note = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "proposal"
        indexes = [Index(fields=("staff_id",)), Index(fields=("institution_id",)), Index(fields=("state",))]

    def must_be_undecided(self) -> None:
        if self.state != ProposalState.PROPOSED:
            raise WrongState(f"This proposal is {self.state}. Only an undecided one is executed or refused.")

    async def decide(self, state: ProposalState, *, at: dt.datetime, by: UUID, note: str) -> None:
        """Executed or refused, once."""
        self.must_be_undecided()
        self.state, self.decided_at, self.decided_by_id, self.decision_note = state, at, by, note
        await self.save(update_fields=["state", "decided_at", "decided_by_id", "decision_note"])


class Credential(Row):
    """登录口令. The argon2id hash of a person's password."""

    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="credentials", on_delete=fields.RESTRICT, unique=True
    )
    staff_id: UUID
    password_hash = fields.CharField(max_length=200)
    must_change = fields.BooleanField(default=False, db_default=False)
    locked_at = fields.DatetimeField(null=True)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "credential"

    async def replace(self, password_hash: str, at: dt.datetime, *, must_change: bool) -> None:
        """A new password, which also opens a locked account."""
        self.password_hash, self.changed_at, self.must_change = password_hash, at, must_change
        self.locked_at = None
        await self.save(update_fields=["password_hash", "changed_at", "must_change", "locked_at"])


class Session(Row):
    """登录会话. Opaque and server-side. Only the hash of the token is kept."""

    token_hash = fields.CharField(max_length=64, unique=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="sessions", on_delete=fields.RESTRICT
    )
    staff_id: UUID
    created_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    end_reason = fields.CharField(max_length=40, default="", db_default="")

    class Meta:
        table = "session"
        indexes = [Index(fields=("staff_id",))]

    @classmethod
    async def end_all(cls, staff_id: UUID, at: dt.datetime, reason: str) -> int:
        """End every session of a person. How many there were."""
        return await cls.filter(staff_id=staff_id, ended_at__isnull=True).update(
            ended_at=at, end_reason=reason
        )


class SignInAttempt(Row):
    """登录尝试. Counted per account and per address, so guesses run out."""

    bucket = fields.CharField(max_length=80)
    at = fields.DatetimeField()

    class Meta:
        table = "sign_in_attempt"
        indexes = [Index(fields=("bucket", "at"))]
