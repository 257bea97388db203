"""待办: what waits for the caller, one list for each kind of decision, each with its `totalCount`.

Beside the other lists, not within one object, because every root field is one statement (ADR 0016).
"""

from __future__ import annotations

import strawberry

from schema.campaigns import Campaign
from schema.cards import Card
from schema.context import Info
from schema.destruction import DestructionList
from schema.exceptions import ExceptionCase
from schema.filing import Filing
from schema.handovers import Handover
from schema.indicators import Indicator
from schema.merges import CustomerMerge
from schema.months import WorkItem
from schema.orders import CardOrder
from schema.paging import After, Before, Connection, First, Last
from schema.people import Proposal
from schema.resolving import listed
from schema.rules import ImplementingRule
from schema.sections import PurposeArgument
from schema.standards import Standard
from schema.stock import StockMovement
from schema.stock_handovers import StockHandover
from schema.stocktakes import Stocktake


@strawberry.type
class Query:
    @strawberry.field(
        description="待办. Filings before the caller's department that he may record or return: not his own (Art. 6)."
    )
    async def filings_to_record(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        purpose: PurposeArgument = None,
    ) -> Connection[Filing]:
        return await listed(info, "filing.waiting")

    @strawberry.field(
        description="待办. Exceptions before the caller's tier-1 branch that he may decide: not his own (Art. 7)."
    )
    async def exceptions_to_decide(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        purpose: PurposeArgument = None,
    ) -> Connection[ExceptionCase]:
        return await listed(info, "exception_case.waiting")

    @strawberry.field(description="待办. Standards that another person wrote and the caller may approve.")
    async def standards_to_approve(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Standard]:
        return await listed(info, "standard.waiting")

    @strawberry.field(description="待办. Campaigns that another person wrote and the caller may approve.")
    async def campaigns_to_approve(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Campaign]:
        return await listed(info, "campaign.waiting")

    @strawberry.field(
        description="待办. Indicators that a branch proposed and the caller may approve (Art. 5)."
    )
    async def indicators_to_approve(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Indicator]:
        return await listed(info, "indicator.waiting")

    @strawberry.field(
        description="待办. Implementing rules that another person wrote and the caller may approve (Notice 1)."
    )
    async def implementing_rules_to_approve(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ImplementingRule]:
        return await listed(info, "implementing_rule.waiting")

    @strawberry.field(
        description="待办. Proposals that the caller may execute or refuse: not his own, nor about himself."
    )
    async def proposals_to_execute(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Proposal]:
        return await listed(info, "proposal.waiting")

    @strawberry.field(
        description="待办. Merges and splits of customers that another person proposed and the caller may decide."
    )
    async def customer_merges_to_decide(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        purpose: PurposeArgument = None,
    ) -> Connection[CustomerMerge]:
        return await listed(info, "customer_merge.waiting")

    @strawberry.field(description="待办. Handover lists on which the caller's own signature is missing.")
    async def handovers_to_sign(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Handover]:
        return await listed(info, "handover.waiting")

    @strawberry.field(
        description="待办. Handover lists of cards on which the caller's own signature is missing (Notice 4)."
    )
    async def stock_handovers_to_sign(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[StockHandover]:
        return await listed(info, "stock_handover.waiting")

    @strawberry.field(
        description="待办. Stocktakes that the caller is named to list, or to confirm once they are listed (Annex 1)."
    )
    async def stocktakes_to_count(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Stocktake]:
        return await listed(info, "stocktake.to_count")

    @strawberry.field(
        description="待办. Stocktakes with a difference that is neither explained nor being booked MISSING, and that the caller "
        "may explain: a supervisor, the head or an officer above, who does not keep these cards himself (Annex 1)."
    )
    async def stocktakes_to_explain(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Stocktake]:
        return await listed(info, "stocktake.to_explain")

    @strawberry.field(
        description="待办. Destruction lists that the caller may approve for his side; not one that he made, watches, or "
        "approved for the other (Annex 1)."
    )
    async def destructions_to_approve(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[DestructionList]:
        return await listed(info, "destruction_list.to_approve")

    @strawberry.field(
        description="待办. Approved destruction lists on which the caller's signature as a witness is missing (Annex 1)."
    )
    async def destructions_to_witness(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[DestructionList]:
        return await listed(info, "destruction_list.to_witness")

    @strawberry.field(
        description="待办. Lists of cards that wait for the caller's signature as the custodian whom their institution has "
        "designated, or in whose seat he is (Notice 4)."
    )
    async def movements_to_sign(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[StockMovement]:
        return await listed(info, "stock_movement.to_sign")

    @strawberry.field(
        description="待办. Lists that another person has signed who is in the caller's line now, and that his countersignature "
        "would post (Notice 4)."
    )
    async def movements_to_countersign(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[StockMovement]:
        return await listed(info, "stock_movement.to_countersign")

    @strawberry.field(
        description="待办. Signed lists that nobody can countersign any more, because who signed has left, or has no supervisor "
        "here who may: they move nothing, and the caller, as a business supervisor there, may reject them (Notice 4)."
    )
    async def movements_to_reject(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[StockMovement]:
        return await listed(info, "stock_movement.to_reject")

    @strawberry.field(
        description="待办. Transfers that are under way to the caller's stock, to be counted and listed blind (Annex 1)."
    )
    async def arrivals_to_list(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[StockMovement]:
        return await listed(info, "stock_movement.to_list")

    @strawberry.field(
        description="待办. Card orders that another person drafted and the caller may approve (Notice 4)."
    )
    async def card_orders_to_approve(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[CardOrder]:
        return await listed(info, "card_order.to_approve")

    @strawberry.field(
        description="待办. Approved card orders that the caller, as the person designated for ordering or in whose seat he is, "
        "is to send to the manufacturer (Notice 4)."
    )
    async def card_orders_to_place(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[CardOrder]:
        return await listed(info, "card_order.to_place")

    @strawberry.field(
        description="待办. Card orders of which all cards came, and that the caller may settle with the manufacturer's invoice "
        "(Notice 4)."
    )
    async def card_orders_to_settle(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[CardOrder]:
        return await listed(info, "card_order.to_settle")

    @strawberry.field(
        description="待办. Cards that were requested from the caller's stock, and that he may sign out: none of a customer whom "
        "he serves or is related to (Notice 4)."
    )
    async def cards_to_issue(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        purpose: PurposeArgument = None,
    ) -> Connection[Card]:
        return await listed(info, "card.to_issue")

    @strawberry.field(
        description="待办. Cards that two have signed out of the caller's stock, and that he may hand to their holders: none of a "
        "customer whom he serves or is related to (Notice 4)."
    )
    async def cards_to_hand_out(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        purpose: PurposeArgument = None,
    ) -> Connection[Card]:
        return await listed(info, "card.to_hand_out")

    @strawberry.field(
        description="待办. Open items of the month's list, the most pressing first: of the caller's own customers and "
        "of those of whom he stands in for; a head's are those whom nobody serves."
    )
    async def work_items_to_do(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        purpose: PurposeArgument = None,
    ) -> Connection[WorkItem]:
        return await listed(info, "work_item.waiting")
