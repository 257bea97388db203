"""what-if: a drafted standard or campaign over the real book, counted for each institution before it is law."""

from __future__ import annotations

import datetime as dt

import click

from api.commands import finding
from api.commands.printing import Watched, table
from api.commands.running import Usage, as_staff, command, open_house
from api.commands.typed import DAY
from desk.desk import Desk
from desk.errors import Forbidden
from desk.selection import Child, Selection
from desk.standards.what_if import what_if
from models.what_if import WhatIf

COUNTS = ("evaluated", "passing", "entering", "leaving", "borderline", "incomplete")


@click.command("what-if")
@click.option("--standard", metavar="CODE", help="Code of the standard, e.g. MEASURES.")
@click.option(
    "--version", type=click.IntRange(1), help="Version of the standard; the newest when none is given."
)
@click.option("--campaign", metavar="CODE", help="Code of a campaign, in place of a standard.")
@click.option("--as-of", type=DAY, required=True, help="The day to judge by, e.g. 2026-10-31.")
@click.option("--scope", metavar="INSTITUTION", help="Only the customers of this institution and below.")
@as_staff
@command
async def try_out(
    standard: str | None,
    version: int | None,
    campaign: str | None,
    as_of: dt.date,
    scope: str | None,
    staff: str,
) -> None:
    """Judge everybody by a draft and by the law of the day, and print who would enter and leave.

    For whoever may propose or approve it. Counts are kept, and nothing else; the largest moves come first.
    """
    if (standard is None) is (campaign is None):
        raise Usage("Name a standard with --standard or a campaign with --campaign, one of the two.")
    if version is not None and standard is None:
        raise Usage("A campaign has no versions. Leave out --version.")
    async with open_house() as house:
        desk = await house.desk(staff)
        with Watched() as watched:
            try:
                made = await what_if(
                    desk,
                    as_of=as_of,
                    standard_id=await finding.standard(desk, standard, version) if standard else None,
                    campaign_id=await finding.campaign(desk, campaign) if campaign else None,
                    institution_id=await finding.institution(desk, scope) if scope else None,
                    progress=watched.step,
                )
            except Forbidden:
                raise Forbidden(
                    "You may not try it out over these customers. Name your own branch with --scope, "
                    "or ask who drafted it."
                ) from None
        await _printed(desk, made)


async def _printed(desk: Desk, made: WhatIf) -> None:
    """The lines as this person may see them, and the sum."""
    lines = await finding.rows(
        desk.working_on("what-if"),
        Selection(
            "what_if",
            ids=(made.id,),
            children=(
                Child(
                    "lines",
                    "lines",
                    Selection(
                        "what_if_line",
                        columns=COUNTS,
                        children=(
                            Child("place", "institution", Selection("institution", columns=("code", "name"))),
                        ),
                    ),
                ),
            ),
        ),
    )
    table(
        ("institution", "name", *COUNTS),
        [
            (line["place"]["code"], line["place"]["name"], *(line[name] for name in COUNTS))
            for line in lines[0]["lines"].rows
        ]
        + [("all", "", *(getattr(made, name) for name in COUNTS))],
    )
    before = made.passing - made.entering + made.leaving
    law = "the standard without any campaign" if made.campaign_id else "the law of the day"
    click.echo(
        f"\nAs of {made.as_of}, to the nearest five: {before:,} pass by {law}, {made.passing:,} by the draft."
        " Only these counts are kept."
    )
