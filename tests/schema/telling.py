"""Telling twins apart: the same questions to both, and everything compared that comes back or is done for it."""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

import pytest
import strawberry.schema.schema as executing
from graphql import validate

from api.errors import DocumentError
from api.limits import cost
from api.survey import survey
from authz import Policy
from desk import trail
from desk.desk import Desk
from models.database import database
from schema import schema
from schema.context import Context
from schema.scalars import global_id
from tests.conftest import NOW
from tests.schema.conftest import parse_once
from tests.schema.crowd import row_id
from tests.schema.generating import Generator, Pools
from tests.schema.statements import Statement, statements
from tests.schema.twins import Twin
from tests.schema.walking import GRAPH
from tests.schema.whole import Whole, text_of

CURSOR = re.compile(r'ursor": "([^"]+)"')
FIRST = re.compile(r"\{ \w+\([^{}]*?first: [0-9]+")
AROUND = 300
"""Characters of an answer that are told before and after the first difference."""
BATCH = 25
"""Queries of one round of a search."""


def apart(one: str, other: str) -> str:
    """Both answers from a little before the place where they part."""
    start = max(0, len(os.path.commonprefix([one, other])) - AROUND)
    return f"…{one[start : start + 2 * AROUND]}\n…{other[start : start + 2 * AROUND]}"


class Told(AssertionError):
    """A query tells the twins apart."""

    def __init__(self, number: int, what: str, document: str, one: Any, other: Any) -> None:
        super().__init__(f"query {number}: {what}\n{document}\n{apart(str(one), str(other))}")
        self.number = number


class Reply(NamedTuple):
    """What somebody could see or measure of an answer."""

    body: str
    """Data and errors: of an error its words, its code and its place, as the edge would give them."""
    cost: int | str
    """As the edge counts it, or what it says when it refuses the document."""
    work: list[Statement]
    """All statements with their parameters, receipts included."""


def cost_of(document: str) -> int | str:
    try:
        return cost(survey(parse_once(document)).select(None), {})
    except DocumentError as refused:
        return str(refused)


async def ask(desk: Desk, document: str) -> Reply:
    with statements() as work:
        answer = await schema.execute(document, context_value=Context(desk))
    unforeseen = [error for error in answer.errors or () if not getattr(error.original_error, "code", "")]
    assert not unforeseen, (document, unforeseen)
    errors = [
        [error.message, getattr(error.original_error, "code", ""), error.path]
        for error in answer.errors or ()
    ]
    body = json.dumps([answer.data, errors], ensure_ascii=False, default=str)
    return Reply(body, cost_of(document), work)


@dataclass
class Twins:
    """Two closed databases, who looks at them, and what is worth asking for."""

    one: str
    other: str
    policy: Policy
    staff_id: Any
    pools: Pools
    asked: list[tuple[str, Reply]] = field(default_factory=list)

    async def compare(self, queries: int, seed: int) -> int:
        """Asks so many generated queries of both. Told, if one of them is answered differently."""
        pools = copy.deepcopy(self.pools)
        generator = Generator(seed, pools)
        self.asked = []
        async with self._desk(self.one, seed) as desk:
            for number in range(queries):
                document = generator.query()
                if number % 10 == 0:
                    assert not validate(GRAPH, parse_once(document)), document
                reply = await ask(desk, document)
                pools.cursors += CURSOR.findall(reply.body)[:4]
                pools.pages += following(document, reply.body)
                self.asked.append((document, reply))
        async with self._desk(self.other, seed) as desk:
            for number, (document, reply) in enumerate(self.asked):
                other = await ask(desk, document)
                for what, here, there in zip(Reply._fields, reply, other, strict=True):
                    if here != there:
                        raise Told(number, what, document, here, there)
        return queries

    @asynccontextmanager
    async def _desk(self, url: str, seed: int) -> AsyncGenerator[Desk]:
        """The ids of the trail's records are the same on both sides: they are random, and the auditor reads them."""
        numbers = count()

        def numbered() -> UUID:
            return row_id("record", seed, next(numbers))

        async with database(url):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(trail, "uuid4", numbered)
                # Validation sees no data, and took half of the time: `compare` samples it.
                patch.setattr(executing, "validate_document", lambda *_: [])
                yield await Desk.take(self.policy, self.staff_id, NOW)

    async def search(self, most: int) -> int:
        """How many queries it took to tell the twins apart; Told's opposite, LookupError, if `most` do not."""
        for seed in range(most // BATCH):
            try:
                await self.compare(BATCH, seed)
            except Told as told:
                return seed * BATCH + told.number + 1
        raise LookupError(f"{most} queries do not tell these twins apart.")


def following(document: str, body: str) -> list[str]:
    """The same list, from a cursor of its own on."""
    size, (data, _) = FIRST.match(document), json.loads(body)
    if size is None or "after:" in document or not data:
        return []
    (found,) = data.values()
    cursors = [edge["cursor"] for edge in found.get("edges", ()) if "cursor" in edge]
    cursors += [value for name, value in found.get("pageInfo", {}).items() if name == "endCursor" and value]
    return [f'{document[: size.end()]}, after: "{cursor}"{document[size.end() :]}' for cursor in cursors[:1]]


@dataclass
class Original:
    """The closed bank that twins are copied from; `copied` gives the URL of a fresh copy."""

    kind: str
    whole: Whole
    copied: Callable[[], Awaitable[str]]
    dropped: Callable[[str], Awaitable[None]]

    @asynccontextmanager
    async def twins(self, actor: str, policy: Policy) -> AsyncGenerator[Twins]:
        """A copy, and another one in which everything is changed that the actor may not see."""
        one, other = await self.copied(), await self.copied()
        try:
            staff_id = self.whole.cast.staff[actor].id
            async with database(other):
                twin = Twin(await Desk.take(policy, staff_id, NOW), policy, self.whole)
                await twin.change()
            yield Twins(one, other, policy, staff_id, _pools(twin, self.whole))
        finally:
            await self.dropped(one)
            await self.dropped(other)


def _pools(twin: Twin, whole: Whole) -> Pools:
    close = {amount + step for amount in twin.amounts for step in (-1, 0, 1)}
    return Pools(
        sorted(twin.texts) or ["周明"],
        [text_of(amount) for amount in sorted(close) if amount >= 0] or ["500000.00"],
        sorted({day.isoformat() for day in twin.dates} | {"2016-01-03", "2026-10-31"}),
        {table: [global_id(table, row) for row in rows.values()] for table, rows in whole.ids.items()},
        [*(one for told in whole.kept.values() for one in told["NUMBERS"]), "1010000000000006"],
    )
