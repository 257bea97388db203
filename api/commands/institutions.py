"""institution: move and merge the places of the bank."""

from __future__ import annotations

import datetime as dt

import click

from api.commands import finding
from api.commands.printing import table
from api.commands.running import as_staff, command, open_house
from api.commands.typed import MOMENT
from desk.institutions import merge_institutions, move_institution
from desk.selection import Child, Selection

since = click.option("--at", type=MOMENT, help="Since when it is so, up to now. [now]")
reason = click.option("--reason", required=True, help="Why, for the record.")


@click.group()
def institution() -> None:
    """The tree of the bank. Every change takes effect with the next read of every worker."""


@institution.command()
@click.argument("code")
@click.option("--under", required=True, metavar="CODE", help="The institution above it from then on.")
@reason
@since
@as_staff
@command
async def move(code: str, under: str, reason: str, at: dt.datetime | None, staff: str) -> None:
    """Hang the institution CODE, with all below it, under another one. By head office."""
    async with open_house() as house:
        desk = await house.desk(staff)
        await move_institution(
            desk,
            institution_id=await finding.institution(desk, code),
            parent_id=await finding.institution(desk, under),
            reason=reason,
            at=at,
        )
    click.echo(f"{code} stands under {under}.")


@institution.command()
@click.argument("code")
@click.option(
    "--into", required=True, metavar="CODE", help="The institution of the same kind that takes it over."
)
@reason
@since
@as_staff
@command
async def merge(code: str, into: str, reason: str, at: dt.datetime | None, staff: str) -> None:
    """Let the institution CODE go over into another one, with its customers and people. By head office."""
    async with open_house() as house:
        desk = await house.desk(staff)
        await merge_institutions(
            desk,
            from_id=await finding.institution(desk, code),
            into_id=await finding.institution(desk, into),
            reason=reason,
            at=at,
        )
    click.echo(f"{code} has gone over into {into}.")


@institution.command("list")
@as_staff
@command
async def list_institutions(staff: str) -> None:
    """List the tree: code, name, level, kind and the institution above."""
    async with open_house() as house:
        desk = await house.desk(staff)
        found = await finding.rows(
            desk,
            Selection(
                "institution",
                columns=("code", "name", "level", "kind"),
                children=(Child("parent", "parent", Selection("institution", columns=("code",))),),
            ),
        )
    table(
        ("code", "name", "level", "kind", "under"),
        [(it["code"], it["name"], it["level"], it["kind"], (it["parent"] or {}).get("code")) for it in found],
    )
