"""The whole acceptance on the Czech bank, by one command: `python -m tests.pkdd99.accept [sqlite] [postgres]`.

Nothing is left out here of what CI samples: every triple, every person, every customer. It prints what it counted and
how long it took, and fails with the first answer that differs.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from authz import Policy
from models import vault
from models.database import database, migrate
from models.trail import AccessRecord
from tests.databases import HOW, Postgres
from tests.pkdd99 import fx, oracle
from tests.pkdd99.bank import RAW, Timings, bring_in, screen_all, written
from tests.pkdd99.counting import count_against_source
from tests.pkdd99.expected import AS_OF, Expected
from tests.pkdd99.filing import file_all
from tests.pkdd99.handed_in import HandedIn
from tests.pkdd99.ids import Ids
from tests.pkdd99.reading import Reading, Scope, told_by_the_trail
from tests.pkdd99.refusals import Tries, each_leaves_one_record
from tests.pkdd99.serving import come_and_go, served
from tests.pkdd99.triples import hold_against
from tests.pkdd99.visitors import app_on, client_of, values_in
from tests.pkdd99.whole import (
    AT_A_DISTRICT,
    ONE_OF_EACH,
    clients_by_district,
    due_cells,
    heads,
    managers,
    of_these,
    officers,
    summary,
)
from tests.shared_data import shared

TRIPLES = 70
"""For each of the three averaging rules."""
DISTRICTS_OF_EACH_POST = ("D001", "D013", "D025")
"""Prague, a small district, and one where nobody passes: there every post looks, not only head and managers."""
RATES_SINCE = dt.date(1999, 1, 1)
YEARS_IN_YUAN = {"YUAN2010": dt.date(2010, 10, 31), "YUAN2024": dt.date(2024, 12, 31)}
"""2010-10-31 is a Sunday itself."""


@dataclass
class Acceptance:
    """One kind of database. `server` is None for SQLite."""

    kind: str
    server: Postgres | None
    work: Path
    folder: Path
    policy: Policy
    keys: vault.Keys
    second: oracle.Bank
    timings: Timings

    @asynccontextmanager
    async def copy(self, of: str = "") -> AsyncIterator[str]:
        """The URL of a new open database, empty, or a copy of another one of ours."""
        name = f"guibin_accept_{secrets.token_hex(4)}"
        async with AsyncExitStack() as stack:
            if self.server is None:
                path = self.work / f"{name}.sqlite3"
                if of:
                    shutil.copy(of.removeprefix("sqlite://"), path)
                stack.callback(path.unlink)
                url = f"sqlite://{path}"
            else:
                template = f" TEMPLATE {of.rpartition('/')[2]}" if of else ""
                await self.server.run(f"CREATE DATABASE {name}{template}")
                stack.push_async_callback(self.server.drop, name)
                url = self.server.url(name)
            await stack.enter_async_context(database(url))
            if not of:
                await migrate(url)
            yield url

    async def run(self) -> None:
        """Import; then, each on a copy: screening, refusals, rates, filing and reading."""
        async with AsyncExitStack() as stack:
            template = await stack.enter_async_context(self.template())
            await self.screening(template)
            await self.refusals(template)
            await self.rates(template)
            await self.reading(template)

    @asynccontextmanager
    async def template(self) -> AsyncIterator[str]:
        """The bank, imported and screened, and closed again so that it can be copied."""
        name = f"guibin_accept_{secrets.token_hex(4)}"
        path = self.work / f"{name}.sqlite3"
        url = f"sqlite://{path}"
        if self.server is not None:
            await self.server.run(f"CREATE DATABASE {name}")
            url = self.server.url(name)
        try:
            async with database(url):
                await migrate(url)
                await bring_in(self.policy, self.folder, self.timings)
                for line in await count_against_source(shared(RAW)):
                    self.timings.say(line)
                await screen_all(self.policy, self.timings)
            yield url
        finally:
            if self.server is not None:
                await self.server.drop(name)
            else:
                path.unlink()

    async def screening(self, template: str) -> None:
        async with self.copy(template):
            for rule in oracle.RULES:
                figures = oracle.figures(self.second, AS_OF, rule)
                with self.timings.of(f"{TRIPLES} screenings by {rule}"):
                    different, passed = await hold_against(self.policy, rule, figures, TRIPLES)
                self.timings.say(f"{different} different sets, {passed:,} passes in all, 0 differences")

    async def refusals(self, template: str) -> None:
        async with self.copy(template) as url, client_of(app_on(url, self.keys)) as http:
            tries = Tries(http, self.policy, self.expected(), await Ids.read(), "D013")
            await tries.prepare()
            every = [*tries.reads(), *tries.acts(), *tries.jobs(self.folder)]
            with self.timings.of(f"{len(every)} refusals, each with a digest"):
                lines = await each_leaves_one_record(every)
            for line in lines:
                self.timings.say(f"  {line}")

    async def rates(self, template: str) -> None:
        async with self.copy(template):
            to = self.work / f"rates-{self.kind}"
            published = await fx.bring_in_rates(self.policy, shared(fx.FX), RATES_SINCE, to, self.timings)
            for code, as_of in YEARS_IN_YUAN.items():
                with self.timings.of(f"screening in CNY as of {as_of}"):
                    weekends = await fx.convert_the_bank(self.policy, published, self.second, as_of, code)
                self.timings.say(f"{weekends} of 12 month-ends at the last rate before a weekend")
            ended = await fx.ended_currency(published)
            assert ended is not None
            self.timings.say(f"RUB: last rate {ended[0]}, none any more on {ended[1]}")

    async def reading(self, template: str) -> None:
        async with self.copy(template) as url, client_of(app_on(url, self.keys)) as http:
            expected = self.expected()
            districts = expected.files.districts
            with self.timings.of("registering, filing, recording"):
                filed = await file_all(http, expected, await Ids.read(), districts)
            assert filed == len(expected.passing)
            self.timings.say(
                f"{filed} filed by {len({expected.files.customers[c].manager for c in expected.passing})} managers"
            )
            reading = await self._everybody(http, expected)
            self._add_up(reading, districts)
            assert values_in(reading.errors, expected.secrets()) == []
            assert await told_by_the_trail(expected) == set()
            records = await AccessRecord.all().count()
            self.timings.say(f"{records:,} records in the trail, no protected value in them or in an error")
            for line in summary(reading):
                self.timings.say(line)
            workers = 1 if self.server is None else 2
            people = ["D001H", "D013M1", "T02B", "HQN", "HQP"]
            with self.timings.of(f"a real server of {workers} worker(s)"):
                async with served(url, self.keys, workers) as address:
                    asked = await come_and_go(
                        address, expected, people, Scope(listed=40, by_id=12, foreign=10)
                    )
            self.timings.say(
                f"{len(people)} signed in with a password, asked {asked} times, and were out at once"
            )

    async def _everybody(self, http: httpx2.AsyncClient, expected: Expected) -> Reading:
        districts = expected.files.districts
        reading = Reading(http, expected, await Ids.read())
        groups = {
            "heads": heads(districts),
            "managers": managers(districts),
            "region officers": officers(),
            "head office and one of each at a region": list(ONE_OF_EACH),
            "other posts of three districts": [
                d + post for d in DISTRICTS_OF_EACH_POST for post in AT_A_DISTRICT
            ],
        }
        for name, people in groups.items():
            with self.timings.of(f"{len(people)} {name}"):
                for staff in people:
                    await reading.look(staff, Scope())
        asked = sum(map(len, groups.values()))
        self.timings.say(f"{asked} people, {reading.requests:,} requests")
        return reading

    def _add_up(self, reading: Reading, districts: list[str]) -> None:
        """What heads and managers saw is the table times the raw counts; totals of all levels are the whole."""
        raw = shared(RAW)
        due = due_cells(raw, heads(districts), managers(districts))
        assert of_these(reading.listed, "head", "manager") == due
        assert of_these(reading.by_id, "head", "manager") == due
        counts = clients_by_district(raw)
        assert {staff[:4]: reading.rows[staff] for staff in heads(districts)} == counts
        whole = sum(counts.values())
        assert whole == reading.rows["HQN"] == sum(reading.rows[staff] for staff in officers()) == 5369
        self.timings.say(f"totalCount: 77 districts = 8 regions = head office = {whole:,}")

    def expected(self) -> Expected:
        return Expected.of(HandedIn(self.folder), self.second)


async def main(kinds: list[str]) -> None:
    keys = vault.Keys({1: secrets.token_bytes(32)}, 1, secrets.token_bytes(32))
    vault.install(keys)
    begun = time.perf_counter()
    server = await Postgres.find() if "postgres" in kinds else None
    if "postgres" in kinds and server is None:
        raise SystemExit(HOW)
    with tempfile.TemporaryDirectory(prefix="guibin-accept-") as name:
        work = Path(name)
        folder = written(shared(RAW), work / "files")
        second = oracle.load(shared(RAW))
        try:
            for kind in kinds:
                timings = Timings(kind)
                with timings.of("all of it"):
                    here = server if kind == "postgres" else None
                    await Acceptance(kind, here, work, folder, Policy.load(), keys, second, timings).run()
        finally:
            if server is not None:
                await server.close()
    Timings("accept").say(f"accepted in {time.perf_counter() - begun:,.0f} s")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or ["sqlite", "postgres"]))
