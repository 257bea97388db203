"""cards: VIP cards from the factory to the ledger (Notice 4)."""

from __future__ import annotations

import click

from api.commands.cards.delivery import receive
from api.commands.cards.drafting import allocate, change, edit, list_arrival, reverse
from api.commands.cards.ledger import history, ledger, stock
from api.commands.cards.movements import countersign, movements, reject, show, sign, withdraw
from api.commands.cards.orders import order
from api.commands.cards.products import manufacturer, products


@click.group()
def cards() -> None:
    """VIP cards: products, orders, the factory's delivery list, and the ledger. Nobody moves one alone (Notice 4)."""


for _part in (
    allocate,
    change,
    countersign,
    edit,
    history,
    ledger,
    list_arrival,
    manufacturer,
    movements,
    order,
    products,
    receive,
    reject,
    reverse,
    show,
    sign,
    stock,
    withdraw,
):
    cards.add_command(_part)
