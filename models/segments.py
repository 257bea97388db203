"""Number segments: which institution each stretch of card numbers belongs to (Notice 4)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.errors import Refusal
from models.institutions import Institution
from models.products import CardProduct
from models.serials import Range


class SegmentOverlaps(Refusal):
    """A number in two segments would show two issuers."""

    code = "SEGMENT_OVERLAPS"
    article = "Notice 4"


class SegmentOutside(Refusal):
    """Nobody gives away numbers that were not given to him."""

    code = "SEGMENT_OUTSIDE"
    article = "Notice 4"


class SegmentDivided(Refusal):
    """What was given on is taken back from the bottom up."""

    code = "SEGMENT_DIVIDED"
    article = "Notice 4"


class SegmentWithdrawn(Refusal):
    code = "SEGMENT_WITHDRAWN"
    article = "Notice 4"


class NumberSegment(Row):
    """号段 (Notice 4). Card numbers [first_serial, last_serial] held by one institution, so that a card shows its issuer. Serials
    without the check digit. Segments of one depth never overlap and each lies inside its parent."""

    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="segments", on_delete=fields.RESTRICT
    )
    product_id: UUID
    first_serial = fields.BigIntField()
    last_serial = fields.BigIntField()
    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="segments", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    parent: fields.ForeignKeyNullableRelation[NumberSegment] = fields.ForeignKeyField(
        "models.NumberSegment", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    parent_id: UUID | None
    depth = fields.IntField()
    divided_at = fields.DatetimeField()
    divided_by_id = fields.UUIDField()
    withdrawn_at = fields.DatetimeField(null=True)
    withdrawn_by_id = fields.UUIDField(null=True)

    class Meta:
        table = "number_segment"
        indexes = [Index(fields=("institution_id",)), Index(fields=("parent_id",))]

    @property
    def range(self) -> Range:
        return Range(self.first_serial, self.last_serial)

    def must_be_held(self) -> None:
        """SEGMENT_WITHDRAWN when it is nobody's any more."""
        if self.withdrawn_at is not None:
            raise SegmentWithdrawn(
                f"Segment {self.range} was withdrawn. Choose one that is held.", field="segment_id"
            )

    def must_contain(self, part: Range) -> None:
        if not self.first_serial <= part.first <= part.last <= self.last_serial:
            raise SegmentOutside(
                f"{part} does not lie inside {self.range}. Give numbers of this segment only.", field="first"
            )

    async def must_not_be_divided(self) -> None:
        if await NumberSegment.exists(parent_id=self.id, withdrawn_at__isnull=True):
            raise SegmentDivided(
                f"Parts of {self.range} were given on. Have those withdrawn first, from the bottom up.",
                field="segment_id",
            )

    async def withdraw(self, by: UUID, now: dt.datetime) -> None:
        """Once. The row stays, so that it can be told who held these numbers until when."""
        self.withdrawn_at, self.withdrawn_by_id = now, by
        await self.save(update_fields=["withdrawn_at", "withdrawn_by_id"])

    @classmethod
    async def deepest(cls, product_id: UUID, serial: int) -> NumberSegment | None:
        """The segment that says whose the number is. The last that begins at or before it holds it, or one above does."""
        found = (
            await cls.filter(product_id=product_id, withdrawn_at__isnull=True, first_serial__lte=serial)
            .order_by("-first_serial", "-depth")
            .first()
        )
        while found is not None and found.last_serial < serial:
            found = await cls.get(id=found.parent_id) if found.parent_id else None
        return found

    @classmethod
    async def must_be_free(cls, product_id: UUID, depth: int, part: Range) -> None:
        """SEGMENT_OVERLAPS, naming who holds one of these numbers at this depth already."""
        taken = (
            await cls.filter(
                product_id=product_id,
                depth=depth,
                withdrawn_at__isnull=True,
                first_serial__lte=part.last,
                last_serial__gte=part.first,
            )
            .order_by("first_serial")
            .prefetch_related("institution")
            .first()
        )
        if taken is not None:
            raise SegmentOverlaps(
                f"{taken.institution.name} holds {taken.range} already. Give numbers that are still free.",
                field="first",
            )
