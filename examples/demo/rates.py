"""Month-end exchange rates of 2025 and 2026: made up, near enough to the market to look right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from examples.demo.days import DAY, add_months, month_end
from examples.demo.holidays import holiday_rows
from models.vocabulary import DayKind

UNITS = {"USD": 1, "HKD": 1, "JPY": 100}

# CNY for one USD, one HKD and 100 JPY at each month's end, from January 2025 on.
_RATES = """
7.2510 0.9302 4.6750  7.2740 0.9355 4.8310  7.2580 0.9329 4.8460  7.2650 0.9367 5.0820
7.1920 0.9171 4.9980  7.1660 0.9129 4.9610  7.1930 0.9164 4.8050  7.1340 0.9152 4.8390
7.1210 0.9152 4.8120  7.1150 0.9156 4.6210  7.0760 0.9091 4.5350  7.0020 0.8996 4.4720
6.9510 0.8901 4.5080  6.8610 0.8770 4.3930  6.9020 0.8804 4.3290  6.8270 0.8716 4.3580
6.7680 0.8638 4.2450  6.7840 0.8651 4.1810  6.7520 0.8609 4.2160  6.7210 0.8574 4.2040
6.7050 0.8546 4.2690  6.6540 0.8482 4.2330  6.6480 0.8473 4.2410  6.6390 0.8461 4.2520
"""


def _last_working_day(first: dt.date) -> dt.date:
    """Rates are published on working days only, so a month that ends on a Sunday has Friday's."""
    differs = {day: kind for day, kind, _ in holiday_rows()}
    day = month_end(first)
    while True:
        kind = differs.get(day.isoformat())
        if kind == DayKind.WORKING_DAY_SWAP or (kind is None and day.weekday() < 5):
            return day
        day -= DAY


def rate_rows(as_of: dt.date) -> Iterator[tuple[str, str, int, str, str]]:
    """Rows of exchange_rates.csv: all rates published by `as_of`."""
    rates = iter(_RATES.split())
    first = dt.date(2025, 1, 1)
    for usd, hkd, jpy in zip(rates, rates, rates, strict=True):
        published = _last_working_day(first)
        if published > as_of:
            return
        for currency, rate in (("USD", usd), ("HKD", hkd), ("JPY", jpy)):
            yield published.isoformat(), currency, UNITS[currency], "CNY", rate
        first = add_months(first, 1)
