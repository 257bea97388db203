"""Who is at the desk: a person's current roles, delegations and recusals, read from the tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from authz import Actor, Role, Seat
from desk.dialect import Statement, as_datetime, as_uuid, connection, fetch, is_postgres
from desk.errors import Unauthenticated

HOUSE_ID = UUID("00000000-0000-4000-8000-000000000001")


@dataclass(frozen=True, slots=True)
class Sitter:
    """An actor with what the fence needs to tell that nothing of him has changed since."""

    actor: Actor
    number: str
    name: str
    epoch: int
    tree_epoch: int
    policy_version: str
    valid_until: dt.datetime | None


def holding(alias: str, now: str) -> str:
    """SQL: the dated fact `alias` holds at `now`. An end at the very second is already over."""
    return (
        f"{alias}.valid_from <= {now} AND ({alias}.valid_to IS NULL OR {now} < {alias}.valid_to)"
        f" AND ({alias}.ended_at IS NULL OR {now} < {alias}.ended_at)"
    )


async def sit(staff_id: UUID, now: dt.datetime) -> Sitter:
    """Read one person's rights as they are at `now`. Unauthenticated when he has left or is suspended."""
    postgres = is_postgres(connection())
    s = Statement(postgres)
    me, at, house = s.bind(staff_id), s.bind(now), s.bind(HOUSE_ID)
    people = await fetch(
        s,
        "SELECT f.number, f.name, f.person_id, f.epoch, f.left_at, h.tree_epoch, h.policy_version,"
        f" EXISTS (SELECT 1 FROM suspension u WHERE u.staff_id = f.id AND {holding('u', at)}) AS suspended"
        f" FROM staff f JOIN house h ON h.id = {house} WHERE f.id = {me}",
    )
    if not people:
        raise Unauthenticated
    person = people[0]
    left = as_datetime(person["left_at"])
    if person["suspended"] or (left is not None and left <= now):
        raise Unauthenticated("This staff account is not active. Ask your institution's head.")
    boundaries: list[dt.datetime] = [left] if left else []
    actor = Actor(
        staff_id,
        as_uuid(person["person_id"]),
        seats=await _seats(staff_id, now, postgres, boundaries),
        delegated=await _delegated(staff_id, now, postgres, boundaries),
        recused=await _recused(as_uuid(person["person_id"]), postgres),
    )
    await _upcoming_suspension(staff_id, now, postgres, boundaries)
    return Sitter(
        actor,
        person["number"],
        person["name"],
        person["epoch"],
        person["tree_epoch"],
        person["policy_version"],
        min(boundaries) if boundaries else None,
    )


def _note(row: dict[str, Any], now: dt.datetime, boundaries: list[dt.datetime]) -> bool:
    """Remember when this dated row next changes; tell whether it holds now."""
    edges = [as_datetime(row[edge]) for edge in ("valid_from", "valid_to", "ended_at")]
    boundaries += [edge for edge in edges if edge is not None and edge > now]
    start, *ends = edges
    return start is not None and start <= now and all(edge is None or now < edge for edge in ends)


async def _seats(
    staff_id: UUID, now: dt.datetime, postgres: bool, boundaries: list[dt.datetime]
) -> tuple[Seat, ...]:
    s = Statement(postgres)
    rows = await fetch(
        s,
        "SELECT a.id, a.role, a.department, a.institution_id, a.valid_from, a.valid_to, a.ended_at,"
        " i.acting_path, i.level FROM assignment a JOIN institution i ON i.id = a.institution_id"
        f" WHERE a.staff_id = {s.bind(staff_id)} ORDER BY a.id",
    )
    return tuple(
        Seat(
            Role(row["role"]),
            row["acting_path"],
            as_uuid(row["institution_id"]),
            row["department"],
            row["level"],
            as_uuid(row["id"]),
        )
        for row in rows
        if _note(row, now, boundaries)
    )


async def _delegated(
    staff_id: UUID, now: dt.datetime, postgres: bool, boundaries: list[dt.datetime]
) -> frozenset[UUID]:
    s = Statement(postgres)
    rows = await fetch(
        s,
        "SELECT d.principal_id, d.valid_from, d.valid_to, d.ended_at FROM delegation d"
        f" WHERE d.deputy_id = {s.bind(staff_id)}",
    )
    return frozenset(as_uuid(row["principal_id"]) for row in rows if _note(row, now, boundaries))


async def _recused(person_id: UUID, postgres: bool) -> frozenset[UUID]:
    s = Statement(postgres)
    rows = await fetch(s, f"SELECT customer_id FROM recusal WHERE person_id = {s.bind(person_id)}")
    return frozenset(as_uuid(row["customer_id"]) for row in rows)


async def _upcoming_suspension(
    staff_id: UUID, now: dt.datetime, postgres: bool, boundaries: list[dt.datetime]
) -> None:
    s = Statement(postgres)
    rows = await fetch(
        s, f"SELECT valid_from, valid_to, ended_at FROM suspension WHERE staff_id = {s.bind(staff_id)}"
    )
    for row in rows:
        _note(row, now, boundaries)
