"""Whether the bank in the database has as many rows, and as much money, as the published files."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from models.accounts import Account, AccountHolder, Balance, Loan, LoanStanding, TransactionLine
from models.customers import Customer, ManagerAssignment
from models.institutions import Institution
from models.people import Assignment, Staff
from tests.pkdd99.bank import FOUNDERS

LINES = "trans_19930101_19940331.asc.gz"


def source(raw: Path, name: str) -> Iterator[list[str]]:
    """The cells of each line of a published file."""
    with gzip.open(raw / name, "rt", encoding="ascii") as stream:
        next(stream)
        for line in stream:
            yield [cell.strip('"') for cell in line.rstrip("\r\n").split(";")]


async def count_against_source(raw: Path) -> list[str]:
    """Compare every count and sum, and every customer's place. One line to print for each."""
    lines = list(source(raw, LINES))
    accounts, loans = list(source(raw, "account.asc.gz")), list(source(raw, "loan.asc.gz"))
    roles = [row[3] for row in source(raw, "disp.asc.gz")]
    cut = max(row[2] for row in lines)
    founders = [number for number, _ in FOUNDERS]
    counts = {
        "accounts": (await Account.all().count(), len(accounts), 4500),
        "clients": (await Customer.all().count(), sum(1 for _ in source(raw, "client.asc.gz")), 5369),
        "clients with a manager": (await ManagerAssignment.all().count(), len(roles), 5369),
        "disponents": (
            await AccountHolder.filter(role="DISPONENT").count(),
            roles.count("DISPONENT"),
            869,
        ),
        "loans": (await Loan.all().count(), len(loans), 682),
        "loan standings": (await LoanStanding.all().count(), len(loans), 682),
        "transaction lines": (await TransactionLine.all().count(), len(lines), 49102),
        "day-end balances, without the cut day": (
            await Balance.all().count(),
            len({(row[1], row[2]) for row in lines if row[2] != cut}),
            38821,
        ),
        "regions": (await Institution.filter(level="TIER1").count(), 8, 8),
        "districts": (
            await Institution.filter(level="TIER2", kind="BRANCH").count(),
            sum(1 for _ in source(raw, "district.asc.gz")),
            77,
        ),
        "wealth centres": (await Institution.filter(kind="WEALTH_CENTRE").count(), 77, 77),
        "staff in their posts": (
            await Assignment.exclude(staff__number__in=founders).count(),
            await Staff.exclude(number__in=founders).count(),
            768,
        ),
        "cents moved": (
            sum(await TransactionLine.all().values_list("amount", flat=True)),
            int(sum(Decimal(row[5]) for row in lines) * 100),
            int(sum(Decimal(row[5]) for row in lines) * 100),
        ),
        "cents lent": (
            sum(await Loan.all().values_list("principal", flat=True)),
            100 * sum(int(row[3]) for row in loans),
            100 * sum(int(row[3]) for row in loans),
        ),
    }
    for what, (found, due, known) in counts.items():
        assert found == due == known, (what, found, due, known)
    district = {row[0]: f"D{int(row[1]):03}" for row in accounts}
    places = {f"K{int(row[1]):06}": district[row[2]] for row in source(raw, "disp.asc.gz")}
    assert dict(await Customer.all().values_list("number", "owner__code")) == places
    return [f"{what:<44} {found:>14,}" for what, (found, _, _) in counts.items()]
