"""Campaigns and indicators as plain data beside a world of customers, a way to store them, and Hypothesis to draw them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from hypothesis import strategies as st

from models.campaigns import Campaign, CampaignThreshold
from models.indicators import Indicator
from models.institutions import Institution
from models.standards import Criterion, Standard
from models.vocabulary import LawState

CODES = ("A-ONE", "A-TWO", "B-ONE")
"""Indicators: two of one branch, one of another."""
KINDS = ("AVERAGE_SAVINGS", "LOAN_BALANCE", "SPEND")


@dataclass
class CampaignOf:
    first: dt.date
    last: dt.date
    thresholds: dict[str, int] = field(default_factory=dict)
    combine: str | None = None
    state: str = "APPROVED"
    standard: str = "MEASURES"


@dataclass
class IndicatorOf:
    code: str
    owner: str
    """Path of the branch whose it is."""
    threshold: int
    currency: str = "CNY"
    first: dt.date = dt.date(2010, 1, 1)
    last: dt.date | None = None
    state: str = "APPROVED"
    version: int = 1


async def enact(campaign: CampaignOf, code: str = "SPRING") -> Campaign:
    row = await Campaign.create(
        code=code,
        name="旺季营销",
        standard_code=campaign.standard,
        combine=campaign.combine,
        reason="first quarter",
        state=campaign.state,
        effective_from=campaign.first,
        effective_to=campaign.last,
    )
    for kind, threshold in campaign.thresholds.items():
        await CampaignThreshold.create(campaign_id=row.id, kind=kind, threshold=threshold)
    return row


async def adopt_indicator(indicator: IndicatorOf) -> Indicator:
    return await Indicator.create(
        code=indicator.code,
        version=indicator.version,
        name="代发工资",
        owner=await Institution.get(path=indicator.owner),
        currency=indicator.currency,
        threshold=indicator.threshold,
        reason="what this branch lives on",
        state=indicator.state,
        effective_from=indicator.first,
        effective_to=indicator.last,
    )


async def drafted(code: str = "MEASURES", savings: int = 600_000_02, **more) -> Standard:
    """The next version of a standard, asking for savings only. Zhou has a fen less, Qian has just this."""
    last = await Standard.filter(code=code).order_by("-version").first()
    terms = {
        "code": code,
        "version": last.version + 1 if last else 1,
        "name": "草案",
        "tier": "HEAD_OFFICE",
        "currency": "CNY",
        "combine": "ANY",
        "averaging_rule": "daily_12",
        "spend_kinds": "card",
        "loan_look_back_months": 24,
        "state": LawState.DRAFT,
        "effective_from": dt.date(2027, 1, 1),
        "source": "circular 8",
    }
    standard = await Standard.create(**terms | more)
    await Criterion.create(standard_id=standard.id, kind="AVERAGE_SAVINGS", threshold=savings)
    return standard


STATES = st.sampled_from(("APPROVED",) * 9 + ("DRAFT", "SUBMITTED", "RETURNED"))
THRESHOLDS = st.sampled_from((1_000, 50_000_000))
EDGES = (-1, 949, 950, 999, 1_000, 1_050, 1_051, 49_999_999, 50_000_000, 52_500_001)
AMOUNTS = st.sampled_from(EDGES)
"""On and around the thresholds, and 5 % from them."""


def around(as_of: dt.date) -> st.SearchStrategy[dt.date]:
    return st.sampled_from([as_of + dt.timedelta(days=days) for days in (-400, -1, 0, 1)])


@st.composite
def campaigns(draw: st.DrawFn, as_of: dt.date) -> CampaignOf:
    first, last = sorted((draw(around(as_of)), draw(around(as_of))))
    return CampaignOf(
        first,
        last,
        draw(st.dictionaries(st.sampled_from(KINDS), THRESHOLDS, min_size=1, max_size=3)),
        draw(st.sampled_from((None, "ANY", "ALL"))),
        draw(STATES),
        draw(st.sampled_from(("MEASURES",) * 5 + ("OTHER",))),
    )


@st.composite
def indicators(draw: st.DrawFn, as_of: dt.date, owners: tuple[str, str]) -> list[IndicatorOf]:
    found = []
    for code in CODES:
        first = draw(st.one_of(st.just(dt.date(2010, 1, 1)), around(as_of)))
        last = draw(st.one_of(st.none(), around(as_of).map(lambda day, first=first: max(day, first))))
        owner = owners[0] if code.startswith("A") else owners[1]
        currency = draw(st.sampled_from(("CNY", "CNY", "USD")))
        found.append(IndicatorOf(code, owner, draw(THRESHOLDS), currency, first, last, draw(STATES)))
    return found


Figures = dict[tuple[str, dt.date], tuple[str, int]]


@st.composite
def figures(draw: st.DrawFn, as_of: dt.date, window: dt.date) -> Figures:
    """Of each indicator some, on days on either side of the as-of day and of the first day of the window."""
    one = dt.timedelta(days=1)
    days = st.sets(st.sampled_from((window - one, window, as_of - one, as_of, as_of + one)), max_size=3)
    currencies = st.sampled_from(("CNY", "CNY", "USD"))
    return {(code, day): (draw(currencies), draw(AMOUNTS)) for code in CODES for day in sorted(draw(days))}
