"""The command line in tests: a command run as a person would, with an environment of its own."""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner

from api.__main__ import main
from tests.api.house import KEYS


@dataclass(frozen=True)
class Done:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


async def cli(url: str, *arguments: object, stdin: str = "", **environment: str) -> Done:
    """Run `python -m api ARGUMENTS` on a database. In a thread, because a command makes its own event loop."""
    env: dict[str, str | None] = {name: None for name in os.environ if name.startswith("GUIBIN_")}
    env |= {"GUIBIN_DATABASE_URL": url, "GUIBIN_KEYS": KEYS, **environment}
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        result: Any = await asyncio.to_thread(
            CliRunner().invoke, main, [str(it) for it in arguments], env=env, input=stdin
        )
    finally:
        root.handlers[:], root.level = before
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


async def ok(url: str, *arguments: object, **how: str) -> str:
    """What a command printed that must succeed."""
    done = await cli(url, *arguments, **how)
    assert done.code == 0, done.err + done.out
    return done.out


async def refused(url: str, code: str, *arguments: object, **how: str) -> str:
    """What a command said that must be refused with this code."""
    done = await cli(url, *arguments, **how)
    assert (done.code, done.err.partition(":")[0].splitlines()[-1:]) == (1, [code]), done.err + done.out
    return done.err
