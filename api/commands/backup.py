"""backup and restore: a whole house into one file and back, never with its keys (decisions.md 16)."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
from pathlib import Path

import click

from api.commands.migrate import bring_up
from api.commands.running import House, StandsInTheWay, Usage, command, open_house
from api.copies import dump, empty_postgres, load_postgres, load_sqlite
from api.keys import load_keys
from api.manifest import Manifest, digest_of, proof_texts
from api.settings import Settings
from desk import jobs
from models import vault
from models.database import database
from models.errors import BadInput, Refusal


class NotEmpty(Refusal):
    """People work in the database that would be replaced."""

    code = "NOT_EMPTY"


@click.command()
@click.argument("target", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as", "staff", metavar="STAFF", required=True, help="The system administrator who runs it.")
@command
async def backup(target: Path, staff: str) -> None:
    """Copy the whole database, while it is in use, into FILE and write FILE.manifest.json beside it.

    Encrypted columns stay encrypted, and the keys are in neither file: keep them elsewhere. Names, amounts and
    dates are not encrypted by Guibin, so keep the file on an encrypted disk. PostgreSQL needs pg_dump on PATH.
    """
    manifest = Manifest.path_of(target)
    if target.exists() or manifest.exists():
        raise Usage(f"{target} or its manifest exists. Name a new file, so that no backup is lost.")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    async with open_house() as house:
        desk = await house.desk(staff)
        jobs.must_run_jobs(desk)
        # Recorded first: a copy that was begun was taken, whatever became of the file.
        await jobs.note("backup", house.policy, house.now, desk=desk)
        try:
            await asyncio.to_thread(dump, house.settings.database_url, part)
            await describe(part, target, house, staff)
        finally:
            part.unlink(missing_ok=True)
    click.echo(
        f"{target} and {manifest} are written. Keep the keys elsewhere: without them nobody can restore."
    )


async def describe(part: Path, target: Path, house: House, staff: str) -> None:
    """Give the finished copy its name, with its manifest."""
    manifest = Manifest(
        dialect="sqlite" if house.settings.sqlite else "postgres",
        sha256=await asyncio.to_thread(digest_of, part),
        migrations=tuple(await jobs.applied_migrations()),
        policy_version=await jobs.policy_in_force(),
        made_at=house.now.isoformat(timespec="seconds"),
        made_by=staff,
        proofs=proof_texts(await jobs.proofs()),
    )
    manifest.write(target)
    part.replace(target)


@click.command()
@click.argument("source", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "staff", metavar="STAFF", required=True, help="The system administrator who runs it.")
@click.option("--force", is_flag=True, help="Replace a database in which people work. It is gone then.")
@command
async def restore(source: Path, staff: str, force: bool) -> None:
    """Put a backup in the place of the database, bring it up to this release, and end every session in it.

    Needs the keys that were in use when the backup was made (GUIBIN_KEYS or GUIBIN_KEYS_FILE) and proves that they
    open it before anything is touched. Stop the servers first. PostgreSQL needs the owner role, and pg_restore on
    PATH.
    """
    settings = Settings.read(os.environ)
    if not settings.keys and not settings.keys_file.exists():
        raise Usage(
            "A restore needs the keys of the backup. Set GUIBIN_KEYS, or GUIBIN_KEYS_FILE to an existing file."
        )
    vault.install(load_keys(settings))
    manifest = await asyncio.to_thread(Manifest.read, source)
    must_fit(manifest, settings)
    if not force:
        await must_be_empty(settings)
    await replace(source, settings)
    async with open_house(migrated=False) as house:
        await bring_up(house, None)
        now = dt.datetime.now(dt.UTC)
        await jobs.end_every_session(now, "RESTORED")
        desk = None
        with contextlib.suppress(BadInput):
            desk = await house.desk(staff)
        await jobs.note(
            "restore", house.policy, now, desk=desk, made_at=manifest.made_at, sha256=manifest.sha256
        )
    click.echo(f"Restored the house as of {manifest.made_at}. Everybody signs in anew. Start the servers.")


def must_fit(manifest: Manifest, settings: Settings) -> None:
    """A backup goes back into the kind of database that it came from, and not under an older release."""
    wanted = "sqlite" if settings.sqlite else "postgres"
    if manifest.dialect != wanted:
        raise StandsInTheWay(
            f"OTHER_DATABASE: this is a backup of {manifest.dialect}; GUIBIN_DATABASE_URL names {wanted}."
        )
    if newer := sorted(set(manifest.migrations) - set(jobs.known_migrations())):
        raise StandsInTheWay(
            f"NEWER_DATABASE: the backup has {newer[0]} of a later release. Run that release."
        )


async def must_be_empty(settings: Settings) -> None:
    async with database(settings.database_url, pool=1):
        if await jobs.applied_migrations() and not await jobs.is_unstaffed():
            raise NotEmpty("People work in this database. Name another one, or say --force to replace it.")


async def replace(source: Path, settings: Settings) -> None:
    if settings.sqlite:
        await asyncio.to_thread(load_sqlite, source, settings.database_url)
        return
    await empty_postgres(settings.database_url)
    await asyncio.to_thread(load_postgres, source, settings.database_url)
