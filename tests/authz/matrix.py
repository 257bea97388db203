"""The golden matrix, and the relations of it that other tests try: the text itself is made by authz/matrix.py."""

from __future__ import annotations

from pathlib import Path

from authz.matrix import CUSTOMER, HERE, LOOK_ALIKE, RELATIONS, actor, matrix

GOLDEN = Path(__file__).parent.parent / "golden" / "matrix.txt"

__all__ = ["CUSTOMER", "GOLDEN", "HERE", "LOOK_ALIKE", "RELATIONS", "actor", "matrix"]
