"""Notice 2: head office alone changes the standard, for good or for a campaign (阶段性政策), which lapses by itself."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from tortoise.exceptions import IntegrityError

from desk.standards import screen
from models.campaigns import Campaign, CampaignThreshold
from models.errors import Refusal
from models.vocabulary import Combine, CriterionKind
from tests.digest import changed, digest, refused
from tests.law import walk, walk_back
from tests.schema.ask import ask
from tests.schema.ask import refused as refused_in_graph

pytestmark = pytest.mark.measure("N2b")
DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)
FIRST, LAST = dt.date(2026, 11, 1), dt.date(2026, 11, 30)
MIDNIGHT_BEFORE = dt.datetime(2026, 10, 31, 16, tzinfo=dt.UTC)
"""2026-11-01 0:00 in Shanghai."""
MIDNIGHT_AFTER = dt.datetime(2026, 11, 30, 16, tzinfo=dt.UTC)
"""2026-11-30 24:00 in Shanghai."""


async def test_two_persons_of_head_office_make_a_campaign(laws):
    campaign = await laws.campaign(
        combine=Combine.ALL,
        thresholds={CriterionKind.SPEND: "80000.00", CriterionKind.AVERAGE_SAVINGS: "300000.00"},
    )
    assert (campaign.standard_code, campaign.combine) == ("MEASURES", "ALL")
    kept = await CampaignThreshold.all().order_by("kind").values_list("kind", "threshold")
    assert kept == [("AVERAGE_SAVINGS", 300_000_00), ("SPEND", 80_000_00)]
    await walk(laws, campaign, "officer", "approver", ("ren", "deng", "wu", "lin", "compliance"))


@pytest.mark.parametrize("who", ["ren", "deng", "wu", "lin", "han", "approver", "compliance", "sysadmin"])
async def test_nobody_but_head_office_s_officer_drafts_one(laws, who):
    async with refused("FORBIDDEN", await laws.desk(who)):
        await laws.campaign(who)


async def test_a_returned_campaign_stays_and_a_new_one_corrects_it(laws):
    await walk_back(laws, await laws.campaign(), "officer", "approver")
    async with refused("BAD_USER_INPUT", await laws.desk("officer")) as caught:
        await laws.campaign()
    assert caught.value.field == "code"
    assert (await laws.passed(await laws.campaign(code="AUTUMN2"))).state == "APPROVED"


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        pytest.param({"code": "autumn"}, "BAD_USER_INPUT", "code", id="small letters"),
        pytest.param({"name": " "}, "BAD_USER_INPUT", "name", id="no name"),
        pytest.param({"reason": ""}, "BAD_USER_INPUT", "reason", id="no reason"),
        pytest.param(
            {"effective_to": FIRST - DAY}, "BAD_USER_INPUT", "effectiveTo", id="ends before it begins"
        ),
        pytest.param({"thresholds": {}}, "BAD_USER_INPUT", "thresholds", id="replaces nothing"),
        pytest.param(
            {"thresholds": {CriterionKind.SPEND: "0"}}, "BAD_USER_INPUT", "thresholds", id="for everybody"
        ),
        pytest.param(
            {"thresholds": {CriterionKind.SPEND: "1.005"}}, "TOO_MANY_DECIMALS", "", id="half a fen"
        ),
        pytest.param(
            {"thresholds": {CriterionKind.INDICATOR: "1"}},
            "CAMPAIGN_REPLACES_NOTHING",
            "thresholds",
            id="what the standard has not",
        ),
        pytest.param({"standard_code": "NONE"}, "NO_STANDARD", "standardCode", id="no standard"),
    ],
)
async def test_terms_that_are_refused(laws, said, code, field):
    async with refused(code, await laws.desk("officer")) as caught:
        await laws.campaign(**said)
    assert caught.value.field == field


async def test_a_campaign_is_for_a_standard_of_head_office_that_is_law_on_its_first_day(laws):
    await laws.passed(await laws.branch_standard(), writer="ren", approver="deng")
    async with refused("BAD_USER_INPUT", await laws.desk("officer")) as caught:
        await laws.campaign(standard_code="SICHUAN")
    assert caught.value.field == "standardCode"
    await laws.passed(await laws.standard(code="LATER", effective_from=FIRST + DAY))
    async with refused("NO_STANDARD", await laws.desk("officer")):
        await laws.campaign(standard_code="LATER")
    late = await laws.campaign(standard_code="LATER", effective_from=FIRST + DAY)
    assert late.state == "DRAFT"


async def test_what_has_changed_since_the_draft_is_seen_at_approval(laws):
    campaign = await laws.submit(await laws.campaign(thresholds={CriterionKind.SPEND: "80000.00"}))
    await laws.passed(await laws.standard(effective_from=FIRST))
    async with refused("CAMPAIGN_REPLACES_NOTHING", await laws.desk("approver")):
        await laws.approve(campaign)


async def test_a_campaign_of_one_day_is_one(laws):
    campaign = await laws.passed(await laws.campaign(effective_to=FIRST))
    assert [campaign.in_force(day) for day in (FIRST - DAY, FIRST, FIRST + DAY)] == [False, True, False]


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        pytest.param(LAST, LAST + DAY, "CAMPAIGN_OVERLAPS", id="begins on its last day"),
        pytest.param(LAST + DAY, LAST + DAY, None, id="begins on the day after"),
        pytest.param(FIRST - DAY, FIRST, "CAMPAIGN_OVERLAPS", id="ends on its first day"),
        pytest.param(FIRST - DAY, FIRST - DAY, None, id="ends on the day before"),
        pytest.param(FIRST + DAY, FIRST + DAY, "CAMPAIGN_OVERLAPS", id="within"),
        pytest.param(FIRST - DAY, LAST + DAY, "CAMPAIGN_OVERLAPS", id="around"),
    ],
)
async def test_two_campaigns_of_one_standard_do_not_overlap(laws, first, last, code):
    await laws.passed(await laws.campaign())
    other = await laws.submit(await laws.campaign(code="OTHER", effective_from=first, effective_to=last))
    if code is None:
        assert (await laws.approve(other)).state == "APPROVED"
        return
    async with refused(code, await laws.desk("approver")):
        await laws.approve(other)


async def test_campaigns_of_two_standards_may_run_at_once_and_returned_ones_do_not_count(laws):
    await laws.passed(await laws.standard(code="SECOND", effective_from=FIRST - DAY))
    back = await laws.submit(await laws.campaign(code="BACK"))
    await laws.give_back(back)
    await laws.passed(await laws.campaign())
    assert (await laws.passed(await laws.campaign(code="OTHER", standard_code="SECOND"))).state == "APPROVED"


async def test_of_two_that_are_approved_at_once_one_holds(laws):
    both = [await laws.submit(await laws.campaign(code=code)) for code in ("ONE", "TWO")]
    found = await asyncio.gather(*(laws.approve(one) for one in both), return_exceptions=True)
    refusals = [one for one in found if isinstance(one, Refusal)]
    assert [refusal.code for refusal in refusals] == ["CAMPAIGN_OVERLAPS"], found
    assert await Campaign.filter(state="APPROVED").count() == 1


async def test_the_database_itself_keeps_two_campaigns_off_one_day(laws):
    await laws.passed(await laws.campaign())
    other = await laws.campaign(code="OTHER", effective_from=LAST, effective_to=LAST)
    before = await digest()
    with pytest.raises(IntegrityError):
        await Campaign.filter(id=other.id).update(state="APPROVED")
    assert await digest() == before


PHASES = "{ campaigns(first: 10) { nodes { code phase } } }"
RUNNING = (
    '{ campaigns(first: 10, where: {phase: {eq: EFFECTIVE}, standardCode: {eq: "MEASURES"}}) { totalCount } }'
)


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        pytest.param(MIDNIGHT_BEFORE - SECOND, "APPROVED", id="the second before"),
        pytest.param(MIDNIGHT_BEFORE, "EFFECTIVE", id="the first second"),
        pytest.param(MIDNIGHT_AFTER - SECOND, "EFFECTIVE", id="the last second"),
        pytest.param(MIDNIGHT_AFTER, "SUPERSEDED", id="24:00"),
    ],
)
async def test_it_begins_and_lapses_by_itself_at_midnight_in_shanghai(laws, now, phase):
    campaign = await laws.passed(await laws.campaign())
    before = await digest()
    desk = await laws.desk("lin", now)
    assert (await ask(desk, PHASES))["campaigns"]["nodes"] == [{"code": "AUTUMN", "phase": phase}]
    assert (await ask(desk, RUNNING))["campaigns"]["totalCount"] == (phase == "EFFECTIVE")
    assert campaign.phase(desk.today) == phase
    assert await digest() == before, "nobody ends it"


@pytest.mark.measure("N2a")
async def test_neither_a_campaign_nor_a_new_version_changes_what_was_decided(laws, story):
    filing = await story.recorded()
    await screen(await laws.desk("officer"), as_of=dt.date(2026, 10, 31), standard_code="MEASURES")
    before = await digest()
    await laws.passed(await laws.campaign())
    await laws.passed(await laws.standard(effective_from=dt.date(2026, 12, 1)))
    told = changed(before, await digest())
    assert told == {
        "access_record": told["access_record"],
        "campaign": 1,
        "campaign_threshold": 1,
        "criterion": 1,
        "standard": 1,
    }, "evaluations, screenings, filings and memberships are the same, byte for byte"
    await filing.refresh_from_db()
    assert filing.state == "RECORDED"


DRAFT = """mutation ($input: DraftCampaignInput!) { draftCampaign(input: $input) {
  ... on Campaign { id named: code phase combine reason effectiveFrom effectiveTo
    thresholds { kind threshold { amount currency } } } ... on Problem { code field article } } }"""
ACT = """mutation ($id: ID!) { act: %sCampaign(input: {campaignId: $id%s}) {
  ... on Campaign { state phase submittedAt approvedBy { number } returnReason } ... on Problem { code article } } }"""
TOLD = {
    "code": "AUTUMN",
    "name": "金秋",
    "standardCode": "MEASURES",
    "thresholds": [{"kind": "AVERAGE_SAVINGS", "amount": "300000.00"}],
    "effectiveFrom": "2026-11-01",
    "effectiveTo": "2026-11-30",
    "reason": "全行营销活动",
}


async def test_the_graph_drafts_submits_approves_and_returns(laws):
    officer, approver, ren = [await laws.desk(who) for who in ("officer", "approver", "ren")]
    assert await refused_in_graph(ren, DRAFT, input=TOLD) == "FORBIDDEN"
    made = (await ask(officer, DRAFT, input=TOLD | {"idempotencyKey": "once"}))["draftCampaign"]
    assert made == {
        "id": made["id"],
        "named": "AUTUMN",
        "phase": "DRAFT",
        "combine": None,
        "reason": "全行营销活动",
        "effectiveFrom": "2026-11-01",
        "effectiveTo": "2026-11-30",
        "thresholds": [{"kind": "AVERAGE_SAVINGS", "threshold": {"amount": "300000.00", "currency": "CNY"}}],
    }
    assert (await ask(officer, DRAFT, input=TOLD | {"idempotencyKey": "once"}))["draftCampaign"] == made
    double = TOLD | {"code": "DOUBLE", "thresholds": TOLD["thresholds"] * 2}
    assert (await ask(officer, DRAFT, input=double))["draftCampaign"]["field"] == "thresholds"
    for who in (ren, await laws.desk("deng")):
        assert await refused_in_graph(who, ACT % ("submit", ""), id=made["id"]) == "FORBIDDEN"
    assert (await ask(officer, ACT % ("submit", ""), id=made["id"]))["act"]["state"] == "SUBMITTED"
    approved = (await ask(approver, ACT % ("approve", ""), id=made["id"]))["act"]
    assert (approved["phase"], approved["approvedBy"]) == ("EFFECTIVE", {"number": "S-approver"})
    other = (await ask(officer, DRAFT, input=TOLD | {"code": "OTHER"}))["draftCampaign"]
    await ask(officer, ACT % ("submit", ""), id=other["id"])
    assert (await ask(approver, ACT % ("approve", ""), id=other["id"]))["act"] == {
        "code": "CAMPAIGN_OVERLAPS",
        "article": "Notice 2",
    }
    back = (await ask(approver, ACT % ("return", ', reason: "later"'), id=other["id"]))["act"]
    assert (back["state"], back["returnReason"]) == ("RETURNED", "later")
