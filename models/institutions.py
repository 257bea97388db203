"""Institutions: the tree of the bank, its history, and who supervises whom in it."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.expressions import F
from tortoise.indexes import Index

from models.base import Dated, Row
from models.errors import Refusal
from models.paths import stands_under
from models.vocabulary import InstitutionKind, Level

DEPTH = {
    Level.HEAD_OFFICE: 0,
    Level.TIER1: 1,
    Level.TIER2: 2,
    Level.SUB_BRANCH: 3,
    Level.OUTLET: 4,
}
FILING_LEVELS = frozenset({Level.HEAD_OFFICE, Level.TIER1, Level.TIER2})
"""Levels whose personal banking department may record a filing: tier-2 or above (Art. 6)."""


class NotBelow(Refusal):
    code = "NOT_BELOW"


class MoveIntoItself(Refusal):
    code = "MOVE_INTO_ITSELF"


class AlreadyThere(Refusal):
    code = "ALREADY_THERE"


class InstitutionMerged(Refusal):
    """It has gone over into another one; nothing new begins there."""

    code = "INSTITUTION_MERGED"


class NotAlike(Refusal):
    """Two institutions become one only when they are of one kind and level, so that every role fits there."""

    code = "MERGE_NEEDS_EQUALS"


class Institution(Row):
    """机构. A branch, outlet or wealth management centre. `path` spells the line of command, e.g. /1/12/ ."""

    number = fields.IntField(unique=True)
    code = fields.CharField(max_length=32, unique=True)
    name = fields.CharField(max_length=120)
    level = fields.CharField(max_length=16)
    kind = fields.CharField(max_length=16)
    parent: fields.ForeignKeyNullableRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    parent_id: UUID | None
    path = fields.CharField(max_length=200, unique=True)
    acting_path = fields.CharField(max_length=200)
    cnaps_code = fields.CharField(max_length=12, null=True)
    admin_code = fields.CharField(max_length=6, null=True)
    merged_into_id = fields.UUIDField(null=True)

    class Meta:
        table = "institution"
        indexes = [Index(fields=("parent_id",)), Index(fields=("acting_path",))]

    @property
    def may_own(self) -> bool:
        """归属行 (decisions.md 3): a branch of the line, sub-branch or above; never a centre or an outlet."""
        return self.kind == InstitutionKind.BRANCH and self.level != Level.OUTLET

    def place_under(self, parent: Institution | None) -> None:
        """Set path and acting path. A centre or an outlet acts for the nearest branch above it."""
        if parent is None:
            if self.level != Level.HEAD_OFFICE:
                raise NotBelow("Only head office has no institution above it. Name the parent's code.")
        elif self.kind == InstitutionKind.BRANCH and DEPTH[Level(self.level)] <= DEPTH[Level(parent.level)]:
            raise NotBelow(f"A {self.level} cannot stand under a {parent.level}. Choose a parent above it.")
        elif parent.kind != InstitutionKind.BRANCH:
            raise NotBelow("Nothing stands under a wealth management centre. Choose a branch as parent.")
        self.parent_id = parent.id if parent else None
        self.path = f"{parent.path if parent else '/'}{self.number}/"
        self.acting_path = self.path if self.may_own or parent is None else parent.acting_path

    def must_be_in_service(self) -> None:
        if self.merged_into_id is not None:
            raise InstitutionMerged(f"{self.name} was merged into another institution. Choose that one.")

    def move_under(self, parent: Institution) -> None:
        """Stand under another parent. Refuses a circle, a wrong level, and a place that is no longer in service."""
        self.must_be_in_service()
        parent.must_be_in_service()
        if stands_under(parent.path, self.path):
            raise MoveIntoItself(f"{parent.name} is {self.name} or stands under it. Choose another parent.")
        if self.parent_id == parent.id:
            raise AlreadyThere(f"{self.name} already stands under {parent.name}. Nothing was changed.")
        if self.kind == InstitutionKind.WEALTH_CENTRE and self.level != parent.level:
            raise NotBelow(
                f"A wealth centre has its branch's level, {self.level}. Choose a branch of that level."
            )
        self.place_under(parent)

    def merge_into(self, other: Institution) -> None:
        """Be one with another institution of the same kind and level from now on."""
        self.must_be_in_service()
        other.must_be_in_service()
        if stands_under(other.path, self.path):
            raise MoveIntoItself(
                f"{other.name} is {self.name} or stands under it. Choose another institution."
            )
        if (self.kind, self.level) != (other.kind, other.level):
            raise NotAlike(
                f"{self.name} is a {self.level} {self.kind}, {other.name} a {other.level} {other.kind}. "
                "Only institutions of one kind and level are merged."
            )
        self.merged_into_id = other.id


class Placement(Row):
    """机构隶属沿革. Where an institution stood in the tree from a day on. Append-only (decisions.md 21)."""

    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="placements", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    parent_id = fields.UUIDField(null=True)
    path = fields.CharField(max_length=200)
    valid_from = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    recorded_by_id = fields.UUIDField(null=True)
    reason = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "placement"
        indexes = [Index(fields=("institution_id", "valid_from"))]


class SupervisionLine(Dated):
    """业务主管 (Notice 4). Who is whose business supervisor."""

    supervisor_id = fields.UUIDField()
    staff_id = fields.UUIDField()

    class Meta:
        table = "supervision_line"
        indexes = [Index(fields=("staff_id",)), Index(fields=("supervisor_id",))]


class House(Row):
    """The one row that every statement is fenced on: the state of the tree, and the policy in force."""

    tree_epoch = fields.IntField(default=0, db_default=0)
    policy_version = fields.CharField(max_length=64, default="", db_default="")

    class Meta:
        table = "house"

    @classmethod
    async def tree_changed(cls, seen: int) -> bool:
        """Raise the tree's epoch, if it is still the one that was seen. Whoever succeeds has the tree for himself."""
        return await cls.filter(tree_epoch=seen).update(tree_epoch=F("tree_epoch") + 1) == 1
