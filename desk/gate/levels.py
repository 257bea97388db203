"""A level: the rows of one table in one place of a statement; which of them exist, and which are asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING

from authz import Basis, DataClass, Reach, Rung, Visibility
from desk.actors import holding
from desk.gate.cases import CASES
from desk.gate.filters import (
    Key,
    beyond,
    classes_probed,
    keys_of,
    must_be_visible,
    order_sql,
    where_sql,
)
from desk.gate.ladders import Ladder, Outlook, Rungs, among, first_that_applies, stands_on, visible
from desk.gate.predicates import EVERYTHING, Predicates
from desk.gate.profile import Fact, row_customer
from desk.gate.slots import Now
from desk.gate.waiting import waits
from desk.selection import Param, Portfolio, Purpose, Selection
from desk.sights import SIGHTS, Relation, Sight
from models.vocabulary import Level as Height

if TYPE_CHECKING:
    from desk.gate.compiling import Compilation

OF_CUSTOMER = re.compile(r"c\.(?<=\bc\.)")
"""The word c. It begins with a letter, which `re` finds faster than the edge of a word."""
CUSTOMER_JOIN = re.compile(r" ?JOIN customer c ON c\.id = \S+")
UNPAGED = 500
"""Rows of one relation that is asked without a page. More of them need a page."""


@dataclass(slots=True)
class Level:
    """`q<number>` in the statement. `t` is the table itself, and only its own rows see it."""

    work: Compilation
    selection: Selection
    outlooks: tuple[Outlook, ...]
    purpose: Purpose | Param | None
    relation: Relation | None = None
    above: Level | None = None
    sight: Sight = field(init=False)
    predicates: Predicates = field(init=False)
    facts: Level = field(init=False)
    """Whose rows hold the facts that decide about these: themselves, or the customer's that they hang on."""
    probed: set[DataClass] = field(init=False)
    """The classes of which the list itself tells something: by what it is filtered, and by what ordered."""
    keys: tuple[Key, ...] = field(init=False)
    number: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    """Expressions of the row, in the order of x0, x1, ..., and how they are called outside."""
    known: dict[tuple[DataClass, bool], Ladder] = field(default_factory=dict)
    counted: dict[tuple[DataClass, bool], Ladder] = field(default_factory=dict)
    purposes: dict[Purpose | Param, None] = field(default_factory=dict)
    walked: str = ""
    """SQL: this row is an open case before the reader, so that what is below it is read on that basis."""

    def __post_init__(self) -> None:
        self.number = self.work.enter(self)
        self.sight = SIGHTS[self.selection.table]
        self.predicates = Predicates(self.work.slots, self.sight, Now())
        self.probed = classes_probed(self.selection)
        shared = self.above is not None and self.relation is not None and self.relation.same_customer
        self.facts = self.above.facts if shared and self.outlooks is self.above.outlooks else self  # type: ignore[union-attr]
        self.keys = keys_of(self.selection, self.relation.order if self.relation else ())

    @property
    def backwards(self) -> bool:
        return self.selection.page is not None and self.selection.page.backwards

    @property
    def size(self) -> int:
        return self.selection.page.size if self.selection.page else UNPAGED

    def column(self, expression: str) -> str:
        """A value of the row, for what is written outside of the table's own SELECT."""
        found = self.columns.get(expression)
        if found is None:
            found = self.columns[expression] = f"q{self.number}.x{len(self.columns)}"
        return found

    def ladder(self, data_class: DataClass, purposeful: bool) -> Ladder:
        """Where the rows stand for a class. One rung for all: no SQL."""
        found = self.known.get((data_class, purposeful))
        if found is None:
            found = self.known[data_class, purposeful] = self._ladder(data_class, purposeful)
        return found

    def _ladder(self, data_class: DataClass, purposeful: bool) -> Ladder:
        if len(self.outlooks) == 1:
            only = self.outlooks[0].ladder(self.work.policy, self.sight.kind, data_class, purposeful)
            place = self.facts.column(self.work.ladder_text(self.facts.sight, only)) if len(only) > 1 else ""
            return Ladder(self.work.rungs(only), place)
        rungs: tuple[Rung, ...] = ()
        pairs: list[tuple[str, str]] = []
        seen: list[tuple[tuple[Rung, ...], str]] = []
        for outlook in self.outlooks:
            own = outlook.ladder(self.work.policy, self.sight.kind, data_class, purposeful)
            text = next((text for rungs_seen, text in seen if rungs_seen == own), "")
            if not text:
                text = self.work.ladder_text(self.facts.sight, own)
                if rungs:
                    text = f"({text}) + {len(rungs)}"
                seen.append((own, text))
                rungs += own
            pairs.append((outlook.when, text))
        place = self.facts.column(first_that_applies(pairs)) if len(rungs) > 1 else ""
        return Ladder(Rungs.of(rungs), place)

    def reckoned(self, data_class: DataClass, purposeful: bool, counted: bool = True) -> Ladder:
        """The same; if `counted`, the receipt says what became of it."""
        found = self.ladder(data_class, purposeful)
        if counted:
            self.counted[data_class, purposeful] = found
        return found

    def outlooks_below(self) -> tuple[Outlook, ...]:
        """How the rows below these are seen: an open case before who decides it is a basis (domain.md 5.3)."""
        work = self.work
        case = CASES.get(self.selection.table)
        if case is None or not work.profile.has_seat(case.role):
            return self.outlooks
        before_me = work.slots.among(
            self.column("t.submitted_to_path"), Fact("paths_deciding", case.role.value), "text"
        )
        state = self.column("t.state")
        self.walked = f"({state} = '{case.state}' AND {before_me})"
        # One that is not open names nobody, so all that were walked through are one outlook: any of them is open.
        customer = f"CASE WHEN {self.walked} THEN {self.column('t.customer_id')} END"
        work.slots.stand_for(row_customer(self.number), customer)
        through, ordinary = self.outlooks[0], self.outlooks[-1]
        opened = Outlook(
            f"({through.when} OR {self.walked})" if through.when else self.walked,
            work.walked_through(through.actor, self.number),
            ordinary.bases | {Basis.FILING},
        )
        return (opened, ordinary)

    def predicate(self) -> str:
        """SQL: the row exists for these eyes, and is asked."""
        selection, slots = self.selection, self.work.slots
        found = [self.existence()]
        if self.sight.current:
            found.append(self.sight.current)
        if self.sight.alive and self.facts is self:
            found.append(self.sight.alive)
        if selection.ids is not None:
            found.append(slots.any_of("t.id", selection.ids))
        if selection.portfolio is Portfolio.MINE:
            found.append(self.predicates.managed_by(frozenset({self.work.profile.actor.staff_id})))
        elif selection.portfolio is Portfolio.BRANCH:
            found.append(slots.among(self.sight.path or "NULL", Fact("paths"), "text"))
        if selection.awaiting is not None:
            found.append(waits(slots, self.work.policy, selection.table, selection.awaiting))
        for data_class in sorted(self.probed):
            found.append(self.shown(data_class))
        if selection.where is not None:
            found.append(where_sql(slots, selection.table, selection.where, wide=self._wide()))
        if self.relation is not None and self.above is not None:
            found.append(f"{self.relation.remote} = {self.above.column(self.relation.local)}")
            if self.relation.where == "holding":
                found.append(holding("t", slots.bind(Now())))
            elif self.relation.where:
                found.append(self.relation.where)
        return " AND ".join(found)

    def existence(self) -> str:
        """SQL: the row is there for these eyes at all (decisions.md 12)."""
        policy, sight = self.work.policy, self.sight
        pairs = []
        for outlook in self.outlooks:
            if sight.row_class is None:
                text = self._reached(policy.rows_reach(outlook.actor, sight.kind, outlook.bases))
            else:
                rungs = outlook.ladder(policy, self.sight.kind, sight.row_class, self.purpose is not None)
                also = (Visibility.MASKED,) if sight.masked_rows else ()
                text = self._standing(rungs, visible(rungs, *also))
            pairs.append((outlook.when, text))
        return first_that_applies(pairs)

    def _reached(self, reach: Reach) -> str:
        facts = self.facts
        if facts is self:
            return self._within_index(reach)
        if facts.sight.row_class is None and facts.sight.kind is self.sight.kind:
            return EVERYTHING  # the row that these hang on is there by the very same reach
        if reach.nothing or reach.everything:
            return self.predicates.reach(reach)
        return f"{facts.column(f'CASE WHEN {facts.predicates.reach(reach)} THEN 1 ELSE 0 END')} = 1"

    def _within_index(self, reach: Reach) -> str:
        """The reach; of a whole subtree, so written that its page is a range of an index and needs no sorting."""
        (clause, *more) = reach.allow or (None,)
        if clause is None or more or reach.others or clause.low is None or not self.sight.tiers:
            return self.predicates.reach(reach)
        level, institution = self.work.profile.levels.get(clause.low, ("", None))
        # As a CASE the reach decides as ever, but no index on the path and no guess at the range gets in the way of
        # the index that has the order: PostgreSQL takes both conditions for independent, and sorts the whole subtree.
        decided = f"CASE WHEN {self.predicates.reach(reach)} THEN TRUE ELSE FALSE END"
        if level in self.sight.tiers:
            return f"({self.sight.tiers[level]} = {self.work.slots.bind(institution)} AND {decided})"
        return decided if level == Height.HEAD_OFFICE else self.predicates.reach(reach)

    def _standing(self, rungs: tuple[Rung, ...], wanted: list[int]) -> str:
        facts = self.facts
        if facts is self or not wanted or len(wanted) == len(rungs):
            return stands_on(self.predicates, rungs, wanted)
        return among(facts.column(self.work.ladder_text(facts.sight, rungs)), wanted)

    def shown(self, data_class: DataClass) -> str:
        """SQL: the class that a filter or an order names is VISIBLE in the row (decisions.md 4)."""
        policy, purposeful = self.work.policy, self.purpose is not None
        pairs = []
        for outlook in self.outlooks:
            ladder_of = partial(outlook.ladder, policy, self.sight.kind)
            rungs = must_be_visible(ladder_of, data_class, purposeful, self.sight.kind)
            pairs.append((outlook.when, self._standing(rungs, visible(rungs))))
        return first_that_applies(pairs)

    def _wide(self) -> bool:
        """Whether the rows that a filter keeps may be more than those of single branches and named customers."""
        return not any(self._is_narrow(data_class) for data_class in self.probed)

    def _is_narrow(self, data_class: DataClass) -> bool:
        policy, purposeful = self.work.policy, self.purpose is not None
        ladders = [it.ladder(policy, self.sight.kind, data_class, purposeful) for it in self.outlooks]
        return all(
            any(reach.narrow for reach in rungs[number].when)
            for rungs in ladders
            for number in visible(rungs)
        )

    def _from(self, text: str) -> str:
        """The table with what its sight joins; without the customer where nothing speaks of him."""
        bare = self.facts is not self and not OF_CUSTOMER.search(text)
        return _table(self.selection.table, customer=not bare)

    def total(self) -> str:
        predicate = self.predicate()
        return f"(SELECT count(*) FROM {self._from(predicate)} WHERE {predicate})"

    def page(self, limit: int) -> str:
        """The rows of the page, numbered in its order, with whatever was asked of `column`."""
        predicate = self._paged(self.predicate())
        order = order_sql(self.keys, self.backwards)
        columns = ", ".join([*self._columns(), f"ROW_NUMBER() OVER (ORDER BY {order}) AS n"])
        source = self._from(columns + predicate)
        return f"SELECT {columns} FROM {source} WHERE {predicate} ORDER BY {order} LIMIT {limit}"

    def page_of_all(self) -> str:
        """The rows of all parents at once, each numbered among those of its own parent; `p` is the parent's key."""
        assert self.above is not None
        parent = f"q{self.above.number}.k"
        predicate = self._paged(self.predicate())
        number = (
            f"ROW_NUMBER() OVER (PARTITION BY {parent} ORDER BY {order_sql(self.keys, self.backwards)}) AS n"
        )
        columns = ", ".join([*self._columns(), f"{parent} AS p", number])
        # CROSS JOIN: the parents first, then their rows by index, never the other way round.
        rows = f"q{self.above.number} CROSS JOIN {self._from(columns + predicate)}"
        return f"SELECT {columns} FROM {rows} WHERE {predicate}"

    def _paged(self, predicate: str) -> str:
        page = self.selection.page
        if page is None or page.cursor is None:
            return predicate
        return f"{predicate} AND {beyond(self.work.slots, self.keys, self.number, self.backwards)}"

    def single(self) -> str:
        """The one row. By its own key there cannot be two."""
        predicate = self.predicate()
        ids = self.selection.ids
        if (self.relation is not None and self.relation.remote == "t.id") or (ids and len(ids) == 1):
            tail = ""
        else:
            tail = f" ORDER BY {order_sql(self.keys, False)} LIMIT 1"
        columns = ", ".join(self._columns()) or "1 AS x"
        return f"SELECT {columns} FROM {self._from(columns + predicate + tail)} WHERE {predicate}{tail}"

    def _columns(self) -> list[str]:
        return [f"{expression} AS x{number}" for number, expression in enumerate(self.columns)]


@cache
def _table(table: str, *, customer: bool) -> str:
    """A table as `t`, with what its sight joins."""
    joins = SIGHTS[table].joins
    return f"{table} t {joins if customer else CUSTOMER_JOIN.sub('', joins)}".rstrip()
