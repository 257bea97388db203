"""Ordering in tests: Ku drafts for Sichuan, Pan approves, and what is ordinary is filled in."""

from __future__ import annotations

from typing import Any

from desk import orders
from models.orders import CardOrder
from models.products import Manufacturer
from tests.custody import Custody
from tests.digest import refused

WHY = "opening of the centre"
ACTS: dict[str, Any] = {
    "approve": orders.approve_order,
    "place": orders.place_order,
    "cancel": orders.cancel_order,
    "settle": orders.settle_order,
}


async def told(custody: Custody, **said: Any) -> dict[str, Any]:
    maker = await Manufacturer.get(code="TJHQ")
    return {
        "institution_id": custody.place("SC").id,
        "product_id": custody.product.id,
        "manufacturer_id": maker.id,
        "quantity": 10_000,
        "reason": "yearly plan",
        "over_quota_reason": WHY,
    } | said


async def drafted(custody: Custody, who: str = "ku", **said: Any) -> CardOrder:
    return await orders.draft_order(await custody.desk(who), **await told(custody, **said))


async def step(custody: Custody, name: str, order: CardOrder, who: str, **said: Any) -> CardOrder:
    return await ACTS[name](
        await custody.desk(who), **{"order_id": order.id, "version": order.version} | said
    )


async def placed(custody: Custody, **said: Any) -> CardOrder:
    order = await step(custody, "approve", await drafted(custody, **said), "pan")
    return await step(custody, "place", order, "ku")


async def came(custody: Custody, *ranges: tuple[int, int], quantity: int = 100, **said: Any) -> CardOrder:
    order = await placed(custody, quantity=quantity)
    await custody.posted(await custody.receipt(order, *ranges, **said))
    return await CardOrder.get(id=order.id)


async def not_done(custody: Custody, code: str, name: str, order: CardOrder, who: str, **said: Any) -> None:
    desk = await custody.desk(who)
    async with refused(code, desk):
        await ACTS[name](desk, **{"order_id": order.id, "version": order.version} | said)


async def not_drafted(custody: Custody, code: str, who: str = "ku", **said: Any) -> None:
    asked, desk = await told(custody, **said), await custody.desk(who)
    async with refused(code, desk):
        await orders.draft_order(desk, **asked)
