"""Card custody as a state machine: whoever tries whatever in whatever order, no card moves without two signatures.

Hypothesis chooses who drafts, signs, countersigns, edits, rejects and reverses what. The model (machine_model.py) says
which acts must succeed; after every step every row of the stock is read (machine_checks.py) and must agree with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from authz import Role
from desk.stock import correcting, signing, transfers
from models.custody import StockState
from models.database import database
from models.institutions import SupervisionLine
from models.movements import StockMovement
from models.orders import CardOrder
from tests.cast import staff_member
from tests.conftest import NOW
from tests.copies import Place
from tests.custody import Custody, designate, line, person, post, spans
from tests.desk.lives import outcome
from tests.desk.stock import machine_checks as checks
from tests.desk.stock.machine_model import (
    CUSTODIANS,
    EVERYBODY,
    KEEPS,
    SUPERVISES,
    Model,
    Order,
    Paper,
    runs,
)

SECOND = dt.timedelta(seconds=1)
ORDERED = 24
places = st.sampled_from(["SC", "SC", "SC", "CDW", "CDW", "NJW"])
keepers = st.sampled_from(["right", "right", "right", "right", "right", *CUSTODIANS])
anybody = st.sampled_from(["right", "right", "right", "right", "right", "right", *EVERYBODY])
states = st.sampled_from(["IN_STOCK"] * 4 + ["SPOILED", "SPOILED", "TO_DESTROY", "MISSING"])
starts, lengths, picks = st.integers(0, 40), st.integers(1, 6), st.integers(0, 30)
seldom = st.sampled_from([False, False, False, False, False, True])
PAPERS = precondition(lambda self: self.model.papers)


class Movements(RuleBasedStateMachine):
    """A bank, a model of its cards, and every act that drafts, signs, alters or ends a movement."""

    place: Place

    def __init__(self) -> None:
        super().__init__()
        self.open = AsyncExitStack()
        self.model = Model()
        self.place.story.bank.now = NOW
        self.url = self.run(self.place.copy())
        self.run(self.open.enter_async_context(database(self.url, pool=2)))
        self.custody = self.run(self.begin())
        self.book = self.run(checks.read_book())

    def teardown(self) -> None:
        self.run(self.open.aclose())
        self.run(self.place.drop(self.url))

    def run(self, work: Awaitable[Any]) -> Any:
        async def done() -> Any:
            return await work

        return self.place.runner.run(done())

    async def begin(self) -> Custody:
        """Two more numbers of Ku's, a second supervisor, and a custodian who is not designated."""
        bank = self.place.story.bank
        custody = await Custody.begin(bank, self.place.story.policy)
        himself = await bank.staff["ku"].person
        for name, role, where in (
            ("ku2", Role.CARD_SUPERVISOR, "SC"),
            ("ku3", Role.CARD_CUSTODIAN, "CDW"),
        ):
            bank.staff[name] = await staff_member(name, "顾库", himself)
            await post(bank, bank.staff[name], role, where)
        bank.staff["xu"] = await person(bank, "xu", "许副", Role.CARD_SUPERVISOR, "SC")
        bank.staff["gu"] = await person(bank, "gu", "谷仓", Role.CARD_CUSTODIAN, "SC")
        await line(bank, "ku2", "ku")
        await line(bank, "zhao", "ku3")
        await designate(bank, "ku3", "CDW")
        for where in ("SC", "NJW"):
            order = await custody.order(ORDERED, where)
            self.model.orders[where] = Order(order.id, where, ORDERED)
        return custody

    def attempt(self, act: Coroutine[Any, Any, Any], allowed: bool) -> Any:
        """Do it. It succeeds exactly when the model allows it, and changes nothing when it is refused."""
        done, code = self.run(outcome(act))
        self.place.tally[code] += 1
        assert (code == "OK") is allowed, f"the act ended with {code}"
        before, self.book = self.book, self.run(checks.read_book())
        assert allowed or self.book == before, f"{code} changed something"
        self.custody.bank.now += SECOND
        return done

    def who(self, named: str, right: str) -> str:
        return right if named == "right" else named

    def some(self, eligible: list[int], start: int, length: int, odd: bool) -> set[int]:
        """Numbers of those that would do, as a rule."""
        if odd or not eligible:
            return set(range(start, start + length))
        return set(eligible[start % len(eligible) :][:length])

    def paper(self, pick: int) -> Paper:
        """Rather one that is not over."""
        waiting = [paper for paper in self.model.papers if paper.open]
        papers = waiting if waiting and pick % 5 else self.model.papers
        return papers[pick % len(papers)]

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
    @rule(pick=picks, stale=seldom, who=anybody)
    def signs(self, pick: int, stale: bool, who: str) -> None:
        self.sign(self.paper(pick), who, stale)

    def sign(self, paper: Paper, who: str, stale: bool = False) -> None:
        who = self.who(who, self.model.keeper(paper.place))
        allowed = not stale and self.model.may_sign(who, paper)
        if self.attempt(self.by(who, signing.sign, self.seen(paper, stale)), allowed):
            paper.state, paper.signer, paper.version = "SIGNED", who, paper.version + 1

    @PAPERS
    @rule(pick=picks, stale=seldom, who=anybody)
    def countersigns(self, pick: int, stale: bool, who: str) -> None:
        self.countersign(self.paper(pick), who, stale)

    def countersign(self, paper: Paper, who: str, stale: bool = False) -> None:
        who = self.who(who, self.model.supervisor(paper.signer or self.model.keeper(paper.place)))
        allowed = not stale and self.model.may_countersign(who, paper)
        if self.attempt(self.by(who, signing.countersign, self.seen(paper, stale)), allowed):
            paper.version, paper.second = paper.version + 1, who
            self.model.post(paper)
            self.place.tally[paper.kind] += 1
            if paper.kind == "ALLOCATE_OUT":
                told = {"place": paper.other, "passages": {}, "other": paper.place, "source": paper}
                self.drafted(self.run(StockMovement.get(source_id=paper.id, kind="ALLOCATE_IN")), told)

    @PAPERS
    @rule(pick=picks, stale=seldom, who=anybody, withdrawn=st.booleans())
    def is_refused(self, pick: int, stale: bool, who: str, withdrawn: bool) -> None:
        paper = self.paper(pick)
        keeper = self.model.keeper(paper.place)
        if withdrawn:
            act, who = signing.withdraw, self.who(who, keeper)
            may = KEEPS.get(who) == paper.place
        else:
            act, who = signing.reject, self.who(who, self.model.supervisor(keeper))
            may = SUPERVISES.get(who) == paper.place
        told = self.seen(paper, stale) | {"reason": "not as it should be"}
        if self.attempt(self.by(who, act, told), may and paper.open and not stale):
            paper.state, paper.version = "REJECTED", paper.version + 1
            self.is_over(paper)

    def is_over(self, paper: Paper) -> None:
        """What hangs on a paper that will not be posted: nothing here."""

    def is_tried_by_everybody(self, paper: Paper) -> None:
        """Signed by the right one; then nobody but his own supervisor may countersign."""
        self.sign(paper, "right")
        for who in EVERYBODY:
            if not self.model.may_countersign(who, paper):
                self.countersign(paper, who)

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

    def seen(self, paper: Paper, stale: bool) -> dict[str, Any]:
        return {"movement_id": paper.id, "version": paper.version - stale}

    async def by(self, who: str, act: Any, told: dict[str, Any]) -> Any:
        return await act(await self.custody.desk(who), **told)

    @invariant()
    def the_book_agrees(self) -> None:
        self.run(checks.check(self.book))
        codes = {str(row.id): code for code, row in self.custody.bank.places.items()}
        found = {number: (codes[at], state) for (_, number), (at, state) in checks.numbers(self.book).items()}
        assert found == {number: (lies.place, lies.state) for number, lies in self.model.lies.items()}
        listed = {str(paper.id): (paper.state, paper.version, paper.passages) for paper in self.model.papers}
        written = {row["id"]: (row["state"], row["version"], {}) for row in self.book.rows["stock_movement"]}
        for row in self.book.rows["movement_line"]:
            passage = row["from_state"], row["to_state"]
            written[row["movement_id"]][2].update(
                dict.fromkeys(range(row["first_serial"], row["last_serial"] + 1), passage)
            )
        assert written == listed
