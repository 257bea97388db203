"""An act: one transaction with its trail inside, one effect for an idempotency key, a record of every refusal."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
from collections.abc import Awaitable, Callable, Generator
from dataclasses import fields, is_dataclass, replace
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

import asyncpg
import orjson
from tortoise.exceptions import IntegrityError
from tortoise.models import Model
from tortoise.transactions import in_transaction

from desk.desk import Desk
from desk.errors import Forbidden, NotFound, Stale
from desk.sights import BY_MODEL
from desk.trail import ALLOW, Entry
from models.errors import BadInput, Refusal
from models.trail import IdempotencyKey
from models.vault import vault

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
MAX_KEY = 255


class KeyConflict(Refusal):
    """The same idempotency key came with another request."""

    code = "IDEMPOTENCY_CONFLICT"


class Conflict(Refusal):
    """Two people did the same at once; the database let one of them."""

    code = "CONFLICT"


Work = Callable[Concatenate[Desk, P], Awaitable[M]]


def act(operation: str, outcome: type[M]) -> Callable[[Work[P, M]], Work[P, M]]:
    """Make a desk function an act. Its keyword argument `idempotency_key`, if given, is taken out here."""

    def make(function: Work[P, M]) -> Work[P, M]:
        @functools.wraps(function)
        async def run(desk: Desk, *args: P.args, **kwargs: P.kwargs) -> M:
            key = kwargs.pop("idempotency_key", None)
            at_work = replace(desk, operation=operation, in_act=True)
            meant = next((value for value in kwargs.values() if isinstance(value, UUID)), None)

            async def attempt() -> M:
                return await at_work.look_again(
                    lambda: _attempt(
                        at_work, operation, outcome, key, lambda: function(at_work, *args, **kwargs), kwargs
                    )
                )

            try:
                try:
                    return await attempt()
                except IntegrityError:
                    if key is None:
                        raise
                    # Its twin, sent at the same moment, may have taken the key: then there is an outcome now.
                    return await attempt()
            except IntegrityError as broken:
                refusal = Conflict("Somebody else has just changed the same thing. Look again, then repeat.")
                await at_work.refuse(BY_MODEL[outcome], refusal.code, object_id=meant)
                raise refusal from broken
            except (Refusal, Forbidden, NotFound) as refused:
                await at_work.refuse(BY_MODEL[outcome], refused.code, object_id=meant)
                raise

        run.__setattr__("act", operation)
        return cast(Work[P, M], run)

    return make


async def _attempt(
    desk: Desk,
    operation: str,
    outcome: type[M],
    key: object,
    work: Callable[[], Awaitable[M]],
    arguments: dict[str, Any],
) -> M:
    with _again_after_a_deadlock():
        return await _in_one_transaction(desk, operation, outcome, key, work, arguments)


@contextlib.contextmanager
def _again_after_a_deadlock() -> Generator[None]:
    """Two acts that wait for each other: the database ends one of them, which then simply begins again."""
    try:
        yield
    except asyncpg.DeadlockDetectedError:
        raise Stale from None


async def _in_one_transaction(
    desk: Desk,
    operation: str,
    outcome: type[M],
    key: object,
    work: Callable[[], Awaitable[M]],
    arguments: dict[str, Any],
) -> M:
    async with in_transaction():
        await desk.must_be_fresh()
        held = None
        if key is not None:
            held = await _claim(desk, operation, key, arguments)
            if held.outcome_id is not None:
                return await desk.open(outcome, held.outcome_id)
        result = await work()
        await desk.record(
            Entry(
                operation,
                ALLOW,
                BY_MODEL[outcome],
                object_id=result.pk,
                customer_id=result.pk
                if BY_MODEL[outcome] == "customer"
                else getattr(result, "customer_id", None),
                more={"request": _digest(arguments)},
            )
        )
        if held is not None:
            held.outcome_id = result.pk
            await held.save(update_fields=["outcome_id"])
    return result


async def _claim(desk: Desk, operation: str, key: object, arguments: dict[str, Any]) -> IdempotencyKey:
    if not isinstance(key, str) or not 1 <= len(key) <= MAX_KEY:
        raise BadInput(
            f"An idempotency key has 1 to {MAX_KEY} characters. Shorten it.", field="idempotencyKey"
        )
    digest = _digest({"operation": operation, **arguments})
    held = await IdempotencyKey.get_or_none(staff_id=desk.staff_id, key=key)
    if held is None:
        return await IdempotencyKey.create(
            staff_id=desk.staff_id, key=key, body_digest=digest, operation=operation, at=desk.now
        )
    if held.body_digest != digest:
        raise KeyConflict(
            "This idempotency key was used for another request. Take a new key.", field="idempotencyKey"
        )
    return held


def _digest(arguments: dict[str, Any]) -> str:
    """Equal for equal requests. Keyed: who holds a record cannot try the few answers that a request may have had."""
    return vault().index("request", orjson.dumps(_plain(arguments), option=orjson.OPT_SORT_KEYS).decode())


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    if isinstance(value, UUID | dt.date | dt.datetime):
        return str(value)
    return value if isinstance(value, str | int | bool | None) else str(value)
