"""Card custody as a state machine: whoever tries whatever in whatever order, no card moves without two signatures.

Hypothesis chooses who drafts, signs, countersigns, edits, rejects and reverses what. The model (machine_model.py) says
which acts must succeed; after every step every row of the stock is read (machine_checks.py) and must agree with it.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from desk.stock import correcting, transfers
from models.custody import StockState
from models.institutions import SupervisionLine
from models.movements import StockMovement
from models.orders import CardOrder
from tests.custody import spans
from tests.desk.stock.machine_bank import (
    keepers,
    lengths,
    picks,
    places,
    seldom,
    starts,
    states,
)
from tests.desk.stock.machine_model import (
    KEEPS,
    Paper,
    runs,
)
from tests.desk.stock.machine_signing import PAPERS, SECOND, Signing


class Movements(Signing):
    """And every act that drafts or alters a movement."""

    def some(self, eligible: list[int], start: int, length: int, odd: bool) -> set[int]:
        """Numbers of those that would do, as a rule."""
        if odd or not eligible:
            return set(range(start, start + length))
        return set(eligible[start % len(eligible) :][:length])

    def drafted(self, done: StockMovement | None, paper: dict[str, Any]) -> None:
        if done is not None:
            self.model.papers.append(Paper(id=done.id, kind=done.kind, **paper))

    @initialize(arrives=st.integers(0, 3), then=st.sampled_from(["", "a void card", "a mistake"]))
    def begins(self, arrives: int, then: str) -> None:
        """With cards at the branch, and most often some at the centre, or on their way; and a void card, or a mistake that
        is put right."""
        self.receives("SC", 0, 12, 1, "right")
        self.finishes(0)
        if arrives:
            self.sends("SC", "CDW", "IN_STOCK", 0, 6, False, "right")
            for _ in range(arrives):
                self.goes_on_as_usual(1)
        if then == "a void card":
            self.changes("SC", "IN_STOCK", "SPOILED", 3, 2, False, "right")
            self.finishes(0)
        elif then:
            self.reverses(1, "right")
            self.is_tried_by_everybody(self.model.papers[-1])
            self.go_on(self.model.papers[-1])

    @rule(pick=picks)
    def finishes(self, pick: int) -> None:
        """A paper that waits, to its end: that of a transfer is two papers."""
        for _ in range(2):
            if any(paper.open for paper in self.model.papers):
                self.goes_on_as_usual(5 * pick + 1)

    # What is drafted.

    @rule(
        at=st.sampled_from(["SC", "SC", "NJW"]),
        start=starts,
        length=lengths,
        spoiled=st.integers(0, 2),
        who=keepers,
    )
    def receives(self, at: str, start: int, length: int, spoiled: int, who: str) -> None:
        who, order = self.who(who, self.model.keeper(at)), self.model.orders[at]
        numbers, bad = range(start, start + length), range(start, start + min(spoiled, length))
        allowed = self.model.may_receive(who, order, set(numbers))
        row = self.run(CardOrder.get(id=order.id))
        act = self.custody.receipt(row, *runs(numbers), who=who, defects=spans(*runs(bad)))
        passages = {n: ("", "SPOILED" if n in bad else "IN_STOCK") for n in numbers}
        self.drafted(self.attempt(act, allowed), {"place": at, "passages": passages, "order": order})

    @rule(at=places, to=places, state=states, start=starts, length=lengths, odd=seldom, who=keepers)
    def sends(self, at: str, to: str, state: str, start: int, length: int, odd: bool, who: str) -> None:
        who = self.who(who, self.model.keeper(at))
        numbers = self.some(self.model.lying(at, state), start, length, odd)
        allowed = self.model.may_send(who, at, to, numbers, state)
        act = self.custody.allocation(*runs(numbers), who=who, place=at, to=to, state=StockState(state))
        passages = dict.fromkeys(numbers, (state, "IN_TRANSIT"))
        self.drafted(self.attempt(act, allowed), {"place": at, "passages": passages, "other": to})

    @rule(at=places, was=states, becomes=states, start=starts, length=lengths, odd=seldom, who=keepers)
    def changes(self, at: str, was: str, becomes: str, start: int, length: int, odd: bool, who: str) -> None:
        who = self.who(who, self.model.keeper(at))
        numbers = self.some(self.model.lying(at, was), start, length, odd)
        allowed = (
            KEEPS.get(who) == at
            and (StockState(was), StockState(becomes)) in correcting.CHANGES
            and self.model.there(numbers, at, was)
        )
        act = self.custody.change(
            *runs(numbers), was=StockState(was), becomes=StockState(becomes), who=who, place=at
        )
        passages = dict.fromkeys(numbers, (was, becomes))
        self.drafted(self.attempt(act, allowed), {"place": at, "passages": passages})

    @PAPERS
    @rule(pick=picks, who=keepers)
    def reverses(self, pick: int, who: str) -> None:
        posted = [paper for paper in self.model.papers if paper.state == "POSTED"]
        paper = posted[pick % len(posted)] if posted else self.paper(pick)
        who = self.who(who, self.model.keeper(paper.place))
        allowed = self.model.may_reverse(who, paper)
        row = self.run(StockMovement.get(id=paper.id))
        back = {number: (becomes, was) for number, (was, becomes) in paper.passages.items()}
        told = {"place": paper.place, "passages": back, "other": paper.other, "source": paper}
        self.drafted(self.attempt(self.custody.reversal(row, who), allowed), told)

    # What becomes of it.

    @PAPERS
    @rule(pick=picks, start=starts, length=lengths, odd=seldom, stale=seldom, who=keepers)
    def edits(self, pick: int, start: int, length: int, odd: bool, stale: bool, who: str) -> None:
        paper = self.paper(pick)
        who = self.who(who, self.model.keeper(paper.place))
        was, becomes = next(iter(paper.passages.values()), ("", ""))
        numbers = self.some(self.model.lying(paper.place, was), start, length, odd)
        told = self.seen(paper, stale) | {"ranges": spans(*runs(numbers))}
        allowed = not stale and self.model.may_edit(who, paper, numbers)
        if self.attempt(self.by(who, correcting.edit, told), allowed):
            paper.rewritten(dict.fromkeys(numbers, (was, becomes)))

    @PAPERS
    @rule(pick=picks, start=starts, length=lengths, odd=seldom, stale=seldom, who=keepers)
    def counts(self, pick: int, start: int, length: int, odd: bool, stale: bool, who: str) -> None:
        arrivals = [paper for paper in self.model.papers if paper.kind == "ALLOCATE_IN"]
        if arrivals:
            other = set(range(start, start + length)) if odd else None
            self.count(arrivals[pick % len(arrivals)], who, stale, other)

    def count(self, paper: Paper, who: str, stale: bool = False, other: set[int] | None = None) -> None:
        assert paper.source is not None
        who, numbers = self.who(who, self.model.keeper(paper.place)), other or set(paper.source.passages)
        told = self.seen(paper, stale) | {"ranges": spans(*runs(numbers))}
        allowed = not stale and self.model.may_count(who, paper, numbers)
        if self.attempt(self.by(who, transfers.list_arrival, told), allowed):
            sent = paper.source.passages.items()
            paper.rewritten({n: ("IN_TRANSIT", transfers.arrives_as(was)) for n, (was, _) in sent})

    @PAPERS
    @rule(pick=picks)
    def goes_on_as_usual(self, pick: int) -> None:
        """So that many papers are posted."""
        self.go_on(self.paper(pick))

    def go_on(self, paper: Paper) -> None:
        if paper.kind == "ALLOCATE_IN" and paper.open and not paper.passages:
            self.count(paper, "right")
        if paper.state == "DRAFT":
            self.sign(paper, "right")
        if paper.state == "SIGNED":
            self.countersign(paper, "right")

    @rule()
    def supervision_passes_on(self) -> None:
        """Ku's line goes from Jian to Xu, or back. What Ku has signed then waits for the other."""
        old, new = ("jian", "xu") if "jian" in self.model.line["ku"] else ("xu", "jian")
        self.model.line["ku"] = self.model.line["ku"] - {old} | {new}
        self.run(self.pass_on(old, new))
        self.custody.bank.now += SECOND

    async def pass_on(self, old: str, new: str) -> None:
        bank = self.custody.bank
        told = {"staff_id": bank.staff["ku"].id, "ended_at": None}
        held = await SupervisionLine.get(supervisor_id=bank.staff[old].id, **told)
        await held.end(at=bank.now, now=bank.now, by=None, reason="rotation")
        await SupervisionLine.create(
            supervisor_id=bank.staff[new].id, staff_id=bank.staff["ku"].id, valid_from=bank.now, recorded_at=bank.now
        )  # fmt: skip
