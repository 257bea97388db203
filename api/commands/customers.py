"""customer: who serves a customer, and whose customer he is."""

from __future__ import annotations

import datetime as dt

import click

from api.commands import finding
from api.commands.running import as_staff, command, open_house
from api.commands.typed import MOMENT
from desk.customers import assign_manager, transfer_owner


@click.group()
def customer() -> None:
    """A customer's manager and owning branch."""


@customer.command("assign-manager")
@click.argument("number")
@click.option("--to", "manager", required=True, metavar="STAFF", help="The customer manager from then on.")
@click.option("--at", type=MOMENT, help="From when, now or later. [now]")
@as_staff
@command
async def give_manager(number: str, manager: str, at: dt.datetime | None, staff: str) -> None:
    """Give the customer NUMBER another manager (Art. 9). By the head of a wealth centre of his branch."""
    async with open_house() as house:
        desk = await house.desk(staff)
        await assign_manager(
            desk,
            customer_id=await finding.customer(desk, number),
            manager_id=await finding.staff(desk, manager),
            at=at,
        )
    click.echo(f"{manager} serves {number}.")


@customer.command("transfer-owner")
@click.argument("number")
@click.option("--to", required=True, metavar="CODE", help="The branch whose customer he is from then on.")
@click.option("--manager", required=True, metavar="STAFF", help="A customer manager of that branch.")
@click.option("--reason", required=True, help="Why, for the record.")
@click.option("--at", type=MOMENT, help="Since when it is so, up to now. [now]")
@as_staff
@command
async def transfer(
    number: str, to: str, manager: str, reason: str, at: dt.datetime | None, staff: str
) -> None:
    """Pass the customer NUMBER to another owning branch. By an officer above both branches."""
    async with open_house() as house:
        desk = await house.desk(staff)
        await transfer_owner(
            desk,
            customer_id=await finding.customer(desk, number),
            to_id=await finding.institution(desk, to),
            manager_id=await finding.staff(desk, manager),
            reason=reason,
            at=at,
        )
    click.echo(f"{number} belongs to {to} and is served by {manager}.")
