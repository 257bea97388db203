"""The published bank as plain records, read whole and checked to hang together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from examples.pkdd99.cells import Record, SourceError, records

CREDIT, DEBIT = "CREDIT", "DEBIT"
DIRECTIONS = {"PRIJEM": CREDIT, "VYDAJ": DEBIT, "VYBER": DEBIT}
"""Type VYBER is an old code of a withdrawal: whatever is not PRIJEM leaves the account."""

OPERATIONS = {
    "VKLAD": "deposit",
    "PREVOD Z UCTU": "transfer_in",
    "VYBER": "cash",
    "VYBER KARTOU": "card",
    "PREVOD NA UCET": "transfer",
    "": "interest",
}
"""Kind of business of a line. The source leaves the operation of credited interest empty."""

SUMMARIES = {
    "": "",
    "DUCHOD": "养老金",
    "POJISTNE": "保险费",
    "SANKC. UROK": "透支罚息",
    "SIPO": "家庭缴费",
    "SLUZBY": "对账单费",
    "UROK": "利息",
    "UVER": "贷款还款",
}
"""What a line was for, from the source's k_symbol."""

OWNER, DISPONENT = "OWNER", "DISPONENT"
ROLES = {OWNER: OWNER, DISPONENT: DISPONENT}
STANDINGS = {"A": "A", "B": "B", "C": "C", "D": "D"}


@dataclass(frozen=True, slots=True)
class District:
    id: int
    name: str
    region: str


@dataclass(frozen=True, slots=True)
class Client:
    id: int
    birth_number: str
    district_id: int


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    district_id: int
    opened_on: date


@dataclass(frozen=True, slots=True)
class Disposition:
    client_id: int
    account_id: int
    role: str


@dataclass(frozen=True, slots=True)
class Loan:
    """Status A: finished, paid. B: finished, not paid. C: running, in order. D: running, in debt."""

    id: int
    account_id: int
    granted_on: date
    amount: int
    months: int
    payment: int
    status: str


@dataclass(frozen=True, slots=True)
class Line:
    """A transaction line. `balance` is the balance the bank stated after it."""

    id: int
    account_id: int
    day: date
    old_code: bool
    direction: str
    kind: str
    amount: int
    balance: int
    summary: str
    bank: str

    @property
    def change(self) -> int:
        return self.amount if self.direction == CREDIT else -self.amount


@dataclass(frozen=True, slots=True)
class Source:
    districts: tuple[District, ...]
    clients: tuple[Client, ...]
    accounts: tuple[Account, ...]
    dispositions: tuple[Disposition, ...]
    loans: tuple[Loan, ...]
    lines: tuple[Line, ...]
    cards: int
    orders: int
    blanks: int

    def owners(self) -> dict[int, int]:
        """The owning client of each account."""
        return {d.account_id: d.client_id for d in self.dispositions if d.role == OWNER}

    def home_accounts(self) -> dict[int, int]:
        """The account that decides a client's owning branch: the first he owns, else the first he disposes of."""
        ranked = sorted(self.dispositions, key=lambda d: (d.role != OWNER, d.account_id), reverse=True)
        return {d.client_id: d.account_id for d in ranked}


class _Reader:
    """Reads file after file and counts the blank cells met on the way."""

    def __init__(self, raw: Path) -> None:
        self.raw = raw
        self.blanks = 0

    def __call__(self, pattern: str, *columns: str) -> Iterator[Record]:
        for record in records(self.raw, pattern, columns):
            self.blanks += record.blanks
            yield record


def read(raw: Path) -> Source:
    """Read the eight published files. Raises SourceError where one is absent, damaged or contradicts another."""
    if not raw.is_dir():
        raise SourceError(f"{raw} is not a directory. Give the directory of the *.asc or *.asc.gz files.")
    reader = _Reader(raw)
    districts = tuple(
        District(r.number("A1"), r.text("A2"), r.text("A3")) for r in reader("district.asc", "A1", "A2", "A3")
    )
    clients = tuple(
        Client(r.number("client_id"), r.text("birth_number"), r.number("district_id"))
        for r in reader("client.asc", "client_id", "birth_number", "district_id")
    )
    accounts = tuple(
        Account(r.number("account_id"), r.number("district_id"), r.day("date"))
        for r in reader("account.asc", "account_id", "district_id", "date")
    )
    dispositions = tuple(
        Disposition(r.number("client_id"), r.number("account_id"), r.word("type", ROLES))
        for r in reader("disp.asc", "client_id", "account_id", "type")
    )
    loans = tuple(
        Loan(
            r.number("loan_id"),
            r.number("account_id"),
            r.day("date"),
            r.minor("amount"),
            r.number("duration"),
            r.minor("payments"),
            r.word("status", STANDINGS),
        )
        for r in reader(
            "loan.asc", "loan_id", "account_id", "date", "amount", "duration", "payments", "status"
        )
    )
    lines = tuple(
        Line(
            r.number("trans_id"),
            r.number("account_id"),
            r.day("date"),
            r.text("type") == "VYBER",
            r.word("type", DIRECTIONS),
            r.word("operation", OPERATIONS),
            r.minor("amount"),
            r.minor("balance"),
            r.word("k_symbol", SUMMARIES),
            r.text("bank"),
        )
        for r in reader(
            "trans*.asc", "trans_id", "account_id", "date", "type", "operation", "amount", "balance",
            "k_symbol", "bank",
        )
    )  # fmt: skip
    cards = sum(1 for _ in reader("card.asc", "card_id"))
    orders = sum(1 for _ in reader("order.asc", "order_id"))
    source = Source(districts, clients, accounts, dispositions, loans, lines, cards, orders, reader.blanks)
    check(source)
    return source


def check(source: Source) -> None:
    """Every reference leads somewhere, and every account has exactly one owner, or SourceError."""
    districts = {d.id for d in source.districts}
    clients = {c.id for c in source.clients}
    accounts = {a.id for a in source.accounts}
    _known("client.asc", "district", (c.district_id for c in source.clients), districts)
    _known("account.asc", "district", (a.district_id for a in source.accounts), districts)
    _known("disp.asc", "client", (d.client_id for d in source.dispositions), clients)
    _known("disp.asc", "account", (d.account_id for d in source.dispositions), accounts)
    _known("loan.asc", "account", (loan.account_id for loan in source.loans), accounts)
    _known("trans.asc", "account", (line.account_id for line in source.lines), accounts)
    _known("client.asc", "disposition of client", iter(clients), {d.client_id for d in source.dispositions})
    owned = Counter(d.account_id for d in source.dispositions if d.role == OWNER)
    for account in source.accounts:
        if owned[account.id] != 1:
            raise SourceError(
                f"disp.asc: account {account.id} has {owned[account.id]} owners instead of one. "
                "The files do not belong together, fetch them again."
            )


def _known(file: str, noun: str, ids: Iterator[int], known: set[int]) -> None:
    for id in ids:
        if id not in known:
            raise SourceError(
                f"{file}: there is no {noun} {id}. The files do not belong together, fetch them again."
            )
