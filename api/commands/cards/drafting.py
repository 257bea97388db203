"""cards allocate, list-arrival, change, edit, reverse: the lists that two persons then sign (Notice 4, Annex 1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import click

from api.commands import finding
from api.commands.cards.movements import seen, which, why
from api.commands.running import Usage, as_staff, command, open_house
from api.commands.typed import word
from desk.stock import correcting, reversing, transfers
from models.custody import StockState
from models.movements import StockMovement


class Listed(NamedTuple):
    """What a person lists on the command line."""

    first: str
    last: str | None


listed = click.option(
    "--cards",
    "numbers",
    multiple=True,
    required=True,
    metavar="NUMBER[-NUMBER]",
    help="Serials of up to 12 digits, or whole card numbers. May be given several times.",
)
product_of = click.option(
    "--product", required=True, metavar="DIGITS", help="The three digits with which its numbers begin: 101."
)


@click.command()
@click.option("--institution", required=True, metavar="CODE", help="Out of whose stock.")
@click.option(
    "--to", required=True, metavar="CODE", help="To whom: above, below, or the branch's own centre."
)
@product_of
@listed
@click.option(
    "--state",
    type=word(StockState),
    default=StockState.IN_STOCK.value,
    show_default=True,
    help="What they are.",
)
@click.option("--reason", default="", help="Why.")
@click.option(
    "--over-quota", default="", metavar="WHY", help="Why it exceeds the receiver's quota, if it does."
)
@as_staff
@command
async def allocate(
    institution: str,
    to: str,
    product: str,
    numbers: tuple[str, ...],
    state: str,
    reason: str,
    over_quota: str,
    staff: str,
) -> None:
    """Draft a transfer (调拨). By the designated custodian of the sender."""
    async with open_house() as house:
        desk = await house.desk(staff)
        made = await transfers.draft_allocation(
            desk,
            institution_id=await finding.institution(desk, institution),
            to_id=await finding.institution(desk, to),
            product_id=await finding.card_product(desk, product),
            ranges=_ranges(numbers),
            state=StockState(state),
            reason=reason,
            over_quota_reason=over_quota,
        )
    _drafted(made, staff)


@click.command("list-arrival")
@which
@seen
@listed
@as_staff
@command
async def list_arrival(movement: UUID, version: int, numbers: tuple[str, ...], staff: str) -> None:
    """List what you have counted of the arrival MOVEMENT, blind. By the designated custodian of the receiver."""
    async with open_house() as house:
        made = await transfers.list_arrival(
            await house.desk(staff), movement_id=movement, version=version, ranges=_ranges(numbers)
        )
    _drafted(made, staff)


@click.command()
@click.option("--institution", required=True, metavar="CODE", help="In whose stock.")
@product_of
@listed
@click.option("--from", "was", type=word(StockState), required=True, help="What they are.")
@click.option("--to", "becomes", type=word(StockState), required=True, help="What they become.")
@why
@as_staff
@command
async def change(
    institution: str,
    product: str,
    numbers: tuple[str, ...],
    was: str,
    becomes: str,
    reason: str,
    staff: str,
) -> None:
    """Draft that cards are void (作废), set aside to be destroyed, missing, or found. By the designated custodian."""
    async with open_house() as house:
        desk = await house.desk(staff)
        made = await correcting.draft_change(
            desk,
            institution_id=await finding.institution(desk, institution),
            product_id=await finding.card_product(desk, product),
            ranges=_ranges(numbers),
            from_state=StockState(was),
            to_state=StockState(becomes),
            reason=reason,
        )
    _drafted(made, staff)


@click.command()
@which
@seen
@listed
@as_staff
@command
async def edit(movement: UUID, version: int, numbers: tuple[str, ...], staff: str) -> None:
    """Write the list MOVEMENT anew before it is posted. What was signed is void. By the designated custodian."""
    async with open_house() as house:
        made = await correcting.edit(
            await house.desk(staff), movement_id=movement, version=version, ranges=_ranges(numbers)
        )
    _drafted(made, staff)


@click.command()
@which
@why
@as_staff
@command
async def reverse(movement: UUID, reason: str, staff: str) -> None:
    """Draft the reverse of the posted MOVEMENT (冲正), to be signed as it was. By the designated custodian."""
    async with open_house() as house:
        made = await reversing.draft_reversal(await house.desk(staff), movement_id=movement, reason=reason)
    _drafted(made, staff)


def _ranges(numbers: Sequence[str]) -> list[Listed]:
    found = []
    for text in numbers:
        first, _, last = text.partition("-")
        if not first:
            raise Usage("A card is a number, or two with a - between them: --cards 000001000017-000001000019")
        found.append(Listed(first, last or None))
    return found


def _drafted(made: StockMovement, staff: str) -> None:
    click.echo(
        f"{made.kind} of {made.quantity:,} cards is listed; nothing has moved. Read it, then sign it:\n"
        f"  python -m api cards show {made.id} --as {staff}\n"
        f"  python -m api cards sign {made.id} --version {made.version} --as {staff}"
    )
