"""Cards (VIP卡): of whom, how they stand, and what is done with them (Notice 4, Art. 3, 16)."""

from __future__ import annotations

import strawberry

from schema.cards.acts import Mutation
from schema.cards.reports import CardReport, CardReportOrder, CardReportWhere
from schema.cards.types import Card, CardBack, CardEvent, CardListOrder, CardWhere
from schema.context import Info
from schema.paging import After, Before, Connection, First, Last
from schema.resolving import listed, single
from schema.sections import PurposeArgument

__all__ = ["Card", "CardBack", "CardEvent", "CardReport", "Mutation", "Query"]


@strawberry.type
class Query:
    @strawberry.field(description="Cards of the customers whose cards the caller reaches (Notice 4).")
    async def cards(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: CardWhere | None = None,
        order_by: list[CardListOrder] | None = None,
        purpose: PurposeArgument = None,
    ) -> Connection[Card]:
        return await listed(info, "card")

    @strawberry.field(description="One card. NOT_FOUND when absent or out of reach.")
    async def card(self, info: Info, id: strawberry.ID, purpose: PurposeArgument = None) -> Card:
        return await single(info, "card", id, purpose)

    @strawberry.field(description="Reports of cards at the counters that the caller reaches (Annex 1).")
    async def card_reports(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: CardReportWhere | None = None,
        order_by: list[CardReportOrder] | None = None,
    ) -> Connection[CardReport]:
        return await listed(info, "card_report")

    @strawberry.field(description="One report of a card. NOT_FOUND when absent or out of reach.")
    async def card_report(self, info: Info, id: strawberry.ID) -> CardReport:
        return await single(info, "card_report", id)
