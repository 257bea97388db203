"""people suspend, reinstate, leave, delegate: absences, and the end of a post."""

from __future__ import annotations

import datetime as dt

import click

from api.commands import finding
from api.commands.people import at_moment, begins, ends, people, reason
from api.commands.running import as_staff, command, open_house
from api.commands.typed import MOMENT
from desk.people.delegations import delegate as start_delegation
from desk.people.leaving import leave as record_leaving
from desk.people.leaving import lift
from desk.people.leaving import suspend as suspend_staff


@people.command()
@click.argument("member", metavar="STAFF")
@begins
@ends
@reason
@as_staff
@command
async def suspend(
    member: str, begins: dt.datetime | None, ends: dt.datetime | None, reason: str, staff: str
) -> None:
    """Stop the access of STAFF, at once or later, and end his sessions. By the security administrator."""
    async with open_house() as house:
        desk = await house.desk(staff)
        await suspend_staff(
            desk,
            staff_id=await finding.staff(desk, member),
            reason=reason,
            valid_from=begins,
            valid_to=ends,
        )
    click.echo(f"{member} is suspended.")


@people.command()
@click.argument("member", metavar="STAFF")
@at_moment
@reason
@as_staff
@command
async def reinstate(member: str, at: dt.datetime | None, reason: str, staff: str) -> None:
    """End the suspension of STAFF. By the security administrator."""
    async with open_house() as house:
        desk = await house.desk(staff)
        await lift(desk, staff_id=await finding.staff(desk, member), reason=reason, at=at)
    click.echo(f"{member} may work again.")


@people.command()
@click.argument("member", metavar="STAFF")
@click.option("--receiver", metavar="STAFF", help="The manager who takes over his customers, if he has any.")
@at_moment
@reason
@as_staff
@command
async def leave(member: str, receiver: str | None, at: dt.datetime | None, reason: str, staff: str) -> None:
    """Record that STAFF leaves: roles, delegations and sessions end. By the security administrator."""
    async with open_house() as house:
        desk = await house.desk(staff)
        await record_leaving(
            desk,
            staff_id=await finding.staff(desk, member),
            reason=reason,
            at=at,
            receiver_id=await finding.staff(desk, receiver) if receiver else None,
        )
    click.echo(f"{member} has left.")


@people.command()
@click.argument("principal", metavar="STAFF")
@click.option("--to", "deputy", required=True, metavar="STAFF", help="Who stands in.")
@click.option("--until", "ends", type=MOMENT, required=True, help="First moment no longer.")
@begins
@reason
@as_staff
@command
async def delegate(
    principal: str, deputy: str, ends: dt.datetime, begins: dt.datetime | None, reason: str, staff: str
) -> None:
    """Let another customer manager of the branch stand in for STAFF (代班). By the head of the centre."""
    async with open_house() as house:
        desk = await house.desk(staff)
        await start_delegation(
            desk,
            principal_id=await finding.staff(desk, principal),
            deputy_id=await finding.staff(desk, deputy),
            reason=reason,
            valid_to=ends,
            valid_from=begins,
        )
    click.echo(f"{deputy} stands in for {principal}.")
