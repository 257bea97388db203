"""month: one run of the bank's month, from the import to a worklist for every manager; prints counts only."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from api.commands.imports import flips
from api.commands.printing import Watched, table
from api.commands.running import Usage, as_staff, command, open_house
from api.commands.typed import DAY
from desk.imports.report import Report
from desk.months import Source, counts_by_institution, run_month
from models.months import COUNTED, MonthRun

FAULTS = 50


@click.command("month")
@click.option("--as-of", type=DAY, required=True, help="The day to judge by, e.g. 2026-10-31.")
@click.option(
    "--import",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="First import the files of this directory.",
)
@click.option("--import-as", "importer", metavar="STAFF", help="The system administrator who imports them.")
@as_staff
@command
async def run_a_month(as_of: dt.date, folder: Path | None, importer: str | None, staff: str) -> None:
    """Run a month: import, screen the bank, renewals, and a worklist for every manager.

    For head office's policy officer. A run that was cut off goes on where it stopped when the same command is given
    again; one that is done says so and changes nothing. Nothing about a customer is printed but counts.
    """
    if (folder is None) != (importer is None):
        raise Usage("Give --import and --import-as together: a directory, and who imports it.")
    async with open_house() as house:
        desk = await house.desk(staff)
        source = Source(folder, await house.desk(importer)) if folder and importer else None
        with Watched() as watched:
            run = await run_month(
                desk, as_of=as_of, source=source, progress=watched.step, reported=told, flips=flips
            )
        if run.finished_at is not None and run.finished_at < desk.now:
            click.echo(f"The month as of {as_of} was done on {run.finished_at:%Y-%m-%d %H:%M} UTC.")
        await summary(run)


def told(report: Report) -> None:
    click.echo(report.as_text(faults=FAULTS), nl=False)


async def summary(run: MonthRun) -> None:
    """The run's counts, and the items of each institution's list. Institutions are public."""
    names = [str(kind) for kind in COUNTED]
    rows: list[tuple[object, ...]] = [
        (it.code, it.name, *(it.told(name) for name in names), it.unmanaged)
        for it in await counts_by_institution(run.id)
    ]
    rows.append(("all", "", *(getattr(run, COUNTED[kind]) for kind in COUNTED), run.unmanaged))
    table(("institution", "name", *(name.lower() for name in names), "nobody's"), rows)
    click.echo(
        f"\nAs of {run.as_of}: {run.screened:,} screened, {run.passed:,} pass; {run.review_due:,} membership(s) due "
        f"for review, {run.expired:,} expired."
    )
