"""People: staff, their roles, what is proposed for them, and how they come and go."""

from __future__ import annotations

import strawberry

from schema.context import Info
from schema.paging import After, Before, Connection, First, Last
from schema.people.acts import Mutation
from schema.people.types import Assignment, Delegation, ManagerAssignment, Proposal, Staff
from schema.people.wheres import AssignmentWhere, DelegationOrder, DelegationWhere, StaffWhere
from schema.resolving import by_row_id, listed, single

__all__ = ["Assignment", "Delegation", "ManagerAssignment", "Mutation", "Proposal", "Query", "Staff"]


@strawberry.type
class Query:
    @strawberry.field(description="The signed-in person.")
    async def me(self, info: Info) -> Staff:
        return await by_row_id(info, "staff", info.context.desk.staff_id)

    @strawberry.field(description="The people who work here. Every signed-in person sees them.")
    async def staff(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: StaffWhere | None = None,
    ) -> Connection[Staff]:
        return await listed(info, "staff")

    @strawberry.field(description="Proposals before the caller: a head's own subtree, all for sec_admin.")
    async def proposals(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Proposal]:
        return await listed(info, "proposal")

    @strawberry.field(description="Roles held, past ones too; of customer managers with their load (Art. 9).")
    async def assignments(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: AssignmentWhere | None = None,
    ) -> Connection[Assignment]:
        return await listed(info, "assignment")

    @strawberry.field(description="Delegations (代班), past ones too: who stood in for whom, and when.")
    async def delegations(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: DelegationWhere | None = None,
        order_by: list[DelegationOrder] | None = None,
    ) -> Connection[Delegation]:
        return await listed(info, "delegation")

    @strawberry.field(description="One person. NOT_FOUND when there is none.")
    async def staff_member(self, info: Info, id: strawberry.ID) -> Staff:
        return await single(info, "staff", id)
