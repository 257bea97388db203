"""Balances, transaction lines, spend and loans: the figures a screening is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from examples.csv_files import Row
from examples.pkdd99.cells import SourceError, format_minor
from examples.pkdd99.chain import Closing, close_day
from examples.pkdd99.codes import CURRENCY, account_number, customer_number, district_code
from examples.pkdd99.source import DEBIT, Line, Loan, Source

DEBIT_TOTAL = "debit_total"
SPEND_KINDS = ("card", "cash", "transfer")
GOOD_STANDING = frozenset({"A", "C"})
NORMAL, SUBSTANDARD = "NORMAL", "SUBSTANDARD"


@dataclass(frozen=True, slots=True)
class DayEnds:
    """The closing balance of every account and day with lines, and what was met on the way.

    `cut_day` is the last day of the file. The file was cut in the middle of it, so it has no closing balances.
    """

    rows: tuple[tuple[int, date, Closing], ...]
    cut_day: date
    cut_lines: int
    cut_accounts: int

    def many_lines(self) -> int:
        return sum(len(closing.order) > 1 for _, _, closing in self.rows)

    def out_of_order(self) -> int:
        return sum(not closing.in_file_order for _, _, closing in self.rows)

    def last_line_misleads(self) -> int:
        """Days whose last line in the file does not end the chain."""
        return sum(closing.order[-1] != len(closing.order) - 1 for _, _, closing in self.rows)

    def worst_error(self) -> int:
        return max((closing.worst_error for _, _, closing in self.rows), default=0)


def day_ends(source: Source) -> DayEnds:
    """Close every whole day of every account. Raises SourceError where the lines of a day do not form a chain."""
    if not source.lines:
        raise SourceError("trans.asc: there are no lines. Fetch the file again.")
    cut_day = max(line.day for line in source.lines)
    days: defaultdict[tuple[int, date], list[Line]] = defaultdict(list)
    for line in source.lines:
        days[line.account_id, line.day].append(line)
    balances: defaultdict[int, int] = defaultdict(int)
    rows: list[tuple[int, date, Closing]] = []
    for (account_id, day), lines in sorted(days.items()):
        if day == cut_day:
            continue
        closing = close_day(balances[account_id], lines)
        if not closing.holds:
            raise SourceError(
                f"trans.asc: the lines of account {account_id} on {day} do not follow from its balance "
                f"{format_minor(balances[account_id])}: the best order is off by {format_minor(closing.worst_error)}. "
                "Lines are missing, fetch the file again."
            )
        balances[account_id] = closing.balance
        rows.append((account_id, day, closing))
    cut = [lines for (_, day), lines in days.items() if day == cut_day]
    return DayEnds(tuple(rows), cut_day, sum(map(len, cut)), len(cut))


def balance_rows(ends: DayEnds) -> Iterator[Row]:
    for account_id, day, closing in ends.rows:
        yield {
            "account_number": account_number(account_id),
            "day": day.isoformat(),
            "amount": format_minor(closing.balance),
        }


def transaction_rows(source: Source) -> Iterator[Row]:
    """Every line of the file, those of the cut day too: each is a fact by itself."""
    for line in source.lines:
        yield {
            "account_number": account_number(line.account_id),
            "reference": str(line.id),
            "day": line.day.isoformat(),
            "direction": line.direction,
            "kind": line.kind,
            "amount": format_minor(line.amount),
            "balance_after": format_minor(line.balance),
            "summary": line.summary,
            "counterparty_bank": line.bank,
        }


def spend_rows(source: Source, cut_day: date) -> Iterator[Row]:
    """Spend by kind, of whole months only: a row states a whole month, and the month of the cut day is not whole.

    `card`, `cash` and `transfer` follow the operation, whatever the type; `debit_total` is every line that is not a
    credit, those three included.
    """
    sums: defaultdict[tuple[int, str, str], int] = defaultdict(int)
    for line in source.lines:
        if (line.day.year, line.day.month) == (cut_day.year, cut_day.month):
            continue
        month = f"{line.day:%Y-%m}"
        if line.kind in SPEND_KINDS:
            sums[line.account_id, month, line.kind] += line.amount
        if line.direction == DEBIT:
            sums[line.account_id, month, DEBIT_TOTAL] += line.amount
    for (account_id, month, kind), amount in sorted(sums.items()):
        yield {
            "account_number": account_number(account_id),
            "month": month,
            "kind": kind,
            "amount": format_minor(amount),
        }


def payments_due(loan: Loan, as_of: date) -> int:
    """Whole calendar months since the month of the loan, at most its duration."""
    elapsed = (as_of.year - loan.granted_on.year) * 12 + as_of.month - loan.granted_on.month
    return max(0, min(loan.months, elapsed))


def outstanding(loan: Loan, as_of: date) -> int:
    """What is left after a payment a month, in minor units. 0 before the loan starts."""
    if as_of < loan.granted_on:
        return 0
    return max(0, loan.amount - loan.payment * payments_due(loan, as_of))


def overdue(loan: Loan, as_of: date) -> int:
    """One payment for a loan not in good standing, once one fell due. The source does not say how many."""
    if loan.status in GOOD_STANDING or as_of < loan.granted_on or payments_due(loan, as_of) == 0:
        return 0
    return min(loan.payment, outstanding(loan, as_of))


def loan_rows(source: Source, as_of: date) -> Iterator[Row]:
    """The standing of every loan on one day, loans that start later too (outstanding 0)."""
    owners = source.owners()
    districts = {account.id: account.district_id for account in source.accounts}
    for loan in source.loans:
        yield {
            "number": f"L{loan.id:06d}",
            "customer_number": customer_number(owners[loan.account_id]),
            "institution_code": district_code(districts[loan.account_id]),
            "currency": CURRENCY,
            "granted_on": loan.granted_on.isoformat(),
            "principal": format_minor(loan.amount),
            "term_months": str(loan.months),
            "as_of": as_of.isoformat(),
            "outstanding": format_minor(outstanding(loan, as_of)),
            "classification": NORMAL if loan.status in GOOD_STANDING else SUBSTANDARD,
            "overdue": format_minor(overdue(loan, as_of)),
        }
