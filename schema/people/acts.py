"""What is done with people: grants, transfers, suspensions, leaving, delegation."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from authz import Role
from desk.people import delegations, grants, leaving, proposals, resets
from models.errors import Refusal
from models.vocabulary import Department
from schema.context import Info
from schema.fields import given
from schema.people.types import Delegation, Proposal, Staff
from schema.problems import Problem, given_arguments, key, performed, problem_of

ProposalResult = Annotated[
    Proposal | Problem, strawberry.union("ProposalResult", description="A proposal, or why not.")
]
StaffResult = Annotated[Staff | Problem, strawberry.union("StaffResult", description="A person, or why not.")]
DelegationResult = Annotated[
    Delegation | Problem, strawberry.union("DelegationResult", description="A delegation, or why not.")
]


@strawberry.input(description="A role for a person.")
class ProposeGrantInput:
    staff_id: strawberry.ID = strawberry.field(description="For whom.")
    role: Role = strawberry.field(description="岗位.")
    institution_id: strawberry.ID = strawberry.field(description="Where.")
    department: Department = strawberry.field(description="部门.")
    reason: str = strawberry.field(description="Why.")
    full_time: bool = strawberry.field(default=True, description="专职 (Art. 9).")
    valid_from: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="From when; now.")
    valid_to: dt.datetime | None = strawberry.field(
        default=strawberry.UNSET, description="Until when; open end."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="One role in the place of another.")
class ProposeTransferInput:
    assignment_id: strawberry.ID = strawberry.field(description="The role that ends.")
    role: Role = strawberry.field(description="岗位.")
    institution_id: strawberry.ID = strawberry.field(description="Where.")
    department: Department = strawberry.field(description="部门.")
    reason: str = strawberry.field(description="Why.")
    full_time: bool = strawberry.field(default=True, description="专职 (Art. 9).")
    valid_from: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="From when; now.")
    valid_to: dt.datetime | None = strawberry.field(
        default=strawberry.UNSET, description="Until when; open end."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="The end of a role.")
class ProposeEndInput:
    assignment_id: strawberry.ID = strawberry.field(description="The role that ends.")
    reason: str = strawberry.field(description="Why.")
    at: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="When; now.")
    idempotency_key: str | None = key()


@strawberry.input(description="A proposal to carry out.")
class ExecuteProposalInput:
    proposal_id: strawberry.ID = strawberry.field(description="Which.")
    note: str = strawberry.field(default="", description="A note.")
    idempotency_key: str | None = key()


@strawberry.input(description="A proposal to refuse.")
class RefuseProposalInput:
    proposal_id: strawberry.ID = strawberry.field(description="Which.")
    note: str = strawberry.field(description="Why.")
    idempotency_key: str | None = key()


@strawberry.input(description="A person to suspend.")
class SuspendStaffInput:
    staff_id: strawberry.ID = strawberry.field(description="Whom.")
    reason: str = strawberry.field(description="Why.")
    valid_from: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="From when; now.")
    valid_to: dt.datetime | None = strawberry.field(
        default=strawberry.UNSET, description="Until when; open end."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A suspension to lift.")
class LiftSuspensionInput:
    staff_id: strawberry.ID = strawberry.field(description="Whose.")
    reason: str = strawberry.field(description="Why.")
    at: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="When; now.")
    idempotency_key: str | None = key()


@strawberry.input(description="A person who leaves the bank.")
class RecordLeavingInput:
    staff_id: strawberry.ID = strawberry.field(description="Who.")
    reason: str = strawberry.field(description="Why.")
    at: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="When; now.")
    receiver_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Who takes over his customers (Art. 9)."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A delegation (代班).")
class StartDelegationInput:
    role: Role = strawberry.field(
        default=Role.CUST_MGR,
        description="Which role is covered: a manager's, or a post that must be filled.",
    )
    assignment_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Which post, where the principal has several of that role."
    )
    principal_id: strawberry.ID = strawberry.field(description="Who is stood in for.")
    deputy_id: strawberry.ID = strawberry.field(description="Who stands in.")
    reason: str = strawberry.field(description="Why.")
    valid_to: dt.datetime = strawberry.field(description="Until when.")
    valid_from: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="From when; now.")
    idempotency_key: str | None = key()


@strawberry.input(description="A delegation to end.")
class EndDelegationInput:
    delegation_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str = strawberry.field(description="Why.")
    at: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="When; now.")
    idempotency_key: str | None = key()


@strawberry.input(description="Somebody who cannot sign in.")
class ProposeForAccountInput:
    staff_id: strawberry.ID = strawberry.field(description="Who.")
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str | None = key()


@strawberry.type(description="A password that is told this once, and opens no session before it is changed.")
class OneTimePassword:
    password: str = given("Good for 24 hours. Tell it to the person only.")


OneTimePasswordResult = Annotated[
    OneTimePassword | Problem,
    strawberry.union("OneTimePasswordResult", description="A one-time password, or why not."),
]


@strawberry.input(description="A password reset to carry out.")
class ExecutePasswordResetInput:
    proposal_id: strawberry.ID = strawberry.field(description="Which proposal.")


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Propose a role for a person (decisions.md 8). By the head of the institution."
    )
    async def propose_grant(self, info: Info, input: ProposeGrantInput) -> ProposalResult:
        return await performed(
            info, "proposal", lambda: grants.propose_grant(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Propose that one role ends and another begins (decisions.md 8). By a head of both "
        "institutions."
    )
    async def propose_transfer(self, info: Info, input: ProposeTransferInput) -> ProposalResult:
        return await performed(
            info, "proposal", lambda: grants.propose_transfer(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Propose that a role ends (decisions.md 8). By the head of the institution."
    )
    async def propose_end(self, info: Info, input: ProposeEndInput) -> ProposalResult:
        return await performed(
            info, "proposal", lambda: grants.propose_end(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Carry out a proposal (decisions.md 8). By sec_admin, never for himself."
    )
    async def execute_proposal(self, info: Info, input: ExecuteProposalInput) -> ProposalResult:
        return await performed(
            info, "proposal", lambda: proposals.execute_proposal(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(description="Refuse a proposal (decisions.md 8). By sec_admin.")
    async def refuse_proposal(self, info: Info, input: RefuseProposalInput) -> ProposalResult:
        return await performed(
            info, "proposal", lambda: proposals.refuse_proposal(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Suspend a person: no role holds until it is lifted (decisions.md 8). By sec_admin."
    )
    async def suspend_staff(self, info: Info, input: SuspendStaffInput) -> StaffResult:
        return await performed(
            info, "staff", lambda: leaving.suspend(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(description="Lift a suspension (decisions.md 8). By sec_admin.")
    async def lift_suspension(self, info: Info, input: LiftSuspensionInput) -> StaffResult:
        return await performed(
            info, "staff", lambda: leaving.lift(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="End all that a leaver holds, the same day, and hand his customers over (decisions.md "
        "8). By sec_admin."
    )
    async def record_leaving(self, info: Info, input: RecordLeavingInput) -> StaffResult:
        return await performed(
            info, "staff", lambda: leaving.leave(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="代班. Let somebody stand in (domain.md 5.3). By the head of the centre for a manager, by "
        "an officer at or above the branch for a post."
    )
    async def start_delegation(self, info: Info, input: StartDelegationInput) -> DelegationResult:
        return await performed(
            info, "delegation", lambda: delegations.delegate(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="End a delegation before its time (domain.md 5.3). By whoever may start one."
    )
    async def end_delegation(self, info: Info, input: EndDelegationInput) -> DelegationResult:
        return await performed(
            info,
            "delegation",
            lambda: delegations.end_delegation(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="Propose a new password for a person (decisions.md 8). By the head of the institution."
    )
    async def propose_password_reset(self, info: Info, input: ProposeForAccountInput) -> ProposalResult:
        return await performed(
            info, "proposal", lambda: resets.propose_reset(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Propose that a locked account is opened (decisions.md 8). By the head of the "
        "institution."
    )
    async def propose_unlock(self, info: Info, input: ProposeForAccountInput) -> ProposalResult:
        return await performed(
            info, "proposal", lambda: resets.propose_unlock(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Carry out a password reset (decisions.md 8). By sec_admin, who is told the password "
        "once."
    )
    async def execute_password_reset(
        self, info: Info, input: ExecutePasswordResetInput
    ) -> OneTimePasswordResult:
        try:
            _, password = await resets.execute_reset(info.context.desk, **given_arguments(input))
        except Refusal as refusal:
            return problem_of(refusal)
        return OneTimePassword(password=password)
