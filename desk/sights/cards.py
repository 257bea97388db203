"""VIP cards: whose they are, what stands on their backs, and whether they are the basis of service today (Art. 3)."""

from __future__ import annotations

from authz import Kind
from desk.sights.sight import TODAY, Derived, Relation, Sight, of_customer
from models.card_reports import CardReport
from models.cards import Card, CardBack, CardEvent
from models.custody import CardState, CardVerdict
from models.vocabulary import MembershipState

_ENDED = (
    CardState.LOST,
    CardState.EXPIRED,
    CardState.RETURNED,
    CardState.CANCELLED,
    CardState.VOIDED,
)
_SERVED = (MembershipState.ACTIVE, MembershipState.REVIEW_DUE)


def _listed(states: tuple[CardState, ...] | tuple[MembershipState, ...]) -> str:
    return ", ".join(f"'{state.value}'" for state in states)


VERDICT = (
    f"(CASE WHEN t.state IN ({_listed(_ENDED)}) THEN t.state"
    f" WHEN t.state <> '{CardState.ISSUED.value}' THEN '{CardVerdict.NOT_ISSUED.value}'"
    f" WHEN {TODAY} > t.term_ends THEN '{CardVerdict.EXPIRED.value}'"
    " ELSE (SELECT CASE"
    f" WHEN b.state = '{MembershipState.SUSPENDED.value}' THEN '{CardVerdict.MEMBERSHIP_SUSPENDED.value}'"
    f" WHEN b.state NOT IN ({_listed(_SERVED)}) OR {TODAY} > b.term_ends"
    f" THEN '{CardVerdict.MEMBERSHIP_OVER.value}'"
    f" WHEN b.tier <> k.tier THEN '{CardVerdict.TIER_CHANGED.value}' ELSE '{CardVerdict.VALID.value}' END"
    " FROM membership b JOIN card_product k ON k.id = t.product_id WHERE b.id = t.membership_id) END)"
)
"""One of CardVerdict, in an order from the card itself to the membership behind it. The last day counts to 24:00."""

SIGHTS: dict[str, Sight] = {
    "card": of_customer(
        Card,
        Kind.CARD,
        order=("requested_at", "id"),
        derived={
            "holder_name": Derived("c.name", nullable=False),
            "verdict": Derived(VERDICT, nullable=False),
        },
        relations={
            "customer": Relation("customer", "t.customer_id", "t.id", many=False),
            "membership": Relation("membership", "t.membership_id", "t.id", many=False),
            "product": Relation("card_product", "t.product_id", "t.id", many=False),
            "issuer": Relation("institution", "t.issuer_id", "t.id", many=False),
            "replaces": Relation("card", "t.replaces_id", "t.id", many=False),
            "back": Relation("card_back", "t.id", "t.card_id", many=False),
            "events": Relation("card_event", "t.id", "t.card_id"),
            "requested_by": Relation("staff", "t.requested_by_id", "t.id", many=False),
            "issued_by": Relation("staff", "t.issued_by_id", "t.id", many=False),
            "movements": Relation("stock_movement", "t.id", "t.card_id"),
        },
    ),
    "card_back": of_customer(
        CardBack,
        Kind.CARD,
        order=("written_at", "id"),
        relations={"clerk": Relation("staff", "t.clerk_id", "t.id", many=False)},
    ),
    "card_event": of_customer(
        CardEvent,
        Kind.CARD,
        order=("version", "id"),
        derived={"cause": Derived("NULLIF(t.cause, '')")},
        relations={"by": Relation("staff", "t.by_id", "t.id", many=False)},
    ),
    "card_report": Sight(
        CardReport,
        Kind.CARD_REPORT,
        "JOIN institution i ON i.id = t.institution_id",
        "i.acting_path",
        order=("reported_at", "id"),
        relations={
            "institution": Relation("institution", "t.institution_id", "t.id", many=False),
            "reported_by": Relation("staff", "t.reported_by_id", "t.id", many=False),
            "closed_by": Relation("staff", "t.closed_by_id", "t.id", many=False),
        },
    ),
}
