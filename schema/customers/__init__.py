"""Customers: what a person sees of them, by data class, and the list of those he reaches."""

from __future__ import annotations

import strawberry

from desk.selection import Portfolio
from schema.context import Info
from schema.customers.acts import Mutation
from schema.customers.types import Customer
from schema.paging import After, Before, Connection, First, Last
from schema.resolving import listed, single
from schema.sections import PurposeArgument
from schema.wheres import CustomerOrder, CustomerWhere

__all__ = ["Customer", "Mutation", "Query"]


@strawberry.type
class Query:
    @strawberry.field(description="Customers that the caller reaches (decisions.md 12).")
    async def customers(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: CustomerWhere | None = None,
        order_by: list[CustomerOrder] | None = None,
        portfolio: Portfolio = Portfolio.REACH,
        purpose: PurposeArgument = None,
    ) -> Connection[Customer]:
        return await listed(info, "customer")

    @strawberry.field(description="One customer. NOT_FOUND when absent or out of reach.")
    async def customer(self, info: Info, id: strawberry.ID, purpose: PurposeArgument = None) -> Customer:
        return await single(info, "customer", id, purpose)
