"""A Selection becomes one statement: rows by reach, cells by ladder, its JSON written by the database, all of it fenced."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from authz import Action, Actor, Basis, DataClass, Policy, Rung
from desk.gate.cases import DECIDERS
from desk.gate.columns import Column, column
from desk.gate.filters import classes_probed
from desk.gate.ladders import Outlook, Rungs
from desk.gate.levels import Level
from desk.gate.pen import Pen
from desk.gate.placing import Beside, Placing, Within
from desk.gate.predicates import Predicates
from desk.gate.profile import Profile
from desk.gate.slots import Now, Slot, Slots, Written
from desk.gate.view import fence
from desk.gate.writing import Writer
from desk.selection import AllOf, AnyOf, Condition, Filter, Not, Param, Purpose, Selection
from desk.shape import Below, Cell, Coded, Codes, Each, Money, Node, Object, One, Part
from desk.sights import SIGHTS, Sight

SECRET = frozenset(
    {
        DataClass.ACCOUNT,
        DataClass.ASSET,
        DataClass.CONTACT,
        DataClass.IDENTITY_DOC,
        DataClass.NAME,
        DataClass.PERSONAL,
        DataClass.SERVICE,
        DataClass.TRANSACTION,
    }
)
"""C2 classes (domain.md 5.2): a read that shows one of their cells leaves a receipt before it is answered."""


class Counted(NamedTuple):
    """A class of the rows of one level, and the rungs that they may stand on."""

    data_class: DataClass
    rungs: tuple[Rung, ...]

    @property
    def varies(self) -> bool:
        return len(self.rungs) > 1


class Floor(NamedTuple):
    """What the runner must know of one level of a statement."""

    table: str
    counted: tuple[Counted, ...]
    purposes: tuple[Purpose | Param, ...]
    walks: bool
    keys: tuple[Column, ...]
    bound: str
    bound_values: tuple[Param, ...]
    cursor: Param | None
    probed: tuple[DataClass, ...]
    """Confidential classes that the list tells of by its filter or its order, whatever it shows."""


@dataclass(frozen=True, slots=True)
class Program:
    """A statement for everybody of one profile; `slots` say where each of its values comes from."""

    text: str
    slots: tuple[Slot | Any, ...]
    floors: tuple[Floor, ...]
    sealed: tuple[tuple[str, str], ...]
    postgres: bool
    searches: bool
    """Whether it depends on the very value which way of reading is quick: one name is rare, another common."""


@dataclass(slots=True)
class Compilation:
    """One statement being written."""

    policy: Policy
    profile: Profile
    postgres: bool
    receipts: bool
    written: Written
    slots: Slots = field(init=False)
    pen: Pen = field(init=False)
    placing: Placing = field(init=False)
    levels: list[Level] = field(default_factory=list)
    sealed: list[tuple[str, str]] = field(default_factory=list)
    walking: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.slots = Slots(self.postgres, self.profile, self.written)
        self.pen = Pen(self.postgres)
        self.placing = Within() if self.postgres else Beside()

    def enter(self, level: Level) -> int:
        self.levels.append(level)
        return len(self.levels) - 1

    def ladder_text(self, sight: Sight, rungs: tuple[Rung, ...]) -> str:
        """SQL for the number of a row's rung. Tables that keep their facts in the same place share it."""
        key = (sight.path, sight.customer, id(rungs))
        known = self.slots.written.get(key)
        if known is None:
            text = Predicates(self.slots, sight, Now()).ladder(rungs)
            known = self.slots.written[key] = (rungs, text)
        return known[1]

    def rungs(self, each: tuple[Rung, ...]) -> Rungs:
        """The rungs with what is reckoned of them, once for all statements of the profile."""
        known = self.written.rungs.get(id(each))
        if known is None:
            known = self.written.rungs[id(each)] = Rungs.of(each)
        return known

    def sealed_cell(self, table: str, name: str) -> int:
        if (table, name) not in self.sealed:
            self.sealed.append((table, name))
        return self.sealed.index((table, name))

    def walked_through(self, actor: Actor, row: int) -> Actor:
        """The stand-in that has an open case as a basis as well."""
        rows = (*self.walking.get(id(actor), ()), row)
        found = self.profile.through(rows)
        self.walking[id(found)] = rows
        return found

    def _fence(self, in_session: bool) -> str:
        """The fence, whose text is the same in all statements of the profile."""
        key = ("the fence", in_session)
        known = self.written.conditions.get(key)
        if known is None:
            known = self.written.conditions[key] = (None, fence(self.slots, in_session))
        return known[1]

    def program(self, selection: Selection, bases: frozenset[Basis], in_session: bool) -> Program:
        assert selection.shape is not None
        outlook = Outlook("", self.profile.actor, bases)
        root = Level(self, selection, (outlook,), selection.purpose)
        found = Writer(self, root).listed(selection.shape)
        text = self.placing.statement(f"{found} AS j WHERE {self._fence(in_session)}")
        text, slots = self.slots.used_in(text)
        return Program(
            text,
            slots,
            tuple(_floor(level) for level in self.levels),
            tuple(self.sealed),
            self.postgres,
            any(isinstance(slot, Slot) and slot.characters for slot in slots),
        )


def compiled(
    selection: Selection,
    policy: Policy,
    profile: Profile,
    bases: frozenset[Basis],
    written: Written,
    *,
    in_session: bool,
    postgres: bool,
) -> Program:
    """The statement of a shaped Selection. FilterRefused when it asks to filter or sort by what is never visible."""
    receipts = _may_show_secrets(selection, policy, profile.actor, bases | {Basis.FILING})
    return Compilation(policy, profile, postgres, receipts, written).program(selection, bases, in_session)


def _may_show_secrets(selection: Selection, policy: Policy, actor: Actor, bases: frozenset[Basis]) -> bool:
    """Whether some row of the answer might show a confidential cell. Then the rows tell who they are."""

    def secret(data_class: DataClass, table: str) -> bool:
        kind = SIGHTS[table].kind
        return data_class in SECRET and (
            decides_cases or not policy.reach(actor, kind, data_class, Action.READ, bases).nothing
        )

    decides_cases = any(seat.role in DECIDERS for seat in actor.seats)

    def probes(asked: Selection) -> bool:
        return bool(classes_probed(asked) & SECRET)

    def shows(node: Node, table: str) -> bool:
        match node:
            case Object(entries):
                return any(shows(child, table) for _, child in entries)
            case Each(row) | One(row):
                return shows(row, table)
            case Part(data_class, _, content):
                return secret(data_class, table) or shows(content, table)
            case Below(_, below):
                return probes(below) or (below.shape is not None and shows(below.shape, below.table))
            case Cell(name) | Coded(name) | Codes(name) | Money(name):
                return secret(column(table, name).data_class, table)
        return False

    return probes(selection) or (selection.shape is not None and shows(selection.shape, selection.table))


def _floor(level: Level) -> Floor:
    selection = level.selection
    cursor = selection.page.cursor if selection.page else None
    assert cursor is None or isinstance(cursor, Param)
    bound, values = _bound(level) if selection.page is not None else ("", ())
    return Floor(
        selection.table,
        tuple([Counted(cls, ladder.rungs.each) for (cls, _), ladder in level.counted.items()]),
        _purposes(level),
        bool(level.walked),
        tuple([col for _, col, _ in level.keys]),
        bound,
        values,
        cursor,
        tuple(sorted(level.probed & SECRET)),
    )


def _bound(level: Level) -> tuple[str, tuple[Param, ...]]:
    """What a cursor of this list is good for, and the values that belong to it. Only a page has cursors."""
    selection = level.selection
    values: list[Param] = []
    where = _described(selection.where, values)
    remote = level.relation.remote if level.relation else ""
    portfolio = selection.portfolio.value
    told = repr((selection.table, remote, where, selection.order, portfolio, selection.awaiting))
    return told, tuple(values)


def _purposes(level: Level) -> tuple[Purpose | Param, ...]:
    """Why these rows were read: what their sections were given, and the list's own purpose where rows are there by it."""
    if level.purpose is None:
        return tuple(level.purposes)
    found = dict(level.purposes)
    if level.sight.row_class is not None or level.probed & SECRET:
        found[level.purpose] = None
    return tuple(found)


def _described(where: Filter | None, values: list[Param]) -> Any:
    """A filter without its values, which are gathered: what a cursor is bound to, whoever asks and in what document."""
    match where:
        case Condition(name, op, value):
            if isinstance(value, Param):
                values.append(value)
                return (name, op.value)
            return (name, op.value, value)
        case AllOf(conditions) | AnyOf(conditions):
            return (type(where).__name__, tuple(_described(condition, values) for condition in conditions))
        case Not(condition):
            return ("Not", _described(condition, values))
    return None
