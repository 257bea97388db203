"""Why a cell of a row is to a person what it is: the gate's own policy, asked about the facts of that row.

Anybody may have his own answer explained. Another person's needs EXPLAIN on one of his current places, and is an act of
its own in the trail, refusals too (docs/roles.md). An explanation holds no value of the row, no manager and no place of a
customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from tortoise.transactions import in_transaction

from authz import ORDINARY, Action, Actor, Basis, BasisGrant, DataClass, Facts, Kind, Policy, Visibility
from authz import explaining as policy_explaining
from authz.explanation import Explanation, Source
from desk.actors import Sitter, holding, sit
from desk.desk import Desk
from desk.dialect import Statement, as_uuid, fetch, is_postgres
from desk.errors import Forbidden, NotFound, Unauthenticated
from desk.gate.cases import CASES
from desk.gate.facts import RowFacts, facts_of
from desk.gate.view import View
from desk.selection import Selection
from desk.trail import ALLOW, Entry
from models.errors import Refusal
from models.vocabulary import Department

EXPLAIN = "explain"
CASE_TABLES = frozenset(CASES)


class NotAtWork(Refusal):
    """Who has left or is suspended is shown nothing at all, whatever the policy says of his roles."""

    code = "NOT_AT_WORK"
    article = "11"


@dataclass(frozen=True, slots=True)
class Asked:
    """One cell: of which row, of which class, with a purpose or without, and as seen through which case."""

    table: str
    row_id: UUID
    data_class: DataClass
    purpose_given: bool = False
    case_id: UUID | None = None
    """A filing, or an exception."""


@dataclass(frozen=True, slots=True)
class Explained:
    """The explanation, whose it is, and the institutions of the roles that it names (code and name)."""

    explanation: Explanation
    staff_id: UUID
    number: str
    places: Mapping[UUID, tuple[str, str]]
    cases: Mapping[UUID, str]
    """Of which table each case is that may be named as a basis."""


@dataclass(frozen=True, slots=True)
class _Eyes:
    """A person before the row: the actor with the open cases that are before him, and the bases that he walks."""

    policy: Policy
    actor: Actor
    bases: frozenset[Basis]
    purpose_given: bool

    def stands(self, kind: Kind, data_class: DataClass, facts: Facts) -> Visibility:
        rungs = self.policy.profile(self.actor, kind, data_class, self.bases, self.purpose_given)
        return next(rung for rung in rungs if rung.holds(facts)).visibility

    def reach(self, kind: Kind, facts: Facts) -> bool:
        return self.policy.rows_reach(self.actor, kind, self.bases).covers(facts)

    def exists(self, row: RowFacts) -> bool:
        """Is the row there for him? As the gate decides it (desk/gate/levels.py)."""
        sight = row.sight
        if sight.row_class is None:
            return self.reach(sight.kind, row.facts)
        seen = self.stands(sight.kind, sight.row_class, row.facts)
        return seen is Visibility.VISIBLE or (sight.masked_rows and seen is Visibility.MASKED)


async def explain(desk: Desk, asked: Asked, staff_id: UUID | None = None) -> Explained:
    """Explain a cell for the desk's own person, or for `staff_id`.

    NotFound when the row, the case or the other person is absent, or the row does not exist for who asks, whoever it
    is explained for. Forbidden without EXPLAIN on a place where the other holds a role now; NOT_AT_WORK when the other
    has no access at all. A row that exists for who asks, but not for the other, is told as ABSENT, with the reason.
    """
    at_work = desk.working_on(EXPLAIN)
    other = staff_id if staff_id != desk.staff_id else None
    try:
        subject, told, cases = await at_work.look_again(lambda: _look(at_work, asked, other))
    except (NotFound, Forbidden, Refusal) as refused:
        resource, object_id = ("staff", other) if other else (asked.table, asked.row_id)
        await at_work.refuse(resource, refused.code, object_id=object_id)
        raise
    return Explained(told, subject.actor.staff_id, subject.number, await _places(at_work, told), cases)


async def _look(desk: Desk, asked: Asked, other: UUID | None) -> tuple[Sitter, Explanation, dict[UUID, str]]:
    theirs = await _sitter(desk, other) if other else None
    also = View(desk.policy, theirs, theirs.actor, desk.now, None) if theirs is not None else None
    row = await facts_of(asked.table, asked.row_id, desk.view(), also, walked=asked.case_id)
    me = _eyes(desk.policy, desk.actor, row, asked)
    if row is None or not me.exists(row):
        raise NotFound
    # Nor is anybody told of a case that does not exist for him.
    row = replace(row, cases=tuple(it for it in row.cases if me.reach(CASES[it.table].kind, row.facts)))
    cases = {case.id: case.table for case in row.cases}
    if asked.case_id is not None and asked.case_id not in cases:
        raise NotFound
    if other is None:
        return desk.sitter, _told(me, me, row, asked), cases
    await _must_be_allowed(desk, other)
    if theirs is None:
        raise NotAtWork("This person has left or is suspended, so nothing is shown to him at present.")
    told = _told(_eyes(desk.policy, theirs.actor, row, asked), me, row, asked)
    async with in_transaction():
        await desk.record(_entry(other, row, asked, told))
    return theirs, told, cases


async def _sitter(desk: Desk, staff_id: UUID) -> Sitter | None:
    """The other's rights now; None when he may not work here, or is nobody."""
    try:
        return await sit(staff_id, desk.now)
    except Unauthenticated:
        return None


def _eyes(policy: Policy, actor: Actor, row: RowFacts | None, asked: Asked) -> _Eyes:
    """The gate makes an open case before who decides it a basis for what is below it; so do these eyes."""
    purposeful = asked.purpose_given
    if row is None or row.facts.customer_id is None:
        return _Eyes(policy, actor, ORDINARY, purposeful)
    posts = {(seat.role, seat.path) for seat in actor.seats if seat.department == Department.PERSONAL_BANKING}
    before = [
        case.id
        for case in row.cases
        if case.open
        and (CASES[case.table].role, case.path) in posts
        and policy.rows_reach(actor, CASES[case.table].kind).covers(row.facts)
    ]
    if not before:
        return _Eyes(policy, actor, ORDINARY, purposeful)
    before.sort(key=lambda id: (id != asked.case_id, id))
    grants = [BasisGrant(Basis.FILING, id, row.facts.customer_id) for id in before]
    walks = before[0] == asked.case_id
    return _Eyes(
        policy,
        replace(actor, bases=(*actor.bases, *grants)),
        ORDINARY | {Basis.FILING} if walks else ORDINARY,
        purposeful,
    )


def _told(his: _Eyes, mine: _Eyes, row: RowFacts, asked: Asked) -> Explanation:
    """The explanation for his eyes, with what may be told to mine."""
    facts, sight = row.facts, row.sight
    if mine.stands(Kind.CUSTOMER, DataClass.VIP_STATUS, facts) is not Visibility.VISIBLE:
        # Whether there are other managers is VIP_STATUS; the answer does not turn on them.
        rests_on = {his.actor.staff_id, *his.actor.delegated}
        facts = replace(facts, managers=facts.managers & rests_on)
    exists = his.exists(row)
    told = policy_explaining.explain(
        his.policy,
        his.actor,
        sight.kind,
        asked.data_class if exists or sight.row_class is None else sight.row_class,
        facts,
        his.bases,
        his.purpose_given,
    )
    if not exists:
        first, *tried = told.steps
        absent = replace(first, held=False, source=None)
        told = replace(told, visibility=Visibility.ABSENT, masking=None, steps=(absent, *tried))
    if told.request is not None and not mine.reach(Kind.CUSTOMER, row.facts):
        told = replace(told, request=replace(told.request, customer_id=None))
    return told


async def _must_be_allowed(desk: Desk, staff_id: UUID) -> None:
    """NotFound when there is no such person; Forbidden unless one of his places now is within EXPLAIN's reach."""
    s = Statement(is_postgres())
    at = s.bind(desk.now)
    rows = await fetch(
        s,
        "SELECT i.acting_path AS path FROM staff f"
        f" LEFT JOIN assignment a ON a.staff_id = f.id AND {holding('a', at)}"
        f" LEFT JOIN institution i ON i.id = a.institution_id WHERE f.id = {s.bind(staff_id)}",
    )
    if not rows:
        raise NotFound
    reach = desk.policy.reach(desk.actor, Kind.STAFF, DataClass.PUBLIC, Action.EXPLAIN)
    if not any(reach.covers(Facts(path=row["path"])) for row in rows):
        raise Forbidden("To have another person's answer explained is not yours in your current role.")


def _entry(staff_id: UUID, row: RowFacts, asked: Asked, told: Explanation) -> Entry:
    return Entry(
        EXPLAIN,
        ALLOW,
        "staff",
        object_id=staff_id,
        customer_id=row.facts.customer_id,
        more={
            "row": f"{asked.table}:{asked.row_id}",
            "class": asked.data_class.value,
            "purpose_given": asked.purpose_given,
            "case": str(asked.case_id) if asked.case_id else None,
            "visibility": told.visibility.value,
            "reason": told.reason.value if told.reason else None,
        },
    )


async def _places(desk: Desk, told: Explanation) -> dict[UUID, tuple[str, str]]:
    """Code and name of the institutions where the roles are held that the explanation names, through the gate."""
    sources: list[Source | None] = [step.source for step in told.steps] + [told.deciding, told.masking]
    ids = {source.seat.institution_id for source in sources if source and source.seat}
    if not ids:
        return {}
    answer = await desk.read(Selection("institution", ("code", "name"), ids=tuple(sorted(ids))))
    return {as_uuid(row["id"]): (row["code"], row["name"]) for row in answer.rows}
