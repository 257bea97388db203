"""Customers: who they are, which branch owns them, and which manager serves them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Dated, Row
from models.errors import Refusal
from models.institutions import Institution
from models.people import Staff


class CannotOwn(Refusal):
    """归属行 is a branch, sub-branch or above; a centre or an outlet acts for one (decisions.md 3)."""

    code = "CANNOT_OWN"


class AlreadyOwner(Refusal):
    code = "ALREADY_OWNER"


class AlreadyAssigned(Refusal):
    code = "ALREADY_ASSIGNED"


class ChangeScheduled(Refusal):
    """An end is said once, so a change that is already fixed for a later moment stands."""

    code = "CHANGE_SCHEDULED"


class Customer(Row):
    """客户. A personal customer. `owner` is the owning branch (归属行), its ancestors stand beside the path."""

    number = fields.CharField(max_length=32, unique=True)
    name = fields.CharField(max_length=120)
    identity_kind = fields.CharField(max_length=24)
    identity_cipher = fields.BinaryField()
    identity_mask = fields.CharField(max_length=40)
    identity_index = fields.CharField(max_length=64, unique=True)
    mobile_cipher = fields.BinaryField(null=True)
    mobile_mask = fields.CharField(max_length=40, null=True)
    mobile_index = fields.CharField(max_length=64, null=True)
    address_cipher = fields.BinaryField(null=True)
    address_mask = fields.CharField(max_length=80, null=True)
    gender = fields.CharField(max_length=8, null=True)
    birth_date = fields.DateField(null=True)
    nationality = fields.CharField(max_length=3, null=True)
    occupation = fields.CharField(max_length=80, null=True)
    employer = fields.CharField(max_length=120, null=True)
    opened_on = fields.DateField()
    owner: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="customers", on_delete=fields.RESTRICT
    )
    owner_id: UUID
    owner_path = fields.CharField(max_length=200)
    tier1_id = fields.UUIDField(null=True)
    tier2_id = fields.UUIDField(null=True)
    merged_into_id = fields.UUIDField(null=True)

    class Meta:
        table = "customer"
        indexes = [
            Index(fields=("owner_id",)),
            # With name and id, so that a name is searched in a subtree, in the order of its pages, without the rows.
            Index(fields=("owner_path", "number", "name", "id")),
            Index(fields=("tier1_id", "number", "name", "id")),
            Index(fields=("tier2_id", "number", "name", "id")),
            Index(fields=("mobile_index",)),
        ]

    async def pass_to(self, owner: Institution, tier1_id: UUID | None, tier2_id: UUID | None) -> None:
        """Belong to another branch. The row is what every read asks, so the next one already finds him there."""
        owner.must_be_in_service()
        if not owner.may_own:
            raise CannotOwn(
                f"{owner.name} is a centre or an outlet. Name the branch that it acts for.", field="toId"
            )
        if owner.id == self.owner_id:
            raise AlreadyOwner(f"{owner.name} already owns this customer. Nothing was changed.", field="toId")
        self.owner_id, self.owner_path = owner.id, owner.path
        self.tier1_id, self.tier2_id = tier1_id, tier2_id
        await self.save(update_fields=["owner_id", "owner_path", "tier1_id", "tier2_id"])

    async def merge_into(self, kept_id: UUID | None) -> None:
        """Seen no longer, since `kept_id` is the same person; seen again when None (decisions.md 27)."""
        self.merged_into_id = kept_id
        await self.save(update_fields=["merged_into_id"])


class Ownership(Row):
    """归属沿革. Which branch owned a customer from a moment on. Append-only (decisions.md 21)."""

    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="ownerships", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    owner_id = fields.UUIDField()
    valid_from = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    recorded_by_id = fields.UUIDField(null=True)
    reason = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "ownership"
        indexes = [Index(fields=("customer_id", "valid_from"))]


class ManagerAssignment(Dated):
    """客户经理分配 (Art. 9). One current manager serves a customer."""

    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="manager_assignments", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    manager: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="managed", on_delete=fields.RESTRICT
    )
    manager_id: UUID

    class Meta:
        table = "manager_assignment"
        indexes = [Index(fields=("customer_id", "manager_id")), Index(fields=("manager_id", "customer_id"))]

    async def cease(self, *, at: dt.datetime, now: dt.datetime, by: UUID, reason: str) -> dt.datetime:
        """End at `at`; one that has not begun then never begins. The moment it ends."""
        if self.ended_at is not None:
            raise ChangeScheduled(
                f"A change of this customer's manager is already fixed for {self.ended_at.isoformat()}. "
                "Choose that moment or a later one."
            )
        end = max(self.valid_from, at)
        await self.end(at=end, now=now, by=by, reason=reason)
        return end
