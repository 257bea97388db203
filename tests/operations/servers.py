"""Real server processes on loopback ports, started as a person starts them and stopped by their process id."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

ROOT = Path(__file__).parents[2]
READY_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def clean(environment: dict[str, str]) -> dict[str, str]:
    """This process's environment without any house of its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GUIBIN_")} | environment


async def run(environment: dict[str, str], *arguments: str, stdin: str = "") -> str:
    """Run a command to its end; what it printed. Fails when it fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "api",
        *arguments,
        cwd=ROOT,
        env=clean(environment),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await process.communicate(stdin.encode())
    assert process.returncode == 0, (err + out).decode()
    return out.decode()


@asynccontextmanager
async def serving(environment: dict[str, str], *arguments: str) -> AsyncGenerator[tuple[str, Process]]:
    """A server and its address, ready to answer. Afterwards it was asked to stop and did so by itself."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "api",
        "serve",
        "--port",
        str(port),
        *arguments,
        cwd=ROOT,
        env=clean(environment),
        stdout=PIPE,
        stderr=PIPE,
    )
    reading = asyncio.ensure_future(process.communicate())
    try:
        await _ready(f"http://127.0.0.1:{port}", reading)
        yield f"http://127.0.0.1:{port}", process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(reading, 40)
        print(log.decode())  # noqa: T201 - shown when the test fails


async def _ready(address: str, reading: asyncio.Future[tuple[bytes, bytes]]) -> None:
    async with asyncio.timeout(READY_SECONDS), httpx2.AsyncClient() as client:
        while True:
            assert not reading.done(), "the server did not start"
            try:
                if (await client.get(f"{address}/health")).status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            await asyncio.sleep(0.1)
