"""No oracles: two banks that differ only in what a person may not see answer him alike, byte for byte, for the same work.

The queries ask with the hidden values themselves, so that a comparison behind the scenes would show.
"""

from __future__ import annotations

import copy
import os
import secrets
import shutil
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from authz import Policy
from desk.desk import adopt
from desk.gate.plans import PROGRAMS
from models.database import database
from tests import cast
from tests.conftest import NOW, need
from tests.databases import Postgres
from tests.schema.audience import ACTORS, POOR, gather
from tests.schema.oracles import ORACLES
from tests.schema.telling import Original
from tests.schema.whole import Whole, build

QUERIES = int(os.environ.get("TWIN_QUERIES", "400"))
"""Over all actors and both databases. `.ci/run` asks for 2,000, `make conformance` for more."""
SHARES = {"sqlite": 0.75, "postgres": 0.25}
ASKING = {
    "sqlite": ACTORS,
    "postgres": ("lin", "deputy", "han", "he", "bai", "twice", "officer", "auditor", "nobody"),
}
"""Twins on PostgreSQL take a second or two to make, so fewer people have them, and ask more."""
PLANTED_IN = 1_000
"""Queries within which a planted oracle must be found."""


class Figures:
    """What the module did, for its last line."""

    def __init__(self) -> None:
        self.queries = self.statements = self.told = 0
        self.databases: set[str] = set()
        self.actors: set[str] = set()
        self.found: dict[str, int] = {}

    def __str__(self) -> str:
        found = ", ".join(f"{name} by query {number}" for name, number in self.found.items())
        return (
            f"{self.queries:,} queries over {len(self.actors)} actors on {' and '.join(sorted(self.databases))},"
            f" {self.told} told apart, {self.statements:,} statements alike;"
            f" {len(self.found)} planted oracles found{': ' if found else ''}{found}"
        )


@pytest.fixture(scope="module")
def figures(request: pytest.FixtureRequest) -> Iterator[Figures]:
    figures = Figures()
    yield figures
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\n{figures}")  # noqa: T201


@pytest.fixture(scope="module")
async def on_sqlite(whole_template: tuple[Path, Whole], tmp_path_factory: pytest.TempPathFactory) -> Original:
    folder = tmp_path_factory.mktemp("twins")
    path, whole = folder / "original.sqlite3", copy.deepcopy(whole_template[1])
    shutil.copy(whole_template[0], path)
    async with database(f"sqlite://{path}"):
        await gather(whole)

    async def copied() -> str:
        return f"sqlite://{shutil.copy(path, folder / f'{secrets.token_hex(4)}.sqlite3')}"

    async def dropped(url: str) -> None:
        Path(url.removeprefix("sqlite://")).unlink()

    return Original("sqlite", whole, copied, dropped)


@pytest.fixture(scope="module")
async def on_postgres(postgres: Postgres | None, policy: Policy) -> AsyncGenerator[Original]:
    server = need(postgres)
    name = await server.create()
    try:
        async with database(server.url(name)):
            await adopt(policy)
            whole = await build(await cast.build(NOW))
            await gather(whole)

        async def copied() -> str:
            return server.url(await server.copy(name))

        async def dropped(url: str) -> None:
            await server.drop(url.partition("?")[0].rpartition("/")[2])

        yield Original("postgres", whole, copied, dropped)
    finally:
        await server.drop(name)


@pytest.fixture
def original(request: pytest.FixtureRequest) -> Original:
    found: Original = request.getfixturevalue(f"on_{request.param}")
    return found


@pytest.mark.parametrize(
    ("original", "actor"),
    [(kind, actor) for kind, actors in ASKING.items() for actor in actors],
    indirect=["original"],
)
async def test_hidden_cells_change_no_answer(
    original: Original, actor: str, policy: Policy, figures: Figures
) -> None:
    queries = -int(-QUERIES * SHARES[original.kind] // len(ASKING[original.kind]))
    figures.told += 1
    async with original.twins(actor, policy) as twins:
        figures.queries += await twins.compare(queries, ACTORS.index(actor))
    figures.told -= 1
    figures.actors.add(actor)
    figures.databases.add({"sqlite": "SQLite", "postgres": "PostgreSQL"}[original.kind])
    work = sum(len(reply.work) for _, reply in twins.asked)
    figures.statements += work
    bodies = [reply.body for _, reply in twins.asked]
    full = [body for body in bodies if '"id"' in body or '"number"' in body]
    assert len(full) >= len(bodies) // (40 if actor in POOR else 8)
    assert work >= queries // 2


@pytest.mark.parametrize("original", ASKING, indirect=True)
async def test_the_twins_are_different(original: Original, policy: Policy) -> None:
    """Whoever sees more sees it: else there would be nothing to find."""
    async with original.twins("gao", policy) as twins:
        twins.staff_id = original.whole.cast.staff["han"].id
        assert await twins.search(PLANTED_IN)


@pytest.mark.parametrize(("planted", "actor"), ORACLES, ids=[planted.__name__ for planted, _ in ORACLES])
async def test_a_planted_oracle_is_found(
    planted: Callable[[Any], None],
    actor: str,
    on_sqlite: Original,
    policy: Policy,
    figures: Figures,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with on_sqlite.twins(actor, policy) as twins:
        planted(monkeypatch)
        PROGRAMS.clear()
        figures.found[planted.__name__.strip("_")] = await twins.search(PLANTED_IN)
    PROGRAMS.clear()
