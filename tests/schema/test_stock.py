"""Stock movements in the graph: lists that are drafted, read, signed by two, and posted or not (Notice 4)."""

from __future__ import annotations

from typing import Any

import pytest

from authz import Policy
from models.designations import Designation
from models.movements import StockMovement
from schema.scalars import global_id
from tests.cast import Cast
from tests.custody import Custody
from tests.schema.ask import ask, gid, refused

DONE = "__typename ... on Problem { code field } ... on StockMovement { id state version quantity }"
LIST = """
query ($id: ID!) { stockMovement(id: $id) {
  kind state version quantity reason overQuotaReason cause draftedAt postedAt postedOn rejectedAt rejectReason
  institution { code } other { code } product { name } order { number } source { id }
  draftedBy { name } rejectedBy { name }
  signatures { step signedAt voidedAt staff { name } forStaff { name } }
  lines(first: 10) { totalCount nodes { first last quantity fromState toState movement { kind } } }
} }
"""


@pytest.fixture
async def custody(bank: Cast, policy: Policy) -> Custody:
    return await Custody.begin(bank, policy)


def seen(movement: StockMovement, **more: Any) -> dict[str, Any]:
    return {"movementId": gid(movement), "version": movement.version, **more}


async def does(custody: Custody, who: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
    """What a mutation answers."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    document = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {DONE} }} }}"
    answer: dict[str, Any] = (await ask(await custody.desk(who), document, input=given))[name]
    return answer


async def told(custody: Custody, who: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
    answer = await does(custody, who, name, given)
    assert answer["__typename"] == "StockMovement", answer
    return answer


async def says(custody: Custody, who: str, name: str, given: dict[str, Any]) -> str:
    answer = await does(custody, who, name, given)
    assert answer["__typename"] == "Problem", answer
    return str(answer["code"])


def allocation(custody: Custody, **more: Any) -> dict[str, Any]:
    return {
        "institutionId": gid(custody.place("SC")),
        "toId": gid(custody.place("CDW")),
        "productId": gid(custody.product),
        "ranges": [{"first": "0", "last": "9"}],
    } | more


def change(custody: Custody, **more: Any) -> dict[str, Any]:
    return {
        "institutionId": gid(custody.place("SC")),
        "productId": gid(custody.product),
        "ranges": [{"first": "3"}],
        "fromState": "IN_STOCK",
        "toState": "SPOILED",
        "reason": "corner bent",
    } | more


async def test_who_signs_reads_the_whole_list_first(custody):
    """Numbers, who drafted and signed it, in whose seat, and the version that he then signs."""
    await custody.stocked((0, 99))
    movement = await custody.sign(await custody.allocation((0, 9), (20, 20), reason="spring"))
    found = (await ask(await custody.desk("jian"), LIST, id=gid(movement)))["stockMovement"]
    assert found | {"draftedAt": "", "signatures": []} == {
        "kind": "ALLOCATE_OUT",
        "state": "SIGNED",
        "version": 2,
        "quantity": 11,
        "reason": "spring",
        "overQuotaReason": "",
        "cause": None,
        "draftedAt": "",
        "postedAt": None,
        "postedOn": None,
        "rejectedAt": None,
        "rejectReason": "",
        "institution": {"code": "SC"},
        "other": {"code": "CDW"},
        "product": {"name": "总行级VIP卡"},
        "order": None,
        "source": None,
        "draftedBy": {"name": "顾库"},
        "rejectedBy": None,
        "signatures": [],
        "lines": {
            "totalCount": 2,
            "nodes": [
                {
                    "first": f"{first:012}",
                    "last": f"{last:012}",
                    "quantity": last - first + 1,
                    "fromState": "IN_STOCK",
                    "toState": "IN_TRANSIT",
                    "movement": {"kind": "ALLOCATE_OUT"},
                }
                for first, last in ((0, 9), (20, 20))
            ],
        },
    }
    (signature,) = found["signatures"]
    assert signature["step"] == "SIGN"
    assert (signature["staff"], signature["forStaff"], signature["voidedAt"]) == (
        {"name": "顾库"},
        {"name": "顾库"},
        None,
    )


async def test_a_receipt_shows_its_order_and_cards_that_come_from_nobody(custody):
    order = await custody.order()
    receipt = await custody.receipt(order, (0, 9))
    found = (await ask(await custody.desk("ku"), LIST, id=gid(receipt)))["stockMovement"]
    assert found["order"] == {"number": order.number}
    assert [(line["fromState"], line["toState"]) for line in found["lines"]["nodes"]] == [(None, "IN_STOCK")]


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


WHERE = (
    "query ($where: StockMovementWhere) { stockMovements(first: 50, where: $where, orderBy: [DRAFTED_AT_DESC])"
    " { totalCount } }"
)


async def test_movements_are_found_by_kind_state_place_and_time(custody):
    receipt = await custody.stocked((0, 99))
    await custody.sent((0, 9))
    await custody.change((50, 50))
    desk = await custody.desk("ku")
    now = custody.bank.now

    async def count(**where: Any) -> int:
        return int((await ask(desk, WHERE, where=where))["stockMovements"]["totalCount"])

    assert await count() == 3
    assert await count(kind={"in": ["VOID", "RECEIPT"]}) == 2
    assert await count(state={"eq": "POSTED"}) == 2
    assert await count(otherId={"eq": gid(custody.place("CDW"))}) == 1
    assert await count(productId={"eq": gid(custody.products["BRANCH"])}) == 0
    assert await count(sourceId={"eq": gid(receipt)}) == 0
    assert await count(draftedAt={"ge": now.isoformat()}) == 3
    assert await count(draftedAt={"lt": now.isoformat()}) == 0
    assert await count(postedOn={"eq": "2026-11-25"}) == 2
    assert await count(institutionId={"eq": gid(custody.place("CDW"))}) == 0


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
