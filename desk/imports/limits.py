"""How much an import takes: caps that stop a bomb or a mistake before it fills memory."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes unless said otherwise. A workbook is far dearer to read than a CSV file, so it may hold less."""

    file: int = 4 << 30
    line: int = 1 << 20
    rows: int = 50_000_000
    columns: int = 200
    preamble: int = 50
    workbook_file: int = 64 << 20
    workbook_unpacked: int = 400 << 20
    workbook_strings: int = 64 << 20
    workbook_part: int = 8 << 20
    workbook_ratio: int = 100
    workbook_rows: int = 200_000
    workbook_blank_rows: int = 1_000


LIMITS = Limits()
