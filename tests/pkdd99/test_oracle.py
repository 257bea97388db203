"""The second computation of the Czech bank's figures, against sums done by hand."""

from __future__ import annotations

import ast
import sys
from datetime import date
from fractions import Fraction as F
from pathlib import Path

import pytest

from tests.pkdd99 import oracle
from tests.pkdd99.oracle import Bank, Debt, Figures, Ledger, average, figures, last_balance, passing, window
from tests.shared_data import shared

AS_OF = date(1994, 2, 28)


@pytest.fixture(scope="module")
def bank() -> Bank:
    return oracle.load(shared("data/berka/raw"))


def test_the_oracle_shares_no_code_with_what_it_checks() -> None:
    tree = ast.parse(Path(oracle.__file__).read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("as_of", "first", "last"),
    [
        (date(1994, 2, 28), date(1993, 3, 1), date(1994, 2, 28)),
        (date(1994, 3, 30), date(1993, 3, 1), date(1994, 2, 28)),
        (date(1994, 2, 27), date(1993, 2, 1), date(1994, 1, 31)),
        (date(1996, 2, 28), date(1995, 2, 1), date(1996, 1, 31)),
        (date(1996, 2, 29), date(1995, 3, 1), date(1996, 2, 29)),
    ],
)
def test_the_window_is_twelve_full_months(as_of: date, first: date, last: date) -> None:
    months = window(as_of)
    assert (len(months), months[0][0], months[-1][1]) == (12, first, last)


def test_the_last_balance_ends_the_chain() -> None:
    assert last_balance(F(10), [(F(-5), F(7)), (F(2), F(12))]) == 7
    assert last_balance(F(0), [(F(3), F(3))]) == 3


def test_averages_of_an_account_opened_in_the_window() -> None:
    ledger = Ledger(date(1994, 1, 17), [date(1994, 1, 17), date(1994, 2, 15)], [F(310), F(590)])
    months = window(AS_OF)
    assert average(ledger, months, "daily_12") == (F(310) * 15 / 31 + (310 * 14 + F(590) * 14) / 28) / 12
    assert average(ledger, months, "month_end_12") == F(900) / 12
    assert average(ledger, months, "since_opening") == F(900) / 2
    with pytest.raises(ValueError, match="is none of"):
        average(ledger, months, "daily_11")


def test_an_account_opened_after_the_window_averages_nothing() -> None:
    ledger = Ledger(date(1994, 3, 2), [date(1994, 3, 2)], [F(310)])
    assert [average(ledger, window(date(1994, 3, 30)), rule) for rule in oracle.RULES] == [0, 0, 0]


def test_a_client_has_the_sum_of_his_accounts() -> None:
    one = Ledger(date(1993, 1, 1), [date(1993, 1, 1)], [F(100)], spent=[(date(1993, 2, 28), "cash", F(9))])
    two = Ledger(
        date(1994, 2, 1), [date(1994, 2, 1)], [F(50)], [Debt(date(1994, 2, 1), F(70), 7, F(10), False)]
    )
    two.spent.append((date(1994, 2, 28), "cash", F(4)))
    found = figures(Bank({1, 2}, {1: [1, 2]}, {1: one, 2: two}, date(1994, 3, 31)), AS_OF, "since_opening")
    assert found.keys() == {1}
    assert (found[1].average, found[1].outstanding, found[1].good_standing) == (F(150), F(70), False)
    assert found[1].spend == {"card": 0, "cash": 4, "transfer": 0, "debit_total": 0}


def test_any_criterion_met_exactly_passes() -> None:
    def client(savings: int = 0, loans: int = 0, good: bool = True, cash: int = 0) -> Figures:
        return Figures(F(savings), F(loans), good, {"cash": F(cash)})

    each = {
        1: client(savings=50), 2: client(savings=49), 3: client(loans=100), 4: client(loans=100, good=False),
        5: client(loans=99), 6: client(cash=10), 7: client(cash=9),
    }  # fmt: skip
    assert passing(each, F(50), F(100), F(10)) == {1, 3, 6}
    with pytest.raises(ValueError, match="threshold of 0"):
        passing(each, F(50), F(0), F(10))


@pytest.mark.shared
def test_account_1673_by_hand(bank: Bank) -> None:
    """Opened 1993-12-08 with 900, 5,308 from 1994-01-06, 9,716 from 1994-02-06. Its owner is client 2031."""
    december, january, february = F(24 * 900, 31), F(5 * 900 + 26 * 5308, 31), F(5 * 5308 + 23 * 9716, 28)
    expected = {
        "daily_12": (december + january + february) / 12,
        "month_end_12": F(900 + 5308 + 9716, 12),
        "since_opening": F(900 + 5308 + 9716, 3),
    }
    assert {rule: figures(bank, AS_OF, rule)[2031].average for rule in oracle.RULES} == expected


@pytest.mark.shared
def test_days_out_of_order_and_loans_by_hand(bank: Bank) -> None:
    assert bank.ledgers[485].at_end_of(date(1993, 3, 31)) == 69568
    assert bank.ledgers[9337].at_end_of(date(1994, 2, 1)) == F("391.80")
    found = figures(bank, AS_OF, "month_end_12")
    # Account 1787, loan of 1993-07-05 of status B: 96,396 - 7 x 8,033. Account 1801: 165,960 - 7 x 4,610, status A.
    assert (found[2166].outstanding, found[2166].good_standing) == (F(40165), False)
    assert (found[2181].outstanding, found[2181].good_standing) == (F(133690), True)


@pytest.mark.shared
def test_the_whole_bank(bank: Bank) -> None:
    assert (len(bank.clients), len(bank.owned), bank.cut) == (5369, 4500, date(1994, 3, 31))
    found = figures(bank, AS_OF, "month_end_12")
    later = figures(bank, date(1994, 3, 30), "month_end_12")
    assert {c: (f.average, f.spend) for c, f in later.items()} == {
        c: (f.average, f.spend) for c, f in found.items()
    }
    assert later[2181].outstanding == found[2181].outstanding - 4610
    assert len(found) == 4500
    assert sum(f.average != 0 for f in found.values()) == 1197
    assert {client for client, f in found.items() if f.outstanding} <= set(bank.owned)
    with pytest.raises(ValueError, match="cut during 1994-03-31"):
        figures(bank, date(1994, 3, 31), "daily_12")
