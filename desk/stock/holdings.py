"""Holdings: which numbers lie where, in ranges. What moves is cut out of them, and what then lies in a row is joined.

A list of ten thousand ranges is as few statements as a list of one, and each costs what it touches, however many other
numbers lie about. Whoever changes holdings has the account of their institution in hand (`posting.hold_accounts`).
"""

from __future__ import annotations

import datetime as dt
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from desk.dialect import Statement, as_datetime, as_uuid, fetch, is_postgres
from models.custody import StockState
from models.errors import Refusal
from models.serials import Range, joined
from models.stock import StockHolding

AT_ONCE = 400
"""Rows in one statement: SQLite binds at most 32,766 values in one."""
COLUMNS = (
    "id", "product_id", "first_serial", "last_serial", "quantity", "state", "was", "institution_id", "to_institution_id",
    "movement_id", "since",
)  # fmt: skip


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


async def take(product_id: UUID, ranges: Iterable[Range], place: Place) -> None:
    """Cut these numbers, all of them, out of what lies there. NOT_IN_STOCK, naming the first that does not."""
    wanted = joined(ranges)
    lying = await _meeting(product_id, wanted, place)
    must_lie(wanted, lying)
    await _remove(lying)
    await _lay([rest for one in lying for rest in _rest(one, _near(wanted, one))])


async def must_be_there(product_id: UUID, ranges: Iterable[Range], place: Place) -> None:
    """NOT_IN_STOCK unless all of them lie there now. Nothing is changed."""
    wanted = joined(ranges)
    must_lie(wanted, await _meeting(product_id, wanted, place))


async def put(
    product_id: UUID, ranges: Iterable[Range], place: Place, *, movement_id: UUID, now: dt.datetime
) -> None:
    """Lay them there. What lies beside them in the same place is joined to them, save for what is under way."""
    wanted = joined(ranges)
    if place.state is not StockState.IN_TRANSIT:
        beside = await _meeting(product_id, [Range(one.first - 1, one.last + 1) for one in wanted], place)
        await _remove(beside)
        wanted = joined([*wanted, *(Range(one.first_serial, one.last_serial) for one in beside)])
    await _lay(
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
    )


async def first_known(product_id: UUID, ranges: Iterable[Range]) -> int | None:
    """The first of these numbers that lies anywhere, as whatever. None when all of them are new."""
    s = Statement(is_postgres())
    wanted, product = _listed(s, joined(ranges)), s.bind(product_id)
    met = await fetch(
        s,
        f"SELECT w.low, h.first_serial FROM {wanted} CROSS JOIN stock_holding h WHERE h.product_id = {product}"
        f" AND h.first_serial >= {_reaching('w.low', f'k.product_id = {product}')} AND h.first_serial <= w.high"
        " AND h.last_serial >= w.low",
    )
    return min((max(row["low"], row["first_serial"]) for row in met), default=None)


async def holding_of(product_id: UUID, number: int) -> StockHolding | None:
    """Where one number is. Holdings do not overlap, so it is in the last that begins no later, or in none."""
    last = (
        await StockHolding.filter(product_id=product_id, first_serial__lte=number)
        .order_by("-first_serial")
        .first()
    )
    return last if last is not None and last.last_serial >= number else None


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
    """Those of `wanted`, which is in order, that meet this holding."""
    low = bisect_left(wanted, holding.first_serial, key=lambda one: one.last)
    high = bisect_right(wanted, holding.last_serial, lo=low, key=lambda one: one.first)
    return wanted[low:high]


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


async def _meeting(product_id: UUID, ranges: Sequence[Range], place: Place) -> list[StockHolding]:
    """The holdings of a place that have a number of these ranges, once each, in order."""
    s = Statement(is_postgres())
    listed, same = _listed(s, ranges), (
        ("product_id", s.bind(product_id)),
        ("institution_id", s.bind(place.institution_id)),
        ("state", s.bind(str(place.state))),
    )  # fmt: skip
    there = " AND ".join(f"k.{column} = {value}" for column, value in same)
    only = [f"h.{column} = {value}" for column, value in same]
    if place.to is not None:
        only.append(f"h.to_institution_id = {s.bind(place.to)}")
    if place.movement_id is not None:
        only.append(f"h.movement_id = {s.bind(place.movement_id)}")
    rows = await fetch(
        s,
        f"SELECT {', '.join(f'h.{column}' for column in COLUMNS)} FROM {listed} CROSS JOIN stock_holding h"
        f" WHERE {' AND '.join(only)} AND h.first_serial >= {_reaching('w.low', there)}"
        " AND h.first_serial <= w.high AND h.last_serial >= w.low",
    )
    found = {row["first_serial"]: row for row in rows}
    return [_of(found[first]) for first in sorted(found)]


def _listed(s: Statement, ranges: Sequence[Range]) -> str:
    """SQL: a list of whatever length as rows `w` of `low` and `high`."""
    if s.postgres:
        s.values += [[one.first for one in ranges], [one.last for one in ranges]]
        return f"unnest(${len(s.values) - 1}::bigint[], ${len(s.values)}::bigint[]) AS w(low, high)"
    listed = s.bind(json.dumps(ranges))
    low, high = (
        f"CAST(json_extract(value, '$[{at}]') AS INTEGER) AS {name}" for at, name in ((0, "low"), (1, "high"))
    )
    return f"(SELECT {low}, {high} FROM json_each({listed})) AS w"


def _reaching(low: str, there: str) -> str:
    """SQL: where to begin to look for what reaches `low`: at the last that begins before it. No earlier one reaches so far."""
    return f"COALESCE((SELECT max(k.first_serial) FROM stock_holding k WHERE {there} AND k.first_serial <= {low}), 0)"


def _of(row: dict[str, Any]) -> StockHolding:
    to = row["to_institution_id"]
    return StockHolding(
        **row
        | {name: as_uuid(row[name]) for name in ("id", "product_id", "institution_id", "movement_id")}
        | {"to_institution_id": as_uuid(to) if to else None, "since": as_datetime(row["since"])}
    )


async def _remove(holdings: Sequence[StockHolding]) -> None:
    for at in range(0, len(holdings), AT_ONCE):
        await StockHolding.filter(id__in=[one.id for one in holdings[at : at + AT_ONCE]]).delete()


async def _lay(holdings: Iterable[StockHolding]) -> None:
    await StockHolding.bulk_create(holdings, batch_size=AT_ONCE)
