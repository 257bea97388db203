"""Administrative divisions (GB/T 2260) in force: asked to warn of a code that is not among them, never to refuse it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

AS_OF = "2023-06-30"
_FILE = Path(__file__).with_name("divisions.txt")
_WITHOUT_COUNTIES = frozenset({"71", "81", "82"})
"""Taiwan, Hong Kong and Macao: the list has no codes below them."""


def is_in_force(code: str) -> bool:
    """Whether the six digits are a province, prefecture or county of the list."""
    return code[:2] in _WITHOUT_COUNTIES or code in _codes()


@cache
def _codes() -> frozenset[str]:
    codes = set()
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            prefecture, *counties = line.split()
            codes |= {prefecture[:2] + "0000", prefecture + "00", *(prefecture + it for it in counties)}
    return frozenset(codes)
