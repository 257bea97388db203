"""What a plan costs before the database is asked: for a question that nobody has asked, for a document never seen before
that asks what another one did, and for a known document.

    python -m bench.plans

Beside graphql-core's own parsing and validating of the same document, in the same run. Nothing is asked of a database:
the desk of this bench stops where the statement and its values are ready.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import click
from graphql import parse, validate

from api.heap import settle
from authz import Actor, Policy, Role, Seat
from bench.questions import BY_NAME
from desk.actors import Sitter
from desk.desk import Desk
from desk.gate.plans import PROGRAMS, Plan, arguments
from desk.gate.release import Reading
from models.ids import global_id
from schema import schema
from schema.context import Context

PURPOSE = '{code: ADVICE, text: "bench"}'
WIDE = f"""query ($id: ID!, $first: Int) {{ customer(id: $id, purpose: {PURPOSE}) {{ id name {{ value visibility reason {{ code message }} }}
  identity {{ number }} status {{ number tier manager {{ staff {{ name }} validFrom }} }} owner {{ name parent {{ name }} }}
  assets {{ band averageSavings12m {{ amount currency }} balances {{ balance {{ amount }} }} loans {{ number }} }}
  transactions(first: $first) {{ visibility totalCount nodes {{ day amount {{ amount }} }} pageInfo {{ endCursor }} }}
  archive {{ number state }} }} }}"""
FILTERED = """query ($first: Int, $where: CustomerWhere) { customers(first: $first, where: $where) { totalCount
  pageInfo { hasNextPage endCursor } nodes { id status { number tier manager { staff { name } } } name { value } owner { name }
  archive { number } } } }"""
DOCUMENTS = {
    **{name: BY_NAME[name].document for name in ("Q1", "M20", "Q2", "Q3", "Q4")},
    "a list with a filter of variables": FILTERED,
    "all of a customer, ten tables": WIDE,
}
"""The questions of bench.growth, and two that are wider than these."""
VARIABLES: dict[str, Any] = {
    "id": global_id("customer", UUID(int=7)),
    "first": 20,
    "where": {"number": {"in": ["C1", "C2"]}, "tier": {"eq": "HEAD_OFFICE"}},
}
READER = Actor(
    UUID(int=1), UUID(int=2), (Seat(Role.CUST_MGR, "/1/2/3/", UUID(int=3)),), frozenset({UUID(int=4)})
)


@dataclass(slots=True)
class Waiting(Desk):
    """A desk that stops before the database, and notes when what was ready."""

    postgres: bool = True
    marks: list[float] = field(default_factory=list)

    def working_on(self, operation: str) -> Waiting:
        self.marks[:] = [time.perf_counter()]
        return self

    async def answer(self, plan: Plan, values: Sequence[Sequence[Any]]) -> str | None:
        self.marks.append(time.perf_counter())
        program = PROGRAMS.of(plan, self.view(), self.postgres)
        arguments(program, Reading(program, self.view(), values))
        self.marks.append(time.perf_counter())
        return "{}"


def run(desk: Waiting, document: Any) -> tuple[float, float]:
    """Microseconds for the plan, and for its statement with the values."""
    executor: Any = schema.execution_context_class.build(
        schema._schema, document, context_value=Context(desk), raw_variable_values=VARIABLES
    )
    answer = asyncio.run(executor.execute_operation())
    if answer.errors:
        raise RuntimeError(answer.errors)
    begun, planned, ready = desk.marks
    return (planned - begun) * 1e6, (ready - planned) * 1e6


def measure(desk: Waiting, text: str, rounds: int) -> tuple[float, ...]:
    """Medians: parse and validate; plan and statement of a new question, of a new document that asks it, of a known one."""
    found: list[tuple[float, ...]] = []
    for number in range(rounds):
        question = text.replace("{ id ", f"{{ id{number}: id ", 1)
        core, document = parsed(question)
        new = run(desk, document)
        again = run(desk, parsed(question.replace("query", "query Again", 1))[1])
        known = [run(desk, document) for _ in range(5)]
        found.append((core, *new, *again, *(statistics.median(each) for each in zip(*known, strict=True))))
    return tuple(statistics.median(each) for each in zip(*found, strict=True))


def parsed(text: str) -> tuple[float, Any]:
    """Microseconds for parsing and validating, and the document."""
    begun = time.perf_counter()
    document = parse(text, no_location=True)
    if errors := validate(schema._schema, document):
        raise RuntimeError(errors)
    return (time.perf_counter() - begun) * 1e6, document


@click.command()
@click.option("--rounds", default=200, show_default=True)
def main(rounds: int) -> None:
    """Print a table of microseconds."""
    settle()
    sitter = Sitter(READER, "B1", "基准", 0, 0, "", None)
    heads = ("new question: plan", "statement", "new document: plan", "values", "known: plan", "values")
    click.echo(f"| us, median | parse + validate | {' | '.join(heads)} |")
    click.echo("|---|" + "---|" * (1 + len(heads)))
    for postgres in (True, False):
        desk = Waiting(Policy.load(), sitter, dt.datetime.now(dt.UTC), postgres=postgres)
        for title, text in DOCUMENTS.items():
            where = "PostgreSQL" if postgres else "SQLite"
            figures = " | ".join(f"{figure:,.0f}" for figure in measure(desk, text, rounds))
            click.echo(f"| {title}, {where} | {figures} |")


if __name__ == "__main__":
    main()
