"""Who is at the desk: a person's current roles, delegations and recusals, read from the tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from authz import Actor, Role, Seat
from desk.dialect import Statement, as_datetime, as_uuid, connection, fetch, is_postgres
from desk.errors import Unauthenticated
from models.paths import stands_under

DATED = ("valid_from", "valid_to", "ended_at", "recorded_at", "ended_recorded_at")
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
    changed_at: dt.datetime | None = None
    """When something of his rights was last recorded: a desk whose clock stands before it must move on."""


def holding(alias: str, now: str) -> str:
    """SQL: the dated fact `alias` holds at `now`. An end at the very second is already over."""
    return (
        f"{alias}.valid_from <= {now} AND ({alias}.valid_to IS NULL OR {now} < {alias}.valid_to)"
        f" AND ({alias}.ended_at IS NULL OR {now} < {alias}.ended_at)"
    )


def at_work(staff: str, at: str) -> str:
    """SQL: the person has not left and is not suspended."""
    return (
        f"({staff}.left_at IS NULL OR {at} < {staff}.left_at) AND NOT EXISTS"
        f" (SELECT 1 FROM suspension u WHERE u.staff_id = {staff}.id AND {holding('u', at)})"
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
    marks = Marks(now, [left] if left else [])
    seats = await _seats(staff_id, postgres, marks)
    delegated, covered = await _delegations(staff_id, postgres, marks)
    actor = Actor(
        staff_id,
        as_uuid(person["person_id"]),
        seats=(*seats, *_in_place_of(covered, seats)),
        delegated=delegated,
        recused=await _recused(as_uuid(person["person_id"]), postgres),
    )
    await _upcoming_suspension(staff_id, postgres, marks)
    return Sitter(
        actor,
        person["number"],
        person["name"],
        person["epoch"],
        person["tree_epoch"],
        person["policy_version"],
        min(marks.boundaries) if marks.boundaries else None,
        max(marks.changes) if marks.changes else None,
    )


@dataclass(slots=True)
class Marks:
    """What dated rows tell beside whether they hold: when that next changes, and when it was last recorded."""

    now: dt.datetime
    boundaries: list[dt.datetime]
    changes: list[dt.datetime] = field(default_factory=list)

    def holds(self, row: dict[str, Any], prefix: str = "") -> bool:
        edges = [as_datetime(row[prefix + edge]) for edge in ("valid_from", "valid_to", "ended_at")]
        self.boundaries += [edge for edge in edges if edge is not None and edge > self.now]
        recorded = [as_datetime(row[prefix + mark]) for mark in ("recorded_at", "ended_recorded_at")]
        self.changes += [mark for mark in recorded if mark is not None]
        start, *ends = edges
        return (
            start is not None and start <= self.now and all(edge is None or self.now < edge for edge in ends)
        )


def _dated(alias: str, prefix: str = "") -> str:
    return ", ".join(f"{alias}.{name} AS {prefix}{name}" for name in DATED)


async def _seats(staff_id: UUID, postgres: bool, marks: Marks) -> tuple[Seat, ...]:
    s = Statement(postgres)
    rows = await fetch(
        s,
        f"SELECT a.id, a.role, a.department, a.institution_id, {_dated('a')},"
        " i.acting_path, i.path, i.level FROM assignment a JOIN institution i ON i.id = a.institution_id"
        f" WHERE a.staff_id = {s.bind(staff_id)} ORDER BY a.id",
    )
    return tuple(_seat(row) for row in rows if marks.holds(row))


def _seat(row: dict[str, Any]) -> Seat:
    return Seat(
        Role(row["role"]),
        row["acting_path"],
        as_uuid(row["institution_id"]),
        row["department"],
        row["level"] if row["path"] == row["acting_path"] else "",
        as_uuid(row["id"]),
    )


async def _delegations(
    staff_id: UUID, postgres: bool, marks: Marks
) -> tuple[frozenset[UUID], tuple[Seat, ...]]:
    """代班: the managers for whom he stands in, and the posts that he fills; a post that ends ends its cover."""
    s = Statement(postgres)
    rows = await fetch(
        s,
        f"SELECT d.principal_id, d.role AS covers, {_dated('d')}, {_dated('a', 'post_')}, a.id, a.role, a.department,"
        " a.institution_id, i.acting_path, i.path, i.level FROM delegation d"
        " LEFT JOIN assignment a ON a.id = d.assignment_id AND a.staff_id = d.principal_id LEFT JOIN institution i ON i.id = a.institution_id"
        f" WHERE d.deputy_id = {s.bind(staff_id)} ORDER BY d.id",
    )
    held = [row for row in rows if marks.holds(row)]
    served = [row for row in held if row["covers"] == Role.CUST_MGR]
    filled = [row for row in held if row["covers"] == row["role"] and marks.holds(row, "post_")]
    return frozenset(as_uuid(row["principal_id"]) for row in served), tuple(_seat(row) for row in filled)


def _in_place_of(covered: tuple[Seat, ...], own: tuple[Seat, ...]) -> tuple[Seat, ...]:
    """The posts that he may fill: of branches where, or above which, he still has a post of his own."""
    return tuple(
        seat for seat in covered if any(mine.path and stands_under(seat.path, mine.path) for mine in own)
    )


async def _recused(person_id: UUID, postgres: bool) -> frozenset[UUID]:
    s = Statement(postgres)
    rows = await fetch(s, f"SELECT customer_id FROM recusal WHERE person_id = {s.bind(person_id)}")
    return frozenset(as_uuid(row["customer_id"]) for row in rows)


async def _upcoming_suspension(staff_id: UUID, postgres: bool, marks: Marks) -> None:
    s = Statement(postgres)
    rows = await fetch(s, f"SELECT {_dated('u')} FROM suspension u WHERE u.staff_id = {s.bind(staff_id)}")
    for row in rows:
        marks.holds(row)
