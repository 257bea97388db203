"""What is listed of a stock in the small bank with a whole history: counts, destruction, handovers, and what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.destruction import DestructionLine, DestructionList
from models.movements import MovementLine
from models.stock_handovers import StockHandover, StockHandoverLine
from models.stocktakes import Stocktake, StocktakeLine
from tests.schema.custody_books import become

if TYPE_CHECKING:
    from tests.schema.custody import Lot


async def lists(lot: Lot) -> None:
    await _corrected(lot)
    await _stocktake(lot)
    await _destruction(lot)
    await _handover(lot)


def _range(lot: Lot, low: int, high: int) -> dict[str, int]:
    return {"first_serial": lot.first + low, "last_serial": lot.first + high, "quantity": high - low + 1}


async def _corrected(lot: Lot) -> None:
    """One void card by mistake, and the reverse of it; and one list that came to nothing, or not yet to anything."""
    state = {"zhou": "REJECTED", "qian": "DRAFT", "feng": "SIGNED"}[lot.who]
    wrong = await lot.moved("VOID", lot.centre, (151, 151, "IN_STOCK", "SPOILED"), name="void")
    await lot.moved(
        "REVERSE", lot.centre, (151, 151, "SPOILED", "IN_STOCK"), source_id=wrong.id, reason=f"reverse {lot.word}",
        name="reverse",
    )  # fmt: skip
    open_one = await lot.moved(
        "ADJUST", lot.centre, (150, 150, "IN_STOCK", "SPOILED"), state=state, reason=f"bent {lot.word}",
        over_quota_reason=f"over {lot.word}", cause="DAMAGED", name="open",
    )  # fmt: skip
    lot.add(await MovementLine.get(movement_id=open_one.id))
    lot.tell("CENTRE", f"reverse {lot.word}", f"bent {lot.word}", f"over {lot.word}")


async def _stocktake(lot: Lot) -> None:
    """Zhou's found one card less and is closed, Qian's has just been opened, Feng's waits for an explanation."""
    first, second = lot.keepers(lot.centre)
    state = {"zhou": "CLOSED", "qian": "OPEN", "feng": "DIFFERENCE"}[lot.who]
    counting = await Stocktake.create(
        institution=lot.centre, product=lot.product, kind="SURPRISE" if lot.digit % 2 else "MONTHLY", state="OPEN",
        book_quantity=99, first_counter=first, second_counter=second, opened_at=lot.at, opened_by_id=lot.staff("han").id,
        note=f"count {lot.word}",
    )  # fmt: skip
    found = [("BOOK", 102, 199), ("COUNTED", 102, 198), ("MISSING", 199, 199)]
    for finding, low, high in found[: 1 if state == "OPEN" else 3]:
        line = await StocktakeLine.create(
            stocktake=counting, finding=finding, state="" if finding == "COUNTED" else "IN_STOCK", **_range(lot, low, high)
        )  # fmt: skip
        lot.add(line, "" if finding == "BOOK" else finding)
        if finding == "MISSING":
            await _missing(lot, counting, line)
    changed: dict[str, Any] = {"state": state}
    if state != "OPEN":
        changed |= {
            "counted_at": lot.at, "counted_by_id": first.id, "confirmed_at": lot.at, "confirmed_by_id": second.id,
            "counted_quantity": 98, "version": 3, "digest": "1" * 64,
        }  # fmt: skip
    if state == "CLOSED":
        changed |= {"closed_at": lot.at, "closed_by_id": lot.staff("han").id}
    await Stocktake.filter(id=counting.id).update(**changed)
    lot.add(counting)
    lot.tell("CENTRE", f"count {lot.word}")


async def _missing(lot: Lot, counting: Stocktake, line: StocktakeLine) -> None:
    if lot.who == "zhou":
        gone = await lot.moved(
            "ADJUST", lot.centre, (199, 199, "IN_STOCK", "MISSING"), stocktake_id=counting.id, name="missing"
        )
        line.movement_id = gone.id
    line.explanation, line.explained_at = f"behind the safe {lot.word}", lot.at
    line.explained_by_id = lot.staff("han").id
    await line.save()
    lot.tell("CENTRE", line.explanation)


async def _destruction(lot: Lot) -> None:
    """Six of Zhou's void cards are cut, Qian's list waits for its approvals, Feng's was called off."""
    keeper, checker = lot.keepers(lot.branch)
    watching = (lot.staff("pan"), lot.staff("deng"))
    listed = await DestructionList.create(
        institution=lot.branch, product=lot.product, state="DRAFT", quantity=6, digest="2" * 64, reason=f"cut {lot.word}",
        listed_at=lot.at, listed_by_id=keeper.id, listed_person_id=keeper.person_id, first_witness=watching[0],
        second_witness=watching[1],
    )  # fmt: skip
    line = await DestructionLine.create(destruction=listed, **_range(lot, 500, 505))
    zhang, auditor = lot.staff("zhang"), lot.staff("auditor")
    if lot.who == "zhou":
        approved: dict[str, Any] = {
            "state": "APPROVED", "version": 5, "accounting_at": lot.at, "accounting_by_id": zhang.id,
            "accounting_person_id": zhang.person_id, "audit_at": lot.at, "audit_by_id": auditor.id,
            "audit_person_id": auditor.person_id, "first_witnessed_at": lot.at, "second_witnessed_at": lot.at,
        }  # fmt: skip
        cut = await lot.moved(
            "DESTROY", lot.branch, (500, 505, "TO_DESTROY", "DESTROYED"), state="DRAFT", destruction_id=listed.id,
            name="cut",
        )  # fmt: skip
        await DestructionList.filter(id=listed.id).update(movement_id=cut.id, **approved)
        await become(cut, (keeper, checker), "POSTED", lot.at)
        await DestructionList.filter(id=listed.id).update(state="DESTROYED", destroyed_at=lot.at)
    if lot.who == "feng":
        await DestructionList.filter(id=listed.id).update(
            state="CALLED_OFF", over_reason=f"kept {lot.word}", version=2
        )
        lot.tell("LIST", f"kept {lot.word}")
    for row in (listed, line):
        lot.add(row)
    lot.tell("LIST", f"cut {lot.word}")


async def _handover(lot: Lot) -> None:
    """Zhou's is done, Qian's lacks the witness, Feng's was called off."""
    giver, head = lot.keepers(lot.centre)[0], lot.staff("nan" if lot.who == "feng" else "han")
    handing = await StockHandover.create(
        giver=giver, receiver=lot.staff("gao"), witness=lot.staff("teller"), institution=lot.centre, state="DRAWN_UP",
        quantity=97, digest="3" * 64, reason=f"keys {lot.word}", drawn_up_at=lot.at, drawn_up_by_id=head.id,
    )  # fmt: skip
    line = await StockHandoverLine.create(
        handover=handing, product=lot.product, state="IN_STOCK", **_range(lot, 102, 198)
    )
    signed = {"giver_signed_at": lot.at, "receiver_signed_at": lot.at}
    changed: dict[str, Any] = {
        "zhou": {"state": "DONE", "witness_signed_at": lot.at, "done_at": lot.at, "version": 4, **signed},
        "qian": {"version": 3, **signed},
        "feng": {"state": "CALLED_OFF", "version": 2},
    }[lot.who]
    await StockHandover.filter(id=handing.id).update(**changed)
    for row in (handing, line):
        lot.add(row)
    lot.tell("CENTRE", f"keys {lot.word}")
