"""Article 7: an exception lists the thresholds missed and by how much, and who sees that while it is open, and who not."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from models.campaigns import Campaign, CampaignThreshold
from models.exceptions import ExceptionShortfall
from models.standards import Criterion, Evaluation, Screening, Standard
from tests.digest import refused

pytestmark = pytest.mark.measure("A7")
DAY = dt.timedelta(days=1)


async def listed() -> list[tuple[str, str, str, int, int, int]]:
    rows = await ExceptionShortfall.all().order_by("kind", "indicator_code")
    return [(it.kind, it.indicator_code, it.currency, it.threshold, it.figure, it.short) for it in rows]


@pytest.mark.parametrize(
    ("figures", "savings", "loan", "spend"),
    [
        pytest.param({}, (499_999_99, 1), (0, 1_000_000_00), (0, 100_000_00), id="by one fen"),
        pytest.param(
            {"average_savings": 0, "loan_balance": 999_999_99, "spend": 99_999_99},
            (0, 500_000_00),
            (999_999_99, 1),
            (99_999_99, 1),
            id="each by another",
        ),
        pytest.param(
            {"loan_balance": 5_000_000_00, "good_standing": False},
            (499_999_99, 1),
            (0, 1_000_000_00),
            (0, 100_000_00),
            id="a loan in bad standing counts as nothing",
        ),
        pytest.param(
            {"average_savings": 500_000_00},
            (500_000_00, 0),
            (0, 1_000_000_00),
            (0, 100_000_00),
            id="by less than half a fen, stored rounded",
        ),
    ],
)
async def test_every_threshold_missed_is_listed(story, figures, savings, loan, spend):
    case = await story.asked(**figures)
    assert await listed() == [
        ("AVERAGE_SAVINGS", "", "CNY", 500_000_00, *savings),
        ("LOAN_BALANCE", "", "CNY", 1_000_000_00, *loan),
        ("SPEND", "", "CNY", 100_000_00, *spend),
    ]
    assert {it.case_id for it in await ExceptionShortfall.all()} == {case.id}


async def test_under_all_only_what_is_missed_is_listed(story):
    await Standard.all().update(combine="ALL")
    await story.asked(average_savings=700_000_00, spend=1, criteria_met="AVERAGE_SAVINGS")
    assert [(kind, short) for kind, _, _, _, _, short in await listed()] == [
        ("LOAN_BALANCE", 1_000_000_00),
        ("SPEND", 99_999_99),
    ]


async def test_an_extra_indicator_that_he_has_a_figure_of_is_listed_too(story):
    line = {
        "code": "SC-1",
        "version": 1,
        "threshold": 900,
        "currency": "USD",
        "amount": 899,
        "as_of": "2026-10-31",
    }
    await story.asked(evidence=json.dumps({"indicators": [line]}))
    assert (await listed())[1] == ("INDICATOR", "SC-1", "USD", 900, 899, 1)


async def campaign(evaluation: Evaluation, last: dt.date) -> None:
    held = await Campaign.create(
        code="C1", name="C1", standard_code="MEASURES", reason="autumn", state="APPROVED",
        effective_from=dt.date(2026, 10, 1), effective_to=last,
    )  # fmt: skip
    await CampaignThreshold.create(campaign=held, kind="AVERAGE_SAVINGS", threshold=500_500_00)
    await Screening.filter(id=evaluation.screening_id).update(campaign_id=held.id)


@pytest.mark.measure("N2b")
async def test_a_campaigns_thresholds_stand_in_for_the_standards_while_it_runs(story):
    membership, evaluation = await story.applied(), await story.missed()
    await campaign(evaluation, last=dt.date(2026, 11, 25))
    ends = dt.datetime(2026, 11, 25, 16, 0, tzinfo=dt.UTC)  # 24:00 in Shanghai
    story.bank.now = ends
    async with refused("CAMPAIGN_OVER", await story.desk()):
        await story.ask(membership, evaluation)
    story.bank.now = ends - dt.timedelta(seconds=1)
    await story.ask(membership, evaluation)
    assert (await listed())[0] == ("AVERAGE_SAVINGS", "", "CNY", 500_500_00, 499_999_99, 500_01)


async def test_who_meets_the_standard_needs_no_exception(story):
    membership, passed = await story.applied(), await story.evaluation()
    async with refused("NOTHING_MISSED", await story.desk()):
        await story.ask(membership, passed)
    await Criterion.all().delete()
    asks_nothing = await story.missed(recorded_at=story.bank.now + DAY)
    async with refused("NOTHING_MISSED", await story.desk()):
        await story.ask(membership, asks_nothing)


async def test_what_is_not_known_is_not_relaxed(story):
    membership = await story.applied()
    unknown = await story.missed(missing="NO_STANDING")
    async with refused("EVALUATION_INCOMPLETE", await story.desk()):
        await story.ask(membership, unknown)
    await Criterion.filter(kind="LOAN_BALANCE").delete()
    await story.ask(membership, unknown)
    assert [row[0] for row in await listed()] == ["AVERAGE_SAVINGS", "SPEND"]


async def test_it_rests_on_his_own_latest_evaluation_by_law_of_its_day(story):
    membership, older = await story.applied(), await story.missed()
    hers, foreign = await story.missed("qian"), await story.missed("feng")
    desk = await story.desk()
    async with refused("EVALUATION_NOT_HIS", desk):
        await story.ask(membership, hers)
    async with refused("NOT_FOUND", desk):
        await story.ask(membership, foreign)
    latest = await story.missed(recorded_at=story.bank.now + DAY)
    async with refused("EVALUATION_STALE", desk):
        await story.ask(membership, older)
    await Standard.all().update(effective_to=latest.as_of - DAY)
    async with refused("EVALUATION_STALE", desk):
        await story.ask(membership, latest)
    await Standard.all().update(effective_to=latest.as_of)
    await story.ask(membership, latest)


@pytest.mark.parametrize(("owner", "code"), [("SC", "EXCEPTION_TIER"), ("JS", "STANDARD_OF_ANOTHER_BRANCH")])
async def test_a_branchs_own_standard_is_not_relaxed_here(story, owner, code):
    values = dict(await Standard.get().values())
    del values["id"]
    theirs = {"code": "OWN", "tier": "BRANCH", "owner_id": story.bank.places[owner].id}
    own = await Standard.create(**values | theirs)
    membership, evaluation = await story.applied(), await story.missed(standard=own)
    async with refused(code, await story.desk()):
        await story.ask(membership, evaluation)
