"""Article 8: each tier-1 branch sets the standard of the branch tier; who is below inherits it, nobody else is judged by it."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.standards import evaluate_one, screen
from models.ids import global_id
from models.standards import Evaluation, Standard
from models.vocabulary import Tier
from tests.digest import refused
from tests.law import walk, walk_back
from tests.schema.ask import ask

pytestmark = pytest.mark.measure("A8")
AS_OF = dt.date(2026, 10, 31)


async def test_two_persons_of_the_branch_make_its_standard(laws):
    standard = await laws.branch_standard()
    assert (standard.tier, standard.owner_id, standard.version) == ("BRANCH", laws.bank.places["SC"].id, 1)
    # Head office may do it for a branch too; nobody of another branch, and nobody below, may.
    await walk(laws, standard, "ren", "deng", ("wu", "jin", "jun", "lin"))


async def test_a_returned_one_stays_and_the_next_version_corrects_it(laws):
    await walk_back(laws, await laws.branch_standard(), "ren", "deng")
    assert (await laws.branch_standard()).version == 2


@pytest.mark.parametrize(
    ("who", "owner", "code"),
    [
        pytest.param("jin", "SC", "FORBIDDEN", id="another branch's officer"),
        pytest.param("ren", "JS", "FORBIDDEN", id="for another branch"),
        pytest.param("wu", "SC", "FORBIDDEN", id="an officer below"),
        pytest.param("deng", "SC", "FORBIDDEN", id="its approver"),
        pytest.param("wu", "CD", "BAD_USER_INPUT", id="a tier-2 branch for itself"),
        pytest.param("officer", "CDW", "BAD_USER_INPUT", id="a centre"),
        pytest.param("officer", "HQ", "BAD_USER_INPUT", id="head office's branch tier"),
    ],
)
async def test_only_a_tier_1_branch_has_a_standard_of_its_own(laws, who, owner, code):
    async with refused(code, await laws.desk(who)) as caught:
        await laws.branch_standard(who, owner)
    if code == "BAD_USER_INPUT":
        assert caught.value.field == "ownerId"


async def test_another_branch_does_not_continue_it(laws):
    await laws.branch_standard()
    async with refused("BAD_USER_INPUT", await laws.desk("jin")) as caught:
        await laws.branch_standard("jin", "JS")
    assert caught.value.field == "code"
    assert (await laws.branch_standard("jin", "JS", code="JIANGSU")).version == 1


async def test_branch_a_s_standard_is_never_used_for_b(laws):
    bank = laws.bank
    await laws.passed(await laws.branch_standard(), writer="ren", approver="deng")
    officer = await laws.desk("officer")
    async with refused("STANDARD_OF_ANOTHER_BRANCH", officer):
        await screen(officer, as_of=AS_OF, standard_code="SICHUAN", scope_path=bank.places["JS"].path)
    tang = await laws.desk("tang")
    async with refused("STANDARD_OF_ANOTHER_BRANCH", tang):
        await evaluate_one(tang, customer_id=bank.customers["feng"].id, as_of=AS_OF, standard_code="SICHUAN")
    whole = await screen(officer, as_of=AS_OF, standard_code="SICHUAN")
    judged = set(await Evaluation.filter(screening_id=whole.id).values_list("customer_id", flat=True))
    assert judged == {bank.customers["zhou"].id, bank.customers["qian"].id}
    assert bank.customers["feng"].id not in judged


async def test_who_is_below_inherits_it(laws):
    await laws.passed(await laws.branch_standard(), writer="ren", approver="deng")
    wu = await laws.desk("wu")
    below = await screen(wu, as_of=AS_OF, standard_code="SICHUAN", scope_path=laws.bank.places["CD"].path)
    assert (below.scope_path, below.evaluated) == (laws.bank.places["CD"].path, 2)
    lin = await laws.desk("lin")
    zhou = laws.bank.customers["zhou"].id
    assert (await evaluate_one(lin, customer_id=zhou, as_of=AS_OF, standard_code="SICHUAN")).passed


async def test_a_filing_by_another_branch_s_standard_is_refused(laws, story):
    standard = await laws.passed(
        await laws.branch_standard("jin", "JS", code="JIANGSU"), writer="jin", approver="jun"
    )
    membership = await story.applied()
    evaluation = await story.evaluation(standard=standard)
    async with refused("STANDARD_OF_ANOTHER_BRANCH", await story.desk()):
        await story.submit(membership, evaluation)


DRAFT = """mutation ($input: DraftStandardInput!) { draftStandard(input: $input) {
  ... on Standard { id version tier phase owner { code } } ... on Problem { code field } } }"""
ACT = """mutation ($id: ID!) { act: %sStandard(input: {standardId: $id%s}) {
  ... on Standard { state phase approvedBy { number } draftedBy { number } } ... on Problem { code } } }"""
LIST = "{ standards(first: 10, where: {tier: {eq: BRANCH}, phase: {eq: EFFECTIVE}}) { nodes { code owner { code } } } }"
EVALUATE = """mutation ($input: EvaluateCustomerInput!) { evaluateCustomer(input: $input) {
  ... on Evaluation { passed } ... on Problem { code article } } }"""


async def test_the_graph_makes_a_branch_standard(laws):
    ren, deng = await laws.desk("ren"), await laws.desk("deng")
    told = {
        "code": "SICHUAN",
        "name": "分行级",
        "currency": "CNY",
        "thresholds": [{"kind": "AVERAGE_SAVINGS", "amount": "100000.00"}],
        "effectiveFrom": "2026-01-01",
        "source": "川12号",
        "tier": "BRANCH",
        "ownerId": global_id("institution", laws.bank.places["SC"].id),
    }
    made = (await ask(ren, DRAFT, input=told))["draftStandard"]
    assert made == {
        "id": made["id"],
        "version": 1,
        "tier": "BRANCH",
        "phase": "DRAFT",
        "owner": {"code": "SC"},
    }
    twice = told | {"thresholds": told["thresholds"] * 2}
    refusal = await ask(ren, DRAFT, input=twice)
    assert refusal["draftStandard"] == {"code": "BAD_USER_INPUT", "field": "thresholds"}
    assert (await ask(deng, ACT % ("approve", ""), id=made["id"]))["act"] == {"code": "WRONG_STATE"}
    await ask(ren, ACT % ("submit", ""), id=made["id"])
    approved = (await ask(deng, ACT % ("approve", ""), id=made["id"]))["act"]
    assert approved == {
        "state": "APPROVED",
        "phase": "EFFECTIVE",
        "approvedBy": {"number": "S-deng"},
        "draftedBy": {"number": "S-ren"},
    }
    nodes = (await ask(await laws.desk("nobody"), LIST))["standards"]["nodes"]
    assert nodes == [{"code": "SICHUAN", "owner": {"code": "SC"}}]
    feng = {
        "customerId": global_id("customer", laws.bank.customers["feng"].id),
        "asOf": AS_OF.isoformat(),
        "standardCode": "SICHUAN",
    }
    refusal = await ask(await laws.desk("tang"), EVALUATE, input=feng)
    assert refusal["evaluateCustomer"] == {"code": "STANDARD_OF_ANOTHER_BRANCH", "article": "8"}
    assert await Standard.filter(tier=Tier.BRANCH).count() == 1
