"""Stocktakes: what the book says is held against what two persons count (Notice 4, Annex 1)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.custody import StocktakeFinding, StocktakeState
from models.errors import Refusal, StaleVersion, WrongState
from models.institutions import Institution
from models.people import Staff
from models.products import CardProduct
from models.serials import Range


class NotHisToCount(Refusal):
    """The two whom the stocktake names count, each himself: the first lists, the second confirms."""

    code = "NOT_HIS_TO_COUNT"
    article = "Annex 1"


class CountChanged(Refusal):
    """The second counter signs the very list that the first has made, against the very book that was frozen."""

    code = "COUNT_CHANGED"
    article = "Annex 1"


class NoDifference(Refusal):
    code = "NO_DIFFERENCE"
    article = "Annex 1"


class DifferenceUnexplained(Refusal):
    """A count is closed when of every number it is known where it is, or that nobody knows."""

    code = "DIFFERENCE_UNEXPLAINED"
    article = "Annex 1"


class Stocktake(Row):
    """盘点 (Annex 1). Monthly, or by surprise. Two persons count, and the custodian is never the only one. While it is open
    nothing of that stock moves. A difference is explained, or the cards are MISSING by a signed movement."""

    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="stocktakes", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="stocktakes", on_delete=fields.RESTRICT
    )
    product_id: UUID
    kind = fields.CharField(max_length=8)
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    book_quantity = fields.IntField()
    counted_quantity = fields.IntField(null=True)
    digest = fields.CharField(max_length=64, default="", db_default="")
    first_counter: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="stocktakes_first", on_delete=fields.RESTRICT
    )
    first_counter_id: UUID
    second_counter: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="stocktakes_second", on_delete=fields.RESTRICT
    )
    second_counter_id: UUID
    opened_at = fields.DatetimeField()
    opened_by_id = fields.UUIDField()
    counted_at = fields.DatetimeField(null=True)
    counted_by_id = fields.UUIDField(null=True)
    confirmed_at = fields.DatetimeField(null=True)
    confirmed_by_id = fields.UUIDField(null=True)
    closed_at = fields.DatetimeField(null=True)
    closed_by_id = fields.UUIDField(null=True)
    note = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "stocktake"
        indexes = [Index(fields=("institution_id", "state"))]

    def content(self, lines: Iterable[StocktakeLine]) -> str:
        """SHA-256 of what both counters sign: of whose stock, what the book said, and what was there."""
        bound = {
            "stocktake": self.id,
            "institution": self.institution_id,
            "product": self.product_id,
            "counters": [self.first_counter_id, self.second_counter_id],
            "lines": sorted(
                (line.finding, line.state, line.first_serial, line.last_serial)
                for line in lines
                if line.finding in (StocktakeFinding.BOOK, StocktakeFinding.COUNTED)
            ),
        }
        text = json.dumps(bound, sort_keys=True, default=str, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def must_still_say(self, lines: Iterable[StocktakeLine]) -> None:
        if self.content(lines) != self.digest:
            raise CountChanged("This count is not what the first counter listed. Have it listed anew.")

    def must_be(self, *states: StocktakeState) -> None:
        if self.state not in states:
            raise WrongState(
                f"This stocktake is {self.state}; this needs {' or '.join(states)}. Look at it again."
            )

    def must_be_seen(self, version: int) -> None:
        """As it was when it was looked at: nobody signs a count that he has not read."""
        if self.version != version:
            raise StaleVersion(
                "This stocktake has changed since you looked at it. Read it again, then repeat.",
                field="version",
            )

    def must_be_counted_by(self, counter_id: UUID, staff_id: UUID) -> None:
        if staff_id != counter_id:
            raise NotHisToCount(
                "The first counter whom the stocktake names lists the cards, and the second confirms. Ask the one who is "
                "named."
            )

    async def change(self, state: StocktakeState, *changed: str) -> None:
        self.state, self.version = state, self.version + 1
        await self.save(update_fields=["state", "version", *changed])


class StocktakeLine(Row):
    """盘点表的一行. Numbers by the book, as counted, missing or too many, and how a difference came about."""

    stocktake: fields.ForeignKeyRelation[Stocktake] = fields.ForeignKeyField(
        "models.Stocktake", related_name="lines", on_delete=fields.RESTRICT
    )
    stocktake_id: UUID
    finding = fields.CharField(max_length=8)
    state = fields.CharField(max_length=16, default="", db_default="")
    """What the book says of these numbers, empty for what the book does not place here."""
    first_serial = fields.BigIntField()
    last_serial = fields.BigIntField()
    quantity = fields.IntField()
    explanation = fields.CharField(max_length=400, default="", db_default="")
    explained_at = fields.DatetimeField(null=True)
    explained_by_id = fields.UUIDField(null=True)
    movement_id = fields.UUIDField(null=True)

    class Meta:
        table = "stocktake_line"
        indexes = [Index(fields=("stocktake_id",))]

    @property
    def range(self) -> Range:
        return Range(self.first_serial, self.last_serial)

    def must_be_a(self, *findings: StocktakeFinding) -> None:
        if self.finding not in findings:
            raise NoDifference(
                f"This line is {self.finding}; this needs {' or '.join(findings)}. Choose a line that differs."
            )
