"""Sessions: opaque, on the server, known by the hash of their token; over at a moment, and then at once."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import NamedTuple
from uuid import UUID

from desk.actors import Sitter, holding, sit
from desk.dialect import Statement, as_datetime, as_uuid, fetch, is_postgres
from desk.errors import Unauthenticated
from desk.people.attempts import RULES, SigningRules
from desk.trail import ALLOW, Entry, write
from models.institutions import House
from models.people import Session


class Resolved(NamedTuple):
    """Whose session it is. Its use need not be noted again before `noted_until`."""

    staff_id: UUID
    session_id: UUID
    noted_until: dt.datetime


class SignedIn(NamedTuple):
    """`token` is told once and kept nowhere."""

    token: str
    session_id: UUID
    staff_id: UUID
    expires_at: dt.datetime


async def open_session(staff_id: UUID, now: dt.datetime, rules: SigningRules) -> SignedIn:
    """A new session with a new token of 256 bits."""
    token = secrets.token_urlsafe(32)
    session = await Session.create(
        token_hash=_hash(token),
        staff_id=staff_id,
        created_at=now,
        last_seen_at=now,
        expires_at=now + min(rules.idle, rules.absolute),
    )
    return SignedIn(token, session.id, staff_id, session.expires_at)


async def resolve(token: str, now: dt.datetime, rules: SigningRules = RULES) -> Resolved:
    """Whose session this is. Unauthenticated when it is none, is over, or its person may not work here now.

    Its use is noted at most once a minute and puts off its end: to 15 idle minutes after the use that was noted,
    never beyond 8 hours. So an idle session ends after 14 to 15 minutes, never later.
    """
    s = Statement(is_postgres())
    at = s.bind(now)
    rows = await fetch(
        s,
        "SELECT n.id, n.staff_id, n.created_at, n.last_seen_at, n.expires_at, f.left_at,"
        f" EXISTS (SELECT 1 FROM suspension u WHERE u.staff_id = f.id AND {holding('u', at)}) AS suspended"
        " FROM session n JOIN staff f ON f.id = n.staff_id"
        f" WHERE n.token_hash = {s.bind(_hash(token))} AND n.ended_at IS NULL AND {at} < n.expires_at",
    )
    if not rows:
        raise Unauthenticated
    row = rows[0]
    session_id, left = as_uuid(row["id"]), as_datetime(row["left_at"])
    if row["suspended"] or (left is not None and left <= now):
        # A suspension or a leaving that was told ahead has begun.
        reason = "SUSPENDED" if row["suspended"] else "LEFT"
        await Session.filter(id=session_id, ended_at__isnull=True).update(ended_at=now, end_reason=reason)
        raise Unauthenticated
    seen, created = as_datetime(row["last_seen_at"]), as_datetime(row["created_at"])
    if seen is None or created is None:
        raise Unauthenticated
    noted_until = seen + rules.touch
    if now >= noted_until:
        noted_until = now + rules.touch
        await Session.filter(id=session_id, ended_at__isnull=True, last_seen_at=seen).update(
            last_seen_at=now, expires_at=min(now + rules.idle, created + rules.absolute)
        )
    return Resolved(as_uuid(row["staff_id"]), session_id, noted_until)


async def sign_out(session_id: UUID, now: dt.datetime) -> None:
    """End a session. One that is over stays as it ended. One record in the trail for each that was ended."""
    session = await Session.get_or_none(id=session_id)
    ended = await Session.filter(id=session_id, ended_at__isnull=True).update(
        ended_at=now, end_reason="SIGNED_OUT"
    )
    if session is not None and ended:
        await write_without_desk(
            Entry("signOut", ALLOW, "session", object_id=session_id),
            await _sitting(session.staff_id, now),
            session_id,
            now,
        )


async def end_sessions(staff_id: UUID, reason: str, now: dt.datetime) -> int:
    """End every session of a person, within whatever act has the reason. How many there were."""
    return await Session.end_all(staff_id, now, reason)


async def write_without_desk(
    entry: Entry, sitter: Sitter | None, session_id: UUID | None, now: dt.datetime
) -> None:
    """One record where there is no desk: signing in and out, the command line. By nobody, unless he has shown who he is."""
    house = await House.first()
    await write(
        entry,
        sitter=sitter,
        session_id=session_id,
        now=now,
        policy_version=house.policy_version if house else "",
    )


async def _sitting(staff_id: UUID, now: dt.datetime) -> Sitter | None:
    try:
        return await sit(staff_id, now)
    except Unauthenticated:
        return None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
