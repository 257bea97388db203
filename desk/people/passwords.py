"""Passwords: argon2id hashes, what may be one, and how a person changes his own."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from tortoise.transactions import in_transaction

from desk.acts import act
from desk.desk import Desk
from desk.people.attempts import RULES, SigningRules, begin, forget_account, succeed
from desk.people.common_passwords import COMMON
from desk.people.sessions import write_without_desk
from desk.trail import ALLOW, Entry
from models.errors import BadInput, Refusal
from models.people import Credential, Session, Staff

SHORTEST, LONGEST = 8, 128
HASHER = PasswordHasher()
"""argon2id by RFC 9106's second choice: 64 MiB, 3 passes, 4 lanes. A stored hash carries its own parameters."""
_WORKERS = ThreadPoolExecutor(4, thread_name_prefix="argon2")
"""Hashes are made off the event loop, and few at once, because each takes its 64 MiB."""
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"


class BadPassword(BadInput):
    code = "BAD_PASSWORD"


class CommonPassword(BadPassword):
    code = "COMMON_PASSWORD"


class WrongPassword(Refusal):
    code = "WRONG_PASSWORD"


class SamePassword(Refusal):
    code = "SAME_PASSWORD"


def normal(password: str) -> str | None:
    """The form in which a password is compared, so that an input method's wide letters are the letters they show.

    None for what no password can be: too long before or after, or not text at all.
    """
    if len(password) > LONGEST:
        return None
    found = unicodedata.normalize("NFKC", password)
    if len(found) > LONGEST or any(unicodedata.category(letter) == "Cs" for letter in found):
        return None
    return found


def acceptable(password: str, number: str, field: str = "password") -> str:
    """The password as it is compared. BAD_PASSWORD, COMMON_PASSWORD; nothing is cut off (ASVS 5.0 6.2)."""
    found = normal(password)
    if found is None or len(found) < SHORTEST:
        raise BadPassword(f"A password has {SHORTEST} to {LONGEST} characters. Choose another.", field=field)
    plain = found.casefold()
    if plain in COMMON or len(set(plain)) < 4 or number.casefold() in plain:
        raise CommonPassword(
            "This password is among the first that anybody would try. Choose another.", field=field
        )
    return found


async def hashed(password: str) -> str:
    """The argon2id hash of a password."""
    return await asyncio.get_running_loop().run_in_executor(_WORKERS, HASHER.hash, password)


async def matches(password_hash: str | None, password: str | None) -> bool:
    """Does the password belong to this hash? Takes its time in either case, and where there is no hash."""
    found = await asyncio.get_running_loop().run_in_executor(
        _WORKERS, _matches, password_hash, password or ""
    )
    return found and password_hash is not None and password is not None


def outdated(password_hash: str) -> bool:
    """Was it made with other parameters than today's?"""
    return HASHER.check_needs_rehash(password_hash)


def one_time_password() -> str:
    """Sixteen letters and digits that are not mistaken for each other, for a telephone: about 93 bits."""
    letters = [secrets.choice(_ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, 16, 4))


async def set_password(staff_id: UUID, password: str, now: dt.datetime, *, must_change: bool = False) -> None:
    """For the command line, which has no desk: give somebody a password, unlock him, and end his sessions.

    BAD_PASSWORD, COMMON_PASSWORD, STAFF_HAS_LEFT. One record in the trail, of nobody.
    """
    staff = await Staff.get(id=staff_id)
    staff.must_work_here()
    password_hash = await hashed(acceptable(password, staff.number))
    async with in_transaction():
        await store(staff, password_hash, now, must_change=must_change)
        await write_without_desk(Entry("setPassword", ALLOW, "staff", object_id=staff.id), None, None, now)


async def store(staff: Staff, password_hash: str, now: dt.datetime, *, must_change: bool) -> None:
    """Within a transaction: from now on this is his password, and whoever was signed in as him no longer is."""
    await Staff.filter(id=staff.id).select_for_update(no_key=True).get()
    held = await Credential.get_or_none(staff_id=staff.id)
    if held is None:
        held = Credential(staff_id=staff.id, password_hash=password_hash, changed_at=now)
        held.must_change = must_change
        await held.save()
    else:
        await held.replace(password_hash, now, must_change=must_change)
    await forget_account(staff.number)
    await Session.end_all(staff.id, now, "PASSWORD_CHANGED")


async def change_own_password(
    desk: Desk, *, old: str, new: str, address: str | None = None, rules: SigningRules = RULES
) -> Staff:
    """A person gives himself another password. All his sessions end, this one too: he signs in anew.

    Guesses at the old one count like sign-in attempts. WRONG_PASSWORD, also when there were too many;
    BAD_PASSWORD, COMMON_PASSWORD, SAME_PASSWORD. Neither password reaches the trail, not even as a digest.
    """
    await desk.look_again(lambda: _present(desk))
    staff = await Staff.get(id=desk.staff_id)
    working = replace(desk, operation="changePassword")
    try:
        wanted = acceptable(new, staff.number, "new")
        attempt = await begin(staff.number, address, desk.now, rules)
        held = await Credential.get_or_none(staff_id=staff.id) if attempt else None
        given = normal(old)
        if attempt is None or held is None or not await matches(held.password_hash, given):
            raise WrongPassword("The present password is not this one, or was tried too often.", field="old")
        await succeed(attempt, desk.now, rules)
        if wanted == given:
            raise SamePassword("The new password is the present one. Choose another.", field="new")
    except Refusal as refusal:
        await working.refuse("staff", refusal.code)
        raise
    return await _change(desk, seen=held.password_hash, password_hash=await hashed(wanted))


async def _present(desk: Desk) -> None:
    """Whoever guesses does so at a session that lives: one that is over must not tell whether a guess was right."""
    async with in_transaction():
        await desk.must_be_fresh()


@act("changePassword", Staff)
async def _change(desk: Desk, *, seen: str, password_hash: str) -> Staff:
    """`seen` is the hash that the old password was checked against: another one means somebody was quicker."""
    staff = await Staff.filter(id=desk.staff_id).select_for_update(no_key=True).get()
    if not await Credential.filter(staff_id=staff.id, password_hash=seen).exists():
        raise WrongPassword("The password has just been changed. Use the new one.", field="old")
    await store(staff, password_hash, desk.now, must_change=False)
    return staff


def _matches(password_hash: str | None, password: str) -> bool:
    # Asked for first, so that the first unknown number of a process takes no longer than any other.
    nobody = _decoy()
    try:
        return HASHER.verify(password_hash or nobody, password)
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _decoy() -> str:
    """The hash of a password that nobody knows. Made once a process."""
    return HASHER.hash(secrets.token_urlsafe(32))
