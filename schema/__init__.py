"""The graph: one module for each noun, each offering a `Query` and perhaps a `Mutation`, merged here."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from schema import archives, customers, filing, institutions, membership, people, sessions, standards, trail
from schema.accounts import Account, Loan
from schema.archives import Archive
from schema.context import Info
from schema.customers import Customer
from schema.explaining import ExplanationQuery
from schema.filing import Filing
from schema.institutions import Institution
from schema.membership import Membership
from schema.node import Node
from schema.people import Proposal, Staff
from schema.planned import PlanExecutor
from schema.resolving import any_node
from schema.scalars import AMOUNT, Amount
from schema.sections import PurposeArgument
from schema.standards import Evaluation, Screening, Standard

NODES: tuple[type[Node], ...] = (
    Account,
    Archive,
    Customer,
    Evaluation,
    Filing,
    Institution,
    Loan,
    Membership,
    Proposal,
    Screening,
    Staff,
    Standard,
)
TABLES = frozenset(node.TABLE for node in NODES)


@strawberry.type
class NodeQuery:
    @strawberry.field(
        description="Anything by its opaque id, through the same gate. NOT_FOUND when absent or out of reach."
    )
    async def node(self, info: Info, id: strawberry.ID, purpose: PurposeArgument = None) -> Node:
        return await any_node(info, id, TABLES)


QUERIES = (
    NodeQuery,
    ExplanationQuery,
    *(
        noun.Query
        for noun in (archives, customers, filing, institutions, membership, people, standards, trail)
    ),
)

MUTATIONS = tuple(
    noun.Mutation for noun in (customers, filing, institutions, membership, people, sessions, standards)
)

schema = strawberry.Schema(
    query=merge_types("Query", QUERIES),
    mutation=merge_types("Mutation", MUTATIONS),
    types=NODES,
    execution_context_class=PlanExecutor,
    config=StrawberryConfig(scalar_map={Amount: AMOUNT}, disable_field_suggestions=True),
)
