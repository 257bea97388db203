"""The converter of rates and holidays: gaps, order and words on small examples, its files against the raw data."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from pathlib import Path

import pytest

from desk.imports.files import BY_NAME
from desk.imports.report import FileReport
from desk.imports.scanning import scan
from examples.ecb import __main__ as converter
from examples.ecb.holidays import read_holidays
from examples.ecb.rates import read_rates
from examples.ecb.source import SourceError
from tests.shared_data import shared

FX = "data/fx"
RATES = "Date,USD,CZK,CNY,\n2026-01-05,1.10,24.350,N/A,\n2026-01-02,1.1000,N/A,7.8,\n"
HOLIDAYS = (
    "date,kind,name_en\n"
    "2026-01-01,holiday,New Year's Day\n"
    "2026-01-02,holiday,New Year's Day\n"
    "2026-01-02,in_lieu,New Year's Day\n"
    "2026-01-04,workday_swap,New Year's Day\n"
)


@pytest.fixture
def fx(tmp_path: Path) -> Path:
    (tmp_path / "eurofxref-hist.csv").write_text(RATES, encoding="utf-8")
    (tmp_path / "cn_holidays_2026_2026.csv").write_text(HOLIDAYS, encoding="utf-8")
    return tmp_path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_rates_keep_their_published_digits_oldest_day_first_without_gaps(fx: Path) -> None:
    rates = read_rates(fx, None, None)
    assert [tuple(row.values()) for row in rates.rows] == [
        ("2026-01-02", "EUR", "1", "USD", "1.1000"),
        ("2026-01-02", "EUR", "1", "CNY", "7.8"),
        ("2026-01-05", "EUR", "1", "USD", "1.10"),
        ("2026-01-05", "EUR", "1", "CZK", "24.350"),
    ]
    assert (rates.days, rates.not_available) == (2, 2)


def test_since_and_currencies_leave_out_and_say_so(fx: Path) -> None:
    rates = read_rates(fx, date(2026, 1, 3), {"CZK"})
    assert [(row["published_on"], row["quote_currency"]) for row in rates.rows] == [("2026-01-05", "CZK")]
    assert (rates.days_before, rates.not_available, rates.currencies_left_out) == (1, 0, ("USD", "CNY"))


def test_a_currency_that_is_not_published_is_refused(fx: Path) -> None:
    with pytest.raises(SourceError, match="XAU, XXX not published. Published: USD, CZK, CNY"):
        read_rates(fx, None, {"XXX", "XAU", "CZK"})


@pytest.mark.parametrize("cell", ["", "-1", "0", "0.00", "1e3", "nan"])
def test_a_cell_that_is_no_rate_is_refused_with_its_place(fx: Path, cell: str) -> None:
    (fx / "eurofxref-hist.csv").write_text(RATES.replace("24.350", cell), encoding="utf-8")
    with pytest.raises(SourceError, match="eurofxref-hist.csv line 2, column CZK"):
        read_rates(fx, None, None)


def test_a_day_in_lieu_is_named_once(fx: Path) -> None:
    holidays = read_holidays(fx, None)
    assert [(row["day"], row["kind"]) for row in holidays.rows] == [
        ("2026-01-01", "HOLIDAY"),
        ("2026-01-02", "IN_LIEU"),
        ("2026-01-04", "WORKING_DAY_SWAP"),
    ]
    assert holidays.named_twice == 1


def test_a_day_both_worked_and_free_is_refused(fx: Path) -> None:
    contradiction = "2026-01-01,workday_swap,New Year's Day\n"
    (fx / "cn_holidays_2026_2026.csv").write_text(HOLIDAYS + contradiction, encoding="utf-8")
    with pytest.raises(SourceError, match="line 6: 2026-01-01 is both HOLIDAY and WORKING_DAY_SWAP"):
        read_holidays(fx, None)


def test_a_word_nobody_explained_is_refused(fx: Path) -> None:
    (fx / "cn_holidays_2026_2026.csv").write_text(HOLIDAYS.replace("in_lieu", "half"), encoding="utf-8")
    with pytest.raises(SourceError, match="line 4, column kind: 'half'"):
        read_holidays(fx, None)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Date,USD,\n2026-01-02,1.1\n", "line 2: 2 cells instead of 3"),
        ("Day,USD,\n", "the header is not Date,USD"),
        ("", "the header is not Date,USD"),
        ("Date,USD,\n2.1.2026,1.1,\n", "line 2: '2.1.2026' is not a day"),
    ],
)
def test_a_damaged_file_is_refused(
    fx: Path, content: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (fx / "eurofxref-hist.csv").write_text(content, encoding="utf-8")
    assert converter.main(["--from", str(fx), "--to", str(fx / "out")]) == 2
    assert message in capsys.readouterr().err
    assert not (fx / "out").exists()


def test_a_missing_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert converter.main(["--from", str(tmp_path), "--to", str(tmp_path / "out")]) == 2
    assert "exactly one file eurofxref-hist.csv" in capsys.readouterr().err


def test_the_command_takes_codes_in_any_case_and_tells_what_it_skipped(
    fx: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "--from",
        str(fx),
        "--to",
        str(fx / "out"),
        "--since",
        "2026-01-02",
        "--currencies",
        "cny, USD",
    ]
    assert converter.main(arguments) == 0
    said = capsys.readouterr().out
    assert "1 cells N/A" in said
    assert "0 days of rates and 1 holidays before 2026-01-02" in said
    assert "1 currencies: CZK" in said
    assert len(read(fx / "out" / "exchange_rates.csv")) == 3
    assert len(read(fx / "out" / "holidays.csv")) == 2


def test_an_empty_list_of_currencies_is_refused(fx: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        converter.main(["--from", str(fx), "--to", str(fx), "--currencies", ","])
    assert "name at least one currency" in capsys.readouterr().err


@pytest.mark.shared
def test_the_published_files_convert_whole(tmp_path: Path) -> None:
    source = shared(FX)
    said = "\n".join(converter.convert(source, tmp_path))
    with gzip.open(source / "eurofxref-hist.csv.gz", "rt", encoding="utf-8") as stream:
        lines = [line.rstrip("\n").rstrip(",").split(",") for line in stream]
    published = {
        (line[0], name): cell
        for line in lines[1:]
        for name, cell in zip(lines[0][1:], line[1:], strict=True)
        if cell != "N/A"
    }
    rates = read(tmp_path / "exchange_rates.csv")
    assert {(row["published_on"], row["quote_currency"]): row["rate"] for row in rates} == published
    assert len(rates) == len(published) == 7126 * 41 - 70464
    assert {(row["currency"], row["unit"]) for row in rates} == {("EUR", "1")}
    assert min(row["published_on"] for row in rates if row["quote_currency"] == "CNY") == "2005-04-01"
    holidays = read(tmp_path / "holidays.csv")
    raw = (source / "cn_holidays_2004_2026.csv").read_text(encoding="utf-8").splitlines()[1:]
    in_lieu = {line[:10] for line in raw if ",in_lieu," in line}
    assert {row["day"] for row in holidays} == {line[:10] for line in raw}
    assert {row["day"] for row in holidays if row["kind"] == "IN_LIEU"} == in_lieu
    for name in ("exchange_rates", "holidays"):
        report = FileReport(name)
        assert sum(
            len(block.numbers) for block in scan(tmp_path / f"{name}.csv", report, today=date(2026, 1, 1))
        )
        assert (report.errors, report.troubles, report.normalised) == (0, [], {})
    assert "70,464 cells N/A" in said
    assert "151 holidays named twice" in said


@pytest.mark.shared
def test_headers_are_the_documented_ones_and_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    for run in ("one", "two"):
        list(converter.convert(shared(FX), tmp_path / run, date(2025, 1, 1), {"CNY", "CZK"}))
    for name in ("exchange_rates", "holidays"):
        content = (tmp_path / "one" / f"{name}.csv").read_bytes()
        assert content == (tmp_path / "two" / f"{name}.csv").read_bytes()
        assert content.decode().splitlines()[0] == ",".join(BY_NAME[name].header)
