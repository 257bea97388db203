"""Explanations: the gate's own answer, and changes that really turn it, proven by the interpreter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given, settings

from authz import (
    ORDINARY,
    Basis,
    BasisGrant,
    DataClass,
    Facts,
    Kind,
    Policy,
    ReasonCode,
    Role,
    Seat,
    Visibility,
)
from authz.changes import Change, Fact, Question
from authz.duties import incompatible
from authz.explaining import Explanation, Way, explain
from authz.reasons import EXPLANATIONS
from tests.accepting import GOLDEN, accept
from tests.authz.conformance import QUIET
from tests.authz.interpreter import Interpreter
from tests.authz.matrix import CUSTOMER, HERE, RELATIONS, actor
from tests.authz.worlds import CLASSES, KINDS, World, seeded, worlds

SHIPPED = Policy.load()
Cell = tuple[Kind, DataClass, Facts, bool]


def cells(world: World, rows: int) -> Iterator[Cell]:
    for row, res, cls, purpose in product(world.rows[:rows], KINDS, CLASSES, (False, True)):
        yield res, cls, row, purpose


class Checked:
    """The explanation of one cell, compared with what the interpreter says of it and of every changed question."""

    def __init__(self, world: World, policy: Policy, oracle: Interpreter, cell: Cell) -> None:
        self.world, self.policy, self.oracle = world, policy, oracle
        self.res, self.cls, row, purpose = cell
        self.asked = Question(world.actor, row, world.bases, purpose)
        self.told = explain(policy, world.actor, self.res, self.cls, row, world.bases, purpose)

    def visible(self, asked: Question) -> bool:
        seen, _ = self.oracle.cell(
            asked.actor, self.res, self.cls, asked.bases, asked.facts, asked.purpose_given
        )
        return seen == "VISIBLE"

    def check(self) -> None:
        asked, told = self.asked, self.told
        cell = self.oracle.cell(
            asked.actor, self.res, self.cls, asked.bases, asked.facts, asked.purpose_given
        )
        exists = self.oracle.row(asked.actor, self.res, CLASSES, asked.bases, asked.facts)
        assert (told.visibility, told.reason) == ((cell[0] if exists else "ABSENT"), cell[1])
        assert told.policy_version == self.policy.version
        self.check_changes()
        self.check_steps(exists)
        self.check_sources()

    def check_changes(self) -> None:
        asked, told = self.asked, self.told
        shown = told.visibility is Visibility.VISIBLE
        assert all(self.visible(change.make(asked)) for change in told.opens)
        given = replace(asked, purpose_given=True)
        assert all(self.visible(change.make(given)) for change in told.opens_with_purpose)
        assert not any(self.visible(change.make(asked)) for change in told.closes)
        assert not (told.opens and told.closes)
        order = list(Fact)
        for changes in (told.opens, told.opens_with_purpose, told.closes):
            places = [order.index(change.fact) for change in changes]
            assert places == sorted(places)
        if shown:
            assert told.opens == told.opens_with_purpose == ()
            assert told.request is None
        else:
            assert Counter(change.fact for change in told.opens) == self.openings()

    def openings(self) -> Counter[Fact]:
        """All single facts that open the cell, tried one by one without authz/changes.py."""
        me, row, bases = self.asked.actor, self.asked.facts, self.asked.bases
        tried: list[tuple[Fact, Question]] = [(Fact.PURPOSE, replace(self.asked, purpose_given=True))]
        if not bases >= ORDINARY:
            tried.append((Fact.PATH, replace(self.asked, bases=bases | ORDINARY)))
        for basis in (Basis.CASE, Basis.CONSENT, Basis.FILING, Basis.LAW):
            walked = replace(self.asked, bases=bases | {basis})
            if any((b.basis, b.customer_id) == (basis, row.customer_id) for b in me.bases):
                tried.append((Fact.PATH, walked))
            elif row.customer_id:
                more = replace(me, bases=(*me.bases, BasisGrant(basis, UUID(int=5), row.customer_id)))
                tried.append((Fact.BASIS, replace(walked, actor=more)))
        if me.staff_id not in row.managers:
            mine = replace(row, managers=row.managers | {me.staff_id})
            tried.append((Fact.ASSIGNMENT, replace(self.asked, facts=mine, bases=bases | {Basis.ASSIGNMENT})))
        if row.managers and row.managers.isdisjoint(me.delegated):
            deputy = replace(me, delegated=me.delegated | set(list(row.managers)[:1]))
            tried.append(
                (Fact.DELEGATION, replace(self.asked, actor=deputy, bases=bases | {Basis.DELEGATION}))
            )
        for path in {seat.path for seat in me.seats} - {row.path, ""}:
            tried.append((Fact.OWNER, replace(self.asked, facts=replace(row, path=path))))
        for role in Role if (row.path or "").endswith("/") else ():
            if any((seat.role, seat.path) == (role, row.path) for seat in me.seats):
                continue
            if incompatible({role, *(seat.role for seat in me.seats)}) is None:
                sitting = replace(me, seats=(*me.seats, Seat(role, row.path or "", UUID(int=5))))
                tried.append((Fact.SEAT, replace(self.asked, actor=sitting)))
        if row.customer_id in me.recused:
            tried.append((Fact.RECUSAL, replace(self.asked, actor=replace(me, recused=frozenset()))))
        return Counter(fact for fact, asked in tried if self.visible(asked))

    def check_steps(self, exists: bool) -> None:
        row, *rungs = self.told.steps
        assert (row.held, row.source is not None) == (exists, exists)
        assert [step.held for step in rungs] == [False] * (len(rungs) - 1) + [True]
        assert rungs[-1].reason is self.told.reason
        assert rungs[-1].source == self.told.deciding
        assert all(step.question.endswith("?") and step.chinese.endswith("？") for step in self.told.steps)

    def check_sources(self) -> None:
        told, asked = self.told, self.asked
        lines = self.world.text.splitlines()
        for source in (told.deciding, told.masking, *(step.source for step in told.steps)):
            if source is not None:
                assert lines[source.line - 1] == source.text
                assert source.seat is None or any(source.seat is seat for seat in asked.actor.seats)
        assert (told.masking is not None) is (told.visibility is Visibility.MASKED)
        for source, act in ((told.deciding, "read"), (told.masking, "read_masked")):
            if source is None or (act == "read" and told.visibility is not Visibility.VISIBLE):
                continue
            question = (asked.actor, self.res, self.cls, act, source.basis, asked.facts)
            assert self.oracle.one(*question)
            words = tuple(source.text.split(", ")[1:])
            assert any(
                rule == words and seat is source.seat for rule, seat in self.oracle.matching(*question)
            )


def test_every_cell_of_generated_worlds_is_explained_and_every_change_turns_it() -> None:
    met: Counter[tuple[str, object]] = Counter()
    for number in range(40):
        world = seeded(number)
        policy, oracle = Policy.of(world.text), Interpreter(world.text)
        for cell in cells(world, 2):
            checked = Checked(world, policy, oracle, cell)
            checked.check()
            told = checked.told
            met["visibility", told.visibility] += 1
            met.update({("opens", fact): 1 for fact in {change.fact for change in told.opens}})
            met.update({("closes", fact): 1 for fact in {change.fact for change in told.closes}})
            met["with purpose", bool(told.opens_with_purpose)] += 1
            if told.request:
                met["way", told.request.way] += 1
    expected = {("opens", fact) for fact in Fact}
    expected |= {("closes", fact) for fact in Fact if fact is not Fact.RECUSAL}
    expected |= {("visibility", seen) for seen in Visibility} | {("way", way) for way in Way}
    assert expected | {("with purpose", True)} <= met.keys(), expected - met.keys()


@settings(max_examples=25, deadline=None, suppress_health_check=QUIET)
@given(worlds())
def test_worlds_of_hypothesis_are_explained_too(world: World) -> None:
    policy, oracle = Policy.of(world.text), Interpreter(world.text)
    for cell in cells(world, 1):
        Checked(world, policy, oracle, cell).check()


def test_a_supposed_actor_displaces_nobody() -> None:
    policy, me = Policy.load(), actor(Role.CUST_MGR, None, False)
    row = RELATIONS["own"][0]
    policy.profile(me, Kind.CUSTOMER, DataClass.ASSET)
    kept = dict(policy._actors)
    explain(policy, me, Kind.CUSTOMER, DataClass.ASSET, row, ORDINARY, False)
    assert policy._actors.keys() == kept.keys()


def of(role: Role, relation: str, cls: DataClass = DataClass.ASSET, purpose: bool = False) -> Explanation:
    row, bases, basis, recused = RELATIONS[relation]
    return explain(SHIPPED, actor(role, basis, recused), Kind.CUSTOMER, cls, row, bases, purpose)


@pytest.mark.parametrize(
    ("role", "relation", "cls", "way", "reason"),
    [
        (Role.CUST_MGR, "assigned", DataClass.ASSET, Way.PURPOSE, ReasonCode.PURPOSE_REQUIRED),
        (Role.CUST_MGR, "own", DataClass.CONTACT, Way.DELEGATION, ReasonCode.NOT_ASSIGNED),
        (Role.CUST_MGR, "own", DataClass.ASSET, Way.DELEGATION, ReasonCode.NOT_ASSIGNED),
        (Role.CUST_MGR, "other", DataClass.NAME, Way.TRANSFER, ReasonCode.OTHER_BRANCH),
        (Role.CUST_MGR, "recused", DataClass.NAME, Way.COLLEAGUE, ReasonCode.RECUSED),
        (Role.FILING_RECORDER, "child", DataClass.ASSET, Way.BASIS, ReasonCode.BASIS_REQUIRED),
        (Role.PB_OFFICER, "child", DataClass.ASSET, Way.COLLEAGUE, ReasonCode.AGGREGATES_ONLY),
        (Role.TELLER, "own", DataClass.NAME, Way.ROLE, ReasonCode.ROLE_WITHOUT_ACCESS),
        (Role.SYS_ADMIN, "own", DataClass.NAME, Way.COLLEAGUE, ReasonCode.ROLE_WITHOUT_ACCESS),
    ],
)
def test_the_request_is_filled_in_with_the_way_of_the_remedy(
    role: Role, relation: str, cls: DataClass, way: Way, reason: ReasonCode
) -> None:
    told = of(role, relation, cls)
    assert told.reason is reason
    assert told.request is not None
    assert told.request.way is way
    assert (told.request.customer_id, told.request.data_class) == (CUSTOMER, cls)
    assert told.request.remedy == EXPLANATIONS[reason].remedy
    assert told.request.remedy_chinese == EXPLANATIONS[reason].remedy_chinese


def test_the_seat_and_the_authority_behind_an_answer() -> None:
    told = of(Role.COMPLIANCE, "case")
    assert told.visibility is Visibility.VISIBLE
    assert told.deciding is not None
    assert told.deciding.text == "p, compliance, by_basis, customer, ASSET, read, case, allow"
    assert (told.deciding.basis, told.deciding.basis_id) == (Basis.CASE, UUID(int=7))
    assert told.deciding.seat is not None
    assert told.deciding.seat.path == HERE
    assert [change.fact for change in told.closes] == [Fact.PATH, Fact.BASIS, Fact.SEAT]


def line(change: Change) -> str:
    return f"{change.fact}: {change.sentence} {change.chinese}"


def shown(role: Role, relation: str, cls: DataClass, purpose: bool) -> Iterator[str]:
    told = of(role, relation, cls, purpose)
    yield f"== {role}, {relation}, {cls}{', with a purpose' if purpose else ''}: {told.visibility} {told.reason or ''}"
    yield f"{told.sentence} {told.chinese} {told.article}".rstrip()
    for step in told.steps:
        rule = f"  [{step.source.text}]" if step.source else ""
        yield f"  {'yes' if step.held else 'no ':<4}{step.question} {step.chinese}{rule}"
    for name, source in (("decided by", told.deciding), ("masked by", told.masking)):
        if source:
            yield f"  {name}: {source.text}; seat {source.seat.role if source.seat else 'none'}; {source.basis}"
    for name, changes in (
        ("opens", told.opens),
        ("opens with a purpose", told.opens_with_purpose),
        ("closes", told.closes),
    ):
        yield from (f"  {name}: {line(change)}" for change in changes)
    if told.request:
        yield f"  ask for {told.request.way}: {told.request.remedy} {told.request.remedy_chinese}"
    yield ""


def test_explanations_of_the_shipped_policy_read_as_accepted() -> None:
    head = (
        "What a person reads when he asks why a cell is to him what it is, by the shipped policy. The relations are\n"
        "those of matrix.txt. Written by `make accept`.\n"
    )
    roles = (Role.CUST_MGR, Role.WC_HEAD, Role.PB_OFFICER, Role.FILING_RECORDER, Role.TELLER, Role.SYS_ADMIN)
    lines = [head]
    for role, relation in product(roles, ("assigned", "own", "recused", "other", "filing")):
        lines += shown(role, relation, DataClass.ASSET, False)
    for relation in ("assigned", "deputy", "child"):
        lines += shown(Role.CUST_MGR, relation, DataClass.TRANSACTION, True)
    for role, relation in (
        (Role.COMPLIANCE, "case"),
        (Role.LEGAL_LIAISON, "law"),
        (Role.PARTNER_STAFF, "consent"),
    ):
        lines += shown(role, relation, DataClass.NAME, False)
    accept(GOLDEN / "explain.txt", "\n".join(lines))
