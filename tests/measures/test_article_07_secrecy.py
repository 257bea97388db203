"""Article 7 and 11: who sees the evidence of an exception, by which basis and how long."""

from __future__ import annotations

import pytest

from authz import Role
from models.exceptions import ExceptionCase
from models.people import Assignment, Recusal
from models.trail import AccessRecord
from schema.scalars import global_id
from tests.cast import START, staff_member
from tests.digest import refused
from tests.schema.ask import ask
from tests.schema.ask import refused as told_no

pytestmark = pytest.mark.measure("A7")


ADVICE = {"code": "FILING_EVIDENCE"}


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
