"""Paths: the line of command as text, where '/1/12/' stands under '/1/' and not above '/1/120/'."""

from __future__ import annotations


def stands_under(path: str, above: str) -> bool:
    """Whether `path` is `above` itself or below it: a half-open range, because '0' follows '/' in code points."""
    return above <= path < above[:-1] + "0"
