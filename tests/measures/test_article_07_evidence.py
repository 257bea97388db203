"""Article 7: an exception lists the thresholds missed and by how much, and who sees that while it is open, and who not."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from authz import Role
from models.campaigns import Campaign, CampaignThreshold
from models.exceptions import ExceptionCase, ExceptionShortfall
from models.people import Assignment, Recusal
from models.standards import Criterion, Evaluation, Screening, Standard
from models.trail import AccessRecord
from schema.scalars import global_id
from tests.cast import START, staff_member
from tests.digest import refused
from tests.schema.ask import ask
from tests.schema.ask import refused as told_no

pytestmark = pytest.mark.measure("A7")
DAY = dt.timedelta(days=1)
ADVICE = {"code": "FILING_EVIDENCE"}


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


SHOWN = """query ($purpose: PurposeInput) { exceptionCases(first: 9, purpose: $purpose) { totalCount nodes {
  state category approvalNumber grounds { visibility submitted decided }
  customer { name { visibility value } assets { visibility loans { outstanding { amount } } }
             identity { visibility number } contact { visibility } }
  evaluation { figures { visibility averageSavings { amount } } }
  shortfalls { kind threshold { amount } figure { amount } short { amount currency } } } } }"""
NAMES = "{ customers(first: 9) { nodes { name { visibility value } assets { visibility } } } }"
FIGURES = [("AVERAGE_SAVINGS", "500000.00", "499999.99", "0.01")]


async def seen(story, who: str, purpose=None):
    """What the graph shows of the one exception: customer, assets, figures and shortfalls; None where it is not there."""
    found = (await ask(await story.desk(who), SHOWN, purpose=purpose))["exceptionCases"]["nodes"]
    if not found:
        return None
    (case,) = found
    customer = case["customer"]
    return (
        (customer["name"]["visibility"], customer["name"]["value"], customer["assets"]["visibility"])
        if customer
        else None,
        case["evaluation"] and case["evaluation"]["figures"]["averageSavings"],
        [(it["kind"], it["threshold"]["amount"], it["figure"]["amount"], it["short"]["amount"]) for it in case["shortfalls"]][:1],
        (case["grounds"]["visibility"], case["grounds"]["submitted"]),
    )  # fmt: skip


async def approver(story, key: str, place: str) -> None:
    story.bank.staff[key] = staff = await staff_member(key, key)
    await Assignment.create(
        staff=staff, role=Role.EXC_APPROVER, institution=story.bank.places[place], department="PERSONAL_BANKING",
        valid_from=START, recorded_at=START,
    )  # fmt: skip


WHY = ("VISIBLE", "heads a listed company")
HIDDEN = ("WITHHELD", None, "WITHHELD")


@pytest.mark.measure("A7", "A11b")
@pytest.mark.parametrize("decision", ["approve", "reject", "send_back"])
async def test_its_approver_sees_the_evidence_while_it_is_open(story, decision):
    await approver(story, "js", "JS")
    await approver(story, "tier2", "CD")
    membership, evaluation = await story.applied(), await story.missed()
    assert await seen(story, "deng") is None
    case = await story.ask(membership, evaluation)

    whole = (("VISIBLE", "周明", "VISIBLE"), {"amount": "499999.99"}, FIGURES, WHY)
    assert await seen(story, "deng") == whole
    assert await seen(story, "lin", ADVICE) == whole
    assert await seen(story, "lin") == (("VISIBLE", "周明", "MASKED"), None, [], WHY)
    assert await seen(story, "tier2") == (HIDDEN, None, [], WHY)
    assert await seen(story, "cheng") == (HIDDEN, None, [], ("WITHHELD", None))
    assert await seen(story, "js") is None
    assert await seen(story, "nobody") is None
    # Not by another path: the way through the case is the permission.
    listed_to_him = (await ask(await story.desk("deng"), NAMES))["customers"]["nodes"]
    assert [(it["name"]["value"], it["assets"]["visibility"]) for it in listed_to_him] == [
        (None, "WITHHELD")
    ] * 2

    await getattr(story, decision)(case)
    after = await seen(story, "deng")
    assert after is not None
    assert after[:3] == (HIDDEN, None, [])


@pytest.mark.measure("A7", "A11b")
async def test_the_evidence_leaves_a_receipt_that_names_its_basis(story):
    await story.asked()
    await seen(story, "deng")
    receipt = await AccessRecord.filter(staff_id=story.bank.staff["deng"].id).order_by("-at").first()
    assert (receipt.resource, receipt.decision, receipt.basis) == ("exception_case", "ALLOW", "filing")
    assert "499999" not in receipt.record
    assert "周明" not in receipt.record


@pytest.mark.measure("A7", "A11b")
async def test_neither_its_approver_nor_a_recorder_sees_what_the_other_decides(story):
    await story.submitted("luo", "qian", to="SC")
    await story.asked()
    filings = "{ filings(first: 9) { nodes { customer { name { value } } } } }"
    cases = "{ exceptionCases(first: 9) { nodes { customer { name { value } } } } }"
    for who, of_filing, of_case in (("cheng", "钱芳", None), ("deng", None, "周明")):
        desk = await story.desk(who)
        assert (await ask(desk, filings))["filings"]["nodes"] == [
            {"customer": {"name": {"value": of_filing}}}
        ]
        assert (await ask(desk, cases))["exceptionCases"]["nodes"] == [
            {"customer": {"name": {"value": of_case}}}
        ]


@pytest.mark.measure("A7")
async def test_a_relative_decides_nothing_and_sees_nothing(story):
    deng, zhou = story.bank.staff["deng"], story.bank.customers["zhou"]
    case = await story.asked()
    await Recusal.create(person_id=deng.person_id, customer_id=zhou.id, relation="SPOUSE", recorded_at=START)
    assert await seen(story, "deng") == (HIDDEN, None, [], ("WITHHELD", None))
    desk = await story.desk("deng")
    for decide in (story.approve, story.reject, story.send_back):
        async with refused("FORBIDDEN", desk):
            await decide(case)


EXPLAIN = """query ($id: ID!, $case: ID) { explain(id: $id, dataClass: ASSET, caseId: $case) {
  visibility basis basisId reason { code } } }"""


@pytest.mark.measure("A7", "A11b")
async def test_the_explanation_names_the_exception_as_the_basis(story):
    case = await story.asked()
    row, basis = global_id("evaluation", case.evaluation_id), global_id("exception_case", case.id)
    deng = await story.desk("deng")
    without = (await ask(deng, EXPLAIN, id=row))["explain"]
    assert (without["visibility"], without["reason"]["code"]) == ("WITHHELD", "BASIS_REQUIRED")
    told = (await ask(deng, EXPLAIN, id=row, case=basis))["explain"]
    assert told == {"visibility": "VISIBLE", "basis": "FILING", "basisId": basis, "reason": None}
    await story.approve(case)
    closed = (await ask(await story.desk("deng"), EXPLAIN, id=row, case=basis))["explain"]
    assert (closed["visibility"], closed["basisId"]) == ("WITHHELD", None)
    assert await told_no(await story.desk("tang"), EXPLAIN, id=row, case=basis) == "NOT_FOUND"


SUBMIT = """mutation ($input: SubmitExceptionCaseInput!) { submitExceptionCase(input: $input) { __typename
  ... on ExceptionCase { id state category version membership { state exceptions { state } } }
  ... on Problem { code field article } } }"""
APPROVE = """mutation ($input: ApproveExceptionCaseInput!) { approveExceptionCase(input: $input) { __typename
  ... on ExceptionCase { state approvalNumber membership { state tier } } ... on Problem { code field article } } }"""


async def test_through_the_graph(story):
    membership, evaluation = await story.applied(), await story.missed()
    lin, deng = await story.desk(), await story.desk("deng")
    given = {
        "membershipId": global_id("membership", membership.id),
        "evaluationId": global_id("evaluation", evaluation.id),
        "submittedToId": global_id("institution", story.bank.places["CD"].id),
        "category": "PUBLIC_FIGURE",
        "reason": "sings in every hall",
    }
    answer = (await ask(lin, SUBMIT, input=given))["submitExceptionCase"]
    assert answer == {
        "__typename": "Problem",
        "code": "EXCEPTION_LEVEL",
        "field": "submittedToId",
        "article": "7",
    }
    given["submittedToId"] = global_id("institution", story.bank.places["SC"].id)
    case = (await ask(lin, SUBMIT, input=given))["submitExceptionCase"]
    assert (case["state"], case["category"]) == ("SUBMITTED", "PUBLIC_FIGURE")
    assert case["membership"] == {"state": "EXCEPTION_PENDING", "exceptions": [{"state": "SUBMITTED"}]}
    stale = (await ask(deng, APPROVE, input={"caseId": case["id"], "version": 7}))["approveExceptionCase"]
    assert (stale["code"], stale["field"]) == ("STALE_VERSION", "version")
    done = (await ask(deng, APPROVE, input={"caseId": case["id"], "version": 1}))["approveExceptionCase"]
    assert (done["state"], done["approvalNumber"]) == ("APPROVED", "SC-2026-E000001")
    assert done["membership"] == {"state": "ACTIVE", "tier": "HEAD_OFFICE"}
    where = "query ($w: ExceptionCaseWhere) { exceptionCases(first: 9, where: $w) { totalCount } }"
    for state, count in (("APPROVED", 1), ("SUBMITTED", 0)):
        found = await ask(
            deng, where, w={"state": {"eq": state}, "submittedToId": {"eq": given["submittedToId"]}}
        )
        assert found["exceptionCases"]["totalCount"] == count
    assert await ExceptionCase.all().count() == 1
