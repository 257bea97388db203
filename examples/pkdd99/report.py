"""What the converter says at the end: what it left out, the traps it met, how staff sign in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from examples.pkdd99 import people
from examples.pkdd99.cells import format_minor
from examples.pkdd99.chain import TOLERANCE
from examples.pkdd99.customers import birth, living_elsewhere
from examples.pkdd99.figures import DayEnds
from examples.pkdd99.source import DISPONENT, Source
from models.vocabulary import Gender


def lines_of(source: Source, ends: DayEnds, as_of: date) -> Iterator[str]:
    yield ""
    yield "Counted, not imported"
    yield from _items((source.cards, "cards"), (source.orders, "standing orders"))
    yield "Left out because the file is cut"
    yield from _items(
        (ends.cut_accounts, f"day-end balances of {ends.cut_day}, cut mid-day. Its {ends.cut_lines:,} lines are kept"),
        (sum(_same_month(line.day, ends.cut_day) for line in source.lines),
         f"lines of {ends.cut_day:%Y-%m} in spends: a spend is of a whole month"),
    )  # fmt: skip
    births = Counter(client.birth_number for client in source.clients)
    shared = [number for number, clients in births.items() if clients > 1]
    yield "Met on the way"
    yield from _items(
        (ends.many_lines(), "account days with more than one line"),
        (ends.out_of_order(), "of them not in time order"),
        (ends.last_line_misleads(), "of them not closed by the last line of the file"),
    )
    yield f"  {format_minor(ends.worst_error()):>7} worst link of a chain of balances (at most {format_minor(TOLERANCE)})"
    yield from _items(
        (sum(line.old_code for line in source.lines), "lines of the old type VYBER, taken as withdrawals"),
        (source.blanks, "cells that held one space or ?, taken as empty"),
        (sum(birth(client)[1] is Gender.FEMALE for client in source.clients), "women, born in month + 50"),
        (
            len(shared),
            f"birth numbers shared by {sum(births[n] for n in shared)} clients: the document is the client id",
        ),
        (living_elsewhere(source), "owners who live elsewhere: the account's district is the owning branch"),
        (
            sum(d.role == DISPONENT for d in source.dispositions),
            "disponents, owned by the district of that account",
        ),
        (sum(account.opened_on > as_of for account in source.accounts), f"accounts opened after {as_of}"),
        (
            sum(loan.granted_on > as_of for loan in source.loans),
            f"loans that start after {as_of}, outstanding 0",
        ),
    )
    yield "Staff numbers: the office, then the post"
    yield from (f"  {line}" for line in people.scheme())


def _items(*items: tuple[int, str]) -> Iterator[str]:
    yield from (f"  {count:>7,} {text}" for count, text in items)


def _same_month(day: date, other: date) -> bool:
    return (day.year, day.month) == (other.year, other.month)
