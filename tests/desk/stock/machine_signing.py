"""The state machine's ground: a bank and its model, and everybody who signs, countersigns or refuses what was drafted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from desk.stock import signing
from models.database import database
from models.movements import StockMovement
from tests.conftest import NOW
from tests.copies import Place
from tests.desk.lives import outcome
from tests.desk.stock import machine_checks as checks
from tests.desk.stock.machine_bank import (
    anybody,
    begun,
    picks,
    seldom,
)
from tests.desk.stock.machine_model import (
    EVERYBODY,
    KEEPS,
    SUPERVISES,
    Model,
    Paper,
)

SECOND = dt.timedelta(seconds=1)
PAPERS = precondition(lambda self: self.model.papers)


class Signing(RuleBasedStateMachine):
    """A bank, a model of its cards, and the acts by which a list is signed, posted or ended."""

    place: Place

    def __init__(self) -> None:
        super().__init__()
        self.open = AsyncExitStack()
        self.model = Model()
        self.place.story.bank.now = NOW
        self.url = self.run(self.place.copy())
        self.run(self.open.enter_async_context(database(self.url, pool=2)))
        self.custody = self.run(begun(self.place, self.model))
        self.book = self.run(checks.read_book())

    def teardown(self) -> None:
        self.run(self.open.aclose())
        self.run(self.place.drop(self.url))

    def run(self, work: Awaitable[Any]) -> Any:
        async def done() -> Any:
            return await work

        return self.place.runner.run(done())

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

    def paper(self, pick: int) -> Paper:
        """Rather one that is not over."""
        waiting = [paper for paper in self.model.papers if paper.open]
        papers = waiting if waiting and pick % 5 else self.model.papers
        return papers[pick % len(papers)]

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
