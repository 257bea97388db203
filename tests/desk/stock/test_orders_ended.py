"""How an order ends: cancelled before anything came, or settled for the good cards that did (Notice 4)."""

from __future__ import annotations

from models.orders import CardOrder
from tests.custody import spans
from tests.desk.stock.ordering import came, drafted, not_done, placed, step
from tests.digest import refused


async def test_an_order_is_cancelled_before_anything_came(custody):
    for order in (
        await drafted(custody),
        await step(custody, "approve", await drafted(custody), "pan"),
        await placed(custody),
    ):
        over = await step(custody, "cancel", order, "pan", reason="the centre opens later")
        assert (over.state, over.cancelled_by_id) == ("CANCELLED", custody.bank.staff["pan"].id)
        assert over.cancel_reason == "the centre opens later"
        await not_done(custody, "WRONG_STATE", "cancel", over, "pan", reason="again")
        await not_done(custody, "WRONG_STATE", "approve", over, "pan")
    await not_done(custody, "BAD_USER_INPUT", "cancel", await drafted(custody), "pan", reason=" ")


async def test_a_cancelled_order_takes_in_nothing(custody):
    order = await placed(custody)
    waiting = await custody.receipt(order, (0, 9))
    await step(custody, "cancel", order, "pan", reason="the factory cannot deliver")
    desk = await custody.desk("ku")
    async with refused("WRONG_STATE", desk):
        await custody.sign(waiting)


async def test_what_has_come_is_settled_and_not_cancelled(custody):
    order = await came(custody, (0, 9))
    await not_done(custody, "CARDS_CAME", "cancel", order, "pan", reason="changed our mind")


async def test_defective_cards_are_not_paid_for(custody):
    order = await came(custody, (0, 99), defects=spans((10, 19)))
    assert (order.state, order.received, order.defective, order.good) == ("RECEIVED", 100, 10, 90)
    said = {"invoice_number": "F-1"}
    for amount in ("115.00", "103.49", "103.51", "0"):
        await not_done(custody, "INVOICE_DIFFERS", "settle", order, "pan", invoiced=amount, **said)
    await not_done(custody, "TOO_MANY_DECIMALS", "settle", order, "pan", invoiced="103.501", **said)
    await not_done(custody, "BAD_USER_INPUT", "settle", order, "pan", invoiced="103.50", invoice_number=" ")
    settled = await step(custody, "settle", order, "pan", invoiced="103.50", **said)
    assert settled.invoiced == 10_350


async def test_an_order_of_which_cards_are_to_come_is_closed_short_with_a_reason(custody):
    order = await came(custody, (0, 39))
    said = {"invoice_number": "F-1", "invoiced": "46.00"}
    await not_done(custody, "ORDER_NOT_COMPLETE", "settle", order, "pan", **said)
    waiting = await custody.receipt(order, (40, 49))
    over = await step(custody, "settle", order, "pan", short_reason="the factory is closed", **said)
    assert (over.state, over.short_reason, over.invoiced) == ("SETTLED", "the factory is closed", 4_600)
    desk = await custody.desk("ku")
    async with refused("WRONG_STATE", desk):
        await custody.sign(waiting)
    whole = await came(custody, (100, 199))
    await not_done(
        custody,
        "BAD_USER_INPUT",
        "settle",
        whole,
        "pan",
        invoice_number="F-2",
        invoiced="115.00",
        short_reason="none",
    )


async def test_an_invoice_is_paid_once(custody):
    one, other = await came(custody, (0, 99)), await came(custody, (100, 199))
    said = {"invoice_number": "F-1", "invoiced": "115.00"}
    await step(custody, "settle", one, "pan", **said)
    await not_done(custody, "INVOICE_KNOWN", "settle", other, "pan", **said)


async def test_the_receipts_of_a_settled_order_stay(custody):
    order = await placed(custody, quantity=100)
    receipt = await custody.posted(await custody.receipt(order, (0, 99)))
    back = await custody.reversal(receipt)
    order = await CardOrder.get(id=order.id)
    await step(custody, "settle", order, "pan", invoice_number="F-1", invoiced="115.00")
    desk = await custody.desk("ku")
    async with refused("WRONG_STATE", desk):
        await custody.sign(back)
    async with refused("WRONG_STATE", desk):
        await custody.reversal(receipt)


async def test_a_reversed_receipt_is_still_to_come(custody):
    order = await placed(custody, quantity=100)
    receipt = await custody.posted(await custody.receipt(order, (0, 99)))
    await custody.posted(await custody.reversal(receipt))
    order = await CardOrder.get(id=order.id)
    assert (order.state, order.received) == ("PLACED", 0)
    assert (await step(custody, "cancel", order, "pan", reason="sent back")).state == "CANCELLED"
