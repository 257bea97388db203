"""The traps of the Czech bank's files, each on an example small enough to check by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from examples.csv_files import write_file
from examples.pkdd99 import __main__ as converter
from examples.pkdd99.cells import SourceError, find, format_minor, parse_day, parse_minor, records
from examples.pkdd99.chain import close_day
from examples.pkdd99.customers import birth, customer_rows
from examples.pkdd99.figures import outstanding, overdue
from examples.pkdd99.names import person_name
from examples.pkdd99.source import Account, Client, Disposition, District, Loan, Source, check
from models.vocabulary import Gender

AS_OF = date(1994, 2, 28)


@dataclass(frozen=True)
class Move:
    change: int
    balance: int


# The chain of a day's balances


def test_a_single_line_closes_its_day() -> None:
    closing = close_day(0, [Move(70000, 70000)])
    assert (closing.balance, closing.order, closing.worst_error) == (70000, (0,), 0)


def test_the_day_ends_with_the_chain_and_not_with_the_last_line() -> None:
    interest, fee, withdrawal = Move(+200, 1200), Move(-50, 650), Move(-500, 700)
    closing = close_day(1000, [fee, withdrawal, interest])
    assert closing.balance == 650
    assert closing.order == (2, 1, 0)
    assert not closing.in_file_order


def test_a_new_account_starts_at_zero() -> None:
    assert close_day(0, [Move(-100, 400), Move(500, 500)]).order == (1, 0)


def test_rounded_balances_still_chain_and_the_worst_link_is_told() -> None:
    closing = close_day(1000, [Move(-146, 870), Move(20, 1020)])
    assert (closing.order, closing.worst_error, closing.holds) == ((1, 0), 4, True)


def test_the_total_error_decides_where_every_order_is_a_little_off() -> None:
    moves = [Move(10, 1010), Move(10, 1018)]
    closing = close_day(1000, moves)
    assert (closing.order, closing.worst_error) == ((0, 1), 2)


def test_the_file_order_wins_where_nothing_else_decides() -> None:
    assert close_day(100, [Move(50, 150), Move(-50, 100), Move(50, 150)]).order == (0, 1, 2)


def test_a_chain_with_a_line_missing_does_not_hold() -> None:
    closing = close_day(1000, [Move(-100, 874)])
    assert (closing.worst_error, closing.holds) == (26, False)
    assert close_day(1000, [Move(-100, 875)]).holds


def test_many_lines_in_reverse_are_ordered() -> None:
    moves = [Move(100, balance) for balance in range(1400, 0, -100)]
    assert close_day(0, moves).balance == 1400


# Cells


@pytest.mark.parametrize(
    ("text", "minor"),
    [("700.00", 70000), ("96396", 9639600), ("-5446.6", -544660), ("0.10", 10), ("-0.05", -5)],
)
def test_amounts_are_read_as_minor_units(text: str, minor: int) -> None:
    assert parse_minor(text) == minor
    assert Decimal(format_minor(minor)) == Decimal(text)


@pytest.mark.parametrize("text", ["", "1.234", "1e3", "NaN", "1,5", "٣", "--1"])
def test_other_amounts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^"):
        parse_minor(text)


def test_days_are_written_yymmdd() -> None:
    assert parse_day("930226") == date(1993, 2, 26)
    for text in ("19930226", "930231", "93022", "", "93-2-6"):
        with pytest.raises(ValueError, match="^"):
            parse_day(text)


def test_a_space_or_a_question_mark_is_an_empty_cell(tmp_path: Path) -> None:
    (tmp_path / "order.asc").write_text('"order_id";"amount";"k_symbol"\r\n7;?;" "\r\n', encoding="ascii")
    (record,) = records(tmp_path, "order.asc", ("order_id",))
    assert (record.text("amount"), record.text("k_symbol"), record.blanks) == ("", "", 2)


def test_a_wrong_cell_is_named_with_file_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "loan.asc").write_text("date;type\n940230;PRIJEM\n", encoding="ascii")
    (record,) = records(tmp_path, "loan.asc", ("date",))
    with pytest.raises(
        SourceError, match="loan.asc line 2, column date: '940230' is not a day written YYMMDD"
    ):
        record.day("date")
    with pytest.raises(SourceError, match="column type: 'PRIJEM' is not one of"):
        record.word("type", {"X": "x"})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"date;type\n940230\n", "line 2: 1 cells instead of 2"),
        (b"day;type\n", "column date is missing"),
        (b"date\n\xff\n", "cannot be read"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "loan.asc").write_bytes(content)
    with pytest.raises(SourceError, match=message):
        list(records(tmp_path, "loan.asc", ("date",)))


def test_a_missing_or_doubled_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="found none"):
        find(tmp_path, "loan.asc")
    for name in ("loan.asc", "loan.asc.gz"):
        (tmp_path / name).touch()
    with pytest.raises(SourceError, match="found loan.asc, loan.asc.gz"):
        find(tmp_path, "loan.asc")


# Clients, loans, names


def test_a_woman_is_born_in_month_plus_fifty() -> None:
    assert birth(Client(1, "706213", 18)) == (date(1970, 12, 13), Gender.FEMALE)
    assert birth(Client(2, "450204", 1)) == (date(1945, 2, 4), Gender.MALE)
    with pytest.raises(SourceError, match="client 3: '701313' is not a birth number"):
        birth(Client(3, "701313", 1))


LOAN = Loan(1, 1, date(1993, 7, 5), 9639600, 12, 803300, "A")


@pytest.mark.parametrize(
    ("as_of", "left"),
    [
        (date(1993, 7, 4), 0),
        (date(1993, 7, 5), 9639600),
        (date(1993, 7, 31), 9639600),
        (date(1993, 8, 1), 8836300),
        (date(1994, 2, 28), 4016500),
        (date(1994, 7, 1), 0),
        (date(1999, 1, 1), 0),
    ],
)
def test_a_loan_loses_a_payment_a_month_from_its_own_month_on(as_of: date, left: int) -> None:
    assert outstanding(LOAN, as_of) == left


def test_only_a_started_loan_in_bad_standing_is_overdue() -> None:
    bad = Loan(1, 1, date(1993, 7, 5), 9639600, 12, 803300, "B")
    assert [overdue(LOAN, AS_OF), overdue(bad, AS_OF), overdue(bad, date(1993, 7, 30))] == [0, 803300, 0]
    assert overdue(bad, date(1993, 1, 1)) == 0


def test_names_are_made_up_but_always_the_same() -> None:
    assert person_name("client 1", woman=True) == person_name("client 1", woman=True)
    names = {person_name(f"client {number}", woman=False) for number in range(500)}
    assert len(names) > 400
    assert {len(name) for name in names} == {2, 3}


# How the files hang together


def source(*dispositions: Disposition) -> Source:
    accounts = (Account(1, 5, AS_OF), Account(2, 6, AS_OF))
    districts = (District(5, "Kolin", "central Bohemia"), District(6, "Pisek", "south Bohemia"))
    clients = (Client(7, "450204", 5), Client(8, "706213", 6))
    return Source(districts, clients, accounts, dispositions, (), (), 0, 0, 0)


def test_a_client_belongs_where_he_owns_before_where_he_disposes() -> None:
    both = source(Disposition(8, 1, "DISPONENT"), Disposition(8, 2, "OWNER"), Disposition(7, 1, "OWNER"))
    assert both.home_accounts() == {7: 1, 8: 2}
    assert {row["number"]: row["owner_code"] for row in customer_rows(both)} == {
        "K000007": "D005",
        "K000008": "D006",
    }


def test_an_owner_of_several_accounts_belongs_where_the_first_is() -> None:
    assert source(Disposition(7, 2, "OWNER"), Disposition(7, 1, "OWNER")).home_accounts() == {7: 1}


@pytest.mark.parametrize(
    ("dispositions", "message"),
    [
        ([Disposition(7, 1, "OWNER"), Disposition(9, 2, "OWNER")], "disp.asc: there is no client 9"),
        ([Disposition(7, 1, "OWNER"), Disposition(8, 3, "OWNER")], "disp.asc: there is no account 3"),
        ([Disposition(7, 1, "OWNER"), Disposition(7, 2, "OWNER")], "there is no disposition of client 8"),
        ([Disposition(7, 1, "OWNER"), Disposition(8, 1, "OWNER")], "account 1 has 2 owners instead of one"),
        (
            [Disposition(7, 1, "OWNER"), Disposition(8, 2, "DISPONENT")],
            "account 2 has 0 owners instead of one",
        ),
    ],
)
def test_files_that_do_not_belong_together_are_refused(dispositions: list[Disposition], message: str) -> None:
    with pytest.raises(SourceError, match=message):
        check(source(*dispositions))


def test_a_row_that_does_not_fit_its_header_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"missing columns \['name'\], unknown columns \['nom'\]"):
        write_file(tmp_path, "holidays", [{"day": "2026-01-01", "kind": "HOLIDAY", "nom": "x"}])
    assert list(tmp_path.iterdir()) == []


def test_a_missing_directory_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = tmp_path / "nowhere"
    assert converter.main(["--from", str(nowhere), "--as-of", "1994-02-28", "--to", str(tmp_path)]) == 2
    assert f"{nowhere} is not a directory" in capsys.readouterr().err
