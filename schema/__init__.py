"""The graph: one module for each noun, each offering a `Query` and perhaps a `Mutation`, merged here."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from schema import (
    archives,
    campaigns,
    cards,
    customers,
    designations,
    destruction,
    exceptions,
    filing,
    handovers,
    inbox,
    indicators,
    institutions,
    invitations,
    membership,
    merges,
    months,
    orders,
    people,
    products,
    quotas,
    rules,
    segments,
    sessions,
    standards,
    stock,
    stock_handovers,
    stocktakes,
    trail,
    what_if,
)
from schema.accounts import Account, Loan
from schema.archives import Archive
from schema.campaigns import Campaign
from schema.cards import Card, CardReport
from schema.context import Info
from schema.customers import Customer
from schema.designations import Designation, SupervisionLine
from schema.destruction import DestructionList
from schema.exceptions import ExceptionCase
from schema.explaining import ExplanationQuery
from schema.filing import Filing
from schema.handovers import Handover
from schema.indicators import Indicator
from schema.institutions import Institution
from schema.invitations import Invitation
from schema.membership import Membership
from schema.merges import CustomerMerge
from schema.months import MonthRun, WorkItem
from schema.node import Node
from schema.orders import CardOrder
from schema.people import Proposal, Staff
from schema.planned import PlanExecutor
from schema.products import CardProduct, Manufacturer
from schema.quotas import StockQuota
from schema.resolving import any_node
from schema.rules import ImplementingRule
from schema.scalars import AMOUNT, Amount
from schema.sections import PurposeArgument
from schema.segments import NumberSegment
from schema.standards import Evaluation, Screening, Standard
from schema.stock import MovementLine, Signature, StockAccount, StockDay, StockHolding, StockMovement
from schema.stock_handovers import StockHandover
from schema.stocktakes import Stocktake, StocktakeLine
from schema.what_if import WhatIf

NODES: tuple[type[Node], ...] = (
    Account,
    Archive,
    Campaign,
    Card,
    CardOrder,
    CardProduct,
    CardReport,
    Customer,
    CustomerMerge,
    Designation,
    DestructionList,
    Evaluation,
    ExceptionCase,
    Filing,
    Handover,
    ImplementingRule,
    Indicator,
    Institution,
    Invitation,
    Loan,
    Manufacturer,
    Membership,
    MonthRun,
    MovementLine,
    NumberSegment,
    Proposal,
    Screening,
    Signature,
    Staff,
    Standard,
    StockAccount,
    StockDay,
    StockHandover,
    StockHolding,
    StockMovement,
    StockQuota,
    Stocktake,
    StocktakeLine,
    SupervisionLine,
    WhatIf,
    WorkItem,
)
TABLES = frozenset(node.TABLE for node in NODES)


@strawberry.type
class NodeQuery:
    @strawberry.field(
        description="Anything by its opaque id, through the same gate. NOT_FOUND when absent or out of reach."
    )
    async def node(self, info: Info, id: strawberry.ID, purpose: PurposeArgument = None) -> Node:
        return await any_node(info, id, TABLES, purpose)


QUERIES = (
    NodeQuery,
    ExplanationQuery,
    *(
        noun.Query
        for noun in (
            archives,
            campaigns,
            cards,
            customers,
            designations,
            destruction,
            exceptions,
            filing,
            handovers,
            inbox,
            indicators,
            institutions,
            invitations,
            membership,
            merges,
            months,
            orders,
            people,
            products,
            quotas,
            rules,
            segments,
            standards,
            stock,
            stock_handovers,
            stocktakes,
            trail,
            what_if,
        )
    ),
)

MUTATIONS = tuple(
    noun.Mutation
    for noun in (
        campaigns,
        cards,
        customers,
        designations,
        destruction,
        exceptions,
        filing,
        handovers,
        indicators,
        institutions,
        invitations,
        membership,
        merges,
        months,
        orders,
        people,
        products,
        quotas,
        rules,
        segments,
        sessions,
        standards,
        stock,
        stock_handovers,
        stocktakes,
        what_if,
    )
)

schema = strawberry.Schema(
    query=merge_types("Query", QUERIES),
    mutation=merge_types("Mutation", MUTATIONS),
    types=NODES,
    execution_context_class=PlanExecutor,
    config=StrawberryConfig(scalar_map={Amount: AMOUNT}, disable_field_suggestions=True),
)
