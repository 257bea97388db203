"""A real server process on the bank: people sign in with a password, look, sign out, and are out at once."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

from desk.people.passwords import set_password
from models.people import Staff
from models.vault import Keys
from tests.pkdd99.bank import PASSWORD, now
from tests.pkdd99.expected import Expected
from tests.pkdd99.ids import Ids
from tests.pkdd99.reading import Reading, Scope
from tests.pkdd99.visitors import Visitor, settings_for

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
SIGN_IN = """mutation ($input: SignInInput!) { signIn(input: $input) {
  __typename ... on Session { person { number } } ... on Problem { code } } }"""
SIGN_OUT = "mutation { signOut { at } }"
ME = "{ me { number } }"


@asynccontextmanager
async def served(url: str, keys: Keys, workers: int = 1) -> AsyncIterator[str]:
    """`python -m api serve` as its own process, until the block ends. Its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GUIBIN_")}
    command = [sys.executable, "-m", "api", "serve", "--port", str(port), "--workers", str(workers)]
    server = subprocess.Popen(  # noqa: ASYNC220 - it outlives this statement, and nothing waits for its output
        command,
        cwd=ROOT,
        env=environment | settings_for(url, keys),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        async with httpx2.AsyncClient(base_url=address) as client:
            await _until_healthy(client, server)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=PATIENCE)


async def _until_healthy(client: httpx2.AsyncClient, server: subprocess.Popen[bytes]) -> None:
    begun = time.monotonic()
    while True:
        assert server.poll() is None, "the server stopped before it was healthy"
        assert time.monotonic() - begun < PATIENCE, "the server did not become healthy"
        try:
            if (await client.get("/health")).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        await asyncio.sleep(0.2)


async def come_and_go(address: str, expected: Expected, people: list[str], scope: Scope) -> int:
    """Each signs in with staff number and password, looks at what is his, and signs out. Requests in all."""
    requests = 0
    ids = await Ids.read()
    for staff in people:
        person = await Staff.get(number=staff)
        await set_password(person.id, PASSWORD, now())
        async with httpx2.AsyncClient(
            base_url=address, timeout=120, headers={"X-Guibin-Client": "test"}
        ) as http:
            visitor = Visitor(staff, http)
            assert await visitor.code(ME) == "UNAUTHENTICATED"
            wrong = (await visitor.ask(SIGN_IN, input={"number": staff, "password": "not that one"}))[
                "signIn"
            ]
            assert wrong == {"__typename": "Problem", "code": "SIGN_IN_REFUSED"}
            signed_in = (await visitor.ask(SIGN_IN, input={"number": staff, "password": PASSWORD}))["signIn"]
            assert signed_in["person"] == {"number": staff}
            cookies = dict(http.cookies)
            reading = Reading(http, expected, ids)
            await reading.as_visitor(visitor, scope)
            await visitor.ask(SIGN_OUT)
            http.cookies.update(cookies)
            assert await visitor.code(ME) == "UNAUTHENTICATED"
            requests += visitor.asked
    return requests
