"""VIP cards: one row for each card of a customer, what stands on its back, and what became of it (Notice 4, Art. 3)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.custody import CardCause, CardState
from models.customers import Customer
from models.errors import Refusal, StaleVersion, WrongState
from models.institutions import Institution
from models.membership import Membership
from models.people import Staff
from models.products import CardProduct
from models.terms import Calendar, TermOver, TermRunning, midnight_after, term_end

UNDER_WAY = (CardState.REQUESTED, CardState.DRAFTED, CardState.RESERVED)
OVER = (CardState.REFUSED, CardState.EXPIRED, CardState.RETURNED, CardState.CANCELLED, CardState.VOIDED)


class NotAMember(Refusal):
    """A card is issued by the Measures only: to a member, after filing or approval, within his term."""

    code = "NOT_A_MEMBER"
    article = "Notice 4"


class CardOfOtherTier(Refusal):
    """The two kinds of card are for the two tiers, and for no other."""

    code = "CARD_OF_OTHER_TIER"
    article = "2"


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

    def must_be(self, *states: CardState) -> None:
        if self.state not in states:
            raise WrongState(
                f"This card is {self.state}; this needs {' or '.join(states)}. Look at it again."
            )

    def must_be_seen(self, version: int) -> None:
        """As it was when it was looked at."""
        if self.version != version:
            raise StaleVersion("This card has changed since you looked at it. Look again.", field="version")

    def must_be_earned(self, membership: Membership, product: CardProduct, today: dt.date) -> None:
        """Notice 4: of who is served as a member today, and of his tier. NOT_A_MEMBER, CARD_OF_OTHER_TIER."""
        if membership.over or not membership.valid_on(today):
            raise NotAMember(
                "Only a VIP customer within his term gets a card, after filing or approval and while he is not suspended. "
                "Look at his membership."
            )
        if membership.tier != product.tier:
            raise CardOfOtherTier(
                "This card is of the other tier than the customer. Have his manager request one of his own tier."
            )

    def term(self, old: Card | None, today: dt.date, calendar: Calendar) -> tuple[dt.date, dt.date]:
        """First and last day when it is handed out today (Art. 16): two years, and of a replacement what is left of the old.

        A renewal is counted from the old card's last day (民法典 201), or from today once that has passed. TERM_OVER.
        """
        if old is None or old.term_ends is None:
            return today, term_end(today, calendar)
        if not self.renews:
            old.must_run(today)
            return today, old.term_ends
        if old.term_ends < today:
            return today, term_end(today, calendar)
        return old.term_ends + dt.timedelta(days=1), term_end(old.term_ends, calendar)

    def must_run(self, today: dt.date) -> None:
        if self.term_ends is None or today > self.term_ends:
            raise TermOver(f"The term of this card ended on {self.term_ends}. Request a renewal instead.")

    @property
    def was_issued(self) -> bool:
        return self.issued_at is not None

    async def request(self, *, now: dt.datetime, by: UUID) -> None:
        """申请: begun with the form that the customer signed."""
        self.version = 0
        await self._become(CardState.REQUESTED, now=now, by=by)

    async def take_number(
        self, product_id: UUID, serial: int, number: str, *, movement_id: UUID, now: dt.datetime, by: UUID
    ) -> None:
        """Its issue is drafted with this number, and so with a design of its tier."""
        self.must_be(CardState.REQUESTED)
        self.product_id, self.serial, self.number = product_id, serial, number
        changed = "product_id", "serial", "number"
        await self._become(CardState.DRAFTED, *changed, now=now, by=by, movement_id=movement_id)

    async def give_number_back(self, reason: str, *, movement_id: UUID, now: dt.datetime, by: UUID) -> None:
        """Its issue was not signed: the number is anybody's again, and the request waits for another."""
        self.must_be(CardState.DRAFTED)
        self.serial = self.number = None
        await self._become(
            CardState.REQUESTED, "serial", "number", now=now, by=by, reason=reason, movement_id=movement_id
        )

    async def reserve(self, *, movement_id: UUID, now: dt.datetime, by: UUID) -> None:
        """Signed out for the customer by two persons."""
        self.must_be(CardState.DRAFTED)
        await self._become(CardState.RESERVED, now=now, by=by, movement_id=movement_id)

    async def hand_out(
        self, term: tuple[dt.date, dt.date], identity_kind: str, *, now: dt.datetime, by: UUID
    ) -> None:
        """The holder has shown who he is and signed for it: the basis of service from now on (Art. 3)."""
        self.must_be(CardState.RESERVED)
        self.term_starts, self.term_ends = term
        self.identity_kind, self.issued_at, self.issued_by_id = identity_kind, now, by
        changed = ("term_starts", "term_ends", "identity_kind", "issued_at", "issued_by_id")
        await self._become(CardState.ISSUED, *changed, now=now, by=by)

    async def lose(self, reason: str, *, now: dt.datetime, by: UUID) -> None:
        """挂失: it is the basis of no service from now on, wherever it may be."""
        self.must_be(CardState.ISSUED)
        await self._become(CardState.LOST, now=now, by=by, reason=reason)

    async def come_back(self, reason: str, *, now: dt.datetime, by: UUID) -> None:
        """It was found, and its holder has it again."""
        self.must_be(CardState.LOST)
        await self._become(CardState.ISSUED, now=now, by=by, reason=reason)

    async def refuse(self, cause: CardCause, reason: str, *, now: dt.datetime, by: UUID) -> None:
        """Nothing comes of the request. Whoever calls this has withdrawn what was drafted for it."""
        self.must_be(CardState.REQUESTED, CardState.DRAFTED)
        self.serial = self.number = None
        await self._become(CardState.REFUSED, "serial", "number", now=now, by=by, cause=cause, reason=reason)

    async def cancel(self, cause: CardCause, reason: str, *, now: dt.datetime, by: UUID) -> None:
        """注销. The plastic is still to be taken in."""
        self.must_be(CardState.RESERVED, CardState.ISSUED, CardState.LOST)
        await self._become(CardState.CANCELLED, now=now, by=by, cause=cause, reason=reason)

    async def expire(self, today: dt.date, *, now: dt.datetime, by: UUID) -> None:
        """到期失效 (Art. 16): since 24:00 of its last day, whenever we come to write it down. TERM_RUNNING until then."""
        self.must_be(CardState.ISSUED, CardState.LOST)
        assert self.term_ends is not None  # every issued card has a term (ck_card_term)
        if today <= self.term_ends:
            raise TermRunning(
                f"This card is valid until 24:00 of {self.term_ends}. Let it expire after that."
            )
        ended = midnight_after(self.term_ends)
        await self._become(CardState.EXPIRED, now=now, by=by, cause=CardCause.TERM_OVER, at=ended)

    async def take_in(
        self, cause: CardCause, reason: str, *, movement_id: UUID, now: dt.datetime, by: UUID
    ) -> None:
        """回收, under two signatures. What was over before stays what it was."""
        if self.state not in OVER:
            self.must_be(CardState.RESERVED, CardState.ISSUED, CardState.LOST)
            await self._become(
                CardState.RETURNED, now=now, by=by, cause=cause, reason=reason, movement_id=movement_id
            )

    async def void(
        self, cause: CardCause, reason: str, *, movement_id: UUID, now: dt.datetime, by: UUID
    ) -> None:
        """作废 (Notice 4): what is wrong is not altered, it is voided under two signatures."""
        self.must_be(CardState.RESERVED, CardState.ISSUED)
        await self._become(
            CardState.VOIDED, now=now, by=by, cause=cause, reason=reason, movement_id=movement_id
        )

    async def _become(
        self,
        state: CardState,
        *changed: str,
        now: dt.datetime,
        by: UUID,
        cause: str = "",
        reason: str = "",
        movement_id: UUID | None = None,
        at: dt.datetime | None = None,
    ) -> None:
        """The one place where a state changes: the row as it is from now on, and the event that tells it for ever."""
        self.state = state
        self.version += 1
        if state in OVER:
            self.over_at, changed = at or now, (*changed, "over_at")
        await self.save(update_fields=["state", "version", *changed] if self._saved_in_db else None)
        await CardEvent.create(
            card_id=self.id,
            customer_id=self.customer_id,
            state=state,
            cause=cause,
            version=self.version,
            at=at or now,
            recorded_at=now,
            by_id=by,
            reason=reason,
            movement_id=movement_id,
        )


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
