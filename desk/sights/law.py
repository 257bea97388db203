"""What binds: standards, campaigns, indicators, implementing rules, and what a draft of them would do."""

from __future__ import annotations

from authz import DataClass, Kind
from desk.sights.sight import TODAY, Derived, Relation, Sight, of_customer
from models.campaigns import Campaign, CampaignThreshold
from models.indicators import Indicator, IndicatorFigure
from models.rules import ImplementingRule
from models.standards import Criterion, Standard
from models.what_if import WhatIf, WhatIfLine

OF_OWNER = "LEFT JOIN institution o ON o.id = t.owner_id"
PHASE = Derived(
    f"CASE WHEN t.state <> 'APPROVED' THEN t.state WHEN {TODAY} < t.effective_from THEN 'APPROVED'"
    f" WHEN t.effective_to IS NULL OR {TODAY} <= t.effective_to THEN 'EFFECTIVE' ELSE 'SUPERSEDED' END",
    nullable=False,
)
"""`Law.phase` on the business day: its last day counts to midnight."""
PERSONS = {
    "drafted_by": Relation("staff", "t.drafted_by_id", "t.id", many=False),
    "approved_by": Relation("staff", "t.approved_by_id", "t.id", many=False),
}
OWNER = {"owner": Relation("institution", "t.owner_id", "t.id", many=False)}

SIGHTS: dict[str, Sight] = {
    "campaign": Sight(
        Campaign,
        Kind.CAMPAIGN,
        order=("code",),
        derived={"phase": PHASE},
        relations={"thresholds": Relation("campaign_threshold", "t.id", "t.campaign_id")} | PERSONS,
    ),
    "campaign_threshold": Sight(
        CampaignThreshold,
        Kind.CAMPAIGN,
        "JOIN campaign g ON g.id = t.campaign_id",
        order=("kind",),
        derived={
            "currency": Derived(
                "(SELECT d.currency FROM standard d WHERE d.code = g.standard_code ORDER BY d.version DESC LIMIT 1)"
            )
        },
    ),
    "criterion": Sight(
        Criterion,
        Kind.STANDARD,
        "JOIN standard d ON d.id = t.standard_id",
        order=("kind",),
        derived={"currency": Derived("d.currency", nullable=False)},
    ),
    "implementing_rule": Sight(
        ImplementingRule,
        Kind.IMPLEMENTING_RULE,
        OF_OWNER,
        act_path="o.path",
        order=("owner_id", "version"),
        derived={"phase": PHASE},
        relations=OWNER | PERSONS,
    ),
    "indicator": Sight(
        Indicator,
        Kind.INDICATOR,
        OF_OWNER,
        act_path="o.path",
        order=("code", "version"),
        derived={"phase": PHASE},
        relations=OWNER | PERSONS,
    ),
    "indicator_figure": of_customer(
        IndicatorFigure,
        row_class=DataClass.ASSET,
        current="t.superseded_at IS NULL",
        order=("as_of", "id"),
    ),
    "standard": Sight(
        Standard,
        Kind.STANDARD,
        OF_OWNER,
        act_path="o.path",
        order=("code", "version"),
        derived={"phase": PHASE},
        relations={"criteria": Relation("criterion", "t.id", "t.standard_id")} | OWNER | PERSONS,
    ),
    "what_if": Sight(
        WhatIf,
        Kind.SCREENING,
        path="t.scope_path",
        order=("made_at", "id"),
        relations={
            "standard": Relation("standard", "t.standard_id", "t.id", many=False),
            "campaign": Relation("campaign", "t.campaign_id", "t.id", many=False),
            "baseline": Relation("standard", "t.baseline_id", "t.id", many=False),
            "lines": Relation(
                "what_if_line", "t.id", "t.what_if_id", order=(("moved", True), ("institution_id", False))
            ),
        },
    ),
    "what_if_line": Sight(
        WhatIfLine,
        Kind.SCREENING,
        "JOIN institution i ON i.id = t.institution_id",
        "i.path",
        order=("moved", "id"),
        relations={"institution": Relation("institution", "t.institution_id", "t.id", many=False)},
    ),
}
