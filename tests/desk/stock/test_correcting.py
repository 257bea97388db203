"""Correcting: cards that become something else where they lie, and lists that are written anew (Annex 1)."""

from __future__ import annotations

import pytest

from desk.stock.correcting import CHANGES, edit
from models.custody import StockState
from models.designations import Designation
from models.movements import MovementLine, Signature, StockMovement
from models.stock import COUNTS
from tests.custody import spans
from tests.digest import refused

WAYS = {
    StockState.IN_STOCK: (),
    StockState.SPOILED: ((StockState.IN_STOCK, StockState.SPOILED),),
    StockState.TO_DESTROY: (
        (StockState.IN_STOCK, StockState.SPOILED),
        (StockState.SPOILED, StockState.TO_DESTROY),
    ),
    StockState.MISSING: ((StockState.IN_STOCK, StockState.MISSING),),
}
"""How a card of the stock comes to be in a state, by changes alone. RETURNED ones come from customers."""


async def anew(custody, movement: StockMovement, *ranges: tuple[int, int], who: str = "ku", **said):
    given = {"movement_id": movement.id, "version": movement.version, "ranges": spans(*ranges)}
    return await edit(await custody.desk(who), **given | said)


@pytest.mark.measure("N4f")
@pytest.mark.parametrize(("was", "becomes"), [change for change in CHANGES if change[0] in WAYS])
async def test_each_change_moves_the_cards_once_two_have_signed(custody, was, becomes):
    await custody.stocked((0, 9))
    for source, target in WAYS[was]:
        await custody.posted(await custody.change((3, 4), was=source, becomes=target))
    movement = await custody.change((3, 4), was=was, becomes=becomes)
    assert movement.kind == CHANGES[was, becomes]
    before = await custody.account()
    await custody.posted(movement)
    after = await custody.account()
    assert getattr(after, COUNTS[was]) == getattr(before, COUNTS[was]) - 2
    assert getattr(after, COUNTS[becomes]) == getattr(before, COUNTS[becomes]) + 2
    assert after.received == 10


def test_what_is_not_the_custodians_alone_changes_by_movements_of_its_own():
    """Customers' cards, cards under way and destroyed ones: each has a flow with more persons in it."""
    apart = {StockState.RESERVED, StockState.ISSUED, StockState.IN_TRANSIT, StockState.DESTROYED}
    assert not apart & {state for change in CHANGES for state in change}
    assert StockState.RETURNED not in {becomes for _, becomes in CHANGES}


async def test_a_change_that_is_none_is_refused_and_changes_nothing(custody):
    await custody.stocked((0, 9))
    for code, more in (
        ("BAD_USER_INPUT", {"becomes": StockState.ISSUED}),
        ("BAD_USER_INPUT", {"reason": "  "}),
        ("NOT_IN_STOCK", {"was": StockState.SPOILED, "becomes": StockState.MISSING}),
        ("FORBIDDEN", {"who": "jian"}),
        ("FORBIDDEN", {"who": "qi"}),
    ):
        desk = await custody.desk(str(more.get("who", "ku")))
        async with refused(code, desk):
            await custody.change((3, 4), **more)
    await Designation.filter(staff_id=custody.bank.staff["ku"].id).update(ended_at=custody.bank.now)
    desk = await custody.desk("ku")
    async with refused("NOT_DESIGNATED", desk):
        await custody.change((3, 4))


@pytest.mark.measure("N4f")
async def test_a_list_that_is_written_anew_is_a_draft_without_signatures(custody):
    await custody.stocked((0, 99))
    movement = await custody.sign(await custody.change((3, 4)))
    again = await anew(custody, movement, (3, 3), (7, 9))
    assert (again.state, again.version, again.quantity) == ("DRAFT", 3, 4)
    assert again.digest != movement.digest
    lines = await MovementLine.filter(movement_id=movement.id).order_by("first_serial")
    assert [(line.first_serial, line.last_serial, line.to_state) for line in lines] == [
        (3, 3, "SPOILED"),
        (7, 9, "SPOILED"),
    ]
    (signature,) = await Signature.filter(movement_id=movement.id)
    assert signature.voided_at is not None
    await custody.posted(again)
    assert (await custody.account()).spoiled == 4


async def test_a_list_is_written_anew_only_before_it_is_over_and_as_it_was_read(custody):
    await custody.stocked((0, 99))
    movement = await custody.change((3, 4))

    async def stops(code: str, *ranges: tuple[int, int], who: str = "ku", **said: object) -> None:
        desk = await custody.desk(who)
        async with refused(code, desk):
            await anew(custody, movement, *ranges, who=who, **said)

    await stops("STALE_VERSION", (5, 5), version=7)
    await stops("NOT_IN_STOCK", (99, 120))
    await stops("NUMBER_TWICE", (5, 6), (6, 7))
    await stops("BAD_RANGE", (6, 5))
    await stops("BAD_RANGE")
    await stops("FORBIDDEN", (5, 5), who="jian")
    await stops("NOT_FOUND", (5, 5), who="he")
    movement = await custody.posted(movement)
    await stops("WRONG_STATE", (5, 5))


async def test_what_follows_from_something_else_is_not_written_anew(custody):
    await custody.stocked((0, 99))
    sent = await custody.sent((0, 9))
    for who, movement in (("he", await custody.arrival(sent)), ("ku", await custody.reversal(sent))):
        desk = await custody.desk(who)
        async with refused("BAD_USER_INPUT", desk):
            await anew(custody, movement, (0, 8), who=who)
    counted = await custody.counted(sent, (0, 9))
    desk = await custody.desk("he")
    async with refused("BAD_USER_INPUT", desk):
        await anew(custody, counted, (0, 8), who="he")


async def test_a_receipt_with_defects_is_withdrawn_and_drafted_anew(custody):
    receipt = await custody.receipt(await custody.order(), (0, 9), defects=spans((3, 3)))
    desk = await custody.desk("ku")
    async with refused("BAD_USER_INPUT", desk):
        await anew(custody, receipt, (0, 8))
    plain = await custody.receipt(await custody.order(), (20, 29))
    assert (await anew(custody, plain, (20, 24))).quantity == 5


async def test_a_receipt_of_more_cards_than_anybody_makes_is_no_list(custody):
    receipt = await custody.receipt(await custody.order(100), (0, 9))
    desk = await custody.desk("ku")
    async with refused("BAD_RANGE", desk):
        await anew(custody, receipt, (0, 999_999_999_999))


async def test_a_void_card_that_was_missing_is_not_found_as_a_good_one(custody):
    await custody.stocked((0, 9))
    await custody.posted(await custody.change((3, 3)))
    void, gone = StockState.SPOILED, StockState.MISSING
    await custody.posted(await custody.change((3, 3), was=void, becomes=gone))
    await custody.posted(await custody.change((4, 5), becomes=gone))
    desk = await custody.desk("ku")
    async with refused("NOT_IN_STOCK", desk):
        await custody.change((3, 4), was=gone, becomes=StockState.IN_STOCK)
    found = await custody.change((4, 4), was=gone, becomes=StockState.IN_STOCK)
    async with refused("NOT_IN_STOCK", desk):
        await anew(custody, found, (3, 5))
    await custody.posted(found)
    await custody.posted(await custody.change((3, 3), was=gone, becomes=StockState.TO_DESTROY))
