"""The vocabulary of card custody: closed lists of how cards, stock, movements and counts can stand (Notice 4)."""

from __future__ import annotations

from enum import StrEnum


class CardState(StrEnum):
    """VIP卡的状态 (domain.md 3), from the request of the customer's manager on. Where the plastic is, the stock says.

    DRAFTED: it has a number, and its issue waits for signatures. RESERVED: signed out for the customer, who has not
    signed for it yet. REFUSED: nothing came of the request.
    """

    REQUESTED = "REQUESTED"
    DRAFTED = "DRAFTED"
    REFUSED = "REFUSED"
    RESERVED = "RESERVED"
    ISSUED = "ISSUED"
    LOST = "LOST"
    EXPIRED = "EXPIRED"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"
    VOIDED = "VOIDED"


class CardCause(StrEnum):
    """Why a card changed its state otherwise than by its issue."""

    BY_HOLDER = "BY_HOLDER"
    REPLACED = "REPLACED"
    RENEWED = "RENEWED"
    TERM_OVER = "TERM_OVER"
    MEMBERSHIP_OVER = "MEMBERSHIP_OVER"
    WRONG_BACK = "WRONG_BACK"
    DAMAGED = "DAMAGED"
    UNCLAIMED = "UNCLAIMED"
    FOUND = "FOUND"


class CardVerdict(StrEnum):
    """享受依据 (Art. 3): whether a card is the basis of service today, or why not. Nothing else is told."""

    VALID = "VALID"
    NO_SUCH_CARD = "NO_SUCH_CARD"
    NOT_ISSUED = "NOT_ISSUED"
    LOST = "LOST"
    EXPIRED = "EXPIRED"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"
    VOIDED = "VOIDED"
    TIER_CHANGED = "TIER_CHANGED"
    MEMBERSHIP_SUSPENDED = "MEMBERSHIP_SUSPENDED"
    MEMBERSHIP_OVER = "MEMBERSHIP_OVER"


class CardReportKind(StrEnum):
    """挂失 / 拾获: a holder lost it, or somebody brought one in."""

    LOST = "LOST"
    FOUND = "FOUND"


class CardReportOutcome(StrEnum):
    """What becomes of a reported card. FOREIGN: no card that this bank has had, so it goes to its issuer
    or to the police."""

    BLOCKED = "BLOCKED"
    TO_ISSUER = "TO_ISSUER"
    GIVEN_BACK = "GIVEN_BACK"
    TAKEN_IN = "TAKEN_IN"
    FOREIGN = "FOREIGN"


class IssuerBasis(StrEnum):
    """By what the issuer of a number is known, or why there is none. It never says whether the card is issued."""

    SEGMENT = "SEGMENT"
    MOVEMENT = "MOVEMENT"
    NO_PRODUCT = "NO_PRODUCT"
    NOT_RECEIVED = "NOT_RECEIVED"


class StockState(StrEnum):
    """库存状态. Every number that was received is in exactly one (Notice 4)."""

    IN_STOCK = "IN_STOCK"
    IN_TRANSIT = "IN_TRANSIT"
    RESERVED = "RESERVED"
    ISSUED = "ISSUED"
    RETURNED = "RETURNED"
    SPOILED = "SPOILED"
    TO_DESTROY = "TO_DESTROY"
    DESTROYED = "DESTROYED"
    MISSING = "MISSING"


PHYSICAL = (
    StockState.IN_STOCK,
    StockState.RESERVED,
    StockState.SPOILED,
    StockState.RETURNED,
    StockState.TO_DESTROY,
)
"""What lies in the safe, so that it can be counted and handed over. The rest is under way, with customers, or gone."""


class MovementKind(StrEnum):
    """出入库种类 (Annex 1): what moves cards from one state or holder to another."""

    RECEIPT = "RECEIPT"
    ALLOCATE_OUT = "ALLOCATE_OUT"
    ALLOCATE_IN = "ALLOCATE_IN"
    ISSUE = "ISSUE"
    RETURN_IN = "RETURN_IN"
    VOID = "VOID"
    DESTROY = "DESTROY"
    ADJUST = "ADJUST"
    REVERSE = "REVERSE"


class MovementState(StrEnum):
    """DRAFT, SIGNED by the designated custodian, POSTED by his own business supervisor; or REJECTED."""

    DRAFT = "DRAFT"
    SIGNED = "SIGNED"
    POSTED = "POSTED"
    REJECTED = "REJECTED"


class SignatureStep(StrEnum):
    """双人签字 (Notice 4): first the designated person, then his business supervisor."""

    SIGN = "SIGN"
    COUNTERSIGN = "COUNTERSIGN"


class StockDuty(StrEnum):
    """指定人员的职责 (Notice 4): ordering cards, or keeping them."""

    ORDER = "ORDER"
    STOCK = "STOCK"


class OrderState(StrEnum):
    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    PLACED = "PLACED"
    PART_RECEIVED = "PART_RECEIVED"
    RECEIVED = "RECEIVED"
    SETTLED = "SETTLED"
    CANCELLED = "CANCELLED"


class StocktakeKind(StrEnum):
    MONTHLY = "MONTHLY"
    SURPRISE = "SURPRISE"


class StocktakeState(StrEnum):
    """盘点. OPEN: the book is frozen as it was. COUNTED: both counters have signed one count."""

    OPEN = "OPEN"
    COUNTED = "COUNTED"
    DIFFERENCE = "DIFFERENCE"
    EXPLAINED = "EXPLAINED"
    CLOSED = "CLOSED"
    CALLED_OFF = "CALLED_OFF"


class StocktakeFinding(StrEnum):
    """BOOK: by the book at the opening. COUNTED: what was there. MISSING and EXTRA: how they differ."""

    BOOK = "BOOK"
    COUNTED = "COUNTED"
    MISSING = "MISSING"
    EXTRA = "EXTRA"


class DestructionState(StrEnum):
    """销毁清册: listed, approved by accounting and by audit, destroyed before two witnesses."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    DESTROYED = "DESTROYED"
    CALLED_OFF = "CALLED_OFF"


class DestructionSide(StrEnum):
    """核准销毁 (Annex 1): for accounting (会计结算) at the branch itself, and for audit (内审) there or above."""

    ACCOUNTING = "ACCOUNTING"
    AUDIT = "AUDIT"
