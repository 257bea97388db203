"""Memberships, the registration form they began with, and what became of them."""

from __future__ import annotations

import strawberry

from schema.context import Info
from schema.membership.acts import Mutation
from schema.membership.types import Consent, Membership, MembershipEvent
from schema.paging import After, Before, Connection, First, Last
from schema.resolving import listed
from schema.sections import PurposeArgument
from schema.wheres import MembershipOrder, MembershipWhere

__all__ = ["Consent", "Membership", "MembershipEvent", "Mutation", "Query"]


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
