"""The twin's cards and stock: other holders, other numbers, other counts, wherever one person may not see them.

What reads other tables stays as it is where it is seen: the holder's name, what a card is worth (its membership says it),
and how many cards are under way to a stock. Which ones they are is another matter: whoever receives counts blind.
"""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tortoise import connections

from authz import DataClass, Facts, Kind
from models.card_reports import CardReport
from models.cards import Card, CardBack, CardEvent
from models.customers import Customer
from models.destruction import DestructionLine, DestructionList
from models.institutions import Institution
from models.membership import Membership
from models.movements import MovementLine, Signature, StockMovement
from models.orders import CardOrder
from models.quotas import StockQuota
from models.stock import StockAccount, StockDay, StockHolding
from models.stock_handovers import StockHandover, StockHandoverLine
from models.stocktakes import Stocktake, StocktakeLine
from tests.cast import START

if TYPE_CHECKING:
    from tests.schema.twins import Twin

SEEN = "VISIBLE"
GUARDED = (
    Card, CardBack, CardEvent, CardOrder, CardReport, DestructionLine, DestructionList, MovementLine, Signature, StockAccount,
    StockDay, StockHandover, StockHandoverLine, StockHolding, StockMovement, StockQuota, Stocktake, StocktakeLine,
)  # fmt: skip
FAR = 500_000_000_000
"""Numbers from here on are nobody's in the bank that is copied, though all are in a segment."""


async def unguarded() -> None:
    """What the database holds as it was written may differ in a twin all the same. What balances still does."""
    connection = connections.get("default")
    for model in GUARDED:
        table = model._meta.db_table
        if connection.capabilities.dialect == "postgres":
            await connection.execute_script(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            continue
        query = f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'"
        for row in await connection.execute_query_dict(query):
            await connection.execute_script(f"DROP TRIGGER {row['name']}")


def shows(twin: Twin, cls: DataClass, facts: Facts) -> bool:
    """Whether a card of this customer shows him the class."""
    return twin.policy.reason(twin.desk.actor, Kind.CARD, cls, facts, purpose_given=True)[0] == SEEN


async def names(twin: Twin, customer: Customer, facts: Facts) -> bool:
    """Whether he is told the name by a card that he sees, as its holder's."""
    return await Card.exists(customer_id=customer.id) and shows(twin, DataClass.NAME, facts)


async def as_good(twin: Twin, customer: Customer, before: list[Membership]) -> None:
    """Who sees a card sees what it is worth: his membership is one as it was, with a later end."""
    if await Card.exists(customer_id=customer.id):
        for one in before:
            ends = one.term_ends + dt.timedelta(days=twin.rng.randrange(1, 99)) if one.term_ends else None
            await Membership.filter(id=one.id).update(tier=one.tier, term_ends=ends)


async def papers(twin: Twin, customer: Customer, facts: Facts) -> None:
    of = {"customer_id": customer.id}
    for card in await Card.filter(**of):
        card.identity_kind = "OTHER"  # never shown to anybody
        if not twin.reaches(Kind.CARD, facts):
            await _other_card(twin, card)
        await card.save()
    for back in await CardBack.filter(**of):
        if not shows(twin, DataClass.NAME, facts):
            back.holder_name = twin.text(back.holder_name)
        if not twin.reaches(Kind.CARD, facts):
            back.manager_phone, back.valid_until = (
                twin.text(back.manager_phone)[:40],
                twin.day(back.valid_until),
            )
        await back.save()
    for event in await CardEvent.filter(**of):
        if not shows(twin, DataClass.SERVICE, facts):
            event.reason = twin.text(event.reason)
        if not twin.reaches(Kind.CARD, facts):
            event.state, event.cause, event.at = "CANCELLED", "UNCLAIMED", START
            await _again(event, version=event.version + 50)
        await event.save()


async def _other_card(twin: Twin, card: Card) -> None:
    """In another state, for another customer whose cards he does not see either; and one more."""
    card.state, card.over_at, card.version = "CANCELLED", START, 9
    if card.number is not None:
        twin.texts.add(card.number)
    card.number = f"1{twin.rng.randrange(10**15):015}"
    card.form_number, card.form_signed_on = twin.text(card.form_number), twin.day(card.form_signed_on)
    card.requested_at, card.term_starts, card.term_ends = (
        START,
        twin.day(card.term_starts),
        twin.day(card.term_ends),
    )
    for other in await Customer.filter(merged_into_id__isnull=True).order_by("number"):
        if other.id != card.customer_id and not twin.reaches(Kind.CARD, await twin.facts(other)):
            card.customer_id = other.id
            break
    await _again(card, number=None, serial=None, state="REFUSED")


async def _again(row: Any, **other: Any) -> None:
    told = {name: getattr(row, name) for name in row._meta.db_fields} | {"id": uuid4()} | other
    await type(row).create(**told)


class Stock:
    """The books of places that he does not see."""

    def __init__(self, twin: Twin, places: dict[UUID, Facts]) -> None:
        self.twin, self.places = twin, places
        self.numbers = count(1)

    @classmethod
    async def of(cls, twin: Twin) -> Stock:
        return cls(twin, {row.id: Facts(row.acting_path) for row in await Institution.all()})

    def hidden(self, kind: Kind, row: Any) -> bool:
        return not self.twin.reaches(kind, self.places[row.institution_id])

    def range(self, row: Any, quantity: int) -> None:
        """Other numbers, which nothing else has."""
        self.twin.texts |= {f"{row.first_serial:012}", f"{row.last_serial:012}"}
        row.first_serial = FAR + next(self.numbers) * 1_000
        row.last_serial, row.quantity = row.first_serial + quantity - 1, quantity

    def many(self) -> int:
        return self.twin.rng.randrange(2, 900)

    async def change(self) -> None:
        await self._orders()
        await self._movements()
        await self._counts()
        await self._holdings()
        await self._lists()
        await self._reports()

    async def _orders(self) -> None:
        twin = self.twin
        for order in await CardOrder.all():
            if self.hidden(Kind.CARD_ORDER, order):
                order.number, order.reason, order.quantity = (
                    twin.text(order.number),
                    twin.text(order.reason),
                    self.many(),
                )
                order.amount, order.received, order.defective = order.quantity * order.unit_price, 0, 0
                order.state, order.invoice_number, order.invoiced = "CANCELLED", "", None
                order.cancelled_at, order.cancel_reason, order.version = START, twin.text(None), 9
                await order.save()
                await _again(order, number=twin.text(None), state="DRAFT")

    async def _movements(self) -> None:
        twin = self.twin
        for made in await StockMovement.all():
            made.digest = "f" * 64
            if self.hidden(Kind.STOCK_MOVEMENT, made):
                made.reason, made.reject_reason = twin.text(made.reason), twin.text(made.reject_reason)
                made.state, made.cause, made.quantity, made.version = "REJECTED", "FOUND", self.many(), 9
                made.drafted_at, made.posted_on = START, twin.day(made.posted_on)
                for line in await MovementLine.filter(movement_id=made.id):
                    self.range(line, self.many())
                    line.from_state, line.to_state = "SPOILED", "MISSING"
                    await line.save()
                    await _again(line)
                await Signature.filter(movement_id=made.id).update(signed_at=START)
                await _again(made)
            await made.save()

    async def _counts(self) -> None:
        twin = self.twin
        for account in await StockAccount.all():
            if self.hidden(Kind.STOCK, account):
                for name in (
                    "came_in",
                    "went_out",
                    "in_transit",
                    "issued",
                    "reserved",
                    "to_destroy",
                    "destroyed",
                    "missing",
                ):
                    setattr(account, name, 0)
                account.received = account.in_stock = self.many()
                account.counted_on = twin.day(account.counted_on)
                await account.save()
        for day in await StockDay.all():
            if self.hidden(Kind.STOCK, day):
                day.day, day.opening, day.movements = twin.day(day.day), self.many(), 9
                day.closing = day.opening + day.came_in - day.went_out
                if day.closing >= 0:
                    await day.save()
                await _again(day, day=twin.day(None), opening=7, came_in=0, went_out=0, closing=7)
        for quota in await StockQuota.all():
            if self.hidden(Kind.STOCK, quota):
                quota.quantity, quota.reason, quota.set_at = self.many(), twin.text(quota.reason), START
                await quota.save()
                await _again(quota)

    async def _holdings(self) -> None:
        for holding in await StockHolding.all():
            if self.hidden(Kind.STOCK, holding):
                coming = holding.to_institution_id is not None
                self.range(holding, holding.quantity if coming else self.many())
                holding.state, holding.since = "IN_TRANSIT" if coming else "SPOILED", START
                holding.was = "RETURNED" if coming else ""
                await holding.save()
                if not coming:
                    self.range(holding, self.many())
                    await _again(holding)

    async def _lists(self) -> None:
        for kind, model, lines, column in (
            (Kind.STOCKTAKE, Stocktake, StocktakeLine, "stocktake_id"),
            (Kind.DESTRUCTION, DestructionList, DestructionLine, "destruction_id"),
            (Kind.STOCK_HANDOVER, StockHandover, StockHandoverLine, "handover_id"),
        ):
            listed: Any
            for listed in await model.all():
                listed.digest = "f" * 64
                if self.hidden(kind, listed):
                    await self._other_list(listed, await lines.filter(**{column: listed.id}))
                await listed.save()

    async def _other_list(self, listed: Any, lines: list[Any]) -> None:
        twin = self.twin
        listed.state, listed.version = "CALLED_OFF", 9
        if isinstance(listed, Stocktake):
            listed.note, listed.book_quantity, listed.opened_at = twin.text(listed.note), self.many(), START
        else:
            listed.reason, listed.quantity = twin.text(listed.reason), self.many()
        if isinstance(listed, DestructionList):
            listed.listed_at, listed.over_reason = START, twin.text(listed.over_reason)
        if isinstance(listed, StockHandover):
            listed.drawn_up_at, listed.done_at = START, None
        for line in lines:
            self.range(line, self.many())
            if isinstance(line, StocktakeLine):
                line.explanation, line.state = twin.text(line.explanation), "MISSING"
            await line.save()
            self.range(line, self.many())
            await _again(line)

    async def _reports(self) -> None:
        twin = self.twin
        for report in await CardReport.all():
            report.card_id, report.identity_kind = None, "OTHER"  # never shown to anybody
            if self.hidden(Kind.CARD_REPORT, report):
                report.number, report.note = twin.text(report.number), twin.text(report.note)
                report.kind, report.outcome, report.reported_at = "FOUND", "TAKEN_IN", START
                report.closing_note, report.closed_at = twin.text(report.closing_note), START
                await _again(report)
            await report.save()


async def house(twin: Twin) -> None:
    stock = await Stock.of(twin)
    await stock.change()
