"""The demo bank as a whole: one call writes every import file of it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

from examples.demo.accounts import Accounts
from examples.demo.check_digits import Identities
from examples.demo.customers import Customers, managers_needed
from examples.demo.days import Window
from examples.demo.holidays import holiday_rows
from examples.demo.loans import Loans
from examples.demo.people import Staff
from examples.demo.places import Tree
from examples.demo.planted import planted
from examples.demo.rates import rate_rows
from examples.demo.sheets import Sheets
from examples.demo.spends import Spends
from models.vocabulary import Level

AS_OF = dt.date(2026, 10, 31)
CUSTOMERS = 5000
FEWEST = 200
SEED = 1


def write_bank(
    to: Path,
    customers: int = CUSTOMERS,
    seed: int = SEED,
    as_of: dt.date = AS_OF,
    progress: Callable[[int], None] = lambda written: None,
) -> dict[str, int]:
    """Write the import files of the demo bank into `to` and return the rows of each.

    The same arguments give the same bytes. `progress` hears how many customers are written, now and then.
    Raises OutsideTheTables for a date the embedded rates do not cover, ValueError for fewer than FEWEST customers.
    """
    if customers < FEWEST:
        raise ValueError(
            f"{customers} customers are too few to show the demo's cases. Ask for {FEWEST} or more."
        )
    window = Window(as_of)
    rng = random.Random(seed)
    tree = Tree()
    cities = tuple(place.admin for place in tree.places if place.level == Level.TIER2 and not place.is_centre)
    identities = Identities(rng, cities)
    staff = Staff(rng, identities, tree, managers_needed(tree, customers))
    book = Customers(rng, identities, tree, staff, window)
    with Sheets(to) as sheets:
        sheets.add("institutions", tree.rows())
        sheets.add("staff", staff.rows())
        sheets.add("assignments", staff.assignment_rows())
        sheets.add("supervision_lines", staff.supervision_rows())
        sheets.add("exchange_rates", rate_rows(as_of))
        sheets.add("holidays", holiday_rows())
        accounts = Accounts(rng, sheets, tree, window)
        loans = Loans(sheets, window)
        spends = Spends(rng, sheets, window)
        for written, client in enumerate(book.draw(customers, planted(window)), start=1):
            sheets.add("customers", [client.row])
            sheets.add("manager_assignments", client.managers)
            card = accounts.open(client)
            if card and client.plan.card_spend is not None:
                spends.spend(card, client.plan.card_spend)
            loans.grant(client)
            if written % 100 == 0 or written == customers:
                progress(written)
        return sheets.counts
