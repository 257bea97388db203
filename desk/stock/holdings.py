"""Holdings: which numbers lie where, in ranges. What moves is cut out of them, and what then lies in a row is joined."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from tortoise.expressions import Q

from models.custody import StockState
from models.errors import Refusal
from models.serials import Range, compact
from models.stock import StockHolding

T = TypeVar("T")
AT_ONCE = 400
"""Rows in one statement: SQLite binds at most 32,766 values in one."""


class NotInStock(Refusal):
    """A number is moved only from where, and as what, the book has it."""

    code = "NOT_IN_STOCK"
    article = "Notice 4"


@dataclass(frozen=True, slots=True)
class Place:
    """A state with a holder: where a number can be. `was`, `to` and `movement` are of what is IN_TRANSIT."""

    institution_id: UUID
    state: StockState
    was: str = ""
    to: UUID | None = None
    movement_id: UUID | None = None


async def take(product_id: UUID, ranges: Sequence[Range], place: Place) -> None:
    """Cut these numbers, all of them, out of what lies there. NOT_IN_STOCK, naming the first that does not."""
    wanted = compact(ranges)
    lying = await _lying(product_id, Range(wanted[0].first, wanted[-1].last), place)
    must_lie(wanted, lying)
    touched = [one for one in lying if any(_meet(one, gone) for gone in _near(wanted, one))]
    left = [rest for one in touched for rest in _rest(one, _near(wanted, one))]
    for portion in _portions([one.id for one in touched]):
        await StockHolding.filter(id__in=portion).delete()
    await StockHolding.bulk_create(left, batch_size=AT_ONCE)


async def must_be_there(product_id: UUID, ranges: Sequence[Range], place: Place) -> None:
    """NOT_IN_STOCK unless all of them lie there now. Nothing is changed."""
    wanted = compact(ranges)
    must_lie(wanted, await _lying(product_id, Range(wanted[0].first, wanted[-1].last), place))


async def put(
    product_id: UUID, ranges: Sequence[Range], place: Place, *, movement_id: UUID, now: dt.datetime
) -> None:
    """Lay them there. What lies beside them in the same place is joined to them, save for what is under way."""
    wanted = compact(ranges)
    if place.state is not StockState.IN_TRANSIT:
        wanted = await _joined(product_id, wanted, place)
    await StockHolding.bulk_create(
        [
            StockHolding(
                product_id=product_id,
                first_serial=one.first,
                last_serial=one.last,
                quantity=one.quantity,
                state=place.state,
                was=place.was,
                institution_id=place.institution_id,
                to_institution_id=place.to,
                movement_id=movement_id,
                since=now,
            )
            for one in wanted
        ],
        batch_size=AT_ONCE,
    )


def must_lie(wanted: Sequence[Range], lying: Iterable[StockHolding]) -> None:
    """NOT_IN_STOCK unless the holdings cover every number. Both in order."""
    there = iter(lying)
    holding = next(there, None)
    for one in wanted:
        first = one.first
        while first <= one.last:
            while holding is not None and holding.last_serial < first:
                holding = next(there, None)
            if holding is None or holding.first_serial > first:
                raise NotInStock(
                    f"Number {first:012} is not there in this state, or not with this institution. Compare the list with "
                    "the stock."
                )
            first = holding.last_serial + 1


def _near(wanted: Sequence[Range], holding: StockHolding) -> Sequence[Range]:
    """Those of `wanted`, which is in order, that could meet this holding."""
    low, high = 0, len(wanted)
    while low < high:
        middle = (low + high) // 2
        if wanted[middle].last < holding.first_serial:
            low = middle + 1
        else:
            high = middle
    end = low
    while end < len(wanted) and wanted[end].first <= holding.last_serial:
        end += 1
    return wanted[low:end]


def _meet(holding: StockHolding, gone: Range) -> bool:
    return bool(holding.first_serial <= gone.last and gone.first <= holding.last_serial)


def _rest(holding: StockHolding, gone: Sequence[Range]) -> list[StockHolding]:
    """What is left of a holding, as rows of their own with the history of the whole."""
    left, first = [], holding.first_serial
    for one in gone:
        if one.first > first:
            left.append(_part(holding, first, one.first - 1))
        first = max(first, one.last + 1)
    if first <= holding.last_serial:
        left.append(_part(holding, first, holding.last_serial))
    return left


def _part(holding: StockHolding, first: int, last: int) -> StockHolding:
    return StockHolding(
        product_id=holding.product_id,
        first_serial=first,
        last_serial=last,
        quantity=last - first + 1,
        state=holding.state,
        was=holding.was,
        institution_id=holding.institution_id,
        to_institution_id=holding.to_institution_id,
        movement_id=holding.movement_id,
        since=holding.since,
    )


async def _lying(product_id: UUID, within: Range, place: Place) -> list[StockHolding]:
    """In order of their numbers. Whoever changes them holds the account of the institution, so that they stay so."""
    rows = StockHolding.filter(
        product_id=product_id,
        institution_id=place.institution_id,
        state=place.state,
        first_serial__lte=within.last,
        last_serial__gte=within.first,
    )
    if place.to is not None:
        rows = rows.filter(to_institution_id=place.to)
    if place.movement_id is not None:
        rows = rows.filter(movement_id=place.movement_id)
    return await rows.order_by("first_serial")


async def _joined(product_id: UUID, wanted: Sequence[Range], place: Place) -> list[Range]:
    """With the neighbours that lie there already, which are taken away: the caller lays all of it anew."""
    found: list[StockHolding] = []
    for portion in _portions(wanted):
        found += await StockHolding.filter(
            Q(last_serial__in=[one.first - 1 for one in portion])
            | Q(first_serial__in=[one.last + 1 for one in portion]),
            product_id=product_id,
            institution_id=place.institution_id,
            state=place.state,
        )
    beside = {one.id: Range(one.first_serial, one.last_serial) for one in found}
    for ids in _portions(list(beside)):
        await StockHolding.filter(id__in=ids).delete()
    return compact([*wanted, *beside.values()])


def _portions(rows: Sequence[T]) -> Iterable[Sequence[T]]:
    return (rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE))
