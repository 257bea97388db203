"""Annex 1, steps 11 and 12: void cards are handed up, listed, approved twice, cut before two, and the list stays (销毁)."""

from __future__ import annotations

import pytest

from models.custody import StockState
from schema.scalars import global_id
from tests.custody import Custody
from tests.custody_lists import destroyed, listed
from tests.schema.ask import ask

pytestmark = pytest.mark.measure("N4k")

ROW = """ __typename ... on DestructionList { id state version quantity reason listedBy { number }
  accountingBy { number } auditBy { number } firstWitness { number } secondWitness { number } destroyedAt
  lines(first: 5) { nodes { first last quantity } } movement { kind state } } ... on Problem { code field article } """
LISTED = (
    f"mutation ($input: DraftDestructionListInput!) {{ draftDestructionList(input: $input) {{ {ROW} }} }}"
)
APPROVE = f"mutation ($input: ApproveDestructionInput!) {{ approveDestruction(input: $input) {{ {ROW} }} }}"
WITNESS = f"mutation ($input: WitnessDestructionInput!) {{ witnessDestruction(input: $input) {{ {ROW} }} }}"
CALL_OFF = f"mutation ($input: CallOffDestructionInput!) {{ callOffDestruction(input: $input) {{ {ROW} }} }}"
BOOK = """mutation ($input: DraftDestructionInput!) { draftDestruction(input: $input) { __typename
  ... on StockMovement { id kind state version quantity } ... on Problem { code field article } } }"""
SIGN = """mutation ($input: SignStockMovementInput!) { signStockMovement(input: $input) {
  ... on StockMovement { state version } ... on Problem { code } } }"""
COUNTERSIGN = """mutation ($input: CountersignStockMovementInput!) { countersignStockMovement(input: $input) {
  ... on StockMovement { state } ... on Problem { code } } }"""
LISTS = """query ($at: ID!) { destructionLists(first: 5, where: {institutionId: {eq: $at}, state: {eq: DESTROYED}},
  orderBy: [LISTED_AT_DESC]) { totalCount nodes { id state lines(first: 5) { nodes { first last } } movement { state } } } }"""
NODE = "query ($id: ID!) { node(id: $id) { ... on DestructionList { state quantity } } }"


@pytest.fixture
async def custody(custody: Custody) -> Custody:
    """The centre has fifty cards, of which five are spoiled and on their way up to Sichuan."""
    await custody.stocked((0, 99))
    await custody.arrived((50, 99))
    pair = ("he", "zhao")
    await custody.posted(await custody.change((60, 64), who="he", place="CDW"), pair)
    handed = await custody.posted(
        await custody.allocation((60, 64), who="he", place="CDW", to="SC", state=StockState.SPOILED), pair
    )
    await custody.posted(await custody.counted(handed, (60, 64), who="ku"))
    return custody


def listing(custody: Custody, **more: object) -> dict:
    witnesses = (global_id("staff", custody.bank.staff[name].id) for name in ("pan", "deng"))
    first, second = witnesses
    return {
        "institutionId": global_id("institution", custody.place("SC").id),
        "productId": global_id("card_product", custody.product.id),
        "ranges": [{"first": "60", "last": "64"}],
        "firstWitnessId": first,
        "secondWitnessId": second,
        "reason": "spoiled at the centre",
    } | more


async def done(custody: Custody, who: str, mutation: str, **told: object) -> dict:
    (answer,) = (await ask(await custody.desk(who), mutation, input=told)).values()
    return answer


async def test_void_cards_that_are_handed_up_arrive_to_be_destroyed(custody):
    """Step 11. What a centre cannot use lies with the branch above, where it is no stock any more."""
    assert ("TO_DESTROY", 60, 64) in await custody.lying("SC")
    sender, branch = await custody.account("CDW"), await custody.account("SC")
    assert (sender.spoiled, sender.went_out, branch.to_destroy, branch.came_in) == (0, 5, 5, 5)


async def test_the_branch_sets_its_own_void_cards_aside_under_two_signatures(custody):
    await custody.posted(await custody.change((0, 1)))
    draft = await custody.change((0, 1), was=StockState.SPOILED, becomes=StockState.TO_DESTROY)
    await custody.sign(draft)
    assert (await custody.account()).to_destroy == 5
    await custody.countersign(await type(draft).get(id=draft.id))
    assert (await custody.account()).to_destroy == 7


async def test_a_destruction_through_the_graph(custody):
    row = await done(custody, "ku", LISTED, **listing(custody))
    assert (row["state"], row["quantity"], row["listedBy"]) == ("DRAFT", 5, {"number": "S-ku"})
    for who, side, state in (("zhang", "ACCOUNTING", "DRAFT"), ("auditor", "AUDIT", "APPROVED")):
        row = await done(custody, who, APPROVE, destructionId=row["id"], version=row["version"], side=side)
        assert row["state"] == state
    assert (row["accountingBy"], row["auditBy"]) == ({"number": "S-zhang"}, {"number": "S-auditor"})
    # domain.md 8, scenario 17: with one witness nothing is destroyed.
    for who in ("pan", "deng"):
        early = await done(custody, "ku", BOOK, destructionId=row["id"])
        assert (early["code"], early["article"]) == ("NOT_WITNESSED", "Annex 1")
        row = await done(custody, who, WITNESS, destructionId=row["id"], version=row["version"])
    movement = await done(custody, "ku", BOOK, destructionId=row["id"])
    assert (movement["kind"], movement["state"], movement["quantity"]) == ("DESTROY", "DRAFT", 5)
    assert (await custody.account()).destroyed == 0
    signed = await done(custody, "ku", SIGN, movementId=movement["id"], version=movement["version"])
    await done(custody, "jian", COUNTERSIGN, movementId=movement["id"], version=signed["version"])
    account = await custody.account()
    assert (account.to_destroy, account.destroyed) == (0, 5)

    at = global_id("institution", custody.place("SC").id)
    told = (await ask(await custody.desk("auditor"), LISTS, at=at))["destructionLists"]
    assert told == {
        "totalCount": 1,
        "nodes": [
            {
                "id": row["id"], "state": "DESTROYED", "movement": {"state": "POSTED"},
                "lines": {"nodes": [{"first": "000000000060", "last": "000000000064"}]},
            }
        ],
    }  # fmt: skip
    seen = (await ask(await custody.desk("zhang"), NODE, id=row["id"]))["node"]
    assert seen == {"state": "DESTROYED", "quantity": 5}
    late = await done(custody, "ku", CALL_OFF, destructionId=row["id"], version=99, reason="none")
    assert late["code"] == "WRONG_STATE"


async def test_a_list_that_is_none_is_a_problem_of_the_graph(custody):
    pan = global_id("staff", custody.bank.staff["pan"].id)
    one = await done(custody, "ku", LISTED, **listing(custody, secondWitnessId=pan))
    assert one == {"__typename": "Problem", "code": "DESTRUCTION_BY_ONE", "field": "", "article": "Annex 1"}
    yue = global_id("staff", custody.bank.staff["yue"].id)
    away = await done(custody, "ku", LISTED, **listing(custody, firstWitnessId=yue))
    assert (away["code"], away["field"]) == ("WITNESS_NOT_HERE", "firstWitnessId")
    good = await done(custody, "ku", LISTED, **listing(custody, ranges=[{"first": "0"}]))
    assert good["code"] == "NOT_IN_STOCK"


async def test_a_repeated_key_lists_once(custody):
    first = await done(custody, "ku", LISTED, **listing(custody, idempotencyKey="k1"))
    again = await done(custody, "ku", LISTED, **listing(custody, idempotencyKey="k1"))
    assert again["id"] == first["id"]


async def test_lists_are_seen_where_the_stock_is_and_above(custody):
    await destroyed(custody, (60, 61))
    await listed(custody, (62, 64))
    seen = "{ destructionLists(first: 5) { totalCount } }"
    for who, count in (
        ("ku", 2),
        ("jian", 2),
        ("zhang", 2),
        ("auditor", 2),
        ("he", 0),
        ("yue", 0),
        ("lin", 0),
    ):
        assert (await ask(await custody.desk(who), seen))["destructionLists"]["totalCount"] == count, who
