"""cards ledger, stock, history: what the books say, whether they agree, and where one card has been (Annex 1)."""

from __future__ import annotations

import csv
import datetime as dt
import os
from pathlib import Path

import click

from api.commands import finding
from api.commands.printing import harmless, shown, table
from api.commands.running import StandsInTheWay, Usage, as_staff, command, open_house
from api.commands.typed import DAY
from desk.desk import Desk
from desk.errors import NotFound
from desk.selection import Child, Condition, Op, Selection
from desk.stock.ledger import (
    MOVED_IN_ORDER,
    Difference,
    Ledger,
    Standing,
    moved,
    read_ledger,
    record_export,
    standings,
)
from models.serials import LEVELS
from models.stock import COUNTS
from models.vocabulary import Tier

HEADER = ("institution", "product", "day", "opening", "in", "out", "closing", "movements")
OWNER_ONLY = 0o600


@click.command()
@click.option("--institution", required=True, metavar="CODE", help="Whose stock.")
@click.option("--product", metavar="DIGITS", help="The three digits with which its numbers begin: 101. [all]")
@click.option("--from", "first", type=DAY, required=True, help="The first day, e.g. 2026-10-01.")
@click.option("--to", "last", type=DAY, required=True, help="The last day, today or earlier.")
@click.option("--csv", "target", type=click.Path(path_type=Path), help="Write the days to this new file too.")
@as_staff
@command
async def ledger(
    institution: str, product: str | None, first: dt.date, last: dt.date, target: Path | None, staff: str
) -> None:
    """Print opening, in, out and closing of every business day, and whether all books agree (卡片登记簿, 对账).

    For whoever reads the stock of the institution. Days on which nothing moved carry the last closing forward. Exit code
    1 when holdings, account and days differ, with the difference. A file leaves its record before it is written.
    """
    if target is not None and target.exists():
        raise Usage(f"{target} exists. Give --csv another name.")
    async with open_house() as house:
        desk = await house.desk(staff)
        found = await _ledgers(desk, institution, product, first, last)
        if target is not None:
            for told in found:
                await record_export(desk, told)
            _write(found, target)
    for told in found:
        _print(told)
    if target is not None:
        click.echo(f"Written to {target}. Its owner alone may read it.")
    _must_agree([one for told in found for one in told.differences()])
    click.echo("Holdings, account and days agree. 账实相符")


@click.command()
@click.option("--institution", metavar="CODE", help="Only its stock. [all that STAFF may see]")
@as_staff
@command
async def stock(institution: str | None, staff: str) -> None:
    """Print how many cards each institution has, by state, and whether all books agree (库存).

    Over all institutions that STAFF may see. Exit code 1 when holdings, account and days differ.
    """
    async with open_house() as house:
        desk = await house.desk(staff)
        where = None
        if institution is not None:
            where = Condition("institution_id", Op.EQ, await finding.institution(desk, institution))
        found = await standings(desk, where)
    columns = ("received", "came_in", "went_out", *COUNTS.values(), "on_the_way", "quota")
    table(
        ("institution", "product", *(name.replace("_", " ") for name in columns)),
        [(one.institution["code"], digits(one), *(one.cells[name] for name in columns)) for one in found],
    )
    total = {name: sum(one.cells[name] for one in found) for name in columns[:-2]}
    states = sum(total[column] for column in COUNTS.values())
    click.echo(
        f"\nReceived {total['received']:,}, came in {total['came_in']:,}, went out {total['went_out']:,}; in all states "
        f"{states:,}."
    )
    _must_agree([one for standing in found for one in standing.differences()])
    click.echo("Holdings, accounts and days agree. 账实相符")


@click.command()
@click.argument("number")
@as_staff
@command
async def history(number: str, staff: str) -> None:
    """Print the posted movements that ever moved the card NUMBER, as far as STAFF may see them."""
    institution = Child("place", "institution", Selection("institution", columns=("code",)))
    movement = Child(
        "movement",
        "movement",
        Selection("stock_movement", columns=("kind", "posted_at"), children=(institution,)),
    )
    async with open_house() as house:
        desk = await house.desk(staff)
        lines = await finding.rows(
            desk,
            Selection(
                "movement_line",
                columns=("from_state", "to_state"),
                children=(movement,),
                where=moved(number),
                order=MOVED_IN_ORDER,
            ),
        )
    if not lines:
        click.echo(f"No posted movement of {shown(number)} that {staff} may see.")
        return
    table(
        ("posted", "kind", "institution", "from", "to", "movement"),
        [
            (
                f"{line['movement']['posted_at']:%Y-%m-%d %H:%M}",
                line["movement"]["kind"],
                line["movement"]["place"]["code"],
                line["from_state"],
                line["to_state"],
                line["movement"]["id"],
            )
            for line in lines
        ],
    )


def digits(one: Standing) -> str:
    """The product as people name it here: how its numbers begin."""
    return f"{LEVELS[Tier(one.product['tier'])]}{one.product['design']}"


async def _ledgers(
    desk: Desk, institution: str, product: str | None, first: dt.date, last: dt.date
) -> list[Ledger]:
    place = await finding.institution(desk, institution)
    if product is not None:
        products = [await finding.card_product(desk, product)]
    else:
        accounts = await standings(desk, Condition("institution_id", Op.EQ, place))
        products = [one.product["id"] for one in accounts]
    if not products:
        raise NotFound
    return [
        await read_ledger(desk, institution_id=place, product_id=one, first=first, last=last)
        for one in products
    ]


def _print(told: Ledger) -> None:
    standing = told.standing
    place, product = standing.institution, standing.product
    click.echo(
        f"\n{shown(place['code'])} {shown(place['name'])}, {digits(standing)} {shown(product['name'])}, {told.first} to "
        f"{told.last}"
    )
    table(
        ("day", "opening", "in", "out", "closing", "movements"),
        [(day.day, day.opening, day.came_in, day.went_out, day.closing, day.movements) for day in told.days],
    )
    click.echo(
        f"Opening {told.opening:,} + in {told.came_in:,} - out {told.went_out:,} = closing {told.closing:,}"
    )
    cells = standing.cells
    states = " + ".join(f"{cells[column]:,} {column.replace('_', ' ')}" for column in COUNTS.values())
    click.echo(
        f"Now: received {cells['received']:,} + came in {cells['came_in']:,} - went out {cells['went_out']:,} = {states}"
    )


def _must_agree(differences: list[Difference]) -> None:
    if differences:
        for one in differences:
            click.echo(f"DIFFERS: {one}")
        raise StandsInTheWay(
            "LEDGER_DIFFERS: The books do not agree. Stop moving cards, and have it looked into."
        )


def _write(found: list[Ledger], target: Path) -> None:
    """The file gets its name when it is whole. Only its owner may read it."""
    part = target.with_name(f".{target.name}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    try:
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(HEADER)
            for told in found:
                place = harmless(told.standing.institution["code"])
                for day in told.days:
                    writer.writerow(
                        (
                            place,
                            digits(told.standing),
                            day.day,
                            day.opening,
                            day.came_in,
                            day.went_out,
                            day.closing,
                            day.movements,
                        )
                    )
        os.link(part, target)
    finally:
        part.unlink(missing_ok=True)
