"""Notice 4, Annex 1: at every instant each card that was received is in one state with one holder, and all books say so."""

from __future__ import annotations

from itertools import pairwise

import pytest

from desk.stock.ledger import standings
from models.custody import StockState
from models.stock import StockHolding
from tests.custody import Custody


async def in_order(custody: Custody, received: int, **states: int) -> None:
    """Over the whole bank: received is the sum of all states, nothing comes from nowhere, each book agrees."""
    found = await standings(await custody.desk("auditor"))
    assert [one.differences() for one in found] == [[] for _ in found]
    counts = {state: sum(one.counts[state] for one in found) for state in StockState}
    assert sum(one.cells["received"] for one in found) == received == sum(counts.values())
    assert sum(one.cells["came_in"] for one in found) == sum(one.cells["went_out"] for one in found)
    assert {state.value: count for state, count in counts.items() if count} == states
    lying = await StockHolding.all().order_by("product_id", "first_serial")
    for one, following in pairwise(lying):
        assert one.product_id != following.product_id or one.last_serial < following.first_serial


@pytest.mark.measure("N4d")
@pytest.mark.measure("N4k")
async def test_through_the_flow_of_annex_1_every_card_is_in_one_state_and_all_books_agree(custody):
    receipt = await custody.receipt(await custody.order(1_000), (0, 99))
    await in_order(custody, 0)
    receipt = await custody.sign(receipt)
    await in_order(custody, 0)
    await custody.countersign(receipt)
    await in_order(custody, 100, IN_STOCK=100)

    sent = await custody.sent((0, 39))
    await in_order(custody, 100, IN_STOCK=60, IN_TRANSIT=40)
    come = await custody.counted(sent, (0, 39))
    await in_order(custody, 100, IN_STOCK=60, IN_TRANSIT=40)
    await custody.posted(come, ("he", "zhao"))
    await in_order(custody, 100, IN_STOCK=100)

    await custody.posted(await custody.change((0, 1), who="he", place="CDW"), ("he", "zhao"))
    missing = await custody.change((5, 5), becomes=StockState.MISSING, who="he", place="CDW")
    await custody.posted(missing, ("he", "zhao"))
    await in_order(custody, 100, IN_STOCK=97, SPOILED=2, MISSING=1)

    handed_up = await custody.posted(
        await custody.allocation((0, 1), who="he", place="CDW", to="SC", state=StockState.SPOILED),
        ("he", "zhao"),
    )
    await in_order(custody, 100, IN_STOCK=97, IN_TRANSIT=2, MISSING=1)
    await custody.posted(await custody.counted(handed_up, (0, 1), who="ku"))
    await in_order(custody, 100, IN_STOCK=97, TO_DESTROY=2, MISSING=1)

    await custody.posted(await custody.reversal(await custody.sent((50, 59))))
    await in_order(custody, 100, IN_STOCK=97, TO_DESTROY=2, MISSING=1)


@pytest.mark.measure("N4d")
async def test_a_receipt_that_is_reversed_leaves_no_card_behind(custody):
    receipt = await custody.stocked((0, 99))
    await custody.posted(await custody.reversal(receipt))
    await in_order(custody, 0)
