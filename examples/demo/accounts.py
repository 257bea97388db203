"""Accounts with their balances and transaction lines: each line explains a step of the balance."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from examples.demo.check_digits import card_number
from examples.demo.customers import Client
from examples.demo.days import DAY, Window
from examples.demo.places import Tree
from examples.demo.plans import Deposit, Shape
from examples.demo.sheets import Sheets, money
from models.vocabulary import AccountKind, Direction

_MONEY_IN = (("salary", "工资"), ("transfer", "转入"), ("deposit", "现金存入"), ("interest", "理财到期"))
_MONEY_OUT = (("cash", "取款"), ("transfer", "转出"), ("payment", "缴费"), ("purchase", "购买理财"))
_BANKS = ("ICBC", "ABC", "BOC", "PSBC", "CMB")
_CHANGES = (0, 0, 0, 1, 1, 2)
"""How often a lively balance moves in a month; drawn."""


class Accounts:
    """Opens the accounts of one customer after the other and writes what happens on them."""

    def __init__(self, rng: random.Random, sheets: Sheets, tree: Tree, window: Window) -> None:
        self._rng = rng
        self._sheets = sheets
        self._tree = tree
        self._window = window
        self._serial = 0
        self._line = 0
        self._first_of: dict[str, str] = {}

    def open(self, client: Client) -> str | None:
        """Write the accounts of a customer. Returns the number of his card account, None when he has no card."""
        card = None
        for deposit in client.plan.deposits:
            number = self._account(client, deposit.kind, deposit)
            self._first_of.setdefault(client.number, number)
            self._figures(number, deposit)
        if client.plan.card_spend is not None:
            # A card account carries spend only. The money it is paid from lies on the savings account.
            card = self._account(client, AccountKind.CARD, Deposit(0, at=client.plan.deposits[0].at))
        if client.holds:
            of, role = client.holds
            self._sheets.add("account_holders", [(self._first_of[of], client.number, role.value)])
        return card

    def _account(self, client: Client, kind: AccountKind, deposit: Deposit) -> str:
        self._serial += 1
        number = card_number(self._serial)
        row = (
            number, client.number, deposit.at or self._some_outlet(client.owner), kind.value,
            deposit.currency, (deposit.opened or client.opened).isoformat(),
            deposit.closed.isoformat() if deposit.closed else "",
        )  # fmt: skip
        self._sheets.add("accounts", [row])
        return number

    def _some_outlet(self, owner: str) -> str:
        """An outlet of the owning branch; one account in twenty sits anywhere in the bank."""
        if self._rng.randrange(20) == 0:
            return self._rng.choice(self._tree.outlets)
        return self._rng.choice(self._tree.outlets_under(owner))

    def _figures(self, number: str, deposit: Deposit) -> None:
        if deposit.averaged and deposit.opened is None and deposit.closed is None:
            averages = (
                (number, f"{first:%Y-%m}", money(self._near(deposit), deposit.currency))
                for first in self._window.months
            )
            self._sheets.add("month_average_balances", averages)
            return
        balances = list(self._day_ends(deposit))
        rows = ((number, day.isoformat(), money(amount, deposit.currency)) for day, amount in balances)
        self._sheets.add("day_end_balances", rows)
        before = 0 if deposit.opened else balances[0][1]
        for day, amount in balances:
            if amount != before:
                self._sheets.add("transactions", self._lines(number, deposit.currency, day, before, amount))
            before = amount

    def _near(self, deposit: Deposit) -> int:
        """A balance as far from the level as the shape lets it be."""
        if deposit.shape is Shape.FLAT:
            return deposit.level
        if deposit.shape is Shape.STEADY:
            return deposit.level * self._rng.randrange(9900, 10101) // 10000
        return deposit.level * self._rng.randrange(9000, 11001) // 10000

    def _day_ends(self, deposit: Deposit) -> Iterator[tuple[dt.date, int]]:
        """Day-end balances by day: the carry-in or opening, each change, each month-end, the closing."""
        start = deposit.opened or self._window.eve
        stop = deposit.closed or self._window.last + DAY
        amount = deposit.level if deposit.shape is Shape.PULSE else self._near(deposit)
        yield start, amount
        for first, end in zip(self._window.months, self._window.ends, strict=True):
            for day, changed in self._changes(deposit, first):
                if start < day < stop:
                    amount = changed
                    yield day, amount
            if start < end < stop:
                yield end, amount
        if deposit.closed:
            yield deposit.closed, 0

    def _changes(self, deposit: Deposit, first: dt.date) -> list[tuple[dt.date, int]]:
        """What happens within the month. Never on its last day, whose balance is a row of its own."""
        if deposit.shape is Shape.FLAT:
            return []
        if deposit.shape is Shape.PULSE:
            return [(first.replace(day=3), deposit.level * 9), (first.replace(day=26), deposit.level)]
        days = {self._rng.randrange(2, 28) for _ in range(self._rng.choice(_CHANGES))}
        return [(first.replace(day=day), self._near(deposit)) for day in sorted(days)]

    def _lines(
        self, number: str, currency: str, day: dt.date, before: int, after: int
    ) -> Iterator[tuple[str, ...]]:
        """One line from `before` to `after`, or two: money passing through on the same day."""
        steps = [after - before]
        if self._rng.randrange(3) == 0:
            through = self._rng.randrange(1, max(before, after) // 4 + 2)
            steps = [max(steps[0], 0) + through, min(steps[0], 0) - through]
        balance = before
        for step in steps:
            balance += step
            self._line += 1
            kind, summary = self._rng.choice(_MONEY_IN if step > 0 else _MONEY_OUT)
            direction = Direction.CREDIT if step > 0 else Direction.DEBIT
            yield (
                number, f"T{self._line:010d}", day.isoformat(), direction.value, kind,
                money(abs(step), currency), money(balance, currency), summary,
                self._rng.choice(_BANKS) if kind == "transfer" else "",
            )  # fmt: skip
