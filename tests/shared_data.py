"""Where the data from outside the repository is, for tests marked `shared`.

`GUIBIN_SHARED` names the directory (default `../shared`, seen from the repository). Without the data such a test
skips, with `REQUIRE_SHARED=1` it fails.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared(path: str) -> Path:
    """The file or directory `path` of the outside data, e.g. `data/berka/raw`. Call it inside a test or fixture."""
    found = ROOT / os.environ.get("GUIBIN_SHARED", "../shared") / path
    if found.exists():
        return found
    message = f"outside data {path} is not there: set GUIBIN_SHARED to the directory that holds it"
    if os.environ.get("REQUIRE_SHARED") == "1":
        pytest.fail(f"{message} (REQUIRE_SHARED=1 forbids skipping)", pytrace=False)
    pytest.skip(message)
