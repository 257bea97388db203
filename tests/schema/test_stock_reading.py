"""Stock movements as they are read and found in the graph: the whole list, its signatures, its order (Notice 4)."""

from __future__ import annotations

from typing import Any

from schema.scalars import global_id
from tests.schema.ask import ask, gid
from tests.schema.stock_steps import LIST


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


async def test_movements_are_found_by_their_order_and_who_drafted_them(custody):
    first = await custody.stocked((0, 99))
    second = await custody.receipt(await custody.order(), (100, 109))
    await custody.sent((0, 9))
    staff = {name: gid(custody.bank.staff[name]) for name in ("ku", "jian", "he")}

    async def count(who: str, **where: Any) -> int:
        return int((await ask(await custody.desk(who), WHERE, where=where))["stockMovements"]["totalCount"])

    orders = [global_id("card_order", receipt.order_id) for receipt in (first, second)]
    assert [await count("ku", orderId={"eq": one}) for one in orders] == [1, 1]
    assert await count("ku", orderId={"in": orders}, state={"eq": "DRAFT"}) == 1
    assert await count("ku", orderId={"eq": None}) == 1
    assert await count("he", orderId={"in": orders}) == 0  # Sichuan's receipts are not hers to see
    assert await count("ku", draftedById={"eq": staff["ku"]}) == 3
    assert await count("ku", draftedById={"in": [staff["jian"], staff["he"]]}) == 0
    # The arrival waits at the centre since Jian countersigned.
    assert await count("he", draftedById={"eq": staff["jian"]}) == 1
    assert await count("he", draftedById={"eq": staff["he"]}) == 0
