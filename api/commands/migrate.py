"""migrate: bring the tables and the policy in force up to this release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import click

from api.commands.running import House, command, open_house
from desk import jobs
from desk.desk import Desk, adopt
from models.database import migrate as migrate_tables


@click.command()
@click.option("--as", "staff", metavar="STAFF", help="Who runs it, for the trail; nobody in an empty house.")
@command
async def migrate(staff: str | None) -> None:
    """Create or update the tables, then put authz/policy.csv of this release in force.

    Safe to repeat. On PostgreSQL it needs the role that owns the tables, and gives GUIBIN_APP_ROLE, if set, the
    rights of a worker: everything but changing or deleting the trail. Workers of another release answer 503 from
    then on, until they are replaced.
    """
    async with open_house(migrated=False) as house:
        await bring_up(house, staff)


async def bring_up(house: House, staff: str | None, say: Callable[[str], object] = click.echo) -> None:
    """Tables, rights of the workers, policy; one record in the trail when something changed."""
    before = await jobs.applied_migrations()
    settings = house.settings
    await migrate_tables(settings.database_url, app_role=settings.app_role, progress=lambda _: None)
    await jobs.must_be_migrated()
    applied = [name for name in await jobs.applied_migrations() if name not in before]
    policy = await jobs.policy_in_force()
    await adopt(house.policy)
    for name in applied:
        say(f"Applied {name}")
    if policy != house.policy.version:
        say(f"Policy {house.policy.version[:12]} is in force.")
    if not applied and policy == house.policy.version:
        say("Nothing to do: tables and policy are of this release.")
        return
    desk: Desk | None = await house.desk(staff) if staff else None
    await jobs.note(
        "migrate",
        house.policy,
        dt.datetime.now(dt.UTC),
        desk=desk,
        applied=applied,
        policy_before=policy,
    )
