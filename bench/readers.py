"""Who reads in the bench: managers and officers with a session each, in a town of one size, and what they ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from tortoise.connection import get_connection

from authz import Policy
from bench.client import Wire, ask, post
from bench.houses import build
from bench.questions import MANAGER, OFFICER, Question
from bench.screening import Writer
from bench.town import HEADS, LINED, MANAGERS, build_town, customers_of, seal_accounts
from desk.desk import adopt
from desk.people.sessions import open_session
from desk.people.signing import SigningRules
from models.database import database, migrate
from schema.scalars import global_id, split_id

READING_MANAGERS = [1 + LINED * n for n in range(8)]
READING_OFFICERS = [MANAGERS + HEADS + 1 + n for n in range(4)]
COMPARED = 8
"""Answers that are compared before anything is timed: one customer of each manager."""
LONG = SigningRules(idle=dt.timedelta(hours=4))


@dataclass(frozen=True, slots=True)
class Reader:
    token: str
    customers: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class House:
    """A loaded database and the people who read in it, by role."""

    url: str
    customers: int
    readers: dict[str, tuple[Reader, ...]]
    rows: int

    def to_product(self, question: Question) -> list[bytes]:
        def body(row: UUID | None) -> bytes:
            variables = {"id": global_id("customer", row)} if row else {}
            return orjson.dumps({"query": question.document, "variables": variables})

        return self._requests(question, "/graphql", body)

    def to_bare(self, question: Question) -> list[bytes]:
        return self._requests(
            question, f"/{question.name}", lambda row: orjson.dumps({"id": row} if row else {})
        )

    def _requests(self, question: Question, path: str, body: Callable[[UUID | None], bytes]) -> list[bytes]:
        """One customer after another of every reader in turn, or the one list of each."""
        people = self.readers[question.role]
        if not question.by_id:
            return [post(path, body(None), reader.token) for reader in people]
        rows = zip(*(reader.customers for reader in people), strict=True)
        return [
            post(path, body(row), reader.token)
            for turn in rows
            for reader, row in zip(people, turn, strict=True)
        ]


async def make_house(
    customers: int, policy: Policy, made: list[str], also: str, progress: Callable[[str], None]
) -> House:
    """A new database with a town in it, after which `also` is run. Its URL is added to `made` as soon as it is there."""
    url = await build()
    made.append(url)
    async with database(url):
        await migrate(url)
        writer = Writer(get_connection("default"))
        await build_town(writer, customers, progress)
        await adopt(policy)
        connection = await asyncpg.connect(url)
        try:
            await seal_accounts(connection, READING_MANAGERS)
            if also:
                await connection.execute(also)
            # What autovacuum would do within minutes, before anything is timed.
            await connection.execute("VACUUM (ANALYZE)")
            await connection.execute("CHECKPOINT")
            readers = {
                MANAGER: tuple([await _reader(connection, number) for number in READING_MANAGERS]),
                OFFICER: tuple([await _reader(connection, number) for number in READING_OFFICERS]),
            }
        finally:
            await connection.close()
    return House(url, customers, readers, writer.rows)


async def _reader(connection: asyncpg.Connection, member: int) -> Reader:
    staff = await connection.fetchval("SELECT id FROM staff WHERE number = $1", f"S{member:06}")
    served = await connection.fetch(
        "SELECT customer_id FROM manager_assignment WHERE manager_id = $1 ORDER BY id", staff
    )
    assert member > MANAGERS or len(served) == len(customers_of(member))
    opened = await open_session(UUID(int=staff.int), dt.datetime.now(dt.UTC), LONG)
    return Reader(opened.token, tuple(UUID(int=row["customer_id"].int) for row in served))


async def copy_of(house: House, policy: Policy, made: list[str]) -> House:
    """The same house under another policy."""
    url = await build(house.url)
    made.append(url)
    async with database(url):
        await adopt(policy)
    return House(url, house.customers, house.readers, house.rows)


ABSENT = "(absent)"


class Differs(RuntimeError):
    """The two handlers do not answer the same, so there is nothing to compare."""


async def must_agree(question: Question, house: House, product: str, bare: str) -> int:
    """A few requests of every reader are answered alike by both. How many there were; Differs names the place."""
    ours, theirs = await Wire.to(product), await Wire.to(bare)
    try:
        pairs = list(zip(house.to_product(question), house.to_bare(question), strict=True))[:COMPARED]
        for mine, other in pairs:
            _same(
                question.name,
                _plain(orjson.loads(await ask(ours, mine))["data"], split=True),
                _plain(orjson.loads(await ask(theirs, other))["data"], split=False),
            )
    finally:
        ours.close()
        theirs.close()
    return len(pairs)


def _plain(value: Any, *, split: bool, name: str = "") -> Any:
    """The answer with ids as those of the table, and of a cursor only whether there is one."""
    if isinstance(value, dict):
        return {key: _plain(below, split=split, name=key) for key, below in value.items()}
    if isinstance(value, list):
        return [_plain(below, split=split) for below in value]
    if name == "id" and split:
        return str(split_id(value)[1])
    return value is not None if name == "endCursor" else value


def _same(place: str, ours: Any, bare: Any) -> None:
    if isinstance(ours, dict) and isinstance(bare, dict):
        for key in ours | bare:
            _same(f"{place}.{key}", ours.get(key, ABSENT), bare.get(key, ABSENT))
    elif isinstance(ours, list) and isinstance(bare, list) and len(ours) == len(bare):
        for number, pair in enumerate(zip(ours, bare, strict=True)):
            _same(f"{place}[{number}]", *pair)
    elif ours != bare:
        raise Differs(f"{place}: the product answers {ours!r:.200}, the bare handler {bare!r:.200}")
