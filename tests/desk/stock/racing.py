"""Two worker processes on one database that begin at the same moment, and what their attempts come to.

    python -m tests.desk.stock.racing URL

A worker reads a round a line: its attempts, each an act by a person. It seats the persons and says "ready"; at the next line
it does all of them at once and says "done"; at the one after it answers their codes. What is not a refusal is told with
its text.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from authz import Policy
from desk import segments
from desk.cards import issuing
from desk.desk import Desk
from desk.errors import Forbidden, NotFound
from desk.stock import correcting, receiving, reversing, signing, transfers
from desk.stocktakes import opening
from models import vault
from models.custody import StocktakeKind
from models.database import database
from models.errors import Refusal
from tests.custody import Span

WORKERS = 2
AT_ONCE = 20
"""Attempts of one worker, each on a connection of its own."""
ACTS: dict[str, Callable[..., Awaitable[Any]]] = {
    "sign": signing.sign,
    "countersign": signing.countersign,
    "reject": signing.reject,
    "withdraw": signing.withdraw,
    "edit": correcting.edit,
    "draft_receipt": receiving.draft_receipt,
    "draft_reversal": reversing.draft_reversal,
    "list_arrival": transfers.list_arrival,
    "draft_card_issue": issuing.draft_card_issue,
    "divide": segments.divide,
    "open_stocktake": opening.open_stocktake,
}


class Attempt(NamedTuple):
    act: str
    staff_id: UUID
    told: dict[str, Any]


class Outcome(NamedTuple):
    """`code` is OK, a refusal's, or "!" and what surprised."""

    code: str
    id: str = ""


class Racers:
    """Both workers, as the test sees them."""

    def __init__(self, workers: Sequence[asyncio.subprocess.Process]) -> None:
        self.workers = workers
        self.attempts = 0

    @classmethod
    async def start(cls, url: str, workers: int = WORKERS) -> Racers:
        return cls(
            [
                await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "tests.desk.stock.racing", url,
                    stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**20,
                )
                for _ in range(workers)
            ]
        )  # fmt: skip

    async def race(self, attempts: Sequence[Attempt], now: dt.datetime) -> list[Outcome]:
        """All of them at once, every other one by the other worker; outcomes in the order of the attempts."""
        await self.prepare(attempts, now)
        await self.go()
        await self.done()
        told = await self.answers()
        self.attempts += len(attempts)
        return [Outcome(*told[at % len(told)][at // len(told)]) for at in range(len(attempts))]

    async def prepare(self, attempts: Sequence[Attempt], now: dt.datetime) -> None:
        many = len(self.workers)
        for at, worker in enumerate(self.workers):
            await _say(worker, {"now": now.isoformat(), "attempts": attempts[at::many]})
        for worker in self.workers:
            assert await _hear(worker) == "ready"

    async def go(self) -> None:
        for worker in self.workers:
            await _say(worker, "go")

    async def done(self) -> None:
        """Whatever they did is committed, and not yet answered."""
        for worker in self.workers:
            assert await _hear(worker) == "done"

    async def answers(self) -> list[Any]:
        await self.go()
        return [await _hear(worker) for worker in self.workers]

    async def kill(self) -> None:
        """As a machine that loses its power."""
        for worker in self.workers:
            worker.kill()
            await worker.wait()

    async def close(self) -> None:
        for worker in self.workers:
            assert worker.stdin is not None
            worker.stdin.close()
            await worker.wait()


async def _say(worker: asyncio.subprocess.Process, message: Any) -> None:
    assert worker.stdin is not None
    worker.stdin.write(json.dumps(message, default=str).encode() + b"\n")
    await worker.stdin.drain()


async def _hear(worker: asyncio.subprocess.Process) -> Any:
    assert worker.stdout is not None
    line = await worker.stdout.readline()
    assert line, "a worker has ended"
    return json.loads(line)


async def work(url: str) -> None:
    policy = Policy.load()
    async with database(url, pool=AT_ONCE):
        for line in sys.stdin:
            given = json.loads(line)
            now = dt.datetime.fromisoformat(given["now"])
            seated = [
                (act, await Desk.take(policy, UUID(staff_id), now), read(told))
                for act, staff_id, told in given["attempts"]
            ]
            answer("ready")
            sys.stdin.readline()
            acts = [ACTS[act](desk, **told) for act, desk, told in seated]
            done = await asyncio.gather(*acts, return_exceptions=True)
            answer("done")
            sys.stdin.readline()
            answer([outcome(one) for one in done])


def answer(message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def outcome(done: Any) -> Outcome:
    if isinstance(done, Refusal | Forbidden | NotFound):
        return Outcome(done.code)
    if isinstance(done, BaseException):
        return Outcome(f"!{type(done).__name__}: {done}")
    return Outcome("OK", str(done.id))


def read(told: dict[str, Any]) -> dict[str, Any]:
    """What an act is told, from JSON."""
    found: dict[str, Any] = {}
    for name, value in told.items():
        if name.endswith("_id"):
            found[name] = UUID(value)
        elif name == "ranges":
            found[name] = [Span(*one) for one in value]
        elif name == "kind":
            found[name] = StocktakeKind(value)
        else:
            found[name] = value
    return found


if __name__ == "__main__":
    vault.install(vault.Keys({1: bytes(range(32))}, 1, bytes(range(32, 64))))
    asyncio.run(work(sys.argv[1]))
