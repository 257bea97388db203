"""No oracles: two banks that differ only in what a person may not see answer him alike, byte for byte.

The queries ask with the hidden values themselves, so that a comparison behind the scenes would show.
"""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from authz import Policy
from desk.desk import Desk
from desk.gate import filters, levels
from desk.gate.levels import Level
from desk.gate.plans import PROGRAMS, Plan
from desk.selection import Selection
from models.customers import Customer
from models.database import database
from models.errors import BadInput
from models.people import Recusal
from schema import schema
from schema.context import Context
from schema.scalars import global_id
from tests.conftest import NOW
from tests.schema.crowd import crowd
from tests.schema.generating import Generator, Pools
from tests.schema.twins import Twin
from tests.schema.whole import Whole, text_of

ACTORS = ("lin", "tang", "han", "gao", "wu", "bai", "officer", "nobody")
QUERIES = int(os.environ.get("TWIN_QUERIES", "400")) // len(ACTORS)
"""For each actor. `.ci/run` asks for 2,000 in all, `make conformance` for more."""
PLANTED_IN = 500
"""Queries within which a planted oracle must be found."""
CURSOR = re.compile(r'ursor": "([^"]+)"')
FIRST = re.compile(r"\{ \w+\([^{}]*?first: [0-9]+")
Patch = pytest.MonkeyPatch


@dataclass
class Twins:
    """Two closed files, who looks at them, and what is worth asking for."""

    one: Path
    other: Path
    policy: Policy
    staff_id: Any
    pools: Pools
    answers: list[tuple[str, str]] = field(default_factory=list)

    async def ask(self, desk: Desk, document: str) -> str:
        """The body as a text; of an error its words and its code, as the edge would give them."""
        answer = await schema.execute(document, context_value=Context(desk))
        errors = [
            [error.message, getattr(error.original_error, "code", ""), error.path]
            for error in answer.errors or ()
        ]
        return json.dumps([answer.data, errors], ensure_ascii=False, default=str)

    async def compare(self, queries: int, seed: int) -> int:
        """How many of the generated queries are answered differently."""
        pools = copy.deepcopy(self.pools)
        generator = Generator(seed, pools)
        self.answers = []
        async with database(f"sqlite://{self.one}"):
            desk = await Desk.take(self.policy, self.staff_id, NOW)
            for _ in range(queries):
                document = generator.query()
                body = await self.ask(desk, document)
                pools.cursors += CURSOR.findall(body)[:4]
                pools.pages += following(document, body)
                self.answers.append((document, body))
        async with database(f"sqlite://{self.other}"):
            desk = await Desk.take(self.policy, self.staff_id, NOW)
            for number, (document, body) in enumerate(self.answers):
                other = await self.ask(desk, document)
                if other != body:
                    raise Told(f"query {number}\n{document}\n{body}\n{other}")
        return queries

    async def search(self) -> None:
        """Told, unless the planted oracle stays hidden."""
        for seed in range(PLANTED_IN // 25):
            await self.compare(25, seed)


def following(document: str, body: str) -> list[str]:
    """The same list, from a cursor of its own on."""
    size, (data, _) = FIRST.match(document), json.loads(body)
    if size is None or "after:" in document or not data:
        return []
    (found,) = data.values()
    cursors = [edge["cursor"] for edge in found.get("edges", ()) if "cursor" in edge]
    cursors += [value for name, value in found.get("pageInfo", {}).items() if name == "endCursor" and value]
    return [f'{document[: size.end()]}, after: "{cursor}"{document[size.end() :]}' for cursor in cursors[:1]]


class Told(AssertionError):
    """A query tells the twins apart."""


@pytest.fixture(scope="session")
async def crowded(
    whole_template: tuple[Path, Whole], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Whole]:
    """The whole bank with a crowd at both branches, and one of Lin's customers whom he must not touch."""
    path = tmp_path_factory.mktemp("twins") / "crowd.sqlite3"
    shutil.copy(whole_template[0], path)
    whole = copy.deepcopy(whole_template[1])
    async with database(f"sqlite://{path}"):
        for place, managers in (("CD", ("lin", "luo")), ("MY", ("luo",))):
            made = await crowd(whole, place, managers, 10)
            whole.ids.setdefault("customer", {}).update({one.number: one.id for one in made})
        lin = whole.cast.staff["lin"]
        relative = whole.ids["customer"]["CD00002"]
        await Recusal.create(
            person_id=lin.person_id, customer_id=relative, relation="BROTHER", recorded_at=NOW
        )
    return path, whole


async def twins_of(actor: str, crowded: tuple[Path, Whole], policy: Policy, folder: Path) -> Twins:
    path, whole = crowded
    one, other = folder / "one.sqlite3", folder / "other.sqlite3"
    shutil.copy(path, one)
    shutil.copy(path, other)
    async with database(f"sqlite://{other}"):
        desk = await Desk.take(policy, whole.cast.staff[actor].id, NOW)
        twin = Twin(desk, policy, whole)
        await twin.change()
    close = {amount + step for amount in twin.amounts for step in (-1, 0, 1)}
    pools = Pools(
        sorted(twin.texts) or ["周明"],
        [text_of(amount) for amount in sorted(close) if amount >= 0] or ["500000.00"],
        sorted({day.isoformat() for day in twin.dates} | {"2016-01-03", "2026-10-31"}),
        {table: [global_id(table, row) for row in rows.values()] for table, rows in whole.ids.items()},
    )
    return Twins(one, other, policy, whole.cast.staff[actor].id, pools)


@pytest.mark.parametrize("actor", ACTORS)
async def test_hidden_cells_change_no_answer(
    actor: str, crowded: tuple[Path, Whole], policy: Policy, tmp_path: Path
) -> None:
    twins = await twins_of(actor, crowded, policy, tmp_path)
    assert await twins.compare(QUERIES, ACTORS.index(actor)) == QUERIES
    bodies = [body for _, body in twins.answers]
    full = [body for body in bodies if '"id"' in body or '"number"' in body]
    unforeseen = [body for body in bodies if re.search(r'"[^"]*", "", \[', body)]
    assert unforeseen == []
    assert len(full) >= len(bodies) // (5 if actor != "nobody" else 20)


async def test_the_twins_are_different(crowded: tuple[Path, Whole], policy: Policy, tmp_path: Path) -> None:
    """Whoever sees more sees it: else there would be nothing to find."""
    twins = await twins_of("gao", crowded, policy, tmp_path)
    twins.staff_id = crowded[1].cast.staff["han"].id
    with pytest.raises(Told):
        await twins.search()


def sort_without_asking_the_class(patch: Patch) -> None:
    def wrong(selection: Selection) -> set[Any]:
        return {
            filters.column(selection.table, name).data_class for name in filters.columns_of(selection.where)
        }

    patch.setattr(levels, "classes_probed", wrong)


def filter_without_asking_the_class(patch: Patch) -> None:
    def wrong(selection: Selection) -> set[Any]:
        return {filters.order_column(selection.table, order.column).data_class for order in selection.order}

    patch.setattr(levels, "classes_probed", wrong)


def count_without_the_predicate(patch: Patch) -> None:
    real = Level.total

    def wrong(me: Level) -> str:
        return real(me) if me.relation else f"(SELECT count(*) FROM {me.source()})"

    patch.setattr(Level, "total", wrong)


def nested_rows_without_their_class(patch: Patch) -> None:
    real = Level.existence

    def wrong(me: Level) -> str:
        return "(1 = 1)" if me.relation and me.sight.row_class else real(me)

    patch.setattr(Level, "existence", wrong)


def error_that_says_whose_it_is(patch: Patch) -> None:
    real = Desk.answer

    async def wrong(me: Desk, plan: Plan, values: Any) -> Any:
        text = await real(me, plan, values)
        if plan.selection.table == "customer" and text is None:
            customer = await Customer.get_or_none(id=values[0][0])
            raise BadInput(f"{customer.name if customer else 'Nobody'} is another branch's customer.")
        return text

    patch.setattr(Desk, "answer", wrong)


@pytest.mark.parametrize(
    ("planted", "actor"),
    [
        (sort_without_asking_the_class, "officer"),
        (filter_without_asking_the_class, "officer"),
        (count_without_the_predicate, "tang"),
        (nested_rows_without_their_class, "lin"),
        (error_that_says_whose_it_is, "tang"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
async def test_a_planted_oracle_is_found(
    planted: Callable[[Patch], None],
    actor: str,
    crowded: tuple[Path, Whole],
    policy: Policy,
    tmp_path: Path,
    monkeypatch: Patch,
) -> None:
    twins = await twins_of(actor, crowded, policy, tmp_path)
    planted(monkeypatch)
    PROGRAMS.clear()
    with pytest.raises(Told):
        await twins.search()
    PROGRAMS.clear()
