"""cards order: draft, approve, place, settle, cancel and list what a branch orders from the manufacturer (Notice 4)."""

from __future__ import annotations

from typing import Any

import click

from api.commands import finding
from api.commands.printing import table
from api.commands.running import as_staff, command, open_house
from desk.desk import Desk
from desk.orders import approve_order, cancel_order, draft_order, place_order, settle_order
from desk.selection import Child, Selection
from models.money import from_minor

RECEIVE = "python -m api cards receive FILE --order"


@click.group()
def order() -> None:
    """What a branch orders from the manufacturer, and settles with it. Head office is not in the path (Notice 4)."""


@order.command()
@click.option("--institution", required=True, metavar="CODE", help="Who orders.")
@click.option(
    "--product", required=True, metavar="DIGITS", help="The three digits with which its numbers begin: 101."
)
@click.option("--manufacturer", required=True, metavar="CODE", help="From whom.")
@click.option("--quantity", type=int, required=True, help="How many cards.")
@click.option("--reason", required=True, help="Why.")
@click.option(
    "--over-quota", default="", metavar="WHY", help="Why it exceeds the quota (核定库存), if it does."
)
@as_staff
@command
async def draft(
    institution: str, product: str, manufacturer: str, quantity: int, reason: str, over_quota: str, staff: str
) -> None:
    """Draft an order at the price of the day. By the person designated for ordering."""
    async with open_house() as house:
        desk = await house.desk(staff)
        drafted = await draft_order(
            desk,
            institution_id=await finding.institution(desk, institution),
            product_id=await finding.card_product(desk, product),
            manufacturer_id=await finding.manufacturer(desk, manufacturer),
            quantity=quantity,
            reason=reason,
            over_quota_reason=over_quota,
        )
    click.echo(
        f"Order {drafted.number}: {drafted.quantity:,} cards at {from_minor(drafted.unit_price, drafted.currency)} are "
        f"{from_minor(drafted.amount, drafted.currency):,} {drafted.currency}. Another person approves it."
    )


@order.command()
@click.argument("number")
@as_staff
@command
async def approve(number: str, staff: str) -> None:
    """Approve the order NUMBER. By an officer at or above the branch, another person than its maker."""
    async with open_house() as house:
        desk = await house.desk(staff)
        await approve_order(desk, **await _as_it_is(desk, number))
    click.echo(f"Order {number} is approved. The person designated for ordering places it.")


@order.command()
@click.argument("number")
@as_staff
@command
async def place(number: str, staff: str) -> None:
    """Record that the order NUMBER went to the manufacturer. By the person designated for ordering."""
    async with open_house() as house:
        desk = await house.desk(staff)
        await place_order(desk, **await _as_it_is(desk, number))
    click.echo(f"Order {number} is placed. When cards come: {RECEIVE} {number}")


@order.command()
@click.argument("number")
@click.option("--invoice", required=True, metavar="NUMBER", help="The manufacturer's invoice.")
@click.option("--amount", required=True, help="What it says, in the order's currency.")
@click.option("--short", default="", metavar="WHY", help="Why it is closed although cards are to come.")
@as_staff
@command
async def settle(number: str, invoice: str, amount: str, short: str, staff: str) -> None:
    """Settle the order NUMBER for the good cards that came. By an officer at or above the branch."""
    async with open_house() as house:
        desk = await house.desk(staff)
        seen = await _as_it_is(desk, number)
        settled = await settle_order(
            desk, **seen, invoice_number=invoice, invoiced=amount, short_reason=short
        )
    paid = from_minor(settled.good * settled.unit_price, settled.currency)
    click.echo(f"Order {number} is settled: {settled.good:,} good cards, {paid:,} {settled.currency}.")


@order.command()
@click.argument("number")
@click.option("--reason", required=True, help="Why.")
@as_staff
@command
async def cancel(number: str, reason: str, staff: str) -> None:
    """Cancel the order NUMBER, of which nothing has come. By an officer at or above the branch."""
    async with open_house() as house:
        desk = await house.desk(staff)
        await cancel_order(desk, **await _as_it_is(desk, number), reason=reason)
    click.echo(f"Order {number} is cancelled.")


@order.command("list")
@as_staff
@command
async def list_orders(staff: str) -> None:
    """List the orders that the person reaches: what was ordered, what came, what it cost."""
    async with open_house() as house:
        desk = await house.desk(staff)
        found = await finding.rows(
            desk,
            Selection(
                "card_order",
                columns=(
                    "number", "state", "quantity", "received", "defective", "amount", "invoiced", "currency"
                ),
                children=(
                    Child("institution", "institution", Selection("institution", columns=("name",))),
                    Child("product", "product", Selection("card_product", columns=("name",))),
                ),
            ),
        )  # fmt: skip
    table(
        (
            "number",
            "institution",
            "product",
            "state",
            "ordered",
            "came",
            "defective",
            "amount",
            "settled for",
        ),
        [
            (
                it["number"],
                _name(it["institution"]),
                _name(it["product"]),
                it["state"],
                it["quantity"],
                it["received"],
                it["defective"],
                f"{from_minor(it['amount'], it['currency']):,} {it['currency']}",
                "-" if it["invoiced"] is None else f"{from_minor(it['invoiced'], it['currency']):,}",
            )
            for it in found
        ],
    )


async def _as_it_is(desk: Desk, number: str) -> dict[str, Any]:
    found = await finding.card_order(desk, number)
    return {"order_id": found["id"], "version": found["version"]}


def _name(found: dict[str, Any] | None) -> str:
    return found["name"] if found else "-"
