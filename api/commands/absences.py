"""people suspend, reinstate, leave, delegate, hand-over: absences, and the end of a post."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import click

from api.commands import finding
from api.commands.people import at_moment, begins, ends, people, reason
from api.commands.running import as_staff, command, open_house
from api.commands.typed import MOMENT, word
from authz import Role
from desk.clock import SHANGHAI
from desk.desk import Desk
from desk.handovers import call_off, draw_up, sign
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
@click.option(
    "--role",
    type=word(Role),
    default=Role.CUST_MGR.value,
    show_default=True,
    help="Which of his roles: a manager's, or a post that must be filled (custodian, supervisor, head).",
)
@click.option("--post", metavar="CODE", help="Where that role is held, if he holds it in several places.")
@click.option("--until", "ends", type=MOMENT, required=True, help="First moment no longer.")
@begins
@reason
@as_staff
@command
async def delegate(
    principal: str,
    deputy: str,
    role: str,
    post: str | None,
    ends: dt.datetime,
    begins: dt.datetime | None,
    reason: str,
    staff: str,
) -> None:
    """Let somebody stand in for STAFF (代班). Of managers by the head of the centre, of posts by an officer above."""
    async with open_house() as house:
        desk = await house.desk(staff)
        principal_id = await finding.staff(desk, principal)
        await start_delegation(
            desk,
            principal_id=principal_id,
            deputy_id=await finding.staff(desk, deputy),
            role=role,
            assignment_id=await _post(desk, principal_id, role, post) if post else None,
            reason=reason,
            valid_to=ends,
            valid_from=begins,
        )
    click.echo(f"{deputy} stands in for {principal}.")


@people.command("hand-over")
@click.argument("giver", metavar="STAFF")
@click.option("--to", "receiver", required=True, metavar="STAFF", help="The manager who takes over.")
@click.option("--witness", required=True, metavar="STAFF", help="监交人: a third person.")
@click.option("--centre", required=True, metavar="CODE", help="The wealth centre of the owning branch.")
@at_moment
@reason
@as_staff
@command
async def hand_over(
    giver: str, receiver: str, witness: str, centre: str, at: dt.datetime | None, reason: str, staff: str
) -> None:
    """Draw up the list of the customers of STAFF who are to pass (交接清单). By the head of the centre."""
    async with open_house() as house:
        desk = await house.desk(staff)
        drawn = await draw_up(
            desk,
            giver_id=await finding.staff(desk, giver),
            receiver_id=await finding.staff(desk, receiver),
            witness_id=await finding.staff(desk, witness),
            institution_id=await finding.institution(desk, centre),
            reason=reason,
            at=at,
        )
    click.echo(f"Drawn up. The customers pass to {receiver} once he and {witness} have signed:")
    click.echo(f"  python -m api people sign-handover {drawn.id}")


@people.command("sign-handover")
@click.argument("handover", type=click.UUID)
@as_staff
@command
async def sign_handover(handover: UUID, staff: str) -> None:
    """Sign the list HANDOVER. Its receiver and its witness, each himself."""
    async with open_house() as house:
        signed = await sign(await house.desk(staff), handover_id=handover)
    if signed.done_at is None:
        click.echo("Signed. The other signature is missing.")
    else:
        click.echo(f"Signed. The customers pass at {signed.done_at.astimezone(SHANGHAI).isoformat()}.")


@people.command("call-off-handover")
@click.argument("handover", type=click.UUID)
@as_staff
@command
async def call_off_handover(handover: UUID, staff: str) -> None:
    """Call the list HANDOVER off before its second. By the head of the centre."""
    async with open_house() as house:
        await call_off(await house.desk(staff), handover_id=handover)
    click.echo("Called off. The customers stay where they are.")


async def _post(desk: Desk, staff_id: UUID, role: str, code: str) -> UUID:
    """His assignment to this role at the institution with this code."""
    place = await finding.institution(desk, code)
    found = await finding.only(
        desk,
        "assignment",
        f"{role} at {code}",
        newest="valid_from",
        staff_id=staff_id,
        role=role,
        institution_id=place,
        holds_now=True,
    )
    return UUID(str(found["id"]))
