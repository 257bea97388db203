"""Running a command: the house opened around it, the person it is done for, and errors told as a person needs them."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import functools
import os
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import NoReturn, ParamSpec
from uuid import uuid4

import click

from api import logs
from api.errors import is_expected, where
from api.keys import KeysError, load_keys
from api.outages import NO_DATABASE
from api.settings import Settings, SettingsError
from authz import Policy
from authz.rules import PolicyError
from desk import jobs
from desk.desk import Desk
from models import vault
from models.database import database
from models.errors import BadInput
from models.vault import VaultError

P = ParamSpec("P")
REFUSED, USAGE, BROKEN = 1, 2, 3
"""Exit codes: a rule or a person's rights stand in the way, the command was given wrongly, a fault of ours."""


@dataclass(frozen=True, slots=True)
class House:
    """The open house: its settings, its policy, and a desk for whoever is named."""

    settings: Settings
    policy: Policy

    @property
    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    async def desk(self, number: str) -> Desk:
        """Sit a person down by staff number, with the rights he has now and no more."""
        staff_id = await jobs.staff_id(number)
        if staff_id is None:
            raise BadInput(f"Nobody here has the staff number {number}. Correct --as.", field="as")
        return await Desk.take(self.policy, staff_id, self.now)


class StandsInTheWay(click.ClickException):
    """Something that the caller can put right. Exit code 1."""

    exit_code = REFUSED

    def show(self, file: object = None) -> None:
        click.echo(self.format_message(), err=True)


class Usage(StandsInTheWay):
    """The command, or the environment it runs in, is not as it must be. Exit code 2."""

    exit_code = USAGE


class Broken(StandsInTheWay):
    """A fault of ours. Exit code 3."""

    exit_code = BROKEN


@contextlib.asynccontextmanager
async def open_house(*, migrated: bool = True) -> AsyncGenerator[House]:
    """The house for one command. Unless `migrated` is False, its tables and its policy must be of this release."""
    settings = Settings.read(os.environ)
    vault.install(load_keys(settings))
    policy = Policy.load()
    async with database(settings.database_url, pool=2):
        if migrated:
            await jobs.must_be_migrated()
            await jobs.must_be_in_force(policy)
        yield House(settings, policy)


def command(function: Callable[P, Awaitable[None]]) -> Callable[P, None]:
    """Make a coroutine the body of a command: run it, and turn what goes wrong into a message and an exit code."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        logs.set_up(level=30)
        try:
            asyncio.run(_awaited(function(*args, **kwargs)))
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:  # noqa: BLE001 - the outermost boundary of the command line
            told(error)

    return run


async def _awaited(work: Awaitable[None]) -> None:
    await work


def told(error: Exception) -> NoReturn:
    """Raise what click prints for an error: its own words when they are for the caller, else an incident id."""
    if isinstance(error, SettingsError | KeysError | VaultError | PolicyError):
        raise Usage(str(error)) from None
    if is_expected(error):
        raise StandsInTheWay(_sentence(error)) from None
    if isinstance(error, NO_DATABASE):
        raise StandsInTheWay(
            f"The database cannot be reached ({type(error).__name__}). Check GUIBIN_DATABASE_URL, and that the server runs."
        ) from None
    if isinstance(error, sqlite3.OperationalError):
        raise StandsInTheWay(
            "The database file cannot be used: it is locked or not readable. Stop what uses it, or check its rights."
        ) from None
    incident = uuid4().hex[:12]
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    logs.incident(logs.RequestLog(), incident, [name], where(error))
    raise Broken(
        f"Something went wrong on our side ({name}). Quote incident {incident} when you report it."
    ) from None


def _sentence(error: Exception) -> str:
    about = [f"article {article}"] if (article := getattr(error, "article", "")) else []
    about += [f"see {field}"] if (field := getattr(error, "field", "")) else []
    return f"{getattr(error, 'code', '')}: {error or getattr(error, 'message', '')}" + (
        f" ({'; '.join(about)})" if about else ""
    )


as_staff = click.option(
    "--as", "staff", metavar="STAFF", required=True, help="Staff number of the person whose act this is."
)
"""Every act has a person: it is done with his rights, and the trail names him."""
