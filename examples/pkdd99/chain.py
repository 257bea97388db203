"""The closing balance of a day whose lines are not in time order.

Each stated balance is the one before it plus or minus the line's amount, so the lines of a day form a chain that
starts at the previous closing balance. The line that ends the chain states the closing balance, wherever it stands
in the file. Stated balances are rounded, so a link may be off by a little.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

TOLERANCE = 25
"""The most one link may be off, in minor units (0.25)."""


class Movement(Protocol):
    @property
    def change(self) -> int: ...

    @property
    def balance(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a day: its balance, the lines' order in time (indexes of the file's order), the worst link."""

    balance: int
    order: tuple[int, ...]
    worst_error: int

    @property
    def holds(self) -> bool:
        return self.worst_error <= TOLERANCE

    @property
    def in_file_order(self) -> bool:
        return self.order == tuple(range(len(self.order)))


def close_day(opening: int, lines: Sequence[Movement]) -> Closing:
    """Order the lines of one day so that the sum of the links' errors is least, and close the day on the last.

    Among equally good orders the one nearest to the file's wins. All amounts are minor units.
    """
    order = _best_order(opening, lines)
    worst, balance = 0, opening
    for index in order:
        worst = max(worst, _error(balance, lines[index]))
        balance = lines[index].balance
    return Closing(balance, order, worst)


def _best_order(opening: int, lines: Sequence[Movement]) -> tuple[int, ...]:
    # Cheapest path first over (lines used, last line). The queue yields paths by error, then in file order, and an
    # extension is never before its start, so the first complete path is the answer and later ways to a state are not.
    queue: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    seen: set[tuple[frozenset[int], int]] = set()
    while True:
        error, order = heapq.heappop(queue)
        if len(order) == len(lines):
            return order
        if order:
            state = (frozenset(order), order[-1])
            if state in seen:
                continue
            seen.add(state)
        balance = lines[order[-1]].balance if order else opening
        for index, line in enumerate(lines):
            if index not in order:
                heapq.heappush(queue, (error + _error(balance, line), (*order, index)))


def _error(balance: int, line: Movement) -> int:
    return abs(balance + line.change - line.balance)
