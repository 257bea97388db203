"""Posting: what a signed movement does to the book. Holdings, accounts and days change together, or not at all."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from tortoise.expressions import F

from desk.dialect import Statement, fetch, is_postgres
from desk.stock.holdings import Place, put, take
from models.custody import StockState, StocktakeState
from models.errors import Refusal
from models.serials import Range, quantity
from models.stock import COUNTS, StockAccount, StockDay
from models.stocktakes import Stocktake


class StockBeingCounted(Refusal):
    """While two persons count, nothing moves: else no count would mean anything."""

    code = "STOCK_BEING_COUNTED"
    article = "Notice 4"


@dataclass(frozen=True, slots=True)
class Move:
    """Numbers of one product that go from one place to another. None: from, or back to, the manufacturer."""

    ranges: tuple[Range, ...]
    out_of: Place | None
    into: Place | None

    @property
    def quantity(self) -> int:
        return quantity(self.ranges)


async def hold_accounts(product_id: UUID, institution_ids: Iterable[UUID]) -> dict[UUID, StockAccount]:
    """The accounts of these institutions, begun where there is none, and held until the transaction ends.

    In the order of their keys, so that two transfers that cross each other do not wait in a circle. Whatever else an act
    holds (its movement, the movement that waits for it, an order, a product), it holds before.
    """
    wanted = sorted(set(institution_ids))
    s = Statement(is_postgres())
    rows = [f"({s.bind(uuid4())}, {s.bind(one)}, {s.bind(product_id)})" for one in wanted]
    await fetch(
        s,
        f"INSERT INTO stock_account (id, institution_id, product_id) VALUES {', '.join(rows)}"
        " ON CONFLICT (institution_id, product_id) DO NOTHING RETURNING id",
    )
    held = StockAccount.filter(product_id=product_id, institution_id__in=wanted).order_by("institution_id")
    return {account.institution_id: account for account in await held.select_for_update(no_key=True)}


def institutions_of(moves: Iterable[Move]) -> set[UUID]:
    return {place.institution_id for move in moves for place in (move.out_of, move.into) if place is not None}


async def post(
    product_id: UUID, moves: Sequence[Move], *, movement_id: UUID, now: dt.datetime, today: dt.date
) -> None:
    """Carry the moves out. NOT_IN_STOCK for a number that is not where it should be; STOCK_BEING_COUNTED.

    The movement is POSTED already: the database lets nothing lie anywhere by one that is not.
    """
    accounts = await hold_accounts(product_id, institutions_of(moves))
    await must_not_be_counted(product_id, accounts)
    for place, ranges in _by_place((move.out_of, move.ranges) for move in moves):
        await take(product_id, ranges, place)
    for place, ranges in _by_place((move.into, move.ranges) for move in moves):
        await put(product_id, ranges, place, movement_id=movement_id, now=now)
    for account in accounts.values():
        await _book(account, moves, today)


def _by_place(moved: Iterable[tuple[Place | None, Sequence[Range]]]) -> Iterable[tuple[Place, list[Range]]]:
    """A list of many ranges goes in as many statements as it has places."""
    found: defaultdict[Place, list[Range]] = defaultdict(list)
    for place, ranges in moved:
        if place is not None:
            found[place] += ranges
    return found.items()


async def must_not_be_counted(product_id: UUID, institution_ids: Iterable[UUID]) -> None:
    """STOCK_BEING_COUNTED. Who asks has the accounts in hand, as has who opens a count: neither overlooks the other."""
    if await Stocktake.filter(
        product_id=product_id, institution_id__in=list(institution_ids), state=StocktakeState.OPEN
    ).exists():
        raise StockBeingCounted(
            "This stock is being counted, and nothing moves meanwhile. Go on when the count is signed."
        )


async def _book(account: StockAccount, moves: Sequence[Move], today: dt.date) -> None:
    """What the moves mean to one account, and to its day."""
    change: Counter[str] = Counter()
    came = went = 0
    for move in moves:
        source, target = _state_at(move.out_of, account), _state_at(move.into, account)
        if source is not None:
            change[COUNTS[source]] -= move.quantity
        if target is not None:
            change[COUNTS[target]] += move.quantity
        if move.out_of is None and target is not None:
            change["received"] += move.quantity
        elif move.into is None and source is not None:
            change["received"] -= move.quantity
        elif source is None and target is not None:
            change["came_in"] += move.quantity
        elif target is None and source is not None:
            change["went_out"] += move.quantity
        if source is not target:
            came += move.quantity if target is StockState.IN_STOCK else 0
            went += move.quantity if source is StockState.IN_STOCK else 0
    differing = {column: F(column) + count for column, count in change.items() if count}
    if differing:
        await StockAccount.filter(id=account.id).update(**differing)
    if came or went:
        await _day(account, today, came, went)


def _state_at(place: Place | None, account: StockAccount) -> StockState | None:
    return place.state if place is not None and place.institution_id == account.institution_id else None


async def _day(account: StockAccount, today: dt.date, came: int, went: int) -> None:
    """The day's row, begun with what was there in the morning. A clock that went back goes on with the last day."""
    last = (
        await StockDay.filter(institution_id=account.institution_id, product_id=account.product_id)
        .order_by("-day")
        .first()
    )
    if last is None or last.day < today:
        await StockDay.create(
            institution_id=account.institution_id,
            product_id=account.product_id,
            day=today,
            opening=account.in_stock,
            came_in=came,
            went_out=went,
            closing=account.in_stock + came - went,
            movements=1,
        )
    else:
        await StockDay.filter(id=last.id).update(
            came_in=F("came_in") + came,
            went_out=F("went_out") + went,
            closing=F("closing") + (came - went),
            movements=F("movements") + 1,
        )
