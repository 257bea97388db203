"""cards receive: the factory's delivery list, as a receipt that two persons then sign (Notice 4)."""

from __future__ import annotations

from pathlib import Path

import click

from api.commands import finding
from api.commands.imports import must_be_ok
from api.commands.running import Usage, as_staff, command, open_house
from desk.deliveries import Delivery, Listed
from desk.deliveries import receive as receive_delivery
from desk.imports.decoding import ENCODINGS
from desk.imports.report import Report
from models.serials import Range

SHOWN = 20
"""Ranges that are printed of a long list. All of them are on the receipt."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--order", "number", required=True, metavar="NUMBER", help="The placed order that it is for.")
@click.option(
    "--defect",
    "defects",
    multiple=True,
    metavar="NUMBER[-NUMBER]",
    help="Defective, found at counting. May be given several times.",
)
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option("--encoding", type=click.Choice(ENCODINGS), help="In place of the one recognised.")
@click.option("--faults", type=click.IntRange(0, 1000), default=50, help="Faults printed. [50]")
@as_staff
@command
async def receive(
    file: Path,
    number: str,
    defects: tuple[str, ...],
    dry_run: bool,
    encoding: str | None,
    faults: int,
    staff: str,
) -> None:
    """Read the factory's list FILE (CSV or XLSX) and draft the receipt of it. By the designated custodian.

    The list has the columns first,last,quantity (起始号,终止号,数量) or number (卡号), and may have defect (瑕疵), true or
    false. Numbers are serials of up to 12 digits, or whole card numbers. Nothing of a list with a fault is written; each
    fault is told with row, column and remedy. Exit code 1 when the list was refused.
    """
    listed = [_listed(text) for text in defects]
    async with open_house() as house:
        desk = await house.desk(staff)
        found = await receive_delivery(
            desk,
            order_id=(await finding.card_order(desk, number))["id"],
            path=file,
            defects=listed,
            encoding=encoding,
            dry_run=dry_run,
        )
    if found.report.errors:
        report = Report(dry_run, [found.report])
        click.echo(report.as_text(faults=faults), nl=False)
        must_be_ok(report)
    for remark in found.report.remarks:
        click.echo(f"{file.name}: {remark}")
    _tell(found)
    if found.movement is None:
        click.echo("No faults. Dry run: nothing was written.")
    else:
        click.echo(
            f"Receipt {found.movement.id} is drafted, and nothing is in stock yet. The designated custodian counts the cards "
            f"and signs it: python -m api cards sign {found.movement.id} --version {found.movement.version}. Then his own "
            "business supervisor countersigns it."
        )


def _listed(text: str) -> Listed:
    first, _, last = text.partition("-")
    if not first:
        raise Usage("A defect is a number, or two with a - between them: --defect 000001000017-000001000019")
    return Listed(first, last or None)


def _tell(found: Delivery) -> None:
    click.echo(f"{found.quantity:,} cards in {len(found.ranges):,} range(s), {found.defective:,} defective:")
    _list(found.ranges)
    if found.defects:
        click.echo("Defective:")
        _list(found.defects)


def _list(ranges: list[Range]) -> None:
    for one in ranges[:SHOWN]:
        click.echo(f"  {one}  {one.quantity:,}")
    if len(ranges) > SHOWN:
        click.echo(f"  and {len(ranges) - SHOWN:,} more")
