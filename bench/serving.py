"""Servers of the bench: processes on loopback ports, the product as it ships, and what they cost this machine.

    GUIBIN_DATABASE_URL=... .venv/bin/python -m bench.serving POLICY PORT

serves the product under another policy file than the shipped one, which is not a thing that the product itself does.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

import api.app
from api.commands.serve import options
from api.settings import Settings
from authz import Policy
from bench.client import BadReply, Wire

ROOT = Path(__file__).parents[1]
READY_SECONDS = 30.0
POLICY_FILE = "BENCH_POLICY"


@dataclass(frozen=True, slots=True)
class Server:
    address: str
    process: subprocess.Popen[bytes]

    def cpu_milliseconds(self) -> float:
        """Processor time of the process's own thread so far; the event loop is the only one that works here."""
        return int(Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0]) / 1e6

    def megabytes(self) -> float:
        """The most memory it has had."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        return 0.0


def shipped(url: str, keys: str) -> tuple[list[str], dict[str, str]]:
    """`python -m api serve`, as it ships: one worker, its log lines written."""
    return ["-m", "api", "serve", "--port"], environment(url, keys)


def under(policy: Path, url: str, keys: str) -> tuple[list[str], dict[str, str]]:
    """The product under a policy file."""
    return ["-m", "bench.serving", str(policy)], environment(url, keys)


def bare(url: str, keys: str) -> tuple[list[str], dict[str, str]]:
    return ["-m", "bench.bare"], environment(url, keys)


def environment(url: str, keys: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUIBIN_")}
    return kept | {"GUIBIN_DATABASE_URL": url, "GUIBIN_KEYS": keys, "GUIBIN_SESSION_IDLE": "240"}


@asynccontextmanager
async def served(command: list[str], env: dict[str, str]) -> AsyncGenerator[Server]:
    """A server that is ready to answer, until the block ends. RuntimeError, with its words, when it does not start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: ASYNC220 - it outlives this statement
            [sys.executable, *command, str(port)], cwd=ROOT, env=env, stdout=log, stderr=log
        )
        server = Server(f"http://127.0.0.1:{port}", process)
        try:
            if not await ready(server):
                log.seek(0)
                raise RuntimeError(f"{' '.join(command)} did not start: {log.read().decode()[-2000:]}")
            yield server
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.wait, READY_SECONDS)


async def ready(server: Server) -> bool:
    """Whether it answers before our patience ends."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and server.process.poll() is None:
        try:
            wire = await Wire.to(server.address)
            reply = await wire.ask(b"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
            wire.close()
            if reply.status == 200:
                return True
        except (OSError, BadReply):
            pass
        await asyncio.sleep(0.1)
    return False


def under_another_policy() -> ASGIApp:
    """The app that `create_app` makes, with the policy of the file in the place of the shipped one."""
    policy = Policy.load(Path(os.environ[POLICY_FILE]))

    class OfFile(Policy):
        @classmethod
        def load(cls, *_: Path) -> Policy:
            return policy

    vars(api.app)["Policy"] = OfFile
    return api.app.from_environment()


if __name__ == "__main__":
    os.environ[POLICY_FILE], os.environ["GUIBIN_PORT"] = sys.argv[1:]
    uvicorn.run("bench.serving:under_another_policy", **options(Settings.read(os.environ)))
