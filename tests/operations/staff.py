"""Who is who in the demo bank, by staff number, and the second pair of hands that every grant needs."""

from __future__ import annotations

import re

from tests.operations.cli import ok

LIN, HEAD, OFFICER, RECORDER, POLICY = "S100001", "S100002", "S100006", "S100007", "S100013"
CHEN, MIANYANG_MANAGER, EXECUTOR, IMPORTER = "S100015", "S100016", "D000002", "D000001"


async def execute(demo: str, said: str) -> str:
    """Execute what a command has just proposed."""
    proposal = re.search(r"execute ([0-9a-f-]{36})", said)
    assert proposal is not None, said
    return await ok(demo, "people", "execute", proposal[1], "--as", EXECUTOR)
