"""Standing: the acts that stop a membership, let it go on, review it or end it (Art. 16)."""

from __future__ import annotations

import datetime as dt

import strawberry

from desk import membership
from models.vocabulary import CancellationCause
from schema.context import Info
from schema.membership.types import MembershipResult
from schema.problems import given_arguments, key, performed


@strawberry.input(description="A membership to suspend.")
class SuspendMembershipInput:
    membership_id: strawberry.ID = strawberry.field(description="Which membership.")
    cause: CancellationCause = strawberry.field(description="事由 (Art. 16).")
    reason: str = strawberry.field(description="What happened.")
    idempotency_key: str | None = key()


@strawberry.input(description="A suspended membership to resume.")
class ResumeMembershipInput:
    membership_id: strawberry.ID = strawberry.field(description="Which membership.")
    reason: str = strawberry.field(description="Why nothing came of it.")
    idempotency_key: str | None = key()


@strawberry.input(description="A suspended membership to cancel.")
class CancelMembershipInput:
    membership_id: strawberry.ID = strawberry.field(description="Which membership.")
    cause: CancellationCause = strawberry.field(description="事由 (Art. 16).")
    reason: str = strawberry.field(description="Why the customer cannot remain a VIP customer.")
    idempotency_key: str | None = key()


@strawberry.input(description="The death of a customer.")
class RecordDeathInput:
    membership_id: strawberry.ID = strawberry.field(description="His membership or application.")
    died_on: dt.date = strawberry.field(description="The day, as the document says.")
    document: str = strawberry.field(description="The document that proves it, and where it is kept.")
    idempotency_key: str | None = key()


@strawberry.input(description="A membership whose review begins.")
class BeginReviewInput:
    membership_id: strawberry.ID = strawberry.field(description="Which membership.")
    idempotency_key: str | None = key()


@strawberry.input(description="A membership whose term has ended.")
class ExpireMembershipInput:
    membership_id: strawberry.ID = strawberry.field(description="Which membership.")
    idempotency_key: str | None = key()


@strawberry.type
class StandingMutation:
    @strawberry.mutation(
        description="暂停. Suspend a membership (Art. 16). By the head of the wealth centre."
    )
    async def suspend_membership(self, info: Info, input: SuspendMembershipInput) -> MembershipResult:
        return await performed(
            info,
            "membership",
            lambda: membership.suspend_membership(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="恢复. Let a suspended membership go on (Art. 16). By the head of the centre."
    )
    async def resume_membership(self, info: Info, input: ResumeMembershipInput) -> MembershipResult:
        return await performed(
            info,
            "membership",
            lambda: membership.resume_membership(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="取消资格. Cancel a suspended membership (Art. 16). By an officer, who did not suspend it."
    )
    async def cancel_membership(self, info: Info, input: CancelMembershipInput) -> MembershipResult:
        return await performed(
            info,
            "membership",
            lambda: membership.cancel_membership(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(description="身故. Record a customer's death (domain.md 3). By his manager.")
    async def record_death(self, info: Info, input: RecordDeathInput) -> MembershipResult:
        return await performed(
            info,
            "membership",
            lambda: membership.record_death(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(description="重新认定. Begin the review of a membership (Art. 16). By the manager.")
    async def begin_review(self, info: Info, input: BeginReviewInput) -> MembershipResult:
        return await performed(
            info,
            "membership",
            lambda: membership.begin_review(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="期满失效. Close a membership whose term has ended (Art. 16). By the manager."
    )
    async def expire_membership(self, info: Info, input: ExpireMembershipInput) -> MembershipResult:
        return await performed(
            info,
            "membership",
            lambda: membership.expire_membership(info.context.desk, **given_arguments(input)),
        )
