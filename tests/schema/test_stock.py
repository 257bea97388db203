"""Stock movements in the graph: lists that are drafted, read, signed by two, and posted or not (Notice 4)."""

from __future__ import annotations

import pytest

from models.designations import Designation
from models.movements import StockMovement
from schema.scalars import global_id
from tests.schema.ask import ask, gid, refused
from tests.schema.stock_steps import LIST, allocation, change, says, seen, told


async def test_a_transfer_by_four_persons_in_the_graph(custody):
    await custody.stocked((0, 99))
    out = await told(custody, "ku", "draftAllocation", allocation(custody))
    assert (out["state"], out["quantity"]) == ("DRAFT", 10)
    for who, act, state in (
        ("ku", "signStockMovement", "SIGNED"),
        ("jian", "countersignStockMovement", "POSTED"),
    ):
        out = await told(custody, who, act, {"movementId": out["id"], "version": out["version"]})
        assert out["state"] == state
    waiting = await StockMovement.get(kind="ALLOCATE_IN")
    come = await told(
        custody,
        "he",
        "listArrival",
        seen(waiting, ranges=[{"first": "0", "last": "4"}, {"first": "5", "last": "9"}]),
    )
    come = await told(
        custody, "he", "signStockMovement", {"movementId": come["id"], "version": come["version"]}
    )
    come = await told(
        custody, "zhao", "countersignStockMovement", {"movementId": come["id"], "version": come["version"]}
    )
    assert come["state"] == "POSTED"
    assert await custody.lying("CDW") == [("IN_STOCK", 0, 9)]


async def test_the_same_key_drafts_once(custody):
    await custody.stocked((0, 99))
    given = allocation(custody, idempotencyKey="k-1")
    first, again = [await told(custody, "ku", "draftAllocation", given) for _ in range(2)]
    assert first["id"] == again["id"]
    assert (
        await says(custody, "ku", "draftAllocation", given | {"reason": "another"}) == "IDEMPOTENCY_CONFLICT"
    )


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"ranges": [{"first": "90", "last": "110"}]}, "NOT_IN_STOCK"),
        ({"ranges": [{"first": "9", "last": "0"}]}, "BAD_RANGE"),
        ({"ranges": [{"first": "0", "last": "9"}, {"first": "5"}]}, "NUMBER_TWICE"),
        ({"ranges": [{"first": "1010000000000011"}]}, "BAD_VIP_CARD_NUMBER"),
        ({"ranges": [{"first": str(2 * number)} for number in range(1001)]}, "BAD_RANGE"),
        ({"state": "ISSUED"}, "BAD_USER_INPUT"),
    ],
)
async def test_an_allocation_that_is_none(custody, more, code):
    await custody.stocked((0, 99))
    assert await says(custody, "ku", "draftAllocation", allocation(custody, **more)) == code


async def test_cards_go_along_the_line_of_command_only(custody):
    await custody.stocked((0, 99))
    across = allocation(custody, toId=gid(custody.place("NJW")))
    assert await says(custody, "ku", "draftAllocation", across) == "NOT_IN_LINE_OF_STOCK"


async def test_who_may_not_draft_is_told_so(custody):
    await custody.stocked((0, 99))
    document = "mutation ($i: DraftStockChangeInput!) { draftStockChange(input: $i) { __typename } }"
    assert await refused(await custody.desk("jian"), document, i=change(custody)) == "FORBIDDEN"
    await Designation.filter(staff_id=custody.bank.staff["ku"].id).update(ended_at=custody.bank.now)
    assert await says(custody, "ku", "draftStockChange", change(custody)) == "NOT_DESIGNATED"


async def test_a_change_is_drafted_edited_signed_and_posted(custody):
    await custody.stocked((0, 99))
    made = await told(custody, "ku", "draftStockChange", change(custody))
    movement = await StockMovement.get(kind="VOID")
    assert made["quantity"] == 1
    made = await told(
        custody, "ku", "editStockMovement", seen(movement, ranges=[{"first": "3", "last": "4"}])
    )
    assert (made["quantity"], made["version"]) == (2, 2)
    assert (
        await says(custody, "ku", "editStockMovement", seen(movement, ranges=[{"first": "3"}]))
        == "STALE_VERSION"
    )
    assert await says(custody, "ku", "signStockMovement", seen(movement)) == "STALE_VERSION"
    await custody.posted(await StockMovement.get(id=movement.id))
    assert (await custody.account()).spoiled == 2
    assert (
        await says(custody, "ku", "draftStockChange", change(custody, toState="ISSUED")) == "BAD_USER_INPUT"
    )
    assert await says(custody, "ku", "draftStockChange", change(custody)) == "NOT_IN_STOCK"


async def test_a_reversal_is_drafted_once_and_of_what_is_posted(custody):
    receipt = await custody.stocked((0, 99))
    void = await custody.change((3, 3))
    given = {"movementId": gid(void), "reason": "wrong card"}
    assert await says(custody, "ku", "draftReversal", given) == "WRONG_STATE"
    await custody.posted(void)
    await told(custody, "ku", "draftReversal", given)
    assert await says(custody, "ku", "draftReversal", given) == "NOT_REVERSIBLE"
    back = await told(custody, "ku", "draftReversal", {"movementId": gid(receipt), "reason": "not ours"})
    assert back["quantity"] == 100
    found = (await ask(await custody.desk("ku"), LIST, id=back["id"]))["stockMovement"]
    assert (found["kind"], found["source"]) == ("REVERSE", {"id": gid(receipt)})
    assert [line["toState"] for line in found["lines"]["nodes"]] == [None]


async def test_a_list_is_refused_or_taken_back_before_it_moves_anything(custody):
    await custody.stocked((0, 99))
    first, second = await custody.change((1, 1)), await custody.change((2, 2))
    first = await custody.sign(first)
    reason = {"reason": "other card"}
    assert await says(custody, "jian", "rejectStockMovement", seen(first, reason=" ")) == "BAD_USER_INPUT"
    assert (await told(custody, "jian", "rejectStockMovement", seen(first, **reason)))["state"] == "REJECTED"
    assert (await told(custody, "ku", "withdrawStockMovement", seen(second, **reason)))["state"] == "REJECTED"
    first = await StockMovement.get(id=first.id)
    assert await says(custody, "jian", "rejectStockMovement", seen(first, **reason)) == "WRONG_STATE"
    assert await says(custody, "jian", "countersignStockMovement", seen(first)) == "WRONG_STATE"
    assert await custody.lying() == [("IN_STOCK", 0, 99)]


@pytest.mark.measure("N4f")
async def test_the_wrong_person_signs_nothing_in_the_graph(custody):
    await custody.stocked((0, 99))
    movement = await custody.allocation((0, 9))
    document = "mutation ($i: SignStockMovementInput!) { signStockMovement(input: $i) { __typename } }"
    assert await refused(await custody.desk("pan"), document, i=seen(movement)) == "FORBIDDEN"
    assert await refused(await custody.desk("he"), document, i=seen(movement)) == "NOT_FOUND"
    movement = await custody.sign(movement)
    document = (
        "mutation ($i: CountersignStockMovementInput!) { countersignStockMovement(input: $i) { __typename } }"
    )
    assert await refused(await custody.desk("ku"), document, i=seen(movement)) == "FORBIDDEN"
    assert await refused(await custody.desk("yue"), document, i=seen(movement)) == "NOT_FOUND"


BLIND = """query ($id: ID!, $here: ID!, $number: String!) {
  stockMovement(id: $id) { quantity lines(first: 9) { totalCount } source { id lines(first: 9) { nodes { first } } }
    other { code } }
  stockMovements(first: 50) { nodes { kind lines(first: 9) { nodes { first } } } }
  stockHoldings(first: 9, where: {toInstitutionId: {eq: $here}}) { totalCount }
  cardNumberHistory(number: $number, first: 9) { totalCount }
}"""


@pytest.mark.measure("N4f")
async def test_the_receiver_counts_blind(custody):
    """By no path does he read which numbers were sent: only how many, and from whom."""
    await custody.stocked((0, 99))
    waiting = await custody.arrival(await custody.sent((10, 19)))
    given = {"id": gid(waiting), "here": gid(custody.place("CDW")), "number": custody.product.number(12)}
    for who in ("he", "zhao"):
        found = await ask(await custody.desk(who), BLIND, **given)
        assert found == {
            "stockMovement": {
                "quantity": 10,
                "lines": {"totalCount": 0},
                "source": None,
                "other": {"code": "SC"},
            },
            "stockMovements": {"nodes": [{"kind": "ALLOCATE_IN", "lines": {"nodes": []}}]},
            "stockHoldings": {"totalCount": 0},
            "cardNumberHistory": {"totalCount": 0},
        }
    sent = global_id("stock_movement", waiting.source_id)
    assert await refused(await custody.desk("he"), LIST, id=sent) == "NOT_FOUND"
