"""Signing in: one answer to everything that is wrong, and as much time for a number that does not exist."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise.transactions import in_transaction

from desk.actors import sit
from desk.errors import Unauthenticated
from desk.people.attempts import RULES, Attempt, SigningRules, begin, exhausted, succeed
from desk.people.passwords import SamePassword, acceptable, hashed, matches, normal, outdated, store
from desk.people.sessions import SignedIn, open_session, resolve, sign_out, write_without_desk
from desk.trail import ALLOW, REFUSE, Entry
from models.errors import Refusal
from models.people import Credential, Staff

__all__ = [
    "PasswordMustChange",
    "SignInRefused",
    "SignedIn",
    "SigningRules",
    "resolve",
    "sign_in",
    "sign_out",
]

LONGEST_ADDRESS = 64


class SignInRefused(Refusal):
    """Unknown, wrong, locked, suspended, left, too many attempts, one-time password too old: all the same."""

    code = "SIGN_IN_REFUSED"

    def __init__(self) -> None:
        super().__init__(
            "This number and password do not open a session. Check both; after five failures, wait 15 minutes."
        )


class PasswordMustChange(Refusal):
    """The password was right and is good for one thing only: to be changed. No session is opened with it."""

    code = "PASSWORD_MUST_CHANGE"

    def __init__(self) -> None:
        super().__init__(
            "This password was given to you and must be changed. Sign in with a new password beside it.",
            field="newPassword",
        )


async def sign_in(
    number: str,
    password: str,
    address: str,
    now: dt.datetime,
    *,
    new_password: str | None = None,
    rules: SigningRules = RULES,
) -> SignedIn:
    """Open a session for whoever knows a staff number and its password. Anybody may try, from an `address`.

    SIGN_IN_REFUSED says nothing of the reason; the trail does, in a code. PASSWORD_MUST_CHANGE, only after the
    right password, when it was given at a reset: call again with `new_password`, for which BAD_PASSWORD,
    COMMON_PASSWORD, SAME_PASSWORD tell what is wrong with it. Attempts beyond what is allowed are refused before
    any hash is computed, and leave no record: those that used the allowance up are on record.
    """
    attempt = await begin(number, address, now, rules)
    if attempt is None:
        raise SignInRefused
    staff = await Staff.get_or_none(number=number) if _storable(number) else None
    held = await Credential.get_or_none(staff_id=staff.id if staff else NOBODY)
    given = normal(password)
    right = await matches(held.password_hash if held else None, given)
    if staff is None or held is None or given is None or not right:
        raise await _refuse(attempt, staff, held, address, now, rules, "UNKNOWN" if held is None else "WRONG")
    why = await _unfit(held, now, rules)
    if why:
        raise await _refuse(attempt, staff, held, address, now, rules, why)
    try:
        chosen = _chosen(held, given, new_password, staff)
    except Refusal as refusal:
        await _record_refusal(attempt, staff, address, now, rules, refusal.code)
        raise
    fresh = await hashed(chosen or given) if chosen or outdated(held.password_hash) else None
    try:
        async with in_transaction():
            return await _open(attempt, staff, held, fresh, chosen is not None, address, now, rules)
    except Unauthenticated:
        raise await _refuse(attempt, staff, held, address, now, rules, "INACTIVE") from None


async def _open(
    attempt: Attempt,
    staff: Staff,
    held: Credential,
    fresh: str | None,
    changed: bool,
    address: str,
    now: dt.datetime,
    rules: SigningRules,
) -> SignedIn:
    # Held, so that a suspension, a leaving or a reset comes wholly before this session or ends it.
    await Staff.filter(id=staff.id).select_for_update(no_key=True).get()
    current = await Credential.get(id=held.id)
    if current.password_hash != held.password_hash or current.locked_at is not None:
        raise Unauthenticated
    sitter = await sit(staff.id, now)
    if fresh is not None and changed:
        await store(staff, fresh, now, must_change=False)
    elif fresh is not None:
        await Credential.filter(id=held.id).update(password_hash=fresh)
    await succeed(attempt, now, rules)
    signed_in = await open_session(staff.id, now, rules)
    await write_without_desk(
        Entry(
            "signIn",
            ALLOW,
            "session",
            object_id=signed_in.session_id,
            more={**_from(address), "password": "CHANGED" if changed else "KEPT"},
        ),
        sitter,
        signed_in.session_id,
        now,
    )
    return signed_in


async def _unfit(held: Credential, now: dt.datetime, rules: SigningRules) -> str:
    """Why the right password does not help. Empty when it does."""
    if held.locked_at is not None:
        return "LOCKED"
    if held.must_change and held.changed_at + rules.one_time <= now:
        return "ONE_TIME_EXPIRED"
    try:
        await sit(held.staff_id, now)
    except Unauthenticated:
        return "INACTIVE"
    return ""


def _chosen(held: Credential, given: str, new_password: str | None, staff: Staff) -> str | None:
    """The password that replaces the given one, where it must be replaced, or the person wishes it."""
    if new_password is None:
        if held.must_change:
            raise PasswordMustChange
        return None
    wanted = acceptable(new_password, staff.number, "newPassword")
    if wanted == given:
        raise SamePassword("The new password is the present one. Choose another.", field="newPassword")
    return wanted


async def _record_refusal(
    attempt: Attempt, staff: Staff, address: str, now: dt.datetime, rules: SigningRules, code: str
) -> None:
    """The password was right, so it was no guess; but there is no session yet."""
    async with in_transaction():
        await succeed(attempt, now, rules)
        entry = Entry("signIn", REFUSE, "session", code=code, object_id=staff.id, more=_from(address))
        await write_without_desk(entry, None, None, now)


async def _refuse(
    attempt: Attempt,
    staff: Staff | None,
    held: Credential | None,
    address: str,
    now: dt.datetime,
    rules: SigningRules,
    why: str,
) -> SignInRefused:
    """Record why, lock the account when it has been guessed at too often, and say the one thing that is said."""
    async with in_transaction():
        locked = await exhausted(attempt, now, rules)
        if locked and held is not None:
            await Credential.filter(id=held.id, locked_at__isnull=True).update(locked_at=now)
        await write_without_desk(
            Entry(
                "signIn",
                REFUSE,
                "session",
                code=SignInRefused.code,
                object_id=staff.id if staff else None,
                more={**_from(address), "why": why, "attempts_exhausted": locked},
            ),
            None,
            None,
            now,
        )
    return SignInRefused()


def _from(address: str) -> dict[str, str]:
    return {"address": address[:LONGEST_ADDRESS]}


def _storable(number: str) -> bool:
    """PostgreSQL takes neither NUL nor lone surrogates, so there is no such number."""
    return number.isprintable() and len(number) <= 32


NOBODY = UUID("00000000-0000-4000-8000-000000000000")
