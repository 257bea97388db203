"""python -m examples.demo: write the demo bank's import files into a directory."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from examples.demo.bank import AS_OF, CUSTOMERS, FEWEST, SEED, write_bank
from examples.demo.days import OutsideTheTables, Window
from examples.demo.planted import planted


@click.command()
@click.option(
    "--to", type=click.Path(path_type=Path, file_okay=False), required=True, help="Directory to fill."
)
@click.option("--customers", type=click.IntRange(min=FEWEST), default=CUSTOMERS, show_default=True)
@click.option("--seed", type=int, default=SEED, show_default=True, help="Same seed, same bytes.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    default=AS_OF.isoformat(),
    show_default=True,
    help="The data end with the last month-end on or before this date.",
)
@click.option("--cases", is_flag=True, help="Also list the customers planted for a reason.")
def main(to: Path, customers: int, seed: int, as_of: dt.datetime, cases: bool) -> None:
    """Write a fictional Chinese bank as import files: made-up people, valid numbers, no real customer."""
    try:
        with click.progressbar(length=customers, label="Writing the demo bank") as bar:
            counts = write_bank(
                to, customers, seed, as_of.date(), lambda written: bar.update(written - bar.pos)
            )
    except OutsideTheTables as refusal:
        raise click.BadParameter(str(refusal), param_hint="--as-of") from refusal
    for name, rows in counts.items():
        click.echo(f"{rows:>9,}  {name}.csv")
    if cases:
        for nth, it in enumerate(planted(Window(as_of.date())), start=1):
            click.echo(f"C{nth:08d}  {it.name}: {it.about}")
    click.echo(f"Next: python -m api import {to}")


if __name__ == "__main__":
    main()
