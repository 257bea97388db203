"""VIP cards: one row for each card of a customer, what stands on its back, and what became of it (Notice 4, Art. 3)."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer
from models.institutions import Institution
from models.membership import Membership
from models.people import Staff
from models.products import CardProduct


class Card(Row):
    """VIP卡 (Notice 4, Art. 3). One customer's card, from his manager's request to its end. It has a number once its issue
    is drafted, and the number is never used again. A customer has at most one that is ISSUED, and one under way."""

    number = fields.CharField(max_length=16, null=True)
    product: fields.ForeignKeyRelation[CardProduct] = fields.ForeignKeyField(
        "models.CardProduct", related_name="cards", on_delete=fields.RESTRICT
    )
    product_id: UUID
    serial = fields.BigIntField(null=True)
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="cards", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    membership: fields.ForeignKeyRelation[Membership] = fields.ForeignKeyField(
        "models.Membership", related_name="cards", on_delete=fields.RESTRICT
    )
    membership_id: UUID
    issuer: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="cards_issued", on_delete=fields.RESTRICT
    )
    issuer_id: UUID
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    replaces_id = fields.UUIDField(null=True)
    """The card that this one stands in for: lost, damaged, or at the end of its term."""
    renews = fields.BooleanField(default=False, db_default=False)
    form_number = fields.CharField(max_length=64)
    form_signed_on = fields.DateField()
    requested_at = fields.DatetimeField()
    requested_by_id = fields.UUIDField()
    requested_person_id = fields.UUIDField()
    identity_kind = fields.CharField(max_length=24, default="", db_default="")
    """Which document was shown when it was handed out."""
    term_starts = fields.DateField(null=True)
    term_ends = fields.DateField(null=True)
    issued_at = fields.DatetimeField(null=True)
    issued_by_id = fields.UUIDField(null=True)
    over_at = fields.DatetimeField(null=True)

    class Meta:
        table = "card"
        indexes = [
            Index(fields=("customer_id",)),
            Index(fields=("membership_id",)),
            Index(fields=("state", "term_ends")),
            Index(fields=("issuer_id",)),
        ]


class CardBack(Row):
    """卡片背面要素 (Notice 4, 不得涂改). What is written on the back, once: an error means a void card and a new number."""

    card: fields.ForeignKeyRelation[Card] = fields.ForeignKeyField(
        "models.Card", related_name="backs", on_delete=fields.RESTRICT, unique=True
    )
    card_id: UUID
    customer_id = fields.UUIDField()
    holder_name = fields.CharField(max_length=120)
    number = fields.CharField(max_length=16)
    tier = fields.CharField(max_length=16)
    issuer_name = fields.CharField(max_length=120)
    issued_on = fields.DateField()
    valid_until = fields.DateField()
    customer_signed_on = fields.DateField()
    manager_name = fields.CharField(max_length=120)
    manager_phone = fields.CharField(max_length=40)
    clerk: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="card_backs", on_delete=fields.RESTRICT
    )
    clerk_id: UUID
    written_at = fields.DatetimeField()

    class Meta:
        table = "card_back"
        indexes = [Index(fields=("customer_id",))]


class CardEvent(Row):
    """VIP卡沿革. One change of a card's state. Append-only."""

    card: fields.ForeignKeyRelation[Card] = fields.ForeignKeyField(
        "models.Card", related_name="events", on_delete=fields.RESTRICT
    )
    card_id: UUID
    customer_id = fields.UUIDField()
    state = fields.CharField(max_length=16)
    cause = fields.CharField(max_length=24, default="", db_default="")
    version = fields.IntField()
    at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    by_id = fields.UUIDField(null=True)
    reason = fields.CharField(max_length=200, default="", db_default="")
    movement_id = fields.UUIDField(null=True)

    class Meta:
        table = "card_event"
        unique_together = (("card", "version"),)
        indexes = [Index(fields=("customer_id",))]


class CardReport(Row):
    """挂失 / 拾获. A card that somebody lost, or brought in, at any institution, also one of another bank. Who reports
    sees only what he wrote himself, never whose card it is."""

    kind = fields.CharField(max_length=8)
    number = fields.CharField(max_length=32)
    card_id = fields.UUIDField(null=True)
    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="card_reports", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    note = fields.CharField(max_length=200)
    outcome = fields.CharField(max_length=16)
    reported_at = fields.DatetimeField()
    reported_by_id = fields.UUIDField()
    closed_at = fields.DatetimeField(null=True)
    closed_by_id = fields.UUIDField(null=True)
    closing_note = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "card_report"
        indexes = [Index(fields=("institution_id", "reported_at")), Index(fields=("card_id",))]
