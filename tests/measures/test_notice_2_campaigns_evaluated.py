"""Notice 2: a campaign's thresholds judge from its first day to 24:00 of its last, and what it let in is filed while it runs."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from desk.desk import Desk
from desk.filing import submit_filing
from desk.standards import evaluate_one, flipped_decisions, run_screening, screen, standard_in_force
from models.accounts import Balance
from models.filing import Filing
from models.standards import Criterion, Evaluation, Screening, Standard
from schema.scalars import global_id
from tests.desk.standards.law import CampaignOf, enact
from tests.digest import digest, refused
from tests.schema.ask import ask

FIRST, LAST = dt.date(2026, 9, 1), dt.date(2026, 10, 31)
ONE_DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 25)
MIDNIGHT = dt.datetime(2026, 11, 25, 16, 0, tzinfo=dt.UTC)
"""24:00 of TODAY in Asia/Shanghai."""
HIGH = {"AVERAGE_SAVINGS": 600_000_02}
"""Zhou has a fen less, Qian has just this, Feng a fen more."""


async def passing(as_of: dt.date, code: str = "MEASURES") -> tuple[Screening, int]:
    standard = await standard_in_force(code, as_of)
    now = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)
    screening = await run_screening(standard=standard, as_of=as_of, started_by=uuid4(), now=now)
    return screening, screening.passed


@pytest.mark.measure("N2b")
@pytest.mark.parametrize(
    ("day", "runs"),
    [
        pytest.param(FIRST - ONE_DAY, False, id="the day before it"),
        pytest.param(FIRST, True, id="its first day"),
        pytest.param(LAST, True, id="its last day"),
        pytest.param(LAST + ONE_DAY, False, id="the day after it"),
    ],
)
async def test_it_judges_from_its_first_day_to_the_end_of_its_last(bank, day, runs):
    campaign = await enact(CampaignOf(FIRST, LAST, HIGH))
    screening, passed = await passing(day)
    assert passed == (2 if runs else 3)
    assert screening.campaign_id == (campaign.id if runs else None)


@pytest.mark.measure("N2b")
@pytest.mark.parametrize(
    "more", [{"state": "DRAFT"}, {"state": "SUBMITTED"}, {"state": "RETURNED"}, {"standard": "OTHER"}]
)
async def test_what_is_not_approved_or_for_another_standard_judges_nobody(bank, more):
    await enact(CampaignOf(FIRST, LAST, HIGH, **more))
    screening, passed = await passing(LAST)
    assert (passed, screening.campaign_id) == (3, None)


@pytest.mark.measure("N2b")
@pytest.mark.parametrize(
    ("thresholds", "combine", "passed"),
    [
        pytest.param({"LOAN_BALANCE": 800_000_00}, "ALL", 0, id="all of three, spend is missed"),
        pytest.param(
            {"LOAN_BALANCE": 800_000_00, "SPEND": 8_800_02}, "ALL", 2, id="all of three, Zhou a fen short"
        ),
        pytest.param({"SPEND": 8_800_03} | HIGH, None, 2, id="any, as the standard says"),
    ],
)
async def test_it_replaces_what_it_names_and_leaves_the_rest(bank, thresholds, combine, passed):
    await enact(CampaignOf(FIRST, LAST, thresholds, combine))
    assert (await passing(LAST))[1] == passed


@pytest.mark.measure("N2b")
async def test_it_asks_for_no_criterion_that_the_standard_has_not(bank):
    """Under ALL, one more threshold would be one more requirement."""
    measures = await Standard.get(code="MEASURES")
    await Criterion.filter(standard_id=measures.id).exclude(kind="AVERAGE_SAVINGS").delete()
    await enact(CampaignOf(FIRST, LAST, {"SPEND": 10**12}, "ALL"))
    assert (await passing(LAST))[1] == 3


@pytest.mark.measure("N2b", "A8")
async def test_a_branchs_own_standard_knows_no_campaign(bank):
    own = await Standard.create(
        code="SC-OWN",
        version=1,
        name="四川标准",
        tier="BRANCH",
        owner_id=bank.places["SC"].id,
        currency="CNY",
        combine="ANY",
        averaging_rule="daily_12",
        spend_kinds="card",
        loan_look_back_months=24,
        state="APPROVED",
        effective_from=dt.date(2020, 1, 1),
        source="SC 7",
    )
    await Criterion.create(standard_id=own.id, kind="AVERAGE_SAVINGS", threshold=600_000_02)
    await enact(CampaignOf(FIRST, LAST, {"AVERAGE_SAVINGS": 1}, standard="SC-OWN"))
    screening, passed = await passing(LAST, "SC-OWN")
    assert (screening.evaluated, passed, screening.campaign_id) == (2, 1, None)


@pytest.mark.measure("N2b")
async def test_who_was_evaluated_before_stays_as_he_was(bank):
    first, _ = await passing(LAST)
    before = await Evaluation.filter(screening_id=first.id).order_by("customer_id").values()
    await enact(CampaignOf(FIRST, LAST, HIGH))
    assert (await passing(LAST))[1] == 2
    assert await Evaluation.filter(screening_id=first.id).order_by("customer_id").values() == before


@pytest.mark.measure("N2b")
async def test_a_correction_is_judged_by_the_campaign_of_the_decision(bank):
    """A decision made under a campaign is judged again under it, one made without is judged without."""
    zhou = bank.customers["zhou"]
    await passing(LAST - ONE_DAY)
    low = await enact(CampaignOf(LAST, LAST, {"AVERAGE_SAVINGS": 400_000_00}), "LOW")
    await passing(LAST)
    await Balance.filter(account_serial=1).update(amount=450_000_00)
    # The one without a campaign is no longer the latest, so it decides nothing; the campaign's still passes.
    assert await flipped_decisions([zhou.id]) == []
    low.state = "RETURNED"
    await low.save(update_fields=["state"])
    assert await flipped_decisions([zhou.id]) == []
    await Balance.filter(account_serial=1).update(amount=399_999_99)
    (flip,) = await flipped_decisions([zhou.id])
    assert (flip.before, flip.after) == (True, False)


async def evaluated(story, as_of: dt.date, now: dt.datetime | None = None) -> Evaluation:
    return await evaluate_one(
        await story.desk(now=now),
        customer_id=story.bank.customers["zhou"].id,
        as_of=as_of,
        standard_code="MEASURES",
    )


async def submitted(story, desk: Desk, membership, evaluation) -> Filing:
    return await submit_filing(
        desk,
        membership_id=membership.id,
        evaluation_id=evaluation.id,
        submitted_to_id=story.bank.places["CD"].id,
    )


@pytest.mark.measure("N2b")
async def test_it_is_filed_to_the_last_second_of_the_campaign(story):
    await enact(CampaignOf(FIRST, TODAY, {"AVERAGE_SAVINGS": 600_000_01}))
    membership, evaluation = await story.applied(), await evaluated(story, TODAY)
    assert evaluation.passed
    desk = await story.desk(now=MIDNIGHT - dt.timedelta(seconds=1))
    filing = await submitted(story, desk, membership, evaluation)
    # On record when the campaign is over: what was submitted in time stays.
    assert (await story.record(filing)).state == "RECORDED"


@pytest.mark.measure("N2b")
async def test_at_midnight_it_is_over_and_the_standard_judges(story):
    await enact(CampaignOf(FIRST, TODAY, {"AVERAGE_SAVINGS": 600_000_01}))
    membership, evaluation = await story.applied(), await evaluated(story, TODAY)
    desk = await story.desk(now=MIDNIGHT)
    async with refused("CAMPAIGN_OVER", desk):
        await submitted(story, desk, membership, evaluation)
    anew = await evaluated(story, TODAY + ONE_DAY, MIDNIGHT)
    assert (await Screening.get(id=anew.screening_id)).campaign_id is None
    assert (await submitted(story, desk, membership, anew)).state == "SUBMITTED"


SUBMIT = """mutation ($input: SubmitFilingInput!) {
  submitFiling(input: $input) { ... on Filing { state } ... on Problem { code field article } } }"""
SCREENINGS = "{ screenings(first: 5) { nodes { passed campaign { code } } } }"


@pytest.mark.measure("N2b")
async def test_the_graph_says_so_too(story):
    await enact(CampaignOf(FIRST, TODAY, HIGH | {"LOAN_BALANCE": 800_000_00}))
    officer = await story.desk("officer")
    await screen(officer, as_of=LAST, standard_code="MEASURES")
    assert (await ask(officer, SCREENINGS))["screenings"]["nodes"] == [
        {"passed": 3, "campaign": {"code": "SPRING"}}
    ]
    membership, evaluation = await story.applied(), await evaluated(story, TODAY)
    given = {
        "membershipId": global_id("membership", membership.id),
        "evaluationId": global_id("evaluation", evaluation.id),
        "submittedToId": global_id("institution", story.bank.places["CD"].id),
    }
    before = await digest()
    late = await story.desk(now=MIDNIGHT)
    assert (await ask(late, SUBMIT, input=given))["submitFiling"] == {
        "code": "CAMPAIGN_OVER",
        "field": "evaluationId",
        "article": "Notice 2",
    }
    after = await digest()
    assert {name for name in before if before[name] != after[name]} == {"access_record"}
    in_time = await story.desk(now=MIDNIGHT - dt.timedelta(seconds=1))
    assert (await ask(in_time, SUBMIT, input=given))["submitFiling"] == {"state": "SUBMITTED"}
