"""Law in every state in the bank of the corpus, and what drafts of it would do."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.campaigns import Campaign, CampaignThreshold
from models.indicators import Indicator
from models.rules import ImplementingRule
from models.standards import Screening, Standard
from models.what_if import WhatIf, WhatIfLine
from tests.cast import START
from tests.conftest import NOW
from tests.schema.whole import Whole

DAY = dt.timedelta(days=1)
TODAY = NOW.date()


async def law(whole: Whole) -> None:
    """Of every law one in each state; of the approved ones some that are to come, hold to the end of today, or have been."""
    cast = whole.cast
    officer, approver, wu = (cast.staff[who].id for who in ("officer", "approver", "wu"))
    agreed = {"approved_by_id": approver, "approved_at": NOW, "submitted_at": START}
    states: tuple[dict[str, Any], ...] = (
        {"state": "DRAFT", "effective_from": TODAY + DAY, "drafted_by_id": officer},
        {"state": "SUBMITTED", "effective_from": TODAY + DAY, "drafted_by_id": officer, "submitted_at": NOW},
        {"state": "SUBMITTED", "effective_from": TODAY + DAY, "drafted_by_id": approver, "submitted_at": NOW},
        {"state": "RETURNED", "effective_from": TODAY - DAY, "drafted_by_id": wu, "return_reason": "too low"},
        {"state": "APPROVED", "effective_from": TODAY - DAY, "effective_to": TODAY - DAY, **agreed},
        {"state": "APPROVED", "effective_from": TODAY, "effective_to": TODAY, "drafted_by_id": wu, **agreed},
        {"state": "APPROVED", "effective_from": TODAY + DAY, **agreed},
    )
    terms: dict[str, Any] = {
        "currency": "CNY", "combine": "ANY", "averaging_rule": "daily_12", "spend_kinds": "card",
        "loan_look_back_months": 24, "source": "Art. 8", "name": "江苏标准", "tier": "BRANCH",
    }  # fmt: skip
    sichuan, jiangsu = cast.places["SC"], cast.places["JS"]
    for n, state in enumerate(states, start=5):
        owner = jiangsu if n % 2 else sichuan
        await Standard.create(code="JS-OWN", version=n, owner=jiangsu, **terms, **state)
        await Indicator.create(
            code="GOLD", version=n, name="黄金", owner=owner, currency="CNY" if n % 2 else "JPY", threshold=n, reason=f"g{n}",
            **state,
        )  # fmt: skip
        await ImplementingRule.create(
            version=n,
            owner=jiangsu,
            title=f"细则{n}",
            document=f"d{n}",
            summary="" if n % 2 else "short",
            **state,
        )
        campaign = await Campaign.create(
            code=f"C-{n}",
            name=f"活动{n}",
            standard_code="JS-OWN",
            reason=f"r{n}",
            combine="ALL" if n % 2 else None,
            **state,
        )
        for kind in ("SPEND", "AVERAGE_SAVINGS")[: n % 3]:
            await CampaignThreshold.create(campaign=campaign, kind=kind, threshold=n * 1_000_00)
    for table in (Standard, Campaign, Indicator, ImplementingRule):
        # Whoever put it forward does not approve it either, though another has written it.
        await table.filter(state="SUBMITTED", drafted_by_id=officer).update(submitted_by_id=wu)
    head_office = {**terms, "name": "标准", "tier": "HEAD_OFFICE"}
    await Standard.create(code="MEASURES", version=9, **head_office, **states[1])
    await Standard.create(code="MEASURES", version=10, **head_office, **states[2])
    await Standard.create(code="MEASURES", version=11, submitted_by_id=approver, **head_office, **states[1])
    await Standard.create(
        code="SC-OWN", version=11, **{**terms, "owner": sichuan, "name": "四川"}, **states[1]
    )
    await ImplementingRule.create(version=9, owner=sichuan, title="将来", document="d", **states[6])


async def measured(whole: Whole) -> None:
    """What drafts would do: of a standard and of a campaign, of the bank, of a branch and of an outlet of the other."""
    cast, campaign = whole.cast, await Campaign.get(code="C-6")
    draft, baseline = (
        await Standard.get(code="MEASURES", version=9),
        await Standard.get(code="MEASURES", version=1),
    )
    for n, (about, place) in enumerate(
        (
            ({"standard": draft, "baseline_id": baseline.id}, "HQ"),
            ({"campaign": campaign}, "SC"),
            ({"campaign": campaign, "baseline_id": baseline.id}, "NJ"),
        ),
        start=1,
    ):
        made = await WhatIf.create(
            as_of=TODAY - n * DAY, scope_path=cast.places[place].path, asked_by_id=cast.staff["officer"].id,
            made_at=NOW - n * DAY, evaluated=10 * n, passing=5, entering=n, leaving=2, borderline=1, incomplete=3, **about,
        )  # fmt: skip
        for branch, moved in (("CD", 3), ("MY", 5), ("NJ", 3), ("SC", 3)):
            await WhatIfLine.create(
                what_if=made, institution=cast.places[branch], evaluated=n, passing=1, entering=moved, leaving=0,
                borderline=n, incomplete=0, moved=moved,
            )  # fmt: skip
    await Screening.filter(state="RUNNING").update(campaign_id=campaign.id)
