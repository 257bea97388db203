"""Ledger (卡片登记簿, Annex 1): opening, in, out and closing of every business day, and whether all books say the same.

Read through the gate like everything else: who does not reach an institution's stock has no ledger of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from tortoise.transactions import in_transaction

from desk.desk import Desk
from desk.errors import NotFound
from desk.people.given import BadPeriod
from desk.selection import AllOf, Child, Condition, Filter, Op, Order, Page, Selection
from desk.trail import ALLOW, Entry
from models.custody import StockState
from models.serials import card_number
from models.stock import COUNTS

MOST_DAYS = 366
"""Days in one ledger: a year, and a leap year's day."""
AT_ONCE = 100
EXPORT = "exportStockLedger"
MOVED_IN_ORDER = (Order("posted_at"), Order("first"))
CAME_AND_WENT = ("received", "came_in", "went_out")
ACCOUNT = (
    *CAME_AND_WENT,
    *COUNTS.values(),
    *(f"lying_{column}" for column in COUNTS.values()),
    "by_days",
    "last_closing",
    "quota",
    "on_the_way",
    "counted_on",
)
DAY = ("day", "opening", "came_in", "went_out", "closing", "movements")


@dataclass(frozen=True, slots=True)
class Difference:
    """Two books that say two things: what of it, by the account (or the day before), and by the other book."""

    what: str
    booked: int
    found: int

    def __str__(self) -> str:
        return f"{self.what}: {self.booked} and {self.found}, a difference of {self.found - self.booked}"


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """日结. `movements` is 0 on a day on which nothing moved: it carries the last closing forward."""

    day: dt.date
    opening: int
    came_in: int
    went_out: int
    closing: int
    movements: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A stock account as it is now, beside what holdings and days come to."""

    id: UUID
    institution: Mapping[str, Any]
    product: Mapping[str, Any]
    cells: Mapping[str, Any]

    @property
    def counts(self) -> dict[StockState, int]:
        return {state: self.cells[column] for state, column in COUNTS.items()}

    def differences(self) -> list[Difference]:
        """None of them while the house is in order."""
        told = self.cells
        came = told["received"] + told["came_in"] - told["went_out"]
        found = [
            Difference("came less went, and all states", came, sum(self.counts.values())),
            *(
                Difference(f"{state} by account and by holdings", told[column], told[f"lying_{column}"])
                for state, column in COUNTS.items()
            ),
            Difference("IN_STOCK by account and by days", told["in_stock"], told["by_days"]),
            Difference("IN_STOCK by account and by the last closing", told["in_stock"], told["last_closing"]),
        ]
        return [one for one in found if one.booked != one.found]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Of one institution and product, between two days, both included; and how its cards stand now."""

    standing: Standing
    first: dt.date
    last: dt.date
    opening: int
    days: list[LedgerDay] = field(default_factory=list)

    @property
    def came_in(self) -> int:
        return sum(day.came_in for day in self.days)

    @property
    def went_out(self) -> int:
        return sum(day.went_out for day in self.days)

    @property
    def closing(self) -> int:
        return self.days[-1].closing

    def differences(self) -> list[Difference]:
        """Of the account with the other books, and of each day with the one before it."""
        found = self.standing.differences()
        before = self.opening
        for day in self.days:
            if day.opening != before:
                found.append(Difference(f"{day.day} opening, and the closing before it", before, day.opening))
            before = day.closing
        return found


async def read_ledger(
    desk: Desk, *, institution_id: UUID, product_id: UUID, first: dt.date, last: dt.date
) -> Ledger:
    """For whoever reads the stock of the institution. Counts of cards.

    BAD_PERIOD when the days are none, more than 366, or still to come; NOT_FOUND for a stock that is absent or out of
    reach.
    """
    _must_be_period(first, last, desk.today)
    of_stock = _of(institution_id, product_id)
    found = await standings(desk, of_stock)
    if not found:
        raise NotFound
    before = await desk.read(
        Selection(
            "stock_day",
            columns=DAY,
            where=AllOf((of_stock, Condition("day", Op.LT, first))),
            order=(Order("day", descending=True),),
            page=Page(first=1),
        )
    )
    within = await desk.read(
        Selection(
            "stock_day",
            columns=DAY,
            where=AllOf((of_stock, Condition("day", Op.GE, first), Condition("day", Op.LE, last))),
        )
    )
    opening = before.rows[0]["closing"] if before.rows else 0
    return Ledger(found[0], first, last, opening, list(_each_day(first, last, opening, within.rows)))


async def standings(desk: Desk, where: Filter | None = None) -> list[Standing]:
    """Every stock account that the person reaches, in the order of institutions; or those of a filter."""
    place = Child("institution", "institution", Selection("institution", columns=("code", "name")))
    product = Child("product", "product", Selection("card_product", columns=("name", "tier", "design")))
    asked = Selection("stock_account", columns=ACCOUNT, children=(place, product), where=where)
    found: list[Standing] = []
    after: str | None = None
    while True:
        answer = await desk.read(replace(asked, page=Page(first=AT_ONCE, after=after)))
        found += [Standing(row["id"], row["institution"], row["product"], row) for row in answer.rows]
        if not answer.has_next:
            return sorted(
                found, key=lambda one: (one.institution["code"], one.product["tier"], one.product["design"])
            )
        after = answer.rows[-1]["cursor"]


async def record_export(desk: Desk, told: Ledger) -> None:
    """That somebody takes a ledger out of the house: on record before the file is written."""
    async with in_transaction():
        await desk.record(
            Entry(
                EXPORT,
                ALLOW,
                "stock_account",
                object_id=told.standing.id,
                more={"rows": len(told.days), "from": str(told.first), "to": str(told.last)},
            )
        )


def moved(number: str) -> Filter:
    """The lines by which a card ever moved: of what is posted, over its number. BAD_VIP_CARD_NUMBER."""
    card = card_number(number)
    return AllOf(
        (
            Condition("posted", Op.EQ, True),
            Condition("tier", Op.EQ, card.tier.value),
            Condition("design", Op.EQ, card.design),
            Condition("low", Op.LE, card.serial),
            Condition("high", Op.GE, card.serial),
        )
    )


def _of(institution_id: UUID, product_id: UUID) -> Filter:
    return AllOf(
        (Condition("institution_id", Op.EQ, institution_id), Condition("product_id", Op.EQ, product_id))
    )


def _must_be_period(first: dt.date, last: dt.date, today: dt.date) -> None:
    if first > last:
        raise BadPeriod(f"{first} is after {last}. Give the earlier day first.", field="from")
    if last > today:
        raise BadPeriod(f"{last} has not come yet. Give {today} or an earlier day.", field="to")
    if (last - first).days >= MOST_DAYS:
        raise BadPeriod(f"A ledger goes over at most {MOST_DAYS} days. Ask in parts.", field="to")


def _each_day(
    first: dt.date, last: dt.date, opening: int, rows: Iterable[Mapping[str, Any]]
) -> Iterable[LedgerDay]:
    moved_on = {row["day"]: row for row in rows}
    standing = opening
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(days=number)
        row = moved_on.get(day)
        if row is None:
            yield LedgerDay(day, standing, 0, 0, standing, 0)
        else:
            yield LedgerDay(*(row[name] for name in DAY))
            standing = row["closing"]
