"""create-admin and set-password: what the operator of the machine does because nobody could propose it."""

from __future__ import annotations

import sys

import click

from api.commands.running import StandsInTheWay, command, open_house
from api.commands.typed import word
from desk import jobs
from desk.people.founding import FOUNDERS, create_admin
from desk.people.passwords import set_password
from models.errors import BadInput
from models.vocabulary import IdentityKind


@click.command("create-admin")
@click.option("--number", required=True, help="Staff number; used to sign in.")
@click.option("--name", required=True, help="The name of the person.")
@click.option("--identity-kind", type=word(IdentityKind), default=IdentityKind.RESIDENT_ID.value)
@click.option(
    "--identity-number", required=True, help="Number of the identity document: one person, one admin role."
)
@click.option("--role", type=click.Choice(sorted(it.value for it in FOUNDERS)), required=True)
@click.option(
    "--head-office-code", default="HQ", help="Code of the head office, if it is not there yet. [HQ]"
)
@click.option("--head-office-name", default="Head office", help="Its name.")
@command
async def create_administrator(
    number: str,
    name: str,
    identity_kind: str,
    identity_number: str,
    role: str,
    head_office_code: str,
    head_office_name: str,
) -> None:
    """Make the first sys_admin, sec_admin or log_admin. The password is asked for, or read from standard input.

    Only while nobody holds the role; from then on a head proposes and the security administrator executes. One
    sys_admin (who imports) and one sec_admin (who executes) are needed to run a bank, and are two people.
    """
    password = ask_password()
    async with open_house() as house:
        made = await create_admin(
            number=number,
            name=name,
            identity_kind=identity_kind,
            identity_number=identity_number,
            role=role,
            password=password,
            now=house.now,
            head_office_code=head_office_code,
            head_office_name=head_office_name,
        )
    click.echo(f"{made.number} is {role} and may sign in.")


@click.command("set-password")
@click.argument("numbers", nargs=-1, required=True, metavar="STAFF...")
@command
async def set_passwords(numbers: tuple[str, ...]) -> None:
    """Give people a password, on a development machine only: elsewhere it takes two people (people reset-password)."""
    async with open_house() as house:
        if house.settings.production:
            raise StandsInTheWay(
                "FORBIDDEN: in production a password takes two people. Use: python -m api people reset-password"
            )
        password = ask_password()
        for number in numbers:
            staff_id = await jobs.staff_id(number)
            if staff_id is None:
                raise BadInput(f"Nobody here has the staff number {number}.", field="STAFF")
            await set_password(staff_id, password, house.now)
            click.echo(f"{number} has this password from now on; his sessions are over.")


def ask_password() -> str:
    """From a person twice and unseen, or the first line of standard input. Never an argument: those are listed."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
