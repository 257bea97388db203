"""The cards of the demo bank: ordered, received, counted and sent on by the acts of the desk, each by whoever may.

A step that creates something has an idempotency key of its own, and the others look how it stands, so a demo that was cut
off goes on where it was. What is left undone waits in somebody's inbox, to be tried (docs/custody.md).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from desk.deliveries import Listed, receive
from desk.designations import designate
from desk.orders import approve_order, draft_order, place_order
from desk.quotas import set_quota
from desk.segments import divide
from desk.stock.correcting import draft_change
from desk.stock.transfers import draft_allocation, list_arrival
from desk.stocktakes.counting import confirm_count, record_count
from desk.stocktakes.differences import close
from desk.stocktakes.opening import open_stocktake
from examples.demo.at_work import (
    CHENG,
    CHENGDU_CENTRE,
    FIRST,
    GE,
    HE,
    JIAN,
    MIANYANG_CENTRE,
    PAN,
    QIN,
    SICHUAN,
    ZHAO,
    Sit,
    place,
    posted,
    product,
    signed,
    staff,
)
from examples.demo.holders import issue_cards
from models.custody import MovementKind, OrderState, StockDuty, StockState, StocktakeKind, StocktakeState
from models.movements import MovementLine, StockMovement
from models.orders import CardOrder
from models.products import Manufacturer
from models.vocabulary import Tier

DELIVERY: Final = Path(__file__).parents[1] / "deliveries" / "stretches.csv"
"""The factory's list of the first order: 10,000 cards, ten of them defective."""
ORDERED = 10_000


async def stage_custody(sit: Sit, folder: Path, progress: Callable[[str, int, int], None]) -> None:
    """Do what the demo shows of card custody. `folder` has the bank's files."""
    parts: tuple[Callable[[], Awaitable[None]], ...] = (
        lambda: _divide_numbers(sit),
        lambda: _designate(sit),
        lambda: _set_quotas(sit),
        lambda: _order(sit),
        lambda: _receive(sit),
        lambda: _count(sit),
        lambda: _send(sit),
        lambda: _leave_waiting(sit),
        lambda: issue_cards(sit, folder),
    )
    for done, part in enumerate(parts, start=1):
        await part()
        progress("cards", done, len(parts))


async def _divide_numbers(sit: Sit) -> None:
    """Head office gives the province its numbers, and the province two of its centres theirs (号段)."""
    whole = await divide(
        await sit(CHENG),
        institution_id=await place(SICHUAN),
        first=str(FIRST),
        last=str(FIRST + 99_999),
        product_id=(await product()).id,
        idempotency_key="demo: numbers of Sichuan",
    )
    for code, first in ((CHENGDU_CENTRE, FIRST), (MIANYANG_CENTRE, FIRST + 3000)):
        await divide(
            await sit(PAN),
            institution_id=await place(code),
            first=str(first),
            last=str(first + 2999),
            segment_id=whole.id,
            idempotency_key=f"demo: numbers of {code}",
        )


async def _designate(sit: Sit) -> None:
    for number, code, duty in (
        (QIN, SICHUAN, StockDuty.ORDER),
        (QIN, SICHUAN, StockDuty.STOCK),
        (HE, CHENGDU_CENTRE, StockDuty.STOCK),
        (GE, MIANYANG_CENTRE, StockDuty.STOCK),
    ):
        await designate(
            await sit(PAN),
            staff_id=await staff(number),
            institution_id=await place(code),
            duty=duty,
            reason="named for the cards of the demo",
            idempotency_key=f"demo: {number} {duty}",
        )


async def _set_quotas(sit: Sit) -> None:
    for code, quantity in ((CHENGDU_CENTRE, 2000), (MIANYANG_CENTRE, 1000)):
        await set_quota(
            await sit(PAN),
            institution_id=await place(code),
            product_id=(await product()).id,
            quantity=quantity,
            reason="a year's cards",
            idempotency_key=f"demo: quota of {code}",
        )


async def _order(sit: Sit) -> None:
    """10,000 cards for 11,500.00 CNY, placed; and 2,000 of the branch's own tier, still to be approved."""
    order = await _drafted_order(sit, Tier.HEAD_OFFICE, ORDERED)
    if order.state == OrderState.DRAFT:
        order = await approve_order(await sit(PAN), order_id=order.id, version=order.version)
    if order.state == OrderState.APPROVED:
        await place_order(await sit(QIN), order_id=order.id, version=order.version)
    await _drafted_order(sit, Tier.BRANCH, 2_000)


async def _receive(sit: Sit) -> None:
    """What the factory delivered, ten of them defective, under two signatures."""
    order = await _drafted_order(sit, Tier.HEAD_OFFICE, ORDERED)
    found = await receive(await sit(QIN), order_id=order.id, path=DELIVERY, idempotency_key="demo: receipt")
    assert found.movement is not None  # the list has no fault
    await posted(sit, found.movement, QIN, JIAN)


async def _count(sit: Sit) -> None:
    """The monthly stocktake of the province: opened by the officer, counted by two, equal to the book."""
    stocktake = await open_stocktake(
        await sit(PAN),
        institution_id=await place(SICHUAN),
        product_id=(await product()).id,
        kind=StocktakeKind.MONTHLY,
        first_counter_id=await staff(QIN),
        second_counter_id=await staff(JIAN),
        idempotency_key="demo: stocktake",
    )
    if stocktake.state == StocktakeState.OPEN and stocktake.counted_at is None:
        stocktake = await record_count(
            await sit(QIN),
            stocktake_id=stocktake.id,
            version=stocktake.version,
            ranges=_cards(FIRST, FIRST + ORDERED - 1),
        )
    if stocktake.state == StocktakeState.OPEN:
        stocktake = await confirm_count(await sit(JIAN), stocktake_id=stocktake.id, version=stocktake.version)
    if stocktake.state == StocktakeState.COUNTED:
        await close(await sit(PAN), stocktake_id=stocktake.id, version=stocktake.version)


async def _send(sit: Sit) -> None:
    """300 cards to Chengdu, by four persons; 200 to Mianyang, where nobody has listed them yet."""
    sent = await _allocated(sit, CHENGDU_CENTRE, FIRST, 300)
    await posted(sit, sent, QIN, JIAN)
    arrival = await StockMovement.get(source_id=sent.id, kind=MovementKind.ALLOCATE_IN)
    if not await MovementLine.exists(movement_id=arrival.id):
        arrival = await list_arrival(
            await sit(HE),
            movement_id=arrival.id,
            version=arrival.version,
            ranges=_cards(FIRST, FIRST + 299),
        )
    await posted(sit, arrival, HE, ZHAO)
    await posted(sit, await _allocated(sit, MIANYANG_CENTRE, FIRST + 3000, 200), QIN, JIAN)


async def _leave_waiting(sit: Sit) -> None:
    """500 more for Chengdu are signed and not countersigned; a list of two bent cards is not signed at all."""
    await signed(sit, await _allocated(sit, CHENGDU_CENTRE, FIRST + 300, 500), QIN)
    await draft_change(
        await sit(HE),
        institution_id=await place(CHENGDU_CENTRE),
        product_id=(await product()).id,
        ranges=_cards(FIRST + 298, FIRST + 299),
        from_state=StockState.IN_STOCK,
        to_state=StockState.SPOILED,
        reason="corners bent in the box",
        idempotency_key="demo: bent cards",
    )


async def _drafted_order(sit: Sit, tier: Tier, quantity: int) -> CardOrder:
    return await draft_order(
        await sit(QIN),
        institution_id=await place(SICHUAN),
        product_id=(await product(tier)).id,
        manufacturer_id=(await Manufacturer.get(code="TJHQ")).id,
        quantity=quantity,
        reason="the year's cards of the province",
        over_quota_reason="the province has no quota yet",
        idempotency_key=f"demo: order {tier}",
    )


async def _allocated(sit: Sit, code: str, first: int, quantity: int) -> StockMovement:
    return await draft_allocation(
        await sit(QIN),
        institution_id=await place(SICHUAN),
        to_id=await place(code),
        product_id=(await product()).id,
        ranges=_cards(first, first + quantity - 1),
        reason="for the centre's members",
        idempotency_key=f"demo: {quantity} to {code}",
    )


def _cards(first: int, last: int) -> list[Listed]:
    return [Listed(f"{first:012}", f"{last:012}")]
