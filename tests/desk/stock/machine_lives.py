"""The state machine with what hangs on stock: stocktakes that freeze it, destruction, and cards of customers.

Zhou and Qian are members. Their cards are requested, signed out by two, handed out, voided and given in again, beside
everything else that people try with the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from models.cards import Card
from models.movements import StockMovement
from models.stocktakes import Stocktake
from tests import custody_lists as lists
from tests.cards import Cards
from tests.desk.stock import machine_checks as checks
from tests.desk.stock.machine import Movements
from tests.desk.stock.machine_bank import keepers, lengths, seldom, starts
from tests.desk.stock.machine_model import KEEPS, Lies, Paper

MANAGER = {"zhou": "lin", "qian": "luo"}
customers = st.sampled_from(sorted(MANAGER))
OUT = ("RESERVED", "ISSUED")


@dataclass(slots=True)
class Held:
    """A customer's card, and the paper with which it was signed out."""

    card: Card
    state: str = "REQUESTED"
    serial: int = -1
    paper: Paper | None = None


class Lives(Movements):
    def __init__(self) -> None:
        super().__init__()
        self.cards = Cards(self.custody.bank, self.custody.policy, self.custody.products)
        self.held: dict[str, Held] = {}
        self.listed: set[int] = set()
        self.stocktake: Stocktake | None = None
        self.run(self.members())

    async def members(self) -> None:
        for customer in MANAGER:
            member = await self.cards.story.member(customer)
            member.tier = self.custody.product.tier
            await member.save()

    @initialize(
        customer=customers, handed_out=st.booleans(), then=st.sampled_from(["", "counted", "destroyed"])
    )
    def begins_with_a_card(self, customer: str, handed_out: bool, then: str) -> None:
        """In most runs somebody has one already, and something else has happened."""
        self.receives("SC", 20, 6, 0, "right")
        self.finishes(0)
        self.sends("SC", "CDW", "IN_STOCK", 12, 6, False, "right")
        self.finishes(0)
        self.finishes(0)
        self.asks_for_a_card(customer)
        self.takes_one_out(customer, 0, False, "right")
        self.finishes(0)
        if handed_out:
            self.gets_it(customer, "right")
        if then == "counted":
            self.is_counted_meanwhile(0)
        elif then:
            self.is_destroyed(0)

    @rule(start=starts)
    def is_counted_meanwhile(self, start: int) -> None:
        """A movement comes as far as its second signature, and no further until the count is over."""
        if self.stocktake is None:
            self.counting_begins("pan")
        self.moves_on("IN_STOCK", "SPOILED", start)
        self.counting_ends(right=True)
        self.go_on(self.model.papers[-1])

    @rule(start=starts)
    def is_destroyed(self, start: int) -> None:
        """From the stock to nothing, as usual."""
        self.moves_on("IN_STOCK", "SPOILED", start)
        self.moves_on("SPOILED", "TO_DESTROY", start)
        if self.model.lying("SC", "TO_DESTROY"):
            self.is_to_be_destroyed(start, 2)
            self.go_on(self.model.papers[-1])

    def moves_on(self, was: str, becomes: str, start: int) -> None:
        self.changes("SC", was, becomes, start, 2, False, "right")
        self.go_on(self.model.papers[-1])

    def countersign(self, paper: Paper, who: str, stale: bool = False) -> None:
        super().countersign(paper, who, stale)
        for held in self.held.values():
            if held.paper is paper and paper.state == "POSTED":
                held.state = {"ISSUE": "RESERVED", "VOID": "VOIDED", "RETURN_IN": "RETURNED"}[paper.kind]

    def is_over(self, paper: Paper) -> None:
        """A rejected issue: the number is free, and the request waits."""
        for held in self.held.values():
            if held.paper is paper and paper.kind == "ISSUE":
                held.state, held.serial, held.paper = "REQUESTED", -1, None

    # Stocktakes.

    @rule(who=st.sampled_from(["pan", "pan", "pan", "ku"]))
    def counting_begins(self, who: str) -> None:
        allowed = who == "pan" and self.stocktake is None
        opened = self.attempt(lists.opened(self.custody, who), allowed)
        if opened is not None:
            self.stocktake = opened
            self.model.counting.add("SC")

    @precondition(lambda self: self.stocktake)
    @rule(right=st.booleans())
    def counting_ends(self, right: bool) -> None:
        """Counted as the book has it, signed by both, and closed; or called off."""
        assert self.stocktake is not None
        self.run(self.count_to_the_end(self.stocktake) if right else self.call_off(self.stocktake))
        self.stocktake = None
        self.model.counting.clear()
        self.renew()

    async def count_to_the_end(self, stocktake: Stocktake) -> None:
        there = [
            row
            for row in self.book.of("stock_holding", institution_id=str(self.custody.place("SC").id))
            if row["state"] not in ("IN_TRANSIT", "MISSING", "DESTROYED", "ISSUED")
        ]
        numbers = [(row["first_serial"], row["last_serial"]) for row in there]
        stocktake = await lists.confirmed(self.custody, stocktake, *numbers)
        assert stocktake.state == "COUNTED", "while it was counted, something moved"
        await lists.closed(self.custody, stocktake)

    async def call_off(self, stocktake: Stocktake) -> None:
        desk = await self.custody.desk("pan")
        await lists.opening.call_off(
            desk, stocktake_id=stocktake.id, version=stocktake.version, reason="fire drill"
        )

    # Destruction.

    @precondition(lambda self: self.model.lying("SC", "TO_DESTROY"))
    @rule(start=starts, length=lengths)
    def is_to_be_destroyed(self, start: int, length: int) -> None:
        """Listed, approved by both sides and watched by both witnesses: it waits for the two signatures."""
        free = [number for number in self.model.lying("SC", "TO_DESTROY") if number not in self.listed]
        if not free:
            return
        numbers = self.some(free, start, length, odd=False)
        drafted = self.run(self.prepared(numbers))
        self.listed |= numbers
        passages = dict.fromkeys(numbers, ("TO_DESTROY", "DESTROYED"))
        self.drafted(drafted, {"place": "SC", "passages": passages})
        self.renew()

    async def prepared(self, numbers: set[int]) -> StockMovement:
        row = await lists.listed(self.custody, *((number, number) for number in numbers))
        row = await lists.witnessed(self.custody, await lists.approved(self.custody, row))
        return await lists.to_be_booked(self.custody, row)

    # Cards.

    @rule(customer=customers)
    def asks_for_a_card(self, customer: str) -> None:
        held = self.held.get(customer)
        if held is None or held.state in ("VOIDED", "RETURNED"):
            told: dict[str, Any] = {"form_number": f"F-{self.place.tally['OK']}"}
            if held is not None and self.run(self.cards.now(held.card)).was_issued:
                told["replaces_id"] = held.card.id
            asked = self.attempt(self.cards.request(MANAGER[customer], customer, **told), True)
            self.held[customer] = Held(asked)

    @precondition(lambda self: self.held)
    @rule(customer=customers, start=starts, odd=seldom, who=keepers)
    def takes_one_out(self, customer: str, start: int, odd: bool, who: str) -> None:
        if (held := self.held.get(customer)) is None:
            return
        who = self.who(who, "he")
        (serial,) = self.some(self.model.lying("CDW", "IN_STOCK"), start, 1, odd)
        used = [row["number"] for row in self.book.rows["card"]]
        allowed = (
            KEEPS.get(who) == "CDW"
            and held.state == "REQUESTED"
            and self.custody.product.number(serial) not in used
            and self.model.there({serial}, "CDW", "IN_STOCK")
        )
        if self.attempt(self.with_card(held, self.cards.draft_issue, serial, who), allowed):
            held.state, held.serial = "DRAFTED", serial
            self.about(held, {serial: ("IN_STOCK", "RESERVED")})

    @precondition(lambda self: self.held)
    @rule(customer=customers, who=keepers)
    def gets_it(self, customer: str, who: str) -> None:
        if (held := self.held.get(customer)) is None:
            return
        who = self.who(who, "he")
        allowed = (
            KEEPS.get(who) == "CDW"
            and held.state == "RESERVED"
            and self.model.lies[held.serial].state == "RESERVED"
        )
        if self.attempt(self.with_card(held, self.cards.hand_out, who, customer), allowed):
            held.state = "ISSUED"
            self.model.lies[held.serial] = Lies("CDW", "ISSUED")
            self.place.tally["HANDED OUT"] += 1

    @precondition(lambda self: self.held)
    @rule(customer=customers, who=keepers, void=st.booleans())
    def comes_back(self, customer: str, who: str, void: bool) -> None:
        if (held := self.held.get(customer)) is None or held.serial < 0:
            return
        who, lies = self.who(who, "he"), self.model.lies[held.serial]
        waiting = held.paper is not None and held.paper.open
        if waiting or held.state not in OUT or lies.state not in OUT:
            return
        act = self.cards.void if void else self.cards.give_in
        if self.attempt(self.with_card(held, act, who), KEEPS.get(who) == "CDW"):
            self.about(held, {held.serial: (lies.state, "SPOILED" if void else "RETURNED")})

    async def with_card(self, held: Held, act: Any, *told: Any) -> Any:
        return await act(await self.cards.now(held.card), *told)

    def about(self, held: Held, passages: dict[int, tuple[str, str]]) -> None:
        """The paper that was drafted for a card just now."""
        self.drafted(
            self.run(self.cards.movement(held.card)), {"place": "CDW", "passages": passages, "of_card": True}
        )
        held.paper = self.model.papers[-1]

    def renew(self) -> None:
        """After a step that is several acts."""
        self.book = self.run(checks.read_book())
