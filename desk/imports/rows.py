"""Rows: cells of any file as text, before anybody knows what they mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence

BLOCK_ROWS = 10_000
MERGED = "\0merged"
"""Stands in every cell of merged ones but the first, which holds their value."""
PADDING = " \t\r\n\v\f\u00a0\u3000\ufeff"
_TOTALS = ("合计", "总计", "小计", "共计", "合 计", "人民币合计", "total", "sum")

Rows = tuple[Sequence[int], list[list[str]] | tuple[Sequence[str], ...]]
"""Row numbers with rows (a list) or with columns (a tuple)."""

Seek = Callable[[Sequence[list[str]]], tuple[int, int]]
"""How sure it is, and the place of the header among the first rows. The surest reading of a file is taken."""


def is_filled(cell: str) -> bool:
    """Whether a cell holds more than padding and the rest of a merged cell."""
    return cell != MERGED and bool(cell.strip(PADDING))


def bare(cell: str) -> str:
    """The text of a header's cell, or of a cell compared with a profile."""
    return "" if cell == MERGED else cell.strip(PADDING)


def is_total(row: Sequence[str]) -> bool:
    """Whether the first cell that holds something names a total."""
    return next(filter(None, map(bare, row)), "").lower().startswith(_TOTALS)
