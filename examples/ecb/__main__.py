"""Convert rates and holidays: `python -m examples.ecb --from FX --to DIR [--since DAY] [--currencies CNY,CZK]`.

FX holds eurofxref-hist.csv (ECB reference rates) and cn_holidays_*.csv, plain or .gz. DIR receives exchange_rates.csv
and holidays.csv for `python -m api import`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path

from examples.csv_files import write_file
from examples.ecb.holidays import read_holidays
from examples.ecb.rates import NOT_AVAILABLE, read_rates
from examples.ecb.source import SourceError


def main(arguments: list[str] | None = None) -> int:
    """Run the converter. Returns 0, or 2 with a message where a file or an option cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m examples.ecb", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--from", dest="fx", type=Path, required=True, help="directory of the published files"
    )
    parser.add_argument(
        "--to", type=Path, required=True, help="directory for the import files, made if absent"
    )
    parser.add_argument("--since", type=date.fromisoformat, help="first day taken, of rates and of holidays")
    parser.add_argument(
        "--currencies", type=_codes, help="quote currencies taken, e.g. CNY,CZK (default: all)"
    )
    options = parser.parse_args(arguments)
    try:
        for line in convert(options.fx, options.to, options.since, options.currencies):
            print(line, flush=True)
    except (SourceError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return 0


def convert(
    fx: Path, to: Path, since: date | None = None, currencies: Collection[str] | None = None
) -> Iterable[str]:
    """Write both import files, yielding a line for each and what was skipped."""
    rates = read_rates(fx, since, currencies)
    holidays = read_holidays(fx, since)
    to.mkdir(parents=True, exist_ok=True)
    yield f"exchange_rates {write_file(to, 'exchange_rates', rates.rows):>8,} of {rates.days:,} days"
    yield f"holidays       {write_file(to, 'holidays', holidays.rows):>8,}"
    yield "Skipped"
    yield f"  {rates.not_available:>8,} cells {NOT_AVAILABLE}"
    yield f"  {holidays.named_twice:>8,} holidays named twice, kept as IN_LIEU"
    if since is not None:
        yield f"  {rates.days_before:>8,} days of rates and {holidays.days_before:,} holidays before {since}"
    if rates.currencies_left_out:
        yield f"  {len(rates.currencies_left_out):>8,} currencies: {', '.join(rates.currencies_left_out)}"


def _codes(text: str) -> frozenset[str]:
    codes = frozenset(code.strip().upper() for code in text.split(",") if code.strip())
    if not codes:
        raise argparse.ArgumentTypeError("name at least one currency, e.g. CNY,CZK")
    return codes


if __name__ == "__main__":
    sys.exit(main())
