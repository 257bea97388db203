"""docs/measures.md tells the truth: what is in force has code and a test that bears its id."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in (ROOT / "docs" / "measures.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [AN]\d", line)
]
MARK = re.compile(r"mark\.measure\(([^)]*)\)")


def marked() -> set[str]:
    """The ids that some test bears."""
    return {
        found
        for path in (ROOT / "tests").rglob("test_*.py")
        for arguments in MARK.findall(path.read_text(encoding="utf-8"))
        for found in re.findall(r'"([AN]\d+[a-z]?)"', arguments)
    }


def test_every_obligation_in_force_has_a_test_and_a_file():
    tested = marked()
    in_force = [row for row in ROWS if row[4] == "in force"]
    assert len(in_force) >= 15
    assert [row[0] for row in in_force if row[0] not in tested] == []
    assert [row[3] for row in in_force if not (ROOT / row[3]).is_file()] == []


def test_no_test_bears_an_id_that_the_table_lacks():
    assert marked() - {row[0] for row in ROWS} == set()


def test_what_waits_says_for_what():
    assert [row[0] for row in ROWS if row[4] != "in force" and not row[4].startswith("waits for ")] == []
