"""What a plan costs before the database is asked: for a question that nobody has asked, for a document never seen before
that asks what another one did, and for a known document.

    python -m bench.plans

Beside graphql-core's own parsing and validating of the same document, in the same run. Nothing is asked of a database:
the desk of this bench stops where the statement and its values are ready.

Figures stand as they are and as the yardstick has them (bench/yardstick.py), which is read before and after each round of
four: what they would be on the machine for which the aims in milliseconds were set.
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
from bench.yardstick import THERE, Yardstick
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
    """A desk that stops before the database, and notes when it was asked and when it was ready to ask."""

    postgres: bool = True
    marks: list[float] = field(default_factory=list)

    def working_on(self, operation: str) -> Waiting:
        self.marks[:] = [time.perf_counter()]
        return self

    async def answer(self, plan: Plan, values: Sequence[Sequence[Any]]) -> str | None:
        view = self.view()
        program = PROGRAMS.of(plan, view, self.postgres)
        arguments(program, Reading(program, view, values))
        self.marks.append(time.perf_counter())
        return "{}"


def run(desk: Waiting, document: Any) -> float:
    """Microseconds until the statement and its values are ready."""
    executor: Any = schema.execution_context_class.build(
        schema._schema, document, context_value=Context(desk), raw_variable_values=VARIABLES
    )
    answer = asyncio.run(executor.execute_operation())
    if answer.errors:
        raise RuntimeError(answer.errors)
    begun, ready = desk.marks
    return (ready - begun) * 1e6


def measure(desks: Sequence[Waiting], yardstick: Yardstick, text: str, rounds: int) -> list[list[float]]:
    """For each desk the medians of parsing and validating, of a new question, of a new document that asks it, and of a
    known one; then the same by the yardstick, and its own. The desks take turns: the machine changes its speed."""
    found: list[list[tuple[float, ...]]] = [[] for _ in desks]
    for number in range(rounds):
        for turn, desk in enumerate(desks):
            question = text.replace("{ id ", f"{{ id{number}o{turn}: id ", 1)
            before = yardstick.read()
            core, document = parsed(question)
            new = run(desk, document)
            again = run(desk, parsed(question.replace("query", "query Again", 1))[1])
            known = statistics.median(run(desk, document) for _ in range(5))
            read = (before + yardstick.read()) / 2
            figures = (core, new, again, known)
            found[turn].append((*figures, *(figure * THERE / read for figure in figures), read))
    return [[statistics.median(each) for each in zip(*rows, strict=True)] for rows in found]


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
    heads = ("parse + validate", "new question", "new document", "known")
    click.echo(f"| us, median | {' | '.join(heads)} | by the yardstick: {' | '.join(heads)} | yardstick |")
    click.echo("|---|" + "---|" * (2 * len(heads) + 1))
    now, policy, yardstick = dt.datetime.now(dt.UTC), Policy.load(), Yardstick()
    desks = [Waiting(policy, sitter, now, postgres=postgres) for postgres in (True, False)]
    for title, text in DOCUMENTS.items():
        for where, row in zip(("PostgreSQL", "SQLite"), measure(desks, yardstick, text, rounds), strict=True):
            click.echo(f"| {title}, {where} | {' | '.join(f'{figure:,.0f}' for figure in row)} |")


if __name__ == "__main__":
    main()
