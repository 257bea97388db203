"""Sign-in attempts, counted before a password is looked at, so that guesses run out however many come at once."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from uuid import UUID

from models.people import SignInAttempt


@dataclass(frozen=True, slots=True)
class SigningRules:
    """How long a session lives, and how many guesses anybody has (security.md B, 17-21; ASVS 5.0 6.3.1, 7.3).

    `failures` and `address_failures` count within `window`; `failures_to_lock` within `lock_window`, after
    which only two people open the account again. `one_time` is how long a password given at a reset is good.
    """

    idle: dt.timedelta = dt.timedelta(minutes=15)
    absolute: dt.timedelta = dt.timedelta(hours=8)
    touch: dt.timedelta = dt.timedelta(minutes=1)
    window: dt.timedelta = dt.timedelta(minutes=15)
    failures: int = 5
    address_failures: int = 50
    lock_window: dt.timedelta = dt.timedelta(hours=24)
    failures_to_lock: int = 20
    one_time: dt.timedelta = dt.timedelta(hours=24)


RULES = SigningRules()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that is being made. `ids` are its rows, one for each bucket."""

    ids: tuple[UUID, ...]
    account: str


async def begin(number: str, address: str | None, now: dt.datetime, rules: SigningRules) -> Attempt | None:
    """Count an attempt for the account, and for the address if one is known; None when either has had its share.

    Written and committed before it is counted: of attempts that come at once, each sees all that were written
    before it, so no more than the allowed number goes on. One that may not go on is not counted.
    """
    account = _account(number)
    buckets = [(account, rules.failures)]
    if address is not None:
        buckets.append((f"address:{_hash(address)}", rules.address_failures))
    ids = tuple([(await SignInAttempt.create(bucket=bucket, at=now)).id for bucket, _ in buckets])
    for bucket, most in buckets:
        if await _count(bucket, now - rules.window) > most:
            await SignInAttempt.filter(id__in=ids).delete()
            return None
    return Attempt(ids, account)


async def exhausted(attempt: Attempt, now: dt.datetime, rules: SigningRules) -> bool:
    """Has the account been guessed at so often that it is to be locked?"""
    return await _count(attempt.account, now - rules.lock_window) >= rules.failures_to_lock


async def succeed(attempt: Attempt, now: dt.datetime, rules: SigningRules) -> None:
    """It was no guess: the account's count begins anew, and whatever is too old to count goes."""
    await SignInAttempt.filter(id__in=attempt.ids).delete()
    await SignInAttempt.filter(bucket=attempt.account).delete()
    await SignInAttempt.filter(at__lte=now - rules.lock_window).delete()


async def forget_account(number: str) -> None:
    """The guesses at an account no longer count: it was unlocked, or has a new password."""
    await SignInAttempt.filter(bucket=_account(number)).delete()


async def _count(bucket: str, after: dt.datetime) -> int:
    return await SignInAttempt.filter(bucket=bucket, at__gt=after).count()


def _account(number: str) -> str:
    return f"account:{_hash(number)}"


def _hash(text: str) -> str:
    """Buckets hold no text of a caller: people type passwords into the wrong field."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
