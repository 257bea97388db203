"""cards products, cards manufacturer: the kinds of cards, who makes them, and what one costs (Notice 4)."""

from __future__ import annotations

import datetime as dt

import click

from api.commands import finding
from api.commands.printing import shown, table
from api.commands.running import Usage, as_staff, command, open_house
from api.commands.typed import DAY, word
from desk.products import add_manufacturer, create_product, set_price
from desk.selection import Child, Selection
from models.money import from_minor
from models.serials import LEVELS
from models.vocabulary import Tier


@click.group(invoke_without_command=True)
@click.option("--as", "staff", metavar="STAFF", help="Staff number of the person who lists them.")
@click.pass_context
def products(context: click.Context, staff: str | None) -> None:
    """List the kinds of cards, and the manufacturers with their prices. To make one: cards products create."""
    if context.invoked_subcommand is None:
        if staff is None:
            raise Usage("Say who lists them: python -m api cards products --as STAFF")
        _list(staff)


@command
async def _list(staff: str) -> None:
    async with open_house() as house:
        desk = await house.desk(staff)
        found = await finding.rows(
            desk, Selection("card_product", columns=("tier", "design", "name", "created_at"))
        )
        makers = await finding.rows(
            desk,
            Selection(
                "manufacturer",
                columns=("code", "name"),
                children=(
                    Child(
                        "prices",
                        "prices",
                        Selection("card_price", columns=("unit_price", "currency", "effective_from")),
                    ),
                ),
            ),
        )
    table(
        ("begins", "tier", "name"),
        [(LEVELS[Tier(it["tier"])] + it["design"], it["tier"], it["name"]) for it in found],
    )
    click.echo()
    table(
        ("code", "name", "one card", "from"),
        [
            (
                it["code"],
                it["name"],
                f"{from_minor(price['unit_price'], price['currency'])} {price['currency']}",
                price["effective_from"],
            )
            for it in makers
            for price in it["prices"].rows
        ],
    )


@products.command()
@click.option("--tier", type=word(Tier), required=True, help="For members of which tier.")
@click.option("--design", required=True, help="Two digits that no product of this tier has yet.")
@click.option("--name", required=True, help="What people call it.")
@as_staff
@command
async def create(tier: str, design: str, name: str, staff: str) -> None:
    """Create a kind of card. By head office's policy officer."""
    async with open_house() as house:
        desk = await house.desk(staff)
        product = await create_product(desk, tier=Tier(tier), design=design, name=name)
    click.echo(f"{shown(product.name)}: its numbers begin with {LEVELS[Tier(tier)]}{product.design}.")


@click.group()
def manufacturer() -> None:
    """Who makes the cards of the whole bank, and for what price. By head office (Notice 4)."""


@manufacturer.command()
@click.argument("code")
@click.option("--name", required=True, help="Full name.")
@as_staff
@command
async def add(code: str, name: str, staff: str) -> None:
    """Add the manufacturer CODE. It is ordered from once it has a price."""
    async with open_house() as house:
        await add_manufacturer(await house.desk(staff), code=code, name=name)
    click.echo(f"{code} is added. Next: python -m api cards manufacturer price {code}")


@manufacturer.command()
@click.argument("code")
@click.option("--unit-price", metavar="AMOUNT", required=True, help="What one card costs, e.g. 1.15.")
@click.option("--currency", default="CNY", show_default=True, help="ISO 4217 code.")
@click.option("--from", "first", type=DAY, required=True, help="First day: today, or a later one.")
@as_staff
@command
async def price(code: str, unit_price: str, currency: str, first: dt.date, staff: str) -> None:
    """Set what a card of the manufacturer CODE costs from a day on. Orders keep the price of their day."""
    async with open_house() as house:
        desk = await house.desk(staff)
        found = await set_price(
            desk,
            manufacturer_id=await finding.manufacturer(desk, code),
            unit_price=unit_price,
            effective_from=first,
            currency=currency,
        )
    click.echo(f"{code}: {from_minor(found.unit_price, currency)} {currency} a card from {first} on.")
