"""The SQL of representative plans, as golden files to be read: one for each dialect."""

from __future__ import annotations

import re

import pytest

from authz import Policy
from desk.desk import Desk
from desk.gate.compiling import Program
from desk.gate.plans import PROGRAMS
from desk.gate.slots import Slot
from desk.selection import Param
from schema import schema
from schema.context import Context
from schema.scalars import global_id
from tests.accepting import GOLDEN, accept
from tests.conftest import NOW
from tests.schema.plan_documents import PLANS
from tests.schema.whole import Whole

BREAKS = re.compile(r"(\(SELECT |, [qt][0-9]+ AS MATERIALIZED |[()]| FROM | WHERE | ORDER BY )")
WORDS = (" FROM ", " WHERE ", " ORDER BY ")


async def programs(desk: Desk, document: str, whole: Whole, *, postgres: bool) -> list[Program]:
    """The statements of a document as they are compiled for this person, of either dialect."""
    given = {
        "id": global_id("customer", whole.cast.customers["zhou"].id),
        "where": {"number": {"in": ["C000001", "C000002"]}, "tier": {"eq": "HEAD_OFFICE"}},
    }
    variables = {name: value for name, value in given.items() if f"${name}" in document}
    if "$after" in document:
        first = await schema.execute(
            "{ customers(first: 1) { pageInfo { endCursor } } }", context_value=Context(desk)
        )
        assert first.data is not None
        variables["after"] = first.data["customers"]["pageInfo"]["endCursor"]
    PROGRAMS.clear()
    answer = await schema.execute(document, variable_values=variables, context_value=Context(desk))
    assert not answer.errors, answer.errors
    return [PROGRAMS.of(plan, desk.view(), postgres) for plan in PROGRAMS.plans()]


def laid_out(sql: str) -> str:
    """The statement with a line for each clause, and marks that can be seen."""
    depth, lines = 0, [""]
    stack: list[bool] = []
    for piece in BREAKS.split(sql.replace("\x1e", "␞").replace("\x1f", "␟")):
        if piece == "(SELECT " or piece.endswith("MATERIALIZED "):
            depth += piece == "(SELECT "
            lines.append("  " * depth + piece.strip() + " ")
            if piece == "(SELECT ":
                stack.append(True)
        elif piece == "(":
            stack.append(False)
            lines[-1] += piece
        elif piece == ")":
            depth -= bool(stack and stack.pop())
            lines[-1] += piece
        elif piece in WORDS and (not stack or stack[-1]):
            lines.append("  " * depth + piece.lstrip())
        else:
            lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines if line.strip())


def told(program: Program) -> str:
    """Where each parameter comes from."""
    found = []
    for number, slot in enumerate(program.slots, start=1):
        if not isinstance(slot, Slot):
            found.append(f"{number} {slot!r}")
            continue
        source = slot.source
        what = "value" if isinstance(source, Param) else " ".join(map(str, _said(source)))
        found.append(f"{number} {what}{' (list)' if slot.many else ''}")
    return "-- parameters: " + "; ".join(found)


def _said(source: object) -> list[object]:
    fields = [getattr(source, name) for name in getattr(source, "__slots__", ())]
    return [type(source).__name__.lower(), *(field for field in fields if field != "")]


@pytest.mark.parametrize("dialect", ["postgres", "sqlite"])
async def test_the_sql_of_plans(dialect: str, whole: Whole, policy: Policy) -> None:
    parts = []
    for title, (actor, document) in PLANS.items():
        desk = await Desk.take(policy, whole.cast.staff[actor].id, NOW)
        for program in await programs(desk, document, whole, postgres=dialect == "postgres"):
            parts.append(f"-- {title} ({actor})\n-- {document}\n{told(program)}\n{laid_out(program.text)};\n")
    accept(GOLDEN / f"plans.{dialect}.sql", "\n".join(parts))
    assert len(parts) >= 30


GIVEN = {"C000001": "C000001", "2020-01-01": "2020-01-01", "123456.78": "12345678", "sweep": "sweep"}
"""What the documents and their variables give, and how it would stand in a statement."""


async def test_values_are_parameters_only(whole: Whole, policy: Policy) -> None:
    """Nothing that a caller gives, and nothing that tells one actor from another, is in the text."""
    asked = repr(PLANS) + "C000001"  # a variable's (programs, above)
    assert all(value in asked for value in GIVEN)
    for title, (actor, document) in PLANS.items():
        desk = await Desk.take(policy, whole.cast.staff[actor].id, NOW)
        hidden = [*GIVEN.values(), str(desk.staff_id), *(f"'{seat.path}'" for seat in desk.actor.seats)]
        for postgres in (False, True):
            for program in await programs(desk, document, whole, postgres=postgres):
                assert [value for value in hidden if value in program.text] == [], title


async def test_a_statement_is_the_same_whatever_was_written_before_it(whole: Whole, policy: Policy) -> None:
    """What statements of a profile have in common is kept, and no trace of one is in the next."""
    for postgres in (False, True):
        alone = []
        for actor, document in PLANS.values():
            desk = await Desk.take(policy, whole.cast.staff[actor].id, NOW)
            found = await programs(desk, document, whole, postgres=postgres)
            plans = dict.fromkeys(PROGRAMS.plans())
            alone += [(plan, desk.view(), one) for plan, one in zip(plans, found, strict=True)]
        PROGRAMS.clear()
        for plan, view, program in reversed(alone):
            assert PROGRAMS.of(plan, view, postgres) == program


async def test_a_denied_section_has_no_table_in_the_statement(whole: Whole, policy: Policy) -> None:
    actor, document = PLANS["assets that are denied"]
    desk = await Desk.take(policy, whole.cast.staff[actor].id, NOW)
    for postgres in (False, True):
        (program,) = await programs(desk, document, whole, postgres=postgres)
        assert not re.search(r"\b(evaluation|balance|loan|loan_standing|account)\b [a-z]\b", program.text)
