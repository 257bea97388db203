"""Standards, screenings and evaluations in the graph."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from authz import DataClass
from models.vocabulary import AveragingRule, Combine, CriterionKind, ScreeningState, Tier
from schema.fields import amount_of, column, many, one, planned, section, words
from schema.institutions import Institution
from schema.law import Law
from schema.node import Node
from schema.scalars import Money
from schema.sections import Confidential, PurposeArgument, Section

if TYPE_CHECKING:
    from schema.campaigns import Campaign
    from schema.customers import Customer

for _words, _about in (
    (AveragingRule, "How the average of savings is taken (decisions.md 23)."),
    (Combine, "Whether one criterion suffices, or all are needed."),
    (CriterionKind, "达标项 (Art. 6)."),
    (ScreeningState, "Whether a screening is done."),
):
    strawberry.enum(_words, description=_about)


@strawberry.type(description="达标项. One threshold.")
class Criterion(Node):
    TABLE: ClassVar[str] = "criterion"

    kind: CriterionKind = column(about="What is measured.")
    threshold: Money | None = amount_of("threshold", about="Met by >= (Art. 6).")


@strawberry.type(description="量化标准 (Art. 6, 8). One version.")
class Standard(Law):
    TABLE: ClassVar[str] = "standard"

    code: str = column(about="Code.")
    version: int = column(about="Version.")
    name: str = column(about="Name.")
    tier: Tier = column(about="The tier it leads to.")
    currency: str = column(about="Currency of its thresholds.")
    combine: Combine = column(about="ANY or ALL of the criteria.")
    averaging_rule: AveragingRule = column(about="How savings are averaged.")
    spend_kinds: list[str] = words("spend_kinds", about="Kinds of spend that count.")
    loan_look_back_months: int = column(about="How far back a loan must be in good standing.")
    source: str = column(about="What it rests on.")
    criteria: list[Criterion] = many("criteria", "criterion", about="The thresholds.")
    owner: Institution | None = one("owner", "institution", about="Whose standard; null: head office.")


@strawberry.type(description="达标筛查. One run of a standard.")
class Screening(Node):
    TABLE: ClassVar[str] = "screening"

    as_of: dt.date = column(about="As of which day.")
    window_from: dt.date = column(about="First day of the 12 months.")
    window_to: dt.date = column(about="Last day of the 12 months.")
    state: ScreeningState = column(about="Running or done.")
    evaluated: int = column(about="Customers evaluated.")
    passed: int = column(about="Customers who meet the standard.")
    borderline: int = column(about="Customers within 5 % of a threshold.")
    incomplete: int = column(about="Customers with data missing.")
    started_at: dt.datetime = column(about="When it began.")
    finished_at: dt.datetime | None = column(about="When it was done.")
    standard: Standard | None = one("standard", "standard", about="The standard's version.")
    campaign: Annotated[Campaign, strawberry.lazy("schema.campaigns")] | None = one(
        "campaign", "campaign", about="The campaign that ran for it on that day (Notice 2); null: none."
    )


@strawberry.type(
    description="The figures of one evaluation.",
    directives=[Confidential(class_=DataClass.ASSET, article="6, 11")],
)
class FiguresSection(Section):
    average_savings: Money | None = amount_of("average_savings", about="一年内储蓄存款月均余额.")
    loan_balance: Money | None = amount_of("loan_balance", about="个人贷款余额.")
    good_standing: bool | None = column(about="还款情况良好无不良记录.")
    spend: Money | None = amount_of("spend", about="一年消费额.")
    criteria_met: list[CriterionKind] | None = words("criteria_met", about="Which criteria are met.")
    indicators_met: list[str] | None = words(
        "indicators_met", about="Codes of the indicators that are met (Art. 5)."
    )
    borderline: bool | None = column(about="Within 5 % of a threshold.")
    missing: list[str] | None = words("missing", about="Codes of data that are missing.")
    evidence: str | None = column(about="The monthly figures, currencies and rates, as JSON.")


@strawberry.type(description="评估 (Art. 6). One customer's outcome in one screening.")
class Evaluation(Node):
    TABLE: ClassVar[str] = "evaluation"

    as_of: dt.date | None = column(about="As of which day.")
    passed: bool | None = column(about="Whether the standard is met.")
    recorded_at: dt.datetime | None = column(about="When it was made.")
    standard: Standard | None = one("standard", "standard", about="By which standard.")
    screening: Screening | None = one("screening", "screening", about="In which screening.")
    customer: Annotated[Customer, strawberry.lazy("schema.customers")] | None = one(
        "customer", "customer", about="Of whom."
    )

    @strawberry.field(description="The figures (Art. 11).", metadata=section(DataClass.ASSET))
    def figures(self, purpose: PurposeArgument = None) -> FiguresSection:
        return planned()
