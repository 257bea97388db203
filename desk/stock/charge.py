"""Charge: in whose hands the cards of an institution are, and what must not be under way when they pass (交接, Notice 4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from tortoise.expressions import Q

from authz import Role
from desk.actors import at_work, holding
from desk.dialect import Statement, fetch, is_postgres
from desk.people.cover import deputies_of
from desk.stock.posting import must_not_be_counted
from models.custody import PHYSICAL, MovementState, SignatureStep, StockDuty, StockState
from models.designations import Designation, NotCustodianHere, StockNotHandedOver
from models.institutions import Institution
from models.movements import Signature, StockMovement
from models.people import Assignment, Staff
from models.serials import Range, compact
from models.stock import StockAccount, StockHolding
from models.stock_handovers import SignedMovementsOpen, StockHandoverLine


async def hold_stock(institution_id: UUID) -> list[StockAccount]:
    """Its accounts of every product, held until the transaction ends: nothing is posted there meanwhile."""
    accounts = StockAccount.filter(institution_id=institution_id).order_by("product_id")
    return await accounts.select_for_update(no_key=True)


async def hold_still(institution_id: UUID) -> None:
    """Nothing is posted there meanwhile, and nobody is counting: STOCK_BEING_COUNTED."""
    for account in await hold_stock(institution_id):
        await must_not_be_counted(account.product_id, [institution_id])


async def holds_cards(institution_id: UUID) -> bool:
    """Does anything lie there that could be counted and handed over?"""
    return await StockHolding.filter(institution_id=institution_id, state__in=PHYSICAL).exists()


async def must_keep_nothing(place: Institution) -> None:
    """STOCK_NOT_HANDED_OVER: nobody is designated where no institution is in service, so its cards would lie there for ever.
    SIGNED_MOVEMENTS_OPEN: nor is anybody its business supervisor then, who alone countersigns or rejects (Notice 4).

    Its accounts are held until the transaction ends.
    """
    await hold_stock(place.id)
    there = Q(institution_id=place.id) | Q(to_institution_id=place.id)
    if await holds_cards(place.id) or await StockHolding.filter(there, state=StockState.IN_TRANSIT).exists():
        raise StockNotHandedOver(
            f"{place.name} has cards, or some are on the way to or from it. Have them taken in, sent on, handed out or "
            "destroyed, and merge it then."
        )
    if await StockMovement.filter(institution_id=place.id, state=MovementState.SIGNED).exists():
        raise SignedMovementsOpen(
            f"{place.name} has a list of cards that is signed and not countersigned. Have it posted, or rejected by its "
            "business supervisor, and merge it then."
        )


async def list_of(institution_id: UUID) -> list[StockHandoverLine]:
    """All that lies there, of every product and state, in as few ranges as there can be. In order."""
    rows = await StockHolding.filter(institution_id=institution_id, state__in=PHYSICAL).order_by(
        "product_id", "state", "first_serial"
    )
    found = []
    for (product_id, state), lying in groupby(rows, key=lambda row: (row.product_id, row.state)):
        for one in compact([Range(row.first_serial, row.last_serial) for row in lying]):
            found.append(
                StockHandoverLine(
                    product_id=product_id,
                    state=state,
                    first_serial=one.first,
                    last_serial=one.last,
                    quantity=one.quantity,
                )
            )
    return found


async def keepers(institution_id: UUID, at: dt.datetime) -> set[UUID]:
    """In whose charge its cards are: who is designated for them, or when nobody is, who was last."""
    rows = await Designation.filter(
        institution_id=institution_id, duty=StockDuty.STOCK, valid_from__lte=at
    ).order_by("id")
    now = {row.staff_id for row in rows if row.holds(at)}
    if now:
        return now
    over = [(row.over_at, row.staff_id) for row in rows if row.over_at and row.over_at > row.valid_from]
    last = max((when for when, _ in over), default=None)
    return {staff_id for when, staff_id in over if when == last}


async def is_kept(institution_id: UUID, at: dt.datetime) -> bool:
    """Is somebody designated for its cards then who holds the role, and is at work?"""
    s = Statement(is_postgres())
    when = s.bind(at)
    rows = await fetch(
        s,
        "SELECT 1 AS kept FROM designation d JOIN staff f ON f.id = d.staff_id"
        f" WHERE d.institution_id = {s.bind(institution_id)} AND d.duty = {s.bind(str(StockDuty.STOCK))}"
        f" AND {holding('d', when)} AND {at_work('f', when)} AND EXISTS (SELECT 1 FROM assignment a"
        f" WHERE a.staff_id = f.id AND a.institution_id = d.institution_id"
        f" AND a.role = {s.bind(str(Role.CARD_CUSTODIAN))} AND {holding('a', when)}) LIMIT 1",
    )
    return bool(rows)


async def custodian_until(
    staff: Staff, place: Institution, start: dt.datetime, field: str
) -> dt.datetime | None:
    """Until when he holds the custodian's role at this very institution without a gap; None: no end in sight.

    NOT_CUSTODIAN_HERE when he does not hold it at `start`.
    """
    until = start
    for row in await Assignment.filter(
        staff_id=staff.id, role=Role.CARD_CUSTODIAN, institution_id=place.id
    ).order_by("valid_from"):
        if row.valid_from <= until:
            if row.over_at is None:
                return None
            until = max(until, row.over_at)
    if until == start:
        raise NotCustodianHere(
            f"{staff.name} is no custodian of {place.name} then. Have the role granted first, or choose one who is.",
            field=field,
        )
    return until


async def must_be_custodian(
    staff: Staff, place: Institution, start: dt.datetime, end: dt.datetime | None, field: str
) -> None:
    """NOT_CUSTODIAN_HERE unless he holds the role at this very institution from `start` to `end`."""
    until = await custodian_until(staff, place, start, field)
    if until is not None and (end is None or until < end):
        raise NotCustodianHere(
            f"{staff.name} is custodian of {place.name} only until {until:%Y-%m-%d %H:%M} UTC. Name an end by then.",
            field=field,
        )


async def must_have_nothing_signed(staff: Staff, institution_id: UUID) -> None:
    """SIGNED_MOVEMENTS_OPEN while a list that was signed in his seat waits for its countersignature. Drafts may stay:
    they move nothing, and are signed or withdrawn by whoever is designated then."""
    if await Signature.filter(
        step=SignatureStep.SIGN,
        for_staff_id=staff.id,
        voided_at__isnull=True,
        movement__institution_id=institution_id,
        movement__state=MovementState.SIGNED,
    ).exists():
        raise SignedMovementsOpen(
            f"A movement that {staff.name} has signed waits for its countersignature. Have it posted, or rejected, first."
        )


async def rights_changed(staff_ids: Sequence[UUID], now: dt.datetime) -> None:
    """What these people may do with cards has changed, and with them what their deputies may: they look anew."""
    await Staff.rights_changed({*staff_ids, *await deputies_of(staff_ids, now)})
