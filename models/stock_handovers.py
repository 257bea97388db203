"""Stock handovers (交接): the cards in a custodian's charge pass to another by a list that three persons sign (Notice 4)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.errors import Refusal, WrongState
from models.handovers import AlreadySigned, HandoverChanged, NotHisToSign
from models.institutions import Institution
from models.people import Staff
from models.products import CardProduct
from models.vocabulary import HandoverState


class NotInCharge(Refusal):
    """Nobody hands over cards that were never given into his charge, or that he has handed over already."""

    code = "NOT_IN_CHARGE"
    article = "Notice 4"


class GiverCanSign(Refusal):
    """A second witness is for a giver who is not there: whoever is at work signs for his own cards himself."""

    code = "GIVER_CAN_SIGN"
    article = "Notice 4"


class SecondWitnessRequired(Refusal):
    """Nobody signs for a giver who has left, is suspended or has lost his post: two witnesses count in his place."""

    code = "SECOND_WITNESS_REQUIRED"
    article = "Notice 4"


class SignedMovementsOpen(Refusal):
    """What he has signed out or in would move cards that are in another's charge by then."""

    code = "SIGNED_MOVEMENTS_OPEN"
    article = "Notice 4"


class StockHandover(Row):
    """卡片交接清单 (Notice 4). Signed by giver, receiver and a witness (监交人), or by a second witness where the giver cannot.
    With the last signature the designation passes. `digest` binds the signatures to the very numbers that are there."""

    giver: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="stock_handovers_given", on_delete=fields.RESTRICT
    )
    giver_id: UUID
    receiver: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="stock_handovers_received", on_delete=fields.RESTRICT
    )
    receiver_id: UUID
    witness: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="stock_handovers_witnessed", on_delete=fields.RESTRICT
    )
    witness_id: UUID
    second_witness: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="stock_handovers_seconded", null=True, on_delete=fields.RESTRICT
    )
    second_witness_id: UUID | None
    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="stock_handovers", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    quantity = fields.IntField()
    digest = fields.CharField(max_length=64)
    reason = fields.CharField(max_length=200)
    drawn_up_at = fields.DatetimeField()
    drawn_up_by_id = fields.UUIDField()
    giver_signed_at = fields.DatetimeField(null=True)
    receiver_signed_at = fields.DatetimeField(null=True)
    witness_signed_at = fields.DatetimeField(null=True)
    second_witness_signed_at = fields.DatetimeField(null=True)
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "stock_handover"
        indexes = [
            Index(fields=("institution_id", "state")),
            Index(fields=("giver_id",)),
            Index(fields=("receiver_id",)),
            Index(fields=("witness_id",)),
            Index(fields=("second_witness_id",)),
        ]

    @property
    def signers(self) -> dict[UUID, str]:
        """Who signs it, and in which column. In the place of a giver who cannot, the second witness."""
        found = {self.receiver_id: "receiver_signed_at", self.witness_id: "witness_signed_at"}
        if self.second_witness_id is not None:
            return found | {self.second_witness_id: "second_witness_signed_at"}
        return found | {self.giver_id: "giver_signed_at"}

    @property
    def is_signed(self) -> bool:
        return all(getattr(self, column) is not None for column in self.signers.values())

    def lacks_only(self, staff_id: UUID) -> bool:
        """Would it be done with his signature?"""
        return all(
            getattr(self, column) is not None for signer, column in self.signers.items() if signer != staff_id
        )

    def content(self, lines: Iterable[StockHandoverLine]) -> str:
        """SHA-256 of what is signed: who gives to whom, before whom, and the very numbers that pass."""
        bound = {
            "giver": self.giver_id,
            "receiver": self.receiver_id,
            "witnesses": [self.witness_id, self.second_witness_id],
            "institution": self.institution_id,
            "lines": sorted(
                (str(line.product_id), line.state, line.first_serial, line.last_serial) for line in lines
            ),
        }
        text = json.dumps(bound, sort_keys=True, default=str, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def must_still_say(self, lines: Iterable[StockHandoverLine]) -> None:
        if self.content(lines) != self.digest:
            raise HandoverChanged(
                "The cards that are there are no longer those on this list. Have it called off, and drawn up anew."
            )

    def may_be_signed_by(self, staff_id: UUID) -> None:
        """Undecided, and his to sign: NOT_HIS_TO_SIGN, ALREADY_SIGNED, WRONG_STATE."""
        column = self.signers.get(staff_id)
        if column is None:
            raise NotHisToSign(
                "A handover list of cards is signed by the persons that it names, each himself."
            )
        if getattr(self, column) is not None:
            raise AlreadySigned("You have signed this list already. Nothing was changed.")
        self.must_be_open()

    def must_be_open(self) -> None:
        if self.state != HandoverState.DRAWN_UP:
            raise WrongState(f"This handover is {self.state}; this needs one that is DRAWN_UP.")

    async def sign(self, staff_id: UUID, now: dt.datetime) -> None:
        """One of the signatures. With the last it is done."""
        column = self.signers[staff_id]
        setattr(self, column, now)
        if self.is_signed:
            self.state, self.done_at = HandoverState.DONE, now
        await self._change(column, "done_at")

    async def call_off(self) -> None:
        self.must_be_open()
        self.state = HandoverState.CALLED_OFF
        await self._change()

    async def _change(self, *changed: str) -> None:
        self.version += 1
        await self.save(update_fields=["state", "version", *changed])


class StockHandoverLine(Row):
    """卡片交接清单的一行. Card numbers [first_serial, last_serial] of one product in one state."""

    handover: fields.ForeignKeyRelation[StockHandover] = fields.ForeignKeyField(
        "models.StockHandover", related_name="lines", on_delete=fields.RESTRICT
    )
    handover_id: UUID
    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="handover_lines", on_delete=fields.RESTRICT
    )
    product_id: UUID
    state = fields.CharField(max_length=16)
    first_serial = fields.BigIntField()
    last_serial = fields.BigIntField()
    quantity = fields.IntField()

    class Meta:
        table = "stock_handover_line"
        indexes = [Index(fields=("handover_id",))]
