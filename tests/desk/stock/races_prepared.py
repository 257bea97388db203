"""What stands ready before people run: papers that are signed once, in one go for all rounds, as their acts would leave
them. The database's own guards let nothing through that is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.cards import Card
from models.custody import CardState, MovementKind, MovementState, SignatureStep, StockState
from models.membership import Membership
from models.movements import MovementLine, Signature, StockMovement
from models.serials import Range
from tests.custody import Custody
from tests.desk.stock.racing import Attempt, Outcome, Racers
from tests.summary import RecordProperty

AT_ONCE = 400
BECOMES = {
    MovementKind.VOID: StockState.SPOILED,
    MovementKind.ADJUST: StockState.MISSING,
    MovementKind.ALLOCATE_OUT: StockState.IN_TRANSIT,
    MovementKind.RECEIPT: StockState.IN_STOCK,
}


@dataclass(slots=True)
class Arena:
    """One database, the cast, both workers, and a clock that goes on by a second a round."""

    custody: Custody
    racers: Racers
    record: RecordProperty
    ran: int = 0

    def person(self, who: str) -> Any:
        return self.custody.bank.staff[who]

    def attempt(self, act: str, who: str, **told: Any) -> Attempt:
        return Attempt(act, self.person(who).id, told)

    def signing(self, act: str, who: str, paper: StockMovement, **told: Any) -> Attempt:
        return self.attempt(act, who, movement_id=paper.id, version=paper.version, **told)

    async def race(self, attempts: Sequence[Attempt]) -> list[Outcome]:
        self.custody.bank.now += dt.timedelta(seconds=1)
        outcomes = await self.racers.race(attempts, self.custody.bank.now)
        self.ran += 1
        self.record("rounds", self.ran)
        self.record("attempts", self.racers.attempts)
        surprises = [it.code for it in outcomes if it.code.startswith("!")]
        assert not surprises, surprises[0]
        return outcomes

    async def papers(
        self,
        kind: MovementKind,
        lists: Sequence[Range],
        place: str = "SC",
        who: str = "ku",
        *,
        signed: bool = True,
        **more: Any,
    ) -> list[StockMovement]:
        """A movement for each list: drafted by the custodian, and signed by him."""
        was = "" if kind is MovementKind.RECEIPT else StockState.IN_STOCK
        made = [(self._paper(kind, one, place, who, **more), one) for one in lists]
        lines = [_line(paper, one, was, BECOMES[kind]) for paper, one in made]
        return await self.written([paper for paper, _ in made], lines, who, signed=signed)

    def _paper(self, kind: MovementKind, one: Range, place: str, who: str, **more: Any) -> StockMovement:
        return StockMovement(
            kind=kind,
            state=MovementState.DRAFT,
            product_id=self.custody.product.id,
            institution_id=self.custody.place(place).id,
            quantity=one.quantity,
            drafted_at=self.custody.bank.now,
            drafted_by_id=self.person(who).id,
            **more,
        )

    async def reversals(self, posted: Sequence[StockMovement]) -> list[StockMovement]:
        """Of transfers that are under way."""
        made = []
        for sent in posted:
            line = await MovementLine.get(movement_id=sent.id)
            paper = self._paper(
                MovementKind.REVERSE, line.range, "SC", "ku", source_id=sent.id, other_id=sent.other_id
            )
            made.append((paper, _line(paper, line.range, StockState.IN_TRANSIT, StockState.IN_STOCK)))
        return await self.written([paper for paper, _ in made], [line for _, line in made], "ku")

    async def arrivals(self, posted: Sequence[StockMovement]) -> list[StockMovement]:
        """What waits at the centre, counted and signed by its custodian."""
        papers, lines = [], []
        for sent in posted:
            line = await MovementLine.get(movement_id=sent.id)
            paper = await self.custody.arrival(sent)
            papers.append(paper)
            lines.append(_line(paper, line.range, StockState.IN_TRANSIT, StockState.IN_STOCK))
        return await self.written(papers, lines, "he", new=False)

    async def written(
        self,
        papers: list[StockMovement],
        lines: list[MovementLine],
        who: str,
        *,
        signed: bool = True,
        new: bool = True,
    ) -> list[StockMovement]:
        for paper, line in zip(papers, lines, strict=True):
            paper.digest = paper.content([line])
        if new:
            await StockMovement.bulk_create(papers, batch_size=AT_ONCE)
        else:
            await StockMovement.bulk_update(papers, fields=["digest"], batch_size=AT_ONCE)
        await MovementLine.bulk_create(lines, batch_size=AT_ONCE)
        if signed:
            await Signature.bulk_create([self._signature(paper, who) for paper in papers], batch_size=AT_ONCE)
            for paper in papers:
                paper.state, paper.version = MovementState.SIGNED, 2
            await StockMovement.bulk_update(papers, fields=["state", "version"], batch_size=AT_ONCE)
        return papers

    def _signature(self, paper: StockMovement, who: str) -> Signature:
        staff = self.person(who)
        return Signature(
            movement_id=paper.id,
            step=SignatureStep.SIGN,
            staff_id=staff.id,
            person_id=staff.person_id,
            for_staff_id=staff.id,
            institution_id=paper.institution_id,
            digest=paper.digest,
            signed_at=self.custody.bank.now,
        )

    async def requests(self) -> list[Card]:
        """Of Zhou and of Qian, anew: whatever was under way for them came to nothing."""
        await Card.exclude(state=CardState.REFUSED).update(state=CardState.REFUSED)
        made = []
        for customer, manager in (("zhou", "lin"), ("qian", "luo")):
            row, asker = self.custody.bank.customers[customer], self.person(manager)
            card = Card(
                product_id=self.custody.product.id,
                customer_id=row.id,
                membership_id=(await Membership.get(customer_id=row.id)).id,
                issuer_id=self.custody.place("CDW").id,
                form_number="F-1",
                form_signed_on=self.custody.bank.now.date(),
                requested_at=self.custody.bank.now,
                requested_by_id=asker.id,
                requested_person_id=asker.person_id,
            )
            await card.request(now=self.custody.bank.now, by=asker.id)
            made.append(card)
        return made


def _line(paper: StockMovement, one: Range, was: str, becomes: StockState) -> MovementLine:
    return MovementLine(
        movement_id=paper.id,
        product_id=paper.product_id,
        first_serial=one.first,
        last_serial=one.last,
        quantity=one.quantity,
        from_state=was,
        to_state=becomes,
    )
