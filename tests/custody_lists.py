"""Counts and destruction lists, told step by step: Pan has Ku and Jian count; Ku lists, Zhang and the auditor approve."""

from __future__ import annotations

from typing import Any

from desk.destruction import approving, booking, listing
from desk.stock import signing
from desk.stocktakes import counting, differences, opening
from models.custody import DestructionSide, StockState, StocktakeKind
from models.destruction import DestructionList
from models.movements import StockMovement
from models.stocktakes import Stocktake, StocktakeLine
from tests.custody import Custody, spans

APPROVERS = {DestructionSide.ACCOUNTING: "zhang", DestructionSide.AUDIT: "auditor"}
WITNESSES = ("pan", "deng")


async def opened(
    custody: Custody,
    who: str = "pan",
    by: tuple[str, str] = ("ku", "jian"),
    *,
    place: str = "SC",
    kind: StocktakeKind = StocktakeKind.SURPRISE,
    **said: Any,
) -> Stocktake:
    told = {
        "institution_id": custody.place(place).id,
        "product_id": custody.product.id,
        "kind": kind,
        "first_counter_id": custody.bank.staff[by[0]].id,
        "second_counter_id": custody.bank.staff[by[1]].id,
    }
    return await opening.open_stocktake(await custody.desk(who), **told | said)


async def counted(
    custody: Custody, stocktake: Stocktake, *ranges: tuple[int, int], who: str = "ku", **said: Any
) -> Stocktake:
    told = {"stocktake_id": stocktake.id, "version": stocktake.version, "ranges": spans(*ranges)}
    return await counting.record_count(await custody.desk(who), **told | said)


async def confirmed(
    custody: Custody, stocktake: Stocktake, *ranges: tuple[int, int], by: tuple[str, str] = ("ku", "jian")
) -> Stocktake:
    """Listed by the one and signed by the other."""
    listed = await counted(custody, stocktake, *ranges, who=by[0])
    return await counting.confirm_count(
        await custody.desk(by[1]), stocktake_id=listed.id, version=listed.version
    )


async def explained(
    custody: Custody, line: StocktakeLine, text: str = "in the second drawer", who: str = "pan"
) -> Stocktake:
    return await differences.explain(await custody.desk(who), stocktake_line_id=line.id, explanation=text)


async def booked(custody: Custody, line: StocktakeLine, who: str = "ku") -> StockMovement:
    return await differences.draft_missing(await custody.desk(who), stocktake_line_id=line.id)


async def closed(custody: Custody, stocktake: Stocktake, who: str = "pan", **said: Any) -> Stocktake:
    seen = await Stocktake.get(id=stocktake.id)
    told = {"stocktake_id": seen.id, "version": seen.version}
    return await differences.close(await custody.desk(who), **told | said)


async def differing(stocktake: Stocktake) -> list[tuple[str, str, int, int]]:
    """Finding, state by the book, first and last of what differs."""
    lines = await StocktakeLine.filter(stocktake_id=stocktake.id, finding__in=("MISSING", "EXTRA")).order_by(
        "finding", "first_serial"
    )
    return [(line.finding, line.state, line.first_serial, line.last_serial) for line in lines]


async def void(custody: Custody, *ranges: tuple[int, int]) -> None:
    """Sichuan's cards of these numbers are void and set aside to be destroyed, each time under two signatures."""
    await custody.posted(await custody.change(*ranges))
    await custody.posted(await custody.change(*ranges, was=StockState.SPOILED, becomes=StockState.TO_DESTROY))


async def listed(custody: Custody, *ranges: tuple[int, int], who: str = "ku", **said: Any) -> DestructionList:
    first, second = (custody.bank.staff[name].id for name in WITNESSES)
    told = {
        "institution_id": custody.place("SC").id,
        "product_id": custody.product.id,
        "ranges": spans(*ranges),
        "first_witness_id": first,
        "second_witness_id": second,
        "reason": "spoiled in print",
    }
    return await listing.draft_list(await custody.desk(who), **told | said)


async def approved_for(
    custody: Custody, row: DestructionList, side: DestructionSide, who: str = "", **said: Any
) -> DestructionList:
    seen = await DestructionList.get(id=row.id)
    told = {"destruction_id": seen.id, "version": seen.version, "side": side}
    return await approving.approve(await custody.desk(who or APPROVERS[side]), **told | said)


async def approved(custody: Custody, row: DestructionList) -> DestructionList:
    """By accounting and by audit."""
    for side in DestructionSide:
        row = await approved_for(custody, row, side)
    return row


async def witnessed(custody: Custody, row: DestructionList, *who: str, **said: Any) -> DestructionList:
    """By these, or by both whom it names."""
    for name in who or WITNESSES:
        seen = await DestructionList.get(id=row.id)
        told = {"destruction_id": seen.id, "version": seen.version}
        row = await approving.witness(await custody.desk(name), **told | said)
    return row


async def to_be_booked(custody: Custody, row: DestructionList, who: str = "ku") -> StockMovement:
    return await booking.draft_destruction(await custody.desk(who), destruction_id=row.id)


async def destroyed(custody: Custody, *ranges: tuple[int, int]) -> DestructionList:
    """From void cards of Sichuan to nothing."""
    row = await witnessed(custody, await approved(custody, await listed(custody, *ranges)))
    await custody.posted(await to_be_booked(custody, row))
    return await DestructionList.get(id=row.id)


async def rejected(custody: Custody, movement: StockMovement, who: str = "jian") -> StockMovement:
    return await signing.reject(
        await custody.desk(who), movement_id=movement.id, version=movement.version, reason="count again"
    )
