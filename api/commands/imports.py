"""import: read the files that the bank's systems hand in."""

from __future__ import annotations

from pathlib import Path

import click

from api.commands.printing import Watched
from api.commands.running import REFUSED, Usage, command, open_house
from desk.imports.decoding import ENCODINGS
from desk.imports.job import Corrections
from desk.imports.loading import files_of, run_import
from desk.imports.looking import look
from desk.imports.profiles import Profile, read_profile
from desk.imports.refusals import FileRefused
from desk.imports.report import Report
from desk.imports.templates import write_templates
from desk.standards import flipped_decisions


@click.command("import")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--as", "staff", metavar="STAFF", help="Staff number of the system administrator who imports.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option("--encoding", type=click.Choice(ENCODINGS), help="In place of the one recognised.")
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A profile (docs/adding-a-file.md) for files with the bank's own headers. May be given several times.",
)
@click.option("--look", "looking", is_flag=True, help="Say what each file is and holds; import nothing.")
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
    profiles: tuple[Path, ...],
    looking: bool,
    template: Path | None,
    faults: int,
) -> None:
    """Import files, or all files of a directory: CSV or XLSX, one kind each, in the order they need.

    Nothing of a file with a fault is written. The same file again changes nothing, so an interrupted import is
    resumed by repeating it. Files with the bank's own headers need a --profile; --look helps to write one. The report
    names file, row, column, what is wrong and the remedy. Exit code 1 when a
    file was refused.
    """
    if template is not None:
        for path in write_templates(template):
            click.echo(path)
        return
    if looking:
        for path in files_of(paths):
            click.echo(look(path, encoding).as_text())
        return
    if not paths or staff is None:
        raise Usage("Name files or a directory, and who imports them: python -m api import DIR --as STAFF")
    read = [profile_or_usage(path) for path in profiles]
    idle = [profile.name for profile in read if not any(map(profile.fits, files_of(paths)))]
    if idle:
        raise Usage(f"No file fits the profile {idle[0]}. Correct its names, or leave it out.")
    async with open_house() as house:
        desk = await house.desk(staff)
        with Watched() as watched:
            report = await run_import(
                desk,
                paths,
                dry_run=dry_run,
                encoding=encoding,
                profiles=read,
                progress=watched.step,
                flips=flips,
            )
    click.echo(report.as_text(faults=faults), nl=False)
    must_be_ok(report)


def profile_or_usage(path: Path) -> Profile:
    try:
        return read_profile(path)
    except FileRefused as refused:
        line = f", line {refused.row}" if refused.row else ""
        raise Usage(f"{path.name}{line}: {refused}") from None


async def flips(corrections: Corrections) -> list[str]:
    """Decisions that corrected figures would turn, by id: who imports sees no customer."""
    found = await flipped_decisions(corrections.customers, rates=corrections.rates)
    words = {True: "passes", False: "fails", None: "cannot be judged"}
    return [f"evaluation {it.evaluation_id}: {words[it.before]} -> {words[it.after]}" for it in found]


def must_be_ok(report: Report) -> None:
    if not report.ok:
        raise click.exceptions.Exit(REFUSED)
