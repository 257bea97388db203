"""Named jobs on the house as a whole: is it migrated, which policy is in force, which keys hold it, who did what to it.

They answer with names, ids and counts, never with a cell about a customer (decisions.md 15).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from tortoise import Tortoise
from tortoise.exceptions import OperationalError
from tortoise.fields import BinaryField
from tortoise.models import Model
from tortoise.transactions import in_transaction

from authz import Action, Kind, Policy
from desk.actors import HOUSE_ID
from desk.desk import Desk, PolicyChanged, adopt
from desk.dialect import Statement, as_uuid, fetch, is_postgres
from desk.errors import Forbidden
from desk.trail import ALLOW, Entry, write
from models.errors import Refusal
from models.institutions import House
from models.people import Credential, Session, Staff

MIGRATIONS = Path(__file__).parent.parent / "migrations" / "models"
_NUMBERED = re.compile(r"[0-9]{4}_\w+\.py")


class NotMigrated(Refusal):
    """The tables are older than this release."""

    code = "NOT_MIGRATED"


class NewerDatabase(Refusal):
    """The tables were made by a later release, whose rules this one does not know."""

    code = "NEWER_DATABASE"


class OtherPolicy(Refusal):
    """Another policy is in force than the one that came with this release."""

    code = "OTHER_POLICY"


@dataclass(frozen=True, slots=True)
class Sealed:
    """One encrypted cell, as proof that keys open what is here."""

    table: str
    column: str
    row_id: UUID
    cipher: bytes


def known_migrations() -> list[str]:
    """The migrations of this release, in order."""
    return sorted(path.stem for path in MIGRATIONS.iterdir() if _NUMBERED.fullmatch(path.name))


async def applied_migrations() -> list[str]:
    """The migrations that the open database has had, in order; none where it is empty."""
    try:
        rows = await fetch(Statement(is_postgres()), "SELECT name FROM tortoise_migrations")
    except OperationalError:
        return []
    return sorted(row["name"] for row in rows)


async def must_be_migrated() -> None:
    """NOT_MIGRATED or NEWER_DATABASE unless the database has exactly the migrations of this release."""
    known, applied = set(known_migrations()), set(await applied_migrations())
    if newer := sorted(applied - known):
        raise NewerDatabase(
            f"The database has the migration {newer[0]} of a later release. Run that release."
        )
    if missing := sorted(known - applied):
        raise NotMigrated(
            f"The database lacks {len(missing)} migration(s), from {missing[0]} on. Run: python -m api migrate"
        )


async def policy_in_force() -> str:
    """The version of the policy that every statement is fenced on; empty before the first."""
    return (await House.get(id=HOUSE_ID)).policy_version


async def must_be_in_force(policy: Policy) -> None:
    """Put the first policy in force; OTHER_POLICY when another one is. A later one is adopted by `migrate` alone."""
    if not await policy_in_force():
        await adopt(policy)
    if await policy_in_force() != policy.version:
        raise OtherPolicy(
            "Another policy is in force than authz/policy.csv of this release. To adopt this one run: python -m api migrate"
        )


async def must_answer(policy: Policy) -> None:
    """The database answers, and to this worker: PolicyChanged once another release's policy is in force."""
    if await policy_in_force() != policy.version:
        raise PolicyChanged


async def is_unstaffed() -> bool:
    """Nobody works here yet: a bank may still be loaded into it."""
    return not await Staff.exists()


async def staff_id(number: str) -> UUID | None:
    """Whose staff number this is, for starting a job or an act in his name."""
    found = await Staff.get_or_none(number=number)
    return found.id if found else None


def must_run_jobs(desk: Desk) -> None:
    """Moving the whole bank's data in or out is for whoever may import: the system administrator."""
    if not desk.may_somewhere(Action.IMPORT, Kind.IMPORT):
        raise Forbidden("Only the system administrator runs this. Name one with --as.")


async def note(
    operation: str, policy: Policy, now: dt.datetime, *, desk: Desk | None = None, **more: Any
) -> None:
    """One record of a job in the trail. Without a desk it was the house itself: nobody works here yet."""
    async with in_transaction():
        await write(
            Entry(operation, ALLOW, "house", object_id=HOUSE_ID, more=more),
            sitter=desk.sitter if desk else None,
            session_id=None,
            now=now,
            policy_version=policy.version,
        )


async def end_every_session(now: dt.datetime, reason: str) -> int:
    """Everybody signs in anew. How many sessions there were."""
    return await Session.filter(ended_at__isnull=True).update(ended_at=now, end_reason=reason)


async def sealed_by_key() -> dict[int, int]:
    """How many encrypted cells each key holds, by the key's id: what must be read before a key is retired."""
    counts: dict[int, int] = {}
    for table, column in sealed_columns():
        rows = await fetch(
            Statement(is_postgres()),
            f"SELECT {_key_of(column)} AS key, COUNT(*) AS n FROM {table} WHERE {column} IS NOT NULL GROUP BY 1",
        )
        for row in rows:
            counts[_key_id(row["key"])] = counts.get(_key_id(row["key"]), 0) + row["n"]
    return dict(sorted(counts.items()))


async def proofs() -> list[Sealed]:
    """One encrypted cell for each key in use. Whoever holds the keys can open every one of them."""
    found: dict[int, Sealed] = {}
    for table, column in sealed_columns():
        rows = await fetch(
            Statement(is_postgres()),
            f"SELECT {_key_of(column)} AS key, MIN({'id::text' if is_postgres() else 'id'}) AS id"
            f" FROM {table} WHERE {column} IS NOT NULL GROUP BY 1",
        )
        for row in rows:
            if _key_id(row["key"]) not in found:
                found[_key_id(row["key"])] = await _proof(table, column, as_uuid(row["id"]))
    return [found[key] for key in sorted(found)]


async def _proof(table: str, column: str, row_id: UUID) -> Sealed:
    s = Statement(is_postgres())
    rows = await fetch(s, f"SELECT {column} AS cipher FROM {table} WHERE id = {s.bind(row_id)}")
    return Sealed(table, column, row_id, bytes(rows[0]["cipher"]))


def sealed_columns() -> Iterator[tuple[str, str]]:
    """Every encrypted column of the house: binary, and named so."""
    models: list[type[Model]] = sorted(Tortoise.apps["models"].values(), key=lambda it: it._meta.db_table)
    for model in models:
        for name, field in sorted(model._meta.fields_map.items()):
            if isinstance(field, BinaryField) and name.endswith("_cipher"):
                yield model._meta.db_table, name


def _key_of(column: str) -> str:
    """SQL: the first byte of a sealed value, which is the id of its key."""
    return f"get_byte({column}, 0)" if is_postgres() else f"hex(substr({column}, 1, 1))"


def _key_id(value: Any) -> int:
    return value if isinstance(value, int) else int(value, 16)


async def have_passwords(numbers: Collection[str]) -> bool:
    """Whether each of these people can sign in."""
    return await Credential.filter(staff__number__in=list(numbers)).count() == len(numbers)
