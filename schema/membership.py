"""Memberships and the registration form they began with."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from desk import membership
from models.vocabulary import ConsentForm, ConsentKind, MembershipState, Tier
from schema.context import Info
from schema.fields import column, many, one
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.problems import Problem, given_arguments, key, performed
from schema.resolving import listed
from schema.sections import PurposeArgument
from schema.wheres import MembershipOrder, MembershipWhere

strawberry.enum(ConsentForm, description="How a consent was given.")
strawberry.enum(ConsentKind, description="To what a customer consents.")

if TYPE_CHECKING:
    from schema.archives import Archive
    from schema.customers import Customer
    from schema.filing import Filing


@strawberry.type(description="会员资格 (Art. 2, 6).")
class Membership(Node):
    TABLE: ClassVar[str] = "membership"

    tier: Tier | None = column(about="VIP级别; null until a filing is submitted.")
    state: MembershipState = column(about="State; ACTIVE only through a recorded filing.")
    version: int = column(about="Give it back with an act, so that nothing unseen is acted on.")
    term_starts: dt.date | None = column(about="First day of the two-year term.")
    term_ends: dt.date | None = column(about="Last day of the term.")
    over: bool = column(about="Whether it is over for good.")
    customer: Annotated[Customer, strawberry.lazy("schema.customers")] | None = one(
        "customer", "customer", about="Whose."
    )
    filings: list[Annotated[Filing, strawberry.lazy("schema.filing")]] = many(
        "filings", "filing", about="Filings, returned ones too."
    )
    archive: Annotated[Archive, strawberry.lazy("schema.archives")] | None = one(
        "archive", "archive", about="客户档案."
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


@strawberry.input(description="A consent that the customer signed.")
class GiveConsentInput:
    customer_id: strawberry.ID = strawberry.field(description="Who agreed.")
    form: ConsentForm = strawberry.field(description="Written or electronic.")
    document: str = strawberry.field(description="Where the signed consent is kept.")
    notice_version: str = strawberry.field(description="Which notice he was given.")
    given_at: dt.datetime = strawberry.field(description="When he signed.")
    idempotency_key: str | None = key()


@strawberry.input(description="A consent that the customer takes back.")
class WithdrawConsentInput:
    consent_id: strawberry.ID = strawberry.field(description="Which consent.")
    reason: str = strawberry.field(default="", description="His words, if he gave any.")
    idempotency_key: str | None = key()


@strawberry.input(description="The registration form (Annex 2).")
class RegisterCustomerInput:
    customer_id: strawberry.ID = strawberry.field(description="Who applies.")
    consent_id: strawberry.ID | None = strawberry.field(
        default=None, description="His voluntary consent (Art. 3)."
    )
    centre_id: strawberry.ID = strawberry.field(description="理财中心 that will keep the archive (Notice 6).")
    servicing_id: strawberry.ID | None = strawberry.field(
        default=None, description="Another outlet that serves him."
    )
    servicing_reason: str = strawberry.field(default="", description="Why another outlet (Notice 6).")
    service_needs: str = strawberry.field(default="", description="服务需求.")
    contact_preference: str = strawberry.field(default="", description="首选联系方式/时段.")
    registered_at: dt.datetime | None = strawberry.field(
        default=None, description="When the form was signed; now."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A membership that the customer gives up.")
class WithdrawMembershipInput:
    membership_id: strawberry.ID = strawberry.field(description="Which membership.")
    reason: str = strawberry.field(description="What the customer said.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="Memberships of the customers that the caller reaches.")
    async def memberships(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: MembershipWhere | None = None,
        order_by: list[MembershipOrder] | None = None,
        purpose: PurposeArgument = None,
    ) -> Connection[Membership]:
        return await listed(info, "membership")


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Record that a customer wants to be a VIP (Art. 3). By his customer manager."
    )
    async def give_consent(self, info: Info, input: GiveConsentInput) -> ConsentResult:
        return await performed(
            info, "consent", lambda: membership.give_consent(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Record that a customer takes his consent back (Art. 3). By his manager."
    )
    async def withdraw_consent(self, info: Info, input: WithdrawConsentInput) -> ConsentResult:
        return await performed(
            info, "consent", lambda: membership.withdraw_consent(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Register a customer who applies (Notice 6). By his full-time manager (Art. 9)."
    )
    async def register_customer(self, info: Info, input: RegisterCustomerInput) -> MembershipResult:
        return await performed(
            info, "membership", lambda: membership.register(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(description="End a membership on the customer's wish (Art. 3). By his manager.")
    async def withdraw_membership(self, info: Info, input: WithdrawMembershipInput) -> MembershipResult:
        return await performed(
            info,
            "membership",
            lambda: membership.withdraw_membership(info.context.desk, **given_arguments(input)),
        )
