"""demo: a fictional bank to look around in, loaded the way a real one is."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from api.commands import imports, people
from api.commands.migrate import bring_up
from api.commands.printing import Watched, table
from api.commands.running import House, StandsInTheWay, command, open_house
from authz import Role
from desk import jobs
from desk.imports.loading import run_import
from desk.people.founding import create_admin
from desk.people.passwords import set_password
from desk.standards import screen

# The one command that reaches into examples/: an image for production may leave that folder out.
from examples.demo.bank import AS_OF, CUSTOMERS, FEWEST, write_bank
from examples.demo.cast import CARD_STAFF, CAST, DEMO_PASSWORD, SIGN_INS, CastMember
from examples.demo.custody import stage_custody

IMPORTER, EXECUTOR = "D000001", "D000002"
FOUNDERS = (
    (IMPORTER, Role.SYS_ADMIN, "安迪 An, founding system administrator: imports"),
    (EXECUTOR, Role.SEC_ADMIN, "沈思 Shen, founding security administrator: executes proposals"),
)
HEAD_OFFICE = ("100000", "总行")
POLICY_OFFICER = next(member.number for member in CAST if member.role is Role.HQ_POLICY)


@click.command()
@click.option(
    "--customers", type=click.IntRange(min=FEWEST), default=CUSTOMERS, help=f"How many. [{CUSTOMERS}]"
)
@click.option(
    "--if-empty", is_flag=True, help="Do nothing, without an error, where a bank is already loaded."
)
@command
async def demo(customers: int, if_empty: bool) -> None:
    """Load the demo bank into an empty house and print who may sign in.

    Everybody in it is made up. It is loaded by the ordinary import, proposals and executions; an interrupted run is
    resumed by repeating it. Development only: its password is no secret.
    """
    async with open_house(migrated=False) as house:
        if house.settings.production:
            raise StandsInTheWay(
                "FORBIDDEN: the demo bank's password is no secret. Production loads no demo."
            )
        await bring_up(house, None, say=lambda _: None)
        begun = await jobs.staff_id(IMPORTER) is not None
        if begun and await is_whole(SIGN_INS):
            sign_ins(SIGN_INS)
            return
        if begun and await is_whole(CAST) and await jobs.staff_id(CARD_STAFF[0].number) is None:
            sign_ins(CAST)
            click.echo(
                "\nThis demo bank is of an earlier release and has no cards. For one that has, set GUIBIN_DATABASE_URL to an "
                "empty database."
            )
            return
        if not begun and not await jobs.is_unstaffed():
            if if_empty:
                click.echo("A bank is loaded; the demo is not.")
                return
            raise StandsInTheWay(
                "NOT_EMPTY: a bank is loaded here. Set GUIBIN_DATABASE_URL to an empty database."
            )
        if not begun:
            await found(house)
        with tempfile.TemporaryDirectory(prefix="guibin-demo-") as folder, Watched() as watched:
            await load(house, Path(folder), customers, watched)
    sign_ins(SIGN_INS)


async def is_whole(members: Sequence[CastMember]) -> bool:
    """Each of them has a password, which nobody is given before the rest of the demo is there."""
    return await jobs.have_passwords([member.number for member in members])


async def found(house: House) -> None:
    """The two administrators that every house begins with (decisions.md 8)."""
    code, name = HEAD_OFFICE
    for number, role, about in FOUNDERS:
        await create_admin(
            number=number,
            name=about.split()[0],
            identity_kind="OTHER",
            identity_number=f"DEMO-{number}",
            role=role.value,
            password=DEMO_PASSWORD,
            now=house.now,
            head_office_code=code,
            head_office_name=name,
        )


async def load(house: House, folder: Path, customers: int, watched: Watched) -> None:
    """The bank, its cards, and passwords for those who sign in. These come last: they say that the demo is whole."""
    await load_bank(house, folder, customers, watched)
    await stage_custody(house.desk, folder, watched.step)
    for done, member in enumerate(SIGN_INS, start=1):
        staff_id = await jobs.staff_id(member.number)
        assert staff_id is not None
        await set_password(staff_id, DEMO_PASSWORD, house.now)
        watched.step("passwords", done, len(SIGN_INS))


async def load_bank(house: House, folder: Path, customers: int, watched: Watched) -> None:
    """Write the bank into `folder`, import it, execute what the import could only propose, and screen once."""
    writing = watched.of("writing the demo bank", customers)
    await asyncio.to_thread(write_bank, folder, customers, progress=writing)
    report = await run_import(
        await house.desk(IMPORTER), [folder], progress=watched.step, flips=imports.flips
    )
    if not report.ok:
        click.echo(report.as_text())
        raise StandsInTheWay("The demo bank could not be loaded: see the report above.")
    executor = await house.desk(EXECUTOR)
    _, refusals = await people.execute_grants(executor, await people.undecided(executor), "demo")
    for refusal in refusals:
        click.echo(refusal, err=True)
    officer = await house.desk(POLICY_OFFICER)
    await screen(officer, as_of=min(AS_OF, officer.today), standard_code="MEASURES", progress=watched.step)


def sign_ins(members: Sequence[CastMember]) -> None:
    """Who may sign in, and as what."""
    click.echo(f"\nDemo sign-ins (everybody's password at first: {DEMO_PASSWORD})\n")
    table(
        ("staff number", "role", "who"),
        [
            *((member.number, member.role.value, member.about) for member in members),
            *((number, role.value, about) for number, role, about in FOUNDERS),
        ],
    )
    if members is SIGN_INS:
        click.echo("\nCards wait for some of them: docs/custody.md says for whom, and what to try.")
