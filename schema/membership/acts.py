"""The acts with which a membership begins, and with which the customer gives it up (Art. 3)."""

from __future__ import annotations

import datetime as dt

import strawberry

from desk import membership
from models.vocabulary import ConsentForm
from schema.context import Info
from schema.membership.standing import StandingMutation
from schema.membership.types import ConsentResult, MembershipResult
from schema.problems import given_arguments, key, performed


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
class Mutation(StandingMutation):
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
