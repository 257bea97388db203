"""Who looks at the bank, how many rows each of them is due, and whether all they saw adds up to that."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.pkdd99.reading import Cell, Reading
from tests.pkdd99.table import SECTIONS, TABLE

FIRST, SECOND = "M1", "M2"
"""A district's two managers. Its clients go to them in turn, by client id."""

ONE_OF_EACH = (
    "HQN", "HQV", "HQR", "HQP", "HQI", "HQD", "HQY", "HQS", "HQG", "HQF", "HQH",
    "T01E", "T01R", "T01P", "T01I", "T01C", "T01L", "T01A",
)  # fmt: skip
"""Everybody at head office, and those at a region who are not its officer: compliance, audit, legal desk, partners."""
AT_A_DISTRICT = ("K", "C", "S", "B", "R", "T")
"""Beside head and managers: archive keeper, card custodian and supervisor, officer, recorder, teller."""


def heads(districts: Iterable[str]) -> list[str]:
    return [f"{district}H" for district in districts]


def managers(districts: Iterable[str]) -> list[str]:
    return [f"{district}{post}" for district in districts for post in (FIRST, SECOND)]


def officers() -> list[str]:
    """The personal banking officers of the eight regions."""
    return [f"T{place:02d}B" for place in range(1, 9)]


def clients_by_district(raw: Path) -> dict[str, int]:
    """How many clients each district has, by the accounts they own or dispose of: from the raw files alone."""
    district = {row[0]: row[1] for row in _rows(raw, "account.asc.gz")}
    counts = Counter(district[row[2]] for row in _rows(raw, "disp.asc.gz"))
    return {f"D{int(number):03d}": count for number, count in counts.items()}


def due_cells(raw: Path, head: Iterable[str], manager: Iterable[str]) -> Counter[Cell]:
    """How many cells of each kind these heads and managers are due: the table times the raw files' counts."""
    counts = clients_by_district(raw)
    rows: Counter[tuple[str, str]] = Counter()
    for staff in head:
        rows["head", "his branch's"] += counts[staff[:4]]
    for staff in manager:
        whole = counts[staff[:4]]
        own = (whole + 1) // 2 if staff.endswith(FIRST) else whole // 2
        rows["manager", "his own"] += own
        rows["manager", "a colleague's"] += whole - own
    return Counter(
        {
            (*who, section, says_why, *TABLE[(*who, says_why, section)]): count
            for who, count in rows.items()
            for section in SECTIONS
            for says_why in (False, True)
        }
    )


def of_these(seen: Counter[Cell], *readers: str) -> Counter[Cell]:
    return Counter({cell: count for cell, count in seen.items() if cell[0] in readers})


def summary(reading: Reading) -> list[str]:
    """What was seen, by reader, section and visibility: a section with its purpose given and not given is two."""
    seen = reading.listed + reading.by_id
    lines = [f"{'reader':<9}{'of whom':<15}{'section':<13}{'VISIBLE':>9}{'MASKED':>9}{'WITHHELD':>9}"]
    kinds = sorted({cell[:3] for cell in seen}, key=lambda kind: (kind[0], kind[1], SECTIONS.index(kind[2])))
    for kind in kinds:
        count = Counter[str]()
        for cell, times in seen.items():
            if cell[:3] == kind:
                count[cell[4]] += times
        cells = "".join(f"{count[word]:>9,}" for word in ("VISIBLE", "MASKED", "WITHHELD"))
        lines.append(f"{kind[0]:<9}{kind[1]:<15}{kind[2]:<13}{cells}")
    codes = Counter[str]()
    for cell, times in seen.items():
        codes[cell[5] or "VISIBLE"] += times
    lines.append("reasons: " + ", ".join(f"{code} {times:,}" for code, times in sorted(codes.items())))
    lines.append(
        "NOT_FOUND: " + ", ".join(f"{it} {times:,}" for it, times in sorted(reading.not_found.items()))
    )
    lines.append("refused: " + ", ".join(f"{it} {times:,}" for it, times in sorted(reading.refused.items())))
    return lines


def _rows(raw: Path, name: str) -> list[list[str]]:
    with gzip.open(raw / name, "rt", encoding="ascii") as stream:
        return [[cell.strip('"') for cell in line.rstrip("\r\n").split(";")] for line in stream][1:]
