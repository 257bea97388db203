"""Card orders: a branch orders from the manufacturer directly, and settles with it directly (Notice 4)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.custody import OrderState
from models.errors import BadInput, Refusal, StaleVersion, WrongState
from models.institutions import Institution
from models.money import LARGEST, AmountTooLarge, from_minor
from models.products import CardProduct, Manufacturer


class CardsCame(Refusal):
    """What has been received is paid for: such an order is settled, not cancelled."""

    code = "CARDS_CAME"
    article = "Notice 4"


class OrderNotComplete(Refusal):
    """An order of which cards are still to come is closed short only with a reason."""

    code = "ORDER_NOT_COMPLETE"
    article = "Notice 4"


class InvoiceDiffers(Refusal):
    """What is paid is the good cards that came, at the price that was ordered."""

    code = "INVOICE_DIFFERS"
    article = "Notice 4"


class CardOrder(Row):
    """订购单 (Notice 4). Drafted by who is designated for ordering, approved by another person, placed, received under
    two signatures, settled with the manufacturer's invoice. `amount` is quantity times the price of the drafting day."""

    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="card_orders", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="orders", on_delete=fields.RESTRICT
    )
    product_id: UUID
    manufacturer: fields.ForeignKeyRelation[Manufacturer] = fields.ForeignKeyField(
        "models.Manufacturer", related_name="orders", on_delete=fields.RESTRICT
    )
    manufacturer_id: UUID
    number = fields.CharField(max_length=48, unique=True)
    quantity = fields.IntField()
    currency = fields.CharField(max_length=3)
    unit_price = fields.BigIntField()
    amount = fields.BigIntField()
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    reason = fields.CharField(max_length=200)
    over_quota_reason = fields.CharField(max_length=200, default="", db_default="")
    received = fields.IntField(default=0, db_default=0)
    defective = fields.IntField(default=0, db_default=0)
    drafted_at = fields.DatetimeField()
    drafted_by_id = fields.UUIDField()
    drafted_person_id = fields.UUIDField()
    approved_at = fields.DatetimeField(null=True)
    approved_by_id = fields.UUIDField(null=True)
    approved_person_id = fields.UUIDField(null=True)
    placed_at = fields.DatetimeField(null=True)
    placed_by_id = fields.UUIDField(null=True)
    invoice_number = fields.CharField(max_length=64, default="", db_default="")
    invoiced = fields.BigIntField(null=True)
    settled_at = fields.DatetimeField(null=True)
    settled_by_id = fields.UUIDField(null=True)
    short_reason = fields.CharField(max_length=200, default="", db_default="")
    """Why it is settled although not all came."""
    cancelled_at = fields.DatetimeField(null=True)
    cancelled_by_id = fields.UUIDField(null=True)
    cancel_reason = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "card_order"
        indexes = [Index(fields=("institution_id", "state"))]

    @property
    def good(self) -> int:
        """Cards that came and are to be paid for."""
        return self.received - self.defective

    def must_be(self, *states: OrderState) -> None:
        if self.state not in states:
            raise WrongState(
                f"This order is {self.state}; this needs {' or '.join(states)}. Look at it again."
            )

    def must_be_seen(self, version: int) -> None:
        if self.version != version:
            raise StaleVersion(
                "This order has changed since you looked at it. Read it again, then repeat.", field="version"
            )

    def price(self, unit_price: int, currency: str) -> None:
        """Quantity times price, exactly, in minor units. AMOUNT_TOO_LARGE."""
        self.unit_price, self.currency, self.amount = unit_price, currency, self.quantity * unit_price
        if self.amount > LARGEST:
            raise AmountTooLarge(
                "This order comes to more than can be booked. Order fewer.", field="quantity"
            )

    async def approve(self, now: dt.datetime, staff_id: UUID, person_id: UUID) -> None:
        self.approved_at, self.approved_by_id, self.approved_person_id = now, staff_id, person_id
        await self._become(OrderState.APPROVED, "approved_at", "approved_by_id", "approved_person_id")

    async def place(self, now: dt.datetime, staff_id: UUID) -> None:
        self.placed_at, self.placed_by_id = now, staff_id
        await self._become(OrderState.PLACED, "placed_at", "placed_by_id")

    async def cancel(self, now: dt.datetime, staff_id: UUID, reason: str) -> None:
        """Before anything came: CARDS_CAME; WRONG_STATE for one that is over."""
        if self.received:
            raise CardsCame(
                f"{self.received} cards of this order have come. Settle it, closing it short with a reason if no more come."
            )
        self.must_be(OrderState.DRAFT, OrderState.APPROVED, OrderState.PLACED)
        self.cancelled_at, self.cancelled_by_id, self.cancel_reason = now, staff_id, reason
        await self._become(OrderState.CANCELLED, "cancelled_at", "cancelled_by_id", "cancel_reason")

    async def settle(
        self, now: dt.datetime, staff_id: UUID, invoice: str, invoiced: int, short_reason: str
    ) -> None:
        """WRONG_STATE, ORDER_NOT_COMPLETE, INVOICE_DIFFERS; BAD_USER_INPUT for a reason that has nothing to explain."""
        self.must_be(OrderState.PART_RECEIVED, OrderState.RECEIVED)
        if self.state == OrderState.PART_RECEIVED and not short_reason:
            raise OrderNotComplete(
                f"{self.quantity - self.received} cards of this order are still to come. Receive them first, or write why it "
                "is closed short.",
                field="shortReason",
            )
        if self.state == OrderState.RECEIVED and short_reason:
            raise BadInput("All cards of this order came. Leave the reason out.", field="shortReason")
        due = self.good * self.unit_price
        if invoiced != due:
            raise InvoiceDiffers(
                f"The invoice says {from_minor(invoiced, self.currency)}, and {self.good} good cards at "
                f"{from_minor(self.unit_price, self.currency)} come to {from_minor(due, self.currency)} {self.currency}. Have "
                "the manufacturer issue the invoice anew, or receive what it counts in addition, and settle then.",
                field="invoiced",
            )
        self.settled_at, self.settled_by_id, self.short_reason = now, staff_id, short_reason
        self.invoice_number, self.invoiced = invoice, invoiced
        await self._become(
            OrderState.SETTLED, "settled_at", "settled_by_id", "short_reason", "invoice_number", "invoiced"
        )

    async def _become(self, state: OrderState, *changed: str) -> None:
        self.state, self.version = state, self.version + 1
        await self.save(update_fields=["state", "version", *changed])
