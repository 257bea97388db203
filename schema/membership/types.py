"""Memberships in the graph: how each stands, and its story."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from authz import DataClass
from desk.sights.managing import ManagerStanding
from models.vocabulary import CancellationCause, ConsentForm, ConsentKind, MembershipState, Tier
from schema.fields import column, many, one, planned, renamed, section
from schema.node import Node
from schema.people import Staff
from schema.problems import Problem
from schema.sections import Confidential, PurposeArgument, Section

strawberry.enum(ConsentForm, description="How a consent was given.")
strawberry.enum(ConsentKind, description="To what a customer consents.")
strawberry.enum(CancellationCause, description="取消资格的事由 (Art. 16): 恶意透支, 拖欠贷款, 损害本行利益.")

if TYPE_CHECKING:
    from schema.archives import Archive
    from schema.cards import Card
    from schema.customers import Customer
    from schema.exceptions import ExceptionCase
    from schema.filing import Filing


@strawberry.type(
    description="Why a membership changed, in the words of who changed it.",
    directives=[Confidential(class_=DataClass.SERVICE, article="3, 16")],
)
class WhySection(Section):
    value: str | None = renamed("reason", about="His words; empty where none were needed.")


@strawberry.type(description="会员资格沿革. One change of a membership, written once.")
class MembershipEvent(Node):
    TABLE: ClassVar[str] = "membership_event"

    state: MembershipState = column(about="What it became.")
    tier: Tier | None = column(about="Its tier from then on.")
    version: int = column(about="The version that this change made.")
    at: dt.datetime = column(about="Since when it holds.")
    recorded_at: dt.datetime = column(about="When we were told.")
    cause: CancellationCause | None = column(about="事由 (Art. 16), of a suspension or cancellation.")
    term_ends: dt.date | None = column(about="Last day of the term, as known then.")
    by: Staff | None = one("by", "staff", about="Who recorded it.")

    @strawberry.field(description="Why.", metadata=section(DataClass.SERVICE))
    def reason(self, purpose: PurposeArgument = None) -> WhySection:
        return planned()


@strawberry.type(description="会员资格 (Art. 2, 6).")
class Membership(Node):
    TABLE: ClassVar[str] = "membership"

    tier: Tier | None = column(about="VIP级别; null until a filing is submitted.")
    state: MembershipState = column(
        about="State; ACTIVE only through a recorded filing or an approved exception."
    )
    version: int = column(about="Give it back with an act, so that nothing unseen is acted on.")
    term_starts: dt.date | None = column(
        about="First day of the two-year term; ahead of today after an early renewal."
    )
    term_ends: dt.date | None = column(about="Last day of the term, valid until 24:00 (民法典 203).")
    manager_standing: ManagerStanding = column(about="Whether a full-time manager serves him now (Art. 9).")
    over: bool = column(about="Whether it is over for good.")
    over_at: dt.datetime | None = column(about="Since when.")
    customer: Annotated[Customer, strawberry.lazy("schema.customers")] | None = one(
        "customer", "customer", about="Whose."
    )
    filings: list[Annotated[Filing, strawberry.lazy("schema.filing")]] = many(
        "filings", "filing", about="Filings, returned ones too."
    )
    exceptions: list[Annotated[ExceptionCase, strawberry.lazy("schema.exceptions")]] = many(
        "exceptions", "exception_case", about="Exceptions (Art. 7), rejected and returned ones too."
    )
    archive: Annotated[Archive, strawberry.lazy("schema.archives")] | None = one(
        "archive", "archive", about="客户档案."
    )
    cards: list[Annotated[Card, strawberry.lazy("schema.cards")]] = many(
        "cards", "card", about="VIP卡 that rest on it (Notice 4), oldest first."
    )
    events: list[MembershipEvent] = many(
        "events", "membership_event", about="会员资格沿革, oldest first: its whole story."
    )


@strawberry.type(description="客户同意. What the customer agreed to (Art. 3, 11).")
class Consent(Node):
    TABLE: ClassVar[str] = "consent"

    kind: ConsentKind = column(about="To what he agreed.")
    form: ConsentForm = column(about="Written or electronic.")
    document: str = column(about="Where the signed consent is kept.")
    notice_version: str = column(about="Which notice he was given.")
    valid_from: dt.datetime = column(about="When he signed.")
    ended_at: dt.datetime | None = column(about="When he withdrew it.")


ConsentResult = Annotated[
    Consent | Problem, strawberry.union("ConsentResult", description="A consent, or why not.")
]
MembershipResult = Annotated[
    Membership | Problem, strawberry.union("MembershipResult", description="A membership, or why not.")
]
