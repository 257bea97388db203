"""import: read the files that the bank's systems hand in."""

from __future__ import annotations

from pathlib import Path

import click

from api.commands.printing import Watched
from api.commands.running import REFUSED, Usage, command, open_house
from desk.imports.job import Corrections
from desk.imports.loading import run_import
from desk.imports.report import Report
from desk.imports.templates import write_templates
from desk.standards import flipped_decisions


@click.command("import")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--as", "staff", metavar="STAFF", help="Staff number of the system administrator who imports.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option("--encoding", type=click.Choice(["utf-8", "gb18030"]), help="In place of the one recognised.")
@click.option(
    "--template",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write an example of each file, and a description of every column, into this directory; import nothing.",
)
@click.option("--faults", type=click.IntRange(0, 1000), default=50, help="Faults printed for each file. [50]")
@command
async def import_files(
    paths: tuple[Path, ...],
    staff: str | None,
    dry_run: bool,
    encoding: str | None,
    template: Path | None,
    faults: int,
) -> None:
    """Import files, or all files of a directory: CSV or XLSX, one kind each, in the order they need.

    Nothing of a file with a fault is written. The same file again changes nothing, so an interrupted import is
    resumed by repeating it. The report names file, row, column, what is wrong and the remedy. Exit code 1 when a
    file was refused.
    """
    if template is not None:
        for path in write_templates(template):
            click.echo(path)
        return
    if not paths or staff is None:
        raise Usage("Name files or a directory, and who imports them: python -m api import DIR --as STAFF")
    async with open_house() as house:
        desk = await house.desk(staff)
        with Watched() as watched:
            report = await run_import(
                desk, paths, dry_run=dry_run, encoding=encoding, progress=watched.step, flips=flips
            )
    click.echo(report.as_text(faults=faults), nl=False)
    must_be_ok(report)


async def flips(corrections: Corrections) -> list[str]:
    """Decisions that corrected figures would turn, by id: who imports sees no customer."""
    found = await flipped_decisions(corrections.customers, rates=corrections.rates)
    words = {True: "passes", False: "fails", None: "cannot be judged"}
    return [f"evaluation {it.evaluation_id}: {words[it.before]} -> {words[it.after]}" for it in found]


def must_be_ok(report: Report) -> None:
    if not report.ok:
        raise click.exceptions.Exit(REFUSED)
