"""A small HTTP/1.1 client that measures: keep-alive connections, requests prepared beforehand, every answer checked."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from itertools import cycle, islice
from typing import NamedTuple, cast
from urllib.parse import urlsplit

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
ERRORS = b'"errors":'
WARM = 16


class Reply(NamedTuple):
    status: int
    body: bytes


class BadReply(RuntimeError):
    """An answer that is no measurement: a status, a GraphQL error, or a broken connection."""


class Wire(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Reply] | None = None
        self._got = bytearray()
        self._needed = 0
        self.closed = False

    @classmethod
    async def to(cls, address: str) -> Wire:
        place = urlsplit(address)
        _, wire = await asyncio.get_running_loop().create_connection(
            cls, place.hostname or "127.0.0.1", place.port or 80
        )
        return wire

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by descent

    def data_received(self, data: bytes) -> None:
        self._got += data
        if not self._needed:
            end = self._got.find(b"\r\n\r\n")
            if end < 0:
                return
            length = LENGTH.search(self._got, 0, end + 2)
            if length is None:
                self.connection_lost(BadReply("an answer without a content-length"))
                return
            self._needed = end + 4 + int(length[1])
        if len(self._got) >= self._needed and self._waiting is not None:
            body = self._got.index(b"\r\n\r\n") + 4
            reply = Reply(int(self._got[9:12]), bytes(self._got[body : self._needed]))
            del self._got[: self._needed]
            self._needed, waiting, self._waiting = 0, self._waiting, None
            waiting.set_result(reply)

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = True
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error or BadReply("the server closed the connection"))

    async def ask(self, request: bytes) -> Reply:
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def post(path: str, body: bytes, token: str) -> bytes:
    """A request as a browser of the bank sends it, with the session's cookie."""
    return (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\naccept: application/json\r\n"
        f"x-guibin-client: bench\r\ncookie: guibin={token}\r\ncontent-length: {len(body)}\r\n\r\n"
    ).encode() + body


async def ask(wire: Wire, request: bytes) -> bytes:
    """The body of a good answer; BadReply for any other."""
    reply = await wire.ask(request)
    if reply.status != 200 or ERRORS in reply.body:
        raise BadReply(f"{reply.status}: {reply.body[:400].decode(errors='replace')}")
    return reply.body


class Probe:
    """Asks one server one question after another over one connection, in turns with other probes."""

    def __init__(self, address: str, wire: Wire, requests: Sequence[bytes]) -> None:
        self._address = address
        self._wire = wire
        self._next = cycle(requests)
        self.milliseconds: list[float] = []

    @classmethod
    async def of(cls, address: str, requests: Sequence[bytes]) -> Probe:
        """A probe that has asked a few times already, unmeasured, so that nothing is prepared for the first time."""
        probe = cls(address, await Wire.to(address), requests)
        for request in islice(probe._next, WARM):
            await ask(probe._wire, request)
        return probe

    async def turn(self, seconds: float) -> None:
        """Ask for so long, and at least once."""
        if self._wire.closed:
            # A server closes a connection that it has not heard from for some seconds.
            self._wire = await Wire.to(self._address)
        until = time.perf_counter() + seconds
        while True:
            begun = time.perf_counter()
            await ask(self._wire, next(self._next))
            ended = time.perf_counter()
            self.milliseconds.append((ended - begun) * 1000)
            if ended > until:
                return

    def close(self) -> None:
        self._wire.close()


async def throughput(address: str, requests: Sequence[bytes], connections: int, seconds: float) -> float:
    """Answers in a second over so many connections, each with its next request as soon as it has an answer."""
    wires = [await Wire.to(address) for _ in range(connections)]
    answered = 0
    begun = time.perf_counter()
    until = begun + seconds

    async def go(wire: Wire, first: int) -> None:
        nonlocal answered
        for request in islice(cycle(requests), first, None):
            await ask(wire, request)
            answered += 1
            if time.perf_counter() > until:
                return

    try:
        await asyncio.gather(*(go(wire, n % len(requests)) for n, wire in enumerate(wires)))
    finally:
        for wire in wires:
            wire.close()
    return answered / (time.perf_counter() - begun)
