"""Cards that pass from one custodian to another, told by name: He gives, Hu receives, Zhao watches, Han draws up."""

from __future__ import annotations

import datetime as dt
from typing import Any

from authz import Role
from desk import designations, stock_handovers
from desk.people.delegations import delegate
from models.custody import StockDuty
from models.designations import Designation
from models.people import Delegation
from models.stock_handovers import StockHandover
from models.stocktakes import Stocktake
from tests.conftest import NOW
from tests.custody import Custody, person

SECOND, TICK, DAY = dt.timedelta(seconds=1), dt.timedelta(microseconds=1), dt.timedelta(days=1)


async def kept(custody: Custody) -> Custody:
    """A hundred cards lie at the centre in He's charge, and Hu is a second custodian there, not designated."""
    await custody.stocked((0, 999))
    await custody.arrived((0, 99))
    await joined(custody, "hu", "胡安")
    return custody


async def joined(
    custody: Custody, name: str, called: str, role: Role = Role.CARD_CUSTODIAN, place: str = "CDW"
) -> None:
    """Somebody more, with a post."""
    custody.bank.staff[name] = await person(custody.bank, name, called, role, place)


def named(custody: Custody, staff: str = "hu", place: str = "CDW", **said: Any) -> dict[str, Any]:
    """What is said of a designation."""
    told = {
        "staff_id": custody.bank.staff[staff].id,
        "institution_id": custody.place(place).id,
        "duty": StockDuty.STOCK,
        "reason": "named by the head",
    }
    return told | said


async def designate(custody: Custody, who: str = "han", now: dt.datetime = NOW, **said: Any) -> Designation:
    return await designations.designate(await custody.desk(who, now), **named(custody, **said))


def passing(
    custody: Custody,
    giver: str = "he",
    receiver: str = "hu",
    witness: str = "zhao",
    place: str = "CDW",
    second: str | None = None,
    **said: Any,
) -> dict[str, Any]:
    """What is said of a handover."""
    staff = custody.bank.staff
    told = {
        "giver_id": staff[giver].id,
        "receiver_id": staff[receiver].id,
        "witness_id": staff[witness].id,
        "institution_id": custody.place(place).id,
        "reason": "He moves",
    }
    if second is not None:
        told["second_witness_id"] = staff[second].id
    return told | said


async def draw_up(custody: Custody, who: str = "han", now: dt.datetime = NOW, **said: Any) -> StockHandover:
    return await stock_handovers.draw_up(await custody.desk(who, now), **passing(custody, **said))


async def sign(custody: Custody, handover: StockHandover, *who: str, now: dt.datetime = NOW) -> StockHandover:
    """Signed by each of them, in this order."""
    for name in who:
        handover = await stock_handovers.sign(await custody.desk(name, now), stock_handover_id=handover.id)
    return handover


async def covered(
    custody: Custody, principal: str, deputy: str, role: Role, who: str = "wu", **said: Any
) -> Delegation:
    """The deputy sits in the principal's seat, from now for a week."""
    told = {
        "principal_id": custody.bank.staff[principal].id,
        "deputy_id": custody.bank.staff[deputy].id,
        "role": role,
        "reason": "holiday",
        "valid_to": NOW + 7 * DAY,
    }
    return await delegate(await custody.desk(who), **told | said)


async def designated(custody: Custody, who: str, at: dt.datetime, place: str = "CDW") -> bool:
    """Is he the one for the stock then?"""
    rows = await Designation.filter(
        staff_id=custody.bank.staff[who].id, institution_id=custody.place(place).id, duty=StockDuty.STOCK
    )
    return any(row.holds(at) for row in rows)


async def counted(custody, place: str = "CDW") -> Stocktake:
    """Two persons are counting there."""
    return await Stocktake.create(
        institution=custody.place(place),
        product=custody.product,
        kind="SURPRISE",
        state="OPEN",
        first_counter=custody.bank.staff["zhao"],
        second_counter=custody.bank.staff["han"],
        opened_at=NOW,
        opened_by_id=custody.bank.staff["han"].id,
        book_quantity=100,
    )
