"""What was measured, by cell and round, and its ratios: each taken inside one round, then the median over rounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

OURS, BARE = "ours", "bare"


@dataclass(slots=True)
class Figures:
    """One figure a round for each (target, question, side): a p50 in milliseconds, or answers a second."""

    kept: dict[tuple[str, str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, target: str, question: str, side: str, figure: float) -> None:
        self.kept[target, question, side].append(figure)

    def of(self, target: str, question: str, side: str) -> float:
        return median(self.kept[target, question, side])

    def against(self, target: str, question: str) -> list[float]:
        """Ours over bare, in each round."""
        return self._ratios((target, question, OURS), (target, question, BARE))

    def growth(self, last: str, first: str, question: str, side: str) -> list[float]:
        """One target over another, in each round."""
        return self._ratios((last, question, side), (first, question, side))

    def _ratios(self, over: tuple[str, str, str], under: tuple[str, str, str]) -> list[float]:
        pairs = zip(self.kept[over], self.kept[under], strict=True)
        return [a / b for a, b in pairs]


def spread(ratios: Sequence[float]) -> str:
    """The median, and between what it lies."""
    if len(ratios) == 1:
        return f"{ratios[0]:.2f}"
    return f"{median(ratios):.2f} [{min(ratios):.2f}-{max(ratios):.2f}]"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lines of a Markdown table, with columns that also line up on a terminal."""
    body = [list(row) for row in rows]
    widths = [max(len(row[n]) for row in [list(head), *body]) for n in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.ljust(w) if n == 0 else cell.rjust(w)
            for n, (cell, w) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    ruler = "|" + "|".join("-" * (w + 2) for w in widths) + "|"
    return "\n".join([line(head), ruler, *(line(row) for row in body)])
