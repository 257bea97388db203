"""Rewrite the golden matrix from the shipped policy: `python -m tests.authz.accept`, called by `make accept`."""

from __future__ import annotations

from authz import Policy
from tests.authz.matrix import GOLDEN, matrix

if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(matrix(Policy.load()), encoding="utf-8")
    print(f"wrote {GOLDEN.name}; read the diff, it is what changes for people")  # noqa: T201
