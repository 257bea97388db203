"""Comparing lists of card numbers: what one has and the other does not, and what both have. Each in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.serials import Range

Labelled = tuple[Range, str]
"""Numbers, and what is said of them."""


def minus(kept: Iterable[Labelled], taken: Sequence[Range]) -> list[Labelled]:
    """What is left of `kept` without the numbers of `taken`. Both in order, and neither names a number twice."""
    left: list[Labelled] = []
    at = 0
    for one, label in kept:
        first = one.first
        while at < len(taken) and taken[at].last < first:
            at += 1
        look = at
        while look < len(taken) and taken[look].first <= one.last:
            if taken[look].first > first:
                left.append((Range(first, taken[look].first - 1), label))
            first = taken[look].last + 1
            look += 1
        if first <= one.last:
            left.append((Range(first, one.last), label))
    return left


def without(ranges: Iterable[Range], taken: Sequence[Range]) -> list[Range]:
    """The same of numbers of which nothing is said."""
    return [one for one, _ in minus(((one, "") for one in ranges), taken)]


def common(kept: Iterable[Labelled], wanted: Sequence[Range]) -> list[Labelled]:
    """The numbers of `kept` that are in `wanted` too. Both in order, and neither names a number twice."""
    found: list[Labelled] = []
    at = 0
    for one, label in kept:
        while at < len(wanted) and wanted[at].last < one.first:
            at += 1
        look = at
        while look < len(wanted) and wanted[look].first <= one.last:
            found.append((Range(max(one.first, wanted[look].first), min(one.last, wanted[look].last)), label))
            look += 1
    return found
