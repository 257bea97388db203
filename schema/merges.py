"""Merges in the graph: what was proposed about two customers, what became of it, and the acts of the two people."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import strawberry

from desk import merges
from models.vocabulary import MergeState
from schema.context import Info
from schema.fields import column, one
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.people import Staff
from schema.problems import Problem, given_arguments, key, performed
from schema.resolving import listed
from schema.sections import PurposeArgument
from schema.wheres import AND, NOT, OR, compare

if TYPE_CHECKING:
    from schema.customers import Customer

strawberry.enum(MergeState, description="The state of a merge (decisions.md 27).")


@strawberry.type(description="客户合并. Two customer rows that are one person, by the word of two people.")
class CustomerMerge(Node):
    TABLE: ClassVar[str] = "customer_merge"

    state: MergeState = column(about="State.")
    version: int = column(about="Give it back with an act, so that nothing unseen is acted on.")
    reason: str = column(about="How it is known that they are one person.")
    kept: Annotated[Customer, strawberry.lazy("schema.customers")] | None = one(
        "kept", "customer", about="Who stays."
    )
    gone: Annotated[Customer, strawberry.lazy("schema.customers")] | None = one(
        "gone", "customer", about="Who goes; null while he is merged, or out of reach."
    )
    gone_number: str | None = column(about="客户号 of the one that went; null while they are two.")
    proposed_at: dt.datetime = column(about="When it was proposed.")
    proposed_by: Staff | None = one("proposed_by", "staff", about="Who proposed it.")
    decided_at: dt.datetime | None = column(about="When it was merged or refused.")
    decided_by: Staff | None = one("decided_by", "staff", about="Who merged or refused.")
    decision_note: str = column(about="What was said to it.")
    split_reason: str = column(about="How it is known that they are two persons after all.")
    split_proposed_at: dt.datetime | None = column(about="When the split was proposed.")
    split_proposed_by: Staff | None = one("split_proposed_by", "staff", about="Who proposed the split.")
    split_at: dt.datetime | None = column(about="When the split was decided.")
    split_by: Staff | None = one("split_by", "staff", about="Who decided the split.")
    split_note: str = column(about="What was said to the split.")


CustomerMergeResult = Annotated[
    CustomerMerge | Problem, strawberry.union("CustomerMergeResult", description="A merge, or why not.")
]


@strawberry.input(description="Compares a merge's state. An empty `in` matches nothing.")
class MergeStateFilter:
    eq: MergeState | None = compare("Equal.")
    in_: list[MergeState] | None = compare("One of these.", name="in")


@strawberry.input(description="Filters merges.")
class CustomerMergeWhere:
    state: MergeStateFilter | None = compare("State.")
    and_: list[CustomerMergeWhere] | None = compare(AND, name="and")
    or_: list[CustomerMergeWhere] | None = compare(OR, name="or")
    not_: CustomerMergeWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How merges are ordered.")
class CustomerMergeOrder(Enum):
    PROPOSED_AT_ASC = "proposed_at asc"
    PROPOSED_AT_DESC = "proposed_at desc"


@strawberry.input(description="Two customers who are one person.")
class ProposeCustomerMergeInput:
    kept_id: strawberry.ID = strawberry.field(description="Who stays: a member, where one of them is.")
    gone_id: strawberry.ID = strawberry.field(description="Who is the same person, and is seen no longer.")
    reason: str = strawberry.field(description="How it is known.")
    idempotency_key: str | None = key()


@strawberry.input(description="A merge that was wrong.")
class ProposeCustomerSplitInput:
    merge_id: strawberry.ID = strawberry.field(description="Which merge.")
    version: int = strawberry.field(description="The version that was seen.")
    reason: str = strawberry.field(description="How it is known that they are two persons.")
    idempotency_key: str | None = key()


@strawberry.input(description="A decision about a merge or a split.")
class DecideCustomerMergeInput:
    merge_id: strawberry.ID = strawberry.field(description="Which merge.")
    version: int = strawberry.field(description="The version that was seen.")
    approved: bool = strawberry.field(description="True to do what is proposed, false to refuse it.")
    note: str = strawberry.field(default="", description="Why not; needed when it is refused.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="Merges of customers that the caller reaches.")
    async def customer_merges(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: CustomerMergeWhere | None = None,
        order_by: list[CustomerMergeOrder] | None = None,
        purpose: PurposeArgument = None,
    ) -> Connection[CustomerMerge]:
        return await listed(info, "customer_merge")


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Propose that two customers are one person (decisions.md 27). By the head of a wealth centre."
    )
    async def propose_customer_merge(
        self, info: Info, input: ProposeCustomerMergeInput
    ) -> CustomerMergeResult:
        return await _performed(info, merges.propose_customer_merge, input)

    @strawberry.mutation(
        description="Merge them, or refuse (decisions.md 27). By another person, an officer above both "
        "branches."
    )
    async def decide_customer_merge(self, info: Info, input: DecideCustomerMergeInput) -> CustomerMergeResult:
        return await _performed(info, merges.decide_customer_merge, input)

    @strawberry.mutation(
        description="Propose that a merge was wrong (decisions.md 27). By the head of a wealth centre of "
        "the branch of who was kept."
    )
    async def propose_customer_split(
        self, info: Info, input: ProposeCustomerSplitInput
    ) -> CustomerMergeResult:
        return await _performed(info, merges.propose_customer_split, input)

    @strawberry.mutation(
        description="Split them, or refuse (decisions.md 27). By another person, an officer above both "
        "branches."
    )
    async def decide_customer_split(self, info: Info, input: DecideCustomerMergeInput) -> CustomerMergeResult:
        return await _performed(info, merges.decide_customer_split, input)


async def _performed(info: Info, work: Any, input: Any) -> Any:
    return await performed(info, "customer_merge", lambda: work(info.context.desk, **given_arguments(input)))
