"""Texts that were reviewed once and are compared ever since. `make accept` writes them anew; the diff is the review."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def accept(path: Path, now: str) -> None:
    """Fail with the difference when the text is no longer the accepted one. With ACCEPT=1, accept it."""
    if os.environ.get("ACCEPT") == "1":
        path.write_text(now, encoding="utf-8")
    then = path.read_text(encoding="utf-8") if path.exists() else ""
    drift = "\n".join(
        difflib.unified_diff(then.splitlines(), now.splitlines(), "accepted", "now", n=0, lineterm="")
    )
    assert then == now, f"{path.name} has changed; read this, then run `make accept`:\n{drift}"
