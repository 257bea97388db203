"""A furnished bank that is copied for every run of a state machine, on either kind of database.

Hypothesis calls rules as plain functions, so a run has an event loop of its own and leaves the session's alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from authz import Policy, Role
from desk.desk import adopt
from models.database import database
from models.people import Assignment
from models.standards import Evaluation
from tests.cast import START, Cast, build, staff_member
from tests.conftest import NOW
from tests.databases import Postgres
from tests.story import Story


@dataclass(slots=True)
class Place:
    """A database kind: the bank in it, how to make a copy of it, and how to throw the copy away."""

    runner: asyncio.Runner
    story: Story
    evaluations: dict[str, Evaluation]
    copy: Callable[[], Coroutine[Any, Any, str]]
    drop: Callable[[str], Coroutine[Any, Any, None]]
    tally: Counter[str]


async def furnish(policy: Policy, url: str) -> tuple[Story, dict[str, Evaluation]]:
    """The bank of the cast, Lin's second staff number at the recorders' desk, Han's at the officers', and an
    evaluation each."""
    async with database(url):
        await adopt(policy)
        bank = await build(NOW)
        await _second_number(bank, "lin", Role.FILING_RECORDER)
        await _second_number(bank, "han", Role.PB_OFFICER)
        story = Story(bank, policy)
        return story, {customer: await story.evaluation(customer) for customer in ("qian", "zhou")}


async def _second_number(bank: Cast, of: str, role: Role) -> None:
    person = await bank.staff[of].person
    bank.staff[f"{of}2"] = second = await staff_member(f"{of}2", bank.staff[of].name, person)
    await Assignment.create(
        staff=second,
        role=role,
        institution=bank.places["CD"],
        department="PERSONAL_BANKING",
        valid_from=START,
        recorded_at=START,
    )


@contextlib.contextmanager
def on_sqlite(policy: Policy, template: Path, folder: Path) -> Iterator[Place]:
    bank, made = folder / "bank.sqlite3", iter(range(1_000_000))
    shutil.copy(template, bank)

    async def copy() -> str:
        path = folder / f"run{next(made)}.sqlite3"
        shutil.copy(bank, path)
        return f"sqlite://{path}"

    async def drop(url: str) -> None:
        Path(url.removeprefix("sqlite://")).unlink()

    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        story, evaluations = runner.run(furnish(policy, f"sqlite://{bank}"))
        yield Place(runner, story, evaluations, copy, drop, Counter())


@contextlib.contextmanager
def on_postgres(policy: Policy, server: Postgres) -> Iterator[Place]:
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        bank = runner.run(server.create())
        made = iter(range(1_000_000))

        async def copy() -> str:
            name = f"{bank}_{next(made)}"
            await server.run(f"CREATE DATABASE {name} TEMPLATE {bank}")
            return server.url(name)

        async def drop(url: str) -> None:
            await server.drop(url.partition("?")[0].rpartition("/")[2])

        try:
            story, evaluations = runner.run(furnish(policy, server.url(bank)))
            yield Place(runner, story, evaluations, copy, drop, Counter())
        finally:
            runner.run(server.drop(bank))
