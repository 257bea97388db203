"""Campaigns (阶段性政策): thresholds for a time, by head office alone (Notice 2)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar

import strawberry

from desk.standards import campaigns
from models.vocabulary import Combine, CriterionKind
from schema.context import Info
from schema.fields import amount_of, column, many
from schema.filters import DateFilter, TextFilter
from schema.law import Law, LawPhaseFilter, LawStateFilter
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.problems import HasId, Problem, given_arguments, key, performed
from schema.resolving import listed
from schema.scalars import Money
from schema.standards.acts import ThresholdInput, by_kind
from schema.wheres import AND, NOT, OR, compare


@strawberry.type(description="An amount that a campaign puts in the place of the standard's.")
class CampaignThreshold(Node):
    TABLE: ClassVar[str] = "campaign_threshold"

    kind: CriterionKind = column(about="What is measured.")
    threshold: Money | None = amount_of("threshold", about="Met by >=, in the standard's currency.")


@strawberry.type(description="阶段性政策 (Notice 2). It lapses by itself after its last day.")
class Campaign(Law):
    TABLE: ClassVar[str] = "campaign"

    code: str = column(about="Code.")
    name: str = column(about="Name.")
    standard_code: str = column(about="The head-office standard whose thresholds it replaces.")
    combine: Combine | None = column(about="ANY or ALL of the criteria; null: as the standard says.")
    reason: str = column(about="Why.")
    thresholds: list[CampaignThreshold] = many("thresholds", "campaign_threshold", about="What it replaces.")


@strawberry.input(description="Filters campaigns.")
class CampaignWhere:
    code: TextFilter | None = compare("Code.")
    standard_code: TextFilter | None = compare("The standard that it changes.")
    state: LawStateFilter | None = compare("How far it has come.")
    phase: LawPhaseFilter | None = compare("What it is on the business day.")
    effective_from: DateFilter | None = compare("First day.")
    effective_to: DateFilter | None = compare("Last day.")
    and_: list[CampaignWhere] | None = compare(AND, name="and")
    or_: list[CampaignWhere] | None = compare(OR, name="or")
    not_: CampaignWhere | None = compare(NOT, name="not")


CampaignResult = Annotated[
    Campaign | Problem, strawberry.union("CampaignResult", description="A campaign, or why not.")
]


@strawberry.input(description="A campaign to draft.")
class DraftCampaignInput:
    code: str = strawberry.field(description="Its own code.")
    name: str = strawberry.field(description="Name.")
    standard_code: str = strawberry.field(description="A head-office standard that is law on the first day.")
    thresholds: list[ThresholdInput] = strawberry.field(
        description="What it puts in place of the standard's."
    )
    effective_from: dt.date = strawberry.field(description="First day.")
    effective_to: dt.date = strawberry.field(description="Last day, which counts to 24:00.")
    reason: str = strawberry.field(description="Why.")
    combine: Combine | None = strawberry.field(
        default=None, description="ANY or ALL; as the standard says when left out."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A draft to put before its approver.")
class SubmitCampaignInput:
    campaign_id: strawberry.ID = strawberry.field(description="Which campaign.")
    idempotency_key: str | None = key()


@strawberry.input(description="A submitted campaign to approve.")
class ApproveCampaignInput:
    campaign_id: strawberry.ID = strawberry.field(description="Which campaign.")
    idempotency_key: str | None = key()


@strawberry.input(description="A submitted campaign to return.")
class ReturnCampaignInput:
    campaign_id: strawberry.ID = strawberry.field(description="Which campaign.")
    reason: str = strawberry.field(description="What a new draft must say otherwise.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="Campaigns, past ones too. Every signed-in person sees them.")
    async def campaigns(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: CampaignWhere | None = None,
    ) -> Connection[Campaign]:
        return await listed(info, "campaign")


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Draft a campaign (Notice 2). By head office's policy officer alone.")
    async def draft_campaign(self, info: Info, input: DraftCampaignInput) -> CampaignResult:
        async def drafted() -> HasId:
            arguments = given_arguments(input) | {"thresholds": by_kind(input.thresholds)}
            return await campaigns.draft_campaign(info.context.desk, **arguments)

        return await performed(info, "campaign", drafted)

    @strawberry.mutation(description="Put a drafted campaign before its approver (Notice 2). By head office.")
    async def submit_campaign(self, info: Info, input: SubmitCampaignInput) -> CampaignResult:
        return await performed(
            info, "campaign", lambda: campaigns.submit_campaign(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Approve a submitted campaign (Notice 2). By head office's head of policy, not its writer."
    )
    async def approve_campaign(self, info: Info, input: ApproveCampaignInput) -> CampaignResult:
        return await performed(
            info, "campaign", lambda: campaigns.approve_campaign(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Return a submitted campaign with a reason (Notice 2). By head office's head of policy."
    )
    async def return_campaign(self, info: Info, input: ReturnCampaignInput) -> CampaignResult:
        return await performed(
            info, "campaign", lambda: campaigns.return_campaign(info.context.desk, **given_arguments(input))
        )
