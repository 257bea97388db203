"""The public holidays of 2025 and 2026, as the State Council announced them."""

from __future__ import annotations

from collections.abc import Iterator

from models.vocabulary import DayKind

# Year, name, days closed, weekdays off in lieu, weekend days worked.
_HOLIDAYS: tuple[tuple[int, str, str, str, str], ...] = (
    (2025, "元旦", "01-01", "", ""),
    (2025, "春节", "01-28 01-29 01-30 01-31 02-01 02-02", "02-03 02-04", "01-26 02-08"),
    (2025, "清明节", "04-04 04-05 04-06", "", ""),
    (2025, "劳动节", "05-01 05-02 05-03 05-04", "05-05", "04-27"),
    (2025, "端午节", "05-31 06-01 06-02", "", ""),
    (2025, "国庆节", "10-01 10-02 10-03 10-04 10-05", "10-07 10-08", "09-28 10-11"),
    (2025, "中秋节", "10-06", "", ""),
    (2026, "元旦", "01-01 01-03", "01-02", "01-04"),
    (2026, "春节", "02-15 02-16 02-17 02-18 02-19 02-21 02-22", "02-20 02-23", "02-14 02-28"),
    (2026, "清明节", "04-04 04-05 04-06", "", ""),
    (2026, "劳动节", "05-01 05-02 05-03 05-04", "05-05", "05-09"),
    (2026, "端午节", "06-19 06-20 06-21", "", ""),
    (2026, "国庆节", "10-01 10-02 10-03 10-04 10-05", "10-06 10-07", "09-20 10-10"),
    (2026, "中秋节", "09-25 09-26 09-27", "", ""),
)


def holiday_rows() -> Iterator[tuple[str, str, str]]:
    """Rows of holidays.csv, by day."""
    rows: list[tuple[str, str, str]] = []
    for year, name, closed, in_lieu, worked in _HOLIDAYS:
        for kind, days in (
            (DayKind.HOLIDAY, closed),
            (DayKind.IN_LIEU, in_lieu),
            (DayKind.WORKING_DAY_SWAP, worked),
        ):
            rows += ((f"{year}-{day}", kind.value, name) for day in days.split())
    yield from sorted(rows)
