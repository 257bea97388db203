"""The files that the converted bank hands in, read back as plain rows: what the product was given, and nothing more."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class Post(NamedTuple):
    """One member of staff. Nobody at this bank holds two posts."""

    number: str
    role: str
    place: str


@dataclass(slots=True)
class Account:
    number: str
    owner: str
    place: str
    opened_on: str
    newest: tuple[str, str] | None = None


@dataclass(slots=True)
class Customer:
    number: str
    name: str
    document: str
    gender: str
    birth_date: str
    nationality: str
    mobile: str
    address: str
    owner: str
    opened_on: str
    manager: str = ""


@dataclass
class HandedIn:
    """One bank's files. Amounts stay the texts of the files."""

    folder: Path
    posts: dict[str, Post] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    _owned: dict[str, list[Account]] = field(default_factory=lambda: defaultdict(list))
    _loans: dict[str, list[dict[str, object]]] = field(default_factory=lambda: defaultdict(list))
    _lines: dict[str, list[dict[str, object]]] = field(default_factory=lambda: defaultdict(list))
    _by_district: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for row in self.rows("institutions"):
            if row["code"].startswith("D") and row["kind"] == "BRANCH":
                self.regions[row["code"]] = row["parent_code"]
        for row in self.rows("assignments"):
            number = row["staff_number"]
            self.posts[number] = Post(number, row["role"], row["institution_code"])
        self._read_customers()
        self._read_accounts()
        self._read_loans()
        self._read_lines()

    def rows(self, kind: str) -> Iterator[dict[str, str]]:
        with (self.folder / f"{kind}.csv").open(encoding="utf-8-sig", newline="") as stream:
            yield from csv.DictReader(stream)

    @property
    def districts(self) -> list[str]:
        return sorted(self.regions)

    def staff(self, role: str) -> list[str]:
        """Staff numbers of a role, in order."""
        return sorted(post.number for post in self.posts.values() if post.role == role)

    def of_district(self, district: str) -> list[str]:
        return self._by_district[district]

    def of_region(self, region: str) -> list[str]:
        found = [d for d, above in self.regions.items() if above == region]
        return sorted(number for district in found for number in self._by_district[district])

    def accounts_of(self, customer: str) -> list[Account]:
        """The accounts he owns, by number. What he may only dispose of is its owner's."""
        return self._owned[customer]

    def loans_of(self, customer: str) -> list[dict[str, object]]:
        return self._loans[customer]

    def lines_of(self, account: str) -> list[dict[str, object]]:
        return self._lines[account]

    def _read_customers(self) -> None:
        for row in self.rows("customers"):
            number = row["number"]
            self.customers[number] = Customer(
                number,
                row["name"],
                row["identity_number"],
                row["gender"],
                row["birth_date"],
                row["nationality"],
                row["mobile"],
                row["address"],
                row["owner_code"],
                row["opened_on"],
            )
            self._by_district[row["owner_code"]].append(number)
        for numbers in self._by_district.values():
            numbers.sort()
        for row in self.rows("manager_assignments"):
            self.customers[row["customer_number"]].manager = row["manager_number"]

    def _read_accounts(self) -> None:
        for row in sorted(self.rows("accounts"), key=lambda row: row["number"]):
            account = Account(
                row["number"], row["customer_number"], row["institution_code"], row["opened_on"]
            )
            self.accounts[account.number] = account
            self._owned[account.owner].append(account)
        for row in self.rows("day_end_balances"):
            account = self.accounts[row["account_number"]]
            if account.newest is None or row["day"] > account.newest[0]:
                account.newest = (row["day"], row["amount"])

    def _read_loans(self) -> None:
        for row in sorted(self.rows("loans"), key=lambda row: row["number"]):
            self._loans[row["customer_number"]].append(
                {
                    "number": row["number"],
                    "outstanding": {"amount": row["outstanding"], "currency": row["currency"]},
                    "principal": {"amount": row["principal"], "currency": row["currency"]},
                    "grantedOn": row["granted_on"],
                    "classification": row["classification"],
                    "overdue": {"amount": row["overdue"], "currency": row["currency"]},
                    "standingAsOf": row["as_of"],
                }
            )

    def _read_lines(self) -> None:
        for row in self.rows("transactions"):
            after = row["balance_after"]
            self._lines[row["account_number"]].append(
                {
                    "reference": row["reference"],
                    "day": row["day"],
                    "direction": row["direction"],
                    "kind": row["kind"],
                    "amount": {"amount": row["amount"], "currency": "CZK"},
                    "balanceAfter": {"amount": after, "currency": "CZK"} if after else None,
                    "summary": row["summary"] or None,
                    "counterpartyBank": row["counterparty_bank"] or None,
                }
            )
